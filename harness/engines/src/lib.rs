//! Starts every engine that a configuration can name. Whoever runs campaigns knows [`Launch`](parity_engine::Launch) alone.

mod confined;
mod copy;
mod harvest;
mod launcher;
mod runtimes;
mod second;
mod starters;
mod worker;

pub use harvest::harvest;
pub use launcher::Launcher;
pub use runtimes::is_built_in;
pub use worker::{WorkerConfig, serve_worker};
