//! What counts as a difference: how strictly outcomes are compared, and which differences are known already.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use parity_model::{Ambient, HandlerId};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::compare::{Difference, by_place, differences};
use crate::ledger::Ledger;
use crate::manner::manners;
use crate::volatile::{Again, Likeness, Volatile};
use parity_engine::EngineFault;
use parity_json::pointer;
use parity_model::{DifferenceClass, Signature};
use parity_model::{FailureKind, INVALID_INPUT, Observation, Outcome, Unplanned};

/// How strictly outcomes are compared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
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
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Tolerance {
    path: String,
    most: f64,
}

/// Where an outcome document may differ: a JSON Pointer that starts at one of its members.
fn field(path: &str) -> Result<&str, String> {
    let known = ["/result", "/metadata", "/context", "/retry_after", "/error_type", "/raised"];
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

/// A field of outcomes that is not compared as others are.
///
/// Text: a JSON Pointer into the outcome document, e.g. `/result/created_at`; `*` stands for any one member or index.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Field(String);

impl Field {
    /// Whether a place is this field or within it.
    fn holds(&self, path: &str) -> bool {
        let ends = path.match_indices('/').map(|(end, _)| end).skip(1).chain([path.len()]);
        ends.into_iter().any(|end| pointer::matches(&self.0, &path[..end]))
    }

    /// Whether the document of an outcome has the field.
    #[must_use]
    pub fn is_in(&self, outcome: &Value) -> bool {
        pointer::exists(&self.0, outcome)
    }
}

impl FromStr for Field {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        field(text).map(|path| Self(path.to_owned()))
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Texts and their values, for serde.
macro_rules! as_text {
    ($name:ty) => {
        impl TryFrom<String> for $name {
            type Error = String;

            fn try_from(text: String) -> Result<Self, String> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(value: $name) -> Self {
                value.to_string()
            }
        }
    };
}

as_text!(Tolerance);
as_text!(Field);

/// What counts as a difference. The default is everything.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Criteria {
    /// Differences that are counted and not reported.
    pub ledger: Ledger,
    /// How strictly outcomes are compared.
    pub strictness: Strictness,
    /// Fields in which numbers may differ a little.
    pub tolerances: Vec<Tolerance>,
    /// Fields that are matched by their shape, beside those that turn out to be random.
    pub volatile: Vec<Field>,
    /// Fields that are not compared, with all that is in them.
    pub ignored: Vec<Field>,
    /// Engines whose language has no code in the failures that it raises.
    pub codeless: Vec<String>,
    /// Engines whose worker retries a permanent error that a class raises, and drops its code and its context.
    #[serde(default)]
    pub retrying: Vec<String>,
    /// Objects whose members do not tell one defect from another.
    pub named_by_data: NamedByData,
    /// Whether an input that the oracle answers with [`INVALID_INPUT`] is outside the contract of the handlers that are compared:
    /// the code is our reference's own.
    pub invalid_is_outside: bool,
}

/// The objects in outcomes whose members are named by data, such as sales by day, by handler: JSON Pointers into the
/// outcome. Where one of their members stands does not tell one defect from another.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NamedByData(pub BTreeMap<HandlerId, Vec<String>>);

impl NamedByData {
    /// The objects in the outcomes of `handler`.
    #[must_use]
    pub fn of(&self, handler: &HandlerId) -> &[String] {
        self.0.get(handler).map_or(&[], Vec::as_slice)
    }
}

impl From<Ledger> for Criteria {
    fn from(ledger: Ledger) -> Self {
        Self { ledger, ..Self::default() }
    }
}

/// Two ends of one call.
#[derive(Clone, Copy, Debug)]
pub struct ComparedCall<'a> {
    /// The handler that was called.
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

/// How two ends differ.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Verdict {
    /// The differences that count, in the order of the outcome.
    pub signatures: Vec<Signature>,
    /// Those that the ledger knows.
    pub known: Vec<Signature>,
    /// Why the two cannot be compared: what an engine does not provide.
    pub unsupported: Option<String>,
    /// Whether the input is outside the contract, so that nothing was compared.
    pub is_outside: bool,
    /// Fields that are random where they are expected, and that were compared by their form alone: JSON Pointers with `*` for indices.
    pub by_form: Vec<String>,
}

