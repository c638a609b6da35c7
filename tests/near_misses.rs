//! Answers that are nearly the expected ones.

use parity_engine::Engine;
use parity_judge::compare;
use parity_model::Observation;
use parity_model::Outcome;
use proptest::prelude::*;
use proptest::sample::Index;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::{Value, json};
use similar_asserts::assert_eq;

use crate::json_values::{echo_input, json_value};

/// Asks an engine whether what its handler `parity/echo` answers is this or that, which is the value itself, or nearly so. It
/// must say what the comparison of its answer says, which is told how often it was yes and how often no.
pub(crate) fn near_misses(engine: &mut dyn Engine, values: usize, seen: fn(&Value) -> Value) -> (usize, usize) {
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[4; 32]);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let strategy = (json_value(), any::<Index>(), any::<Index>());
    let (mut yes, mut no) = (0, 0);
    for _ in 0..values {
        let (value, place, change) = strategy.new_tree(&mut runner).unwrap().current();
        let mut expected = json!({ "value": seen(&value) });
        let mut nodes = Vec::new();
        pointers(&expected, String::new(), &mut nodes);
        let place: &String = place.get(&nodes);
        let node = expected.pointer_mut(place).unwrap();
        let changes = nearly(node);
        *node = change.get::<Value>(&changes).clone();
        let expected = Observation::from(Outcome::Completed { result: expected, metadata: json!({}) });
        let actual = engine.run(&echo_input(&value)).unwrap();
        let agrees = compare(expected.planned().unwrap(), &actual).is_none();
        let other = engine.run_expecting(&echo_input(&value), &expected).unwrap();
        assert_eq!(other, (!agrees).then_some(actual), "{value}\n{expected:?}");
        if agrees {
            yes += 1;
        } else {
            no += 1;
        }
    }
    (yes, no)
}

/// The places of all values in a value.
fn pointers(value: &Value, place: String, found: &mut Vec<String>) {
    match value {
        Value::Array(elements) => {
            elements
                .iter()
                .enumerate()
                .for_each(|(index, element)| pointers(element, format!("{place}/{index}"), found));
        }
        Value::Object(members) => {
            for (key, member) in members {
                let key = key.replace('~', "~0").replace('/', "~1");
                pointers(member, format!("{place}/{key}"), found);
            }
        }
        _ => {}
    }
    found.push(place);
}

/// The value itself and its neighbours: of another type, a little more, without something, with something, in another order.
fn nearly(value: &Value) -> Vec<Value> {
    let mut others = vec![value.clone(), value.clone(), json!(null), json!([value]), json!({"value": value})];
    match value {
        Value::Null => others.extend([json!(false), json!(0), json!(""), json!([]), json!({})]),
        Value::Bool(flag) => others.extend([json!(!flag), json!(i32::from(*flag)), json!(flag.to_string())]),
        Value::Number(number) => {
            others.push(json!(number.to_string()));
            others.extend(number.as_f64().map(|float| json!(float)));
            others.extend(number.as_f64().map(|float| json!(float.next_up())));
            others.extend(number.as_i64().map(|integer| json!(integer.wrapping_add(1))));
            others.extend(number.as_u64().map(|integer| json!(integer.wrapping_add(1))));
            others.push(json!(number.as_f64() == Some(1.0)));
        }
        Value::String(text) => {
            others.extend([json!(format!("{text}\0")), json!(text.to_uppercase()), json!(format!(" {text}"))]);
            others.push(json!(text.chars().skip(1).collect::<String>()));
        }
        Value::Array(elements) => {
            let more = elements.iter().chain([&Value::Null]).cloned().collect();
            others.extend([more, elements.iter().rev().cloned().collect(), elements.iter().skip(1).cloned().collect()]);
            others
                .push(Value::Object(elements.iter().enumerate().map(|(i, it)| (i.to_string(), it.clone())).collect()));
        }
        Value::Object(members) => {
            let all = || members.iter().map(|(key, member)| (key.clone(), member.clone()));
            others.push(Value::Object(all().rev().collect()));
            others.push(Value::Object(all().skip(1).collect()));
            others.push(Value::Object(all().chain([("toString".to_owned(), Value::Null)]).collect()));
            others.push(Value::Object(all().map(|(key, member)| (format!("{key} "), member)).collect()));
            others.push(Value::Array(members.values().cloned().collect()));
        }
    }
    others
}
