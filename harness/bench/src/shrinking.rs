//! What it costs to make divergences small: those of one planted defect, each from a case of its own.

use std::path::Path;
use std::time::Duration;

use super::inputs::{draw, generator, source};
use super::large::ShrinkFigures;
use super::measure::BenchError;
use parity_blog::Oracle;
use parity_campaign::shrink_case;
use parity_engine::Engine;
use parity_engine::clock::{thread_time, thread_time_since};
use parity_engine_python::PythonEngine;
use parity_judge::compare_on;

const HANDLER: &str = "ecommerce/validate_cart";

/// Cases among which the divergences are looked for.
const CASES: u64 = 2000;

/// Divergences that are shrunk at most.
const DIVERGENCES: usize = 20;

/// Shrinks what differs in the Python tree of a planted defect of `ecommerce/validate_cart`.
pub(super) fn shrinking(tree: &Path, seed: u64) -> Result<ShrinkFigures, BenchError> {
    let nothing = || BenchError::NoDivergence(tree.to_owned());
    let handler = HANDLER.parse().map_err(|_| nothing())?;
    let mut subject = PythonEngine::load(tree)?;
    let (mut oracle, criteria, domain) =
        (Oracle::default(), parity_blog::own_criteria(), generator(&handler)?.domain());
    let mut evaluations = Vec::new();
    let mut time = Duration::ZERO;
    for input in draw(&source(&handler)?, CASES, seed)? {
        if evaluations.len() == DIVERGENCES {
            break;
        }
        let expected = oracle.run(&input)?;
        let Some(signature) = compare_on((&mut oracle, &mut subject), &input, &expected, &criteria)?.signature else {
            continue;
        };
        let before = thread_time();
        let divergence = shrink_case(&mut oracle, &mut subject, &domain, &signature, &criteria, input)?;
        time += thread_time_since(before);
        evaluations.push(divergence.evaluations);
    }
    if evaluations.is_empty() { Err(nothing()) } else { Ok(ShrinkFigures::of(evaluations, time)) }
}
