//! Python handlers: in process, in CPython through pyo3 ([`PythonEngine`]; the feature `embedded`, which is on unless somebody turns
//! it off), and in a CPython of their own ([`python_process`]).
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

#[cfg(feature = "embedded")]
mod embedded;
mod harvest_process;
mod process;
mod runtime;

#[cfg(feature = "embedded")]
pub use embedded::{PythonEngine, harvest, library};
pub use harvest_process::harvest_in_process;
pub use process::python_process;
