//! The engine `node`.

use std::path::Path;
use std::time::Duration;

use super::process::{Hosted, Surroundings};
use super::TreeError;

/// Node.
pub struct NodeEngine;

impl NodeEngine {
    /// Loads.
    pub fn load(_: &Path, _: &Surroundings, _: Duration) -> Result<Hosted, TreeError> {
        Err(TreeError::Refused { message: String::new() })
    }
}
