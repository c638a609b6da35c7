//! The reference's arithmetic and its number texts: compensated sum, rounding half away from zero, shortest digits.

use std::ops::{Add, Neg, Sub};

use parity_json::MAX_SAFE_INTEGER;
use serde_json::Value;

/// A number by its value: integral values are integers, however they were written (`2.0` is 2).
///
/// An integer stays within ±[`MAX_SAFE_INTEGER`]; a result beyond becomes the nearest float.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Number {
    /// An integral value.
    Integer(i64),
    /// Any other value, or the result of arithmetic on one, which may be integral again.
    Float(f64),
}

impl Number {
    /// Reads a JSON number by its value; `None` beyond ±[`MAX_SAFE_INTEGER`].
    #[must_use]
    pub fn from_json(number: &serde_json::Number) -> Option<Self> {
        if let Some(integer) = number.as_i64() {
            return (integer.abs_diff(0) <= MAX_SAFE_INTEGER.unsigned_abs()).then_some(Self::Integer(integer));
        }
        Self::from_f64(number.as_f64()?)
    }

    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_precision_loss,
        reason = "an integral double within the safe range is an i64 exactly, and the limit is a double exactly"
    )]
    fn from_f64(float: f64) -> Option<Self> {
        if float.abs() > MAX_SAFE_INTEGER as f64 {
            return None;
        }
        Some(if float.fract() == 0.0 { Self::Integer(float as i64) } else { Self::Float(float) })
    }

    /// [`text_to_float`], or `None` beyond ±[`MAX_SAFE_INTEGER`].
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "the limit is a double exactly")]
    pub fn from_text(text: &str) -> Option<f64> {
        Some(text_to_float(text)).filter(|float| float.abs() <= MAX_SAFE_INTEGER as f64)
    }

    /// The number as a double.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "integers stay within the safe range")]
    pub fn as_f64(self) -> f64 {
        match self {
            Self::Integer(integer) => integer as f64,
            Self::Float(float) => float,
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "beyond the safe range the nearest double is what is asked for")]
    fn from_i128(integer: i128) -> Self {
        match i64::try_from(integer) {
            Ok(safe) if safe.unsigned_abs() <= MAX_SAFE_INTEGER.unsigned_abs() => Self::Integer(safe),
            _ => Self::Float(integer as f64),
        }
    }

    /// The number as text: plain digits for an integer, [`float_text`] for a float.
    #[must_use]
    pub fn text(self) -> String {
        match self {
            Self::Integer(integer) => integer.to_string(),
            Self::Float(float) => float_text(float),
        }
    }
}

impl Add for Number {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        match (self, other) {
            (Self::Integer(a), Self::Integer(b)) => Self::from_i128(i128::from(a) + i128::from(b)),
            _ => Self::Float(self.as_f64() + other.as_f64()),
        }
    }
}

impl Sub for Number {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        match (self, other) {
            (Self::Integer(a), Self::Integer(b)) => Self::from_i128(i128::from(a) - i128::from(b)),
            _ => Self::Float(self.as_f64() - other.as_f64()),
        }
    }
}

impl Neg for Number {
    type Output = Self;

    fn neg(self) -> Self {
        match self {
            Self::Integer(integer) => Self::Integer(-integer),
            Self::Float(float) => Self::Float(-float),
        }
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        self.as_f64().partial_cmp(&other.as_f64())
    }
}

impl From<Number> for Value {
    fn from(number: Number) -> Self {
        match number {
            Number::Integer(integer) => integer.into(),
            Number::Float(float) => float.into(),
        }
    }
}

/// The float that a text stands for: leading ASCII whitespace is skipped, then the longest prefix of the form
/// `[+-]digits[.digits][e[+-]digits]` counts, with single underscores between digits; no such prefix is 0.
#[must_use]
pub fn text_to_float(text: &str) -> f64 {
    let prefix = numeric_prefix(text.trim_start_matches(['\t', '\n', '\x0b', '\x0c', '\r', ' ']));
    prefix.replace('_', "").parse().unwrap_or(0.0)
}

/// The length of the run of ASCII digits with single underscores between them at the start of `text`.
fn digit_run(text: &str) -> usize {
    let bytes = text.as_bytes();
    let is_digit = |index: usize| bytes.get(index).is_some_and(u8::is_ascii_digit);
    let mut end = 0;
    while is_digit(end) || (end > 0 && bytes.get(end) == Some(&b'_') && is_digit(end + 1)) {
        end += 1;
    }
    end
}

fn numeric_prefix(text: &str) -> &str {
    let mut end = usize::from(text.starts_with(['+', '-']));
    let whole = digit_run(&text[end..]);
    end += whole;
    let fraction = text[end..].strip_prefix('.').map_or(0, digit_run);
    if fraction > 0 {
        end += 1 + fraction;
    }
    if whole + fraction == 0 {
        return "";
    }
    if let Some(exponent) = text[end..].strip_prefix(['e', 'E']) {
        let sign = usize::from(exponent.starts_with(['+', '-']));
        let digits = digit_run(&exponent[sign..]);
        if digits > 0 {
            end += 1 + sign + digits;
        }
    }
    &text[..end]
}

