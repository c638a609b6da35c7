//! The passes over containers and texts: each tries one way of making the best value smaller, everywhere in it.
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
        for index in 0..text(search).map_or(0, |characters| characters.len()) {
            for plain in [Some('a'), Some('b'), Some('0'), Some('1'), Some('A'), None] {
                let Some(mut characters) = text(search) else { break };
                characters[index] = plain.unwrap_or_else(|| characters[index].to_ascii_lowercase());
                if put(search, characters)? {
                    break;
                }
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
