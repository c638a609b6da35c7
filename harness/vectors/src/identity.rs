//! Who a vector is.

use parity_json::named_id;
use parity_model::StepInput;

/// The identity of the vector with this input: the step, and the first digits of the input's digest.
#[must_use]
pub fn id_of(input: &StepInput) -> String {
    named_id(input.handler.step(), input)
}
