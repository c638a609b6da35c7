//! JSON numbers by their mathematical value.

use serde_json::Number;

/// The greatest integer that every language keeps exactly, 2^53 - 1 (RFC 7493, I-JSON, section 2.2).
pub const MAX_SAFE_INTEGER: i64 = 9_007_199_254_740_991;

/// Whether two JSON numbers are the same number: 2 is 2.0 and -0 is 0, but 2^53 + 1 is not the double next to it.
#[must_use]
pub fn same_number(a: &Number, b: &Number) -> bool {
    match (a.as_i128(), b.as_i128()) {
        (Some(a), Some(b)) => a == b,
        (Some(integer), None) => b.as_f64().is_some_and(|float| is_integer(float, integer)),
        (None, Some(integer)) => a.as_f64().is_some_and(|float| is_integer(float, integer)),
        (None, None) => a.as_f64() == b.as_f64(),
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "a JSON integer has 64 bits, and a larger float saturates far above"
)]
fn is_integer(float: f64, integer: i128) -> bool {
    float.fract() == 0.0 && float as i128 == integer
}
