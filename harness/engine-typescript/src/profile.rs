//! Which Node the embedded engine is like: it decides which built-in objects there are, and how powers are rounded.

/// A version of Node that the embedded engine knows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Profile {
    /// Node 20.
    #[default]
    Node20,
    /// Node 22.
    Node22,
    /// Node 24.
    Node24,
}

impl Profile {
    /// All of them, the oldest first.
    pub const ALL: [Self; 3] = [Self::Node20, Self::Node22, Self::Node24];

    /// The first number of its version.
    #[must_use]
    pub fn major(self) -> u32 {
        match self {
            Self::Node20 => 20,
            Self::Node22 => 22,
            Self::Node24 => 24,
        }
    }

    /// What is most like a Node of this version: the newest that is not newer.
    #[must_use]
    pub fn of(major: u32) -> Self {
        Self::ALL.into_iter().rfind(|profile| profile.major() <= major).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(18, Profile::Node20)]
    #[case(20, Profile::Node20)]
    #[case(21, Profile::Node20)]
    #[case(23, Profile::Node22)]
    #[case(26, Profile::Node24)]
    fn a_version_has_a_profile(#[case] major: u32, #[case] profile: Profile) {
        assert_eq!(Profile::of(major), profile);
    }
}
