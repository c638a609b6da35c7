//! Inputs that somebody recorded: each is compared as it is, and others are drawn from them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use parity_model::{HandlerId, StepInput, document_of, with_document};
use parity_schema::{Domain, below};
use proptest::test_runner::TestRng;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use thiserror::Error;

use crate::preserve;

/// One in so many of the other cases is a recorded one with other values.
const DRAWN: usize = 4;

/// How often other values are tried until the input is well-formed.
const TRIES: usize = 8;

/// What a line looks like.
const EXAMPLE: &str = r#"{"handler": "shop/pay", "context": {"amount": 1}, "dependencies": {}}, or a request of the protocol with it as "input""#;

/// A file of recorded inputs cannot be used.
#[derive(Debug, Error)]
pub enum RecordedError {
    /// It cannot be read.
    #[error("{}: the recorded inputs cannot be read: {source}", file.display())]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A line is no step input.
    #[error("{}:{line}: no step input: {message}; write a line such as {}", file.display(), EXAMPLE)]
    Line {
        /// The file.
        file: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What is wrong with it.
        message: String,
    },
    /// A line is for a handler that is not there.
    #[error("{}:{line}: there is no handler {handler}; take the line out, or name it as `parity list` does", file.display())]
    Handler {
        /// The file.
        file: PathBuf,
        /// The line, from 1.
        line: usize,
        /// Its handler.
        handler: HandlerId,
    },
}

/// Inputs by the handler that they are for.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Recorded(BTreeMap<HandlerId, Vec<StepInput>>);

impl Recorded {
    /// The inputs in `files`, one a line, each for one of `handlers`.
    pub fn read(files: &[PathBuf], handlers: &[HandlerId]) -> Result<Self, RecordedError> {
        let mut recorded = Self::default();
        for file in files {
            let unreadable = |source| RecordedError::Unreadable { file: file.clone(), source };
            recorded.add(file, &std::fs::read_to_string(file).map_err(unreadable)?, handlers)?;
        }
        Ok(recorded)
    }

    fn add(&mut self, file: &Path, text: &str, handlers: &[HandlerId]) -> Result<(), RecordedError> {
        for (line, text) in (1..).zip(text.trim_start_matches('\u{feff}').lines()) {
            if text.trim().is_empty() {
                continue;
            }
            let input =
                input_of(text).map_err(|message| RecordedError::Line { file: file.to_owned(), line, message })?;
            if !handlers.contains(&input.handler) {
                return Err(RecordedError::Handler { file: file.to_owned(), line, handler: input.handler });
            }
            self.0.entry(input.handler.clone()).or_default().push(input);
        }
        Ok(())
    }

    /// The inputs for `handler`.
    #[must_use]
    pub fn of(&self, handler: &HandlerId) -> &[StepInput] {
        self.0.get(handler).map_or(&[], Vec::as_slice)
    }

    /// How many cases it takes until each of them was one.
    #[must_use]
    pub fn cases(&self) -> u64 {
        self.0.values().map(|inputs| inputs.len() as u64).max().unwrap_or(0)
    }
}

/// The input in a line: the line itself, or what a request in it asks to run.
fn input_of(line: &str) -> Result<StepInput, String> {
    let document: Value = serde_json::from_str(line).map_err(|error| error.to_string())?;
    let input = match document {
        Value::Object(mut request) if !request.contains_key("handler") && request.contains_key("input") => {
            request.remove("input").unwrap_or_default()
        }
        other => other,
    };
    serde_json::from_value(input).map_err(|error| error.to_string())
}

/// One of `inputs` with other values, in a share of cases; well-formed if it was.
pub(crate) fn drawn_from(inputs: &[StepInput], domain: &Domain, rng: &mut TestRng) -> Option<StepInput> {
    if below(rng, DRAWN) > 0 {
        return None;
    }
    let input = inputs.get(below(rng, inputs.len()))?;
    let document = document_of(input);
    let is_well_formed = domain.holds(&document);
    (0..TRIES).find_map(|_| {
        let mut other = document.clone();
        let parts = other.as_object_mut().into_iter().flat_map(|parts| parts.values_mut());
        preserve::mutate(parts, rng);
        let is_kept = other != document && (!is_well_formed || domain.holds(&other));
        is_kept.then(|| with_document(input, &other)).flatten()
    })
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;
    use crate::case::CaseId;
    use crate::generators::Generators;
    use crate::literals::Literals;
    use crate::source::Source;
    use parity_schema::Scope;

    const TEMPLATE: &str = r"
name: checkout
namespace_name: shop
version: 1.0.0
input_schema:
  type: object
  required: [coupon, amount]
  properties:
    coupon: { type: string, minLength: 1 }
    amount: { type: integer, minimum: 0 }
steps:
  - name: pay
    handler: { callable: shop/pay }
";

    fn read(text: &str) -> Result<Recorded, RecordedError> {
        let mut recorded = Recorded::default();
        recorded.add(Path::new("in.jsonl"), text, &["shop/pay".parse().unwrap()])?;
        Ok(recorded)
    }

    #[rstest]
    #[case("{\"handler\": \"shop/pay\"}", "in.jsonl:1: no step input: missing field `context`; write a line such as {")]
    #[case("\n[1]", "in.jsonl:2: no step input: ")]
    #[case("{\"handler\": \"shop/pay\", \"context\": {}}\n{", "in.jsonl:2: no step input: EOF")]
    #[case(
        "{\"handler\": \"shop/pai\", \"context\": {}}",
        "in.jsonl:1: there is no handler shop/pai; take the line out"
    )]
    fn a_line_that_cannot_be_used_is_told_with_its_number(#[case] text: &str, #[case] expected: &str) {
        let error = read(text).unwrap_err().to_string();
        assert!(error.starts_with(expected), "{error}");
    }

    #[test]
    fn recorded_inputs_are_the_first_cases_and_others_are_drawn_from_them() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("t.yaml");
        std::fs::write(&file, TEMPLATE).unwrap();
        let templates = [crate::template::load(&file).unwrap()];
        // As it is, and as a worker is asked to run it; the second is not well-formed.
        let lines = [
            json!({"handler": "shop/pay", "context": {"coupon": "SUMMER-7", "amount": 5}}),
            json!({"type": "run", "id": 1, "input": {"handler": "shop/pay", "context": {"amount": -1}, "attempt": 2}}),
        ];
        let recorded = read(&lines.map(|line| line.to_string()).join("\n\n")).unwrap();
        assert_eq!(recorded.cases(), 2);
        // As a worker process gets them.
        let recorded: Recorded = serde_json::from_value(json!(recorded)).unwrap();
        let handler: HandlerId = "shop/pay".parse().unwrap();
        let run = &mut |_: &StepInput| None;
        let source = Source::new(&handler, &Generators::NONE, &templates, &Literals::default(), run).unwrap();
        let source = source.with_recorded(&recorded);
        let cases: Vec<StepInput> = (0..300)
            .map(|index| source.draw(CaseId { seed: 1, index }, Scope::Normal.of_case(index), run).unwrap().input)
            .collect();
        assert_eq!(cases[..2], *recorded.of(&handler));
        let like = |case: &&StepInput| {
            let (coupon, amount) = (&case.context.get("coupon"), &case.context.get("amount"));
            coupon.is_some_and(|coupon| coupon == "SUMMER-7") != amount.is_some_and(|amount| *amount == 5)
        };
        let count = cases.iter().filter(like).count();
        assert!((15..=90).contains(&count), "{count}");
    }
}
