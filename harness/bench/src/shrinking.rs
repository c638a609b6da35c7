//! What it costs to make divergences small: those of one planted defect, each from a case of its own.

use std::path::Path;
use std::time::Duration;

use super::error::BenchError;
use super::inputs::draw;
use super::large::ShrinkFigures;
use parity_blog::{Oracle, OwnCases};
use parity_campaign::{Panel, Probe};
use parity_engine::Engine;
use parity_engine::clock::{thread_time, thread_time_since};
use parity_engine_python::PythonEngine;

const HANDLER: &str = "ecommerce/validate_cart";

/// Cases among which the divergences are looked for.
const CASES: u64 = 2000;

/// Divergences that are shrunk at most.
const DIVERGENCES: usize = 20;

/// Shrinks what differs in the Python tree of a planted defect of `ecommerce/validate_cart`.
pub(super) fn shrinking(tree: &Path, seed: u64) -> Result<ShrinkFigures, BenchError> {
    let nothing = || BenchError::NoDivergence(tree.to_owned());
    let handler = HANDLER.parse().map_err(|_| nothing())?;
    let subject: Box<dyn Engine> = Box::new(PythonEngine::load(tree)?);
    let mut panel = Panel { oracle: Box::new(Oracle::default()), engines: vec![subject] };
    let (criteria, cases) = (parity_blog::own_criteria(), OwnCases::of(&handler)?);
    let mut evaluations = Vec::new();
    let mut time = Duration::ZERO;
    for input in draw(&cases, CASES, seed)? {
        if evaluations.len() == DIVERGENCES {
            break;
        }
        let Panel { oracle, engines } = &mut panel;
        let (oracle, subject) = (oracle.as_mut(), engines[0].as_mut());
        let verdict = Probe { oracle, subject, criteria: &criteria }.ask(&input)?;
        let Some(signature) = verdict.signatures.into_iter().next() else { continue };
        let before = thread_time();
        let divergence = panel.triage(&criteria, None, None).run(&signature, input, cases.domain())?;
        time += thread_time_since(before);
        evaluations.push(divergence.evaluations);
    }
    if evaluations.is_empty() { Err(nothing()) } else { Ok(ShrinkFigures::of(evaluations, time)) }
}
