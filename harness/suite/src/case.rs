//! A generated step input and where it came from.

use std::path::Path;
use std::sync::OnceLock;

use parity_model::{Ambient, StepInput, Zone};
use proptest::prelude::*;
use serde_json::{Map, Value};

use crate::origin::Origin;

/// Which case of which campaign: together with the handler and the scope this fixes the input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CaseId {
    /// The campaign's seed.
    pub seed: u64,
    /// The number of the case in the campaign, from 0.
    pub index: u64,
}

/// One generated step input.
#[derive(Clone, Debug, PartialEq)]
pub struct Case {
    /// Where it came from.
    pub id: CaseId,
    /// The input.
    pub step_input: StepInput,
    /// What it has beside what was drawn.
    pub origins: Vec<Origin>,
}

/// A task's context and the results of the ancestor steps.
pub type Parts = (Map<String, Value>, Map<String, Value>);

/// Any clock between the years 1970 and 2100, often at an edge of the calendar, and any entropy.
pub(super) fn ambient() -> BoxedStrategy<Ambient> {
    const EDGES: &[i64] = &[
        0,                 // 1970-01-01T00:00:00
        951_825_599_999,   // 2000-02-29T11:59:59.999
        1_709_251_199_999, // 2024-02-29T23:59:59.999
        1_735_689_599_999, // 2024-12-31T23:59:59.999
        1_774_746_000_000, // 2026-03-29T01:00:00, a change of summer time in Europe
        1_798_761_599_000, // 2026-12-31T23:59:59
    ];
    let milliseconds = prop_oneof![3 => 0_i64..4_102_444_800_000, 1 => proptest::sample::select(EDGES)];
    (milliseconds, any::<u64>())
        .prop_map(|(milliseconds, entropy)| Ambient {
            now: jiff::Timestamp::from_millisecond(milliseconds).unwrap_or(jiff::Timestamp::UNIX_EPOCH),
            entropy,
            ..Ambient::default()
        })
        .boxed()
}

/// Zones behind and ahead of UTC, with and without summer time, in the north and in the south.
const ZONES: [&str; 3] = ["America/New_York", "Asia/Kolkata", "Pacific/Auckland"];

/// So many cases in a row are in one zone: to change that of a process costs more than a call.
const IN_A_ROW: u64 = 32;

/// The time zone of a case. Most are in UTC, and every fourth row in one of the others.
pub(super) fn zone(id: CaseId) -> Zone {
    let row = id.index / IN_A_ROW;
    let place = usize::try_from(row / 4).unwrap_or_default() % ZONES.len();
    let zone = (row % 4 == 3 && has_zones()).then(|| ZONES[place].parse().ok()).flatten();
    zone.unwrap_or_default()
}

/// Whether this machine has the time zone database, without which languages take every zone for UTC.
fn has_zones() -> bool {
    static HAS: OnceLock<bool> = OnceLock::new();
    *HAS.get_or_init(|| ZONES.iter().all(|zone| Path::new(DATABASE).join(zone).is_file()))
}

/// Where the C library looks for time zones.
const DATABASE: &str = "/usr/share/zoneinfo";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fourth_row_of_cases_is_in_another_zone_than_utc() {
        let of = |index: u64| zone(CaseId { seed: 1, index }).name().to_owned();
        let rows: Vec<String> = (0..16).map(|row| of(row * IN_A_ROW + 31)).collect();
        let mut expected = ["UTC"; 16];
        if has_zones() {
            (expected[3], expected[7], expected[11], expected[15]) = (ZONES[0], ZONES[1], ZONES[2], ZONES[0]);
        }
        assert_eq!(rows, expected);
    }
}
