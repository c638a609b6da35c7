//! Which tasks of a workflow are well-formed.

use parity_schema::Domain;
use serde_json::Value;

/// The domain of a workflow's tasks: those whose context its `input_schema` admits. Their document is `{"context"}`.
pub fn domain_of_tasks(input_schema: &Value) -> Result<Domain, String> {
    Domain::of_members([("context", input_schema)])
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_input_schema_keeps_its_name_and_its_draft() {
        let schema = json!({"$schema": "http://json-schema.org/draft-07/schema#", "$id": "https://example.com/order.json",
            "properties": {"span": {"items": [{"$ref": "#/definitions/day"}]}}, "definitions": {"day": {"type": "integer"}}});
        let domain = domain_of_tasks(&schema).unwrap();
        assert!(domain.holds(&json!({"context": {"span": [1, "x"]}})));
        assert!(!domain.holds(&json!({"context": {"span": ["x"]}})));
    }

    #[test]
    fn the_references_of_an_input_schema_lead_into_it() {
        let schema = json!({"properties": {"a": {"$ref": "#/$defs/short"}}, "$defs": {"short": {"maxLength": 1}}});
        let domain = domain_of_tasks(&schema).unwrap();
        assert!(domain.holds(&json!({"context": {"a": "x"}})));
        assert!(!domain.holds(&json!({"context": {"a": "xy"}})));
    }
}
