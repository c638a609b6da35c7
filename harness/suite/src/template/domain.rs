//! Which tasks of a workflow are well-formed.

use parity_schema::{Domain, moved};
use serde_json::{Value, json};

/// The domain of a workflow's tasks: those whose context its `input_schema` admits. Their document is `{"context"}`.
pub fn domain_of_tasks(input_schema: &Value) -> Result<Domain, String> {
    let context = moved(input_schema, "/properties/context");
    Domain::of_schema(&json!({"type": "object", "required": ["context"], "properties": {"context": context}}))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_references_of_an_input_schema_lead_into_it() {
        let schema = json!({"properties": {"a": {"$ref": "#/$defs/short"}}, "$defs": {"short": {"maxLength": 1}}});
        let domain = domain_of_tasks(&schema).unwrap();
        assert!(domain.holds(&json!({"context": {"a": "x"}})));
        assert!(!domain.holds(&json!({"context": {"a": "xy"}})));
    }
}
