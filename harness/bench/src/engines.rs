//! The engines that are measured, and the oracle by itself.

use std::time::Duration;

use parity_blog::Oracle;
use parity_campaign::Panel;
use parity_engine::Engine;
use parity_engine::clock::{thread_time, thread_time_since};
use parity_engine_python::PythonEngine;
use parity_engine_typescript::TypeScriptEngine;
use parity_model::{Observation, StepInput};

use super::error::BenchError;

/// The engines that are measured; the loop has engines of its own, on the same trees.
pub struct Engines {
    /// Calls Python without anything around it.
    pub python: PythonEngine,
    /// Calls TypeScript without anything around it.
    pub typescript: TypeScriptEngine,
    /// What the loop runs: the oracle, Python, then TypeScript.
    pub panel: Panel,
}

/// What the oracle answers, and the CPU time of the calls.
pub(super) fn bare_oracle(inputs: &[StepInput]) -> Result<(Vec<Observation>, Duration), BenchError> {
    let mut oracle = Oracle::default();
    let mut expected = Vec::with_capacity(inputs.len());
    let before = thread_time();
    for input in inputs {
        expected.push(oracle.run(input)?);
    }
    Ok((expected, thread_time_since(before)))
}
