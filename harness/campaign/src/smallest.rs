//! The smallest witness of every signature.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use crate::kind::{Place, Rank};

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

    /// How many signatures were seen.
    pub(crate) fn len(&self) -> usize {
        self.seen.len()
    }

    pub(crate) fn into_witnesses(self) -> impl Iterator<Item = (S, W)> {
        self.seen.into_iter().map(|(signature, (_, _, witness))| (signature, witness))
    }
}
