//! The values that a change can be made of: others of the document, and the time of the call.

use proptest::test_runner::TestRng;
use serde_json::Value;

use super::stamp::Stamp;
use crate::chance::{below, one};
use crate::places::{Place, Places};

/// What changes are made of.
pub(super) struct Around<'p, 'v> {
    pub(super) places: &'p Places<'v>,
    pub(super) also: &'p [Value],
}

impl<'v> Around<'_, 'v> {
    /// Another value that `is` holds of; half of the time one of the same name.
    pub(super) fn other(&self, place: &Place<'v>, is: fn(&Value) -> bool, rng: &mut TestRng) -> Option<Value> {
        let others: Vec<&Place<'v>> =
            self.places.that(is).filter(|other| !std::ptr::eq(other.value, place.value)).collect();
        let name = place.name(self.places);
        let namesakes: Vec<&Place<'v>> =
            others.iter().copied().filter(|other| name.is_some() && other.name(self.places) == name).collect();
        let among = if namesakes.is_empty() || below(rng, 2) == 0 { &others } else { &namesakes };
        let found = one(rng, among).map(|other| other.value.clone());
        // Only times depend on the time of the call.
        let is_time = place.value.as_str().and_then(Stamp::of).is_some();
        match one(rng, self.also).filter(|_| is_time) {
            Some(also) if found.is_none() || below(rng, 4) == 0 => Some(also.clone()),
            _ => found,
        }
    }
}
