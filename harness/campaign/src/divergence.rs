//! A divergence: the smallest step input found for one signature, and what the two sides answered to it.

use parity_model::{Ambient, DifferenceClass, StepInput, document_of};
use serde::{Deserialize, Serialize};

use parity_judge::Grade;
use parity_model::Observation;
use parity_model::Signature;
use parity_shrink::Size;
use parity_suite::template::TemplateId;
use serde_json::Value;

/// What is reported of one signature.
///
/// JSON: `{"signature", "grade", "input", "expected", "actual", "sides": [{"engine", "outcome"}], "odd": ["python"], "matters":
/// ["/context/quantity"], "evaluations"}` and, if the same input shows more, `"beside": [Signature]`; if it is nondeterministic,
/// `"evidence"`; if there was no time to finish it, `"cut_short": true`; `input` is a whole step input.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Divergence {
    /// Who differs, and how.
    pub signature: Signature,
    /// How much it matters.
    pub grade: Grade,
    /// The minimal step input.
    pub input: StepInput,
    /// What the oracle answers to it.
    pub expected: Observation,
    /// What the subject answers to it.
    pub actual: Observation,
    /// What every engine of the run answers to it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sides: Vec<Side>,
    /// The engines that stand against most others, or against the reference implementation; none if no two agree.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub odd: Vec<String>,
    /// What else the same input shows. One mistake may show itself in several places, and an input may show several mistakes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub beside: Vec<Signature>,
    /// JSON Pointers into `{"context", "dependencies"}`: the values of the input on which the difference depends. Any other
    /// well-formed value in the place of one that is not named here shows the same, as far as it was tried.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub matters: Vec<String>,
    /// Whether the minimal input is not well-formed.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub malformed: bool,
    /// Whether other values of the same shape show a difference in the same place, too, so that it does not take particular ones.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub broad: bool,
    /// How often shrinking ran the two.
    pub evaluations: u32,
    /// Why it is called nondeterministic.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence: Option<Evidence>,
    /// There was no time to make it smaller, or to see whether it repeats.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub cut_short: bool,
    /// Where shrinking began; only said of a shard of a campaign.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start: Option<Start>,
}

impl Divergence {
    /// What `comparison` shows of `signature` on `input`.
    #[must_use]
    pub fn new(signature: Signature, input: StepInput, expected: Observation, actual: Observation) -> Self {
        Self {
            grade: Grade::of(&signature, &expected, &actual),
            signature,
            input,
            expected,
            actual,
            sides: Vec::new(),
            odd: Vec::new(),
            beside: Vec::new(),
            matters: Vec::new(),
            malformed: false,
            broad: false,
            evaluations: 0,
            evidence: None,
            cut_short: false,
            start: None,
        }
    }
}

/// Of several divergences in one place, those that seem to have causes of their own; the smallest of each, well-formed ones
/// before others.
///
/// Where engines vote, what one of them does wrong may be found as a difference of another one, which was compared with it: that is
/// left out if it is found where it is wrong, too.
///
/// Two have one cause if their minimal inputs are the same, if neither takes particular values, if what matters of the one is part of
/// the other, or if they are decisions that turn on the same parts of the input. Nondeterministic ones of a handler have one cause to
/// look for.
#[must_use]
pub fn distinct(mut divergences: Vec<Divergence>) -> Vec<Divergence> {
    let found: Vec<Signature> = divergences.iter().map(|divergence| divergence.signature.clone()).collect();
    divergences.retain(|divergence| !is_found_of_another(divergence, &found));
    let before = divergences.len();
    let mut kept: Vec<Divergence> = Vec::new();
    let size = |Divergence { malformed, input, .. }: &Divergence| {
        (*malformed, Size::of(&document_of(input)), input.ambient != Ambient::default())
    };
    for divergence in divergences {
        match kept.iter_mut().find(|known| has_cause_of(known, &divergence)) {
            Some(known) if known.evidence.is_none() && size(&divergence) < size(known) => *known = divergence,
            Some(_) => {}
            None => kept.push(divergence),
        }
    }
    // One that has taken the place of a larger one may have the cause of another one.
    if kept.len() < before { distinct(kept) } else { kept }
}

/// Whether another engine alone is wrong in the place of a divergence, and is known to be.
fn is_found_of_another(divergence: &Divergence, found: &[Signature]) -> bool {
    let [odd] = divergence.odd.as_slice() else { return false };
    let Signature { handler, engine, path, .. } = &divergence.signature;
    let is_there = |other: &Signature| other.handler == *handler && other.engine == *odd && other.path == *path;
    odd != engine && found.iter().any(is_there)
}

fn has_cause_of(one: &Divergence, other: &Divergence) -> bool {
    if one.evidence.is_some() != other.evidence.is_some() || one.signature.family() != other.signature.family() {
        return false;
    }
    let is_decision = matches!(one.signature.class, DifferenceClass::Decision(_));
    one.evidence.is_some()
        || document_of(&one.input) == document_of(&other.input)
        || one.broad && other.broad
        || is_decision && one.matters == other.matters
        || is_part_of(one, other)
        || is_part_of(other, one)
}

