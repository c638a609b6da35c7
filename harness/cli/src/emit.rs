//! Stand-alone tests of what was found.

use std::io::Write;

use parity_campaign::Divergence;
use parity_report::{Emit, Tested};
use parity_vectors::class_flag;

use super::error::CliError;
use super::suite::Asked;

/// Prints the tests that were asked for.
pub(super) fn emit_tests(emit: Option<Emit>, found: &[Divergence], asked: &Asked) -> Result<(), CliError> {
    let Some(emit) = emit else { return Ok(()) };
    let mut out = std::io::stdout().lock();
    for test in found.iter().filter_map(|divergence| test_of(emit, divergence, asked)) {
        write!(out, "\n{test}")?;
    }
    Ok(())
}

/// The test of a divergence, if one can run the handlers of that engine, and if it repeats.
pub(super) fn test_of(emit: Emit, divergence: &Divergence, asked: &Asked) -> Option<String> {
    let Divergence { signature, input, expected, evidence: None, .. } = divergence else { return None };
    let suite = &asked.suite;
    let config = suite.engine(&signature.engine)?;
    let (language, tree) = (config.language()?, config.tree.clone()?);
    let tree = tree.canonicalize().unwrap_or(tree);
    let what = format!("{} at {:?}", signature.class, signature.path);
    let class = reference_rs::find(&input.handler).and_then(|spec| spec.evaluate(input).class);
    let flags: Vec<String> = class.map(class_flag).into_iter().collect();
    let replay = suite.library.is_none().then(|| asked.trees.arguments());
    let (flags, replay, engine) = (flags.as_slice(), replay.as_deref(), &signature.engine);
    emit.test(&Tested {
        engine,
        language,
        tree: &tree,
        input,
        expected: expected.planned()?,
        flags,
        what: &what,
        replay,
    })
}
