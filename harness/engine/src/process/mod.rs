//! Handlers in a process of their own, over JSON lines: for what no process survives, for a fresh interpreter, and for every
//! language that no engine embeds.

mod command;
mod engine;
mod expected;
mod family;
mod files;
mod hosted;
mod probe;
mod protocol;
mod reply;
mod serve;
mod stdio;
mod worker;

pub use command::{Surroundings, WorkerCommand};
pub use engine::ProcessEngine;
pub use family::end_with_all_below;
pub use files::RuntimeFiles;
pub use hosted::Hosted;
pub use probe::{Interpreter, interpreter};
pub use serve::serve;
pub use stdio::{end_with_the_parent, own_errors, own_output};
