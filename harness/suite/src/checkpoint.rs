//! Where a batch worker stops to be called again.

use serde_json::{Map, Value};

/// Whether the metadata of a completed call say that its result is a checkpoint.
pub(crate) fn is_checkpoint(metadata: &Value) -> bool {
    metadata.get("checkpoint_yield") == Some(&Value::Bool(true))
}

/// What the engine keeps of such a result.
pub(crate) fn checkpoint_in(result: &Value) -> Map<String, Value> {
    let member = |name: &str| result.get(name).cloned();
    Map::from_iter([
        ("cursor".to_owned(), member("cursor").unwrap_or_default()),
        ("items_processed".to_owned(), member("items_processed").unwrap_or_else(|| 0.into())),
        ("accumulated_results".to_owned(), member("accumulated_results").unwrap_or_default()),
    ])
}
