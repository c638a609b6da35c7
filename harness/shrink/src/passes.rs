//! The passes over containers and values of any kind: each tries one way of making the best value smaller, everywhere in it.
//!
//! A pass walks over the places of the value as it was when the pass began. After a success the value has changed below
//! or behind a place; a place that is gone is skipped, and the next round sees what is new.

use serde_json::{Value, json};

use super::search::Search;
use super::tree::{NodePath, get, len, paths, remove, with};

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
