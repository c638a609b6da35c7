//! Places in a JSON value.

use serde_json::Value;

/// The way to a node: the position of a child at each level, in the order in which the container holds them.
pub(super) type Place = Vec<usize>;

/// Every node's place, outer nodes before inner ones.
pub(super) fn places(value: &Value) -> Vec<Place> {
    fn walk(value: &Value, place: &mut Place, places: &mut Vec<Place>) {
        places.push(place.clone());
        let children: Vec<&Value> = match value {
            Value::Array(elements) => elements.iter().collect(),
            Value::Object(members) => members.values().collect(),
            _ => Vec::new(),
        };
        for (index, child) in children.into_iter().enumerate() {
            place.push(index);
            walk(child, place, places);
            place.pop();
        }
    }
    let mut places = Vec::new();
    walk(value, &mut Vec::new(), &mut places);
    places
}

/// The node at `place`.
pub(super) fn get<'a>(value: &'a Value, place: &[usize]) -> Option<&'a Value> {
    place.iter().try_fold(value, |value, &index| match value {
        Value::Array(elements) => elements.get(index),
        Value::Object(members) => members.values().nth(index),
        _ => None,
    })
}

/// `value` with the node at `place` changed by `change`.
pub(super) fn with(value: &Value, place: &[usize], change: impl FnOnce(&mut Value)) -> Value {
    let mut copy = value.clone();
    let node = place.iter().try_fold(&mut copy, |value, &index| match value {
        Value::Array(elements) => elements.get_mut(index),
        Value::Object(members) => members.values_mut().nth(index),
        _ => None,
    });
    if let Some(node) = node {
        change(node);
    }
    copy
}

/// How many children a node has.
pub(super) fn len(value: &Value) -> usize {
    match value {
        Value::Array(elements) => elements.len(),
        Value::Object(members) => members.len(),
        _ => 0,
    }
}

/// Removes `count` children of a container from position `from` on.
pub(super) fn remove(value: &mut Value, from: usize, count: usize) {
    match value {
        Value::Array(elements) => {
            elements.drain(from..from + count);
        }
        Value::Object(members) => {
            let mut position = 0;
            members.retain(|_, _| {
                position += 1;
                !(from..from + count).contains(&(position - 1))
            });
        }
        _ => {}
    }
}
