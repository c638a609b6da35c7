//! The pass over dates in texts and in the names of members: it moves their years to 2000, or as near as they get.

use std::ops::Range;

use super::dates::{DATE, NEAREST, years};
use super::search::Search;
use super::texts::{put_text, text_at, texts_at};
use super::tree::paths;

/// Years that are tried before others: those near 2000, the first and last ones of a count of seconds, and centuries without
/// a leap day.
const USUAL: [u32; 14] = [NEAREST, 2001, 1999, 2002, 1998, 2003, 1997, 2004, 1996, 1970, 1969, 2038, 2100, 1900];

/// Dates that are tried before others: at the beginning and the end of a year, and the leap day.
const USUAL_DATES: [&str; 5] = ["2000-01-01", "2000-02-29", "2000-12-31", "2001-01-01", "1999-12-31"];

/// What the last day of a month can be.
const LAST_DAYS: [u32; 4] = [31, 30, 29, 28];

/// Moves every year nearer to 2000.
pub(super) fn dates<E>(search: &mut Search<'_, E>) -> Result<(), E> {
    for path in paths(&search.best) {
        for (text, years) in texts_at(&search.best, &path).iter().map(|text| years(text)).enumerate() {
            for year in years {
                usual(search, &path, text, &year)?;
                nearer(search, &path, text, &year)?;
                borrow(search, &path, text, &year)?;
                offset(search, &path, text, &year)?;
            }
        }
    }
    Ok(())
}

/// Tries the usual dates in the place of a whole one.
fn usual<E>(search: &mut Search<'_, E>, path: &[usize], text: usize, year: &Range<usize>) -> Result<(), E> {
    for date in USUAL_DATES {
        if put_text(search, path, text, &(year.start..year.start + DATE), date)? {
            break;
        }
    }
    Ok(())
}

/// Tries `Z` in the place of a time's offset.
fn offset<E>(search: &mut Search<'_, E>, path: &[usize], text: usize, year: &Range<usize>) -> Result<(), E> {
    let Some(time) = text_at(&search.best, path, text) else { return Ok(()) };
    let sign = time.rfind(['+', '-']).filter(|at| *at > year.start + DATE);
    if let Some(at) = sign.filter(|at| time[at + 1..].bytes().all(|byte| byte.is_ascii_digit() || byte == b':')) {
        put_text(search, path, text, &(at..time.len()), "Z")?;
    }
    Ok(())
}

/// Tries the usual years in the place of one, then bisects between 2000 and what holds.
fn nearer<E>(search: &mut Search<'_, E>, path: &[usize], text: usize, year: &Range<usize>) -> Result<(), E> {
    let put = |search: &mut Search<'_, E>, number: u32| put_text(search, path, text, year, &format!("{number:04}"));
    for usual in USUAL {
        if put(search, usual)? {
            return Ok(());
        }
    }
    let Some(mut holds) = number_at(search, path, text, year) else { return Ok(()) };
    let mut too_near = NEAREST;
    while holds.abs_diff(too_near) > 1 {
        let middle = u32::midpoint(holds, too_near);
        if put(search, middle)? {
            holds = middle;
        } else {
            too_near = middle;
        }
    }
    Ok(())
}

/// Tries the last days of the year beside this one, then of one month before the other, where other passes lower the day: of
/// the dates after some day, the first one is in a month, and maybe in a year, that begins with none.
fn borrow<E>(search: &mut Search<'_, E>, path: &[usize], text: usize, year: &Range<usize>) -> Result<(), E> {
    let date = year.start..year.start + DATE;
    let Some(old) = text_at(&search.best, path, text).and_then(|text| Some(text.get(date.clone())?.to_owned())) else {
        return Ok(());
    };
    let part = |range: Range<usize>| old.get(range).and_then(|part| part.parse::<u32>().ok());
    let (Some(y), Some(m), Some(_), Some(separator)) = (part(0..4), part(5..7), part(8..10), old.get(4..5)) else {
        return Ok(());
    };
    let mut last_days = |y: u32, m: u32| -> Result<bool, E> {
        for day in LAST_DAYS {
            if put_text(search, path, text, &date, &format!("{y:04}{separator}{m:02}{separator}{day:02}"))? {
                return Ok(true);
            }
        }
        Ok(false)
    };
    let beside = if y > NEAREST { y - 1 } else { y + 1 };
    let (y, m) = if y != NEAREST && last_days(beside, 12)? { (beside, 12) } else { (y, m) };
    for month in (1..m).rev() {
        if !last_days(y, month)? {
            break;
        }
    }
    Ok(())
}

