//! Handlers in a process of their own, over JSON lines: for what no process survives, and for a fresh interpreter.

mod engine;
mod protocol;
mod serve;
mod worker;

pub use engine::ProcessEngine;
pub use protocol::{PROTOCOL, Reply, Request};
pub use serve::serve;
pub use worker::WorkerCommand;
