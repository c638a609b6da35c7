//! Large inputs: what a case of hundreds of records costs beside its handlers, and what a record costs in ever larger ones.

use std::time::Duration;

use parity_model::{HandlerId, StepInput};

use super::engines::{Engines, bare_oracle};
use super::error::BenchError;
use super::inputs::{dataset, of_datasets};
use super::large::{DatasetFigures, RecordCost};
use super::times::RoundTimes;
use parity_campaign::{Panel, Probe};
use parity_engine::clock::{thread_time, thread_time_since};

/// Records of the inputs that are measured beside the handlers.
const RECORDS: usize = 500;

/// Records in ever larger inputs.
const SIZES: [usize; 4] = [10, 100, 1000, 10_000];

/// Records that go through every measurement of ever larger inputs, whatever their size.
const THROUGHPUT: usize = 20_000;

/// Inputs of a round.
const INPUTS: u32 = 20;

/// What datasets cost beside their handlers, in so many rounds. The whole loop draws nothing here.
pub(super) fn datasets(engines: &mut Engines, rounds: u32, seed: u64) -> Result<Vec<DatasetFigures>, BenchError> {
    of_datasets().iter().map(|handler| of_handler(handler, engines, rounds, seed)).collect()
}

fn of_handler(
    handler: &HandlerId,
    engines: &mut Engines,
    rounds: u32,
    seed: u64,
) -> Result<DatasetFigures, BenchError> {
    let inputs: Vec<StepInput> = (0..INPUTS)
        .map(|number| dataset(handler, RECORDS, seed.wrapping_add(number.into())))
        .collect::<Result<_, _>>()?;
    let mut measured = Vec::new();
    for _ in 0..rounds {
        let (_, oracle) = bare_oracle(&inputs)?;
        let (python_in, python) = engines.python.bare_loop(&inputs)?;
        let (typescript_in, typescript) = engines.typescript.bare_loop(&inputs)?;
        let full = whole(&inputs, &mut engines.panel)?;
        let conversion_in = python_in + typescript_in;
        measured.push(RoundTimes { oracle, python, typescript, full, conversion_in, ..RoundTimes::default() });
    }
    Ok(DatasetFigures::of(handler, RECORDS, INPUTS, &RoundTimes::median(&measured)))
}

/// What a record costs in ever larger datasets.
pub(super) fn record_costs(panel: &mut Panel, seed: u64) -> Result<Vec<RecordCost>, BenchError> {
    let mut costs = Vec::new();
    for handler in of_datasets() {
        for records in SIZES {
            let input = dataset(&handler, records, seed)?;
            let inputs = vec![input; THROUGHPUT / records];
            whole(&inputs[..1], panel)?;
            let mut times = [whole(&inputs, panel)?, whole(&inputs, panel)?, whole(&inputs, panel)?];
            times.sort();
            costs.push(RecordCost::of(&handler, records, times[1], THROUGHPUT));
        }
    }
    Ok(costs)
}

/// The CPU time of oracle, all subjects and comparisons. A difference is an error: nothing that differs is measured.
fn whole(inputs: &[StepInput], panel: &mut Panel) -> Result<Duration, BenchError> {
    let criteria = &parity_blog::own_criteria();
    let Panel { oracle, engines } = panel;
    let before = thread_time();
    for input in inputs {
        let expected = oracle.run(input)?;
        for subject in engines.iter_mut() {
            let comparison =
                Probe { oracle: oracle.as_mut(), subject: subject.as_mut(), criteria }.compare(input, &expected)?;
            if !comparison.verdict.is_agreement() {
                return Err(BenchError::Differs { handler: input.handler.clone(), engine: subject.name().to_owned() });
            }
        }
    }
    Ok(thread_time_since(before))
}
