//! Texts and the names of members, and how a part of one is replaced.

use std::ops::Range;

use serde_json::{Map, Value};

use super::search::Search;
use super::tree::{get, with};

/// The text that the node at `path` is, or the names of its members.
pub(super) fn texts_at(value: &Value, path: &[usize]) -> Vec<String> {
    match get(value, path) {
        Some(Value::String(text)) => vec![text.clone()],
        Some(Value::Object(members)) => members.keys().cloned().collect(),
        _ => Vec::new(),
    }
}

/// One of these texts.
pub(super) fn text_at(value: &Value, path: &[usize], text: usize) -> Option<String> {
    texts_at(value, path).into_iter().nth(text)
}

/// Puts `part` in the place of a range of a text, unless a member has that name already.
pub(super) fn put_text<E>(
    search: &mut Search<'_, E>,
    path: &[usize],
    text: usize,
    range: &Range<usize>,
    part: &str,
) -> Result<bool, E> {
    match with_part(&search.best, path, text, range, part) {
        Some(candidate) => search.attempt(candidate),
        None => Ok(false),
    }
}

/// `value` with `part` in the place of a range of a text, if there is one.
pub(super) fn with_part(value: &Value, path: &[usize], text: usize, range: &Range<usize>, part: &str) -> Option<Value> {
    let old = text_at(value, path, text).filter(|old| old.get(range.clone()).is_some())?;
    let mut new = old.clone();
    new.replace_range(range.clone(), part);
    Some(with(value, path, |node| match node {
        Value::Object(members) if members.contains_key(&new) => {}
        Value::Object(members) => {
            let renamed = std::mem::take(members).into_iter();
            *members =
                renamed.map(|(key, value)| (if key == old { new.clone() } else { key }, value)).collect::<Map<_, _>>();
        }
        node => *node = new.clone().into(),
    }))
}
