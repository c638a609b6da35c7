//! Shrinking: the passes over the smallest value so far, until none of them makes it smaller.

use serde_json::Value;

use super::search::{Answer, Search};
use super::{date_pairs, digit_passes, few_digits, letters, number_passes, passes, sums, text_pairs, year_passes};

/// The end of a search.
#[derive(Clone, Debug, PartialEq)]
pub struct Minimal {
    /// The smallest value found.
    pub value: Value,
    /// How often the predicate ran something.
    pub evaluations: u32,
}

/// Makes `start`, for which `holds` must hold, as small as `budget` evaluations allow.
///
/// An error of the predicate ends the search and is handed on: it is neither yes nor no.
pub fn shrink<E>(start: Value, budget: u32, holds: &mut dyn FnMut(&Value) -> Result<Answer, E>) -> Result<Minimal, E> {
    let mut search = Search::new(start, budget, holds);
    loop {
        let before = search.size.clone();
        for pass in [
            passes::delete,
            passes::hoist,
            number_passes::merge,
            passes::plainest,
            text_pairs::texts_together,
            letters::strings,
            date_pairs::dates_together,
            year_passes::dates,
            digit_passes::digits,
            number_passes::numbers,
            number_passes::equal_together,
            number_passes::numbers_together,
            number_passes::smallest_pairs,
            number_passes::close_pairs,
            sums::sums,
            sums::products,
            passes::sort,
        ] {
            pass(&mut search)?;
        }
        // It asks often, so it comes when nothing else helps.
        if search.size == before {
            few_digits::few_digits(&mut search)?;
        }
        if search.size == before || search.is_exhausted() {
            return Ok(Minimal { value: search.best, evaluations: search.evaluations });
        }
    }
}
