//! Which divergences seem to have one cause. Nothing is left out for it: the worst of a group stands for it, and the others are
//! listed under it.

use parity_campaign::{COMPLETED, Divergence, Mode, end_of};
use parity_json::pointer;
use parity_judge::{Grade, is_of_spaces, is_one_part, is_one_trim, rule_of};
use parity_model::{DifferenceClass, Outcome};
use serde_json::Value;

use super::document::{Report, ReportedDivergence};
use super::order::grade_of;

impl Report {
    /// Puts divergences that seem to have one cause behind the worst of them, which stands for them; the worst groups come first.
    pub(super) fn group(&mut self) {
        let found: Vec<Grouped<'_>> = self.divergences.iter().map(Grouped::of).collect();
        let mut groups = groups(&found);
        groups.sort_by_key(|group| group.first().map(|head| grade_of(&self.divergences[*head])));
        let mut divergences: Vec<Option<ReportedDivergence>> =
            std::mem::take(&mut self.divergences).into_iter().map(Some).collect();
        for group in groups {
            let head = self.divergences.len() + 1;
            for (place, number) in group.into_iter().enumerate() {
                let Some(mut found) = divergences[number].take() else { continue };
                if let ReportedDivergence::Step { under, .. } = &mut found {
                    *under = (place > 0).then_some(head);
                }
                self.divergences.push(found);
            }
        }
    }
}

/// Those of several divergences of single calls that stand for all that seem to have their cause.
#[must_use]
pub fn heads(divergences: &[Divergence]) -> Vec<&Divergence> {
    let found: Vec<Grouped<'_>> =
        divergences.iter().map(|divergence| Grouped { divergence: Some(divergence), mode: None }).collect();
    groups(&found).iter().filter_map(|group| divergences.get(*group.first()?)).collect()
}

/// A divergence as far as its group depends on it; that of a whole run is in no group.
struct Grouped<'d> {
    divergence: Option<&'d Divergence>,
    mode: Option<Mode>,
}

impl<'d> Grouped<'d> {
    fn of(found: &'d ReportedDivergence) -> Self {
        match found {
            ReportedDivergence::Step { divergence, mode, .. } => Self { divergence: Some(divergence), mode: *mode },
            ReportedDivergence::Run { .. } => Self { divergence: None, mode: None },
        }
    }

    fn has_cause_of(&self, other: &Self) -> bool {
        let Some((one, another)) = self.divergence.zip(other.divergence) else { return false };
        self.mode == other.mode && is_one_cause(one, another)
    }

    /// Whether one of `found` does not apply the rule that was expected, and another one applies the rule that was applied where none
    /// should be: two causes, which are one no more because both can be seen at once.
    fn is_combination(&self, found: &[Self]) -> bool {
        let decision = |one: &Self| one.divergence.and_then(ends);
        let Some([expected, actual]) = decision(self) else { return false };
        let others = || {
            let is_here = |other: &&Self| {
                let here = self.divergence.zip(other.divergence).is_some_and(|(one, other)| of_one_handler(one, other));
                here && self.mode == other.mode
            };
            found.iter().filter(is_here).filter_map(decision)
        };
        others().any(|[end, instead]| end == expected && instead.0 == COMPLETED)
            && others().any(|[end, instead]| end.0 == COMPLETED && instead == actual)
    }
}

