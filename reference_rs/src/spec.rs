//! What a handler declares about itself, and how one is called.

use std::fmt;

use crate::field::Field;
use crate::success::Success;
use parity_model::StepInput;
use parity_model::{AmbientStreams, HandlerId};
use parity_model::{Failure, FailureKind, Outcome};

/// One way in which a handler may end. A handler's declared outcomes are all that some input can reach.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OutcomeClass {
    /// A success, by the name of its variant.
    Completed(&'static str),
    /// A permanent failure, by its code.
    Permanent(&'static str),
    /// A retryable failure, by its delay in seconds.
    Retryable(u32),
}

impl OutcomeClass {
    /// Whether `outcome` is a failure of this class; a success is told by its variant, which an outcome does not carry.
    fn is_failure(self, failure: &Failure) -> bool {
        match self {
            Self::Completed(_) => false,
            Self::Permanent(code) => failure.kind == FailureKind::Permanent && failure.code.as_deref() == Some(code),
            Self::Retryable(seconds) => {
                failure.kind == FailureKind::Retryable
                    && failure.retry_after.as_ref().and_then(serde_json::Number::as_u64) == Some(seconds.into())
            }
        }
    }
}

impl fmt::Display for OutcomeClass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Completed(variant) => f.write_str(variant),
            Self::Permanent(code) => f.write_str(code),
            Self::Retryable(seconds) => write!(f, "retry after {seconds} s"),
        }
    }
}

/// The body of a handler.
pub type Call = fn(&mut Step<'_>) -> Result<Success, Failure>;

/// A handler: who it is, what it reads, how it may end, and its body.
#[derive(Clone, Copy, Debug)]
pub struct HandlerSpec {
    /// `namespace/step`.
    pub id: &'static str,
    /// The steps whose results the handler reads, direct parents or not.
    pub dependencies: &'static [&'static str],
    /// Every way in which the handler may end.
    pub outcomes: &'static [OutcomeClass],
    /// The objects in the outcome whose members are named by data, as JSON Pointers: where one of their members stands
    /// does not tell one defect from another.
    pub named_by_data: &'static [&'static str],
    /// The body.
    pub call: Call,
}

impl HandlerSpec {
    /// The identity.
    ///
    /// # Panics
    /// When `id` has another form than `namespace/step`, which build.rs refuses.
    #[must_use]
    #[expect(clippy::expect_used, reason = "build.rs finds no handler whose identity has another form")]
    pub fn handler(&self) -> HandlerId {
        self.id.parse().expect("build.rs has read it as namespace/step")
    }

    /// The part of the identity before the slash.
    #[must_use]
    pub fn namespace(&self) -> &'static str {
        self.id.split_once('/').map_or("", |(namespace, _)| namespace)
    }

    /// The step name: the part of the identity after the slash.
    #[must_use]
    pub fn step(&self) -> &'static str {
        self.id.split_once('/').map_or(self.id, |(_, step)| step)
    }

    /// Runs the handler on `step_input`. It depends on nothing else, so the same input always gives the same answer.
    #[must_use]
    pub fn evaluate(&self, step_input: &StepInput) -> Evaluation {
        let mut step = Step { input: step_input, ambient: AmbientStreams::new(&step_input.ambient) };
        match (self.call)(&mut step) {
            Ok(success) => Evaluation {
                class: self.declared(|class| class == OutcomeClass::Completed(success.variant)),
                outcome: Outcome::Completed { result: success.result, metadata: success.metadata },
            },
            Err(failure) => Evaluation {
                class: self.declared(|class| class.is_failure(&failure)),
                outcome: Outcome::Failed(failure),
            },
        }
    }

    fn declared(&self, is_it: impl Fn(OutcomeClass) -> bool) -> Option<OutcomeClass> {
        self.outcomes.iter().copied().find(|class| is_it(*class))
    }
}

/// An outcome and which of the handler's declared outcomes it is.
#[derive(Clone, Debug, PartialEq)]
pub struct Evaluation {
    /// `None` when the handler ended in a way that it does not declare, which is a defect of its spec.
    pub class: Option<OutcomeClass>,
    /// What the handler answered.
    pub outcome: Outcome,
}

/// What a handler's body works with: its input, its clock and its randomness.
#[derive(Debug)]
pub struct Step<'a> {
    input: &'a StepInput,
    /// Clock and randomness.
    pub ambient: AmbientStreams,
}

impl<'a> Step<'a> {
    /// A field of the task's input; absent is null.
    #[must_use]
    pub fn get_input(&self, name: &str) -> Field<'a> {
        Field::member_of(&self.input.context, format!("/context/{name}"), name)
    }

    /// The result of an ancestor step; absent is null.
    #[must_use]
    pub fn get_dependency_result(&self, step: &str) -> Field<'a> {
        Field::member_of(&self.input.dependencies, format!("/dependencies/{step}"), step)
    }
}
