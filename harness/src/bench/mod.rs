//! What a case costs, beside what its handlers cost.

mod figures;
mod measure;

pub use figures::{Figures, HandlerFigures, Shares, Worst};
pub use measure::{Bench, BenchError, Engines};
