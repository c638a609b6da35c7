//! Starts every engine that a configuration can name. Whoever runs campaigns knows [`Launch`](parity_engine::Launch) alone.

mod copy;
mod launcher;
mod runtimes;
mod second;
mod starters;
mod worker;

pub use launcher::Launcher;
pub use worker::{WorkerConfig, serve_worker};
