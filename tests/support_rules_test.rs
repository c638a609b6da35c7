//! The number and text rules are written once a language; here they are held together on generated numbers and texts.

use std::path::Path;

use parity_engine::Engine;
use parity_engine_python::PythonEngine;
use parity_engine_typescript::TypeScriptEngine;
use parity_judge::compare;
use parity_model::{Outcome, StepInput};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use reference_rs::{Number, float_text, fmt2, round2, round4, sum, sum_floats, text_to_float};
use serde_json::{Value, json};

const CASES: u32 = 3000;

/// Doubles of every size, money, halves of cents and their neighbours, whole numbers up to the end of the safe range.
fn number() -> impl Strategy<Value = f64> {
    let neighbour = |x: f64, steps: i64| {
        let bits = i64::from_le_bytes(x.to_le_bytes()) + if x == 0.0 { 0 } else { steps };
        f64::from_le_bytes(bits.to_le_bytes())
    };
    prop_oneof![
        any::<f64>().prop_map(|x| if x.abs() <= 9_007_199_254_740_991.0 { x } else { x.fract() }),
        (-10_000_000_i32..10_000_000).prop_map(|cents| f64::from(cents) / 100.0),
        (-1_000_000_i32..1_000_000, -3_i64..=3)
            .prop_map(move |(mills, steps)| neighbour(f64::from(mills) / 1000.0, steps)),
        (0_u32..16, -9_i32..=9).prop_map(|(exponent, digit)| f64::from(digit) * 10_f64.powi(exponent.cast_signed())),
        (-1000_i32..1000).prop_map(f64::from),
        select(vec![
            0.0,
            -0.0,
            9_007_199_254_740_991.0,
            -9_007_199_254_740_991.0,
            1e15,
            1e-4,
            9.999e-5,
            5e-324,
            0.5,
            1.005
        ]),
    ]
}

/// Texts made of what the grammar of numbers is made of.
fn numeric_text() -> impl Strategy<Value = String> {
    let part =
        select(vec!["0", "1", "12", "9", "_", ".", "e", "E", "+", "-", " ", "\n", "\u{b}", "\u{a0}", "x", "٣", "e5"]);
    vec(part, 0..8).prop_map(|parts| parts.concat())
}

fn expected(numbers: &[f64], text: &str) -> Outcome {
    let read: Vec<Number> =
        numbers.iter().map(|x| Number::from_json(&serde_json::Number::from_f64(*x).unwrap()).unwrap()).collect();
    let result = json!({
        "sum": Value::from(sum(&read)),
        "sum_text": sum(&read).text(),
        "sum_of_floats": sum_floats(numbers),
        "round2": numbers.iter().map(|x| round2(*x)).collect::<Vec<_>>(),
        "round4": numbers.iter().map(|x| round4(*x)).collect::<Vec<_>>(),
        "rounded_text": numbers.iter().map(|x| float_text(round2(*x))).collect::<Vec<_>>(),
        // A number that is read loses the sign of its zero.
        "float_text": numbers.iter().map(|x| float_text(if *x == 0.0 { 0.0 } else { *x })).collect::<Vec<_>>(),
        // The rule is for cents.
        "fmt2": numbers.iter().map(|x| fmt2(x / 100.0)).collect::<Vec<_>>(),
        "number_text": read.iter().map(|number| number.text()).collect::<Vec<_>>(),
        "text_to_float": text_to_float(text).clamp(f64::MIN, f64::MAX),
    });
    Outcome::Completed { result, metadata: json!({}) }
}

fn rules_agree(engine: &mut dyn Engine) {
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let inputs = (vec(number(), 0..6), numeric_text());
    for _ in 0..CASES {
        let (numbers, text) = inputs.new_tree(&mut runner).unwrap().current();
        let numbers: Vec<f64> = numbers.into_iter().map(|x| if x == 0.0 { 0.0 } else { x }).collect();
        let context = json!({"numbers": numbers, "text": text}).as_object().unwrap().clone();
        let step_input = StepInput::new("parity/support".parse().unwrap(), context, serde_json::Map::new());
        let actual = engine.run(&step_input).unwrap();
        let expected = expected(&numbers, &text);
        let difference = compare(&expected, &actual);
        assert_eq!(difference, None, "{numbers:?} {text:?}\n{expected:?}\n{actual:?}");
    }
}

fn fixture(language: &str) -> std::path::PathBuf {
    Path::new(crate::support::ROOT).join("fixtures/support").join(language)
}

#[test]
fn python_follows_the_rules_of_the_oracle() {
    rules_agree(&mut PythonEngine::load(&fixture("python")).unwrap());
}

#[test]
fn typescript_follows_the_rules_of_the_oracle() {
    rules_agree(&mut TypeScriptEngine::load(&fixture("typescript")).unwrap());
}
