//! Where a number of an input decides.

/// A number of the input at which a step of one unit or one cent decides.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Boundary {
    /// Where it stands in `{"context", "dependencies"}`, with wildcards.
    pub(super) path: String,
    /// Which step decides.
    pub(super) step: Step,
    /// What is decided on the other side: another outcome by its name, or a place in the outcome.
    pub(super) place: String,
}

/// A step from a number to the next one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Step {
    Down,
    Up,
    /// Both steps, each in its own way.
    Either,
}
