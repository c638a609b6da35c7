//! Years in texts: a person who needs any date writes one of these years, not the year zero.

use std::borrow::Cow;
use std::ops::Range;

/// How many digits a year has.
const YEAR: usize = 4;

/// How many digits a month has, or a day.
const PART: usize = 2;

/// How long a date is.
pub(super) const DATE: usize = "2000-01-01".len();

/// The year of which the others are counted; it has a 29th of February.
pub(super) const NEAREST: u32 = 2000;

/// Where years stand in `text`: four digits, a hyphen or stroke and two digits, none of them part of a longer number or
/// decimals.
pub(super) fn years(text: &str) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let digits_from = |at: usize| bytes.iter().skip(at).take_while(|byte| byte.is_ascii_digit()).count();
    let is_year = |at: usize| {
        (at == 0 || !matches!(bytes[at - 1], b'0'..=b'9' | b'.'))
            && digits_from(at) == YEAR
            && matches!(bytes.get(at + YEAR), Some(b'-' | b'/'))
            && digits_from(at + YEAR + 1) == PART
    };
    (0..bytes.len()).filter(|at| is_year(*at)).map(|at| at..at + YEAR).collect()
}

/// How far a year of four digits is from 2000, where the later of two that are equally far comes first. No two years have
/// the same rank, and the ranks are numbers of four digits, too.
pub(super) fn rank(year: u32) -> u32 {
    match year {
        0..=NEAREST => 2 * (NEAREST - year),
        year if year <= 2 * NEAREST => 2 * (year - NEAREST) - 1,
        // There is no year before zero to take turns with.
        year => year,
    }
}

/// `text` with the rank of each year in its place, `a` for the `T` and `Z` of times, and `~` for zeros that begin a part of a version,
/// so that texts compare as plain ones do.
pub(super) fn ranked(text: &str) -> Cow<'_, str> {
    if !text.bytes().any(|byte| byte.is_ascii_digit()) {
        return Cow::Borrowed(text);
    }
    let mut ranked = text.to_owned();
    for at in padding(text) {
        ranked.replace_range(at..=at, "~");
    }
    for range in years(text) {
        if let Ok(year) = text[range.clone()].parse() {
            ranked.replace_range(range.clone(), &format!("{:04}", rank(year)));
        }
        let marks = [(range.start + DATE, "T"), (text.len() - 1, "Z")];
        for (at, mark) in marks.into_iter().filter(|(at, _)| *at >= range.start + DATE) {
            if text.get(at..=at) == Some(mark) {
                ranked.replace_range(at..=at, "a");
            }
        }
    }
    Cow::Owned(ranked)
}

/// Where zeros begin longer parts of what has at least three parts: `1.02.0` is no number.
fn padding(text: &str) -> Vec<usize> {
    let is_part = |at: usize, letter: u8| letter.is_ascii_digit() || letter == b'.' && at > 0;
    let bytes = text.as_bytes();
    if text.matches('.').count() < 2 || !bytes.iter().enumerate().all(|(at, byte)| is_part(at, *byte)) {
        return Vec::new();
    }
    let begins = |at: &usize| *at == 0 || bytes[at - 1] == b'.';
    let goes_on = |at: &usize| bytes.get(at + 1).is_some_and(u8::is_ascii_digit);
    (0..bytes.len()).filter(|at| bytes[*at] == b'0' && begins(at) && goes_on(at)).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("2024-02-29", "0047-02-29")]
    #[case("1999-02-29T00:00:00.1234-01", "0002-02-29a00:00:00.1234-01")]
    #[case("2000-02-29T00:00Z", "0000-02-29a00:00a")]
    #[case("2000-02-29 00:00z", "0000-02-29 00:00z")]
    #[case("2000-01 TZ", "0000-01 TZ")]
    #[case("00.01.10", "~0.~1.10")]
    #[case("00.01", "00.01")]
    #[case("from 2000/01 to 2001/12", "from 0000/01 to 0001/12")]
    #[case("0171-4711", "0171-4711")]
    #[case("12024-02-29", "12024-02-29")]
    #[case("2024", "2024")]
    #[case("", "")]
    fn a_year_is_ranked(#[case] text: &str, #[case] expected: &str) {
        assert_eq!(ranked(text), expected);
    }

    #[test]
    fn each_year_has_its_own_rank() {
        let ranks: BTreeSet<u32> = (0..10_000).map(rank).collect();
        assert_eq!((ranks.len(), ranks.first(), ranks.last()), (10_000, Some(&0), Some(&9999)));
    }
}
