//! What the harness saw a handler do: a planned outcome, or one of the ends that only an observer can name.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::outcome::Outcome;
use crate::signature::DifferenceClass;

/// The observed end of one call.
///
/// JSON: the planned [`Outcome`] document, or `{"status": "crashed", "class", "message", "trace"}` and so on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Observation {
    /// The handler answered.
    Planned(Outcome),
    /// The handler did not answer.
    Unplanned(Unplanned),
}

/// An end that the handler did not plan.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "snake_case")]
pub enum Unplanned {
    /// The handler raised something that is no planned failure, or returned something that is no result.
    Crashed {
        /// Class of what was raised, e.g. `KeyError`.
        class: String,
        /// Its message.
        message: String,
        /// The stack, innermost call last; paths are relative to the handlers' tree.
        trace: String,
    },
    /// The handler did not end within its deadline.
    TimedOut,
    /// The handler used more memory than it is given.
    OutOfMemory,
    /// The handler recursed deeper than its stack.
    StackOverflow,
    /// The handler tried to end the process.
    Exited,
    /// The handler reached for something that the sandbox keeps it from, whatever it made of the refusal.
    Denied {
        /// `network`, `process`, `file` or `native_code`.
        what: String,
        /// The action and what it was about.
        detail: String,
    },
    /// The handler ended, and left something that would change later calls.
    LeftBehind {
        /// E.g. `a running thread`.
        what: String,
    },
    /// The handler asked for something of Tasker or of its runtime that Parity does not provide: nothing is known of what it
    /// does where that is there.
    Unsupported {
        /// E.g. `DecisionHandler`.
        what: String,
    },
    /// The handler answered with something that is not JSON.
    Unserialisable {
        /// JSON Pointer into the outcome document.
        path: String,
        /// What stands there, e.g. `NaN` or `a set`.
        what: String,
    },
}

impl Unplanned {
    /// What kind of difference it is to any planned outcome.
    #[must_use]
    pub fn class(&self) -> DifferenceClass {
        match self {
            Self::Crashed { class, trace, .. } => DifferenceClass::Crashed(match innermost(trace) {
                Some(line) => format!("{class} at {line}"),
                None => class.clone(),
            }),
            Self::TimedOut => DifferenceClass::TimedOut,
            Self::OutOfMemory => DifferenceClass::OutOfMemory,
            Self::StackOverflow => DifferenceClass::StackOverflow,
            Self::Exited => DifferenceClass::Exited,
            Self::Denied { what, .. } => DifferenceClass::Denied(what.clone()),
            Self::LeftBehind { .. } => DifferenceClass::LeftBehind,
            Self::Unsupported { what } => DifferenceClass::Unsupported(what.clone()),
            Self::Unserialisable { what, .. } => DifferenceClass::Unserialisable(what.clone()),
        }
    }
}

/// The innermost line of the handler's own code in a trace, as `file:line`: the last place that is no module of a package or a
/// runtime, whose names begin with `@`, `<` or `node:`.
fn innermost(trace: &str) -> Option<String> {
    let is_own = |file: &str| !file.is_empty() && !file.starts_with(['@', '<']) && !file.starts_with("node:");
    let place = |word: &str| {
        let mut parts = word.trim_matches(['(', ')']).split(':');
        let (file, line) = (parts.next()?, parts.next()?);
        (is_own(file) && line.parse::<u32>().is_ok()).then(|| format!("{file}:{line}"))
    };
    trace.lines().rev().find_map(|line| line.split(' ').rev().find_map(place))
}

impl Observation {
    /// The value at a JSON Pointer into the document.
    #[must_use]
    pub fn at(&self, pointer: &str) -> Option<Cow<'_, Value>> {
        // What differs is mostly in what is JSON already.
        if let Some(Outcome::Completed { result, metadata }) = self.planned() {
            for (member, value) in [("/result", result), ("/metadata", metadata)] {
                let rest = pointer.strip_prefix(member).filter(|rest| rest.is_empty() || rest.starts_with('/'));
                if let Some(rest) = rest {
                    return value.pointer(rest).map(Cow::Borrowed);
                }
            }
        }
        serde_json::to_value(self).ok()?.pointer_mut(pointer).map(|value| Cow::Owned(value.take()))
    }

    /// The planned outcome, if it is one.
    #[must_use]
    pub fn planned(&self) -> Option<&Outcome> {
        match self {
            Self::Planned(outcome) => Some(outcome),
            Self::Unplanned(_) => None,
        }
    }
}

impl From<Outcome> for Observation {
    fn from(outcome: Outcome) -> Self {
        Self::Planned(outcome)
    }
}

impl From<Unplanned> for Observation {
    fn from(unplanned: Unplanned) -> Self {
        Self::Unplanned(unplanned)
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;
    use crate::outcome::Failure;

    #[rstest]
    #[case::python("pay.py:3 call\nsupport/money.py:14 cents", Some("support/money.py:14"))]
    #[case::typescript("at call (pay.ts:3:11)\nat <anonymous> (lib/money.ts:14:2)", Some("lib/money.ts:14"))]
    #[case::package("at call (pay.ts:3:11)\nat success (@tasker-systems/tasker:9:1)", Some("pay.ts:3"))]
    #[case::runtime("at call (pay.ts:3:11)\nat parse (<prelude>:9:1)\nat hash (node:crypto:1:1)", Some("pay.ts:3"))]
    #[case::ruby("pay.rb:3:in `call'\nmoney.rb:14:in `block in cents'", Some("money.rb:14"))]
    #[case::no_line("at call", None)]
    #[case::nothing("", None)]
    fn the_innermost_own_line_of_a_trace_is_found(#[case] trace: &str, #[case] line: Option<&str>) {
        assert_eq!(innermost(trace).as_deref(), line);
    }

    #[rstest]
    #[case::itself("")]
    #[case::status("/status")]
    #[case::result("/result")]
    #[case::member("/result/a~1b/1")]
    #[case::metadata("/metadata/result")]
    #[case::nothing_there("/result/b")]
    #[case::another_name("/results")]
    #[case::no_member("/metadata/")]
    fn a_value_is_found_where_it_is_in_the_document(#[case] pointer: &str) {
        let (result, metadata) = (json!({"a/b": [1, -0.0], "metadata": 2}), json!({"result": null}));
        let failure = Outcome::Failed(Failure::permanent("A", "m"));
        for end in [Outcome::Completed { result, metadata }.into(), failure.into(), Unplanned::TimedOut.into()] {
            let end: Observation = end;
            assert_eq!(end.at(pointer).as_deref(), json!(end).pointer(pointer), "{end:?}");
        }
    }

    #[test]
    fn a_crash_is_classed_by_exception_and_line() {
        let crash = |trace: &str| {
            Unplanned::Crashed { class: "KeyError".into(), message: String::new(), trace: trace.into() }.class()
        };
        assert_eq!(crash("pay.py:3 call").to_string(), "crashed:KeyError at pay.py:3");
        assert_eq!(crash("").to_string(), "crashed:KeyError");
    }
}
