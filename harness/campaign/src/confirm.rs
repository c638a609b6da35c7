//! Whether a divergence repeats in interpreters in which nothing has run before.

use std::time::Instant;

use parity_model::StepInput;

use crate::divergence::{Divergence, Evidence, Repeat};
use crate::note::is_over;
use parity_engine::{Engine, EngineFault, TreeError};
use parity_judge::{Criteria, compare_observations};
use parity_model::Observation;
use parity_model::{DifferenceClass, Signature};

/// Starts engines in which nothing has run before.
pub trait Fresh {
    /// The engine of this name on the same handlers. Every round has surroundings of its own: another order of sets, another
    /// place and other times of the files, another environment.
    fn start(&self, engine: &str, round: u32) -> Result<Box<dyn Engine>, TreeError>;
}

/// In how many fresh engines an input is run. Two elements of a set swap in every second of them.
const ROUNDS: u32 = 6;

/// The same for an input on which a handler takes too long, each time.
const SLOW_ROUNDS: u32 = 1;

/// Runs the minimal input in fresh engines, and twice in the first of them. A divergence whose outcome is not the same
/// everywhere becomes one of the class `nondeterministic`, with what was seen as evidence.
///
/// # Errors
///
/// The fault of a fresh engine, which says nothing about the divergence.
pub(crate) fn confirm(
    divergence: Divergence,
    criteria: &Criteria,
    fresh: &dyn Fresh,
    limit: Option<Instant>,
) -> Result<Divergence, EngineFault> {
    let Divergence { signature, input, expected, actual, .. } = &divergence;
    let mut repeats = Vec::new();
    let rounds = if signature.class == DifferenceClass::TimedOut { SLOW_ROUNDS } else { ROUNDS };
    for round in 0..rounds {
        if is_over(limit) {
            return Ok(Divergence { cut_short: true, ..divergence });
        }
        let mut engine = start(fresh, &signature.engine, round, input)?;
        let mut repeat = |run: String| -> Result<(), EngineFault> {
            repeats.push(Repeat { run, outcome: engine.run(input)? });
            Ok(())
        };
        repeat(format!("in a fresh interpreter ({})", round + 1))?;
        if round == 0 {
            repeat("once more in the same".to_owned())?;
        }
    }
    if shows(&divergence, criteria.named_by_data.of(&input.handler))
        && repeats.iter().all(|repeat| same(actual, &repeat.outcome))
    {
        return Ok(divergence);
    }
    let nondeterministic =
        Signature { class: DifferenceClass::Nondeterministic, path: String::new(), ..signature.clone() };
    let seen_as = signature.clone();
    // The last answer may be the expected one; then one that is not says more.
    let others = repeats.iter().map(|repeat| &repeat.outcome);
    let actual =
        std::iter::once(actual).chain(others).find(|outcome| !same(expected, outcome)).unwrap_or(actual).clone();
    let (input, expected) = (input.clone(), expected.clone());
    let Divergence { matters, evaluations, cut_short, .. } = divergence;
    let divergence = Divergence::new(nondeterministic, input, expected, actual);
    Ok(Divergence { evidence: Some(Evidence { seen_as, repeats }), matters, evaluations, cut_short, ..divergence })
}

fn start(fresh: &dyn Fresh, name: &str, round: u32, input: &StepInput) -> Result<Box<dyn Engine>, EngineFault> {
    fresh.start(name, round).map_err(|error| match error {
        TreeError::Engine(fault) => fault,
        error => {
            EngineFault::Fresh { engine: name.to_owned(), handler: input.handler.clone(), message: error.to_string() }
        }
    })
}

/// Whether the subject's last answer still is what the signature says: shrinking asks often, and the last answer counts.
fn shows(divergence: &Divergence, named_by_data: &[String]) -> bool {
    let Divergence { signature, input, expected, actual, .. } = divergence;
    let is_code = signature.class == DifferenceClass::CodeNotExpressed;
    let mut seen = false;
    compare_observations(expected, actual, &mut |difference| {
        let is_it = difference.signature(&input.handler, &signature.engine, named_by_data) == *signature;
        seen |= is_it || (is_code && difference.path == signature.path);
        seen
    });
    seen
}

/// Whether two answers are the same; of ends that nobody planned the kind counts, since messages may hold addresses.
fn same(one: &Observation, other: &Observation) -> bool {
    compare_observations(one, other, &mut |_| true).is_none()
}
