//! What a second runtime of a language said of an engine's answers: confirmed on Node, or seen in `QuickJS` only.

use std::fmt::Write as _;

use parity_engine::{EngineConfig, Opinion, Otherwise, Second};
use parity_model::document_of;
use serde::{Deserialize, Serialize};

use super::escape::printable;
use super::table::shortened;

/// What was said of the answers of an engine by another runtime of its language.
///
/// JSON: `{"engine": "typescript", "first": "QuickJS", "second": "Node 20.20.2", "calls": 1000}`, with `otherwise` and `troubles` as
/// in [`Opinion`]; without a second runtime `"why"` in place of `"second"`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SecondOpinion {
    /// The engine.
    pub engine: String,
    /// What the engine is.
    pub first: String,
    /// What confirms it and is right where the two differ.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub second: Option<String>,
    /// Why there is nothing that does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// What it said.
    #[serde(flatten)]
    pub opinion: Opinion,
}

impl SecondOpinion {
    /// That of an engine before its first call, if one is to be told.
    #[must_use]
    pub fn of(engine: &EngineConfig) -> Option<Self> {
        let (second, why) = match engine.second.clone()? {
            Second::Program { runtime, .. } => (Some(runtime), None),
            Second::Nobody { why } => (None, Some(why)),
        };
        let first = engine.language()?.runtime?.to_owned();
        Some(Self { engine: engine.name.clone(), first, second, why, opinion: Opinion::default() })
    }

    /// Adds what others said of the same engine; those of another runtime are kept apart.
    pub(super) fn add_all(known: &mut Vec<Self>, others: impl IntoIterator<Item = Self>) {
        for other in others {
            let same = known.iter_mut().find(|known| known.is_of(&other));
            match same {
                Some(same) => same.opinion.add(other.opinion),
                None => known.push(other),
            }
        }
        known.sort_by(|one, other| {
            (&one.engine, &one.second, &one.why).cmp(&(&other.engine, &other.second, &other.why))
        });
    }

    fn is_of(&self, other: &Self) -> bool {
        (&self.engine, &self.second, &self.why) == (&other.engine, &other.second, &other.why)
    }

    /// A line of what was said, and one a trouble.
    #[must_use]
    pub fn render(&self) -> String {
        let Self { engine, first, opinion, .. } = self;
        let mut text = "second opinion: ".to_owned();
        match &self.second {
            None => {
                let why = self.why.as_deref().unwrap_or_default();
                let _ = write!(text, "none, {engine} was seen in {first} only: {}", printable(why));
            }
            Some(second) => {
                let calls = if opinion.calls == 1 { "call" } else { "calls" };
                let _ = write!(text, "{} {calls} of {engine} also made on {}", opinion.calls, printable(second));
                let mut words = format!(", which is right where {first} answered otherwise");
                for (handler, otherwise) in &opinion.otherwise {
                    let Otherwise { calls, input, first, second } = otherwise;
                    let [input, first, second] =
                        [document_of(input), serde_json::json!(first), serde_json::json!(second)]
                            .map(|document| shortened(&printable(&document.to_string())));
                    let _ = write!(text, "{words}: {handler} {calls}x, e.g. {input}: {first}, not {second}");
                    words = String::from(";");
                }
            }
        }
        for trouble in &opinion.troubles {
            let _ = write!(text, "\nsecond opinion: {}", printable(trouble));
        }
        text.push('\n');
        text
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use parity_model::{Outcome, StepInput};
    use serde_json::{Map, json};

    use super::*;

    fn asked(second: Second) -> SecondOpinion {
        let engine: EngineConfig = "typescript".parse().unwrap();
        SecondOpinion::of(&EngineConfig { second: Some(second), ..engine }).unwrap()
    }

    fn on_node(version: &str, opinion: Opinion) -> SecondOpinion {
        let second = asked(Second::Program { program: "node".into(), runtime: format!("Node {version}") });
        SecondOpinion { opinion, ..second }
    }

    fn otherwise() -> Opinion {
        let answer = |result: u64| Outcome::Completed { result: json!(result), metadata: json!({}) }.into();
        let input = StepInput::new("shop/quote".parse().unwrap(), Map::new(), Map::new());
        let otherwise = Otherwise { calls: 2, input, first: answer(1), second: answer(2) };
        let otherwise = [("shop/quote".parse().unwrap(), otherwise)].into();
        Opinion { calls: 5, otherwise, troubles: BTreeSet::default() }
    }

    #[test]
    fn without_a_second_runtime_the_reason_is_told() {
        let opinion = asked(Second::Nobody { why: "there is no node on PATH".to_owned() });
        let text = "second opinion: none, typescript was seen in QuickJS only: there is no node on PATH\n";
        assert_eq!(opinion.render(), text);
    }

    #[test]
    fn what_was_answered_otherwise_is_told_in_one_line() {
        let same = on_node("20.0.0", Opinion { calls: 1, ..Opinion::default() });
        assert_eq!(same.render(), "second opinion: 1 call of typescript also made on Node 20.0.0\n");
        let text = on_node("20.0.0", otherwise()).render();
        assert_eq!(text.lines().count(), 1);
        assert!(text.contains("which is right where QuickJS answered otherwise: shop/quote 2x, e.g. {"), "{text}");
    }

    #[test]
    fn what_shards_were_told_adds_up_a_runtime() {
        let mut all = vec![on_node("20.0.0", otherwise())];
        SecondOpinion::add_all(&mut all, [on_node("22.0.0", otherwise()), on_node("20.0.0", otherwise())]);
        let calls: Vec<_> = all.iter().map(|one| (one.second.as_deref().unwrap(), one.opinion.calls)).collect();
        assert_eq!(calls, [("Node 20.0.0", 10), ("Node 22.0.0", 5)]);
        let text = json!(all[0]).to_string();
        assert_eq!(serde_json::from_str::<SecondOpinion>(&text).unwrap(), all[0]);
    }

    #[test]
    fn only_an_engine_of_which_something_is_to_be_told_has_one() {
        assert_eq!(SecondOpinion::of(&"typescript".parse().unwrap()), None);
        assert_eq!(SecondOpinion::of(&"node".parse().unwrap()), None);
    }
}
