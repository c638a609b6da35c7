//! References as JSON Pointers into one document, whatever they were written as: `$id`, `$anchor`, percent-encoded, dynamic.

use std::collections::{HashMap, HashSet};

use jsonschema::{Draft, Registry, Retrieve, Uri};
use parity_json::pointer;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use serde_json::{Map, Value, json};

use super::error::{SchemaError, SchemaProblem};

/// Under which address the document is known to the validators of its parts.
pub(super) const DOCUMENT: &str = "json-schema:///document";

/// What says how a schema is called, which nothing asks for once references are pointers; and what is only for readers.
const NAMES: &[&str] = &[
    "$id",
    "$anchor",
    "$dynamicAnchor",
    "$recursiveAnchor",
    "$dynamicRef",
    "$recursiveRef",
    "title",
    "description",
    "$comment",
];

/// Keywords that refer to another schema.
const REFERENCES: &[&str] = &["$ref", "$dynamicRef", "$recursiveRef"];

/// What is encoded in the fragment of a reference.
const ENCODED: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'/').remove(b'$');

/// What is known of one schema of the document.
#[derive(Default)]
struct Found {
    /// Where its references lead, by keyword; nowhere in this document is `None`.
    targets: Vec<(&'static str, Option<String>)>,
}

/// Other documents, which are not fetched.
struct Elsewhere;

impl Retrieve for Elsewhere {
    fn retrieve(&self, _: &Uri<String>) -> Result<Value, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Value::Null)
    }
}

/// The document with every reference as a pointer below [`DOCUMENT`]. One that leads to a meta-schema is left out: whoever draws
/// validates with the document as it was.
pub(super) fn resolved(schema: &Value, draft: Draft) -> Result<Value, SchemaError> {
    let mut pointers = HashMap::new();
    collect(schema, String::new(), &mut pointers);
    let place = |value: &Value| pointers.get(&address(value)).cloned();
    let unusable =
        |error: jsonschema::ReferencingError| SchemaError::new("", SchemaProblem::Invalid(error.to_string()));
    let registry = Registry::new().draft(draft).retriever(Elsewhere).add(DOCUMENT, schema).map_err(unusable)?;
    let registry = registry.prepare().map_err(unusable)?;
    let root = registry.resolver(jsonschema::uri::from_str(DOCUMENT).map_err(unusable)?);
    let root = root.in_subresource(draft.create_resource_ref(schema)).map_err(unusable)?;
    let mut schemas: HashMap<usize, Found> = HashMap::new();
    let mut seen = HashSet::from([address(schema)]);
    let mut open = vec![(schema, root, draft)];
    while let Some((value, resolver, draft)) = open.pop() {
        let mut found = Found::default();
        for keyword in REFERENCES {
            let Some(reference) = value.get(keyword).and_then(Value::as_str) else { continue };
            let target = match *keyword {
                "$recursiveRef" => resolver.lookup_recursive_ref(),
                _ => resolver.lookup(reference),
            };
            let at = || place(value).unwrap_or_default();
            let nowhere = || SchemaError::new(&at(), SchemaProblem::Reference(reference.to_owned()));
            let (target, resolver, draft) = target.map_err(|_| nowhere())?.into_inner();
            let pointer = place(target);
            if pointer.is_none() && *target == Value::Null {
                return Err(nowhere());
            }
            if pointer.is_some() && seen.insert(address(target)) {
                open.push((target, resolver, draft));
            }
            found.targets.push((keyword, pointer));
        }
        for inner in draft.subresources_of(value) {
            if seen.insert(address(inner)) {
                let draft = draft.detect(inner);
                open.push((inner, resolver.in_subresource(draft.create_resource_ref(inner)).map_err(unusable)?, draft));
            }
        }
        schemas.insert(address(value), found);
    }
    Ok(rewritten(schema, &schemas, true))
}

/// The pointer of a reference that [`resolved`] has written.
pub(super) fn pointer_of(reference: &str) -> Option<String> {
    let pointer = reference.strip_prefix(DOCUMENT)?.strip_prefix('#')?;
    Some(percent_decode_str(pointer).decode_utf8().ok()?.into_owned())
}