/// The groups by the numbers of their divergences: in the order of their first ones, and in each the worst before the others.
fn groups(found: &[Grouped<'_>]) -> Vec<Vec<usize>> {
    let mut groups: Vec<Vec<usize>> = Vec::new();
    let (combinations, single): (Vec<_>, Vec<_>) =
        found.iter().enumerate().partition(|(_, one)| one.is_combination(found));
    for (number, one) in single.into_iter().chain(combinations) {
        let is_its = |group: &Vec<usize>| group.iter().any(|known| found[*known].has_cause_of(one));
        if one.is_combination(found)
            && let Some(group) = groups.iter_mut().find(|group| is_its(group))
        {
            group.push(number);
            group.sort_unstable();
            continue;
        }
        // What has the cause of two groups makes them one.
        let (its, others): (Vec<_>, Vec<_>) = groups.into_iter().partition(is_its);
        groups = others;
        let mut group: Vec<usize> = its.into_iter().flatten().chain([number]).collect();
        group.sort_unstable();
        groups.push(group);
    }
    groups.sort();
    for group in &mut groups {
        let worst = group.iter().copied().min_by_key(|number| found[*number].divergence.map(rank));
        group.sort_by_key(|number| (Some(*number) != worst, *number));
    }
    groups
}

/// How bad a divergence is, then whether it is known who is wrong, then where it is in the outcome: a field that follows from another
/// one comes after it, and rarer whitespace after plain spaces.
fn rank(divergence: &Divergence) -> (Grade, bool, Vec<usize>, bool) {
    let is_plain = is_of_spaces(&divergence.signature.manner);
    (divergence.grade, divergence.odd.is_empty(), place_in_outcome(divergence), !is_plain)
}

/// The place of what differs among the members of the expected outcome, in the order in which the oracle fills them.
fn place_in_outcome(divergence: &Divergence) -> Vec<usize> {
    let document = serde_json::to_value(&divergence.expected).unwrap_or_default();
    let (mut at, mut place) = (Some(&document), Vec::new());
    for name in divergence.signature.path.split('/').skip(1) {
        let found = match at {
            Some(Value::Object(members)) if name == "*" => members.values().next().map(|member| (0, member)),
            Some(Value::Object(members)) => {
                let mut members = members.iter().enumerate().map(|(index, (key, member))| (index, key, member));
                members
                    .find(|(_, key, _)| pointer::child("", key)[1..] == *name)
                    .map(|(index, _, member)| (index, member))
            }
            Some(Value::Array(items)) => items.first().map(|item| (0, item)),
            _ => None,
        };
        place.push(found.map_or(usize::MAX, |(index, _)| index));
        at = found.map(|(_, member)| member);
    }
    place
}

fn is_one_cause(one: &Divergence, other: &Divergence) -> bool {
    is_form(one, other)
        || is_undecided_there(one, other)
        || is_undecided_there(other, one)
        || is_trim(one, other)
        || is_part(one, other)
        || of_one_handler(one, other) && (is_shown_by_both(one, other) || is_one_check(one, other))
}

fn of_one_handler(one: &Divergence, other: &Divergence) -> bool {
    one.signature.handler == other.signature.handler && one.signature.engine == other.signature.engine
}

/// Whether no two engines agree on the input of the first, which differs where another engine is known to be wrong.
fn is_undecided_there(one: &Divergence, other: &Divergence) -> bool {
    let place = |divergence: &Divergence| (divergence.signature.handler.clone(), divergence.signature.path.clone());
    one.odd.is_empty() && other.odd == [other.signature.engine.as_str()] && place(one) == place(other)
}

/// Whether a text differs in one place by whitespace that is trimmed in one language, or is not.
fn is_trim(one: &Divergence, other: &Divergence) -> bool {
    let (one, other) = (&one.signature, &other.signature);
    one.family() == other.family() && is_one_trim(&one.manner, &other.manner)
}

/// Whether two texts differ in one place by what is cut off or added, whatever that is, and turn on the same parts of the input.
fn is_part(one: &Divergence, other: &Divergence) -> bool {
    !one.matters.is_empty()
        && one.matters == other.matters
        && one.signature.family() == other.signature.family()
        && is_one_part(&one.signature.manner, &other.signature.manner)
}

/// How ids and times are written is a language's own way: told once a language.
fn is_form(one: &Divergence, other: &Divergence) -> bool {
    let form = |divergence: &Divergence| divergence.signature.class == DifferenceClass::Form;
    form(one) && form(other) && one.signature.engine == other.signature.engine
}

/// Whether the minimal input of each shows the other, too; or whether that of one shows the other, which is worse or depends on
/// less: there is no smaller input that shows the one alone.
fn is_shown_by_both(one: &Divergence, other: &Divergence) -> bool {
    let shows = |one: &Divergence, other: &Divergence| one.beside.contains(&other.signature.family());
    let has_less = |one: &Divergence, other: &Divergence| {
        !other.matters.is_empty() && other.matters.iter().all(|path| one.matters.contains(path))
    };
    let follows = |one: &Divergence, other: &Divergence| {
        shows(one, other) && (one.grade > other.grade || one.grade == other.grade && has_less(one, other))
    };
    shows(one, other) && shows(other, one) || follows(one, other) || follows(other, one)
}

/// Whether two decisions are of one check that is missing or the wrong way round: the same rule is not applied, or is applied instead
/// of others, or both turn on the same parts of the input.
fn is_one_check(one: &Divergence, other: &Divergence) -> bool {
    let Some((one_ends, other_ends)) = ends(one).zip(ends(other)) else { return false };
    let is_rule = |end: &(String, String)| end.0 != COMPLETED;
    let same = |one: &(String, String), other: &(String, String)| one == other && is_rule(one);
    same(&one_ends[0], &other_ends[0])
        || same(&one_ends[1], &other_ends[1])
        || !one.matters.is_empty() && one.matters == other.matters
}

/// What was expected and what was decided, each with the beginning of its message.
fn ends(divergence: &Divergence) -> Option<[(String, String); 2]> {
    let DifferenceClass::Decision(_) = divergence.signature.class else { return None };
    Some([&divergence.expected, &divergence.actual].map(|end| {
        let message = match end.planned() {
            Some(Outcome::Failed(failure)) => rule_of(&failure.message),
            _ => String::new(),
        };
        (end_of(end), message)
    }))
}

#[cfg(test)]
mod tests {
    use parity_judge::decision_name;
    use parity_model::{DifferenceClass, Failure, Signature, StepInput};
    use serde_json::{Map, json};

    use super::*;

    fn divergence(engine: &str, path: &str, odd: &[&str]) -> Divergence {
        let signature = Signature {
            handler: "a/b".parse().unwrap(),
            engine: engine.to_owned(),
            class: DifferenceClass::Value,
            path: path.to_owned(),
            manner: String::new(),
        };
        let answer = || Outcome::Completed { result: json!({}), metadata: json!({}) }.into();
        let input = StepInput::new("a/b".parse().unwrap(), Map::new(), Map::new());
        let odd = odd.iter().map(|name| (*name).to_owned()).collect();
        Divergence { odd, ..Divergence::new(signature, input, answer(), answer()) }
    }

    fn decision(expected: Outcome, actual: Outcome) -> Divergence {
        let class = DifferenceClass::decision(decision_name(&expected), decision_name(&actual));
        let found = divergence("python", "", &[]);
        let signature = Signature { class, ..found.signature };
        Divergence::new(signature, found.input, expected.into(), actual.into())
    }

    #[test]
    fn two_causes_that_are_seen_at_once_stay_two() {
        let completed = || Outcome::Completed { result: json!({}), metadata: json!({}) };
        let failed = |code: &str| Outcome::Failed(Failure::permanent(code, code.to_lowercase()));
        let [missing, both, wrong] = [
            decision(failed("BAD_CODE"), completed()),
            decision(failed("BAD_CODE"), failed("NO_NAME")),
            decision(completed(), failed("NO_NAME")),
        ];
        assert_eq!(heads(&[missing.clone(), both.clone(), wrong.clone()]), [&missing, &wrong]);
        assert_eq!(heads(&[wrong.clone(), both.clone(), missing.clone()]), [&wrong, &missing]);
        // Where only one of them is known otherwise, the two may well be one.
        assert_eq!(heads(&[missing.clone(), both]).len(), 1);
    }

    #[test]
    fn where_no_two_agree_stands_under_where_it_is_known_who_is_wrong() {
        let undecided = divergence("python", "/result/fee", &[]);
        let decided = divergence("ruby", "/result/fee", &["ruby"]);
        let elsewhere = divergence("python", "/result/id", &[]);
        let of_both = divergence("typescript", "/result/fee", &["typescript"]);
        let found = [undecided, decided.clone(), elsewhere.clone()];
        assert_eq!(heads(&found), [&decided, &elsewhere]);
        assert_eq!(heads(&[decided.clone(), of_both.clone()]), [&decided, &of_both]);
    }

    #[test]
    fn whitespace_that_is_trimmed_with_spaces_stands_under_the_spaces() {
        let found = |manner: &str| {
            let plain = divergence("python", "/result/note", &["python"]);
            Divergence { signature: Signature { manner: manner.to_owned(), ..plain.signature.clone() }, ..plain }
        };
        let [line, other, space, tab] = ["line end lost", "other whitespace lost", "space lost", "tab lost"].map(found);
        let all = [line.clone(), other.clone(), space.clone(), tab];
        assert_eq!(heads(&all), [&space]);
        // By itself each may be of a mistake of its own.
        assert_eq!(heads(&[line.clone(), other.clone()]), [&line, &other]);
    }
    #[test]
    fn what_is_cut_off_stands_under_one_of_its_kinds() {
        let found = |manner: &str, matters: &str| {
            let plain = divergence("python", "/result/title", &["python"]);
            let signature = Signature { manner: manner.to_owned(), ..plain.signature.clone() };
            Divergence { signature, matters: vec![matters.to_owned()], ..plain }
        };
        let [digit, letter] = ["digit lost", "letter lost"].map(|manner| found(manner, "/context/title"));
        let [added, elsewhere] = [found("letter added", "/context/title"), found("letter lost", "/context/name")];
        assert_eq!(heads(&[digit.clone(), letter, added.clone(), elsewhere.clone()]), [&digit, &added, &elsewhere]);
    }
}
