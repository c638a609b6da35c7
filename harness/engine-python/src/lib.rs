//! The in-process Python engine: CPython through pyo3.

mod ambient;
mod bridge;
mod check;
mod engine;
mod interpreter;
mod leftovers;
mod memory;
mod process;
mod runtime;
mod sandbox;
mod watch;

pub use engine::PythonEngine;
pub use process::python_process;