/// The sum of `numbers`: exact while they are integers; from the first float on with Kahan-Babuska compensation, so that
/// 0.1 + 0.2 + 0.3 is 0.6. Of nothing it is the integer 0.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "the integer part becomes the nearest double, as in the reference")]
pub fn sum(numbers: &[Number]) -> Number {
    let mut integers = 0_i128;
    let mut rest = numbers;
    while let [Number::Integer(integer), tail @ ..] = rest {
        integers += i128::from(*integer);
        rest = tail;
    }
    if rest.is_empty() {
        return Number::from_i128(integers);
    }
    let mut total = integers as f64;
    let mut compensation = 0.0;
    for number in rest {
        let x = number.as_f64();
        let next = total + x;
        compensation += if total.abs() >= x.abs() { (total - next) + x } else { (x - next) + total };
        total = next;
    }
    Number::Float(total + compensation)
}

/// [`sum`] of floats.
#[must_use]
pub fn sum_floats(floats: &[f64]) -> f64 {
    sum(&floats.iter().copied().map(Number::Float).collect::<Vec<_>>()).as_f64()
}

/// `x` to two decimals, half away from zero: 2.675 is 2.68, although its double lies below.
#[must_use]
pub fn round2(x: f64) -> f64 {
    round_scaled(x, 100.0)
}

/// `x` to four decimals, by the rule of [`round2`].
#[must_use]
pub fn round4(x: f64) -> f64 {
    round_scaled(x, 10_000.0)
}

fn round_scaled(x: f64, scale: f64) -> f64 {
    let rounded = (x * scale).round();
    let correction = if x > 0.0 && (rounded + 0.5) / scale <= x {
        1.0
    } else if x < 0.0 && (rounded - 0.5) / scale >= x {
        -1.0
    } else {
        0.0
    };
    (rounded + correction) / scale
}

