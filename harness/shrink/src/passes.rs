//! The passes over containers and texts: each tries one way of making the best value smaller, everywhere in it.
//!
//! A pass walks over the places of the value as it was when the pass began. After a success the value has changed below
//! or behind a place; a place that is gone is skipped, and the next round sees what is new.

use serde_json::{Value, json};

use super::search::Search;
use super::tree::{NodePath, get, len, paths, remove, with};

/// What may do in the place of a control character, or of one beyond ASCII, if no letter does: what is seen before what is not.
const PLAINER: [char; 13] = [' ', '-', 'é', '€', 'Ａ', '😀', '\t', '\n', '\r', '\u{a0}', '\u{feff}', '\0', '\u{1c}'];

/// The plainest character.
const PLAINEST: char = 'a';

/// Deletes runs of children of every container: all, then half of them, and so on down to one by one.
pub(super) fn delete<E>(search: &mut Search<'_, E>) -> Result<(), E> {
    let mut next = 0;
    // The places are listed anew after each container, since a deletion changes what comes behind it.
    while let Some(path) = paths(&search.best).get(next).cloned() {
        let mut chunk = get(&search.best, &path).map_or(0, len);
        while chunk > 0 {
            let mut from = 0;
            while from + chunk <= get(&search.best, &path).map_or(0, len) {
                let candidate = with(&search.best, &path, |node| remove(node, from, chunk));
                if !search.attempt(candidate)? {
                    from += chunk;
                }
            }
            chunk /= 2;
        }
        next += 1;
    }
    Ok(())
}

/// Puts a child in the place of its container.
pub(super) fn hoist<E>(search: &mut Search<'_, E>) -> Result<(), E> {
    for path in paths(&search.best) {
        for index in 0..get(&search.best, &path).map_or(0, len) {
            let inner: NodePath = path.iter().copied().chain([index]).collect();
            let Some(child) = get(&search.best, &inner).cloned() else { break };
            let candidate = with(&search.best, &path, |node| *node = child);
            if search.attempt(candidate)? {
                break;
            }
        }
    }
    Ok(())
}

/// Replaces every node by the plainest value of any kind.
pub(super) fn plainest<E>(search: &mut Search<'_, E>) -> Result<(), E> {
    for path in paths(&search.best) {
        for plain in [json!(null), json!(false), json!(true), json!(0), json!(""), json!([]), json!({})] {
            if get(&search.best, &path).is_none() {
                break;
            }
            let candidate = with(&search.best, &path, |node| *node = plain);
            if search.attempt(candidate)? {
                break;
            }
        }
    }
    Ok(())
}

/// Shortens strings, then makes their characters plainer.
pub(super) fn strings<E>(search: &mut Search<'_, E>) -> Result<(), E> {
    for path in paths(&search.best) {
        let text = |search: &Search<'_, E>| -> Option<Vec<char>> {
            Some(get(&search.best, &path)?.as_str()?.chars().collect())
        };
        let put = |search: &mut Search<'_, E>, characters: Vec<char>| {
            let candidate = with(&search.best, &path, |node| *node = characters.into_iter().collect::<String>().into());
            search.attempt(candidate)
        };
        let mut chunk = text(search).map_or(0, |characters| characters.len());
        while chunk > 0 {
            let mut from = 0;
            while let Some(mut characters) = text(search).filter(|characters| from + chunk <= characters.len()) {
                characters.drain(from..from + chunk);
                if !put(search, characters)? {
                    from += chunk;
                }
            }
            chunk /= 2;
        }
        // Many at once, so that a long text costs little. What is as long as two letters becomes two where one is too short.
        for (is_long, letters) in [(false, 1), (true, 2)] {
            let is_meant = |character: &char| *character != PLAINEST && (!is_long || character.len_utf16() == 2);
            let count =
                |search: &Search<'_, E>| text(search).unwrap_or_default().iter().filter(|c| is_meant(c)).count();
            let mut chunk = count(search);
            while chunk > usize::from(!is_long) {
                let mut from = 0;
                while from < count(search) {
                    let mut seen = 0;
                    let plain = text(search).unwrap_or_default().into_iter().flat_map(|character| {
                        seen += usize::from(is_meant(&character));
                        let is_it = is_meant(&character) && (from + 1..=from + chunk).contains(&seen);
                        if is_it { vec![PLAINEST; letters] } else { vec![character] }
                    });
                    let plain = plain.collect();
                    if !put(search, plain)? {
                        from += chunk;
                    }
                }
                chunk /= 2;
            }
        }
        // What stands there twice may have to be the same.
        let mut repeated: Vec<char> = text(search).unwrap_or_default();
        repeated.sort_unstable();
        repeated = repeated.chunk_by(PartialEq::eq).filter(|same| same.len() > 1).map(|same| same[0]).collect();
        for old in repeated {
            for plain in [PLAINEST, 'b', '0', '1', 'A'].into_iter().take_while(|plain| *plain != old) {
                let mut characters = text(search).unwrap_or_default();
                characters.iter_mut().filter(|character| **character == old).for_each(|character| *character = plain);
                if put(search, characters)? {
                    break;
                }
            }
        }
        for (index, old) in text(search).unwrap_or_default().into_iter().enumerate().filter(|(_, old)| *old != PLAINEST)
        {
            let plainer = PLAINER.into_iter().filter(|_| !old.is_ascii_graphic());
            // The `t` and `z` of a time are plainer as capitals.
            let other_case = [old.to_ascii_lowercase(), old.to_ascii_uppercase()];
            for plain in [PLAINEST, 'b', '0', '1', 'A'].into_iter().chain(other_case).chain(plainer) {
                let Some(mut characters) = text(search) else { break };
                characters[index] = plain;
                if put(search, characters)? {
                    break;
                }
            }
        }
        // What has to stand somewhere stands behind plain letters.
        for index in (0..text(search).map_or(0, |characters| characters.len())).rev() {
            let Some(mut characters) = text(search) else { break };
            if characters[index] != PLAINEST {
                let character = characters.remove(index);
                characters.push(character);
                put(search, characters)?;
            }
        }
    }
    Ok(())
}

