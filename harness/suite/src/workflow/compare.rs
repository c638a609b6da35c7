//! Whether two runs of a workflow agree, and if not, what is the first thing that differs.

use std::fmt;

use parity_model::Ambient;
use serde::{Deserialize, Serialize};

use crate::template::TemplateId;
use crate::workflow::trace::{StepTrace, Trace};
use parity_engine::EngineFault;
use parity_judge::{ComparedCall, Criteria, Verdict};
use parity_model::DifferenceClass;
use parity_model::Observation;

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
    pub class: DifferenceClass,
    /// Where in the step it is.
    pub path: String,
}

impl fmt::Display for WorkflowSignature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {} {} {}", self.workflow, self.step, self.engine, self.class, self.path)
    }
}

/// Runs the task on the oracle once more, with another clock or other randomness.
pub type AgainTask<'a> = dyn FnMut(&Ambient) -> Result<Trace, EngineFault> + 'a;

/// The first difference between the oracle's run of a task with `ambient` and that of `engine` that counts under `criteria`,
/// `None` when they agree.
///
/// Steps are compared in an order in which each stands after everything that it depends on, so that a wrong result is named
/// and not what follows from it.
///
/// # Errors
///
/// The oracle cannot run again, or a handler asked for what is not provided, so that the rest of the run means nothing.
pub fn compare_traces(
    expected: &Trace,
    actual: &Trace,
    engine: &str,
    (criteria, ambient): (&Criteria, &Ambient),
    again: &mut AgainTask<'_>,
) -> Result<Option<WorkflowSignature>, EngineFault> {
    let mut other_runs: Vec<(Ambient, Trace)> = Vec::new();
    let mut again = |ambient: &Ambient, place: &Place<'_>| {
        let known = other_runs.iter().position(|(other, _)| other == ambient);
        let run = if let Some(known) = known {
            known
        } else {
            other_runs.push((ambient.clone(), again(ambient)?));
            other_runs.len() - 1
        };
        Ok(place.find(&other_runs[run].1).cloned())
    };
    Runs { engine, criteria, ambient, again: &mut again }.compare(expected, actual)
}

/// The same where everything counts, exactly.
pub fn compare_traces_fully(
    expected: &Trace,
    actual: &Trace,
    engine: &str,
) -> Result<Option<WorkflowSignature>, EngineFault> {
    let everything = (&Criteria::default(), &Ambient::default());
    compare_traces(expected, actual, engine, everything, &mut |_| Ok(expected.clone()))
}

/// One attempt in a trace or in one that a step of it delegated to.
struct Place<'a> {
    workflow: &'a TemplateId,
    step: &'a str,
    attempt: usize,
}

impl Place<'_> {
    /// How this attempt ended in another run, if it came to it there.
    fn find<'t>(&self, trace: &'t Trace) -> Option<&'t Observation> {
        if trace.workflow == *self.workflow {
            return trace.step(self.step)?.attempts.get(self.attempt).map(|attempt| &attempt.outcome);
        }
        let inner = trace.steps.iter().filter_map(|step| step.delegated.as_ref()?.trace.as_deref());
        inner.into_iter().find_map(|trace| self.find(trace))
    }
}

/// How an attempt ended in a run of the oracle with another ambient.
type AgainAttempt<'a> = dyn FnMut(&Ambient, &Place<'_>) -> Result<Option<Observation>, EngineFault> + 'a;

/// What two runs are compared by.
struct Runs<'a> {
    engine: &'a str,
    criteria: &'a Criteria,
    ambient: &'a Ambient,
    again: &'a mut AgainAttempt<'a>,
}

impl Runs<'_> {
    fn compare(&mut self, expected: &Trace, actual: &Trace) -> Result<Option<WorkflowSignature>, EngineFault> {
        let engine = self.engine.to_owned();
        let signature = |step: &str, class: DifferenceClass, path: &str| {
            let (workflow, step, path) = (expected.workflow.clone(), step.to_owned(), path.to_owned());
            WorkflowSignature { workflow, step, engine: engine.clone(), class, path }
        };
        for (one, other) in expected.steps.iter().zip(&actual.steps) {
            if let Some((class, path)) = self.compare_steps(&expected.workflow, one, other)? {
                return Ok(Some(signature(&one.step, class, &path)));
            }
            let inner = match (&one.delegated, &other.delegated) {
                (None, None) => (None, None),
                (Some(one), Some(other)) if one.workflow == other.workflow => {
                    (one.trace.as_ref(), other.trace.as_ref())
                }
                _ => return Ok(Some(signature(&one.step, DifferenceClass::Value, "/delegated"))),
            };
            match inner {
                (None, None) => {}
                (Some(one), Some(other)) => {
                    if let Some(found) = self.compare(one, other)? {
                        return Ok(Some(found));
                    }
                }
                _ => return Ok(Some(signature(&one.step, DifferenceClass::Value, "/delegated"))),
            }
        }
        // Two runs of one template have the same steps, and their states follow from those of the steps.
        let same = expected.workflow == actual.workflow
            && expected.state == actual.state
            && expected.steps.len() == actual.steps.len();
        Ok((!same).then(|| signature("", DifferenceClass::Value, "/state")))
    }

    /// Class and path of the first difference.
    fn compare_steps(
        &mut self,
        workflow: &TemplateId,
        expected: &StepTrace,
        actual: &StepTrace,
    ) -> Result<Option<(DifferenceClass, String)>, EngineFault> {
        let at = |class: DifferenceClass, path: &str| Ok(Some((class, path.to_owned())));
        if (&expected.step, &expected.handler) != (&actual.step, &actual.handler) {
            return at(DifferenceClass::Value, "/handler");
        }
        for (index, (one, other)) in expected.attempts.iter().zip(&actual.attempts).enumerate() {
            if (one.attempt, one.at_ms) != (other.attempt, other.at_ms) {
                return at(DifferenceClass::Value, "/attempts/*/at_ms");
            }
            let pair = ComparedCall {
                handler: &expected.handler,
                ambient: self.ambient,
                expected: &one.outcome,
                engine: self.engine,
                actual: &other.outcome,
            };
            let place = Place { workflow, step: &expected.step, attempt: index };
            // A run that did not come here says nothing of what is random here.
            let mut again =
                |ambient: &Ambient| Ok((self.again)(ambient, &place)?.unwrap_or_else(|| one.outcome.clone()));
            let Verdict { signatures, unsupported, .. } = self.criteria.judge(&pair, &mut again)?;
            if let Some(what) = unsupported {
                let (engine, handler) = (self.engine.to_owned(), expected.handler.clone());
                return Err(EngineFault::Unsupported { engine, handler, what });
            }
            if let Some(signature) = signatures.into_iter().next() {
                return Ok(Some((signature.class, signature.path)));
            }
        }
        if expected.attempts.len() != actual.attempts.len() {
            return at(DifferenceClass::Length, "/attempts");
        }
        if expected.state != actual.state {
            return at(DifferenceClass::Value, "/state");
        }
        Ok(None)
    }
}
