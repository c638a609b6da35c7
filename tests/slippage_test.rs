//! Two bugs in one handler stay two: shrinking one of them never slips into the other, and one run finds both.

use std::collections::BTreeSet;

use parity_blog::coverage::Coverage;
use parity_model::{Outcome, StepInput};
use reference_rs::{HANDLERS, HandlerSpec, OutcomeClass};
use rstest::rstest;
use serde_json::json;
use similar_asserts::assert_eq;

use crate::support::{Miniature, campaign, panel};

const SEEDS: u64 = 50;
const CASES: u64 = 300;
const SUBJECTS: usize = 20;

/// The rarest failure that so many cases meet.
fn rare_failure(spec: &'static HandlerSpec) -> Option<OutcomeClass> {
    let coverage = Coverage::of(spec, 1000, 0).unwrap();
    let reached = spec
        .outcomes
        .iter()
        .zip(&coverage.outcomes)
        .filter(|(class, reached)| !matches!(class, OutcomeClass::Completed(_)) && reached.share >= 0.04);
    reached.min_by_key(|(_, reached)| reached.cases).map(|(class, _)| *class)
}

/// The handlers that can fail often enough, each with the failure that has a bug.
fn subjects() -> Vec<(&'static HandlerSpec, OutcomeClass)> {
    HANDLERS.iter().filter_map(|spec| Some((spec, rare_failure(spec)?))).take(SUBJECTS).collect()
}

/// An outcome with the two bugs: every success has another operation, and one failure another message.
fn with_bugs(spec: &'static HandlerSpec, rare: OutcomeClass, input: &StepInput, outcome: Outcome) -> Outcome {
    match outcome {
        Outcome::Completed { result, mut metadata } => {
            metadata["operation"] = json!("wrong");
            Outcome::Completed { result, metadata }
        }
        Outcome::Failed(mut failure) => {
            if spec.evaluate(input).class == Some(rare) {
                "wrong".clone_into(&mut failure.message);
            }
            Outcome::Failed(failure)
        }
    }
}

#[rstest]
fn both_bugs_come_out_and_each_input_shows_its_own(#[values(0, 1, 2, 3)] part: usize) {
    assert_eq!(subjects().len(), SUBJECTS);
    for (spec, rare) in subjects().into_iter().skip(part).step_by(4) {
        for seed in 0..SEEDS {
            let campaign = campaign(vec![spec.id.parse().unwrap()], CASES, seed);
            let engine = Miniature::engine(move |input, outcome| Ok(with_bugs(spec, rare, input, outcome).into()));
            let tally = campaign.run_on(&mut panel(vec![engine]), None, &mut |_| {}).unwrap();
            let paths: BTreeSet<&str> =
                tally.divergences.iter().map(|divergence| divergence.signature.path.as_str()).collect();
            assert_eq!(paths, BTreeSet::from(["/message", "/metadata/operation"]), "{} {rare}, seed {seed}", spec.id);
            for divergence in &tally.divergences {
                let class = spec.evaluate(&divergence.input).class.unwrap();
                let is_rare = divergence.signature.path == "/message";
                assert_eq!(class == rare, is_rare, "{}, seed {seed}: {:?}", spec.id, divergence.input);
                assert_eq!(matches!(class, OutcomeClass::Completed(_)), !is_rare);
            }
        }
    }
}
