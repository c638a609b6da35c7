//! Handlers in a process of their own, over JSON lines: for what no process survives, for a fresh interpreter, and for every
//! language that no engine embeds.

mod engine;
mod files;
mod protocol;
mod reply;
mod serve;
mod worker;

pub use engine::ProcessEngine;
pub use files::{Hosted, RuntimeFiles, Surroundings};
pub use protocol::{PROTOCOL, Reply, Request};
pub use serve::serve;
pub use worker::WorkerCommand;