/// Whether two values of a place turn on the same parts of the input, and those of the one hold those of the other: as its input is
/// minimal, it does not show without them.
fn is_part_of(one: &Divergence, other: &Divergence) -> bool {
    let is_of_value = one.signature.class == DifferenceClass::Value && !one.broad;
    if !is_of_value || one.matters.is_empty() || one.matters != other.matters {
        return false;
    }
    let [smaller, larger] = [one, other].map(|divergence| document_of(&divergence.input));
    one.matters.iter().all(|path| match (smaller.pointer(path), larger.pointer(path)) {
        (Some(Value::String(part)), Some(Value::String(whole))) => is_in(part, whole),
        (part, whole) => part == whole,
    })
}

/// Whether a text has all letters of another one in their order.
fn is_in(part: &str, whole: &str) -> bool {
    let mut whole = whole.chars();
    !part.is_empty() && part.chars().all(|letter| whole.any(|other| other == letter))
}

/// One engine's answer to a minimal input.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Side {
    /// The engine.
    pub engine: String,
    /// Its answer.
    pub outcome: Observation,
}

/// The smallest case of a signature in a shard of a campaign. The smallest of all shards is the one that the whole campaign
/// shrinks.
///
/// JSON: `{"case", "input"}`, and `"workflow"` of which it was a call.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Start {
    /// Its number in the campaign.
    pub case: u64,
    /// The workflow of which it was a call, if it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub workflow: Option<TemplateId>,
    /// Whether its input is well-formed: such cases come before others.
    pub well_formed: bool,
    /// Its input.
    pub input: StepInput,
}

/// What was seen of a divergence that does not repeat, or depends on earlier calls.
///
/// JSON: `{"seen_as": Signature, "repeats": [{"run", "outcome"}]}`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// What it looked like in the campaign.
    pub seen_as: Signature,
    /// What the same input gave elsewhere.
    pub repeats: Vec<Repeat>,
}

/// One more run of an input.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Repeat {
    /// Where it ran.
    pub run: String,
    /// What the subject did.
    pub outcome: Observation,
}

#[cfg(test)]
mod tests {
    use parity_model::Outcome;
    use serde_json::{Map, json};

    use super::*;

    fn divergence(engine: &str, path: &str, odd: &str, number: i32) -> Divergence {
        let signature = Signature {
            handler: "a/b".parse().unwrap(),
            engine: engine.to_owned(),
            class: DifferenceClass::Value,
            path: path.to_owned(),
            manner: String::new(),
        };
        let answer = || Outcome::Completed { result: json!({}), metadata: json!({}) }.into();
        let context = Map::from_iter([("n".to_owned(), json!(number))]);
        let input = StepInput::new("a/b".parse().unwrap(), context, Map::new());
        Divergence { odd: vec![odd.to_owned()], ..Divergence::new(signature, input, answer(), answer()) }
    }

    fn kept(divergences: Vec<Divergence>) -> Vec<String> {
        let text = |one: Divergence| format!("{} {}", one.signature.engine, one.signature.path);
        distinct(divergences).into_iter().map(text).collect()
    }

    #[test]
    fn what_is_wrong_in_another_engine_is_left_out_where_it_is_found_there() {
        let of_python = divergence("python", "/result/fee", "python", 1);
        let of_ruby = divergence("ruby", "/result/fee", "python", 2);
        let elsewhere = divergence("ruby", "/result/id", "python", 3);
        assert_eq!(kept(vec![of_python.clone(), of_ruby.clone()]), ["python /result/fee"]);
        assert_eq!(kept(vec![of_ruby.clone()]), ["ruby /result/fee"]);
        assert_eq!(kept(vec![of_python, elsewhere]), ["python /result/fee", "ruby /result/id"]);
    }

    #[test]
    fn what_holds_all_that_matters_of_another_one_has_its_cause() {
        let found = |manner: &str, line: &str, other: &str| {
            let mut found = divergence("typescript", "/result/value", "typescript", 1);
            found.signature.manner = manner.to_owned();
            found.input.context =
                Map::from_iter([("line".to_owned(), json!(line)), ("other".to_owned(), json!(other))]);
            found.matters = vec!["/context/line".to_owned()];
            found
        };
        let manners = |divergences: Vec<Divergence>| -> Vec<String> {
            distinct(divergences).into_iter().map(|one| one.signature.manner).collect()
        };
        let lost = found("punctuation lost", "==", "");
        assert_eq!(manners(vec![found("letter lost", "=a=", "b"), lost.clone()]), ["punctuation lost"]);
        assert_eq!(manners(vec![lost.clone(), found("digit lost", "==", "7")]), ["punctuation lost"]);
        assert_eq!(manners(vec![lost.clone(), found("capitals", "=A", "")]), ["punctuation lost", "capitals"]);
        // One that any text shows is in no other one.
        let any = Divergence { broad: true, ..found("letter added", "a", "") };
        assert_eq!(manners(vec![any, found("space lost", "a ", "")]), ["letter added", "space lost"]);
    }
}
