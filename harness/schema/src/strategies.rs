//! Strategies that a user states for paths of a document: which values stand there, in which range numbers lie, and what they follow from.

use proptest::test_runner::TestRng;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::chance::below;
use crate::relate::decimal::Decimal;
use crate::stated_places::has_place;

/// One in so many values is left as it was drawn.
const LEFT: usize = 10;

/// What is said of all paths, in the order in which it is said: a sum stands behind what it is the sum of.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Strategies(Vec<Strategy>);

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Strategy {
    path: Vec<String>,
    rule: Rule,
}

/// What is said of one path.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Rule {
    /// One of these, by weight.
    Values(Vec<(u32, Value)>),
    /// A number between two, with as many decimals as they have.
    Between(Decimal, Decimal),
    /// The same value as at this path.
    Equals(Vec<String>),
    /// The sum of the numbers at this path.
    SumOf(Vec<String>),
}

/// What is wrong with the strategy of a path.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{path}: {message}")]
pub struct StrategyError {
    /// The path.
    pub path: String,
    /// What is wrong, and what to write instead.
    pub message: String,
}

impl Strategies {
    /// What `document` says of the values that `schema` admits: by path, `{"values": […], "weights": […]}`, `{"between": [least, most]}`,
    /// `{"equals": path}` or `{"sum_of": path}`. A path is a JSON Pointer in which `*` stands for every element.
    pub fn new(document: &Map<String, Value>, schema: &Value) -> Result<Self, StrategyError> {
        let strategy = |(path, rule): (&String, &Value)| {
            let error = |message| StrategyError { path: path.clone(), message };
            let tokens = place(path, schema).map_err(error)?;
            Ok(Strategy { path: tokens, rule: rule_of(rule, schema).map_err(error)? })
        };
        document.iter().map(strategy).collect::<Result<_, _>>().map(Self)
    }

    /// Whether nothing is stated.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The object as stated, as far as `holds` admits it.
    #[must_use]
    pub fn applied(
        &self,
        members: Map<String, Value>,
        rng: &mut TestRng,
        holds: impl Fn(&Value) -> bool,
    ) -> Map<String, Value> {
        let mut document = Value::Object(members);
        self.apply(&mut document, rng, holds);
        match document {
            Value::Object(members) => members,
            _ => Map::new(),
        }
    }

    /// Lets `document` be as stated, as far as `holds` admits it. A part that was not drawn is not added.
    fn apply(&self, document: &mut Value, rng: &mut TestRng, holds: impl Fn(&Value) -> bool) {
        for Strategy { path, rule } in &self.0 {
            for stars in bindings(document, path) {
                if below(rng, LEFT) == 0 {
                    continue;
                }
                let Some(value) = rule.value(document, &stars, rng) else { continue };
                let Some(place) = document.pointer_mut(&bound(path, &stars)) else { continue };
                let before = std::mem::replace(place, value);
                if !holds(document)
                    && let Some(place) = document.pointer_mut(&bound(path, &stars))
                {
                    *place = before;
                }
            }
        }
    }
}

impl Rule {
    fn value(&self, document: &Value, stars: &[usize], rng: &mut TestRng) -> Option<Value> {
        match self {
            Self::Values(values) => {
                let mut chosen = below(rng, values.iter().map(|(weight, _)| *weight as usize).sum());
                let is_it = |(weight, _): &&(u32, Value)| {
                    let is_it = chosen < *weight as usize;
                    chosen = chosen.saturating_sub(*weight as usize);
                    is_it
                };
                values.iter().find(is_it).map(|(_, value)| value.clone())
            }
            Self::Between(least, most) => least.between(*most, rng)?.value(false),
            Self::Equals(path) => document.pointer(&bound(path, stars)).cloned(),
            Self::SumOf(path) => {
                let add =
                    |sum: Decimal, stars: Vec<usize>| sum.plus(Decimal::of(document.pointer(&bound(path, &stars))?)?);
                bindings(document, path)
                    .into_iter()
                    // Of the same element where both are in one.
                    .filter(|all| all.iter().zip(stars).all(|(one, other)| one == other))
                    .try_fold(Decimal::new(0, 0), add)?
                    .value(false)
            }
        }
    }
}

