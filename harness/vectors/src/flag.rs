//! The closed list of flags: which declared outcome a vector ends in, and which edges it is at.

use std::fmt;

use reference_rs::OutcomeClass;

/// An edge. Except for [`Flag::Regression`], input and oracle alone decide whether a vector has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Flag {
    /// Some number of the input one step lower or higher changes the decision, or makes the result jump.
    Boundary,
    /// Some list, object or text of the input is empty, and a filled one in its place gives another outcome.
    Empty,
    /// The input is not well-formed.
    Hostile,
    /// Some list of the input has at least five elements.
    Large,
    /// The outcome depends on the randomness.
    Randomness,
    /// A divergence that was found once and promoted.
    Regression,
    /// The outcome asks for another attempt, or this is not the first one.
    Retry,
    /// Some number of the outcome is a rounded product, quotient or sum.
    Rounding,
    /// A rounded product or quotient lies in the middle between two neighbours, and rounding the double that is next to it
    /// gives the other one.
    Tie,
    /// The outcome depends on the clock.
    Time,
    /// Some text or key of the input has characters beyond ASCII, and plain ones in their place give another outcome.
    Unicode,
}

impl Flag {
    /// All of them, by name.
    pub const ALL: [Self; 11] = [
        Self::Boundary,
        Self::Empty,
        Self::Hostile,
        Self::Large,
        Self::Randomness,
        Self::Regression,
        Self::Retry,
        Self::Rounding,
        Self::Tie,
        Self::Time,
        Self::Unicode,
    ];

    /// Its name in the files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Boundary => "boundary",
            Self::Empty => "empty",
            Self::Hostile => "hostile",
            Self::Large => "large",
            Self::Randomness => "randomness",
            Self::Regression => "regression",
            Self::Retry => "retry",
            Self::Rounding => "rounding",
            Self::Tie => "tie",
            Self::Time => "time",
            Self::Unicode => "unicode",
        }
    }

    /// The edge of this name.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|flag| flag.name() == name)
    }
}

impl fmt::Display for Flag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The flag of a declared outcome: `completed` (with the name of the variant behind it if there are several), the code of a
/// permanent failure, or `retry_after_` and the seconds.
#[must_use]
pub fn class_flag(class: OutcomeClass) -> String {
    match class {
        OutcomeClass::Completed("completed") => "completed".to_owned(),
        OutcomeClass::Completed(variant) => format!("completed_{}", variant.replace([' ', '-'], "_")),
        OutcomeClass::Permanent(code) => code.to_owned(),
        OutcomeClass::Retryable(seconds) => format!("retry_after_{seconds}"),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use reference_rs::HANDLERS;

    use super::*;

    #[test]
    fn flags_are_listed_once_by_name_and_are_found_by_it() {
        let names: Vec<&str> = Flag::ALL.iter().map(|flag| flag.name()).collect();
        assert!(names.is_sorted_by(|a, b| a < b), "{names:?}");
        assert!(Flag::ALL.into_iter().all(|flag| Flag::of_name(flag.name()) == Some(flag)));
        assert_eq!(Flag::of_name("other"), None);
    }

    #[test]
    fn the_flags_of_declared_outcomes_are_distinct_and_no_edges() {
        for spec in HANDLERS {
            let flags: BTreeSet<String> = spec.outcomes.iter().map(|class| class_flag(*class)).collect();
            assert_eq!(flags.len(), spec.outcomes.len(), "{}", spec.id);
            assert!(flags.iter().all(|flag| Flag::of_name(flag).is_none() && !flag.contains(' ')), "{flags:?}");
        }
    }
}
