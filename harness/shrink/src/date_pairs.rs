//! The pass over dates that are so many days apart: they only become plainer together.

use std::ops::Range;

use jiff::civil::Date;
use serde_json::Value;

use super::dates::{DATE, NEAREST, years};
use super::search::Search;
use super::texts::{texts_at, with_part};
use super::tree::{NodePath, paths};

/// Among more dates, only all of them are moved together.
const MOST: usize = 6;

/// A date in a text.
#[derive(Clone)]
struct Place {
    path: NodePath,
    text: usize,
    range: Range<usize>,
    date: Date,
}

/// Moves all dates, and every two, by as many days, so that one of them is at the beginning of 2000, or in its year.
pub(super) fn dates_together<E>(search: &mut Search<'_, E>) -> Result<(), E> {
    let count = places(&search.best).len();
    if count < 2 {
        return Ok(());
    }
    together(search, &|_| true)?;
    if !(3..=MOST).contains(&count) {
        return Ok(());
    }
    for one in 0..count {
        for other in one + 1..count {
            together(search, &|number| number == one || number == other)?;
        }
    }
    Ok(())
}

fn together<E>(search: &mut Search<'_, E>, is_of: &dyn Fn(usize) -> bool) -> Result<(), E> {
    let of = |value: &Value| -> Vec<Place> {
        places(value).into_iter().enumerate().filter(|(number, _)| is_of(*number)).map(|(_, place)| place).collect()
    };
    let Ok(nearest) = i16::try_from(NEAREST) else { return Ok(()) };
    for anchor in 0..of(&search.best).len() {
        let group = of(&search.best);
        let Some(date) = group.get(anchor).map(|place| place.date) else { break };
        let goals = [Date::new(nearest, 1, 1), date.with().year(nearest).build()];
        for goal in goals.into_iter().flatten() {
            if let Some(moved) = moved(&search.best, &group, date, goal)
                && search.attempt(moved)?
            {
                break;
            }
        }
    }
    Ok(())
}

/// `value` with all dates moved as one has to be moved to its goal.
fn moved(value: &Value, group: &[Place], date: Date, goal: Date) -> Option<Value> {
    let by = goal.since(date).ok()?;
    group.iter().try_fold(value.clone(), |value, place| {
        let date = place.date.checked_add(by).ok().filter(|date| (1..=9999).contains(&date.year()))?;
        with_part(&value, &place.path, place.text, &place.range, &date.to_string())
    })
}

fn places(value: &Value) -> Vec<Place> {
    let mut places = Vec::new();
    for path in paths(value) {
        for (number, text) in texts_at(value, &path).into_iter().enumerate() {
            for year in years(&text) {
                let range = year.start..year.start + DATE;
                if let Some(date) = text.get(range.clone()).and_then(|date| date.parse().ok()) {
                    places.push(Place { path: path.clone(), text: number, range, date });
                }
            }
        }
    }
    places
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use rstest::rstest;
    use serde_json::json;

    use crate::{Answer, shrink};

    use super::*;

    #[rstest]
    #[case(json!(["2021-06-30", "2021-07-30"]), 30, json!(["2000-01-01", "2000-01-31"]))]
    #[case(json!(["1987-12-03T10:00:00Z", "1988-12-02"]), 365, json!(["2000-01-01T00:00:00Z", "2000-12-31"]))]
    #[case(json!({"2024-02-28": "2024-03-14", "a": "2011-01-01"}), 15, json!({"2000-01-01": "2000-01-16"}))]
    fn dates_that_are_days_apart_become_plain_together(
        #[case] start: Value,
        #[case] days: i64,
        #[case] expected: Value,
    ) {
        let holds = |value: &Value| {
            let dates: Vec<Date> = places(value).into_iter().map(|place| place.date).collect();
            let apart =
                |one: &Date, other: &Date| other.since(*one).is_ok_and(|span| i64::from(span.get_days()) == days);
            dates.first().zip(dates.get(1)).is_some_and(|(one, other)| apart(one, other))
        };
        // What stays well-formed: as many dates, and texts of the same length.
        let shape = |value: &Value| -> String {
            let plain = |letter: char| if letter.is_ascii_digit() { '0' } else { letter };
            value.to_string().chars().map(plain).collect()
        };
        let first = shape(&start);
        let mut ask = |value: &Value| {
            let is_formed = first.starts_with(shape(value).trim_end_matches('}')) || value.is_object();
            Ok::<_, Infallible>(if is_formed && holds(value) { Answer::Holds } else { Answer::HoldsNot })
        };
        assert_eq!(shrink(start, 3000, &mut ask).unwrap().value, expected);
    }
}
