//! Numbers as decimals, and the smaller ones worth trying.

use serde_json::{Number, Value};

/// A JSON number as sign, digits and count of decimals: 12.5 is 125 with one decimal.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Decimal {
    value: f64,
    /// `value * 10^decimals`, if that is an integer that a JSON number keeps.
    scaled: Option<i128>,
    decimals: u32,
    more_digits: u32,
    exponent: Option<i32>,
}

/// Up to here doubles keep every integer.
pub(super) const MAX_SAFE: i128 = 1 << 53;

impl Decimal {
    pub(super) fn of(number: &Number) -> Self {
        let value = number.as_f64().unwrap_or(f64::MAX);
        let text = number.to_string();
        let (mantissa, power) = text.split_once(['e', 'E']).unwrap_or((&text, ""));
        let exponent: Option<i32> = power.parse().ok();
        let mantissa = mantissa.trim_end_matches(".0");
        let fraction = mantissa.split_once('.').map_or(0, |(_, fraction)| fraction.len());
        let decimals = i32::try_from(fraction).unwrap_or(i32::MAX).saturating_sub(exponent.unwrap_or(0));
        let digits = mantissa.chars().chain(power.chars()).filter(char::is_ascii_digit).count();
        let scaled = if exponent.is_none() { mantissa.replace('.', "").parse().ok() } else { None };
        let most = if fraction == 0 { i128::from(u64::MAX) } else { MAX_SAFE };
        Self {
            value,
            scaled: scaled.filter(|scaled: &i128| scaled.abs() <= most),
            decimals: u32::try_from(decimals).unwrap_or(0),
            more_digits: u32::try_from(digits.saturating_sub(1)).unwrap_or(u32::MAX),
            exponent,
        }
    }

    pub(super) fn decimals(&self) -> u32 {
        self.decimals
    }

    /// How many digits are written beyond the first one, those of the exponent included, but not the zero behind a point that
    /// says nothing.
    pub(super) fn more_digits(&self) -> u32 {
        self.more_digits
    }

    /// How many digits there are between the first and the last one that is not zero, if no exponent is written.
    pub(super) fn significant_digits(&self) -> Option<usize> {
        self.scaled.map(|scaled| scaled.abs().to_string().trim_end_matches('0').len())
    }

    /// The power of ten of the first digit, if the number is written with an exponent.
    pub(super) fn exponent(&self) -> Option<i32> {
        self.exponent
    }

    pub(super) fn magnitude(&self) -> f64 {
        self.value.abs()
    }

    pub(super) fn is_negative(&self) -> bool {
        self.value < 0.0
    }

    pub(super) fn is_minus_zero(&self) -> bool {
        self.value == 0.0 && self.value.is_sign_negative()
    }

    /// The digits of this number with `decimals` decimals, if they fit.
    pub(super) fn scaled_to(&self, decimals: u32) -> Option<i128> {
        let factor = 10_i128.checked_pow(decimals.checked_sub(self.decimals)?)?;
        let most = if decimals == 0 { i128::MAX } else { MAX_SAFE };
        self.scaled?.checked_mul(factor).filter(|scaled| scaled.abs() <= most)
    }

    /// The same number without its sign, if it has one.
    pub(super) fn unsigned(&self) -> Option<Value> {
        if !self.is_negative() {
            return None;
        }
        match self.scaled {
            Some(scaled) => Some(number(-scaled, self.decimals)),
            None => Number::from_f64(-self.value).map(Value::Number),
        }
    }

    /// This number and so many units of its last decimal, away from zero; so many times more if it is not written that way.
    pub(super) fn above(&self, units: u8) -> Option<Value> {
        match self.scaled {
            Some(scaled) => Some(number(scaled + scaled.signum() * i128::from(units), self.decimals)),
            None => Number::from_f64(self.value + self.value * f64::from(units)).map(Value::Number),
        }
    }

