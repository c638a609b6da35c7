//! What the scope `hostile` makes of our own inputs.

use std::collections::BTreeSet;

use parity_schema::Scope;
use parity_suite::{CaseId, CaseSource, HOSTILE_TEXTS};
use serde_json::Value;

use crate::registry::find;

/// Features of a value: what it holds that nobody meant.
fn features(value: &Value, seen: &mut BTreeSet<String>) {
    match value {
        Value::String(text) => {
            seen.insert(format!("text {text}"));
            if text.len() > 500 {
                seen.insert("long text".to_owned());
            }
        }
        Value::Number(number) => {
            seen.insert(format!("number {number}"));
        }
        Value::Array(elements) => {
            if elements.windows(2).any(|pair| pair[0] == pair[1]) {
                seen.insert("repeated element".to_owned());
            }
            for element in elements {
                features(element, seen);
            }
        }
        Value::Object(members) => {
            for (key, value) in members {
                seen.insert(format!("key {key}"));
                features(value, seen);
            }
        }
        Value::Null | Value::Bool(_) => {
            seen.insert(value.to_string());
        }
    }
}

#[test]
fn everything_that_is_claimed_is_reached() {
    let handler: parity_model::HandlerId = "ecommerce/validate_cart".parse().unwrap();
    let source = CaseSource::new(find(&handler).unwrap(), handler);
    let mut seen = BTreeSet::new();
    for index in 0..20_000 {
        let input = source.draw(CaseId { seed: 1, index }, Scope::Hostile).unwrap().step_input;
        features(&Value::Object(input.context), &mut seen);
        features(&Value::Object(input.dependencies), &mut seen);
    }
    let texts = HOSTILE_TEXTS.iter().flat_map(|text| [format!("text {text}"), format!("key {text}")]);
    let numbers = ["-0.0", "1e+308", "5e-324", "18446744073709551615", "9007199254740991", "0.575"];
    let others = ["null", "true", "long text", "repeated element", "key CART_ITEMS", "key cart_items "];
    let claimed = texts.chain(numbers.map(|number| format!("number {number}"))).chain(others.map(str::to_owned));
    let missing: Vec<String> = claimed.filter(|feature| !seen.contains(feature)).collect();
    assert_eq!(missing, Vec::<String>::new());
}

#[test]
fn a_hostile_case_depends_on_its_number_alone() {
    let handler: parity_model::HandlerId = "ecommerce/validate_cart".parse().unwrap();
    let source = CaseSource::new(find(&handler).unwrap(), handler);
    let id = CaseId { seed: 3, index: 17 };
    let first = source.draw(id, Scope::Hostile).unwrap();
    source.draw(CaseId { seed: 3, index: 1 }, Scope::Hostile).unwrap();
    assert_eq!(source.draw(id, Scope::Hostile).unwrap(), first);
    assert_ne!(source.draw(id, Scope::Normal).unwrap(), first);
}
