//! What a campaign or a replay found, as text and as JSON. Nothing here reads or writes anything.

mod document;
mod emit;
mod escape;
mod outcomes;
mod reproduce;
mod text;
mod workflows;

pub use document::{Absent, Report};
pub use emit::{Emit, Tested};
pub use escape::printable;
pub use outcomes::{aligned, outcome_diff, pretty, value_diff};
pub use reproduce::Trees;
pub use text::{render, table};
pub use workflows::{AbsentWorkflow, WorkflowReport, render_workflows, trace_lines};
