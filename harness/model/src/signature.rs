//! What names a difference between two outcomes, and makes two divergences the same one.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::step_input::HandlerId;

/// What makes two divergences the same one.
///
/// JSON: `{"handler": "ecommerce/validate_cart", "engine": "python", "class": "value", "path": "/result/shipping"}`, and
/// `"manner"`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Signature {
    /// The handler in which the engine differs.
    pub handler: HandlerId,
    /// The engine that does not agree with the oracle.
    pub engine: String,
    /// The kind of difference.
    pub class: DifferenceClass,
    /// JSON Pointer into the outcome document, with `*` for every array index and for every member that data names.
    pub path: String,
    /// What the difference does to the value, a few words such as `tab lost`; empty where nothing is known of it. Two mistakes in
    /// one place often differ in it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub manner: String,
}

impl Signature {
    /// The same without the manner: what all mistakes in one place have in common.
    #[must_use]
    pub fn family(&self) -> Self {
        Self { manner: String::new(), ..self.clone() }
    }
}

impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {} {}", self.handler, self.engine, self.class, self.path)?;
        if self.manner.is_empty() { Ok(()) } else { write!(f, " ({})", self.manner) }
    }
}

/// The kind of a difference.
///
/// Text and JSON: the name, and behind a colon what it holds, e.g. `value`, `decision:completed->INVALID`, `crashed:KeyError at shop/pay.py:12`.
/// Ordered as these texts are.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum DifferenceClass {
    /// Completed, failed for good, failed for now, or failed for another reason: another code is another rule that
    /// applied. Holds both ends as [`DifferenceClass::decision`] writes them, so that shrinking cannot turn a missing check
    /// into a check that only comes later.
    Decision(String),
    /// Another way of writing an id or a time: its length, its alphabet, its time zone.
    Form,
    /// Another value of the same type.
    Value,
    /// A value of another type.
    Type,
    /// A field that the expected outcome has.
    Missing,
    /// A field that the expected outcome does not have.
    Extra,
    /// A list of another length.
    Length,
    /// A list of the same elements in another order.
    Order,
    /// Only the code of a failure is missing, in a language that cannot raise one.
    CodeNotExpressed,
    /// An outcome that is not the same every time, or depends on earlier calls.
    Nondeterministic,
    /// An exception that nobody planned, by its class and the innermost line of the handler's own code, as
    /// [`Unplanned::class`](crate::Unplanned::class) writes them.
    Crashed(String),
    /// A call that took too long.
    TimedOut,
    /// A call that used too much memory.
    OutOfMemory,
    /// A call that recursed too deeply.
    StackOverflow,
    /// A call that ended its process.
    Exited,
    /// A call that reached for what the sandbox denies: `network`, `process`, `file` or `native_code`.
    Denied(String),
    /// A call that left something which changes later calls.
    LeftBehind,
    /// A call that asked for something that is not provided. Such a call cannot be compared, so no divergence has this class.
    Unsupported(String),
    /// A value that is not JSON, by its kind.
    Unserialisable(String),
}

impl DifferenceClass {
    /// The decision `actual` in the place of `expected`, e.g. `decision:INVALID->completed`.
    #[must_use]
    pub fn decision(expected: &str, actual: &str) -> Self {
        Self::Decision(format!("{expected}->{actual}"))
    }

    /// The name, and what it holds.
    fn parts(&self) -> (&'static str, Option<&str>) {
        match self {
            Self::Decision(expected) => ("decision", Some(expected)),
            Self::Form => ("form", None),
            Self::Value => ("value", None),
            Self::Type => ("type", None),
            Self::Missing => ("missing", None),
            Self::Extra => ("extra", None),
            Self::Length => ("length", None),
            Self::Order => ("order", None),
            Self::CodeNotExpressed => ("code_not_expressed", None),
            Self::Nondeterministic => ("nondeterministic", None),
            Self::Crashed(class) => ("crashed", Some(class)),
            Self::TimedOut => ("timed_out", None),
            Self::OutOfMemory => ("out_of_memory", None),
            Self::StackOverflow => ("stack_overflow", None),
            Self::Exited => ("exited", None),
            Self::Denied(what) => ("denied", Some(what)),
            Self::LeftBehind => ("left_behind", None),
            Self::Unsupported(what) => ("unsupported", Some(what)),
            Self::Unserialisable(what) => ("unserialisable", Some(what)),
        }
    }
}

impl fmt::Display for DifferenceClass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.parts() {
            (name, None) => f.write_str(name),
            (name, Some(held)) => write!(f, "{name}:{held}"),
        }
    }
}

impl FromStr for DifferenceClass {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let held = text.split_once(':');
        Ok(match (text, held) {
            ("form", _) => Self::Form,
            ("value", _) => Self::Value,
            ("type", _) => Self::Type,
            ("missing", _) => Self::Missing,
            ("extra", _) => Self::Extra,
            ("length", _) => Self::Length,
            ("order", _) => Self::Order,
            ("code_not_expressed", _) => Self::CodeNotExpressed,
            ("nondeterministic", _) => Self::Nondeterministic,
            ("timed_out", _) => Self::TimedOut,
            ("out_of_memory", _) => Self::OutOfMemory,
            ("stack_overflow", _) => Self::StackOverflow,
            ("exited", _) => Self::Exited,
            ("left_behind", _) => Self::LeftBehind,
            (_, Some(("decision", expected))) => Self::Decision(expected.to_owned()),
            (_, Some(("crashed", class))) => Self::Crashed(class.to_owned()),
            (_, Some(("denied", what))) => Self::Denied(what.to_owned()),
            (_, Some(("unsupported", what))) => Self::Unsupported(what.to_owned()),
            (_, Some(("unserialisable", what))) => Self::Unserialisable(what.to_owned()),
            _ => {
                return Err(format!(
                    "{text:?} is no class of a difference, such as value or decision:completed->INVALID"
                ));
            }
        })
    }
}

impl TryFrom<String> for DifferenceClass {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<DifferenceClass> for String {
    fn from(class: DifferenceClass) -> Self {
        class.to_string()
    }
}

impl Ord for DifferenceClass {
    fn cmp(&self, other: &Self) -> Ordering {
        // No name begins with another one, so this is the order of the texts.
        self.parts().cmp(&other.parts())
    }
}

impl PartialOrd for DifferenceClass {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_class_reads_back_as_itself_and_is_ordered_as_its_text() {
        let texts = [
            "code_not_expressed",
            "crashed:KeyError",
            "crashed:",
            "decision:A:b->completed",
            "decision:completed->A",
            "denied:network",
            "exited",
            "extra",
            "form",
            "left_behind",
            "length",
            "order",
            "missing",
            "nondeterministic",
            "out_of_memory",
            "stack_overflow",
            "timed_out",
            "type",
            "unserialisable:a set",
            "unsupported:DecisionHandler",
            "value",
        ];
        let mut classes: Vec<DifferenceClass> = texts.iter().map(|text| text.parse().unwrap()).collect();
        for (class, text) in classes.iter().zip(texts) {
            assert_eq!(class.to_string(), text);
            assert_eq!(serde_json::to_value(class).unwrap(), text);
        }
        classes.sort();
        let mut sorted = texts.to_vec();
        sorted.sort_unstable();
        assert_eq!(classes.iter().map(ToString::to_string).collect::<Vec<_>>(), sorted);
    }

    #[test]
    fn a_class_that_nobody_knows_is_refused() {
        for text in ["", "values", "decision", "crashed", "value:x"] {
            assert!(text.parse::<DifferenceClass>().unwrap_err().contains("no class"), "{text}");
        }
    }
}
