//! Lowering numbers that are larger than a double's integers, or written with an exponent.

use super::in_place::{decimal_at, put_all};
use super::numbers::{MAX_SAFE, number, power_of_ten};
use super::search::Search;
use super::tree::NodePath;

/// Where whole numbers stop to be safe, signed and unsigned: what depends on a large number mostly depends on one of these.
const BOUNDS: [i128; 5] = [MAX_SAFE, MAX_SAFE + 1, i64::MAX as i128, i64::MAX as i128 + 1, u64::MAX as i128];

/// Powers of ten between these are written without an exponent.
const PLAIN: [i32; 2] = [-5, 15];

/// Makes the number that stands at every place of `group` a plain one, or gives it the exponent nearest to zero and one digit.
pub(super) fn lower_exponent<E>(search: &mut Search<'_, E>, group: &[NodePath]) -> Result<(), E> {
    let Some(decimal) = decimal_at(&search.best, &group[0]) else { return Ok(()) };
    let sign = if decimal.is_negative() { -1 } else { 1 };
    #[expect(clippy::cast_precision_loss, reason = "the number is a power of two")]
    let is_large = decimal.magnitude() > MAX_SAFE as f64;
    if is_large {
        for bound in BOUNDS {
            if put_all(search, group, &number(sign * bound, 0))? {
                return Ok(());
            }
        }
    }
    let Some(exponent) = decimal.exponent() else { return Ok(()) };
    let put = |search: &mut Search<'_, E>, digit: i128, exponent: i32| {
        power_of_ten(sign * digit, exponent).map_or(Ok(false), |number| put_all(search, group, &number))
    };
    for (digit, exponent) in (1..=9).map(|digit| (digit, exponent)).chain([(1, exponent + 1)]) {
        if put(search, digit, exponent)? {
            break;
        }
    }
    let Some(exponent) = decimal_at(&search.best, &group[0]).and_then(|decimal| decimal.exponent()) else {
        return Ok(());
    };
    let [mut plain, mut holds] = [PLAIN[usize::from(is_large)], exponent];
    while (holds - plain).abs() > 1 {
        let middle = plain + (holds - plain) / 2;
        if put(search, 1, middle)? {
            holds = middle;
        } else {
            plain = middle;
        }
    }
    for digit in 2..=9 {
        if put(search, digit, plain)? {
            break;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use rstest::rstest;
    use serde_json::{Value, json};

    use crate::{Answer, shrink};

    fn float(value: &Value) -> f64 {
        value.as_f64().unwrap()
    }

    #[rstest]
    #[case::no_safe_integer(json!(1e300), |v: &Value| float(v) >= 9_007_199_254_740_992.0, json!(9_007_199_254_740_992_u64))]
    #[case::none_below_zero(json!(-1e300), |v: &Value| float(v) <= -9_007_199_254_740_992.0, json!(-9_007_199_254_740_992_i64))]
    #[case::no_double(json!(1e300), |v: &Value| v.as_u64() == Some(9_007_199_254_740_993), json!(9_007_199_254_740_993_u64))]
    #[case::a_wide_integer(json!(u64::MAX), |v: &Value| v.as_u64() >= Some(10_u64.pow(16)), json!(10_u64.pow(16)))]
    #[case::between_the_bounds(json!(3e17), |v: &Value| float(v) >= 2e16, json!(20_000_000_000_000_000_u64 - 2))]
    #[case::beyond_all_integers(json!(3.7e205), |v: &Value| float(v) > 18_446_744_073_709_551_616.0, json!(2e19))]
    #[case::written_with_an_exponent(json!(4.25e300), |v: &Value| float(v) >= 1e21, json!(1e21))]
    #[case::the_square_is_infinite(json!(4.25e300), |v: &Value| (float(v) * float(v)).is_infinite(), json!(2e154))]
    #[case::the_square_is_nothing(json!(4.25e-300), |v: &Value| float(v) > 0.0 && float(v) * float(v) == 0.0, json!(1e-162))]
    #[case::little(json!(4.25e-300), |v: &Value| float(v) > 0.0 && float(v) < 1e-6, json!(1e-7))]
    #[case::any(json!(1e300), |_: &Value| true, json!(0))]
    fn a_number_with_an_exponent_is_lowered(
        #[case] start: Value,
        #[case] holds: fn(&Value) -> bool,
        #[case] expected: Value,
    ) {
        let mut predicate = |value: &Value| {
            let answer = if value.is_number() && holds(value) { Answer::Holds } else { Answer::HoldsNot };
            Ok::<_, Infallible>(if value.is_number() { answer } else { Answer::OutOfDomain })
        };
        assert_eq!(shrink(start, 3000, &mut predicate).unwrap().value, expected);
    }
}
