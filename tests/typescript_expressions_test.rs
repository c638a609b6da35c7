//! Expressions of every kind in QuickJS and in Node: either they are the same to the letter, or QuickJS says that it does not have
//! what they need. None may be another one in silence.

use std::time::Duration;

use parity_engine::Engine;
use parity_engine::naming::Naming;
use parity_engine::process::Surroundings;
use parity_engine_typescript::{NodeEngine, TypeScriptEngine};
use parity_model::StepInput;
use serde_json::{Map, Value, json};
use similar_asserts::assert_eq;

use crate::support::tree;

/// The expressions, a line each, and how many of them QuickJS does not support.
const FILES: [(&str, &str, usize); 15] = [
    ("buffers", include_str!("typescript_expressions/buffers.txt"), 5),
    ("classes", include_str!("typescript_expressions/classes.txt"), 1),
    ("collections", include_str!("typescript_expressions/collections.txt"), 12),
    ("crypto", include_str!("typescript_expressions/crypto.txt"), 8),
    ("dates", include_str!("typescript_expressions/dates.txt"), 5),
    ("errors", include_str!("typescript_expressions/errors.txt"), 54),
    ("intl", include_str!("typescript_expressions/intl.txt"), 24),
    ("json", include_str!("typescript_expressions/json.txt"), 2),
    ("numbers", include_str!("typescript_expressions/numbers.txt"), 12),
    ("promises", include_str!("typescript_expressions/promises.txt"), 1),
    ("regexes", include_str!("typescript_expressions/regexes.txt"), 13),
    ("sorting", include_str!("typescript_expressions/sorting.txt"), 3),
    ("texts", include_str!("typescript_expressions/texts.txt"), 18),
    ("urls", include_str!("typescript_expressions/urls.txt"), 0),
    ("util", include_str!("typescript_expressions/util.txt"), 30),
];

const LIMIT: Duration = Duration::from_secs(10);

/// What an expression is shown as; nothing where that is not supported.
fn shown(engine: &mut dyn Engine, index: usize) -> Option<String> {
    let context = Map::from_iter([("index".to_owned(), json!(index))]);
    let observed =
        json!(engine.run(&StepInput::new("test/expressions".parse().unwrap(), context, Map::new())).unwrap());
    let text = observed["result"]["text"].as_str().map(str::to_owned);
    (observed["status"] != json!("unsupported")).then(|| text.unwrap_or_else(|| observed.to_string()))
}

#[test]
#[ignore = "needs Node"]
fn an_expression_is_in_quickjs_what_it_is_in_node() {
    let expressions = |text: &'static str| text.lines().filter(|line| !line.is_empty() && !line.starts_with("//"));
    let all: Vec<&str> = FILES.into_iter().flat_map(|(_, text, _)| expressions(text)).collect();
    let cases: Vec<String> = all.iter().map(|expression| format!("  async () => ({expression}),\n")).collect();
    let cases = cases.concat();
    let handler = include_str!("typescript_expressions_handler.ts").replace("  // CASES\n", &cases);
    let tree = tree(&[("expressions_handler.ts", &handler)]);
    let mut embedded = TypeScriptEngine::load(tree.path()).unwrap();
    let mut node = NodeEngine::load(tree.path(), &Naming::identities(), &[], &Surroundings::default(), LIMIT).unwrap();
    let mut index = 0;
    let (mut different, mut unsupported) = (Vec::new(), Vec::new());
    for (name, text, _) in FILES {
        let mut count = 0;
        for expression in expressions(text) {
            match (shown(&mut embedded, index), shown(&mut node, index)) {
                (None, _) => count += 1,
                (ours, nodes) if ours != nodes => different.push(json!([expression, ours, nodes])),
                _ => {}
            }
            index += 1;
        }
        unsupported.push((name, count));
    }
    assert_eq!(Value::from(different), json!([]));
    assert_eq!(unsupported, FILES.map(|(name, _, count)| (name, count)));
    assert!(all.len() >= 2000, "{}", all.len());
}
