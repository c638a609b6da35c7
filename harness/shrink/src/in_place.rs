//! The numbers that stand in a document, and others in their place.

use serde_json::Value;

use super::numbers::Decimal;
use super::search::Search;
use super::tree::{NodePath, get, with_all};

/// The number at a place, if there is one.
pub(super) fn decimal_at(value: &Value, path: &[usize]) -> Option<Decimal> {
    match get(value, path)? {
        Value::Number(number) => Some(Decimal::of(number)),
        _ => None,
    }
}

/// Puts `value` in every place of `group`.
pub(super) fn put_all<E>(search: &mut Search<'_, E>, group: &[NodePath], value: &Value) -> Result<bool, E> {
    search.attempt(with_all(&search.best, group, value))
}
