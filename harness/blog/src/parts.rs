//! The two objects that a step input consists of, as a strategy and as a schema.

use proptest::prelude::*;
use serde_json::{Map, Value, json};

use parity_suite::Parts;

/// The strategy of a step input: its context and its dependencies.
pub(super) fn parts(
    context: BoxedStrategy<Map<String, Value>>,
    dependencies: BoxedStrategy<Map<String, Value>>,
) -> BoxedStrategy<Parts> {
    (context, dependencies).boxed()
}

/// The schema of an object that has all of these members, by name and schema.
#[expect(clippy::needless_pass_by_value, reason = "reads as the JSON literal that it is given")]
pub(super) fn record(properties: Value) -> Value {
    let required: Vec<&String> = properties.as_object().into_iter().flat_map(Map::keys).collect();
    json!({"type": "object", "required": required, "properties": properties})
}

/// The schema of a list of such objects.
pub(super) fn list_of(properties: Value) -> Value {
    json!({"type": "array", "items": record(properties)})
}

/// The schema of a step input whose context and dependencies have these members.
pub(super) fn step_schema(context: Value, dependencies: Value) -> Value {
    record(json!({"context": record(context), "dependencies": record(dependencies)}))
}
