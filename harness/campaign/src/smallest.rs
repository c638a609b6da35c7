//! The smallest witness of every signature.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use crate::kind::{Place, Rank};

/// In so many manners two ends may differ in one place. Each is shrunk, and few places have more mistakes.
const MOST_OF_A_FAMILY: usize = 6;

/// The smallest witness seen of every signature.
#[derive(Debug)]
pub(crate) struct Smallest<S, W> {
    seen: BTreeMap<S, (Rank, Place, W)>,
}

impl<S, W> Default for Smallest<S, W> {
    fn default() -> Self {
        Self { seen: BTreeMap::new() }
    }
}

impl<S: Ord, W> Smallest<S, W> {
    /// Takes a witness if it is smaller than what was seen; returns whether it is.
    pub(crate) fn offer(&mut self, signature: S, rank: Rank, place: Place, witness: impl FnOnce() -> W) -> bool {
        let smaller = self.seen.get(&signature).is_none_or(|(best, at, _)| {
            rank < *best || (rank.partial_cmp(best) == Some(Ordering::Equal) && place < *at)
        });
        if smaller {
            self.seen.insert(signature, (rank, place, witness()));
        }
        smaller
    }

    /// Whether a witness of `signature` is worth keeping: it was seen already, or there are not too many others of its family.
    pub(crate) fn has_room(&self, signature: &S, is_of_family: impl Fn(&S) -> bool) -> bool {
        self.seen.contains_key(signature)
            || self.seen.keys().filter(|seen| is_of_family(seen)).count() < MOST_OF_A_FAMILY
    }

    /// How many signatures were seen.
    pub(crate) fn len(&self) -> usize {
        self.seen.len()
    }

    pub(crate) fn into_witnesses(self) -> impl Iterator<Item = (S, W)> {
        self.seen.into_iter().map(|(signature, (_, _, witness))| (signature, witness))
    }
}
