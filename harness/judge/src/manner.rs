//! In what manner two ends differ in one place: several mistakes may stand behind one signature, and often show themselves by what
//! they do to a value.

use std::collections::BTreeSet;

use parity_model::{DifferenceClass, Observation, Outcome};
use serde_json::Value;
use similar::{Algorithm, DiffTag, capture_diff_slices};

use crate::compare::Difference;

/// Longer texts are not taken apart.
const LONGEST: usize = 2000;

/// Words of a message that name its rule.
const WORDS: usize = 6;

/// What the difference does, each a few plain words; nothing where there is nothing to tell one mistake from another by.
///
/// - of two texts: which kinds of characters are lost or added, or that capitals are exchanged;
/// - of two types: which;
/// - of two decisions: how the messages of the failures begin, without what looks like data.
pub(crate) fn manners(expected: &Observation, actual: &Observation, difference: &Difference) -> BTreeSet<String> {
    let ends = || expected.at(&difference.path).zip(actual.at(&difference.path));
    match &difference.class {
        DifferenceClass::Decision(_) => of_messages(expected, actual).into_iter().collect(),
        // A name, not a text that is made of others.
        DifferenceClass::Value if difference.path == "/error_type" => BTreeSet::new(),
        DifferenceClass::Value => match ends() {
            Some((expected, actual)) => match (expected.as_ref(), actual.as_ref()) {
                (Value::String(expected), Value::String(actual)) => of_texts(expected, actual),
                _ => BTreeSet::new(),
            },
            None => BTreeSet::new(),
        },
        DifferenceClass::Type => {
            let types = ends().map(|(expected, actual)| format!("{} for {}", type_of(&actual), type_of(&expected)));
            types.into_iter().collect()
        }
        _ => BTreeSet::new(),
    }
}

fn of_messages(expected: &Observation, actual: &Observation) -> Option<String> {
    let message = |end: &Observation| match end.planned() {
        Some(Outcome::Failed(failure)) => rule_of(&failure.message),
        _ => String::new(),
    };
    match (message(expected), message(actual)) {
        (expected, actual) if expected.is_empty() && actual.is_empty() => None,
        (one, other) if one.is_empty() || other.is_empty() => Some(one + &other),
        (expected, actual) => Some(format!("{expected} / {actual}")),
    }
}

/// The words with which the message of a failure begins, up to the first that looks like data: they name its rule. Data are what
/// stands behind a colon, a bracket or a quote, and words that do not consist of small letters.
#[must_use]
pub fn rule_of(message: &str) -> String {
    let beginning = message.split([':', '(', '[', '{', '"', '\'', '`', '=', '#']).next().unwrap_or_default();
    let is_word = |(number, word): &(usize, &str)| {
        let word = word.trim_end_matches([',', '.', ';', '!']);
        word.chars().skip(usize::from(*number == 0)).all(|letter| letter.is_lowercase() || letter == '-')
    };
    let words = beginning.split_whitespace().enumerate().take_while(is_word).take(WORDS);
    words.map(|(_, word)| word.to_lowercase()).collect::<Vec<_>>().join(" ")
}

fn of_texts(expected: &str, actual: &str) -> BTreeSet<String> {
    if expected.len().max(actual.len()) > LONGEST {
        return BTreeSet::new();
    }
    let letters = |text: &str| text.chars().collect::<Vec<char>>();
    let small = |letters: &[char]| letters.iter().map(|letter| letter.to_lowercase().next()).collect::<Vec<_>>();
    let (one, other) = (letters(expected), letters(actual));
    let mut manners = BTreeSet::new();
    for operation in capture_diff_slices(Algorithm::Myers, &small(&one), &small(&other)) {
        let (lost, added) = (&one[operation.old_range()], &other[operation.new_range()]);
        if operation.tag() == DiffTag::Equal {
            manners.extend((lost != added).then(|| "capitals".to_owned()));
            continue;
        }
        let mut changed = lost.iter().chain(added);
        if changed.clone().all(|letter| letter.is_ascii_digit() || ".,:+-".contains(*letter)) {
            let is_sign = changed.all(|letter| *letter == '-');
            let is_zero = is_sign && numbers_in(expected) == numbers_in(actual);
            manners.insert(if is_zero { "sign of zero" } else { "another number" }.to_owned());
            continue;
        }
        manners.extend(lost.iter().map(|letter| format!("{} lost", kind_of(*letter))));
        manners.extend(added.iter().map(|letter| format!("{} added", kind_of(*letter))));
    }
    manners
}

/// The numbers in a text by their values, so that `-0.00` is `0`.
fn numbers_in(text: &str) -> Vec<f64> {
    let is_part = |letter: char| letter.is_ascii_digit() || letter == '.' || letter == '-';
    text.split(|letter| !is_part(letter)).filter_map(|part| part.parse().ok()).collect()
}

/// What plain whitespace is called.
const SPACE: &str = "space";

/// Other kinds of whitespace.
const WHITESPACE: [&str; 3] = ["tab", "line end", "other whitespace"];

/// What texts are about, and what they are punctuated with.
const CONTENT: [&str; 5] = ["digit", "letter", "punctuation", "letter beyond ASCII", "character beyond ASCII"];

