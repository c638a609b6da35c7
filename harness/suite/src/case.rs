//! A generated step input and where it came from.

use parity_model::{Ambient, StepInput};
use proptest::prelude::*;
use serde_json::{Map, Value};

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
