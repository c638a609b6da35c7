//! The passes over numbers, alone and together.

use serde_json::Value;

use super::exponents::lower_exponent;
use super::in_place::{decimal_at, put_all};
use super::numbers::{Decimal, number};
use super::search::Search;
use super::tree::{NodePath, get, len, paths, remove, with};

/// How many of the smallest numbers are tried one after the other: where a failure needs an odd value (a tie, a
/// multiple), no bisection finds it.
pub(super) const SMALLEST_MULTIPLES: i128 = 10;

/// Up to this sum all pairs of whole numbers are tried, 28 of them.
const SMALLEST_SUM: i128 = 6;

/// About so many pairs are tried: all of sixteen numbers, and of more those that stand near each other.
const PAIRS: usize = 120;

/// More decimals than any double needs are not tried.
const MAX_DECIMALS: u32 = 17;

/// Makes every number smaller on its own.
pub(super) fn numbers<E>(search: &mut Search<'_, E>) -> Result<(), E> {
    for path in number_paths(&search.best) {
        lower(search, std::slice::from_ref(&path))?;
    }
    Ok(())
}

/// Makes values that occur several times smaller in all their places at once.
pub(super) fn equal_together<E>(search: &mut Search<'_, E>) -> Result<(), E> {
    let all = paths(&search.best);
    for (index, path) in all.iter().enumerate() {
        let Some(leaf) = get(&search.best, path).filter(|value| value.is_number() || value.is_string()).cloned() else {
            continue;
        };
        let group: Vec<NodePath> =
            all[index..].iter().filter(|p| get(&search.best, p) == Some(&leaf)).cloned().collect();
        if group.len() < 2 {
            continue;
        }
        if leaf.is_number() {
            lower(search, &group)?;
        } else if let Some(text) = leaf.as_str() {
            shorten(search, &group, text.chars().collect())?;
        }
    }
    Ok(())
}

/// Shortens the text that stands at every place of `group`.
fn shorten<E>(search: &mut Search<'_, E>, group: &[NodePath], mut text: Vec<char>) -> Result<(), E> {
    while !text.is_empty() {
        let shorter = [&[], &['a'][..], &text[..text.len() / 2], &text[..text.len() - 1]].map(<[char]>::to_vec);
        let mut shortened = None;
        for candidate in shorter {
            if put_all(search, group, &candidate.iter().collect::<String>().into())? {
                shortened = Some(candidate);
                break;
            }
        }
        match shortened {
            Some(shorter) => text = shorter,
            None => break,
        }
    }
    Ok(())
}

/// Lowers two numbers by the same amount, which keeps the difference that a failure may need, mirrors one at the other, and
/// swaps them.
pub(super) fn numbers_together<E>(search: &mut Search<'_, E>) -> Result<(), E> {
    for pair in NumberPair::all(&number_paths(&search.best)) {
        let Some(Scaled { a, b, decimals }) = pair.get(&search.best) else { continue };
        // Both by ever smaller halves, then one of the two down to a small whole number.
        let unit = 10_i128.pow(decimals.min(15));
        let halves = std::iter::successors(Some(a.min(b) / 2), |amount| Some(amount / 2));
        let mut amounts: Vec<i128> = halves.take_while(|amount| *amount > 0).collect();
        amounts.extend((0..=2).flat_map(|whole| [a - whole * unit, b - whole * unit]));
        for amount in amounts.into_iter().filter(|amount| *amount != 0) {
            let Some(Scaled { a, b, decimals }) = pair.get(&search.best) else { break };
            pair.put(search, Scaled { a: a - amount, b: b - amount, decimals })?;
        }
        transfer(search, pair)?;
        for change in [|a, b| (a, 2 * a - b), |a, b| (2 * b - a, b), |a: i128, b: i128| (b, a)] {
            let Some(Scaled { a, b, decimals }) = pair.get(&search.best) else { break };
            let (a, b) = change(a, b);
            pair.put(search, Scaled { a, b, decimals })?;
        }
    }
    Ok(())
}

