//! Stand-alone tests of what was found.

use std::io::Write;

use parity_campaign::Divergence;
use parity_model::{Observation, Signature, StepInput};
use parity_report::{Emit, Tested};
use parity_vectors::class_flag;

use super::error::CliError;
use super::suite::Asked;

/// Prints the tests that were asked for.
pub(super) fn emit_tests(emit: Option<Emit>, found: &[Divergence], asked: &Asked) -> Result<(), CliError> {
    let mut out = std::io::stdout().lock();
    for divergence in found.iter().filter(|divergence| divergence.evidence.is_none()) {
        let Divergence { signature, input, expected, .. } = divergence;
        emit_test(emit, signature, input, expected, asked, &mut out)?;
    }
    Ok(())
}

/// Writes the test that was asked for, if it can run the handlers of that engine.
fn emit_test(
    emit: Option<Emit>,
    signature: &Signature,
    input: &StepInput,
    expected: &Observation,
    asked: &Asked,
    out: &mut dyn Write,
) -> Result<(), CliError> {
    let suite = &asked.suite;
    let engine = suite.engine(&signature.engine);
    let known = engine.and_then(|engine| Some((engine.language()?, engine.tree.clone()?)));
    let (Some(emit), Some((language, tree)), Some(expected)) = (emit, known, expected.planned()) else { return Ok(()) };
    let tree = tree.canonicalize().unwrap_or(tree);
    let what = format!("{} at {:?}", signature.class, signature.path);
    let class = reference_rs::find(&input.handler).and_then(|spec| spec.evaluate(input).class);
    let flags: Vec<String> = class.map(class_flag).into_iter().collect();
    let replay = suite.library.is_none().then(|| asked.trees.arguments());
    let (flags, replay) = (flags.as_slice(), replay.as_deref());
    let engine = &signature.engine;
    let tested = Tested { engine, language, tree: &tree, input, expected, flags, what: &what, replay };
    if let Some(test) = emit.test(&tested) {
        write!(out, "\n{test}")?;
    }
    Ok(())
}
