//! Whether a schema states a place of the documents that it admits.

use jsonschema::Draft;
use serde_json::Value;

use crate::lenient::strict;
use crate::references::{pointer_of, resolved};

/// More schemas than this are not looked at for one token: then the place counts as stated.
const MOST: usize = 1000;

/// Whether `schema` says something of the place that `path` leads to; `*` is any element of a list. Where it says nothing at all of a
/// value, that may hold anything.
pub(crate) fn has_place(schema: &Value, path: &[String]) -> bool {
    let Ok(root) = resolved(&strict(schema), Draft::default().detect(schema)) else { return false };
    let mut here = vec![&root];
    for token in path {
        let all = applied(&root, here);
        if all.len() > MOST || all.iter().all(|schema| says_nothing(schema)) {
            return true;
        }
        here = all.into_iter().flat_map(|schema| below(schema, token)).collect();
    }
    !here.is_empty()
}

fn says_nothing(schema: &Value) -> bool {
    const SAY: &[&str] =
        &["properties", "patternProperties", "additionalProperties", "items", "prefixItems", "type", "enum", "const"];
    *schema != Value::Bool(false) && SAY.iter().all(|keyword| schema.get(keyword).is_none())
}

/// These schemas and all that apply to the same value.
fn applied<'s>(root: &'s Value, mut open: Vec<&'s Value>) -> Vec<&'s Value> {
    let mut all: Vec<&Value> = Vec::new();
    while let Some(schema) = open.pop() {
        if all.len() > MOST || all.iter().any(|known| std::ptr::eq(*known, schema)) {
            continue;
        }
        all.push(schema);
        let lists = ["allOf", "anyOf", "oneOf"].into_iter().filter_map(|keyword| schema.get(keyword)?.as_array());
        open.extend(lists.flatten());
        open.extend(["if", "then", "else"].into_iter().filter_map(|keyword| schema.get(keyword)));
        let dependents =
            ["dependentSchemas", "dependencies"].into_iter().filter_map(|name| schema.get(name)?.as_object());
        open.extend(dependents.flat_map(|dependents| dependents.values()).filter(|dependent| dependent.is_object()));
        let target = schema.get("$ref").and_then(Value::as_str).and_then(pointer_of);
        open.extend(target.and_then(|pointer| root.pointer(&pointer)));
    }
    all
}

/// The schemas of what `token` leads to.
fn below<'s>(schema: &'s Value, token: &str) -> Vec<&'s Value> {
    let named = schema.get("properties").and_then(|members| members.get(token));
    let element = token == "*" || token.parse::<usize>().is_ok();
    let others = ["items", "additionalItems", "unevaluatedItems"];
    let items =
        others.into_iter().filter_map(|keyword| schema.get(keyword)).filter(|_| element).flat_map(
            |items| match items {
                Value::Array(tuple) => tuple.iter().collect(),
                items => vec![items],
            },
        );
    let tuple = schema.get("prefixItems").and_then(Value::as_array).into_iter().flatten().filter(|_| element);
    let open = ["additionalProperties", "unevaluatedProperties"].into_iter().filter_map(|keyword| schema.get(keyword));
    let matched =
        schema.get("patternProperties").and_then(Value::as_object).into_iter().flat_map(|schemas| schemas.values());
    let all = named.into_iter().chain(items).chain(tuple).chain(open).chain(matched);
    all.filter(|schema| **schema != Value::Bool(false)).collect()
}
