//! What was refused.

/// The network.
pub(crate) const NETWORK: &str = "network";
/// Other processes.
pub(crate) const PROCESS: &str = "process";
/// Files.
pub(crate) const FILE: &str = "file";

/// A refusal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Denial {
    /// What the handler reached for: `network`, `process`, `file` or `native_code`.
    pub what: &'static str,
    /// The call, and what it is about.
    pub detail: String,
}