/// Sorts lists, smallest element first.
pub(super) fn sort<E>(search: &mut Search<'_, E>) -> Result<(), E> {
    for path in paths(&search.best) {
        let candidate = with(&search.best, &path, |node| {
            if let Value::Array(elements) = node {
                elements.sort_by_cached_key(ToString::to_string);
            }
        });
        search.attempt(candidate)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use rstest::rstest;

    use crate::{Answer, shrink};

    use super::*;

    #[rstest]
    #[case::no_letter("x\u{7}", |text: &str| text.contains(|c: char| !c.is_alphanumeric()), " ")]
    #[case::no_space("\u{0}", |text: &str| text.contains(|c: char| !c.is_alphanumeric() && c != ' '), "-")]
    #[case::beyond_ascii("\u{4e2d}\u{6587}", |text: &str| !text.is_ascii(), "é")]
    #[case::three_bytes("\u{4e2d}\u{6587}", |text: &str| text.chars().any(|c| c.len_utf8() == 3), "€")]
    #[case::a_break("one\ntwo\n", |text: &str| text.ends_with('\n'), "\n")]
    #[case::a_tab("\u{b}", |text: &str| text.contains(|c: char| c.is_control()), "\t")]
    #[case::unseen("\u{2003}", |text: &str| text.contains(|c: char| c.is_whitespace() && !c.is_ascii()), "\u{a0}")]
    #[case::a_separator("\u{1e}", |text: &str| text.contains(|c: char| ('\u{1c}'..='\u{1f}').contains(&c)), "\u{1c}")]
    #[case::twice("xc=x&c", |text: &str| text.split_once("=x&").is_some_and(|(one, other)| one.ends_with(other) && !other.is_empty()), "a=x&a")]
    #[case::beyond_surrogates("\u{feff}", |text: &str| text.contains(|c| ('\u{e000}'..='\u{ffff}').contains(&c)), "Ａ")]
    #[case::of_two_units("\u{10428}", |text: &str| text.contains(|c: char| c.len_utf16() == 2), "😀")]
    #[case::behind_letters("a😀bb", |text: &str| text.contains('😀') && text.chars().count() == 4, "aaa😀")]
    fn a_character_becomes_a_plainer_one(#[case] start: &str, #[case] holds: fn(&str) -> bool, #[case] expected: &str) {
        let mut predicate = |value: &Value| {
            Ok::<_, Infallible>(if value.as_str().is_some_and(holds) { Answer::Holds } else { Answer::HoldsNot })
        };
        assert_eq!(shrink(json!(start), 3000, &mut predicate).unwrap().value, json!(expected));
    }

    #[test]
    fn a_long_text_becomes_plain_in_few_evaluations() {
        let mut predicate = |value: &Value| {
            let holds =
                value.as_str().is_some_and(|text| text.encode_utf16().count() > 160 && text.chars().count() <= 160);
            Ok::<_, Infallible>(if holds { Answer::Holds } else { Answer::HoldsNot })
        };
        let start: String = "qm é😀".chars().cycle().take(160).collect();
        let minimal = shrink(json!(start), 3000, &mut predicate).unwrap();
        assert_eq!(minimal.value, json!("a".repeat(159) + "😀"));
        assert!(minimal.evaluations < 500, "{}", minimal.evaluations);
    }
}
