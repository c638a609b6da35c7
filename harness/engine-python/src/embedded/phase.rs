//! Importing a tree and calling its handlers are held to different rules.

/// What a tree's code is run for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    /// To import its files.
    Load,
    /// To call a handler.
    Call,
}
