//! What a case has beside what was drawn from its schema, or by its generator.

use serde::{Deserialize, Serialize};

/// Where something in a case comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// From literals of the code, or from examples and defaults of the schema.
    Literals,
    /// From other values of the same input.
    Relations,
    /// From a context that led further than others.
    Earlier,
    /// From an input that somebody recorded.
    Recorded,
    /// It is bad on purpose.
    BadInput,
}
