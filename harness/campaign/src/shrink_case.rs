//! Shrinking an input without losing its signature or leaving its domain.

use std::time::Instant;

use parity_model::{Ambient, StepInput};
use serde_json::Value;

use super::crew::is_over;
use crate::divergence::Divergence;
use parity_engine::{Engine, EngineFault};
use parity_judge::Criteria;
use parity_judge::compare_on;
use parity_model::{DifferenceClass, Signature};
use parity_model::{document_of, with_document};
use parity_schema::Domain;
use parity_shrink::{Answer, parts_that_matter, shrink};

/// How often the two sides are run at most to shrink one divergence.
pub const SHRINK_BUDGET: u32 = 3000;

/// While a call that never ends is shrunk, it is given up this much earlier.
const HASTE: u32 = 20;

/// Makes `start`, which shows `signature`, as small as possible.
///
/// A smaller input counts only if it shows the same signature, and is well-formed if `start` is. The ambient values become
/// the default ones where the divergence does not need others, and the attempt the first one.
pub fn shrink_case(
    oracle: &mut dyn Engine,
    subject: &mut dyn Engine,
    domain: &Domain,
    signature: &Signature,
    criteria: &Criteria,
    start: StepInput,
) -> Result<Divergence, EngineFault> {
    shrink_until(oracle, subject, domain, signature, criteria, start, None)
}

/// The same, with what was reached at `limit`.
pub(super) fn shrink_until(
    oracle: &mut dyn Engine,
    subject: &mut dyn Engine,
    domain: &Domain,
    signature: &Signature,
    criteria: &Criteria,
    start: StepInput,
    limit: Option<Instant>,
) -> Result<Divergence, EngineFault> {
    let patience = subject.deadline().filter(|_| signature.class == DifferenceClass::TimedOut);
    if let Some(patience) = patience {
        subject.set_deadline(patience / HASTE);
    }
    let mut shows = |step_input: StepInput| {
        let expected = oracle.run(&step_input)?;
        Ok(compare_on((oracle, subject), &step_input, &expected, criteria)?.signature.as_ref() == Some(signature))
    };
    let first_attempt = StepInput { attempt: 1, ..start.clone() };
    let start = if start != first_attempt && shows(first_attempt.clone())? { first_attempt } else { start };
    let parts = (document_of(&start), start.ambient.clone());
    let build = |document: &Value, ambient: &Ambient| {
        let ambient = ambient.clone();
        with_document(&start, document).map(|step_input| StepInput { ambient, ..step_input })
    };
    let shrunk = shrink_parts(parts, domain, &build, &mut shows, limit);
    let matters = match &shrunk {
        // Each answer would take as long as the handler is waited for.
        Ok((parts, _)) if patience.is_none() => matters(parts, domain, &build, &mut shows, limit),
        _ => Ok(Vec::new()),
    };
    if let Some(patience) = patience {
        subject.set_deadline(patience);
    }
    let ((document, ambient), evaluations) = shrunk?;
    let mut input = build(&document, &ambient).unwrap_or_else(|| start.clone());
    let mut expected = oracle.run(&input)?;
    let mut comparison = compare_on((oracle, subject), &input, &expected, criteria)?;
    if patience.is_some() && comparison.signature.as_ref() != Some(signature) {
        // It was only slow.
        expected = oracle.run(&start)?;
        comparison = compare_on((oracle, subject), &start, &expected, criteria)?;
        input = start;
    }
    let (matters, cut_short) = (matters?, is_over(limit));
    let (expected, actual) = comparison.into_ends();
    let divergence = Divergence::new(signature.clone(), input, expected, actual);
    Ok(Divergence { matters, evaluations, cut_short, ..divergence })
}

/// The parts of a minimal document on which it depends that `shows` holds.
fn matters<I, E>(
    (document, ambient): &Parts,
    domain: &Domain,
    build: &dyn Fn(&Value, &Ambient) -> Option<I>,
    shows: &mut dyn FnMut(I) -> Result<bool, E>,
    limit: Option<Instant>,
) -> Result<Vec<String>, E> {
    let well_formed = domain.holds(document);
    parts_that_matter(document, &mut |document| {
        let candidate = Candidate { document, ambient, well_formed, limit };
        candidate.ask(domain, build, shows)
    })
}

/// A document that may show what is being looked for.
struct Candidate<'a> {
    document: &'a Value,
    ambient: &'a Ambient,
    /// Whether it has to be well-formed.
    well_formed: bool,
    limit: Option<Instant>,
}

impl Candidate<'_> {
    fn ask<I, E>(
        &self,
        domain: &Domain,
        build: &dyn Fn(&Value, &Ambient) -> Option<I>,
        shows: &mut dyn FnMut(I) -> Result<bool, E>,
    ) -> Result<Answer, E> {
        if is_over(self.limit) {
            return Ok(Answer::OutOfTime);
        }
        let input = build(self.document, self.ambient).filter(|_| !self.well_formed || domain.holds(self.document));
        let Some(candidate) = input else { return Ok(Answer::OutOfDomain) };
        Ok(if shows(candidate)? { Answer::Holds } else { Answer::HoldsNot })
    }
}

/// What of an input can become smaller: its document and its ambient.
type Parts = (Value, Ambient);

/// The smallest parts for which `shows` holds of the input that `build` makes of them, and how often `shows` was asked.
pub(super) fn shrink_parts<I, E>(
    (document, mut ambient): Parts,
    domain: &Domain,
    build: &dyn Fn(&Value, &Ambient) -> Option<I>,
    shows: &mut dyn FnMut(I) -> Result<bool, E>,
    limit: Option<Instant>,
) -> Result<(Parts, u32), E> {
    let well_formed = domain.holds(&document);
    let mut evaluations = plainer_ambient(&document, &mut ambient, build, shows)?;
    let mut document = document;
    loop {
        let minimal = shrink(document, SHRINK_BUDGET, &mut |document| {
            Candidate { document, ambient: &ambient, well_formed, limit }.ask(domain, build, shows)
        })?;
        document = minimal.value;
        evaluations += minimal.evaluations;
        // A smaller document may no longer need its time.
        let before = ambient.clone();
        evaluations += plainer_ambient(&document, &mut ambient, build, shows)?;
        if ambient == before || is_over(limit) {
            return Ok(((document, ambient), evaluations));
        }
    }
}

/// Puts default values in the place of clock and randomness, as far as `shows` allows; answers how often it was asked.
fn plainer_ambient<I, E>(
    document: &Value,
    ambient: &mut Ambient,
    build: &dyn Fn(&Value, &Ambient) -> Option<I>,
    shows: &mut dyn FnMut(I) -> Result<bool, E>,
) -> Result<u32, E> {
    let mut evaluations = 0;
    let default = Ambient::default();
    for plainer in [
        default.clone(),
        Ambient { entropy: ambient.entropy, ..default.clone() },
        Ambient { now: ambient.now, ..default },
    ] {
        if *ambient == plainer {
            break;
        }
        let Some(candidate) = build(document, &plainer) else { break };
        evaluations += 1;
        if shows(candidate)? {
            *ambient = plainer;
            break;
        }
    }
    Ok(evaluations)
}
