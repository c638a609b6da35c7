//! Who answers golden vectors: our own handlers' oracle and engines, or those of any suite.

use std::fmt;

use parity_campaign::Saved;

use super::error::VectorError;
use super::model::{Provenance, Vector, VectorFile};

/// A vector that an engine does not answer as expected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mismatch {
    /// The vector.
    pub id: String,
    /// The engine.
    pub engine: String,
    /// What differs, or why it was not compared.
    pub what: String,
    /// Whether it was compared.
    pub was_compared: bool,
}

impl Mismatch {
    /// Who does what.
    #[must_use]
    pub fn sentence(&self) -> String {
        let verb = if self.was_compared { "differs" } else { "was not compared" };
        format!("{} {verb}: {}", self.engine, self.what)
    }
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.id, self.sentence())
    }
}

/// An oracle, and engines that are to answer as it does.
pub trait Answering {
    /// Where a new file of promoted vectors comes from.
    fn provenance(&self) -> Provenance;

    /// The vector of what was found once, with what the oracle answers now; an error that `refuse` makes where there is none.
    fn vector_of(
        &mut self,
        saved: Saved,
        note: &str,
        refuse: &dyn Fn(String) -> VectorError,
    ) -> Result<Vector, VectorError>;

    /// What each of them answers otherwise than `file` expects. One without the handler differs, too.
    fn replay(&mut self, file: &VectorFile) -> Result<Vec<Mismatch>, VectorError>;
}