    /// This number cut, and rounded up, to `decimals` decimals.
    #[expect(clippy::cast_possible_truncation, reason = "checked against the range in which doubles are integers")]
    pub(super) fn near(&self, decimals: u32) -> Vec<i128> {
        let scaled = self.value * 10_f64.powi(i32::try_from(decimals).unwrap_or(i32::MAX));
        if scaled.abs() >= 9e15 {
            Vec::new()
        } else {
            vec![scaled.trunc() as i128, scaled.trunc() as i128 + scaled.signum() as i128]
        }
    }
}

/// The number `scaled / 10^decimals` in its shortest form; an integer when it is one.
pub(super) fn number(scaled: i128, decimals: u32) -> Value {
    let unit = 10_i128.checked_pow(decimals).filter(|unit| scaled % unit == 0);
    unit.and_then(|unit| integer(scaled / unit))
        .or_else(|| float(scaled, -i64::from(decimals)))
        // Not needed: no integer of this width is beyond the doubles.
        .unwrap_or(Value::Null)
}

/// The number `digits * 10^exponent`, an integer if one is that large; none beyond the doubles.
pub(super) fn power_of_ten(digits: i128, exponent: i32) -> Option<Value> {
    let whole = u32::try_from(exponent).ok().and_then(|exponent| digits.checked_mul(10_i128.checked_pow(exponent)?));
    whole.and_then(integer).or_else(|| float(digits, exponent.into()))
}

fn integer(whole: i128) -> Option<Value> {
    i64::try_from(whole).map(Value::from).or_else(|_| u64::try_from(whole).map(Value::from)).ok()
}

fn float(digits: i128, exponent: i64) -> Option<Value> {
    format!("{digits}e{exponent}").parse().ok().and_then(Number::from_f64).map(Value::Number)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn decimal(text: &str) -> Decimal {
        Decimal::of(&text.parse().unwrap())
    }

    #[rstest]
    #[case("12.5", Some(125), 1, 2)]
    #[case("-3", Some(-3), 0, 0)]
    #[case("2.0", Some(2), 0, 0)]
    #[case("100.0", Some(100), 0, 2)]
    #[case("-0.0", Some(0), 0, 0)]
    #[case("0.0057", Some(57), 4, 4)]
    #[case("1e-7", None, 7, 1)]
    #[case("1.5e300", None, 0, 4)]
    #[case("18446744073709551615", Some(u64::MAX.into()), 0, 19)]
    fn a_decimal_knows_its_digits(
        #[case] text: &str,
        #[case] scaled: Option<i128>,
        #[case] decimals: u32,
        #[case] more_digits: u32,
    ) {
        let decimal = decimal(text);
        assert_eq!((decimal.scaled, decimal.decimals(), decimal.more_digits()), (scaled, decimals, more_digits));
    }

    #[test]
    fn a_decimal_is_scaled_as_far_as_a_number_keeps_its_digits() {
        assert_eq!(decimal("0.1").scaled_to(3), Some(100));
        assert_eq!(decimal("0.15").scaled_to(1), None);
        assert_eq!(decimal("-9223372036854775808").scaled_to(0), Some(i64::MIN.into()));
        assert_eq!(decimal("9007199254740993").scaled_to(1), None);
    }

    #[test]
    fn a_number_is_written_in_its_shortest_form() {
        assert_eq!(number(125, 1).to_string(), "12.5");
        assert_eq!(number(120, 1).to_string(), "12");
        assert_eq!(number(-5, 3).to_string(), "-0.005");
        assert_eq!(number(MAX_SAFE, 0).to_string(), "9007199254740992");
        assert_eq!(number(u64::MAX.into(), 0).to_string(), "18446744073709551615");
        assert_eq!(power_of_ten(1, 16).unwrap().to_string(), "10000000000000000");
        assert_eq!(power_of_ten(-2, 20).unwrap().to_string(), "-2e+20");
        assert_eq!(power_of_ten(1, 400), None);
    }
}
