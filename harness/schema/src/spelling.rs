//! The same text in other spellings: another case, normalisation form, blanks around it, a separator twice; numbers as texts.

use icu_normalizer::{ComposingNormalizerBorrowed as Composing, DecomposingNormalizerBorrowed as Decomposing};
use proptest::prelude::Rng;
use serde_json::Value;

use crate::chance::{below, one};

/// What is a blank somewhere, or nowhere although it looks like one.
pub(crate) const BLANKS: &[&str] = &[
    " ", " ", " ", "\t", "\n", "\r\n", "\r", "\u{b}", "\u{c}", "\u{1c}", "\u{1d}", "\u{1e}", "\u{1f}", "\u{85}",
    "\u{a0}", "\u{a0}", "\u{ad}", "\u{1680}", "\u{180e}", "\u{2000}", "\u{2003}", "\u{2007}", "\u{200a}", "\u{200b}",
    "\u{200d}", "\u{200e}", "\u{2028}", "\u{2029}", "\u{202f}", "\u{205f}", "\u{2060}", "\u{3000}", "\u{feff}",
    "\u{feff}", "\0",
];

/// What stands between parts of a text.
const SEPARATORS: &[char] =
    &[',', ';', ':', '/', '-', '_', '.', '=', '|', '&', '@', '+', ' ', '\n', '\t', '\\', '?', '#', '"', '\''];

/// Another spelling of a text.
pub fn other(text: &str, rng: &mut impl Rng) -> String {
    let blank = |rng: &mut _| one(rng, BLANKS).copied().unwrap_or(" ");
    match below(rng, 22) {
        0 => text.to_uppercase(),
        1 => text.to_lowercase(),
        2 => text.chars().enumerate().map(|(place, letter)| other_case(letter, place % 2 == 0)).collect(),
        3 => Composing::new_nfc().normalize(text).into_owned(),
        4 => Decomposing::new_nfd().normalize(text).into_owned(),
        5 => Composing::new_nfkc().normalize(text).into_owned(),
        6 => text.trim().to_owned(),
        7 => format!(" {text}"),
        8 => format!("{text} "),
        9 => format!("{}{text}", blank(rng)),
        10 => format!("{text}{}", blank(rng)),
        11 => format!("{}{text}{}", blank(rng), blank(rng)),
        12 => inserted(text, blank(rng), rng),
        13 => text.chars().map(|_| " ").collect(),
        14 => blank(rng).to_owned(),
        15 | 16 => separated(text, rng),
        17 => text.chars().take(1).collect(),
        18 => text.chars().map(|letter| if letter.is_ascii_digit() { '0' } else { letter }).collect(),
        // Where `$` matches before it.
        19 | 20 => format!("{text}\n"),
        _ => format!("{text}{}", text.chars().last().unwrap_or('a')),
    }
}

/// The text in another normalisation form, if it has one.
pub(crate) fn other_form(text: &str, rng: &mut impl Rng) -> String {
    let forms = [
        Decomposing::new_nfd().normalize(text).into_owned(),
        Composing::new_nfc().normalize(text).into_owned(),
        Composing::new_nfkc().normalize(text).into_owned(),
    ];
    let others: Vec<&String> = forms.iter().filter(|form| *form != text).collect();
    one(rng, &others).map_or_else(|| text.to_owned(), |form| (*form).clone())
}

fn other_case(letter: char, is_upper: bool) -> char {
    if is_upper { letter.to_ascii_uppercase() } else { letter.to_ascii_lowercase() }
}

fn inserted(text: &str, part: &str, rng: &mut impl Rng) -> String {
    let at = below(rng, text.chars().count() + 1);
    text.chars().take(at).chain(part.chars()).chain(text.chars().skip(at)).collect()
}

/// A separator twice, with a part behind it twice, or one where there was none.
fn separated(text: &str, rng: &mut impl Rng) -> String {
    let found: Vec<(usize, char)> = text.char_indices().filter(|(_, letter)| SEPARATORS.contains(letter)).collect();
    match (one(rng, &found), below(rng, 4)) {
        (Some((at, letter)), 0) => format!("{}{letter}{}", &text[..*at], &text[*at..]),
        (Some((at, _)), 1) => format!("{text}{}", &text[*at..]),
        (Some((_, letter)), 2) => format!("{text}{letter}"),
        (Some((at, letter)), _) => format!("{letter}{}", &text[..*at]),
        (None, _) => {
            let separator = one(rng, SEPARATORS).copied().unwrap_or(',').to_string();
            inserted(text, &separator, rng)
        }
    }
}

/// A number as somebody may write it.
pub(crate) fn of_number(number: &Value, rng: &mut impl Rng) -> String {
    let text = number.to_string();
    match below(rng, 8) {
        0..3 => text,
        3 => number.as_f64().map_or(text, |number| format!("{number:.2}")),
        4 => format!(" {text} "),
        5 => format!("+{text}"),
        6 => format!("0{text}"),
        _ => format!("{text}.0"),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::test_runner::{RngAlgorithm, TestRng};
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("Jos\u{e9}", &["JOS\u{c9}", "jos\u{e9}", "Jose\u{301}", "Jos\u{e9}\u{feff}", "\u{1c}Jos\u{e9}", "    ", "J", "Jos\u{e9}\u{e9}", "\u{85}", "Jos,\u{e9}"])]
    #[case("a=b", &["a==b", "a=b=b", "a=b=", "=a"])]
    #[case(" e\u{301}\u{fb01} ", &["e\u{301}\u{fb01}", " \u{e9}\u{fb01} ", " \u{e9}fi "])]
    fn a_text_has_many_spellings(#[case] text: &str, #[case] claimed: &[&str]) {
        let mut rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[1; 32]);
        let seen: BTreeSet<String> = (0..20_000).map(|_| other(text, &mut rng)).collect();
        let missing: Vec<_> = claimed.iter().filter(|claim| !seen.contains(**claim)).collect();
        assert!(missing.is_empty(), "{missing:?} not in {seen:?}");
    }
}
