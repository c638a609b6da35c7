//! Dates and times that depend on others: so many days, months or years apart, a second beside, the same instant elsewhere.

use jiff::civil::{Date, DateTime};
use jiff::{Span, ToSpan};
use proptest::test_runner::TestRng;
use serde_json::Value;

use super::step::Around;
use crate::chance::{below, one};
use crate::places::Place;

/// How many days apart people count in.
const DAYS: &[i64] = &[1, 1, 2, 7, 14, 28, 29, 30, 30, 31, 60, 90, 180, 364, 365, 366];
const MONTHS: &[i64] = &[1, 1, 2, 3, 6, 11, 12];
const YEARS: &[i64] = &[1, 1, 2, 3, 4, 5, 10, 18, 100];

/// Where the same instant may be told: hours and minutes east.
const OFFSETS: &[(i64, i64)] = &[(0, 0), (1, 0), (2, 0), (5, 30), (14, 0), (-5, 0), (-3, -30), (-12, 0)];

/// Later or earlier by more days is not asked for.
const MOST_DAYS: i64 = 4000;

/// A date, or a date and a time with what is written behind its seconds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Stamp<'t> {
    Date(Date),
    Time(DateTime, &'t str),
}

impl<'t> Stamp<'t> {
    /// The stamp that a text is, if it is one.
    pub(super) fn of(text: &'t str) -> Option<Self> {
        let bytes = text.as_bytes();
        if !text.is_ascii() || bytes.len() < 10 || bytes[4] != b'-' || bytes[7] != b'-' {
            return None;
        }
        if text.len() == 10 {
            return text.parse().ok().map(Self::Date);
        }
        let (civil, rest) = text.split_at_checked(19)?;
        if !matches!(bytes[10], b'T' | b't' | b' ') {
            return None;
        }
        // Seconds of 60 are a text like any other here.
        if &civil[17..] == "60" { None } else { civil.parse().ok().map(|civil| Self::Time(civil, rest)) }
    }

    pub(super) fn date(self) -> Date {
        match self {
            Self::Date(date) => date,
            Self::Time(time, _) => time.date(),
        }
    }

    /// How many days later than another one this is.
    pub(super) fn days_after(&self, other: &Self) -> Option<i64> {
        let days = self.date().since(other.date()).ok()?.get_days();
        Some(days.into())
    }

    fn apart(self, span: Span) -> Option<Self> {
        Some(match self {
            Self::Date(date) => Self::Date(date.checked_add(span).ok()?),
            Self::Time(time, rest) => Self::Time(time.checked_add(span).ok()?, rest),
        })
    }

    /// In the form of `form`; a date becomes the same time of its day.
    fn like<'f>(self, form: Stamp<'f>) -> Stamp<'f>
    where
        't: 'f,
    {
        match (self, form) {
            (stamp, Stamp::Date(_)) => Stamp::Date(stamp.date()),
            (Self::Time(time, rest), Stamp::Time(..)) => Stamp::Time(time, rest),
            (Self::Date(date), Stamp::Time(time, rest)) => Stamp::Time(date.to_datetime(time.time()), rest),
        }
    }

    /// The same instant with another offset.
    fn elsewhere(self, rng: &mut TestRng) -> Option<String> {
        let Self::Time(time, rest) = self else { return None };
        let at = rest.find(['Z', 'z', '+', '-'])?;
        let (fraction, offset) = rest.split_at(at);
        let minutes = |offset: &str| -> Option<i64> {
            let (hours, minutes) = offset.get(1..)?.split_once(':')?;
            let sum = hours.parse::<i64>().ok()? * 60 + minutes.parse::<i64>().ok()?;
            Some(if offset.starts_with('-') { -sum } else { sum })
        };
        let old = if offset.eq_ignore_ascii_case("z") { 0 } else { minutes(offset)? };
        let (hours, more) = *one(rng, OFFSETS)?;
        let new = hours * 60 + more;
        let time = time.checked_add((new - old).minutes()).ok()?;
        let offset = match new {
            0 => "Z".to_owned(),
            _ => format!("{}{:02}:{:02}", if new < 0 { '-' } else { '+' }, new.abs() / 60, new.abs() % 60),
        };
        Some(format!("{}{fraction}{offset}", written(time)))
    }

    fn text(self) -> Option<String> {
        // Nobody asks for a date before year 1.
        (self.date().year() >= 1).then(|| match self {
            Self::Date(date) => date.to_string(),
            Self::Time(time, rest) => format!("{}{rest}", written(time)),
        })
    }
}

fn written(time: DateTime) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%S").to_string()
}

/// What may stand in the place of a date or a time.
pub(super) fn related(
    place: &Place<'_>,
    form: Stamp<'_>,
    around: &Around<'_, '_>,
    rng: &mut TestRng,
) -> Option<String> {
    let is_stamp = |value: &Value| value.as_str().and_then(Stamp::of).is_some();
    let other = around.other(place, is_stamp, rng)?;
    let other = Stamp::of(other.as_str()?)?;
    let are_times = matches!((other, form), (Stamp::Time(..), Stamp::Time(..)));
    if are_times && below(rng, 10) == 0 {
        return other.elsewhere(rng);
    }
    let sign = if below(rng, 2) == 0 { 1 } else { -1 };
    let apart = |of: &[i64], rng: &mut TestRng| one(rng, of).map_or(0, |count| count * sign);
    let span = match below(rng, 9) {
        0..2 => 0.days(),
        2..5 => apart(DAYS, rng).days(),
        5..7 => apart(&counts(around), rng).days(),
        7 => apart(MONTHS, rng).months(),
        _ => apart(YEARS, rng).years(),
    };
    let related = other.apart(span)?.like(form);
    let related = match (related, below(rng, 6)) {
        (Stamp::Time(..), 0) => related.apart(1.second())?,
        (Stamp::Time(..), 1) => related.apart((-1).second())?,
        _ => related,
    };
    related.text()
}

/// The whole numbers elsewhere that may count days.
fn counts(around: &Around<'_, '_>) -> Vec<i64> {
    let numbers = around.places.that(Value::is_number).filter_map(|place| place.value.as_i64());
    numbers
        .filter(|count| (1..=MOST_DAYS).contains(count))
        .flat_map(|count| [count, count, count + 1, count - 1])
        .collect()
}
