//! Numbers in other bases than ten.

use super::words::TWO_54;

/// A number in another base, with the digits that tell it from its neighbours, as V8 finds them.
pub(crate) fn radix_text(value: f64, radix: u32) -> String {
    let digit = |number: f64| char::from_digit(number as u32, radix).unwrap_or('0');
    let base = f64::from(radix);
    let absolute = value.abs();
    let mut integer = absolute.floor();
    let mut rest = absolute - integer;
    let mut delta = (0.5 * (absolute.next_up() - absolute)).max(f64::from_bits(1));
    let mut fraction: Vec<u32> = Vec::new();
    while rest >= delta {
        rest *= base;
        delta *= base;
        let next = rest as u32;
        fraction.push(next);
        rest -= f64::from(next);
        if (rest > 0.5 || (rest == 0.5 && next & 1 == 1)) && rest + delta > 1.0 {
            // What is carried over may reach the integer.
            while fraction.last() == Some(&(radix - 1)) {
                fraction.pop();
            }
            match fraction.last_mut() {
                Some(last) => *last += 1,
                None => integer += 1.0,
            }
            break;
        }
    }
    let mut digits = Vec::new();
    while integer / base >= TWO_54 / 2.0 {
        integer /= base;
        digits.push('0');
    }
    loop {
        let last = integer % base;
        digits.push(digit(last));
        integer = (integer - last) / base;
        if integer <= 0.0 {
            break;
        }
    }
    if value < 0.0 {
        digits.push('-');
    }
    let mut text: String = digits.into_iter().rev().collect();
    if !fraction.is_empty() {
        text.push('.');
        text.extend(fraction.into_iter().map(|next| digit(f64::from(next))));
    }
    text
}
