//! The pass over numbers that are written in texts and in the names of members: days, codes, places.

use std::ops::Range;

use super::search::Search;
use super::texts::{put_text, text_at, texts_at};
use super::tree::paths;

/// How many of the smallest numbers are tried one after the other.
const SMALLEST: u64 = 3;

/// A longer number is a year or an identity, which nobody reads more easily when it is smaller.
const MOST_DIGITS: usize = 3;

/// Lowers every number in a text or a name. It keeps its digits' count: `11-30` becomes `02-30`, which no digit alone does.
pub(super) fn digits<E>(search: &mut Search<'_, E>) -> Result<(), E> {
    for path in paths(&search.best) {
        for (number, text) in texts_at(&search.best, &path).into_iter().enumerate() {
            for run in runs(&text) {
                lower(search, &path, number, run)?;
            }
        }
    }
    Ok(())
}

/// Where numbers stand in `text`.
fn runs(text: &str) -> Vec<Range<usize>> {
    let mut runs: Vec<Range<usize>> = Vec::new();
    for (at, _) in text.bytes().enumerate().filter(|(_, byte)| byte.is_ascii_digit()) {
        match runs.last_mut() {
            Some(run) if run.end == at => run.end += 1,
            _ => runs.push(at..at + 1),
        }
    }
    runs.retain(|run| run.len() <= MOST_DIGITS);
    runs
}

/// Tries the smallest numbers in the place of one, then bisects.
fn lower<E>(search: &mut Search<'_, E>, path: &[usize], text: usize, run: Range<usize>) -> Result<(), E> {
    let Some(mut holds) = current(search, path, text, &run) else { return Ok(()) };
    for smaller in 0..holds.min(SMALLEST) {
        if put(search, path, text, &run, smaller)? {
            return Ok(());
        }
    }
    let mut too_low = SMALLEST - 1;
    while holds > too_low + 1 {
        let middle = too_low + (holds - too_low) / 2;
        if put(search, path, text, &run, middle)? {
            holds = middle;
        } else {
            too_low = middle;
        }
    }
    Ok(())
}

/// The number at `run`.
fn current<E>(search: &Search<'_, E>, path: &[usize], text: usize, run: &Range<usize>) -> Option<u64> {
    text_at(&search.best, path, text)?.get(run.clone())?.parse().ok()
}

/// Puts `number` in the place of the one at `run`.
fn put<E>(search: &mut Search<'_, E>, path: &[usize], text: usize, run: &Range<usize>, number: u64) -> Result<bool, E> {
    put_text(search, path, text, run, &format!("{number:0width$}", width = run.len()))
}
