//! The pass over numbers that are written in texts and in the names of members: days, codes, places.

use std::ops::Range;

use serde_json::{Map, Value};

use super::search::Search;
use super::tree::{get, paths, with};

/// How many of the smallest numbers are tried one after the other.
const SMALLEST: u64 = 3;

/// A longer number is a year or an identity, which nobody reads more easily when it is smaller.
const MOST_DIGITS: usize = 3;

/// Lowers every number in a text or a name. It keeps its digits' count: `11-30` becomes `02-30`, which no digit alone does.
pub(super) fn digits<E>(search: &mut Search<'_, E>) -> Result<(), E> {
    for path in paths(&search.best) {
        let texts = get(&search.best, &path).map_or_else(Vec::new, texts);
        for (number, text) in texts.into_iter().enumerate() {
            for run in runs(&text) {
                lower(search, &path, number, run)?;
            }
        }
    }
    Ok(())
}

/// The text that a node is, or the names of its members.
fn texts(node: &Value) -> Vec<String> {
    match node {
        Value::String(text) => vec![text.clone()],
        Value::Object(members) => members.keys().cloned().collect(),
        _ => Vec::new(),
    }
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
    let current = |search: &Search<'_, E>| -> Option<u64> {
        texts(get(&search.best, path)?).get(text)?.get(run.clone())?.parse().ok()
    };
    let Some(mut holds) = current(search) else { return Ok(()) };
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

/// Puts `number` in the place of the one at `run`, unless a member has that name already.
fn put<E>(search: &mut Search<'_, E>, path: &[usize], text: usize, run: &Range<usize>, number: u64) -> Result<bool, E> {
    let Some(old) = get(&search.best, path).and_then(|node| texts(node).into_iter().nth(text)) else {
        return Ok(false);
    };
    let new = format!("{}{number:0width$}{}", &old[..run.start], &old[run.end..], width = run.len());
    let candidate = with(&search.best, path, |node| match node {
        Value::Object(members) if members.contains_key(&new) => {}
        Value::Object(members) => {
            let renamed = std::mem::take(members).into_iter();
            *members =
                renamed.map(|(key, value)| (if key == old { new.clone() } else { key }, value)).collect::<Map<_, _>>();
        }
        node => *node = new.clone().into(),
    });
    search.attempt(candidate)
}
