//! Numbers as they are written, so that 0.1 and 0.2 are 0.3 together.

use proptest::test_runner::TestRng;
use serde::{Deserialize, Serialize};
use serde_json::{Number, Value};

use crate::chance::below;

/// Numbers of more digits are not reckoned with.
const MOST_DIGITS: usize = 24;

/// `digits / 10^scale`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Decimal {
    digits: i128,
    scale: u32,
}

impl Decimal {
    pub(crate) const fn new(digits: i128, scale: u32) -> Self {
        Self { digits, scale }
    }

    /// The number, unless it is too long.
    pub(crate) fn of(value: &Value) -> Option<Self> {
        let number = value.as_number()?;
        if let Some(whole) = number.as_i128() {
            return Some(Self::new(whole, 0));
        }
        // Without an exponent.
        let text = number.as_f64()?.to_string();
        let (whole, decimals) = text.split_once('.').unwrap_or((&text, ""));
        if whole.len() + decimals.len() > MOST_DIGITS {
            return None;
        }
        let digits = format!("{whole}{decimals}").parse().ok()?;
        Some(Self::new(digits, u32::try_from(decimals.len()).ok()?))
    }

    fn at_scale(self, scale: u32) -> Option<i128> {
        self.digits.checked_mul(10_i128.checked_pow(scale.checked_sub(self.scale)?)?)
    }

    pub(crate) fn plus(self, other: Self) -> Option<Self> {
        let scale = self.scale.max(other.scale);
        Some(Self::new(self.at_scale(scale)?.checked_add(other.at_scale(scale)?)?, scale))
    }

    pub(crate) fn minus(self, other: Self) -> Option<Self> {
        self.plus(Self::new(-other.digits, other.scale))
    }

    pub(crate) fn times(self, other: Self) -> Option<Self> {
        Some(Self::new(self.digits.checked_mul(other.digits)?, self.scale + other.scale))
    }

    /// The number with at most so many decimals, halves away from zero.
    pub(crate) fn rounded(self, scale: u32) -> Self {
        if self.scale <= scale {
            return self;
        }
        let Some(unit) = 10_i128.checked_pow(self.scale - scale) else { return Self::new(0, 0) };
        let half = unit / 2 * self.digits.signum();
        Self::new(self.digits.saturating_add(half) / unit, scale)
    }

    /// Whether it is not greater than `other`.
    pub(crate) fn is_at_most(self, other: Self) -> bool {
        other.minus(self).is_some_and(|difference| difference.digits >= 0)
    }

    /// A number between this one and `most`, both included, with as many decimals as they have.
    pub(crate) fn between(self, most: Self, rng: &mut TestRng) -> Option<Self> {
        let scale = self.scale.max(most.scale);
        let (first, last) = (self.at_scale(scale)?, most.at_scale(scale)?);
        let count = usize::try_from(last.checked_sub(first)?.checked_add(1)?).ok()?;
        Some(Self::new(first + i128::try_from(below(rng, count)).ok()?, scale))
    }

    /// The number as JSON: whole ones as integers, unless a float is wanted.
    pub(crate) fn value(self, is_float: bool) -> Option<Value> {
        let unit = 10_i128.checked_pow(self.scale)?;
        if !is_float && self.digits % unit == 0 {
            let whole = self.digits / unit;
            return i64::try_from(whole).ok().map(Value::from);
        }
        let float = format!("{}e-{}", self.digits, self.scale).parse().ok()?;
        Number::from_f64(float).map(Value::Number)
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;

    fn of(value: &Value) -> Decimal {
        Decimal::of(value).unwrap()
    }

    #[rstest]
    #[case(json!(0.1), json!(0.2), json!(0.3), json!(-0.1), json!(0.02))]
    #[case(json!(12), json!(0.5), json!(12.5), json!(11.5), json!(6))]
    #[case(json!(-1.005), json!(2.0), json!(0.995), json!(-3.005), json!(-2.01))]
    fn numbers_are_reckoned_with_as_they_are_written(
        #[case] one: Value,
        #[case] other: Value,
        #[case] sum: Value,
        #[case] difference: Value,
        #[case] product: Value,
    ) {
        let (one, other) = (of(&one), of(&other));
        let value = |number: Option<Decimal>| number.and_then(|number| number.value(false));
        assert_eq!(value(one.plus(other)), Some(sum));
        assert_eq!(value(one.minus(other)), Some(difference));
        assert_eq!(value(one.times(other)), Some(product));
    }

    #[rstest]
    #[case(json!(1.005), 2, json!(1.01))]
    #[case(json!(-2.5), 0, json!(-3))]
    #[case(json!(7), 2, json!(7))]
    fn halves_are_rounded_away_from_zero(#[case] number: Value, #[case] scale: u32, #[case] rounded: Value) {
        assert_eq!(of(&number).rounded(scale).value(false), Some(rounded));
    }

    #[test]
    fn a_number_of_too_many_digits_is_none_and_a_float_stays_one() {
        assert_eq!(Decimal::of(&json!(1e300)), None);
        assert_eq!(Decimal::of(&json!("1")), None);
        assert_eq!(of(&json!(4)).value(true), Some(json!(4.0)));
    }
}
