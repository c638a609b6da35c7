//! Reports for tests.

use serde_json::{Value, json};

use super::document::{Report, ReportedDivergence};

/// A report of so many handlers, each of which answers a text in Python that is not expected.
pub(crate) fn report(handlers: usize, text: &str) -> Report {
    let names: Vec<String> = (0..handlers).map(|number| format!("shop/quote_{number}")).collect();
    let row = |name: &String, engine: &str, differs: u64| {
        json!({"handler": name, "engine": engine, "cases": 10, "agreed": 10 - differs, "known": 0, "divergences": differs,
            "ends": {"completed": 10}})
    };
    let rows: Vec<Value> = names.iter().flat_map(|name| [row(name, "python", 1), row(name, "typescript", 0)]).collect();
    let answer = |text: &str| json!({"status": "completed", "result": {"price": text, "count": 1}, "metadata": {}});
    let divergences: Vec<Value> = names
        .iter()
        .map(|name| {
            json!({
                "signature": {"handler": name, "engine": "python", "class": "value", "path": "/result/price"},
                "grade": "value",
                "input": {"handler": name, "context": {"note": text}, "dependencies": {}},
                "expected": answer("cheap"),
                "actual": answer(text),
                "sides": [{"engine": "rust", "outcome": answer("cheap")}, {"engine": "python", "outcome": answer(text)},
                    {"engine": "typescript", "outcome": answer("cheap")}],
                "odd": ["python"],
                "matters": ["/context/note"],
                "evaluations": 7,
                "reproduce": format!("printf %s '{text}' | parity replay -"),
            })
        })
        .collect();
    let places: Vec<Value> = (0..handlers)
        .map(|number| json!({"handler": names[number], "engine": "python", "file": format!("py/quote_{number}.py"), "line": 3}))
        .collect();
    let report = json!({"version": 1, "seed": "00000000000000ab", "scope": "normal", "cases": 10 * handlers, "seconds": 1.5,
        "handlers": rows, "divergences": divergences, "faults": [], "absent": [], "places": places});
    serde_json::from_value::<Report>(report).unwrap().normalised()
}

impl Report {
    /// The input of the divergence of this index.
    pub(crate) fn divergences_input(&self, index: usize) -> Value {
        match &self.divergences[index] {
            ReportedDivergence::Step { divergence, .. } => json!(divergence.input),
            ReportedDivergence::Run { divergence, .. } => json!(divergence.input),
        }
    }
}
