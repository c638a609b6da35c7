//! Whether two runs of a workflow agree, and if not, what is the first thing that differs.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::trace::{StepTrace, Trace};
use crate::compare::{Difference, DifferenceClass, compare_observations};
use crate::criteria::Criteria;
use crate::template::TemplateId;

/// What makes two divergences of a workflow the same one.
///
/// JSON: `{"workflow", "step", "engine", "class", "path"}`. `class` and `path` are those of the step's outcome; what differs
/// around it is at `/attempts`, `/attempts/*/at_ms`, `/state` or `/delegated`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct WorkflowSignature {
    /// The template; that of a delegated workflow if the difference is there.
    pub workflow: TemplateId,
    /// The first step that differs, after everything that it depends on.
    pub step: String,
    /// The engine that does not agree with the oracle.
    pub engine: String,
    /// The kind of difference, see [`DifferenceClass`].
    pub class: String,
    /// Where in the step it is.
    pub path: String,
}

impl fmt::Display for WorkflowSignature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {} {} {}", self.workflow, self.step, self.engine, self.class, self.path)
    }
}

/// The first difference between the oracle's run and that of `engine` that counts under `criteria`, `None` when they agree.
///
/// Steps are compared in an order in which each stands after everything that it depends on, so that a wrong result is named
/// and not what follows from it.
#[must_use]
pub fn compare_traces(
    expected: &Trace,
    actual: &Trace,
    engine: &str,
    criteria: &Criteria,
) -> Option<WorkflowSignature> {
    let signature = |step: &str, class: String, path: String| WorkflowSignature {
        workflow: expected.workflow.clone(),
        step: step.to_owned(),
        engine: engine.to_owned(),
        class,
        path,
    };
    for (expected, actual) in expected.steps.iter().zip(&actual.steps) {
        let sign = |difference: &Difference| difference.signature(&expected.handler, engine);
        let mut is_new = |difference: &Difference| !criteria.ledger.knows(&sign(difference));
        if let Some(difference) = compare_steps(expected, actual, &mut is_new) {
            let found = sign(&difference);
            return Some(signature(&expected.step, found.class, found.path));
        }
        let here = || Some(signature(&expected.step, DifferenceClass::Value.to_string(), "/delegated".to_owned()));
        match (&expected.delegated, &actual.delegated) {
            (None, None) => {}
            (Some(expected), Some(actual)) if expected.workflow == actual.workflow => {
                match (&expected.trace, &actual.trace) {
                    (None, None) => {}
                    (Some(expected), Some(actual)) => {
                        if let Some(inner) = compare_traces(expected, actual, engine, criteria) {
                            return Some(inner);
                        }
                    }
                    _ => return here(),
                }
            }
            _ => return here(),
        }
    }
    // Two runs of one template have the same steps, and their states follow from those of the steps.
    let same = expected.workflow == actual.workflow
        && expected.state == actual.state
        && expected.steps.len() == actual.steps.len();
    (!same).then(|| signature("", DifferenceClass::Value.to_string(), "/state".to_owned()))
}

fn compare_steps(
    expected: &StepTrace,
    actual: &StepTrace,
    is_new: &mut dyn FnMut(&Difference) -> bool,
) -> Option<Difference> {
    let at = |class, path: &str| Some(Difference { class, path: path.to_owned() });
    if (&expected.step, &expected.handler) != (&actual.step, &actual.handler) {
        return at(DifferenceClass::Value, "/handler");
    }
    for (index, (expected, actual)) in expected.attempts.iter().zip(&actual.attempts).enumerate() {
        if (expected.attempt, expected.at_ms) != (actual.attempt, actual.at_ms) {
            return at(DifferenceClass::Value, &format!("/attempts/{index}/at_ms"));
        }
        if let Some(difference) = compare_observations(&expected.outcome, &actual.outcome, is_new) {
            return Some(difference);
        }
    }
    if expected.attempts.len() != actual.attempts.len() {
        return at(DifferenceClass::Length, "/attempts");
    }
    if expected.state != actual.state {
        return at(DifferenceClass::Value, "/state");
    }
    None
}
