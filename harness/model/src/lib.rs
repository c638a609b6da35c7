//! The documents that cross every boundary: what goes into a handler, what comes out of it, and what names a difference.

mod ambient;
mod document;
mod observation;
mod outcome;
mod signature;
mod step_input;

pub use ambient::AmbientStreams;
pub use document::{document_of, with_document};
pub use observation::{Observation, Unplanned};
pub use outcome::{Failure, FailureKind, INVALID_INPUT, Outcome};
pub use signature::{DifferenceClass, Signature};
pub use step_input::{Ambient, HandlerId, StepInput};