fn rule_of(rule: &Value, schema: &Value) -> Result<Rule, String> {
    const KINDS: &str = "write one of values: […], between: [least, most], equals: /path, sum_of: /path/*/to";
    let rule = rule.as_object().ok_or(KINDS)?;
    let kinds: Vec<(&str, &Value)> =
        rule.iter().map(|(kind, said)| (kind.as_str(), said)).filter(|(kind, _)| *kind != "weights").collect();
    let [(kind, said)] = kinds.as_slice() else { return Err(KINDS.to_owned()) };
    if rule.contains_key("weights") && *kind != "values" {
        return Err("weights go with values".to_owned());
    }
    let path = || said.as_str().ok_or_else(|| format!("{kind} takes a path, e.g. /items/*/price"));
    match *kind {
        "values" => values_of(said, rule.get("weights")).map(Rule::Values),
        "between" => match said.as_array().map(Vec::as_slice) {
            Some([least, most]) => match (Decimal::of(least), Decimal::of(most)) {
                (Some(least), Some(most)) if least.is_at_most(most) => Ok(Rule::Between(least, most)),
                _ => Err("between takes two numbers, the lesser one first, e.g. [0.01, 99.99]".to_owned()),
            },
            _ => Err("between takes two numbers, e.g. [1, 5]".to_owned()),
        },
        "equals" => place(path()?, schema).map(Rule::Equals),
        "sum_of" => place(path()?, schema).map(Rule::SumOf),
        _ => Err(format!("{kind} is not known; {KINDS}")),
    }
}

fn values_of(said: &Value, weights: Option<&Value>) -> Result<Vec<(u32, Value)>, String> {
    let values =
        said.as_array().filter(|values| !values.is_empty()).ok_or("values takes a list with at least one value")?;
    let Some(weights) = weights else { return Ok(values.iter().map(|value| (1, value.clone())).collect()) };
    let weight = |weight: &Value| weight.as_u64().and_then(|weight| u32::try_from(weight).ok());
    let weights: Option<Vec<u32>> = weights.as_array().and_then(|weights| weights.iter().map(weight).collect());
    match weights {
        Some(weights) if weights.len() == values.len() && weights.iter().any(|weight| *weight > 0) => {
            Ok(weights.into_iter().zip(values.iter().cloned()).collect())
        }
        _ => Err(format!("weights takes a whole number for each of the {} values, not all of them 0", values.len())),
    }
}

/// The tokens of a path that the schema states.
fn place(path: &str, schema: &Value) -> Result<Vec<String>, String> {
    if !path.starts_with('/') {
        return Err(format!("{path:?} is no path; write a JSON Pointer into the input, e.g. /items/*/price"));
    }
    let tokens: Vec<String> =
        path.split('/').skip(1).map(|token| token.replace("~1", "/").replace("~0", "~")).collect();
    if has_place(schema, &tokens) {
        Ok(tokens)
    } else {
        Err(format!("the input_schema states no {path}; name a member of its properties, or state it there"))
    }
}

/// Which elements the stars of `path` stand for, one list for each place in `document`.
fn bindings(document: &Value, path: &[String]) -> Vec<Vec<usize>> {
    let Some((token, rest)) = path.split_first() else { return vec![Vec::new()] };
    match document {
        Value::Array(elements) if token == "*" => {
            let below = |(index, element): (usize, &Value)| {
                bindings(element, rest).into_iter().map(move |stars| [vec![index], stars].concat()).collect::<Vec<_>>()
            };
            elements.iter().enumerate().flat_map(below).collect()
        }
        Value::Array(elements) => {
            let element = token.parse().ok().and_then(|index: usize| elements.get(index));
            element.map(|element| bindings(element, rest)).unwrap_or_default()
        }
        Value::Object(members) => members.get(token).map(|member| bindings(member, rest)).unwrap_or_default(),
        _ => Vec::new(),
    }
}

