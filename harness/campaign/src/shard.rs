//! A slice of a campaign's cases, so that several machines can share one campaign.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Every how many rounds of all shards a case's place in its round is shifted by one. Sizes repeat every ten cases, and no
/// shard shall get all the large ones.
const ROUNDS: u64 = 10;

/// Shard `number` of `count`. The shards of one count are disjoint, and together they are the whole campaign.
///
/// Text and JSON: `1/4` to `4/4`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Shard {
    number: u64,
    count: u64,
}

impl Shard {
    /// All cases.
    pub const WHOLE: Self = Self { number: 1, count: 1 };

    /// Which one it is, from 1.
    #[must_use]
    pub fn number(self) -> u64 {
        self.number
    }

    /// Of how many.
    #[must_use]
    pub fn count(self) -> u64 {
        self.count
    }

    /// Whether case number `index` of a handler or workflow is in the shard.
    #[must_use]
    pub fn holds(self, index: u64) -> bool {
        let place = index % self.count;
        let shift = index / self.count / ROUNDS % self.count;
        (place + shift) % self.count == self.number - 1
    }

    /// Whether one of the first `cases` cases is in the shard.
    #[must_use]
    pub fn holds_any(self, cases: u64) -> bool {
        (0..cases).any(|index| self.holds(index))
    }
}

impl Default for Shard {
    fn default() -> Self {
        Self::WHOLE
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.number, self.count)
    }
}

/// The greatest number of shards: more than anybody has machines, few enough to count on.
const MOST: u64 = 100_000;

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let shard = text.split_once('/').and_then(|(number, count)| {
            let shard = Self { number: number.parse().ok()?, count: count.parse().ok()? };
            (1..=shard.count).contains(&shard.number).then_some(shard).filter(|shard| shard.count <= MOST)
        });
        shard.ok_or_else(|| format!("a shard is K/N with K from 1 to N and N at most {MOST}, e.g. 2/4"))
    }
}

impl TryFrom<String> for Shard {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<Shard> for String {
    fn from(shard: Shard) -> Self {
        shard.to_string()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;
    use parity_schema::Scope;

    proptest! {
        #[test]
        fn every_case_is_in_exactly_one_shard(count in 1_u64..300, index in any::<u64>()) {
            let holding = (1..=count).filter(|number| Shard { number: *number, count }.holds(index)).count();
            prop_assert_eq!(holding, 1);
        }
    }

    #[rstest]
    #[case(2)]
    #[case(4)]
    #[case(5)]
    #[case(10)]
    #[case(11)]
    fn no_shard_gets_all_the_large_cases(#[case] count: u64) {
        let cases = 10 * count * count;
        for number in 1..=count {
            let shard = Shard { number, count };
            let own = || (0..cases).filter(|index| shard.holds(*index));
            let total = own().map(|_| 1_u64).sum::<u64>();
            let large =
                own().filter(|index| Scope::Normal.of_case(*index) == Scope::Normal).map(|_| 1_u64).sum::<u64>();
            assert_eq!((total * count, large * 2), (cases, total), "{shard}");
        }
    }

    #[rstest]
    #[case("0/4")]
    #[case("5/4")]
    #[case("1")]
    #[case("1/0")]
    #[case("a/b")]
    #[case("-1/4")]
    #[case("1/1000000")]
    fn what_is_no_shard_is_refused(#[case] text: &str) {
        assert!(text.parse::<Shard>().unwrap_err().contains("e.g. 2/4"));
    }

    #[test]
    fn a_shard_reads_back_as_itself() {
        let shard: Shard = "2/4".parse().unwrap();
        assert_eq!(serde_json::from_value::<Shard>(serde_json::json!(shard)).unwrap(), shard);
        assert!(serde_json::from_str::<Shard>("\"4/2\"").is_err());
    }
}
