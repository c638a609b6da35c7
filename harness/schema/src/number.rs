//! Numbers: around the limits that the schema states, at the edges of languages, and anywhere.

use std::sync::Arc;

use jsonschema::Validator;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Number, Value};

use super::edges;
use super::error::{SchemaError, SchemaProblem, contradiction};
use super::found::{TRIES, found};
use super::model::Drawing;
use crate::scope::Scope;
use crate::values::{decimal, one_of};

/// The greatest integer that every language has.
const MOST: f64 = 9_007_199_254_740_991.0;

/// Of so many numbers one is rare.
const RARE: u32 = 100;

/// What the schema states of a number.
struct Limits {
    least: Option<f64>,
    most: Option<f64>,
    multiple_of: Option<f64>,
}

impl Limits {
    fn of(flat: &Map<String, Value>) -> Self {
        let keyword = |name: &str| flat.get(name).and_then(Value::as_f64);
        let tighter = |one: Option<f64>, other: Option<f64>, pick: fn(f64, f64) -> f64| match (one, other) {
            (Some(one), Some(other)) => Some(pick(one, other)),
            (one, other) => one.or(other),
        };
        Self {
            least: tighter(keyword("minimum"), keyword("exclusiveMinimum"), f64::max),
            most: tighter(keyword("maximum"), keyword("exclusiveMaximum"), f64::min),
            multiple_of: keyword("multipleOf"),
        }
    }

    /// Where the numbers of a campaign of this scope lie.
    fn range(&self, scope: Scope) -> (f64, f64) {
        let span = match scope {
            Scope::Tiny => 5.0,
            Scope::Small => 100.0,
            Scope::Normal | Scope::Hostile => 10_000.0,
        };
        match (self.least, self.most) {
            (Some(least), Some(most)) if scope >= Scope::Normal => (least, most),
            (Some(least), Some(most)) => (least, most.min(least + span)),
            (Some(least), None) => (least, least + span),
            (None, Some(most)) => (most - span, most),
            (None, None) => (-span / 10.0, span),
        }
    }
}

impl Drawing {
    pub(super) fn integer(
        &self,
        flat: &Map<String, Value>,
        validator: &Arc<Validator>,
        at: &str,
    ) -> Result<BoxedStrategy<Value>, SchemaError> {
        let limits = Limits::of(flat);
        let step = limits.multiple_of.filter(|step| step.fract() == 0.0).unwrap_or(1.0);
        let (least, most) = limits.range(self.scope);
        let steps = ((least / step).ceil(), (most / step).floor());
        let at_limits = [limits.least, limits.most]
            .into_iter()
            .flatten()
            .flat_map(|limit| [-2.0, -1.0, 0.0, 1.0, 2.0].map(|steps| whole(((limit / step).round() + steps) * step)));
        let edges = at_limits.chain(edges::integers()).collect();
        let exact = ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"];
        let exact = exact.iter().filter_map(|name| flat.get(*name)?.as_i64()).filter(|limit| !is_held(*limit));
        let beside = exact.flat_map(|limit| [-1, 0, 1].map(|by| Value::from(limit.saturating_add(by))));
        let rare = edges::large().into_iter().chain(beside).collect();
        let anywhere = (steps.0 <= steps.1).then(|| {
            let near = (cast(steps.0)..=cast(steps.1))
                .prop_map(move |steps| Value::from(steps.saturating_mul(cast(step))))
                .boxed();
            self.of_every_size(near, &limits, move |scaled| whole((scaled / step).trunc() * step))
        });
        self.numbers(edges, rare, anywhere, validator, at)
    }

    pub(super) fn number(
        &self,
        flat: &Map<String, Value>,
        validator: &Arc<Validator>,
        at: &str,
    ) -> Result<BoxedStrategy<Value>, SchemaError> {
        let limits = Limits::of(flat);
        let (least, most) = limits.range(self.scope);
        let at_limits = [limits.least, limits.most].into_iter().flatten().flat_map(|limit| {
            let beside = [-1.0, -0.5, -0.01, -0.005, 0.0, 0.005, 0.01, 0.5, 1.0].map(|by| plain(limit + by));
            beside.into_iter().chain([plain(limit.next_up()), plain(limit.next_down())])
        });
        let edges = at_limits.chain(edges::numbers()).collect();
        let anywhere = if let Some(step) = limits.multiple_of {
            multiples(step, least, most)
        } else {
            let numbers = self.of_every_size(decimals(least, most), &limits, plain);
            prop_oneof![5 => numbers, 1 => ties(least, most)].boxed()
        };
        self.numbers(edges, edges::odd(), Some(anywhere), validator, at)
    }

    /// `near` and now and then a number of any size: between both limits, or beyond where one is missing.
    fn of_every_size(
        &self,
        near: BoxedStrategy<Value>,
        limits: &Limits,
        value: impl Fn(f64) -> Value + 'static,
    ) -> BoxedStrategy<Value> {
        if let (Some(least), Some(most)) = (limits.least, limits.most) {
            let far = (least..=most.max(least)).prop_map(move |number| value(number.round()));
            return if self.scope <= Scope::Small { prop_oneof![15 => near, 1 => far].boxed() } else { near };
        }
        if self.scope <= Scope::Small {
            return near;
        }
        let signs = match (limits.least, limits.most) {
            (None, None) => vec![1.0, -1.0],
            (None, Some(_)) => vec![-1.0],
            _ => vec![1.0],
        };
        let offset = limits.least.or(limits.most).unwrap_or_default();
        let far = (magnitudes(), select(signs)).prop_map(move |(size, sign)| value(offset + sign * size));
        prop_oneof![7 => near, 1 => far].boxed()
    }

