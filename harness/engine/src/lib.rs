//! An engine runs the handlers of one language. It knows nothing of generators, comparison or reports.
//!
//! Here are the [interface](Engine), the [protocol](process) of engines in worker processes, the [discovery](tree) of handler
//! files, and the [names](naming) that handlers go by. The engines themselves are crates of their own.
//!
//! ```
//! use parity_engine::{Engine, EngineFault};
//! use parity_model::{HandlerId, Observation, Outcome, StepInput};
//! use serde_json::json;
//!
//! /// Answers every input with nothing.
//! struct Silent(Vec<HandlerId>);
//!
//! impl Engine for Silent {
//!     fn name(&self) -> &str {
//!         "silent"
//!     }
//!
//!     fn handlers(&self) -> &[HandlerId] {
//!         &self.0
//!     }
//!
//!     fn run(&mut self, _: &StepInput) -> Result<Observation, EngineFault> {
//!         Ok(Outcome::Completed { result: json!({}), metadata: json!({}) }.into())
//!     }
//! }
//!
//! let handler: HandlerId = "demo/say_hello".parse().expect("a handler has a namespace and a step");
//! assert!(Silent(vec![handler.clone()]).has(&handler));
//! ```

pub mod clock;
mod engine;
mod error;
pub mod failure;
pub mod journal;
pub mod naming;
pub mod process;
pub mod roll;
pub mod tree;

pub use engine::{Engine, REFERENCE};
pub use error::{EngineFault, TreeError};
