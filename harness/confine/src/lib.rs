//! Shuts handlers in by the operating system: what they may read is named, and nothing else is theirs. The one place that knows
//! how Linux does it.
//!
//! *Landlock* keeps files, network and signals from a thread or a process, by objects of the kernel and not by paths.
//! *Seccomp* stops the system calls that lead out and hands each of them to a supervisor outside, which refuses it and notes
//! what was tried: whoever runs a handler can tell what it reached for, whatever the handler made of the refusal.

mod calls;
mod child;
mod denial;
mod doors;
mod filter;
mod judge;
mod landlocked;
mod listener;
mod memory;
mod outside;
mod readable;
mod supervisor;
mod support;
mod this_thread;

pub use child::{Confinement, Supervised};
pub use denial::Denial;
pub use doors::Doors;
pub use outside::{Outside, outside};
pub use readable::Readable;
pub use support::Support;
pub use this_thread::{confine_this_thread, denied, forget};
