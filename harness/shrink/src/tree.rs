//! Paths to the nodes of a JSON value, and what passes do at them.

use serde_json::Value;

/// The way to a node: the position of a child at each level, in the order in which the container holds them.
pub(super) type NodePath = Vec<usize>;

/// The paths of all nodes, outer nodes before inner ones.
pub(super) fn paths(value: &Value) -> Vec<NodePath> {
    fn walk(value: &Value, path: &mut NodePath, paths: &mut Vec<NodePath>) {
        paths.push(path.clone());
        let children: Vec<&Value> = match value {
            Value::Array(elements) => elements.iter().collect(),
            Value::Object(members) => members.values().collect(),
            _ => Vec::new(),
        };
        for (index, child) in children.into_iter().enumerate() {
            path.push(index);
            walk(child, path, paths);
            path.pop();
        }
    }
    let mut paths = Vec::new();
    walk(value, &mut Vec::new(), &mut paths);
    paths
}

/// The node at `path`.
pub(super) fn get<'a>(value: &'a Value, path: &[usize]) -> Option<&'a Value> {
    path.iter().try_fold(value, |value, &index| match value {
        Value::Array(elements) => elements.get(index),
        Value::Object(members) => members.values().nth(index),
        _ => None,
    })
}

/// `value` with the node at `path` changed by `change`.
pub(super) fn with(value: &Value, path: &[usize], change: impl FnOnce(&mut Value)) -> Value {
    let mut copy = value.clone();
    let node = path.iter().try_fold(&mut copy, |value, &index| match value {
        Value::Array(elements) => elements.get_mut(index),
        Value::Object(members) => members.values_mut().nth(index),
        _ => None,
    });
    if let Some(node) = node {
        change(node);
    }
    copy
}

/// `value` with `new` at every one of `paths`.
pub(super) fn with_all(value: &Value, paths: &[NodePath], new: &Value) -> Value {
    paths.iter().fold(value.clone(), |value, path| with(&value, path, |node| *node = new.clone()))
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
