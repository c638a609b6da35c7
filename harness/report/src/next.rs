//! What somebody can do about a divergence who writes the language that is wrong, with nothing but `parity`.

use parity_engine::EngineConfig;
use parity_engine::language::TestKind;

use super::document::{Place, Report, ReportedDivergence};
use super::escape::printable;
use parity_campaign::Divergence;

/// One sentence a thing to do.
#[must_use]
pub(super) fn next_steps(report: &Report, found: &ReportedDivergence) -> Vec<String> {
    match found {
        ReportedDivergence::Step { divergence, .. } => of_step(report, found, divergence),
        ReportedDivergence::Run { divergence, .. } => {
            let (step, workflow) = (&divergence.signature.step, &divergence.input.workflow);
            let step = printable(step);
            let places: Vec<String> = report.places_of(found).into_iter().map(shown).collect();
            let place = match places.as_slice() {
                [] => format!("step {step} in {}", divergence.signature.engine),
                places => format!("{}, which runs step {step}", places.join(" and ")),
            };
            vec![format!(
                "look at {place}; `parity diff --workflow {workflow} --mode lock-step` gives it the inputs that were expected"
            )]
        }
    }
}

/// A place as it is named in a sentence.
fn shown(place: &Place) -> String {
    format!("{} ({})", printable(&place.to_string()), place.engine)
}

fn of_step(report: &Report, found: &ReportedDivergence, divergence: &Divergence) -> Vec<String> {
    let places = report.places_of(found).into_iter();
    let mut steps: Vec<String> = places.map(|place| format!("look at {}", shown(place))).collect();
    if divergence.evidence.is_some() {
        steps
            .push("look for what outlives a call: variables of modules, the order of sets, the environment".to_owned());
        return steps;
    }
    let test = test_of(&divergence.signature.engine).map_or_else(String::new, |kind| {
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
