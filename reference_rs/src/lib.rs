//! The oracle: what every handler answers to every step input, in Rust.
//!
//! A handler is a pure function of its [`StepInput`](parity_model::StepInput); time and randomness come from its [`Ambient`](parity_model::Ambient) alone. The handlers
//! follow the public Ruby implementation of the same workflows bit for bit wherever that one ends in an outcome it
//! planned, with the departures below.
//!
//! # Departures from the Ruby implementation
//!
//! 1. **Total.** Where the Ruby handler ends in an exception nobody planned, the answer is a permanent failure with code
//!    [`INVALID_INPUT`](parity_model::INVALID_INPUT), and `context.path` is the JSON Pointer of the first offending value.
//! 2. **UTC.** `created_at`, `order_number`, `estimated_delivery` and `estimated_arrival` use UTC, not the zone of the
//!    machine.
//! 3. **No NaN.** An average over nothing is 0.0.
//! 4. **Whole-string patterns.** A pattern matches the whole text; there are no line anchors.
//! 5. **I-JSON numbers** (RFC 7493). A number beyond ±(2^53 - 1) is [`INVALID_INPUT`](parity_model::INVALID_INPUT) where it is read or handed on.
//!    So is a divisor so small that a quotient would leave that range.
//! 6. **Dates.** Only RFC 3339 timestamps (cut to milliseconds) and plain `YYYY-MM-DD` (midnight in UTC) are dates.
//! 7. **Numbers by value.** `2.0` is the integer 2, because JSON does not tell them apart and TypeScript can not. A sum
//!    of integers that leaves ±(2^53 - 1) becomes the nearest double.
//! 8. **Texts.** Within a text null is nothing, and a list or an object is [`INVALID_INPUT`](parity_model::INVALID_INPUT). Groups have texts for names:
//!    values that read the same, such as 1 and `"1"`, or null and the empty text, name the same group.
//!
//! # Who is invalid, and where
//!
//! A handler reads its input in the order of its body, and the first value that can not be used ends it. So within one
//! handler the order is: the containers that are opened up front (truthy, but no object), then the handler's own checks
//! from top to bottom, then the values that are only handed on. The path points at the offending value itself, also when
//! it is absent: a quantity that is needed but missing is named by the path at which it would stand. Numbers inside a
//! value that is handed on whole are named by the path of that whole value.
//!
//! A value that is missing where the Ruby handler has a planned answer for it (null, and often false) keeps that answer.

mod email;
mod field;
mod number;
mod registry;
mod spec;
mod success;
mod times;

pub use field::Field;
pub use number::{Number, float_text, fmt2, round2, round4, sum, sum_floats, text_to_float};
pub use registry::find;
pub use spec::{Call, Evaluation, HandlerSpec, OutcomeClass, Step};
pub use success::Success;

// The modules of the handlers and their list `HANDLERS`, derived from the files by build.rs.
include!(concat!(env!("OUT_DIR"), "/handlers.rs"));