fn reference_to(pointer: &str) -> Value {
    format!("{DOCUMENT}#{}", utf8_percent_encode(pointer, ENCODED)).into()
}

/// The values of one document are told apart by where they lie in memory.
fn address(value: &Value) -> usize {
    std::ptr::from_ref(value).addr()
}

fn collect(value: &Value, at: String, pointers: &mut HashMap<usize, String>) {
    match value {
        Value::Object(members) => {
            members.iter().for_each(|(name, member)| collect(member, pointer::child(&at, name), pointers));
        }
        Value::Array(elements) => {
            elements
                .iter()
                .enumerate()
                .for_each(|(index, element)| collect(element, format!("{at}/{index}"), pointers));
        }
        _ => {}
    }
    pointers.insert(address(value), at);
}

fn rewritten(value: &Value, schemas: &HashMap<usize, Found>, is_root: bool) -> Value {
    let found = schemas.get(&address(value));
    match value {
        Value::Object(members) => {
            let mut written = Map::new();
            for (name, member) in members {
                let is_named = NAMES.contains(&name.as_str()) || name == "$ref" || (name == "$schema" && !is_root);
                if found.is_none() || !is_named {
                    written.insert(name.clone(), rewritten(member, schemas, false));
                }
            }
            for (keyword, target) in found.iter().flat_map(|found| &found.targets) {
                let Some(target) = target else { continue };
                let reference = reference_to(target);
                if *keyword == "$ref" {
                    written.insert("$ref".to_owned(), reference);
                } else if let Value::Array(parts) = written.entry("allOf").or_insert_with(|| Value::Array(Vec::new())) {
                    parts.push(json!({"$ref": reference}));
                }
            }
            Value::Object(written)
        }
        Value::Array(elements) => elements.iter().map(|element| rewritten(element, schemas, false)).collect(),
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(json!({"$id": "https://a.example/b", "items": {"$ref": "#/$defs/c"}, "$defs": {"c": {}}}), "/$defs/c")]
    #[case(json!({"$id": "https://a.example/b", "items": {"$ref": "b#/$defs/c"}, "$defs": {"c": {}}}), "/$defs/c")]
    #[case(json!({"items": {"$ref": "#here"}, "$defs": {"c": {"$anchor": "here"}}}), "/$defs/c")]
    #[case(json!({"items": {"$ref": "item"}, "$defs": {"c": {"$id": "item"}}}), "/$defs/c")]
    #[case(json!({"items": {"$ref": "#/$defs/a%25b%20c"}, "$defs": {"a%b c": {}}}), "/$defs/a%b c")]
    #[case(json!({"items": {"$ref": "#/$defs/a~1b~0c"}, "$defs": {"a/b~c": {}}}), "/$defs/a~1b~0c")]
    #[case(json!({"items": {"$ref": "#/here/x"}, "here": {"x": {}}}), "/here/x")]
    fn a_reference_of_any_kind_is_a_pointer(#[case] schema: Value, #[case] pointer: &str) {
        let resolved = resolved(&schema, Draft::Draft202012).unwrap();
        assert_eq!(pointer_of(resolved["items"]["$ref"].as_str().unwrap()).unwrap(), pointer);
        assert!(resolved.pointer(pointer).is_some());
    }

    #[test]
    fn what_looks_like_a_reference_and_is_data_stays() {
        let schema = json!({"enum": [{"$ref": "#/a", "title": "x"}], "properties": {"$ref": {"type": "string"}}});
        assert_eq!(resolved(&schema, Draft::Draft202012).unwrap(), schema);
    }

    #[test]
    fn a_reference_that_leads_nowhere_is_named_by_its_place() {
        for reference in ["#/$defs/b", "#a", "other.json"] {
            let schema = json!({"$defs": {"a": {}}, "properties": {"x": {"$ref": reference}}});
            let error = resolved(&schema, Draft::Draft202012).unwrap_err();
            assert_eq!(error, SchemaError::new("/properties/x", SchemaProblem::Reference(reference.into())));
        }
    }
}
