//! Numbers as decimals, and the smaller ones worth trying.

use serde_json::{Number, Value};

/// A JSON number as sign, digits and count of decimals: 12.5 is 125 with one decimal.
///
/// What does not fit (more than 15 significant digits, or an exponent form) is kept whole, and lowered through the
/// decimals near it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Decimal {
    value: f64,
    /// `value * 10^decimals`, if that is an integer that a double keeps.
    scaled: Option<i64>,
    decimals: u32,
}

const MAX_SCALED: u64 = 1 << 53;

impl Decimal {
    pub(super) fn of(number: &Number) -> Self {
        let value = number.as_f64().unwrap_or(f64::MAX);
        let text = number.to_string();
        let (digits, exponent) = text.split_once(['e', 'E']).unwrap_or((&text, "0"));
        let exponent: i32 = exponent.parse().unwrap_or(0);
        let digits = digits.trim_end_matches(".0");
        let fraction = digits.split_once('.').map_or(0, |(_, fraction)| fraction.len());
        let decimals = u32::try_from(i32::try_from(fraction).unwrap_or(i32::MAX) - exponent).unwrap_or(0);
        let scaled = if exponent == 0 { digits.replace('.', "").parse().ok() } else { None };
        Self { value, scaled: scaled.filter(|scaled: &i64| scaled.unsigned_abs() <= MAX_SCALED), decimals }
    }

    pub(super) fn decimals(&self) -> u32 {
        self.decimals
    }

    pub(super) fn magnitude(&self) -> f64 {
        self.value.abs()
    }

    pub(super) fn is_negative(&self) -> bool {
        self.value < 0.0
    }

    /// The digits of this number with `decimals` decimals, if they fit.
    pub(super) fn scaled_to(&self, decimals: u32) -> Option<i64> {
        let factor = 10_i64.checked_pow(decimals.checked_sub(self.decimals)?)?;
        self.scaled?.checked_mul(factor).filter(|scaled| scaled.unsigned_abs() <= MAX_SCALED)
    }

    /// The same number without its sign, if it has one.
    pub(super) fn unsigned(&self) -> Option<Value> {
        if self.is_negative() { from_f64(-self.value) } else { None }
    }

    /// This number cut, and rounded up, to `decimals` decimals.
    #[expect(clippy::cast_possible_truncation, reason = "checked against the range in which doubles are integers")]
    pub(super) fn near(&self, decimals: u32) -> Vec<i64> {
        let scaled = self.value * 10_f64.powi(i32::try_from(decimals).unwrap_or(i32::MAX));
        if scaled.abs() >= 9e15 {
            Vec::new()
        } else {
            vec![scaled.trunc() as i64, scaled.trunc() as i64 + scaled.signum() as i64]
        }
    }
}

fn from_f64(value: f64) -> Option<Value> {
    #[expect(clippy::cast_possible_truncation, reason = "checked to be an integer within the range")]
    if value.fract() == 0.0 && value.abs() < 9e15 {
        return Some((value as i64).into());
    }
    Number::from_f64(value).map(Value::Number)
}

/// The number `scaled / 10^decimals` in its shortest form; an integer when it is one.
pub(super) fn number(scaled: i64, decimals: u32) -> Value {
    let exact = format!("{scaled}e-{decimals}").parse().ok().and_then(from_f64);
    exact.unwrap_or(Value::from(scaled))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decimal(text: &str) -> Decimal {
        Decimal::of(&text.parse().unwrap())
    }

    #[test]
    fn a_decimal_knows_its_digits() {
        assert_eq!(decimal("12.5"), Decimal { value: 12.5, scaled: Some(125), decimals: 1 });
        assert_eq!(decimal("-3"), Decimal { value: -3.0, scaled: Some(-3), decimals: 0 });
        assert_eq!(decimal("2.0").decimals(), 0);
        assert_eq!(decimal("1e-7").decimals(), 7);
        assert_eq!(decimal("1e300").decimals(), 0);
        assert_eq!(decimal("0.1").scaled_to(3), Some(100));
        assert_eq!(decimal("0.15").scaled_to(1), None);
        assert_eq!(decimal("-9223372036854775808").scaled_to(0), None);
    }

    #[test]
    fn a_number_is_written_in_its_shortest_form() {
        assert_eq!(number(125, 1).to_string(), "12.5");
        assert_eq!(number(120, 1).to_string(), "12");
        assert_eq!(number(-5, 3).to_string(), "-0.005");
        assert_eq!(number(9_000_000_000_000_000, 0).to_string(), "9000000000000000.0");
    }
}
