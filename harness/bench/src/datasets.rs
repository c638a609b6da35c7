//! Large inputs: what a case of hundreds of records costs beside its handlers, and what a record costs in ever larger ones.

use std::time::Duration;

use parity_model::{HandlerId, StepInput};

use super::figures::Parts;
use super::inputs::{dataset, of_datasets};
use super::large::{DatasetFigures, RecordCost};
use super::measure::{BenchError, Engines, bare_oracle};
use parity_blog::Oracle;
use parity_engine::Engine;
use parity_engine::clock::{thread_time, thread_time_since};
use parity_judge::compare_on;

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
        let full = whole(&inputs, &mut engines.subjects)?;
        let conversion_in = python_in + typescript_in;
        measured.push(Parts { oracle, python, typescript, full, conversion_in, ..Parts::default() });
    }
    Ok(DatasetFigures::of(handler, RECORDS, INPUTS, &Parts::median(&measured)))
}

/// What a record costs in ever larger datasets.
pub(super) fn record_costs(subjects: &mut [Box<dyn Engine>], seed: u64) -> Result<Vec<RecordCost>, BenchError> {
    let mut costs = Vec::new();
    for handler in of_datasets() {
        for records in SIZES {
            let input = dataset(&handler, records, seed)?;
            let inputs = vec![input; THROUGHPUT / records];
            whole(&inputs[..1], subjects)?;
            let mut times = [whole(&inputs, subjects)?, whole(&inputs, subjects)?, whole(&inputs, subjects)?];
            times.sort();
            costs.push(RecordCost::of(&handler, records, times[1], THROUGHPUT));
        }
    }
    Ok(costs)
}

/// The CPU time of oracle, all subjects and comparisons. A difference is an error: nothing that differs is measured.
fn whole(inputs: &[StepInput], subjects: &mut [Box<dyn Engine>]) -> Result<Duration, BenchError> {
    let (mut oracle, criteria) = (Oracle::default(), parity_blog::own_criteria());
    let before = thread_time();
    for input in inputs {
        let expected = oracle.run(input)?;
        for subject in subjects.iter_mut() {
            let comparison = compare_on((&mut oracle, subject.as_mut()), input, &expected, &criteria)?;
            if let Some(signature) = comparison.signature {
                return Err(BenchError::Differs { handler: input.handler.clone(), engine: signature.engine });
            }
        }
    }
    Ok(thread_time_since(before))
}
