//! How much a divergence matters to those who run the workflow.

use std::fmt;

use parity_model::Outcome;
use serde::{Deserialize, Serialize};

use parity_model::Observation;
use parity_model::{DifferenceClass, Signature};

/// How much a divergence matters, the worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Grade {
    /// The workflow goes another way: completed against failed, permanent against retryable, or an end that nobody planned.
    Decision,
    /// Later steps are given another value.
    Value,
    /// What others rely on is not there or is another one: fields, their types, codes, the delay of a retry.
    Contract,
    /// Only people see it: texts and metadata, or a code that the language cannot express.
    Cosmetic,
}

impl fmt::Display for Grade {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Decision => "decision",
            Self::Value => "value",
            Self::Contract => "contract",
            Self::Cosmetic => "cosmetic",
        })
    }
}

impl Grade {
    /// The grade of a difference with this signature between these two ends.
    #[must_use]
    pub fn of(signature: &Signature, expected: &Observation, actual: &Observation) -> Self {
        let Signature { class, path, .. } = signature;
        let below = |root: &str| path.strip_prefix(root).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        match class {
            _ if below("/message") || below("/metadata") => Self::Cosmetic,
            DifferenceClass::Value | DifferenceClass::Length if below("/retry_after") || below("/error_type") => {
                Self::Contract
            }
            DifferenceClass::Decision(_) if same_way(expected, actual) => Self::Contract,
            _ => Self::of_class(class),
        }
    }

    /// The grade of a difference of which only the class is known.
    #[must_use]
    pub fn of_class(class: &DifferenceClass) -> Self {
        match class {
            DifferenceClass::CodeNotExpressed => Self::Cosmetic,
            DifferenceClass::Value | DifferenceClass::Length | DifferenceClass::Order => Self::Value,
            DifferenceClass::Type | DifferenceClass::Missing | DifferenceClass::Extra | DifferenceClass::Form => {
                Self::Contract
            }
            _ => Self::Decision,
        }
    }
}

/// Whether two ends send the workflow the same way: failures of one kind, whose codes differ.
fn same_way(expected: &Observation, actual: &Observation) -> bool {
    match (expected.planned(), actual.planned()) {
        (Some(Outcome::Failed(expected)), Some(Outcome::Failed(actual))) => expected.kind == actual.kind,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn a_grade_is_called_the_same_in_text_and_in_json() {
        for grade in [Grade::Decision, Grade::Value, Grade::Contract, Grade::Cosmetic] {
            assert_eq!(json!(grade), json!(grade.to_string()));
        }
    }

    fn failed(kind: &str, code: &str) -> Value {
        json!({"status": "failed", "kind": kind, "code": code, "message": "", "retry_after": null, "context": {}})
    }

    fn completed() -> Value {
        json!({"status": "completed", "result": {}, "metadata": {}})
    }

    #[rstest]
    #[case("decision:completed->A", "", completed(), failed("permanent", "A"), Grade::Decision)]
    #[case("decision:A->B", "", failed("permanent", "A"), failed("retryable", "A"), Grade::Decision)]
    #[case("decision:A->B", "", failed("permanent", "A"), failed("permanent", "B"), Grade::Contract)]
    #[case("decision:A->B", "", failed("permanent", "A"), json!({"status": "timed_out"}), Grade::Decision)]
    #[case("crashed:KeyError", "", completed(), json!({"status": "exited"}), Grade::Decision)]
    #[case("nondeterministic", "", completed(), completed(), Grade::Decision)]
    #[case("value", "/result/total", completed(), completed(), Grade::Value)]
    #[case("form", "/result/id", completed(), completed(), Grade::Contract)]
    #[case("length", "/result/items", completed(), completed(), Grade::Value)]
    #[case("order", "/result/items", completed(), completed(), Grade::Value)]
    #[case("type", "/result/total", completed(), completed(), Grade::Contract)]
    #[case("missing", "/result/total", completed(), completed(), Grade::Contract)]
    #[case("extra", "/context/id", completed(), completed(), Grade::Contract)]
    #[case("missing", "/code", failed("permanent", "A"), failed("permanent", "A"), Grade::Contract)]
    #[case("value", "/retry_after", failed("retryable", "A"), failed("retryable", "A"), Grade::Contract)]
    #[case("value", "/error_type", failed("permanent", "A"), failed("permanent", "A"), Grade::Contract)]
    #[case("code_not_expressed", "/code", failed("permanent", "A"), failed("permanent", "A"), Grade::Cosmetic)]
    #[case("value", "/message", failed("permanent", "A"), failed("permanent", "A"), Grade::Cosmetic)]
    #[case("missing", "/metadata/hint", completed(), completed(), Grade::Cosmetic)]
    #[case("missing", "/metadatas", completed(), completed(), Grade::Contract)]
    fn a_difference_has_a_grade(
        #[case] class: &str,
        #[case] path: &str,
        #[case] expected: Value,
        #[case] actual: Value,
        #[case] grade: Grade,
    ) {
        let signature = Signature {
            handler: "a/b".parse().unwrap(),
            engine: "python".to_owned(),
            class: class.parse().unwrap(),
            path: path.to_owned(),
            manner: String::new(),
        };
        let end = |value: Value| serde_json::from_value::<Observation>(value).unwrap();
        assert_eq!(Grade::of(&signature, &end(expected), &end(actual)), grade);
    }
}
