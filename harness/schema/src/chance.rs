//! Small draws where a strategy would be too much.

use proptest::prelude::Rng;

/// A number below `limit`; 0 if that is 0.
#[expect(clippy::cast_possible_truncation, reason = "the remainder is below a usize")]
pub fn below(rng: &mut impl Rng, limit: usize) -> usize {
    (rng.next_u64() % limit.max(1) as u64) as usize
}

/// One of `all`, if there is one.
pub(crate) fn one<'a, T>(rng: &mut impl Rng, all: &'a [T]) -> Option<&'a T> {
    all.get(below(rng, all.len()))
}
