//! Texts that are those of the code, or nearly.

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use proptest::test_runner::TestRng;
use serde_json::Number;

use crate::chance::below;
use crate::spelling::other;

/// The longest text that is repeated to a length.
const MOST_LETTERS: usize = 10_000;

/// `literal` where `now` stands, or something made of both.
pub(super) fn like(now: &str, literal: &str, rng: &mut TestRng) -> String {
    if let Some(day) = day_near(now, literal, rng) {
        return day;
    }
    match below(rng, 12) {
        0 | 1 => nearly(literal.to_owned(), rng),
        2 => format!("{literal}{now}"),
        3 => format!("{now}{literal}"),
        4 => tokens(literal, now, rng),
        // Of the same length, where a pattern asks for one.
        5 => literal.chars().chain(now.chars().skip(literal.chars().count())).collect(),
        _ => literal.to_owned(),
    }
}

/// The text as it is, or in another spelling.
pub(super) fn nearly(text: String, rng: &mut TestRng) -> String {
    match below(rng, 6) {
        0 | 1 => other(&text, rng),
        2 => {
            let mut letters: Vec<char> = text.chars().collect();
            let place = below(rng, letters.len());
            match letters.get_mut(place) {
                Some(letter) if below(rng, 2) == 0 => *letter = foreign(*letter),
                Some(_) => drop(letters.remove(place)),
                None => {}
            }
            letters.into_iter().collect()
        }
        _ => text,
    }
}

/// A letter that only some rules take for one of the same kind.
fn foreign(letter: char) -> char {
    match letter {
        '0'..='9' => '\u{663}',
        'A'..='Z' => 'É',
        'a'..='z' => 'é',
        ' ' => '\u{a0}',
        _ => '_',
    }
}

/// A text that begins with `prefix`, or nearly.
pub(super) fn beginning(now: &str, prefix: &str, rng: &mut TestRng) -> String {
    match below(rng, 6) {
        0 => prefix.to_owned(),
        1 => format!("{}{now}", nearly(prefix.to_owned(), rng)),
        2 => format!("{prefix}{prefix}{now}"),
        3 => format!("{now}{prefix}"),
        _ => format!("{prefix}{now}"),
    }
}

/// A text that ends with `suffix`, or nearly.
pub(super) fn ending(now: &str, suffix: &str, rng: &mut TestRng) -> String {
    match below(rng, 6) {
        0 => suffix.to_owned(),
        1 => format!("{now}{}", nearly(suffix.to_owned(), rng)),
        2 => format!("{now}{suffix}{suffix}"),
        3 => format!("{suffix}{now}"),
        _ => format!("{now}{suffix}"),
    }
}

/// The text with a number in it, or one beside that: in the place of one that it has, or behind it.
pub(super) fn numbered(text: &str, number: &Number, rng: &mut TestRng) -> String {
    let number = match number.as_i64() {
        Some(whole) => whole.saturating_add([-1, 0, 0, 1][below(rng, 4)]).to_string(),
        None => number.to_string(),
    };
    let mut tokens = parts(text);
    let is_number = |token: &&str| !token.is_empty() && token.bytes().all(|letter| letter.is_ascii_digit());
    match tokens.iter_mut().rev().find(|token| is_number(token)) {
        Some(token) => *token = &number,
        None => tokens.push(&number),
    }
    tokens.concat()
}

/// A text with `separator` in it: once, twice, at either end, or alone.
pub(super) fn separated(now: &str, separator: &str, rng: &mut TestRng) -> String {
    let place = now.char_indices().nth(below(rng, now.chars().count())).map_or(0, |(place, _)| place);
    let (before, behind) = now.split_at(place);
    match below(rng, 7) {
        0 => separator.to_owned(),
        1 => format!("{separator}{now}"),
        2 => format!("{now}{separator}"),
        3 => format!("{before}{separator}{separator}{behind}"),
        4 => format!("a{separator}b{separator}c"),
        5 => format!("{now}{separator}{now}"),
        _ => format!("{before}{separator}{behind}"),
    }
}

/// The text with so many letters.
pub(super) fn as_long_as(now: &str, length: usize) -> String {
    let letters = if now.is_empty() { "a" } else { now };
    letters.chars().cycle().take(length.min(MOST_LETTERS)).collect()
}

/// Where both are days or times: the literal's day, one before or after it, a year before or after it; of a time, a second.
fn day_near(now: &str, literal: &str, rng: &mut TestRng) -> Option<String> {
    let literal_day: Date = literal.get(..10)?.parse().ok()?;
    if now.len() == 10 {
        now.parse::<Date>().ok()?;
        let span = [0.days(), 0.days(), (-1).days(), 1.days(), (-1).years(), 1.years()][below(rng, 6)];
        return literal_day.checked_add(span).ok().map(|day| day.to_string());
    }
    now.parse::<Timestamp>().ok()?;
    let midnight = format!("{literal_day}T00:00:00Z");
    let time: Timestamp = literal.parse().or_else(|_| midnight.parse()).ok()?;
    let span = [0, 0, -1, 1, -86_400, 86_400][below(rng, 6)];
    time.checked_add(span.seconds()).ok().map(|time| time.to_string())
}

/// The words of a text, and what stands between them.
fn parts(text: &str) -> Vec<&str> {
    let mut parts: Vec<&str> = Vec::new();
    let mut begin = 0;
    let mut last = None;
    for (place, letter) in text.char_indices() {
        let kind = letter.is_alphanumeric();
        if last.is_some_and(|last| last != kind || !kind) {
            parts.push(&text[begin..place]);
            begin = place;
        }
        last = Some(kind);
    }
    parts.push(&text[begin..]);
    parts
}

/// A text of a grammar that is not known: with a token less, twice, of another place, or of another text.
fn tokens(text: &str, other: &str, rng: &mut TestRng) -> String {
    let mut tokens = parts(text);
    let others = parts(other);
    let place = below(rng, tokens.len());
    match below(rng, 4) {
        0 => drop(tokens.remove(place)),
        1 => tokens.insert(place, tokens[place]),
        2 => {
            let second = below(rng, tokens.len());
            tokens.swap(place, second);
        }
        _ => tokens[place] = others[below(rng, others.len())],
    }
    tokens.concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_its_tokens() {
        assert_eq!(parts("v1.20-rc é"), ["v1", ".", "20", "-", "rc", " ", "é"]);
        assert_eq!(parts("*/5 *"), ["*", "/", "5", " ", "*"]);
        assert_eq!(parts(""), [""]);
    }

    #[test]
    fn a_text_is_repeated_to_its_length_in_letters() {
        assert_eq!(as_long_as("éa", 5), "éaéaé");
        assert_eq!(as_long_as("", 2), "aa");
        assert_eq!(as_long_as("abc", 0), "");
    }
}
