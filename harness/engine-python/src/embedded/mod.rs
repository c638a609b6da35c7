//! CPython in this process, through pyo3.

mod ambient;
mod bridge;
mod check;
mod ends;
mod engine;
mod harvest;
mod interpreter;
mod memory;
mod phase;
mod reader;
mod sandbox;
mod state_leaks;
mod watch;

pub use engine::PythonEngine;
pub use harvest::harvest;
pub use interpreter::library;
