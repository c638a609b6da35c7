//! Ruby handlers, in a process of their own.

mod ruby;

pub use ruby::ruby;
