//! Several documents side by side, a line a field.

use serde::Serialize;
use serde_json::Value;

use super::escape::printable;
use parity_json::{pointer, same_value};

/// Fields of a divergence that are shown although all answer the same there.
const SAME: usize = 30;

/// As much of a text as anybody reads in a table.
const LONGEST: usize = 2000;

/// A place, and what stands there in each document.
#[derive(Serialize)]
pub(super) struct Field {
    path: String,
    differs: bool,
    cells: Vec<FieldCell>,
}

#[derive(Serialize)]
struct FieldCell {
    text: String,
    /// From the first document.
    differs: bool,
}

/// The fields of all documents, and how many are left out in which nothing differs.
pub(super) fn fields(documents: &[&impl Serialize]) -> (Vec<Field>, usize) {
    let documents: Vec<Value> =
        documents.iter().map(|document| serde_json::to_value(document).unwrap_or_default()).collect();
    let mut rows: Vec<Field> = Vec::new();
    let all: Vec<Option<&Value>> = documents.iter().map(Some).collect();
    push(&mut rows, "", &all);
    let (mut kept, mut left_out) = (0, 0);
    rows.retain(|row| {
        kept += usize::from(!row.differs);
        let is_kept = row.differs || kept <= SAME;
        left_out += usize::from(!is_kept);
        is_kept
    });
    (rows, left_out)
}

/// The fields at a place: those of its members where some have members there.
fn push(rows: &mut Vec<Field>, path: &str, all: &[Option<&Value>]) {
    let mut names: Vec<String> = Vec::new();
    for value in all.iter().flatten() {
        let its: Vec<String> = match value {
            Value::Object(members) => members.keys().cloned().collect(),
            Value::Array(items) => (0..items.len()).map(|index| index.to_string()).collect(),
            _ => Vec::new(),
        };
        names.extend(its.into_iter().filter(|name| !names.contains(name)).collect::<Vec<_>>());
    }
    // Where one has members and another none, the place itself is told, too.
    if names.is_empty() || all.iter().any(|value| !value.is_some_and(has_members)) {
        let cells: Vec<FieldCell> = all
            .iter()
            .map(|value| FieldCell { text: shown(*value), differs: !is_same(all.first().copied().flatten(), *value) })
            .collect();
        let differs = cells.iter().any(|cell| cell.differs);
        rows.push(Field { path: printable(if path.is_empty() { "/" } else { path }), differs, cells });
        return;
    }
    for name in names {
        let members: Vec<Option<&Value>> =
            all.iter().map(|value| value.and_then(|value| member(value, &name))).collect();
        push(rows, &pointer::child(path, &name), &members);
    }
}

fn has_members(value: &Value) -> bool {
    match value {
        Value::Object(members) => !members.is_empty(),
        Value::Array(items) => !items.is_empty(),
        _ => false,
    }
}

fn member<'v>(value: &'v Value, name: &str) -> Option<&'v Value> {
    match value {
        Value::Object(members) => members.get(name),
        Value::Array(items) => items.get(name.parse::<usize>().ok()?),
        _ => None,
    }
}

fn is_same(one: Option<&Value>, other: Option<&Value>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => same_value(one, other),
        (one, other) => one == other,
    }
}

fn shown(value: Option<&Value>) -> String {
    let Some(value) = value else { return "absent".to_owned() };
    let text = printable(&value.to_string());
    if text.chars().count() <= LONGEST { text } else { text.chars().take(LONGEST - 1).chain(['…']).collect() }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_what_differs_is_marked() {
        let documents = [&json!({"a": {"b": 2, "c": [1]}, "d": "x"}), &json!({"d": "x", "a": {"c": [1, 5], "b": 2.0}})];
        let (fields, left_out) = fields(&documents);
        let seen: Vec<_> = fields.iter().map(|field| (field.path.as_str(), field.differs)).collect();
        assert_eq!(seen, [("/a/b", false), ("/a/c/0", false), ("/a/c/1", true), ("/d", false)]);
        assert_eq!((fields[2].cells[0].text.as_str(), fields[2].cells[1].text.as_str()), ("absent", "5"));
        assert_eq!(left_out, 0);
    }
}
