//! The pass over texts that depend on each other: the same name composed and decomposed, a code and its prefix, equal parts.

use super::letters::{letters, with_letters};
use super::number_passes::near_pairs;
use super::search::Search;
use super::tree::{NodePath, paths};

/// Shortens every two texts by what stands at the same distance from their beginnings or ends, and makes letters that they share,
/// in whatever case, plain in both.
pub(super) fn texts_together<E>(search: &mut Search<'_, E>) -> Result<(), E> {
    let all = paths(&search.best);
    let texts: Vec<NodePath> = all.into_iter().filter(|path| letters(&search.best, path).is_some()).collect();
    for pair in near_pairs(&texts) {
        for is_from_end in [false, true] {
            delete(search, pair, is_from_end)?;
            plain(search, pair, is_from_end)?;
        }
    }
    Ok(())
}

fn delete<E>(search: &mut Search<'_, E>, pair: [&NodePath; 2], is_from_end: bool) -> Result<(), E> {
    let mut chunk = shorter(search, pair);
    while chunk > 0 {
        let mut from = 0;
        while from + chunk <= shorter(search, pair) {
            let without = |letters: &mut Vec<char>| {
                let from = if is_from_end { letters.len() - from - chunk } else { from };
                letters.drain(from..from + chunk);
            };
            if !change(search, pair, without)? {
                from += chunk;
            }
        }
        chunk /= 2;
    }
    Ok(())
}

fn plain<E>(search: &mut Search<'_, E>, pair: [&NodePath; 2], is_from_end: bool) -> Result<(), E> {
    for place in 0..shorter(search, pair) {
        let at = |letters: &Vec<char>| if is_from_end { letters.len() - 1 - place } else { place };
        let letter = |path| letters(&search.best, path).map(|letters| letters[at(&letters)]);
        let [one, other] = pair.map(letter);
        let is_one_letter = one.zip(other).is_some_and(|(one, other)| one.eq_ignore_ascii_case(&other));
        if is_one_letter && one != Some('a') {
            for plain in ['a', '0'] {
                let put = |letters: &mut Vec<char>| {
                    let at = at(letters);
                    let is_capital = letters[at].is_ascii_uppercase();
                    letters[at] = if is_capital { plain.to_ascii_uppercase() } else { plain };
                };
                if change(search, pair, put)? {
                    break;
                }
            }
        }
    }
    Ok(())
}

/// Changes both texts in one way.
fn change<E>(search: &mut Search<'_, E>, pair: [&NodePath; 2], change: impl Fn(&mut Vec<char>)) -> Result<bool, E> {
    let candidate = pair.iter().fold(search.best.clone(), |value, path| {
        let Some(mut letters) = letters(&value, path) else { return value };
        change(&mut letters);
        with_letters(&value, path, letters)
    });
    search.attempt(candidate)
}

/// How long the shorter one is.
fn shorter<E>(search: &Search<'_, E>, pair: [&NodePath; 2]) -> usize {
    pair.iter().map(|path| letters(&search.best, path).map_or(0, |letters| letters.len())).min().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use rstest::rstest;
    use serde_json::{Value, json};

    use crate::{Answer, shrink};

    #[rstest]
    #[case::composed_and_decomposed(
        json!(["o.s0\u{e9}b", "o.s0e\u{301}b"]), |one: &str, other: &str| one.replace('\u{e9}', "e\u{301}") == other && one != other,
        json!(["\u{e9}", "e\u{301}"])
    )]
    #[case::another_case(json!(["Jim B", "jim b"]), |one: &str, other: &str| one.to_lowercase() == other && one != other, json!(["A", "a"]))]
    #[case::a_prefix(json!(["k-12xyz", "k-12"]), |one: &str, other: &str| one.len() > other.len() && one.starts_with(other) && other.len() > 1, json!(["aaa", "aa"]))]
    fn two_texts_become_short_together(
        #[case] start: Value,
        #[case] holds: fn(&str, &str) -> bool,
        #[case] expected: Value,
    ) {
        let holds =
            |value: &Value| value[0].as_str().zip(value[1].as_str()).is_some_and(|(one, other)| holds(one, other));
        let mut ask = |value: &Value| Ok::<_, Infallible>(if holds(value) { Answer::Holds } else { Answer::HoldsNot });
        assert_eq!(shrink(start, 3000, &mut ask).unwrap().value, expected);
    }
}