    /// Half of the numbers are those of `edges` that the schema admits, and now and then one is of `rare`.
    fn numbers(
        &self,
        mut edges: Vec<Value>,
        mut rare: Vec<Value>,
        anywhere: Option<BoxedStrategy<Value>>,
        validator: &Arc<Validator>,
        at: &str,
    ) -> Result<BoxedStrategy<Value>, SchemaError> {
        edges.retain(|edge| validator.is_valid(edge));
        rare.retain(|number| self.scope >= Scope::Normal && validator.is_valid(number));
        let is_small = |edge: &Value| edge.as_f64().is_some_and(|edge| edge.abs() <= 100.0);
        if self.scope == Scope::Tiny && edges.iter().any(is_small) {
            edges.retain(is_small);
        }
        let validator = Arc::clone(validator);
        let anywhere = anywhere.ok_or_else(|| contradiction(at, "no number lies between the limits"));
        let anywhere = anywhere.and_then(|numbers| {
            let is_valid = move |number: &Value| validator.is_valid(number);
            found(numbers.prop_filter("the schema refuses the number", is_valid))
                .ok_or_else(|| SchemaError::new(at, SchemaProblem::NotFound { tries: TRIES }))
        });
        let usual = match (edges.is_empty(), anywhere) {
            (false, Ok(anywhere)) => prop_oneof![1 => anywhere, 1 => one_of(edges)].boxed(),
            (false, Err(_)) => one_of(edges),
            (true, anywhere) => anywhere?,
        };
        Ok(if rare.is_empty() { usual } else { prop_oneof![RARE - 1 => usual, 1 => one_of(rare)].boxed() })
    }
}

/// Numbers of any size, where the schema says nothing of them.
pub(super) fn anything(scope: Scope) -> BoxedStrategy<Value> {
    let (least, most) = Limits { least: None, most: None, multiple_of: None }.range(scope);
    let far = (magnitudes(), select(vec![1.0, -1.0])).prop_map(|(size, sign)| plain(size * sign));
    prop_oneof![3 => one_of(edges::numbers()), 2 => decimals(least, most), 1 => far].boxed()
}

/// Positive numbers of every size, of few digits and of as many as there are.
fn magnitudes() -> BoxedStrategy<f64> {
    let digits = prop_oneof![1_i64..=99, 1_i64..=9_007_199_254_740_991];
    (digits, prop_oneof![3 => -6_i32..=12, 1 => -40_i32..=40])
        .prop_map(|(digits, exponent)| format!("{digits}e{exponent}").parse().unwrap_or_default())
        .boxed()
}

/// Numbers with up to three decimals.
fn decimals(least: f64, most: f64) -> BoxedStrategy<Value> {
    let with = |digits: u32| {
        let scale = 10_f64.powi(digits.cast_signed());
        between((least * scale).ceil(), (most * scale).floor()).prop_map(move |scaled| match digits {
            0 => Value::from(scaled),
            _ => decimal(scaled, digits),
        })
    };
    prop_oneof![3 => with(2), 2 => with(0), 1 => with(1), 1 => with(3)].boxed()
}

/// Numbers half way between two that rounding gives, of both parities and every size: half cents, halves, and those halves that
/// are ones in binary, too.
fn ties(least: f64, most: f64) -> BoxedStrategy<Value> {
    let first = cast(least.max(-MOST / 1e4).floor());
    let span = cast((most.min(MOST / 1e4) - least).max(1.0));
    (0_u32..=7, any::<u32>(), 0_i64..100, 0..4)
        .prop_map(move |(size, whole, cents, kind)| {
            let whole = first + i64::from(whole) % 10_i64.pow(size).min(span);
            match kind {
                0 => decimal(whole * 1000 + cents * 10 + 5, 3),
                1 => decimal(whole * 1000 + 125 + 250 * (cents % 4), 3),
                2 => decimal(whole * 100 + cents / 10 * 10 + 5, 2),
                _ => decimal(whole * 10 + 5, 1),
            }
        })
        .boxed()
}

/// The multiples of `step`, as they are written: 3 times 0.1 is 0.3.
fn multiples(step: f64, least: f64, most: f64) -> BoxedStrategy<Value> {
    let digits = step.to_string().split_once('.').map_or(0, |(_, decimals)| u32::try_from(decimals.len()).unwrap_or(0));
    let scaled_step = cast((step * 10_f64.powi(digits.cast_signed())).round());
    between((least / step).ceil(), (most / step).floor())
        .prop_map(move |steps| match digits {
            0 => Value::from(steps.saturating_mul(scaled_step)),
            _ => decimal(steps.saturating_mul(scaled_step), digits),
        })
        .boxed()
}

/// Whether a double holds an integer for sure.
fn is_held(integer: i64) -> bool {
    integer.unsigned_abs() < 1 << 53
}

/// The integers between two integral floats, in either order.
fn between(one: f64, other: f64) -> std::ops::RangeInclusive<i64> {
    cast(one.min(other))..=cast(one.max(other))
}

/// An integral float as an integer, if every language has it.
#[expect(clippy::cast_possible_truncation, reason = "a cast of a float ends at the limits of the integer")]
fn cast(number: f64) -> i64 {
    number.clamp(-MOST, MOST) as i64
}

fn whole(number: f64) -> Value {
    cast(number).into()
}

/// A float; without decimals it is written as an integer.
fn plain(number: f64) -> Value {
    if number.fract() == 0.0 && number.abs() <= MOST {
        return whole(number);
    }
    Number::from_f64(number).map_or(Value::Null, Value::Number)
}
