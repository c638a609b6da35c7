//! Parity: runs the same step input through the handlers of several languages and finds where they disagree.

pub mod bench;
pub mod campaign;
pub mod cli;
pub mod compare;
pub mod coverage;
pub mod criteria;
pub mod divergence;
pub mod docs;
pub mod domain;
pub mod engine;
mod fold;
pub mod fuzz;
pub mod generate;
pub mod grade;
pub mod ledger;
pub mod naming;
pub mod outcome;
pub mod pointer;
pub mod report;
pub mod shrink;
pub mod template;
pub mod vectors;
mod volatile;
mod vote;
pub mod workflow;
mod yaml;
