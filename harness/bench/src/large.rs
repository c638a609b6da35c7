//! Figures of large inputs and of shrinking.

use std::time::Duration;

use parity_model::HandlerId;
use serde::Serialize;

use super::times::{RoundTimes, rounded};

/// What a dataset costs.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DatasetFigures {
    /// The handler that was measured.
    pub handler: String,
    /// Records of each input.
    pub records: usize,
    /// The cost of the whole loop, without drawing, over the sum of what oracle and handlers cost by themselves.
    pub ratio: f64,
    /// How many inputs go through the whole loop in a second.
    pub cases_per_second: f64,
    /// What a record costs in the whole loop.
    pub microseconds_per_record: f64,
}

impl DatasetFigures {
    pub(super) fn of(handler: &HandlerId, records: usize, inputs: u32, times: &RoundTimes) -> Self {
        Self {
            handler: handler.to_string(),
            records,
            ratio: times.ratio(),
            cases_per_second: (f64::from(inputs) / times.full.as_secs_f64()).round(),
            microseconds_per_record: per_record(times.full / inputs, records),
        }
    }
}

/// What a record costs in the whole loop, in a dataset of some size.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RecordCost {
    /// The handler that was measured.
    pub handler: String,
    /// Records of the input.
    pub records: usize,
    /// What each of them costs.
    pub microseconds_per_record: f64,
}

impl RecordCost {
    pub(super) fn of(handler: &HandlerId, records: usize, time: Duration, all: usize) -> Self {
        Self { handler: handler.to_string(), records, microseconds_per_record: per_record(time, all) }
    }
}

fn per_record(time: Duration, records: usize) -> f64 {
    let records = f64::from(u32::try_from(records).unwrap_or(u32::MAX));
    rounded(time.as_secs_f64() * 1e6 / records)
}

/// What it costs to make a divergence small.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct ShrinkFigures {
    /// How many were shrunk.
    pub divergences: usize,
    /// How often that ran both sides, in the median.
    pub evaluations: u32,
    /// Milliseconds for one of them, on average.
    pub ms: f64,
}

impl ShrinkFigures {
    /// Of the evaluations that each divergence took, and the time of them all.
    pub(super) fn of(mut evaluations: Vec<u32>, time: Duration) -> Self {
        evaluations.sort_unstable();
        let divergences = evaluations.len();
        let each = time.as_secs_f64() * 1e3 / f64::from(u32::try_from(divergences).unwrap_or(u32::MAX));
        Self { divergences, evaluations: evaluations.get(divergences / 2).copied().unwrap_or(0), ms: rounded(each) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dataset_is_told_by_input_and_by_record() {
        let ms = Duration::from_millis;
        let times =
            RoundTimes { oracle: ms(1), python: ms(4), typescript: ms(5), full: ms(20), ..RoundTimes::default() };
        let figures = DatasetFigures::of(&"a/x".parse().unwrap(), 500, 10, &times);
        assert_eq!((figures.ratio, figures.cases_per_second, figures.microseconds_per_record), (2.0, 500.0, 4.0));
    }

    #[test]
    fn shrinking_is_told_by_its_median_and_its_mean() {
        let figures = ShrinkFigures::of(vec![300, 10, 20], Duration::from_millis(60));
        assert_eq!(figures, ShrinkFigures { divergences: 3, evaluations: 20, ms: 20.0 });
    }
}
