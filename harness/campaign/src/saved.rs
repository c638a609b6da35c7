//! The saved divergences of a campaign's handlers, run before its first case.

use super::sides::with_sides;
use super::tally::{Fault, Tally};
use crate::corpus::Saved;
use crate::divergence::Divergence;
use parity_engine::Engine;
use parity_judge::Criteria;

/// Runs every saved input on every engine that has its handler. What differs is a divergence, whoever it was found on.
pub fn run_saved(
    saved: &[Saved],
    oracle: &mut dyn Engine,
    engines: &mut [Box<dyn Engine>],
    criteria: &Criteria,
) -> (Vec<Divergence>, Vec<Fault>) {
    let (mut divergences, mut faults): (Vec<Divergence>, Vec<Fault>) = (Vec::new(), Vec::new());
    for saved in saved {
        let handler = &saved.input.handler;
        for engine in engines.iter_mut().filter(|engine| engine.has(handler)) {
            match saved.compared(oracle, engine.as_mut(), criteria) {
                Ok(None) => {}
                Ok(Some((signature, expected, actual))) => {
                    if divergences.iter().all(|known| known.signature != signature) {
                        let input = saved.input.clone();
                        let divergence = Divergence::new(signature, input, expected, actual);
                        divergences.push(Divergence { evaluations: 1, ..divergence });
                    }
                }
                Err(fault) => faults.push(Fault::new(handler, engine.as_ref(), &fault, &saved.input)),
            }
        }
    }
    let mut beside: Vec<&mut dyn Engine> = engines.iter_mut().map(|engine| engine.as_mut() as _).collect();
    let mut complete = Vec::new();
    for divergence in divergences {
        let input = divergence.input.clone();
        match with_sides(divergence, oracle, &mut beside, criteria, None) {
            Ok(divergence) => complete.push(divergence),
            Err(fault) => faults.push(Fault::new(&input.handler, oracle, &fault, &input)),
        }
    }
    (complete, faults)
}

impl Tally {
    /// Adds what the saved inputs showed and the campaign did not find itself.
    pub fn add_saved(&mut self, divergences: Vec<Divergence>, faults: Vec<Fault>) {
        for divergence in divergences {
            let signature = &divergence.signature;
            if self.divergences.iter().any(|known| known.signature == *signature) {
                continue;
            }
            let is_of =
                |row: &&mut super::tally::Row| row.handler == signature.handler && row.engine == signature.engine;
            if let Some(row) = self.rows.iter_mut().find(is_of) {
                row.divergences += 1;
            }
            self.divergences.push(divergence);
        }
        self.faults.extend(faults);
    }
}
