//! The documents that cross every boundary between the harness, its engines and the handlers.
//!
//! - [`StepInput`]: what a handler is called with. A [`HandlerId`] names the handler; [`Ambient`] is the clock, the randomness and the
//!   identities of the call.
//! - [`Outcome`]: what a handler planned to answer, a result or a [`Failure`].
//! - [`Observation`]: what the harness saw of a call: the outcome, or an end that is [`Unplanned`].
//! - [`Signature`]: what makes two divergences the same one; [`DifferenceClass`] is its kind.
//! - [`AmbientStreams`]: the random draws of a call, the same in every language.
//!
//! ```
//! use parity_model::{AmbientStreams, Failure, Observation, Outcome, StepInput};
//! use serde_json::Map;
//!
//! let step_input = StepInput::new("ecommerce/validate_cart".parse()?, Map::new(), Map::new());
//! let draw = || AmbientStreams::new(&step_input.ambient).uuid4();
//! assert_eq!(draw(), draw());
//!
//! let failure = Failure::permanent("EMPTY_CART", "Cart is empty");
//! let observation = Observation::from(Outcome::Failed(failure));
//! assert_eq!(observation.at("/code").as_deref(), Some(&"EMPTY_CART".into()));
//! # Ok::<(), String>(())
//! ```

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
pub use step_input::{Ambient, HandlerId, StepInput, Zone};