/// `path` as a JSON Pointer, with these elements for its stars.
fn bound(path: &[String], stars: &[usize]) -> String {
    let mut stars = stars.iter();
    path.iter().fold(String::new(), |pointer, token| match stars.as_slice().first() {
        Some(index) if token == "*" => {
            stars.next();
            format!("{pointer}/{index}")
        }
        _ => parity_json::pointer::child(&pointer, token),
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::test_runner::RngAlgorithm;
    use rstest::rstest;
    use serde_json::json;

    use super::*;

    fn schema() -> Value {
        json!({
            "properties": {
                "tier": {"type": "string"},
                "total": {"type": "number"},
                "items": {"type": "array", "items": {"$ref": "#/$defs/item"}},
                "notes": {},
            },
            "$defs": {"item": {"allOf": [{"properties": {"price": {"type": "number"}, "tier": {}, "parts": {"items": {"type": "number"}}}}]}},
        })
    }

    fn strategies(document: &Value) -> Result<Strategies, StrategyError> {
        Strategies::new(document.as_object().unwrap(), &schema())
    }

    #[test]
    fn values_are_as_stated_in_most_cases_and_only_where_the_rest_admits_them() {
        let strategies = strategies(&json!({
            "/tier": {"values": ["gold", "silver", "bad"], "weights": [3, 1, 1]},
            "/items/*/price": {"between": [1, 9.95]},
            "/items/*/tier": {"equals": "/tier"},
            "/items/*/parts": {"sum_of": "/items/*/parts/*"},
            "/total": {"sum_of": "/items/*/price"},
        }))
        .unwrap();
        let strategies: Strategies = serde_json::from_value(json!(strategies)).unwrap();
        let mut rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[1; 32]);
        let (mut tiers, mut totals, mut all_equal) = (BTreeSet::new(), 0, 0);
        for _ in 0..200 {
            let mut document = json!({"tier": "none", "total": 0, "items": [
                {"price": 0, "parts": [1, 2]}, {"price": 0, "tier": "x", "parts": [3]}, {}]});
            strategies.apply(&mut document, &mut rng, |document| document["tier"] != "bad");
            tiers.insert(document["tier"].as_str().unwrap().to_owned());
            let price = |index: usize| document["items"][index]["price"].as_f64().unwrap();
            assert!((0.0..=9.95).contains(&price(0)));
            totals += u32::from(
                price(0) > 0.0
                    && price(1) > 0.0
                    && (document["total"].as_f64().unwrap() - price(0) - price(1)).abs() < 1e-9,
            );
            all_equal += u32::from(document["items"][1]["tier"] == document["tier"]);
            assert!(document["items"][0].get("tier").is_none());
            assert!([json!([1, 2]), json!(3)].contains(&document["items"][0]["parts"]));
        }
        assert_eq!(tiers, BTreeSet::from(["gold", "none", "silver"].map(str::to_owned)));
        assert!(totals > 120 && all_equal > 150, "{totals} {all_equal}");
    }

    #[rstest]
    #[case(json!({"/tear": {"values": [1]}}), "/tear: the input_schema states no /tear; ")]
    #[case(json!({"/items/*/cost": {"values": [1]}}), "/items/*/cost: the input_schema states no ")]
    #[case(json!({"tier": {"values": [1]}}), "tier: \"tier\" is no path; write a JSON Pointer")]
    #[case(json!({"/tier": {"equals": "/total/x"}}), "/tier: the input_schema states no /total/x")]
    #[case(json!({"/tier": {"equal": "/total"}}), "/tier: equal is not known; write one of ")]
    #[case(json!({"/tier": {"values": []}}), "/tier: values takes a list")]
    #[case(json!({"/tier": {"values": [1, 2], "weights": [1]}}), "/tier: weights takes a whole number for each of the 2 values")]
    #[case(json!({"/total": {"between": [5, 1]}}), "/total: between takes two numbers, the lesser one first")]
    #[case(json!({"/tier": 1}), "/tier: write one of values: ")]
    fn what_cannot_be_used_is_told_by_its_path(#[case] document: Value, #[case] expected: &str) {
        let error = strategies(&document).unwrap_err().to_string();
        assert!(error.starts_with(expected), "{error}");
    }

    #[test]
    fn below_what_may_be_anything_every_path_is_there() {
        assert!(strategies(&json!({"/notes/any/*/thing": {"values": [1]}})).is_ok());
    }
}
