//! TypeScript handlers: in process, in `QuickJS` ([`TypeScriptEngine`]), and in Node ([`NodeEngine`]). Types are stripped in Rust, so that
//! the engine in process needs no Node.
//!
//! An [`Alias`] says which file or package a specifier means that leads nowhere by itself.
//!
//! ```no_run
//! use std::path::Path;
//!
//! use parity_engine::Engine;
//! use parity_engine_typescript::TypeScriptEngine;
//! use parity_model::StepInput;
//! use serde_json::Map;
//!
//! let mut engine = TypeScriptEngine::load(Path::new("handlers/typescript"))?;
//! let step_input = StepInput::new("ecommerce/validate_cart".parse()?, Map::new(), Map::new());
//! println!("{:?}", engine.run(&step_input)?);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod alias;
mod ambient;
mod bridge;
mod check;
mod date;
mod embedded;
mod emit;
mod engine;
mod harvest;
mod host;
mod limits;
mod loader;
mod math;
mod node;
mod packages;
mod paths;
mod profile;
mod start;
mod strip;
mod trace;
mod unsupported;
mod vm;

pub use alias::{Alias, meanings_below};
pub use engine::TypeScriptEngine;
pub use harvest::harvest;
pub use node::NodeEngine;
pub use profile::Profile;
