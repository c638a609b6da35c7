//! The places of a value at which a literal may stand, by their numbers in the order in which they are written.

use serde_json::Value;

/// Calls `see` with the number and the name of everything in `value`: an element is named as its list.
pub(super) fn each<'v>(
    value: &'v Value,
    name: &'v str,
    next: &mut usize,
    see: &mut dyn FnMut(usize, &'v str, &'v Value),
) {
    see(*next, name, value);
    *next += 1;
    match value {
        Value::Object(members) => members.iter().for_each(|(key, member)| each(member, key, next, see)),
        Value::Array(elements) => elements.iter().for_each(|element| each(element, name, next, see)),
        _ => {}
    }
}

/// What has this number, if `value` has as many; else `number` is counted down.
pub(super) fn at<'v>(value: &'v mut Value, number: &mut usize) -> Option<&'v mut Value> {
    if *number == 0 {
        return Some(value);
    }
    *number -= 1;
    match value {
        Value::Object(members) => members.values_mut().find_map(|member| at(member, number)),
        Value::Array(elements) => elements.iter_mut().find_map(|element| at(element, number)),
        _ => None,
    }
}
