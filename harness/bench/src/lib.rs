//! What a case costs beside its handlers: the whole loop, and the oracle and each language by themselves, on the same inputs.
//!
//! - [`Bench`] says what is measured, on which [`Engines`], and returns [`Figures`].
//! - [`Growth`] measures whole campaigns and datasets that become larger.
//! - [`RunFigures`] measures whole runs with and without what a default run has.
//! - [`PeerPrograms`] measures other ways to compare two languages.
//!
//! ```no_run
//! use std::path::Path;
//! use std::time::Duration;
//!
//! use parity_bench::{Bench, Engines};
//! use parity_blog::Oracle;
//! use parity_campaign::Panel;
//! use parity_engine_python::PythonEngine;
//! use parity_engine_typescript::TypeScriptEngine;
//!
//! let (python, typescript) = (Path::new("handlers/python"), Path::new("handlers/typescript"));
//! let panel = Panel {
//!     oracle: Box::new(Oracle::default()),
//!     engines: vec![Box::new(PythonEngine::load(python)?), Box::new(TypeScriptEngine::load(typescript)?)],
//! };
//! let mut engines =
//!     Engines { python: PythonEngine::load(python)?, typescript: TypeScriptEngine::load(typescript)?, panel };
//! let bench = Bench { handlers: vec!["ecommerce/validate_cart".parse()?], cases: 1000, rounds: 5, seed: 7 };
//! let figures = bench.run(&mut engines, Duration::ZERO, Path::new("fixtures/defects/cents_called_dollars"))?;
//! println!("{}", figures.render());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod datasets;
mod engines;
mod error;
mod figures;
mod growth;
mod inputs;
mod large;
mod measure;
mod peer_programs;
mod peers;
mod runs;
mod shrinking;
mod times;

pub use engines::Engines;
pub use error::BenchError;
pub use figures::{Figures, Rates, Shares, Worst};
pub use growth::{CampaignCost, Growth};
pub use large::{DatasetFigures, RecordCost, ShrinkFigures};
pub use measure::Bench;
pub use peer_programs::PeerPrograms;
pub use peers::{PeerRun, Peers};
pub use runs::{Run, RunFigures};
