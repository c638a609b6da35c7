//! The one way to make a finding a divergence: shrink, confirm, attribute, grade.

use std::fmt;
use std::rc::Rc;
use std::time::Instant;

use parity_engine::{Engine, EngineFault};
use parity_judge::Criteria;
use parity_model::{
    Ambient, DifferenceClass, INVALID_INPUT, Observation, Signature, StepInput, document_of, with_document,
};
use parity_schema::Domain;
use serde_json::Value;

use crate::attribute::attribute;
use crate::confirm::{Confirmer, confirmed};
use crate::divergence::{Divergence, Repeat};
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
    pub confirmer: Option<&'a Confirmer<'a>>,
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
    /// In what that differs: confirmed and attributed, but not shrunk.
    pub divergences: Vec<Divergence>,
    /// Why it was not compared, if it was not.
    pub incomparable: Option<Incomparable>,
}

/// Why two answers are not compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Incomparable {
    /// An engine does not provide this.
    Unsupported(String),
    /// The input is outside the contract, see [`Criteria::invalid_is_outside`].
    Outside,
}

impl fmt::Display for Incomparable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unsupported(what) => write!(f, "{what} is not provided"),
            Self::Outside => write!(f, "the input is outside the contract: the reference answers {INVALID_INPUT}"),
        }
    }
}

impl Triage<'_> {
    /// The divergence of `signature`, which `start` shows: its smallest input, whether it repeats, and who stands alone.
    ///
    /// A smaller input counts only if it shows the same signature, and is well-formed if `start` is. The ambient values become
    /// the default ones where the divergence does not need others, and the attempt the first one.
    pub fn run(&mut self, signature: &Signature, start: StepInput, domain: &Domain) -> Result<Divergence, EngineFault> {
        let limit = self.limit;
        let divergence = shrink(&mut self.probe(&signature.engine)?, signature, start, domain, limit)?;
        let malformed = !domain.holds(&document_of(&divergence.input));
        let divergence = Divergence { malformed, ..divergence };
        let is_slow = signature.class == DifferenceClass::TimedOut;
        let repeats = self.repeat(&divergence.input, (&signature.engine, is_slow))?;
        self.finish(divergence, repeats.as_deref())
    }

    /// How every engine that has the handler answers `input` as it is: nothing is shrunk.
    pub fn examine(&mut self, input: &StepInput) -> Result<Vec<Examined>, EngineFault> {
        let having = self.engines.iter().filter(|engine| engine.has(&input.handler));
        let names: Vec<String> = having.map(|engine| engine.name().to_owned()).collect();
        names.iter().map(|name| self.examine_on(name, input)).collect()
    }

    /// The same of one engine.
    pub fn examine_on(&mut self, engine: &str, input: &StepInput) -> Result<Examined, EngineFault> {
        let Verdict { signatures, unsupported, is_outside, expected, actual, .. } = self.probe(engine)?.ask(input)?;
        let incomparable = unsupported.map(Incomparable::Unsupported).or(is_outside.then_some(Incomparable::Outside));
        let mut divergences = Vec::new();
        let is_slow = signatures.iter().any(|signature| signature.class == DifferenceClass::TimedOut);
        let repeats = if signatures.is_empty() { None } else { self.repeat(input, (engine, is_slow))? };
        for signature in &first_of_each_family(&signatures) {
            let divergence = Divergence::new(signature.clone(), input.clone(), expected.clone(), actual.clone());
            let beside = beside(&signatures, signature);
            divergences.push(self.finish(Divergence { evaluations: 1, beside, ..divergence }, repeats.as_deref())?);
        }
        Ok(Examined { engine: engine.to_owned(), actual, divergences, incomparable })
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

    /// What fresh engines answer, where there are some and there is time.
    fn repeat(&self, input: &StepInput, engine: (&str, bool)) -> Result<Option<Rc<[Repeat]>>, EngineFault> {
        self.confirmer.map_or(Ok(None), |confirmer| confirmer.repeat(input, engine, self.limit))
    }

    /// Confirms and attributes.
    fn finish(&mut self, divergence: Divergence, repeats: Option<&[Repeat]>) -> Result<Divergence, EngineFault> {
        let divergence = match repeats {
            Some(repeats) => confirmed(divergence, self.criteria, repeats),
            None => Divergence { cut_short: divergence.cut_short || self.confirmer.is_some(), ..divergence },
        };
        let divergence = match self.confirmer {
            Some(confirmer) => confirmer.expected(divergence, self.oracle.name(), self.criteria, self.limit)?,
            None => divergence,
        };
        // At most one more call of each engine that is neither side: who is wrong is worth it, also when the time is over.
        attribute(divergence, self.oracle, &mut self.engines, self.criteria)
    }
}

