//! What a change of the oracle changes: per vector, which place from what to what, grouped by what they have in common.

use std::collections::BTreeMap;
use std::path::Path;

use parity_model::{HandlerId, Observation, Outcome};
use reference_rs::{HANDLERS, HandlerSpec};
use serde::Serialize;
use serde_json::{Value, json};

use super::error::VectorError;
use super::model::Vector;
use super::replay::Engines;
use super::store::Store;
use parity_blog::Oracle;
use parity_engine::Engine;
use parity_json::canonical_of;
use parity_judge::differences;
use parity_suite::workflow::compare_traces_fully;

/// One vector that the oracle answers differently at one place.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Change {
    /// The vector.
    pub id: String,
    /// Where in the outcome, as a JSON Pointer.
    pub path: String,
    /// What the file expects there.
    pub from: Value,
    /// What the oracle answers now.
    pub to: Value,
}

/// What several changes have in common.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Cause {
    /// The handler or the workflow.
    pub of: String,
    /// Where in the outcome, with wildcards.
    pub path: String,
    /// The kind of difference.
    pub class: String,
}

/// All changes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Changes(pub BTreeMap<Cause, Vec<Change>>);

impl Changes {
    /// As JSON: `[{"of", "path", "class", "changes": [Change]}]`.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let cause = |(cause, changes): (&Cause, &Vec<Change>)| json!({"of": cause.of, "path": cause.path, "class": cause.class, "changes": changes});
        self.0.iter().map(cause).collect()
    }
}

/// What the oracle of this binary answers otherwise than the vectors of the repository at `root` expect.
pub fn diff(root: &Path, engines: &Engines) -> Result<Changes, VectorError> {
    let store = Store::of_repository(root);
    let mut changes = Changes::default();
    for handler in HANDLERS.iter().map(HandlerSpec::handler) {
        for vector in store.read(&handler)?.into_iter().flat_map(|file| file.vectors) {
            changes.add(&handler, &vector)?;
        }
    }
    for template in engines.templates() {
        for vector in store.read_traces(&template.id)?.into_iter().flat_map(|file| file.vectors) {
            let trace = engines.trace_of(template, &vector.input)?;
            let signature = compare_traces_fully(&vector.expected, &trace, "rust")?;
            let Some(signature) = signature else { continue };
            let cause = Cause { of: template.id.to_string(), path: signature.to_string(), class: "trace".to_owned() };
            let (from, to) = (json!(vector.expected.state), json!(trace.state));
            changes.0.entry(cause).or_default().push(Change { id: vector.id, path: "/state".to_owned(), from, to });
        }
    }
    Ok(changes)
}

impl Changes {
    fn add(&mut self, handler: &HandlerId, vector: &Vector) -> Result<(), VectorError> {
        let now = Oracle::default().run(&vector.input)?;
        let differences = differences(&Observation::from(vector.expected.clone()), &now);
        let (from, to) = (canonical_of(&vector.expected), canonical_of(&now));
        for difference in differences {
            let signature = difference.signature(handler, "rust", parity_blog::named_by_data().of(handler));
            let value = |outcome: Option<&Outcome>, document: &Value| match difference.path.as_str() {
                "" => outcome.map_or(Value::Null, decision),
                path => document.pointer(path).cloned().unwrap_or_else(|| "(absent)".into()),
            };
            let (from, to) = (value(Some(&vector.expected), &from), value(now.planned(), &to));
            let cause = Cause { of: handler.to_string(), path: signature.path, class: signature.class.to_string() };
            let change = Change { id: vector.id.clone(), path: difference.path.clone(), from, to };
            self.0.entry(cause).or_default().push(change);
        }
        Ok(())
    }
}

/// The decision of an outcome as one value.
fn decision(outcome: &Outcome) -> Value {
    match outcome {
        Outcome::Completed { .. } => "completed".into(),
        Outcome::Failed(failure) => match &failure.code {
            Some(code) => code.as_str().into(),
            None => json!({"kind": failure.kind, "retry_after": failure.retry_after}),
        },
    }
}