impl Verdict {
    /// Whether nothing differs that counts, or counted but for the ledger.
    #[must_use]
    pub fn is_agreement(&self) -> bool {
        self.signatures.is_empty() && self.known.is_empty() && self.unsupported.is_none() && !self.is_outside
    }

    /// Whether a difference was found, known or not, in the place of `signature` or around it. What two outcomes differ in elsewhere
    /// does not matter to it.
    #[must_use]
    pub fn differs_at(&self, signature: &Signature) -> bool {
        let mut found = self.signatures.iter().chain(&self.known);
        self.unsupported.is_some() || found.any(|found| is_around(&found.path, &signature.path))
    }
}

/// Whether two paths name one place, or one of them is within the other. The outcome as a whole stands for the decision alone.
#[must_use]
pub fn is_around(one: &str, other: &str) -> bool {
    let within = |inner: &str, outer: &str| {
        inner.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    one.is_empty() || !other.is_empty() && (within(one, other) || within(other, one))
}

impl Criteria {
    /// The same criteria, where these objects in the outcomes of `handler` are named by data, too.
    #[must_use]
    pub fn with_names(&self, handler: &HandlerId, named_by_data: &[String]) -> Self {
        let mut criteria = self.clone();
        if !named_by_data.is_empty() {
            let objects = criteria.named_by_data.0.entry(handler.clone()).or_default();
            let new = named_by_data.iter().filter(|object| !objects.contains(object)).cloned().collect::<Vec<_>>();
            objects.extend(new);
        }
        criteria
    }

    /// The fields that are treated apart: with a tolerance, as volatile, or not at all.
    pub fn fields(&self) -> impl Iterator<Item = Field> {
        let tolerated = self.tolerances.iter().map(|tolerance| Field(tolerance.path.clone()));
        tolerated.chain(self.volatile.iter().chain(&self.ignored).cloned())
    }

    /// How the two ends differ.
    pub fn judge(&self, pair: &ComparedCall<'_>, again: &mut Again<'_>) -> Result<Verdict, EngineFault> {
        let mut verdict = self.judge_expected(pair.expected);
        verdict.unsupported = verdict.unsupported.or_else(|| unsupported(pair.actual).map(str::to_owned));
        if verdict.unsupported.is_some()
            || verdict.is_outside
            || self.strictness == Strictness::Contract && both_crashed(pair)
        {
            return Ok(verdict);
        }
        let named_by_data = self.named_by_data.of(pair.handler);
        let mut volatile = Volatile::new(pair.ambient, again);
        for difference in differences(pair.expected, pair.actual) {
            let Some(class) = self.counts_as(pair, &difference, &mut volatile) else { continue };
            let difference = Difference { class, ..difference };
            let family = difference.signature(pair.handler, pair.engine, named_by_data);
            let mut manners = manners(pair.expected, pair.actual, &difference);
            if manners.is_empty() {
                manners.insert(String::new());
            }
            for manner in manners {
                let signature = Signature { manner, ..family.clone() };
                let list = if self.ledger.knows(&signature) { &mut verdict.known } else { &mut verdict.signatures };
                if !list.contains(&signature) {
                    list.push(signature);
                }
            }
        }
        verdict.by_form = volatile.same_form().iter().map(|path| pointer::wildcard(path, named_by_data)).collect();
        volatile.fault()?;
        Ok(verdict)
    }

    /// Whether an engine's handler ended in a permanent error that the worker of its language would not take for one.
    #[must_use]
    pub fn is_retried(&self, engine: &str, end: &Observation) -> bool {
        let Some(Outcome::Failed(failure)) = end.planned() else { return false };
        failure.kind == FailureKind::Permanent
            && failure.was_raised_at_worker()
            && self.retrying.iter().any(|retrying| retrying == engine)
            && !self.ignored.iter().any(|field| field.holds("/raised"))
    }

    /// What the expected end alone tells: whether anything can be compared with it.
    pub(crate) fn judge_expected(&self, expected: &Observation) -> Verdict {
        let code = expected.planned().and_then(Outcome::code);
        Verdict {
            unsupported: unsupported(expected).map(str::to_owned),
            is_outside: self.invalid_is_outside && code == Some(INVALID_INPUT),
            ..Verdict::default()
        }
    }

    /// The kind of difference that one counts as, if it counts.
    fn counts_as(
        &self,
        pair: &ComparedCall<'_>,
        difference: &Difference,
        volatile: &mut Volatile<'_, '_>,
    ) -> Option<DifferenceClass> {
        if self.is_downgraded(pair.engine, difference) {
            return Some(DifferenceClass::CodeNotExpressed);
        }
        let Difference { class, path } = difference;
        let contract = self.strictness == Strictness::Contract;
        let metadata = path.strip_prefix("/metadata").is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        if contract && (path == "/message" || metadata) {
            return None;
        }
        if self.ignored.iter().any(|field| field.holds(path)) {
            return None;
        }
        if *class == DifferenceClass::Order {
            // Where elements differ only in what does not count, their order does not count either.
            let mut inner = Vec::new();
            if let Some((expected, actual)) = pair.expected.at(path).zip(pair.actual.at(path))
                && let (Value::Array(expected), Value::Array(actual)) = (expected.as_ref(), actual.as_ref())
            {
                by_place((expected, actual), (path, 0), &mut inner);
            }
            let counts = inner.iter().any(|inner| self.counts_as(pair, inner, volatile).is_some());
            return counts.then(|| class.clone());
        }
        let is_at = |pattern: &str| pointer::matches(pattern, path);
        let ends = pair.expected.at(path).zip(pair.actual.at(path)).filter(|_| *class == DifferenceClass::Value);
        let Some((expected, actual)) = ends else { return Some(class.clone()) };
        if let (Some(one), Some(other)) = (expected.as_f64(), actual.as_f64())
            && self.tolerances.iter().any(|tolerance| is_at(&tolerance.path) && (one - other).abs() <= tolerance.most)
        {
            return None;
        }
        let declared = self.volatile.iter().any(|field| is_at(&field.0));
        let how =
            if declared || contract { volatile.judge(path, &expected, &actual, declared) } else { Likeness::Other };
        match how {
            Likeness::SameForm => None,
            Likeness::OtherForm => Some(DifferenceClass::Form),
            Likeness::Other => Some(class.clone()),
        }
    }

    /// Whether all that is missing is what the engine's language cannot say.
    fn is_downgraded(&self, engine: &str, difference: &Difference) -> bool {
        self.strictness == Strictness::Contract
            && difference.class == DifferenceClass::Missing
            && difference.path == "/code"
            && self.codeless.iter().any(|codeless| codeless == engine)
    }
}

/// What the handler asked for and was not provided with, if it ended so.
fn unsupported(end: &Observation) -> Option<&str> {
    match end {
        Observation::Unplanned(Unplanned::Unsupported { what }) => Some(what),
        _ => None,
    }
}

/// Exceptions are each language's own: that nobody planned them is what two languages can have in common.
fn both_crashed(pair: &ComparedCall<'_>) -> bool {
    let crashed = |end: &Observation| matches!(end, Observation::Unplanned(Unplanned::Crashed { .. }));
    crashed(pair.expected) && crashed(pair.actual)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::{Value, json};

    use super::*;

    fn end(document: Value) -> Observation {
        serde_json::from_value(document).unwrap()
    }

    fn completed(result: &Value) -> Observation {
        end(json!({"status": "completed", "result": result, "metadata": {"seconds": 1}}))
    }

    fn failed(code: Option<&str>, message: &str, id: u32) -> Observation {
        end(json!({"status": "failed", "kind": "permanent", "code": code, "message": message, "retry_after": null,
                   "context": {"id": id}}))
    }

    fn crashed(class: &str) -> Observation {
        end(json!({"status": "crashed", "class": class, "message": "", "trace": ""}))
    }

    fn contract() -> Criteria {
        Criteria { strictness: Strictness::Contract, codeless: vec!["go".to_owned()], ..Criteria::default() }
    }

    fn full() -> Criteria {
        Criteria { strictness: Strictness::Full, ..contract() }
    }

    /// The verdict where nothing is random.
    fn judge(criteria: &Criteria, engine: &str, expected: &Observation, actual: &Observation) -> Verdict {
        let handler = "a/b".parse().unwrap();
        let pair = ComparedCall { handler: &handler, ambient: &Ambient::default(), expected, engine, actual };
        criteria.judge(&pair, &mut |_| Ok(expected.clone())).unwrap()
    }

    /// All that `engine` differs in, where nothing is known.
    fn differs(criteria: &Criteria, engine: &str, expected: &Observation, actual: &Observation) -> Option<String> {
        let verdict = judge(criteria, engine, expected, actual);
        assert!(verdict.known.is_empty());
        let mut all: Vec<String> =
            verdict.signatures.iter().map(|found| format!("{} {}", found.class, found.path)).collect();
        // In whatever manner.
        all.dedup();
        (!all.is_empty()).then(|| all.join(", "))
    }

    #[rstest]
    #[case("/result=0")]
    #[case("/result/items/*/price=0.005")]
    #[case("/metadata/a=b=2")]
    #[case("/context/id=1")]
    #[case("/retry_after=30")]
    fn a_tolerance_is_written_as_it_is_read(#[case] text: &str) {
        assert_eq!(text.parse::<Tolerance>().unwrap().to_string(), text);
    }

    #[rstest]
    #[case("/result", "write PATH=MOST")]
    #[case("/result=a", "\"a\" is no tolerance; write a number")]
    #[case("/result=-1", "\"-1\" is no tolerance; write a number")]
    #[case("/result=inf", "\"inf\" is no tolerance; write a number")]
    #[case("/result=NaN", "\"NaN\" is no tolerance; write a number")]
    #[case("/code=1", "\"/code\" is no field of an outcome")]
    #[case("/results=1", "\"/results\" is no field of an outcome")]
    fn what_is_no_tolerance_is_refused(#[case] text: &str, #[case] message: &str) {
        let error = text.parse::<Tolerance>().unwrap_err();
        assert!(error.contains(message), "{error}");
    }

    #[test]
    fn a_volatile_field_is_written_as_it_is_read() {
        assert_eq!("/result/*/at".parse::<Field>().unwrap().to_string(), "/result/*/at");
        assert!("result".parse::<Field>().unwrap_err().contains("\"result\" is no field of an outcome"));
    }

    #[test]
    fn an_order_counts_where_something_else_is_elsewhere_that_counts() {
        let ignored = vec!["/result/*/id".parse().unwrap()];
        let tolerances = vec!["/result/*/price=0.01".parse().unwrap()];
        let criteria = Criteria { tolerances, ignored, ..full() };
        let outcome = |items: Value| end(json!({"status": "completed", "metadata": {}, "result": items}));
        let item = |id: i32, price: f64| json!({"id": id, "price": price});
        let (one, near, other) = (item(1, 1.0), item(2, 1.005), item(3, 2.0));
        let expected = outcome(json!([one, near, other]));
        assert_eq!(differs(&criteria, "python", &expected, &outcome(json!([near, one, other]))), None);
        let found = differs(&criteria, "python", &expected, &outcome(json!([other, near, one])));
        assert_eq!(found.as_deref(), Some("order /result"));
    }

    #[test]
    fn an_ignored_field_is_left_out_with_all_that_is_in_it() {
        let ignored = ["/result/items/*/id", "/result/debug", "/metadata"].map(|field| field.parse().unwrap()).to_vec();
        let criteria = Criteria { ignored, ..full() };
        let outcome = |id: i32, debug: Value, price: i32, seconds: i32| {
            end(json!({"status": "completed", "metadata": {"seconds": seconds},
                       "result": {"items": [{"id": id, "price": price}], "debug": debug}}))
        };
        let expected = outcome(1, json!({"at": [1]}), 1, 1);
        assert_eq!(differs(&criteria, "python", &expected, &outcome(2, json!({"at": [2]}), 1, 2)), None);
        let actual = outcome(2, json!("none"), 2, 1);
        assert_eq!(differs(&criteria, "python", &expected, &actual).as_deref(), Some("value /result/items/*/price"));
    }

    #[test]
    fn texts_and_metadata_count_only_in_full() {
        let (expected, actual) = (failed(Some("A"), "no", 1), failed(Some("A"), "never", 1));
        assert_eq!(differs(&contract(), "python", &expected, &actual), None);
        assert_eq!(differs(&full(), "python", &expected, &actual).as_deref(), Some("value /message"));

        let expected = completed(&json!({"message": "no"}));
        let other =
            |metadata: Value| end(json!({"status": "completed", "result": {"message": "no"}, "metadata": metadata}));
        for (metadata, difference) in [
            (json!({"seconds": 2}), "value /metadata/seconds"),
            (json!({}), "missing /metadata/seconds"),
            (json!(null), "type /metadata"),
        ] {
            assert_eq!(differs(&contract(), "python", &expected, &other(metadata.clone())), None);
            assert_eq!(differs(&full(), "python", &expected, &other(metadata)).as_deref(), Some(difference));
        }
        let actual = completed(&json!({"message": "never"}));
        assert_eq!(differs(&contract(), "python", &expected, &actual).as_deref(), Some("value /result/message"));
    }

    #[rstest]
    #[case(0.125, None)]
    #[case(0.0625, Some("value /result/price"))]
    fn a_number_may_differ_by_its_tolerance_and_no_more(#[case] most: f64, #[case] differs_in: Option<&str>) {
        let criteria = Criteria { tolerances: vec![format!("/result/price={most}").parse().unwrap()], ..full() };
        for (expected, actual) in [(1.5, 1.625), (1.625, 1.5)] {
            let price = |price: f64, total: i32| completed(&json!({"price": price, "total": total}));
            assert_eq!(differs(&criteria, "python", &price(expected, 1), &price(actual, 1)).as_deref(), differs_in);
            assert!(differs(&criteria, "python", &price(expected, 1), &price(expected, 2)).is_some());
        }
    }

    #[rstest]
    #[case::codeless("go", contract(), failed(None, "no", 1), Some("code_not_expressed /code"))]
    #[case::another_language("python", contract(), failed(None, "no", 1), Some("missing /code"))]
    #[case::in_full("go", full(), failed(None, "no", 1), Some("missing /code"))]
    #[case::another_code("go", contract(), failed(Some("B"), "no", 1), Some("decision:A->B "))]
    #[case::more_than_the_code(
        "go",
        contract(),
        failed(None, "no", 2),
        Some("code_not_expressed /code, value /context/id")
    )]
    #[case::not_the_code("go", contract(), failed(Some("A"), "no", 2), Some("value /context/id"))]
    fn a_language_without_codes_is_forgiven_just_the_code(
        #[case] engine: &str,
        #[case] criteria: Criteria,
        #[case] actual: Observation,
        #[case] differs_in: Option<&str>,
    ) {
        assert_eq!(differs(&criteria, engine, &failed(Some("A"), "no", 1), &actual).as_deref(), differs_in);
    }

    #[rstest]
    #[case("go")]
    #[case("python")]
    fn a_missing_field_is_no_missing_code(#[case] engine: &str) {
        let (expected, actual) = (completed(&json!({"code": 1})), completed(&json!({})));
        assert_eq!(differs(&contract(), engine, &expected, &actual).as_deref(), Some("missing /result/code"));
    }

    #[test]
    fn two_crashes_agree_under_contract_and_nothing_else_agrees_with_a_crash() {
        let (crash, other) = (crashed("KeyError"), crashed("TypeError"));
        assert_eq!(differs(&contract(), "python", &crash, &other), None);
        assert_eq!(differs(&full(), "python", &crash, &other).as_deref(), Some("crashed:TypeError "));
        let late = Observation::from(Unplanned::TimedOut);
        assert_eq!(differs(&contract(), "python", &crash, &late).as_deref(), Some("timed_out "));
        assert_eq!(differs(&contract(), "python", &late, &crash).as_deref(), Some("crashed:KeyError "));
    }

    /// A ledger that knows one difference of the handler.
    fn knowing(engine: &str, class: &str, path: &str) -> Ledger {
        let file = tempfile::NamedTempFile::new().unwrap();
        let signature = json!({"handler": "a/b", "engine": engine, "class": class, "path": path});
        let entry = json!({"signature": signature, "input": {"handler": "a/b", "context": {}}, "reason": "r", "owner": "o",
                           "issue": "i", "expires": "2026-12-31"});
        std::fs::write(file.path(), json!({"divergences": [entry]}).to_string()).unwrap();
        Ledger::load(file.path(), jiff::civil::date(2026, 12, 31)).unwrap()
    }

    #[test]
    fn a_known_difference_is_not_reported_and_is_no_agreement() {
        let criteria = Criteria::from(knowing("python", "value", "/result/x"));
        let expected = completed(&json!({"x": 1, "y": 1}));
        let verdict = judge(&criteria, "python", &expected, &completed(&json!({"x": 2, "y": 1})));
        assert_eq!((verdict.signatures.is_empty(), verdict.known.len(), verdict.is_agreement()), (true, 1, false));
        let verdict = judge(&criteria, "python", &expected, &completed(&json!({"x": 2, "y": 2})));
        assert_eq!((verdict.signatures[0].path.as_str(), verdict.known.len()), ("/result/y", 1));
        let verdict = judge(&criteria, "go", &expected, &completed(&json!({"x": 2, "y": 1})));
        assert_eq!((verdict.signatures[0].path.as_str(), verdict.known.len()), ("/result/x", 0));

        let criteria = Criteria { ledger: knowing("go", "code_not_expressed", "/code"), ..contract() };
        let verdict = judge(&criteria, "go", &failed(Some("A"), "no", 1), &failed(None, "no", 1));
        assert_eq!((verdict.signatures.len(), verdict.known.len()), (0, 1));
    }

    #[test]
    fn all_differences_count_each_signature_once() {
        let items = |first: i32, second: i32| json!([{"price": first}, {"price": second}]);
        let expected = completed(&json!({"id": "a", "items": items(1, 2), "fee": 1, "note": null}));
        let actual = completed(&json!({"id": "b", "items": items(2, 3), "fee": 2}));
        let all = "value /result/id, value /result/items/*/price, value /result/fee, missing /result/note";
        assert_eq!(differs(&full(), "python", &expected, &actual).as_deref(), Some(all));
    }

    #[test]
    fn what_is_not_provided_is_neither_agreement_nor_a_difference() {
        let unsupported = Observation::from(Unplanned::Unsupported { what: "DecisionHandler".to_owned() });
        let completed = completed(&json!({}));
        for (expected, actual) in [(&unsupported, &completed), (&completed, &unsupported), (&unsupported, &unsupported)]
        {
            for criteria in [full(), contract()] {
                let verdict = judge(&criteria, "python", expected, actual);
                assert_eq!(verdict.unsupported.as_deref(), Some("DecisionHandler"));
                assert!(verdict.signatures.is_empty() && !verdict.is_agreement());
            }
        }
    }

    #[rstest]
    #[case(true, Some(INVALID_INPUT), true)]
    #[case(true, Some("INVALID"), false)]
    #[case(false, Some(INVALID_INPUT), false)]
    fn an_input_may_be_outside_the_contract(#[case] flag: bool, #[case] code: Option<&str>, #[case] is_outside: bool) {
        let criteria = Criteria { invalid_is_outside: flag, ..contract() };
        let verdict = judge(&criteria, "python", &failed(code, "no", 1), &completed(&json!({})));
        assert_eq!((verdict.is_outside, verdict.signatures.is_empty()), (is_outside, is_outside));
        assert!(!verdict.is_agreement());
    }

    #[rstest]
    #[case("/result/fee", "/result/fee", true)]
    #[case("/result", "/result/fee", true)]
    #[case("/result/fee/cents", "/result/fee", true)]
    #[case("", "/result/fee", true)]
    #[case("", "", true)]
    #[case("/result/id", "/result/fee", false)]
    #[case("/result/fees", "/result/fee", false)]
    #[case("/result/fee", "", false)]
    fn a_place_differs_by_what_is_around_it(#[case] found: &str, #[case] place: &str, #[case] differs: bool) {
        let signature = |path: &str| Signature {
            handler: "a/b".parse().unwrap(),
            engine: "go".to_owned(),
            class: DifferenceClass::Value,
            path: path.to_owned(),
            manner: String::new(),
        };
        let verdict = Verdict { signatures: vec![signature(found)], ..Verdict::default() };
        assert_eq!(verdict.differs_at(&signature(place)), differs);
    }
}