/// The first manner in each place: an input that is as it is shows one difference there.
fn first_of_each_family(signatures: &[Signature]) -> Vec<Signature> {
    let mut firsts: Vec<Signature> = Vec::new();
    for signature in signatures {
        if firsts.iter().all(|first| first.family() != signature.family()) {
            firsts.push(signature.clone());
        }
    }
    firsts
}

/// The differences in other places than that of `signature`, each once.
fn beside(signatures: &[Signature], signature: &Signature) -> Vec<Signature> {
    let mut others: Vec<Signature> = Vec::new();
    for other in signatures.iter().map(Signature::family) {
        if other != signature.family() && !others.contains(&other) {
            others.push(other);
        }
    }
    others
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
    let Shrunk { input, matters, broad, evaluations } = shrunk?;
    let mut input = input.unwrap_or_else(|| start.clone());
    let mut verdict = probe.ask(&input)?;
    if deadline.is_some() && !verdict.signatures.contains(signature) {
        // It was only slow.
        verdict = probe.ask(&start)?;
        input = start;
    }
    let beside = beside(&verdict.signatures, signature);
    let divergence = Divergence::new(signature.clone(), input, verdict.expected, verdict.actual);
    Ok(Divergence { beside, matters, broad, evaluations, cut_short: is_over(limit), ..divergence })
}

/// What shrinking came to.
struct Shrunk {
    input: Option<StepInput>,
    matters: Vec<String>,
    broad: bool,
    evaluations: u32,
}

fn shrink_calls(
    probe: &mut Probe<'_>,
    signature: &Signature,
    start: &StepInput,
    domain: &Domain,
    (limit, explain): (Option<Instant>, bool),
) -> Result<Shrunk, EngineFault> {
    let first_attempt = StepInput { attempt: 1, ..start.clone() };
    let is_first = *start != first_attempt && probe.shows(signature, &first_attempt)?;
    let start = if is_first { first_attempt } else { start.clone() };
    let build = |document: &Value, ambient: &Ambient| {
        with_document(&start, document).map(|input| StepInput { ambient: ambient.clone(), ..input })
    };
    let mut shows = |input: StepInput| probe.shows(signature, &input);
    let mut minimiser = Minimiser { domain, build: &build, shows: &mut shows, limit };
    let shrinkable = Shrinkable { document: document_of(&start), ambient: start.ambient.clone() };
    let (minimal, evaluations) = minimiser.minimise(shrinkable)?;
    // Where a call takes too long, each answer would take as long as the handler is waited for.
    let (mut matters, mut broad) = (Vec::new(), false);
    if explain {
        // What else shows a difference in the same place tells on what it depends, in whatever manner.
        let family = signature.family();
        let mut shows = |input: StepInput| probe.shows_family(&family, &input);
        let mut minimiser = Minimiser { domain, build: &build, shows: &mut shows, limit };
        matters = minimiser.load_bearing(&minimal)?;
        broad = !signature.manner.is_empty() && (matters.is_empty() || minimiser.is_broad(&minimal, &matters)?);
    }
    Ok(Shrunk { input: build(&minimal.document, &minimal.ambient), matters, broad, evaluations })
}
