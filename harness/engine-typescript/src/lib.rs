//! TypeScript handlers in process: types are stripped in Rust and QuickJS runs the rest, so that no Node is needed.

mod alias;
mod ambient;
mod bridge;
mod check;
mod embedded;
mod emit;
mod engine;
mod host;
mod limits;
mod loader;
mod node;
mod start;
mod strip;
mod trace;
mod vm;

pub use alias::Alias;
pub use engine::TypeScriptEngine;
pub use node::NodeEngine;
