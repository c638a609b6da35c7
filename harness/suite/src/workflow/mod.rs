//! Whole workflows: a template run on one engine, and what two runs of it have in common.
//!
//! ```text
//! task -> execute -> (pool of one engine) -> trace -> compare
//! ```

mod compare;
mod delegation;
mod execute;
mod pool;
mod runner;
mod task;
mod trace;

pub use compare::{AgainTask, WorkflowSignature, compare_traces, compare_traces_fully};
pub use execute::{Execution, execute};
pub use pool::Pool;
pub use runner::Runner;
pub use task::{Task, document_of_task, with_task_document};
pub use trace::{Attempt, Delegated, StepState, StepTrace, Trace, WorkflowState};
