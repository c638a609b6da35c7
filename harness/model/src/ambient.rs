//! Clock and randomness of one call, so that every language sees the same time and draws the same values.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::step_input::Ambient;

/// `SplitMix64` (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014).
#[derive(Clone, Debug)]
struct SplitMix64(u64);

impl SplitMix64 {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }
}

/// Tells the float stream from the byte stream; the fraction bits of the square root of two.
const FLOAT_STREAM: u64 = 0x6A09_E667_F3BC_C908;

/// The clock, which stands still, and two random streams seeded by `ambient.entropy`.
///
/// Bytes and floats come from separate streams, so that a handler which mixes the two kinds in another order still
/// draws the same values of each. Bytes are taken from the words of the byte stream in little-endian order, without
/// gaps between draws.
#[derive(Clone, Debug)]
pub struct AmbientStreams {
    now: Timestamp,
    bytes: SplitMix64,
    pending: [u8; 8],
    pending_from: usize,
    floats: SplitMix64,
}

impl AmbientStreams {
    /// The streams at their start.
    #[must_use]
    pub fn new(ambient: &Ambient) -> Self {
        Self {
            now: ambient.now,
            bytes: SplitMix64(ambient.entropy),
            pending: [0; 8],
            pending_from: 8,
            floats: SplitMix64(ambient.entropy ^ FLOAT_STREAM),
        }
    }

    /// The time of the call.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// `YYYY-MM-DDTHH:MM:SSZ`, whole seconds.
    #[must_use]
    pub fn utc_stamp(&self) -> String {
        self.now.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
    }

    /// The UTC calendar date `days` days of 86,400 seconds from now, in the form `format` (strftime).
    #[must_use]
    pub fn date_text(&self, days: i64, format: &str) -> String {
        // The clock is at most in the year 9998, so the addition does not overflow for any delay of a handler.
        let then = self.now.checked_add(SignedDuration::from_hours(24 * days)).unwrap_or(Timestamp::MAX);
        then.to_zoned(TimeZone::UTC).strftime(format).to_string()
    }

    /// Fills `out` from the byte stream.
    pub fn fill_bytes(&mut self, out: &mut [u8]) {
        for byte in out {
            if self.pending_from == 8 {
                self.pending = self.bytes.next().to_le_bytes();
                self.pending_from = 0;
            }
            *byte = self.pending[self.pending_from];
            self.pending_from += 1;
        }
    }

    /// `count` bytes of the byte stream as `2 * count` lower-case hexadecimal characters.
    pub fn hex(&mut self, count: usize) -> String {
        let mut bytes = vec![0; count];
        self.fill_bytes(&mut bytes);
        hex_text(&bytes)
    }

    /// A random UUID (version 4, RFC 9562) out of 16 bytes of the byte stream.
    pub fn uuid4(&mut self) -> String {
        let mut bytes = [0; 16];
        self.fill_bytes(&mut bytes);
        bytes[6] = bytes[6] & 0x0f | 0x40;
        bytes[8] = bytes[8] & 0x3f | 0x80;
        let hex = hex_text(&bytes);
        format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
    }

    /// A float in [0, 1): the upper 53 bits of a word of the float stream.
    #[expect(clippy::cast_precision_loss, reason = "53 bits fit a double exactly")]
    pub fn float(&mut self) -> f64 {
        (self.floats.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// An integer in [low, high]: `low + floor(float * (high - low + 1))`.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the product is in [0, high - low + 1)"
    )]
    pub fn integer(&mut self, low: u32, high: u32) -> u32 {
        low + (self.float() * f64::from(high - low + 1)).floor() as u32
    }
}

fn hex_text(bytes: &[u8]) -> String {
    let digit = |nibble: u8| char::from_digit(nibble.into(), 16).unwrap_or('0');
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 0x0f)]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn streams(entropy: u64) -> AmbientStreams {
        AmbientStreams::new(&Ambient { entropy, ..Ambient::default() })
    }

    #[test]
    fn splitmix64_gives_the_published_sequence() {
        // First outputs of the reference implementation for seed 1234567.
        let mut generator = SplitMix64(1_234_567);
        assert_eq!(generator.next(), 6_457_827_717_110_365_317);
        assert_eq!(generator.next(), 3_203_168_211_198_807_973);
    }

    #[test]
    fn drawing_floats_does_not_disturb_the_bytes() {
        let mut plain = streams(7);
        let mut mixed = streams(7);
        let first = plain.hex(12) + &plain.hex(5);
        mixed.float();
        let second = mixed.hex(3)
            + &{
                mixed.integer(1000, 9999);
                mixed.hex(14)
            };
        assert_eq!(first, second);
    }

    #[test]
    fn a_uuid_has_version_and_variant() {
        let uuid = streams(3).uuid4();
        assert_eq!((uuid.len(), &uuid[14..15]), (36, "4"));
        assert!(matches!(&uuid[19..20], "8" | "9" | "a" | "b"));
    }

    #[test]
    fn times_are_utc() {
        let streams = streams(0);
        assert_eq!(streams.utc_stamp(), "2026-01-15T09:30:00Z");
        assert_eq!(streams.date_text(7, "%B %d, %Y"), "January 22, 2026");
    }
}
