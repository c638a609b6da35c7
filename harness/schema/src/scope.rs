//! How large generated inputs become.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The size class of a generated input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// At most one element a list, the plainest numbers and texts: nearly minimal already.
    Tiny,
    /// Up to three elements a list.
    Small,
    /// Up to eight elements a list.
    Normal,
    /// Inputs of all these sizes with mutations that nobody meant: other types, missing and unknown keys, texts and numbers
    /// at the end of what there is.
    Hostile,
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Tiny => "tiny",
            Self::Small => "small",
            Self::Normal => "normal",
            Self::Hostile => "hostile",
        })
    }
}

impl Scope {
    /// The greatest length of a generated list.
    #[must_use]
    pub(crate) fn max_len(self) -> usize {
        match self {
            Self::Tiny => 1,
            Self::Small => 3,
            Self::Normal | Self::Hostile => 8,
        }
    }

    /// The scope of case number `index` in a campaign that goes up to this scope: of ten cases two are tiny and three
    /// small, spread evenly, so that a failure is met early in a small input whatever the number of cases.
    #[must_use]
    pub fn of_case(self, index: u64) -> Self {
        if self == Self::Hostile {
            return self;
        }
        let ramp = match index % 10 {
            0 | 5 => Self::Tiny,
            1 | 4 | 7 => Self::Small,
            _ => Self::Normal,
        };
        ramp.min(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_campaign_mixes_all_scopes_up_to_its_own() {
        let count = |most: Scope, scope: Scope| (0..10).filter(|index| most.of_case(*index) == scope).count();
        assert_eq!([Scope::Tiny, Scope::Small, Scope::Normal].map(|scope| count(Scope::Normal, scope)), [2, 3, 5]);
        assert_eq!([Scope::Tiny, Scope::Small, Scope::Normal].map(|scope| count(Scope::Small, scope)), [2, 8, 0]);
        assert_eq!(count(Scope::Tiny, Scope::Tiny), 10);
        assert_eq!(count(Scope::Hostile, Scope::Hostile), 10);
    }
}