/// Moves as much of the first number to the second one as the failure allows, which keeps their sum.
fn transfer<E>(search: &mut Search<'_, E>, pair: NumberPair<'_>) -> Result<(), E> {
    let Some(Scaled { a: mut most, .. }) = pair.get(&search.best) else { return Ok(()) };
    while most != 0 {
        let Some(Scaled { a, b, decimals }) = pair.get(&search.best) else { break };
        pair.put(search, Scaled { a: a - most, b: b + most, decimals })?;
        most /= 2;
    }
    Ok(())
}

/// Tries the smallest pairs of whole numbers for every two numbers: where one must grow for the other to shrink (a product
/// with less stock, ordered less often), neither gets there alone.
pub(super) fn smallest_pairs<E>(search: &mut Search<'_, E>) -> Result<(), E> {
    for pair in NumberPair::all(&number_paths(&search.best)) {
        let smallest = (0..=SMALLEST_SUM).flat_map(|sum| (0..=sum).map(move |a| (a, sum - a)));
        for (a, b) in smallest {
            if pair.put(search, Scaled { a, b, decimals: 0 })? {
                break;
            }
        }
    }
    Ok(())
}

/// Tries pairs close to each other around 0 and 1 that have fewer decimals in all: a difference that only the doubles of
/// larger numbers make needs no further decimal.
pub(super) fn close_pairs<E>(search: &mut Search<'_, E>) -> Result<(), E> {
    for pair in NumberPair::all(&number_paths(&search.best)) {
        let decimals: u32 = pair.decimals(&search.best).iter().flatten().map(Decimal::decimals).sum();
        for decimals in 1..decimals.min(MAX_DECIMALS) {
            let one = 10_i128.pow(decimals.min(15));
            let near = [(one - 1, one), (one - 2, one), (one, one + 1), (one, one + 2), (0, 1), (0, 2)];
            for (a, b) in near.into_iter().flat_map(|(a, b)| [(a, b), (b, a)]) {
                if pair.put(search, Scaled { a, b, decimals })? {
                    break;
                }
            }
        }
    }
    Ok(())
}

/// Makes one of two neighbours in a list: adds a number of the second to the same one of the first (two lines of three pieces
/// become one of six), or joins two lists.
pub(super) fn merge<E>(search: &mut Search<'_, E>) -> Result<(), E> {
    for path in paths(&search.best) {
        for index in (1..get(&search.best, &path).filter(|node| node.is_array()).map_or(0, len)).rev() {
            let neighbours = [index - 1, index].map(|index| [&path[..], &[index]].concat());
            let [Some(first), Some(second)] = neighbours.clone().map(|path| get(&search.best, &path).cloned()) else {
                continue;
            };
            let mut merged = Vec::new();
            if let (Value::Array(first), Value::Array(second)) = (&first, &second) {
                merged.push([first.as_slice(), second].concat().into());
            }
            for path in number_paths(&second) {
                let numbers = [&first, &second].map(|neighbour| decimal_at(neighbour, &path));
                if let [Some(a), Some(b)] = numbers
                    && let Some(Scaled { a, b, decimals }) = Scaled::of(a, b)
                {
                    // Machine integers wrap, so the sum of two may have to be written with the other sign.
                    merged.extend([a + b, -a - b].map(|sum| with(&first, &path, |node| *node = number(sum, decimals))));
                }
            }
            for value in merged {
                let candidate = with(&search.best, &neighbours[0], |node| *node = value);
                if search.attempt(with(&candidate, &path, |node| remove(node, index, 1)))? {
                    break;
                }
            }
        }
    }
    Ok(())
}

pub(super) fn number_paths(value: &Value) -> Vec<NodePath> {
    paths(value).into_iter().filter(|path| get(value, path).is_some_and(Value::is_number)).collect()
}

/// Every two of some paths; of many, those that stand near each other.
pub(super) fn near_pairs(paths: &[NodePath]) -> impl Iterator<Item = [&NodePath; 2]> {
    let count = paths.len();
    let reach = if count * count.saturating_sub(1) / 2 <= PAIRS { count } else { PAIRS.div_ceil(count) };
    let after = move |index: usize| paths[index + 1..].iter().take(reach);
    paths.iter().enumerate().flat_map(move |(index, first)| after(index).map(move |second| [first, second]))
}

/// Two numbers as integers of one scale: `a / 10^decimals` and `b / 10^decimals`.
#[derive(Clone, Copy)]
struct Scaled {
    a: i128,
    b: i128,
    decimals: u32,
}

