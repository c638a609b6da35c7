//! The times that one round of measuring takes.

use std::time::Duration;

/// CPU times of all cases of a handler in one round.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct RoundTimes {
    pub(super) oracle: Duration,
    pub(super) python: Duration,
    pub(super) typescript: Duration,
    pub(super) full: Duration,
    /// The same on the wall, as the peers are measured.
    pub(super) wall: Duration,
    pub(super) generation: Duration,
    pub(super) conversion_in: Duration,
    pub(super) comparison: Duration,
}

impl RoundTimes {
    /// The median of every time on its own. The times of one round in the middle would be others: a slow moment hits one part
    /// of a round and not the rest.
    pub(super) fn median(rounds: &[Self]) -> Self {
        let of = |time: fn(&Self) -> Duration| {
            let mut times: Vec<Duration> = rounds.iter().map(time).collect();
            times.sort();
            times.get(times.len() / 2).copied().unwrap_or_default()
        };
        Self {
            oracle: of(|times| times.oracle),
            python: of(|times| times.python),
            typescript: of(|times| times.typescript),
            full: of(|times| times.full),
            wall: of(|times| times.wall),
            generation: of(|times| times.generation),
            conversion_in: of(|times| times.conversion_in),
            comparison: of(|times| times.comparison),
        }
    }

    pub(super) fn bare(&self) -> Duration {
        self.oracle + self.python + self.typescript
    }

    pub(super) fn ratio(&self) -> f64 {
        rounded(self.full.as_secs_f64() / self.bare().as_secs_f64())
    }

    pub(super) fn add(self, other: &Self) -> Self {
        Self {
            oracle: self.oracle + other.oracle,
            python: self.python + other.python,
            typescript: self.typescript + other.typescript,
            full: self.full + other.full,
            wall: self.wall + other.wall,
            generation: self.generation + other.generation,
            conversion_in: self.conversion_in + other.conversion_in,
            comparison: self.comparison + other.comparison,
        }
    }
}

/// A figure with three decimals.
pub(super) fn rounded(number: f64) -> f64 {
    (number * 1000.0).round() / 1000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn times(full: u64) -> RoundTimes {
        let ms = Duration::from_millis;
        RoundTimes {
            oracle: ms(10),
            python: ms(30),
            typescript: ms(60),
            full: ms(full),
            wall: ms(full),
            generation: ms(20),
            conversion_in: ms(10),
            comparison: ms(10),
        }
    }

    #[test]
    fn one_slow_round_changes_nothing() {
        assert_eq!(RoundTimes::median(&[times(150), times(9000), times(150)]), times(150));
    }
}
