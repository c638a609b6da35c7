//! An engine runs the handlers of one language. It may be told which end is expected, and say that it is the one; it knows nothing of
//! where inputs come from, of what counts as a difference, or of reports.
//!
//! Here are the [interface](Engine), the [languages](language) and the [configuration](EngineConfig) of an engine, the
//! [protocol](process) of engines in worker processes, the [discovery](tree) of handler files, and the [names](naming) that
//! handlers go by. The engines themselves are crates of their own.
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

pub mod allowed;
pub mod catalog;
pub mod clock;
mod config;
mod engine;
mod error;
pub mod failure;
pub mod language;
mod launch;
pub mod naming;
mod opinion;
pub mod own_time;
mod path_document;
pub mod process;
pub mod program;
pub mod recorder;
pub mod scratch;
pub mod tree;
mod wrapper;

pub use config::{EngineConfig, EngineNameError, Runner, Second};
pub use engine::{Engine, MAX_DEPTH_OF_RESULT, REFERENCE};
pub use error::{EngineFault, TreeError};
pub use language::{Interpreter, LANGUAGES, Language};
pub use launch::{Launch, LaunchOptions, Starter};
pub use opinion::{Opinion, Otherwise};
pub use wrapper::Wrapper;
