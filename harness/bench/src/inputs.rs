//! The inputs that are measured: drawn cases, and datasets of as many records as asked for.

use parity_model::{HandlerId, Outcome, StepInput};
use serde_json::Value;

use super::error::BenchError;
use parity_blog::OwnCases;
use parity_schema::Scope;
use parity_suite::CaseId;

/// The handlers that are given a dataset.
const OF_DATASETS: [&str; 3] =
    ["data_pipeline/transform_sales", "data_pipeline/transform_inventory", "data_pipeline/transform_customers"];

/// Distinct records of a dataset; a longer one repeats them.
const DISTINCT: usize = 1000;

/// Cases that are drawn at most to find them.
const MOST_CASES: u64 = 100_000;

pub(super) fn of_datasets() -> Vec<HandlerId> {
    OF_DATASETS.iter().filter_map(|handler| handler.parse().ok()).collect()
}

/// The first cases of a campaign.
pub(super) fn draw(source: &OwnCases, cases: u64, seed: u64) -> Result<Vec<StepInput>, BenchError> {
    let draw = |index| Ok(source.draw(CaseId { seed, index }, Scope::Normal.of_case(index))?.step_input);
    (0..cases).map(draw).collect()
}

/// An input with so many records, all of which are taken from cases that the oracle completes, and which it completes.
pub(super) fn dataset(handler: &HandlerId, records: usize, seed: u64) -> Result<StepInput, BenchError> {
    let source = OwnCases::of(handler)?;
    let distinct = records.clamp(1, DISTINCT);
    let mut pool: Vec<Value> = Vec::new();
    for index in 0..MOST_CASES {
        let mut input = source.draw(CaseId { seed, index }, Scope::Normal)?.step_input;
        if !completes(&input) {
            continue;
        }
        let Some(found) = records_of(&mut input) else { break };
        pool.append(found);
        if pool.len() >= distinct {
            *found = pool.iter().take(distinct).cycle().take(records).cloned().collect();
            return Some(input).filter(completes).ok_or_else(|| BenchError::NoDataset(handler.clone()));
        }
    }
    Err(BenchError::NoDataset(handler.clone()))
}

fn completes(input: &StepInput) -> bool {
    reference_rs::find(&input.handler)
        .is_some_and(|spec| matches!(spec.evaluate(input).outcome, Outcome::Completed { .. }))
}

/// The records of the one step that such an input depends on.
fn records_of(input: &mut StepInput) -> Option<&mut Vec<Value>> {
    input.dependencies.values_mut().next()?.get_mut("records")?.as_array_mut()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dataset_has_as_many_records_as_asked_for() {
        assert_eq!(of_datasets().len(), OF_DATASETS.len());
        for handler in of_datasets() {
            for records in [1, 10, 2500] {
                let mut input = dataset(&handler, records, 1).unwrap();
                assert_eq!(records_of(&mut input).unwrap().len(), records);
                assert!(completes(&input));
            }
        }
    }

    #[test]
    fn a_handler_without_records_has_no_dataset() {
        let error = dataset(&"ecommerce/validate_cart".parse().unwrap(), 10, 1).unwrap_err();
        assert_eq!(error.to_string(), "ecommerce/validate_cart: there is no dataset of cases that complete");
    }
}
