//! How much of a report a person is shown at once.

/// What does not depend on what was found, but on where it is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct View {
    /// Columns that tables and lists have.
    pub width: usize,
    /// Whether everything is shown in full, not the worst alone.
    pub all: bool,
}

/// Groups of divergences that are shown in full.
const GROUPS: usize = 20;

/// Divergences that are named where another one stands for them.
const MEMBERS: usize = 8;

impl Default for View {
    /// That of a file or a pipe.
    fn default() -> Self {
        Self { width: 100, all: false }
    }
}

impl View {
    /// How many groups are shown in full.
    pub(super) fn groups(self) -> usize {
        if self.all { usize::MAX } else { GROUPS }
    }

    /// How many members of a group are named at its head.
    pub(super) fn members(self) -> usize {
        if self.all { usize::MAX } else { MEMBERS }
    }
}
