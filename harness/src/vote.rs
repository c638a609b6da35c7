//! Which of several answers most engines give.

use reference_rs::{Ambient, StepInput};

use crate::criteria::{Criteria, Pair};
use crate::engine::{Engine, EngineFault};
use crate::outcome::Observation;

/// Runs `step_input` on every engine.
pub(crate) fn answers(
    engines: &mut [&mut dyn Engine],
    step_input: &StepInput,
) -> Result<Vec<Observation>, EngineFault> {
    engines.iter_mut().map(|engine| engine.run(step_input)).collect()
}

/// The engines that agree with each other, by their places, if they are more than half; the first of them stands for all.
pub(crate) fn majority(
    engines: &mut [&mut dyn Engine],
    step_input: &StepInput,
    answers: &[Observation],
    criteria: &Criteria,
) -> Result<Option<Vec<usize>>, EngineFault> {
    for place in 0..answers.len() {
        let agreeing = agreeing(engines, step_input, answers, place, criteria)?;
        if agreeing.len() * 2 > answers.len() {
            return Ok(Some(agreeing));
        }
    }
    Ok(None)
}

/// The engines, by their places, that agree with the one in `place`, itself among them.
///
/// What the ledger knows is a difference here: it makes nobody right.
pub(crate) fn agreeing(
    engines: &mut [&mut dyn Engine],
    step_input: &StepInput,
    answers: &[Observation],
    place: usize,
    criteria: &Criteria,
) -> Result<Vec<usize>, EngineFault> {
    let (handler, ambient, expected) = (&step_input.handler, &step_input.ambient, &answers[place]);
    let mut agreeing = Vec::new();
    for (other, actual) in answers.iter().enumerate() {
        let name = engines[other].name().to_owned();
        let pair = Pair { handler, ambient, expected, engine: &name, actual };
        let mut again = |ambient: &Ambient| engines[place].again(step_input, ambient);
        if other == place || criteria.judge(&pair, &mut again)?.is_agreement() {
            agreeing.push(other);
        }
    }
    Ok(agreeing)
}