/// The shortest digits that read back as `x`, always with a decimal point (`3200.0`); in exponent form from 1e15 up
/// (`1.0e+15`) and below 1e-4 (`1.0e-05`). Of two shortest candidates at the same distance it is the even one, which the
/// standard library's formatting does not promise and JSON's does.
#[must_use]
pub fn float_text(x: f64) -> String {
    let sign = if x.is_sign_negative() { "-" } else { "" };
    let json = serde_json::Number::from_f64(x.abs()).map_or_else(|| x.to_string(), |number| number.to_string());
    let (mantissa, exponent) = json.split_once('e').unwrap_or((&json, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let written = format!("{whole}{fraction}");
    let digits = written.trim_matches('0');
    if digits.is_empty() {
        return format!("{sign}0.0");
    }
    // The value is 0.DIGITS times ten to the `point`.
    let leading_zeros = as_exponent(written.len() - written.trim_start_matches('0').len());
    let point = as_exponent(whole.len()) + exponent.parse::<i32>().unwrap_or(0) - leading_zeros;
    match point {
        -3..=0 => format!("{sign}0.{}{digits}", "0".repeat(point.unsigned_abs() as usize)),
        1..=15 => {
            let width = point.unsigned_abs() as usize;
            let padded = format!("{digits:0<width$}");
            let (whole, fraction) = padded.split_at(width);
            format!("{sign}{whole}.{}", if fraction.is_empty() { "0" } else { fraction })
        }
        _ => {
            let (first, rest) = digits.split_at(1);
            let rest = if rest.is_empty() { "0" } else { rest };
            let exponent = point - 1;
            format!("{sign}{first}.{rest}e{}{:02}", if exponent < 0 { '-' } else { '+' }, exponent.abs())
        }
    }
}

/// A length of some digits of a double, of which there are at most a few hundred.
fn as_exponent(length: usize) -> i32 {
    i32::try_from(length).unwrap_or(i32::MAX)
}

/// `x` with exactly two decimals. A value within a few units in the last place of a tie counts as a tie and goes to the
/// even last digit (10.505 is `10.50`), which is what the C library code of the reference's runtime does up to 14 digits.
#[must_use]
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "at most 14 digits are taken one by one, each below 10"
)]
pub fn fmt2(x: f64) -> String {
    let magnitude = x.abs();
    let exponent = if magnitude == 0.0 { 0 } else { magnitude.log10().floor() as i32 };
    let digits = exponent + 3;
    if !(1..=14).contains(&digits) {
        return format!("{x:.2}");
    }
    let mut rest = if exponent >= 0 { magnitude / 10_f64.powi(exponent) } else { magnitude * 10_f64.powi(-exponent) };
    let tolerance = (2.0 * rest + 7.0) * f64::EPSILON * 10_f64.powi(digits - 1);
    let mut hundredths = 0_u64;
    for remaining in (0..digits).rev() {
        let digit = rest.floor();
        rest -= digit;
        hundredths = hundredths * 10 + digit as u64;
        if remaining > 0 {
            rest *= 10.0;
        }
    }
    if rest > 0.5 + tolerance || (rest >= 0.5 - tolerance && hundredths % 2 == 1) {
        hundredths += 1;
    }
    let sign = if x.is_sign_negative() { "-" } else { "" };
    format!("{sign}{}.{:02}", hundredths / 100, hundredths % 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_compensated() {
        assert_eq!(sum_floats(&[0.1, 0.2, 0.3]), 0.6);
        assert_eq!(sum_floats(&[1e16, 1.0, -1e16]), 1.0);
        assert_eq!(sum(&[]), Number::Integer(0));
        assert_eq!(sum(&[Number::Integer(2), Number::Float(0.5), Number::Float(0.5)]), Number::Float(3.0));
    }

    #[test]
    fn an_integer_sum_beyond_the_safe_range_is_its_nearest_float() {
        let limit = Number::Integer(MAX_SAFE_INTEGER);
        assert_eq!(sum(&[limit, limit]), Number::Float(18_014_398_509_481_982.0));
        assert_eq!(sum(&[limit, limit, -limit]), limit);
    }

    #[test]
    fn rounding_goes_half_away_from_zero() {
        for (x, expected) in [(2.675, 2.68), (1.005, 1.01), (0.125, 0.13), (-0.125, -0.13), (44.985, 44.99), (0.0, 0.0)]
        {
            assert_eq!(round2(x), expected, "round2({x})");
        }
        assert_eq!(round4(3199.73 / 575.0), 5.5647);
    }

    #[test]
    fn float_text_has_shortest_digits_and_a_point() {
        for (x, expected) in [
            (3200.0, "3200.0"),
            (0.2, "0.2"),
            (-0.0, "-0.0"),
            (1e15, "1.0e+15"),
            (1e16, "1.0e+16"),
            (1.5e300, "1.5e+300"),
            (999_999_999_999_999.9, "999999999999999.9"),
            (999_999_999_989_728.2, "999999999989728.2"),
            (100.0, "100.0"),
            (0.012_5, "0.0125"),
            (123_456.5, "123456.5"),
            (5e-324, "5.0e-324"),
            (1.797_693_134_862_315_7e308, "1.7976931348623157e+308"),
            (0.0001, "0.0001"),
            (0.00001, "1.0e-05"),
            (-1.25e-7, "-1.25e-07"),
        ] {
            assert_eq!(float_text(x), expected);
        }
    }

    #[test]
    fn fmt2_rounds_near_ties_to_even() {
        for (x, expected) in [
            (0.125, "0.12"),
            (0.375, "0.38"),
            (0.015, "0.02"),
            (0.025, "0.02"),
            (10.505, "10.50"),
            (2.675, "2.68"),
            (1.005, "1.00"),
            (0.0, "0.00"),
            (0.001, "0.00"),
            (29.99, "29.99"),
            (-1.5, "-1.50"),
            (0.995, "1.00"),
            (1e22, "10000000000000000000000.00"),
        ] {
            assert_eq!(fmt2(x), expected, "fmt2({x})");
        }
    }

    #[test]
    fn text_to_float_takes_the_longest_numeric_prefix() {
        for (text, expected) in [
            ("100abc", 100.0),
            ("abc", 0.0),
            ("1_000", 1000.0),
            ("1__0", 1.0),
            ("1e3", 1000.0),
            ("1e", 1.0),
            ("0x1A", 0.0),
            (" \n+1.5", 1.5),
            ("\u{a0}1", 0.0),
            (".5", 0.5),
            ("-.5x", -0.5),
            ("1.", 1.0),
            ("1._5", 1.0),
            ("_1", 0.0),
            ("", 0.0),
            ("Infinity", 0.0),
        ] {
            assert_eq!(Number::from_text(text), Some(expected), "{text:?}");
        }
        assert_eq!(Number::from_text("1e400"), None);
    }

    #[test]
    fn numbers_are_read_by_value() {
        let read = |text: &str| Number::from_json(&text.parse().unwrap());
        assert_eq!(read("2.0"), Some(Number::Integer(2)));
        assert_eq!(read("-0.0"), Some(Number::Integer(0)));
        assert_eq!(read("9007199254740991"), Some(Number::Integer(MAX_SAFE_INTEGER)));
        for beyond in ["9007199254740992", "-9007199254740992", "18446744073709551615", "1e16", "-9223372036854775808"]
        {
            assert_eq!(read(beyond), None, "{beyond}");
        }
    }
}
