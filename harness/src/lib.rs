//! Parity: runs the same step input through the handlers of several languages and finds where they disagree.

pub mod engine;
pub mod outcome;
