//! The one way to make a finding a divergence: shrink, confirm, attribute, grade.

use std::time::Instant;

use parity_engine::{Engine, EngineFault};
use parity_judge::Criteria;
use parity_model::{Ambient, DifferenceClass, Observation, Signature, StepInput, document_of, with_document};
use parity_schema::Domain;
use serde_json::Value;

use crate::attribute::attribute;
use crate::confirm::{Fresh, confirm};
use crate::divergence::Divergence;
use crate::minimise::{Minimiser, Shrinkable};
use crate::note::is_over;
use crate::probe::{Probe, Verdict};

/// While a call that never ends is shrunk, it is given up this much earlier.
const HURRY: u32 = 20;

/// What triage of step inputs works with.
pub struct Triage<'a> {
    /// What is expected.
    pub oracle: &'a mut dyn Engine,
    /// All engines that are compared with it.
    pub engines: Vec<&'a mut dyn Engine>,
    /// What counts as a difference.
    pub criteria: &'a Criteria,
    /// Where a divergence is confirmed; without it, it is not.
    pub fresh: Option<&'a dyn Fresh>,
    /// When to stop. What is not finished then is marked as cut short.
    pub limit: Option<Instant>,
}

/// What one engine makes of one input.
#[derive(Clone, Debug, PartialEq)]
pub struct Examined {
    /// The engine.
    pub engine: String,
    /// What it answers.
    pub actual: Observation,
    /// How that differs, if it does: confirmed and attributed, but not shrunk.
    pub divergence: Option<Divergence>,
}

impl Triage<'_> {
    /// The divergence of `signature`, which `start` shows: its smallest input, whether it repeats, and who stands alone.
    ///
    /// A smaller input counts only if it shows the same signature, and is well-formed if `start` is. The ambient values become
    /// the default ones where the divergence does not need others, and the attempt the first one.
    pub fn run(&mut self, signature: &Signature, start: StepInput, domain: &Domain) -> Result<Divergence, EngineFault> {
        let limit = self.limit;
        let divergence = shrink(&mut self.probe(&signature.engine)?, signature, start, domain, limit)?;
        self.finish(divergence)
    }

    /// How every engine that has the handler answers `input` as it is: nothing is shrunk.
    pub fn examine(&mut self, input: &StepInput) -> Result<Vec<Examined>, EngineFault> {
        let having = self.engines.iter().filter(|engine| engine.has(&input.handler));
        let names: Vec<String> = having.map(|engine| engine.name().to_owned()).collect();
        names.iter().map(|name| self.examine_on(name, input)).collect()
    }

    /// The same of one engine.
    pub fn examine_on(&mut self, engine: &str, input: &StepInput) -> Result<Examined, EngineFault> {
        let Verdict { signature, expected, actual, .. } = self.probe(engine)?.ask(input)?;
        let divergence = match signature {
            Some(signature) => {
                let divergence = Divergence::new(signature, input.clone(), expected, actual.clone());
                Some(self.finish(Divergence { evaluations: 1, ..divergence })?)
            }
            None => None,
        };
        Ok(Examined { engine: engine.to_owned(), actual, divergence })
    }

    fn probe(&mut self, engine: &str) -> Result<Probe<'_>, EngineFault> {
        let Self { oracle, engines, criteria, .. } = self;
        let subject = engines.iter_mut().find(|known| known.name() == engine);
        let subject = subject.ok_or_else(|| EngineFault::Start {
            engine: engine.to_owned(),
            message: "nobody has started it".to_owned(),
        })?;
        Ok(Probe { oracle: &mut **oracle, subject: &mut **subject, criteria })
    }

    /// Confirms and attributes.
    fn finish(&mut self, divergence: Divergence) -> Result<Divergence, EngineFault> {
        let divergence = match self.fresh {
            Some(_) if is_over(self.limit) => Divergence { cut_short: true, ..divergence },
            Some(fresh) => confirm(divergence, self.criteria, fresh, self.limit)?,
            None => divergence,
        };
        attribute(divergence, self.oracle, &mut self.engines, self.criteria, self.limit)
    }
}

/// The smallest input that shows `signature`, from `start` on.
fn shrink(
    probe: &mut Probe<'_>,
    signature: &Signature,
    start: StepInput,
    domain: &Domain,
    limit: Option<Instant>,
) -> Result<Divergence, EngineFault> {
    let deadline = probe.subject.deadline().filter(|_| signature.class == DifferenceClass::TimedOut);
    if let Some(deadline) = deadline {
        probe.subject.set_deadline(deadline / HURRY);
    }
    let shrunk = shrink_calls(probe, signature, &start, domain, (limit, deadline.is_none()));
    if let Some(deadline) = deadline {
        probe.subject.set_deadline(deadline);
    }
    let Shrunk { input, matters, evaluations } = shrunk?;
    let mut input = input.unwrap_or_else(|| start.clone());
    let mut verdict = probe.ask(&input)?;
    if deadline.is_some() && verdict.signature.as_ref() != Some(signature) {
        // It was only slow.
        verdict = probe.ask(&start)?;
        input = start;
    }
    let divergence = Divergence::new(signature.clone(), input, verdict.expected, verdict.actual);
    Ok(Divergence { matters, evaluations, cut_short: is_over(limit), ..divergence })
}

/// What shrinking came to.
struct Shrunk {
    input: Option<StepInput>,
    matters: Vec<String>,
    evaluations: u32,
}

fn shrink_calls(
    probe: &mut Probe<'_>,
    signature: &Signature,
    start: &StepInput,
    domain: &Domain,
    (limit, explain): (Option<Instant>, bool),
) -> Result<Shrunk, EngineFault> {
    let mut shows = |input: StepInput| probe.shows(signature, &input);
    let first_attempt = StepInput { attempt: 1, ..start.clone() };
    let start = if *start != first_attempt && shows(first_attempt.clone())? { first_attempt } else { start.clone() };
    let build = |document: &Value, ambient: &Ambient| {
        with_document(&start, document).map(|input| StepInput { ambient: ambient.clone(), ..input })
    };
    let mut minimiser = Minimiser { domain, build: &build, shows: &mut shows, limit };
    let shrinkable = Shrinkable { document: document_of(&start), ambient: start.ambient.clone() };
    let (minimal, evaluations) = minimiser.minimise(shrinkable)?;
    // Where a call takes too long, each answer would take as long as the handler is waited for.
    let matters = if explain { minimiser.load_bearing(&minimal)? } else { Vec::new() };
    Ok(Shrunk { input: build(&minimal.document, &minimal.ambient), matters, evaluations })
}
