//! A date or a time in a text, as it is read and written again.

use jiff::civil::{Date, DateTime};
use jiff::{Span, ToSpan};
use proptest::test_runner::TestRng;

use crate::chance::one;

/// Where the same instant may be told: hours and minutes east.
const OFFSETS: &[(i64, i64)] = &[(0, 0), (1, 0), (2, 0), (5, 30), (14, 0), (-5, 0), (-3, -30), (-12, 0)];

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

    /// The stamp so long after this one, if there is one.
    pub(super) fn apart(self, span: Span) -> Option<Self> {
        Some(match self {
            Self::Date(date) => Self::Date(date.checked_add(span).ok()?),
            Self::Time(time, rest) => Self::Time(time.checked_add(span).ok()?, rest),
        })
    }

    /// In the form of `form`; a date becomes the same time of its day.
    pub(super) fn like<'f>(self, form: Stamp<'f>) -> Stamp<'f>
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
    pub(super) fn elsewhere(self, rng: &mut TestRng) -> Option<String> {
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

    /// The text that it is, unless it is before year 1.
    pub(super) fn text(self) -> Option<String> {
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
