//! What counts as a difference: how strictly outcomes are compared, and which differences are known already.

use std::fmt;
use std::str::FromStr;

use clap::ValueEnum;
use reference_rs::{Ambient, HandlerId};
use serde::{Deserialize, Serialize};

use crate::compare::{Difference, DifferenceClass, Signature, compare_observations};
use crate::engine::EngineFault;
use crate::ledger::Ledger;
use crate::outcome::{Observation, Unplanned};
use crate::pointer;
use crate::volatile::Volatile;

/// How strictly outcomes are compared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Strictness {
    /// Every field, exactly: languages that are meant to answer the same.
    #[default]
    Full,
    /// What other steps and the engine rely on: no message texts, no metadata; what is random is matched by its shape
    Contract,
}

/// A field in which numbers may differ a little.
///
/// Text: `PATH=MOST`, e.g. `/result/items/*/price=0.005`; `*` in the path stands for any one member or index.
#[derive(Clone, Debug, PartialEq)]
pub struct Tolerance {
    path: String,
    most: f64,
}

/// Where an outcome document may differ: a JSON Pointer that starts at one of its members.
fn field(path: &str) -> Result<&str, String> {
    let known = ["/result", "/metadata", "/context", "/retry_after"];
    let starts = |root: &str| path.strip_prefix(root).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    if known.iter().any(|root| starts(root)) {
        return Ok(path);
    }
    Err(format!("{path:?} is no field of an outcome; write a JSON Pointer below {}", known.join(", ")))
}

impl FromStr for Tolerance {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (path, most) = text
            .rsplit_once('=')
            .ok_or_else(|| format!("{text:?} is no tolerance; write PATH=MOST, e.g. /result/total=0.005"))?;
        let number = most.parse().ok().filter(|most: &f64| most.is_finite() && *most >= 0.0);
        let most = number.ok_or_else(|| format!("{most:?} is no tolerance; write a number that is not negative"))?;
        Ok(Self { path: field(path)?.to_owned(), most })
    }
}

impl fmt::Display for Tolerance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}={}", self.path, self.most)
    }
}

/// A field that is not the same in every call: only its shape is compared.
///
/// Text: a JSON Pointer into the outcome document, e.g. `/result/created_at`; `*` stands for any one member or index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VolatileField(String);

impl FromStr for VolatileField {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        field(text).map(|path| Self(path.to_owned()))
    }
}

impl fmt::Display for VolatileField {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What counts as a difference. The default is everything.
#[derive(Clone, Debug, Default)]
pub struct Criteria {
    /// Differences that are counted and not reported.
    pub ledger: Ledger,
    /// How strictly outcomes are compared.
    pub strictness: Strictness,
    /// Fields in which numbers may differ a little.
    pub tolerances: Vec<Tolerance>,
    /// Fields that are matched by their shape, beside those that turn out to be random.
    pub volatile: Vec<VolatileField>,
    /// Engines whose language has no code in the failures that it raises.
    pub codeless: Vec<String>,
}

impl From<Ledger> for Criteria {
    fn from(ledger: Ledger) -> Self {
        Self { ledger, ..Self::default() }
    }
}

/// Two ends of one call.
#[derive(Clone, Copy, Debug)]
pub struct Pair<'a> {
    /// The handler.
    pub handler: &'a HandlerId,
    /// Clock and randomness of the call.
    pub ambient: &'a Ambient,
    /// What the oracle answered.
    pub expected: &'a Observation,
    /// The engine that is compared.
    pub engine: &'a str,
    /// What it answered.
    pub actual: &'a Observation,
}

/// Runs the call on the oracle once more, with another clock or other randomness.
pub type Again<'a> = dyn FnMut(&Ambient) -> Result<Observation, EngineFault> + 'a;

/// How two ends differ.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Verdict {
    /// The first difference that counts, as a signature.
    pub signature: Option<Signature>,
    /// The known differences before it.
    pub known: Vec<Signature>,
}

impl Verdict {
    /// Whether nothing differs that counts, or counted but for the ledger.
    #[must_use]
    pub fn is_agreement(&self) -> bool {
        self.signature.is_none() && self.known.is_empty()
    }
}

/// The class of a signature that says that only the code of a failure is missing, in a language that can not raise one.
pub const CODE_NOT_EXPRESSED: &str = "code_not_expressed";

impl Criteria {
    /// How the two ends differ.
    pub fn judge(&self, pair: &Pair<'_>, again: &mut Again<'_>) -> Result<Verdict, EngineFault> {
        let sign = |difference: &Difference| difference.signature(pair.handler, pair.engine);
        let mut verdict = Verdict::default();
        if self.strictness == Strictness::Contract && both_crashed(pair) {
            return Ok(verdict);
        }
        let mut volatile = Volatile::new(pair.ambient, again);
        let mut downgraded = None;
        let first = compare_observations(pair.expected, pair.actual, &mut |difference| {
            if self.overlooks(pair, difference, &mut volatile) {
                return false;
            }
            let mut signature = sign(difference);
            let is_downgraded = self.is_downgraded(pair.engine, difference);
            if is_downgraded {
                CODE_NOT_EXPRESSED.clone_into(&mut signature.class);
            }
            if self.ledger.knows(&signature) {
                verdict.known.push(signature);
                return false;
            }
            if is_downgraded {
                downgraded.get_or_insert(signature);
            }
            !is_downgraded
        });
        volatile.fault()?;
        verdict.signature = first.as_ref().map(sign).or(downgraded);
        Ok(verdict)
    }

    /// Whether a difference is none.
    fn overlooks(&self, pair: &Pair<'_>, difference: &Difference, volatile: &mut Volatile<'_, '_>) -> bool {
        let path = difference.path.as_str();
        let contract = self.strictness == Strictness::Contract;
        let metadata = path.strip_prefix("/metadata").is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        if contract && (path == "/message" || metadata) {
            return true;
        }
        if difference.class != DifferenceClass::Value {
            return false;
        }
        let is_at = |pattern: &str| pointer::matches(pattern, path);
        let (Some(expected), Some(actual)) = (pair.expected.at(path), pair.actual.at(path)) else { return false };
        if let (Some(one), Some(other)) = (expected.as_f64(), actual.as_f64())
            && self.tolerances.iter().any(|tolerance| is_at(&tolerance.path) && (one - other).abs() <= tolerance.most)
        {
            return true;
        }
        let declared = self.volatile.iter().any(|field| is_at(&field.0));
        (declared || contract) && volatile.fits(path, &expected, &actual, declared)
    }

    /// Whether all that is missing is what the engine's language can not say.
    fn is_downgraded(&self, engine: &str, difference: &Difference) -> bool {
        self.strictness == Strictness::Contract
            && difference.class == DifferenceClass::Missing
            && difference.path == "/code"
            && self.codeless.iter().any(|codeless| codeless == engine)
    }
}

/// Exceptions are each language's own: that nobody planned them is what two languages can have in common.
fn both_crashed(pair: &Pair<'_>) -> bool {
    let crashed = |end: &Observation| matches!(end, Observation::Unplanned(Unplanned::Crashed { .. }));
    crashed(pair.expected) && crashed(pair.actual)
}