/// The number at `range`.
fn number_at<E>(search: &Search<'_, E>, path: &[usize], text: usize, range: &Range<usize>) -> Option<u32> {
    text_at(&search.best, path, text)?.get(range.clone())?.parse().ok()
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use rstest::rstest;
    use serde_json::{Value, json};

    use crate::{Answer, shrink};

    /// Shrinks `start` where all texts of `dates` are dates.
    fn minimal(start: &Value, holds: fn(&str) -> bool) -> Value {
        let days = |text: &str| match text.get(5..7) {
            Some("02") => ("01"..="29").contains(&&text[8..]),
            Some("04" | "06" | "09" | "11") => ("01"..="30").contains(&&text[8..]),
            month => month.is_some_and(|month| ("01"..="12").contains(&month)) && ("01"..="31").contains(&&text[8..]),
        };
        let shape = |text: &str| text.chars().map(|c| if c.is_ascii_digit() { 'd' } else { c }).collect::<String>();
        let is_date = |text: &str| shape(text) == "dddd-dd-dd" && days(text);
        let mut predicate = |value: &Value| {
            let Some(text) = value.as_str().or_else(|| value.as_object()?.keys().next().map(String::as_str)) else {
                return Ok::<_, Infallible>(Answer::OutOfDomain);
            };
            let answer = if holds(text) { Answer::Holds } else { Answer::HoldsNot };
            Ok(if is_date(text) { answer } else { Answer::OutOfDomain })
        };
        shrink(start.clone(), 3000, &mut predicate).unwrap().value
    }

    #[rstest]
    #[case::any("0000-03-17", |_: &str| true, "2000-01-01")]
    #[case::any_far("9999-12-31", |_: &str| true, "2000-01-01")]
    #[case::a_leap_day("1568-02-29", |text: &str| text.ends_with("02-29"), "2000-02-29")]
    #[case::no_leap_day("0300-05-01", |text: &str| text.starts_with("21") || text.starts_with("03"), "2100-01-01")]
    #[case::the_last_year("1567-03-17", |text: &str| text < "1970", "1969-01-01")]
    #[case::after_a_day("9999-12-31", |text: &str| text > "2038-05-17", "2038-05-18")]
    #[case::after_a_last_day("2044-03-01", |text: &str| text > "2041-12-30", "2041-12-31")]
    #[case::in_another_week_year("2001-12-31", |text: &str| ["2001-12-31", "2000-01-01", "2003-12-29"].contains(&text), "2000-01-01")]
    #[case::before_a_day("0999-12-31", |text: &str| text < "1850-05-17", "1850-01-01")]
    fn a_year_comes_near_to_2000(#[case] start: &str, #[case] holds: fn(&str) -> bool, #[case] expected: &str) {
        assert_eq!(minimal(&json!(start), holds), json!(expected));
        assert_eq!(minimal(&json!({start: 0}), holds), json!({expected: null}));
    }

    #[rstest]
    #[case("9999-12-31t13:00:00-11:00", |text: &str| text.contains(':'), "2000-01-01T00:00:00Z")]
    #[case("2000-01-01t00:00:00.250z", |text: &str| text.contains('.'), "2000-01-01T00:00:00.0Z")]
    #[case("2024-05-01T10:00:00+05:30", |text: &str| text.contains('+'), "2000-01-01T00:00+00:00")]
    fn a_time_is_written_with_capitals_and_in_utc(
        #[case] start: &str,
        #[case] holds: fn(&str) -> bool,
        #[case] expected: &str,
    ) {
        let is_time =
            |text: &str| text.parse::<jiff::Timestamp>().is_ok() && text.len() >= 20 && text.matches(':').count() >= 2;
        let mut predicate = |value: &Value| {
            let answer = |text: &str| if holds(text) { Answer::Holds } else { Answer::HoldsNot };
            let text = value.as_str().filter(|text| is_time(text));
            Ok::<_, Infallible>(text.map_or(Answer::OutOfDomain, answer))
        };
        assert_eq!(shrink(json!(start), 3000, &mut predicate).unwrap().value, json!(expected));
    }
}
