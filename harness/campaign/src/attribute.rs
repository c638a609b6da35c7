//! Attribution: what all engines answer to a minimal input, and which of them stands alone.

use crate::divergence::{Divergence, Side};
use crate::note::is_over;
use parity_engine::{Engine, EngineFault, REFERENCE};
use parity_judge::Criteria;
use parity_judge::vote;

/// Completes `divergence` with what `oracle` and `engines` answer to its input.
///
/// The reference implementation is right by definition: odd is who differs from it. Any other oracle may be the odd one out itself.
pub(crate) fn attribute(
    divergence: Divergence,
    oracle: &mut dyn Engine,
    engines: &mut [&mut dyn Engine],
    criteria: &Criteria,
    limit: Option<std::time::Instant>,
) -> Result<Divergence, EngineFault> {
    let name = divergence.signature.engine.clone();
    if divergence.evidence.is_some() || is_over(limit) {
        // It answers something else each time.
        return Ok(Divergence { odd: vec![name], ..divergence });
    }
    let (input, is_reference) = (&divergence.input, oracle.name() == REFERENCE);
    let mut parties: Vec<&mut dyn Engine> = Vec::new();
    if oracle.name() != parity_judge::majority::NAME {
        parties.push(oracle);
    }
    for engine in engines.iter_mut() {
        if engine.has(&input.handler) {
            parties.push(&mut **engine);
        }
    }
    let answers = vote::answers(&mut parties, input)?;
    let agreeing = if is_reference {
        Some(vote::agreeing(&mut parties, input, &answers, 0, criteria)?)
    } else if parties.len() == 2 {
        Some(vec![0])
    } else {
        vote::majority(&mut parties, input, &answers, criteria)?
    };
    let apart = if agreeing.is_none() {
        vote::pairwise_differences(&mut parties, input, &answers, criteria)?
    } else {
        Vec::new()
    };
    let is_odd = |place: &usize| agreeing.as_ref().is_some_and(|agreeing| !agreeing.contains(place));
    let odd = (0..parties.len()).filter(is_odd).map(|place| parties[place].name().to_owned()).collect();
    let sides = parties.iter().zip(answers).map(|(engine, outcome)| Side { engine: engine.name().to_owned(), outcome });
    Ok(Divergence { sides: sides.collect(), odd, apart, ..divergence })
}
