//! `Intl` in the embedded engine: what it writes is what Node writes, and what it can not write it names.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use parity_engine::Engine;
use parity_engine::naming::Naming;
use parity_engine::process::Surroundings;
use parity_engine_typescript::NodeEngine;
use parity_engine_typescript::TypeScriptEngine;
use rstest::rstest;
use serde_json::{Value, json};
use similar_asserts::assert_eq;

use crate::support::{step_input, tree};
use crate::typescript_trees::{observe, result_of};

const LIMIT: Duration = Duration::from_mins(1);
const LOCALES: [&str; 4] = ["en-US", "en-GB", "de-DE", "fr-FR"];

#[rstest]
#[case("(1234567.891).toLocaleString('en-US')", "1,234,567.891")]
#[case("(1234567.891).toLocaleString('de-DE')", "1.234.567,891")]
#[case("(1234567.891).toLocaleString('fr-FR')", "1\u{202f}234\u{202f}567,891")]
#[case("(1.005).toLocaleString('en-US', { maximumFractionDigits: 2 })", "1.01")]
#[case("(1234.5).toLocaleString('en-US', { style: 'currency', currency: 'USD' })", "$1,234.50")]
#[case("(-1234.5).toLocaleString('de-DE', { style: 'currency', currency: 'EUR' })", "-1.234,50\u{a0}€")]
#[case("(1234.5).toLocaleString('en-GB', { style: 'currency', currency: 'JPY' })", "JP¥1,235")]
#[case("(0.256).toLocaleString('fr-FR', { style: 'percent' })", "26\u{a0}%")]
#[case("(1234.5).toLocaleString()", "1,234.5")]
#[case("new Date(0).toLocaleDateString('en-US')", "1/1/1970")]
#[case("new Date(0).toLocaleTimeString('en-US')", "12:00:00 AM")]
#[case("new Date(0).toLocaleString('en-GB')", "01/01/1970, 00:00:00")]
#[case("new Date(0).toLocaleDateString('de-DE', { dateStyle: 'full' })", "Donnerstag, 1. Januar 1970")]
#[case("new Date(0).toLocaleString('fr-FR', { dateStyle: 'long', timeStyle: 'short' })", "1 janvier 1970 à 00:00")]
#[case("new Date(0).toLocaleString('de-DE', { timeZone: 'Asia/Tokyo' })", "1.1.1970, 09:00:00")]
#[case("['b', 'a', 'C', 'B', 'ä'].sort((a, b) => a.localeCompare(b)).join()", "a,ä,b,B,C")]
#[case("['x10', 'x9'].sort(new Intl.Collator('en', { numeric: true }).compare).join()", "x9,x10")]
fn locales_are_spoken(#[case] expression: &str, #[case] text: &str) {
    assert_eq!(result_of(&format!("return this.success({{ x: {expression} }});"))["x"], json!(text));
}

#[rstest]
#[case("(1).toLocaleString('it-IT')", "the locale it-IT")]
#[case("(1).toLocaleString('en', { notation: 'compact' })", "the notation compact")]
#[case("(1).toLocaleString('en', { style: 'unit', unit: 'liter' })", "the style unit of Intl.NumberFormat")]
#[case("(1).toLocaleString('en', { roundingMode: 'ceil' })", "the option roundingMode of Intl.NumberFormat")]
#[case("(1).toLocaleString('en', { style: 'currency', currency: 'XYZ' })", "the currency XYZ")]
#[case("new Date().toLocaleString('en', { era: 'short' })", "the option era of Intl.DateTimeFormat")]
#[case(
    "new Date().toLocaleString('en', { timeZone: 'Asia/Tokyo', timeZoneName: 'short' })",
    "the name of the time zone Asia/Tokyo"
)]
#[case("new Intl.PluralRules('en')", "Intl.PluralRules")]
#[case("new Intl.ListFormat('en')", "Intl.ListFormat")]
#[case("'日'.localeCompare('本')", "the order of \"日\"")]
#[case("'i'.toLocaleUpperCase('tr')", "toLocaleUpperCase in tr")]
fn what_is_not_supported_is_named(#[case] expression: &str, #[case] what: &str) {
    let observed = observe(&format!("return this.success({{ x: {expression} }});"));
    assert_eq!(observed, json!({"status": "unsupported", "what": what}));
}

#[test]
#[ignore = "needs Node"]
fn node_writes_the_same() {
    let tree = tree(&[
        ("written_handler.ts", include_str!("typescript_intl_handler.ts")),
        ("space.mjs", include_str!("../harness/engine-typescript/runtime/quickjs/intl/space.mjs")),
    ]);
    let mut embedded = TypeScriptEngine::load(tree.path()).unwrap();
    embedded.set_deadline(LIMIT);
    let mut node = NodeEngine::load(tree.path(), &Naming::identities(), &[], &Surroundings::default(), LIMIT).unwrap();
    for (number, locale) in LOCALES.iter().enumerate() {
        let texts = |engine: &mut dyn Engine| -> Vec<Value> {
            let observed = json!(engine.run(&step_input("test/subject", &json!(number))).unwrap());
            observed["result"]["texts"].as_array().unwrap_or_else(|| panic!("{observed}")).clone()
        };
        let (ours, nodes) = (texts(&mut embedded), texts(&mut node));
        assert_eq!(ours.len(), nodes.len());
        assert!(ours.len() > 20_000, "{}", ours.len());
        for (place, (ours, nodes)) in ours.iter().zip(&nodes).enumerate() {
            // Nothing is excused: what the embedded engine does not support is left out of the handler.
            assert!(ours == nodes, "{locale}, {place}: {ours} is {nodes} in Node");
        }
    }
}

#[test]
#[ignore = "needs Node"]
fn the_tables_are_those_of_node() {
    let script = Path::new(crate::support::ROOT).join("harness/engine-typescript/runtime/quickjs/intl/generate.mjs");
    let output = Command::new("node").arg(script).arg("--check").output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
