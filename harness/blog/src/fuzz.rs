//! Cases from the bytes of a fuzzer: a draw of a strategy, in which parts are replaced by the same parts of other draws.
//!
//! proptest's own way, bytes in the place of randomness, does not work for such documents: at every choice but the first of
//! several it gives half of the bytes that are left away, and when there are none it reads zeros, which a draw from a range
//! refuses for ever.

use parity_model::StepInput;
use serde_json::Value;

use crate::cases::OwnCases;
use parity_json::pointer;
use parity_model::{document_of, with_document};
use parity_schema::Scope;
use parity_suite::template::Template;
use parity_suite::{CaseId, GenerateError};

const SCOPES: [Scope; 4] = [Scope::Tiny, Scope::Small, Scope::Normal, Scope::Hostile];

/// The number of the case in every campaign: one that is as large as its scope allows.
const INDEX: u64 = 2;

/// Bytes of a replacement: one that chooses the part, two that choose the draw.
const REPLACEMENT: usize = 3;

/// Replacements of a case at most.
const MOST: usize = 48;

/// Cases of the steps of one workflow.
///
/// The first byte chooses the step, the second the scope, the next two the draw, and every three after that a part and the draw
/// that it is taken from. Every value is one that a strategy draws, and a change of one byte changes one thing.
pub struct ByteSource {
    sources: Vec<OwnCases>,
}

impl ByteSource {
    /// The cases of the steps of `template` that are handlers of our own, if there are any.
    #[must_use]
    pub fn new(template: &Template) -> Option<Self> {
        let handlers = template.steps.iter().map(|step| &step.handler.callable);
        let sources: Vec<OwnCases> = handlers.filter_map(|handler| OwnCases::of(handler).ok()).collect();
        (!sources.is_empty()).then_some(Self { sources })
    }

    /// The case of `bytes`; there is one for any, also for none.
    pub fn draw(&self, bytes: &[u8]) -> Result<StepInput, GenerateError> {
        let byte = |place: usize| bytes.get(place).copied().unwrap_or(0);
        let source = &self.sources[usize::from(byte(0)) % self.sources.len()];
        let scope = SCOPES[usize::from(byte(1)) % SCOPES.len()];
        let draw = |bytes: [u8; 2]| {
            let seed = u64::from(u16::from_le_bytes(bytes));
            Ok(source.draw(CaseId { seed, index: INDEX }, scope)?.step_input)
        };
        let input = draw([byte(2), byte(3)])?;
        let mut document = document_of(&input);
        for replacement in bytes.get(4..).unwrap_or_default().chunks_exact(REPLACEMENT).take(MOST) {
            let donor = document_of(&draw([replacement[1], replacement[2]])?);
            replace(&mut document, usize::from(replacement[0]), &donor);
        }
        Ok(with_document(&input, &document).unwrap_or(input))
    }
}

/// Puts what `donor` has at the place of this number there, or nothing if it has nothing.
fn replace(document: &mut Value, number: usize, donor: &Value) {
    let mut places = Vec::new();
    for part in ["context", "dependencies"] {
        if let Some(part_value) = document.get(part) {
            collect(part_value, &format!("/{part}"), &mut places);
        }
    }
    let Some(place) = places.get(number % places.len().max(1)) else { return };
    if let Some(value) = donor.pointer(place) {
        if let Some(old) = document.pointer_mut(place) {
            *old = value.clone();
        }
    } else if let Some((parent, last)) = place.rsplit_once('/') {
        match document.pointer_mut(parent) {
            Some(Value::Object(members)) => {
                members.shift_remove(&last.replace("~1", "/").replace("~0", "~"));
            }
            Some(Value::Array(elements)) => {
                elements.truncate(last.parse().unwrap_or(elements.len()));
            }
            _ => {}
        }
    }
}

/// The JSON Pointers of a value and of all that is in it.
fn collect(value: &Value, place: &str, places: &mut Vec<String>) {
    places.push(place.to_owned());
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                collect(member, &pointer::child(place, name), places);
            }
        }
        Value::Array(elements) => {
            for (index, element) in elements.iter().enumerate() {
                collect(element, &format!("{place}/{index}"), places);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use parity_model::{Ambient, AmbientStreams, HandlerId};
    use serde_json::json;

    use super::*;
    use parity_suite::template::load_all;

    fn sources() -> Vec<ByteSource> {
        let templates = load_all(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures/templates"))).unwrap();
        templates.iter().map(|template| ByteSource::new(template).unwrap()).collect()
    }

    /// Bytes that look random.
    fn noise(number: u64) -> Vec<u8> {
        let mut bytes = vec![0; 64];
        AmbientStreams::new(&Ambient { entropy: number, ..Ambient::default() }).fill_bytes(&mut bytes);
        bytes
    }

    #[test]
    fn any_bytes_are_a_case_and_always_the_same() {
        for source in sources() {
            for bytes in [Vec::new(), vec![255], noise(1), vec![0; 9], vec![255; 600]] {
                assert_eq!(source.draw(&bytes).unwrap(), source.draw(&bytes).unwrap());
            }
        }
    }

    #[test]
    fn bytes_reach_every_handler() {
        let sources = sources();
        let cases: Vec<StepInput> =
            (0..500).map(|number| sources[number % sources.len()].draw(&noise(number as u64)).unwrap()).collect();
        let handlers: BTreeSet<&HandlerId> = cases.iter().map(|case| &case.handler).collect();
        assert_eq!(handlers.len(), reference_rs::HANDLERS.len());
    }

    #[test]
    fn a_replacement_changes_one_part() {
        let donor = json!({"context": {"a": [1, 2], "c": 9}, "dependencies": {}});
        let document = json!({"context": {"a": [5, 6, 7], "b/~": 8, "c": 3}, "dependencies": {}});
        // The places: context, a, its three elements, b/~, c, dependencies.
        let context_of = |number| {
            let mut changed = document.clone();
            replace(&mut changed, number, &donor);
            changed["context"].take()
        };
        assert_eq!(context_of(0), donor["context"]);
        assert_eq!(context_of(1), json!({"a": [1, 2], "b/~": 8, "c": 3}));
        assert_eq!(context_of(3), json!({"a": [5, 2, 7], "b/~": 8, "c": 3}));
        assert_eq!(context_of(4), json!({"a": [5, 6], "b/~": 8, "c": 3}));
        assert_eq!(context_of(5), json!({"a": [5, 6, 7], "c": 3}));
        assert_eq!(context_of(6), json!({"a": [5, 6, 7], "b/~": 8, "c": 9}));
        assert_eq!(context_of(7), document["context"]);
        assert_eq!(context_of(8), donor["context"]);
    }
}
