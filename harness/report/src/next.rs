//! What somebody can do about a divergence who writes the language that is wrong, with nothing but `parity`.

use parity_engine::EngineConfig;
use parity_engine::language::TestKind;
use parity_model::Signature;

use super::document::{Place, Report, ReportedDivergence};
use super::escape::printable;
use parity_campaign::Divergence;

/// One sentence a thing to do.
#[must_use]
pub(super) fn next_steps(report: &Report, found: &ReportedDivergence) -> Vec<String> {
    match found {
        ReportedDivergence::Step { divergence, .. } => of_step(report, divergence),
        ReportedDivergence::Run { divergence, .. } => {
            let (step, workflow) = (&divergence.signature.step, &divergence.input.workflow);
            let step = printable(step);
            vec![format!(
                "look at step {step} in {}; `parity diff --workflow {workflow} --mode lock-step` gives it the inputs that were expected",
                divergence.signature.engine
            )]
        }
    }
}

fn of_step(report: &Report, divergence: &Divergence) -> Vec<String> {
    let Signature { handler, engine, .. } = &divergence.signature;
    let all: Vec<&str> = divergence.sides.iter().map(|side| side.engine.as_str()).collect();
    let odd: Vec<&str> = divergence.odd.iter().map(String::as_str).collect();
    let suspects = match (odd.as_slice(), all.as_slice()) {
        ([], []) => vec![engine.as_str()],
        ([], _) => all,
        _ => odd,
    };
    let mut steps: Vec<String> = Vec::new();
    for engine in &suspects {
        if let Some(place) = report.place(handler.as_str(), engine) {
            steps.push(format!("look at {} ({engine})", printable(&place.to_string())));
        }
    }
    if divergence.evidence.is_some() {
        steps
            .push("look for what outlives a call: variables of modules, the order of sets, the environment".to_owned());
        return steps;
    }
    let test = test_of(engine).map_or_else(String::new, |kind| {
        format!("with `--emit {kind}` before its last `-` the command prints a test of it; ")
    });
    steps.push(format!("{test}`parity diff --save` keeps it, and every later run looks at it again"));
    steps
}

/// What a test of an engine's handlers is written for.
fn test_of(engine: &str) -> Option<&'static str> {
    let engine: EngineConfig = engine.parse().ok()?;
    Some(match engine.language()?.test? {
        TestKind::Pytest => "pytest",
        TestKind::Node => "node",
    })
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.line {
            Some(line) => write!(f, "{}:{line}", self.file),
            None => f.write_str(&self.file),
        }
    }
}
