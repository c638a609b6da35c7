//! Reading times that other people wrote.

use jiff::civil;

const EPOCH: civil::Date = civil::date(1970, 1, 1);
const MILLISECONDS_PER_MINUTE: i64 = 60_000;

/// The time that a text stands for, in milliseconds since 1970: a plain date `YYYY-MM-DD` is its midnight in UTC, and an RFC
/// 3339 timestamp `YYYY-MM-DDTHH:MM:SS[.fraction](Z|±HH:MM)` is cut to whole milliseconds. Nothing else is a time, and neither
/// are a leap second and the year 0.
pub(crate) fn parse_time(text: &str) -> Option<i64> {
    let (date, time) = match text.split_once('T') {
        Some((date, time)) => (date, Some(time)),
        None => (text, None),
    };
    let [year, month, day] = fields(date, '-', [4, 2, 2])?;
    let date = civil::Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
    let midnight = i64::try_from(date.duration_since(EPOCH).as_millis()).ok().filter(|_| year > 0)?;
    time.map_or(Some(midnight), |time| Some(midnight + parse_clock(time)?))
}

/// Milliseconds from midnight in UTC of `HH:MM:SS[.fraction](Z|±HH:MM)`.
fn parse_clock(text: &str) -> Option<i64> {
    let zone_at = text.find(['Z', '+', '-'])?;
    let (clock, zone) = text.split_at(zone_at);
    let (clock, fraction) = clock.split_once('.').map_or((clock, "0"), |(clock, fraction)| (clock, fraction));
    let [hour, minute, second] = fields(clock, ':', [2, 2, 2])?;
    if hour > 23 || minute > 59 || second > 59 || !is_digits(fraction) {
        return None;
    }
    let milliseconds: i64 = format!("{fraction:0<3}").get(..3)?.parse().ok()?;
    let offset = match zone.split_at_checked(1)? {
        ("Z", "") => 0,
        (sign, distance) if sign != "Z" => {
            let [hours, minutes] = fields(distance, ':', [2, 2])?;
            let distance = (hours <= 23 && minutes <= 59).then_some(hours * 60 + minutes)?;
            if sign == "-" { -distance } else { distance }
        }
        _ => return None,
    };
    Some((hour * 60 + minute - offset) * MILLISECONDS_PER_MINUTE + second * 1000 + milliseconds)
}

/// The numbers of a text of as many digits each as `widths` says, with `separator` between them.
fn fields<const N: usize>(text: &str, separator: char, widths: [usize; N]) -> Option<[i64; N]> {
    let parts: Vec<&str> = text.split(separator).collect();
    let fits = parts.len() == N && parts.iter().zip(widths).all(|(part, width)| part.len() == width && is_digits(part));
    let numbers: Option<Vec<i64>> = parts.iter().filter(|_| fits).map(|part| part.parse().ok()).collect();
    numbers?.try_into().ok()
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timestamps_and_dates_are_times() {
        for (text, expected) in [
            ("1970-01-01", 0),
            ("1970-01-01T00:00:00Z", 0),
            ("1970-01-01T01:00:00.5+01:00", 500),
            ("1970-01-01T00:00:00.0009-00:30", 1_800_000),
            ("2024-02-29T23:59:59.999999Z", 1_709_251_199_999),
            ("9999-12-31T23:59:59-23:59", 253_402_300_799_000 + 86_340_000),
            ("0001-01-01T00:00:00+23:59", -62_135_596_800_000 - 86_340_000),
        ] {
            assert_eq!(parse_time(text), Some(expected), "{text}");
        }
    }

    #[test]
    fn nothing_else_is() {
        for text in [
            "",
            "T",
            "2026-1-15",
            "2026-02-30",
            "2025-02-29",
            "0000-01-01",
            "2026-01-15T",
            "2026-01-15T09:30:00",
            "2026-01-15 09:30:00Z",
            "2026-01-15t09:30:00z",
            "2026-01-15T24:00:00Z",
            "2026-01-15T09:60:00Z",
            "2026-01-15T23:59:60Z",
            "2026-01-15T09:30:00.Z",
            "2026-01-15T09:30:00+1:00",
            "2026-01-15T09:30:00+24:00",
            "2026-01-15T09:30:00Z\n",
            "\u{ff12}026-01-15",
            "+2026-01-15",
            "Thu, 15 Jan 2026 09:30:00 GMT",
        ] {
            assert_eq!(parse_time(text), None, "{text}");
        }
    }
}