impl Scaled {
    fn of(a: Decimal, b: Decimal) -> Option<Self> {
        let decimals = a.decimals().max(b.decimals());
        Some(Self { a: a.scaled_to(decimals)?, b: b.scaled_to(decimals)?, decimals })
    }
}

/// Two of the numbers of a value, by their paths.
#[derive(Clone, Copy)]
struct NumberPair<'a> {
    first: &'a [usize],
    second: &'a [usize],
}

impl<'a> NumberPair<'a> {
    /// Every two of the numbers at `paths`; of many, those that stand near each other.
    fn all(paths: &'a [NodePath]) -> impl Iterator<Item = Self> {
        near_pairs(paths).map(|[first, second]| Self { first, second })
    }

    fn decimals(self, value: &Value) -> [Option<Decimal>; 2] {
        [self.first, self.second].map(|path| decimal_at(value, path))
    }

    /// Both numbers, if both are still there and one scale fits them.
    fn get(self, value: &Value) -> Option<Scaled> {
        let [a, b] = self.decimals(value);
        Scaled::of(a?, b?)
    }

    /// Puts other numbers in the place of both.
    fn put<E>(self, search: &mut Search<'_, E>, Scaled { a, b, decimals }: Scaled) -> Result<bool, E> {
        let candidate = with(&search.best, self.first, |node| *node = number(a, decimals));
        search.attempt(with(&candidate, self.second, |node| *node = number(b, decimals)))
    }
}

/// Lowers the number that stands at every place of `group`: drops a decimal point that says nothing, its sign, its
/// exponent, its decimals, then its magnitude.
fn lower<E>(search: &mut Search<'_, E>, group: &[NodePath]) -> Result<(), E> {
    let current = |search: &Search<'_, E>| decimal_at(&search.best, &group[0]);
    if let Some((whole, 0)) = current(search).and_then(|decimal| Some((decimal.scaled_to(0)?, decimal.decimals()))) {
        put_all(search, group, &number(whole, 0))?;
    }
    if let Some(unsigned) = current(search).and_then(|decimal| decimal.unsigned()) {
        let mut lowered = put_all(search, group, &unsigned)?;
        for whole in 0..=SMALLEST_MULTIPLES {
            lowered = lowered || put_all(search, group, &number(whole, 0))?;
        }
    }
    lower_exponent(search, group)?;
    for decimals in 0..current(search).map_or(0, |decimal| decimal.decimals()).min(MAX_DECIMALS) {
        let mut lowered = false;
        for scaled in current(search).map_or_else(Vec::new, |decimal| decimal.near(decimals)) {
            lowered = lowered || put_all(search, group, &number(scaled, decimals))?;
        }
        if lowered || lower_scaled(search, group, decimals)? {
            break;
        }
    }
    let decimals = current(search).map_or(0, |decimal| decimal.decimals());
    lower_scaled(search, group, decimals)?;
    bisect(search, group, decimals)
}

/// Tries 0, 1, 2 … units of the last decimal.
fn lower_scaled<E>(search: &mut Search<'_, E>, group: &[NodePath], decimals: u32) -> Result<bool, E> {
    let Some(sign) = decimal_at(&search.best, &group[0]).map(|decimal| if decimal.is_negative() { -1 } else { 1 })
    else {
        return Ok(false);
    };
    for scaled in 0..=SMALLEST_MULTIPLES {
        if put_all(search, group, &number(sign * scaled, decimals))? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Bisects between what fails to hold and what holds.
fn bisect<E>(search: &mut Search<'_, E>, group: &[NodePath], decimals: u32) -> Result<(), E> {
    let current =
        |search: &Search<'_, E>| decimal_at(&search.best, &group[0]).and_then(|decimal| decimal.scaled_to(decimals));
    let (Some(start), mut too_low) = (current(search), 0) else { return Ok(()) };
    let sign = start.signum();
    let mut holds = start.abs();
    while holds - too_low > 1 {
        let middle = too_low + (holds - too_low) / 2;
        if put_all(search, group, &number(sign * middle, decimals))? {
            holds = middle;
        } else {
            too_low = middle;
        }
    }
    Ok(())
}
