//! Doubles as two words of 32 bits.

pub(super) const TWO_54: f64 = 18_014_398_509_481_984.0;

pub(super) fn high(x: f64) -> i32 {
    (x.to_bits() >> 32) as i32
}

pub(super) fn low(x: f64) -> u32 {
    x.to_bits() as u32
}

pub(super) fn from_words(high: i32, low: u32) -> f64 {
    f64::from_bits(u64::from(high as u32) << 32 | u64::from(low))
}

pub(super) fn with_high(x: f64, high: i32) -> f64 {
    from_words(high, low(x))
}

pub(super) fn without_low(x: f64) -> f64 {
    from_words(high(x), 0)
}
