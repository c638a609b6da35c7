//! What the entries of a ledger know: the cause that their inputs show, and no other one in the same place.

use parity_engine::{Engine, EngineFault};
use parity_judge::{Criteria, Entry, Ledger};
use parity_model::{Ambient, DifferenceClass, Signature, StepInput, document_of, with_document};
use parity_schema::Domain;
use serde_json::Value;

use crate::minimise::{Minimiser, Shrinkable};
use crate::probe::Probe;

/// The criteria, in which each entry of the ledger whose handler and engine take part knows what its input shows. An entry whose input
/// shows a difference that does not take particular values knows all of its place.
pub(crate) fn with_causes(
    criteria: &Criteria,
    oracle: &mut dyn Engine,
    engines: &mut [&mut dyn Engine],
) -> Result<Criteria, EngineFault> {
    if criteria.ledger.entries().is_empty() {
        return Ok(criteria.clone());
    }
    let open = Criteria { ledger: Ledger::default(), ..criteria.clone() };
    let ledger = criteria.ledger.with_causes(|entry: &Entry| {
        let handler = &entry.input.handler;
        let subject = engines.iter_mut().find(|engine| engine.name() == entry.signature.engine && engine.has(handler));
        match subject {
            Some(subject) if entry.signature.manner.is_empty() && oracle.has(handler) => {
                causes(&mut Probe { oracle: &mut *oracle, subject: &mut **subject, criteria: &open }, entry)
            }
            _ => Ok(None),
        }
    })?;
    Ok(Criteria { ledger, ..criteria.clone() })
}

/// What the input of `entry` shows in its place, or nothing if that stands for the whole place.
fn causes(probe: &mut Probe<'_>, entry: &Entry) -> Result<Option<Vec<Signature>>, EngineFault> {
    let Entry { signature: family, input, .. } = entry;
    let mut shown = probe.ask(input)?.signatures;
    shown.retain(|found| found.family() == *family);
    let is_slow = family.class == DifferenceClass::TimedOut;
    let whole = shown.iter().any(|found| found.manner.is_empty())
        || !shown.is_empty() && !is_slow && is_broad(probe, family, input)?;
    Ok((!whole).then_some(shown))
}

fn is_broad(probe: &mut Probe<'_>, family: &Signature, input: &StepInput) -> Result<bool, EngineFault> {
    let Ok(anything) = Domain::of_schema(&Value::Bool(true)) else { return Ok(false) };
    let build = |document: &Value, ambient: &Ambient| {
        with_document(input, document).map(|input| StepInput { ambient: ambient.clone(), ..input })
    };
    let mut shows = |input: StepInput| probe.shows_family(family, &input);
    let mut minimiser = Minimiser { domain: &anything, build: &build, shows: &mut shows, limit: None };
    let start = Shrinkable { document: document_of(input), ambient: input.ambient.clone() };
    let matters = minimiser.load_bearing(&start)?;
    Ok(matters.is_empty() || minimiser.is_broad(&start, &matters)?)
}