fn kind_of(letter: char) -> &'static str {
    let [tab, line_end, other] = WHITESPACE;
    let [digit, ascii_letter, punctuation, other_letter, other_character] = CONTENT;
    match letter {
        ' ' => SPACE,
        '\t' => tab,
        '\n' | '\r' => line_end,
        // Some languages take a byte order mark for whitespace, some the separators of files and records.
        '\u{feff}' | '\u{1c}'..='\u{1f}' => other,
        _ if letter.is_whitespace() => other,
        '0'..='9' => digit,
        _ if letter.is_ascii_alphabetic() => ascii_letter,
        _ if letter.is_ascii() => punctuation,
        _ if letter.is_alphanumeric() => other_letter,
        _ => other_character,
    }
}

/// Whether the two manners are of one mistake: whatever kind of whitespace is lost, or added, where plain spaces are, too.
#[must_use]
pub fn is_one_trim(one: &str, other: &str) -> bool {
    let is_trim = |space: &str, other: &str| space == SPACE && WHITESPACE.contains(&other);
    kinds_of_one_change(one, other).is_some_and(|[one, other]| is_trim(one, other) || is_trim(other, one))
}

/// Whether the two manners differ in nothing but which characters, none of them whitespace, are lost, or added: they are what stood in
/// a part of a text.
#[must_use]
pub fn is_one_part(one: &str, other: &str) -> bool {
    kinds_of_one_change(one, other).is_some_and(|kinds| kinds.iter().all(|kind| CONTENT.contains(kind)))
}

/// Which kinds of characters the two are about, if both are lost or both are added.
fn kinds_of_one_change<'a>(one: &'a str, other: &'a str) -> Option<[&'a str; 2]> {
    let ((one, one_does), (other, other_does)) = one.rsplit_once(' ').zip(other.rsplit_once(' '))?;
    (one_does == other_does).then_some([one, other])
}

/// Whether only plain spaces are lost or added.
#[must_use]
pub fn is_of_spaces(manner: &str) -> bool {
    manner.rsplit_once(' ').is_some_and(|(kind, _)| kind == SPACE)
}

fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

#[cfg(test)]
mod tests {
    use parity_model::Failure;
    use rstest::rstest;
    use serde_json::json;

    use super::*;
    use crate::compare::differences;

    /// The manners of the only difference.
    fn only(expected: &Observation, actual: &Observation) -> String {
        let [difference] = &differences(expected, actual)[..] else { panic!("not one difference") };
        manners(expected, actual, difference).into_iter().collect::<Vec<_>>().join(", ")
    }

    #[rstest]
    #[case(json!("a\tB"), json!("a B"), "space added, tab lost")]
    #[case(json!("a\r\nb"), json!("ab"), "line end lost")]
    #[case(json!("aBc"), json!("abc"), "capitals")]
    #[case(json!("A\tb"), json!("ab"), "capitals, tab lost")]
    #[case(json!("-0.00 EUR"), json!("0.00 EUR"), "sign of zero")]
    #[case(json!("-1.00"), json!("1.00"), "another number")]
    #[case(json!("1.0"), json!("1"), "another number")]
    #[case(json!("0.12"), json!("0.13"), "another number")]
    #[case(json!("2026-10-31"), json!("2026-11-01"), "another number")]
    #[case(json!("n1"), json!("n"), "another number")]
    #[case(json!("Zoë"), json!("Zoe"), "letter added, letter beyond ASCII lost")]
    #[case(json!("a\u{feff}"), json!("a"), "other whitespace lost")]
    #[case(json!("a\u{1c}\u{2003}"), json!("a"), "other whitespace lost")]
    #[case(json!(1.25), json!(1.26), "")]
    #[case(json!(true), json!(false), "")]
    #[case(json!(1), json!("1"), "a text for a number")]
    #[case(json!(null), json!([]), "a list for null")]
    fn two_values_differ_in_a_manner(#[case] expected: Value, #[case] actual: Value, #[case] manner: &str) {
        let completed = |result: Value| Observation::from(Outcome::Completed { result, metadata: json!({}) });
        assert_eq!(only(&completed(expected), &completed(actual)), manner);
    }

    #[rstest]
    #[case("space lost", "tab lost", true)]
    #[case("other whitespace added", "space added", true)]
    #[case("space lost", "tab added", false)]
    #[case("tab lost", "line end lost", false)]
    #[case("space lost", "punctuation lost", false)]
    #[case("space lost", "", false)]
    #[case("capitals", "capitals", false)]
    fn whitespace_that_is_lost_with_spaces_is_one_mistake(#[case] one: &str, #[case] other: &str, #[case] is: bool) {
        assert_eq!(is_one_trim(one, other), is);
    }

    #[rstest]
    #[case("letter lost", "letter beyond ASCII lost", true)]
    #[case("digit added", "punctuation added", true)]
    #[case("digit added", "digit lost", false)]
    #[case("letter lost", "space lost", false)]
    #[case("capitals", "letter lost", false)]
    fn whatever_is_cut_off_is_one_mistake(#[case] one: &str, #[case] other: &str, #[case] is: bool) {
        assert_eq!(is_one_part(one, other), is);
    }

    #[rstest]
    #[case("Invalid email: a@b", "invalid email")]
    #[case("Quantity must be at least 1", "quantity must be at least")]
    #[case("'x' is unknown", "")]
    #[case("Invalid payment id format: pay_a", "invalid payment id format")]
    #[case("Unknown product Lamp, sorry", "unknown product")]
    #[case("User user_17 exists", "user")]
    fn two_decisions_differ_by_the_rule_of_the_message(#[case] message: &str, #[case] manner: &str) {
        let failed = Observation::from(Outcome::Failed(Failure::permanent("INVALID", message)));
        let completed = Observation::from(Outcome::Completed { result: json!({}), metadata: json!({}) });
        assert_eq!(only(&failed, &completed), manner);
    }
}
