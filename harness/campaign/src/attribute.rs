//! Attribution: what all engines answer to a minimal input, and which of them stands alone.

use crate::divergence::{Divergence, Side};
use parity_engine::{Engine, EngineFault, REFERENCE};
use parity_judge::Criteria;
use parity_judge::vote;

/// Completes `divergence` with what `oracle` and `engines` answer to its input.
///
/// Only the place that the signature names is voted on: an engine that is wrong elsewhere may be right there. The reference
/// implementation is right by definition: odd is who differs from it. Any other oracle may be the odd one out itself.
pub(crate) fn attribute(
    divergence: Divergence,
    oracle: &mut dyn Engine,
    engines: &mut [&mut dyn Engine],
    criteria: &Criteria,
) -> Result<Divergence, EngineFault> {
    let name = divergence.signature.engine.clone();
    if divergence.evidence.is_some() {
        // It answers something else each time, unless it is known to be the oracle that does.
        let odd = if divergence.odd.is_empty() { vec![name] } else { divergence.odd };
        return Ok(Divergence { odd, ..divergence });
    }
    let (input, at) = (&divergence.input, Some(&divergence.signature));
    let (expecting, is_reference) = (oracle.name().to_owned(), oracle.name() == REFERENCE);
    let mut parties: Vec<&mut dyn Engine> = Vec::new();
    if oracle.name() != parity_judge::majority::NAME {
        parties.push(oracle);
    }
    for engine in engines.iter_mut() {
        if engine.has(&input.handler) {
            parties.push(&mut **engine);
        }
    }
    let mut answers = Vec::new();
    for party in &mut parties {
        // What the two sides answer is known.
        answers.push(match party.name() {
            party if party == expecting => divergence.expected.clone(),
            party if party == name => divergence.actual.clone(),
            _ => party.run(input)?,
        });
    }
    let agreeing = if is_reference {
        Some(vote::agreeing(&mut parties, input, &answers, (0, at), criteria)?)
    } else if parties.len() == 2 {
        Some(vec![0])
    } else {
        vote::majority(&mut parties, input, &answers, criteria, at)?
    };
    let is_odd = |place: &usize| agreeing.as_ref().is_some_and(|agreeing| !agreeing.contains(place));
    let odd = (0..parties.len()).filter(is_odd).map(|place| parties[place].name().to_owned()).collect();
    let sides = parties.iter().zip(answers).map(|(engine, outcome)| Side { engine: engine.name().to_owned(), outcome });
    Ok(Divergence { sides: sides.collect(), odd, ..divergence })
}
