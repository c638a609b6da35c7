//! Python handlers: in process, in CPython through pyo3 ([`PythonEngine`]), and in a CPython of their own ([`python_process`]).
//!
//! Both run the modules of `runtime/`: the driver, and a `tasker_core` that handlers import.
//!
//! ```no_run
//! use std::path::Path;
//!
//! use parity_engine::Engine;
//! use parity_engine_python::PythonEngine;
//! use parity_model::StepInput;
//! use serde_json::Map;
//!
//! let mut engine = PythonEngine::load(Path::new("handlers/python"))?;
//! let step_input = StepInput::new("ecommerce/validate_cart".parse()?, Map::new(), Map::new());
//! println!("{:?}", engine.run(&step_input)?);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod ambient;
mod bridge;
mod check;
mod ends;
mod engine;
mod harvest;
mod interpreter;
mod memory;
mod phase;
mod process;
mod reader;
mod runtime;
mod sandbox;
mod state_leaks;
mod watch;

pub use engine::PythonEngine;
pub use harvest::harvest;
pub use interpreter::library;
pub use process::python_process;
