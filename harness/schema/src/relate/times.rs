//! Dates and times that depend on others: so many days, months or years apart, a second beside, the same instant elsewhere.

use jiff::ToSpan;
use proptest::test_runner::TestRng;
use serde_json::Value;

use super::around::Around;
use super::stamp::Stamp;
use crate::chance::{below, one};
use crate::places::Place;

/// How many days apart people count in.
const DAYS: &[i64] = &[1, 1, 2, 7, 14, 28, 29, 30, 30, 31, 60, 90, 180, 364, 365, 366];
const MONTHS: &[i64] = &[1, 1, 2, 3, 6, 11, 12];
const YEARS: &[i64] = &[1, 1, 2, 3, 4, 5, 10, 18, 100];

/// Later or earlier by more days is not asked for.
const MOST_DAYS: i64 = 4000;

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
