//! Shrinking a step input without losing its signature or leaving its domain.

use reference_rs::{Ambient, StepInput};

use crate::compare::Signature;
use crate::divergence::{Divergence, compare_on, expect};
use crate::domain::{Domain, document_of, with_document};
use crate::engine::{Engine, EngineFault};
use crate::shrink::{Answer, shrink};

/// How often the two sides are run at most to shrink one divergence.
pub const SHRINK_BUDGET: u32 = 3000;

/// Makes `start`, which shows `signature`, as small as possible.
///
/// A smaller input counts only if it shows the same signature, and is well-formed if `start` is. The ambient values become
/// the default ones where the divergence does not need others.
pub fn shrink_case(
    oracle: &mut dyn Engine,
    subject: &mut dyn Engine,
    domain: &Domain,
    signature: &Signature,
    start: StepInput,
) -> Result<Divergence, EngineFault> {
    let mut shows = |step_input: &StepInput| -> Result<bool, EngineFault> {
        let expected = expect(oracle, step_input)?;
        Ok(compare_on(subject, step_input, expected)?.signature.as_ref() == Some(signature))
    };
    let (mut best, mut evaluations) = (start, 0);
    let default = Ambient::default();
    for ambient in [
        default.clone(),
        Ambient { entropy: best.ambient.entropy, ..default.clone() },
        Ambient { now: best.ambient.now, ..default },
    ] {
        if best.ambient == ambient {
            break;
        }
        let candidate = StepInput { ambient, ..best.clone() };
        evaluations += 1;
        if shows(&candidate)? {
            best = candidate;
            break;
        }
    }

    let document = document_of(&best);
    let well_formed = domain.holds(&document);
    let minimal = shrink(document, SHRINK_BUDGET, &mut |document| {
        let candidate = with_document(&best, document).filter(|_| !well_formed || domain.holds(document));
        Ok(match candidate {
            None => Answer::OutOfDomain,
            Some(candidate) if shows(&candidate)? => Answer::Holds,
            Some(_) => Answer::HoldsNot,
        })
    })?;

    let input = with_document(&best, &minimal.value).unwrap_or(best);
    let expected = expect(oracle, &input)?;
    let comparison = compare_on(subject, &input, expected)?;
    Ok(Divergence {
        signature: signature.clone(),
        input,
        expected: comparison.expected,
        actual: comparison.actual,
        evaluations: evaluations + minimal.evaluations,
    })
}
