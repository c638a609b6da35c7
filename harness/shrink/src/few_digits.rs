//! The search behind the other passes: all numbers of few digits, in the order of size.
//!
//! Where what is looked for comes and goes from one number to the next (cents that a double misses, ties), no bisection finds
//! the least number, and where the passes end depends on where they began.

use serde_json::Value;

use super::in_place::{decimal_at, put_all};
use super::number_passes::{SMALLEST_MULTIPLES, number_paths};
use super::numbers::{Decimal, number};
use super::search::{Answer, Search};
use super::size::Size;
use super::tree::{NodePath, get, with, with_all};

/// Numbers of as many digits and decimals, as multiples of the last decimal.
#[derive(Clone, Copy)]
struct Class {
    first: i128,
    last: i128,
    decimals: u32,
}

const fn class(first: i128, last: i128, decimals: u32) -> Class {
    Class { first, last, decimals }
}

/// The classes of numbers with up to three significant digits, smaller numbers first.
const CLASSES: [Class; 7] = [
    class(0, 9, 0),
    class(10, 99, 0),
    class(1, 99, 1),
    class(100, 999, 0),
    class(101, 999, 1),
    class(1, 999, 2),
    class(1, 999, 3),
];

/// A larger class is searched only if a sample shows that it is worth it, or the number to lower is one to be rid of.
const SMALL_CLASS: i128 = 100;

/// How many numbers of a class are a sample, and how many if the number to lower belongs to it.
const SAMPLE: [usize; 2] = [24, 60];

/// A number with decimals that has more digits than this is one that nobody would write.
const PLAIN_DIGITS: usize = 2;

/// The distance from one number of a sample to the next, modulo the size of the class: a prime, so that all last digits occur.
const STRIDE: i128 = 557;

/// How many numbers above one must show what is looked for before it counts as a bound that bisection found.
const ABOVE: u8 = 8;

/// The numbers that another one may have to be for one to become smaller.
const PARTNERS: [i128; 3] = [1, 2, 3];

/// Puts the least number of few digits in the place of each number for which bisection says nothing.
pub(super) fn few_digits<E>(search: &mut Search<'_, E>) -> Result<(), E> {
    let paths = number_paths(&search.best);
    for (index, path) in paths.iter().enumerate() {
        let this = get(&search.best, path).cloned();
        let equal: Vec<NodePath> =
            paths[index..].iter().filter(|path| get(&search.best, path) == this.as_ref()).cloned().collect();
        let mut is_erratic = least(search, std::slice::from_ref(path))?;
        if equal.len() > 1 && equal.iter().all(|path| get(&search.best, path) == this.as_ref()) {
            is_erratic |= least(search, &equal)?;
        }
        if is_erratic {
            least_beside(search, path, &paths)?;
        }
    }
    Ok(())
}

/// Puts the least number of few digits in every place of `group`; says whether what is looked for comes and goes there.
fn least<E>(search: &mut Search<'_, E>, group: &[NodePath]) -> Result<bool, E> {
    let Some(start) = decimal_at(&search.best, &group[0]).filter(|decimal| !is_settled(decimal)) else {
        return Ok(false);
    };
    if is_bound(search, group, &start)? {
        return Ok(false);
    }
    // What is beside numbers of two digits is soon looked through.
    let mut is_erratic = !is_plain(&start) || (start.decimals() > 0 && start.more_digits() == 1);
    for (sign, class) in classes(&start) {
        if !is_smaller(search, group, &number(sign * class.first, class.decimals)) {
            continue;
        }
        if class.size() > SMALL_CLASS {
            let mut shows = false;
            for scaled in class.sample(SAMPLE[usize::from(class.contains(&start))]) {
                let candidate = with_all(&search.best, group, &number(sign * scaled, class.decimals));
                shows = shows || (candidate != search.best && search.ask(&candidate)? == Answer::Holds);
            }
            is_erratic |= shows;
            if !shows && !class.is_due(&start) {
                continue;
            }
        }
        for scaled in class.numbers() {
            if put_all(search, group, &number(sign * scaled, class.decimals))? {
                return Ok(true);
            }
        }
    }
    Ok(is_erratic)
}

/// Puts the least number at `path` with a small whole number in the place of another one: a price of one piece may need a
/// digit less than the one of three, or more.
fn least_beside<E>(search: &mut Search<'_, E>, path: &NodePath, others: &[NodePath]) -> Result<(), E> {
    for other in others.iter().filter(|other| *other != path) {
        for partner in PARTNERS {
            let Some(start) = decimal_at(&search.best, path) else { return Ok(()) };
            for (sign, class) in classes(&start).filter(|(_, class)| class.size() <= SMALL_CLASS) {
                for scaled in class.numbers() {
                    let candidate = with(&search.best, other, |node| *node = number(partner, 0));
                    search.attempt(with(&candidate, path, |node| *node = number(sign * scaled, class.decimals)))?;
                }
            }
        }
    }
    Ok(())
}

/// Whether the passes before have tried all smaller numbers.
fn is_settled(decimal: &Decimal) -> bool {
    let whole = decimal.scaled_to(0).filter(|_| !decimal.is_minus_zero());
    whole.is_some_and(|whole| whole.abs() <= SMALLEST_MULTIPLES)
}

/// Whether a person would write the number: a whole one, or one of few digits that are not zero.
fn is_plain(decimal: &Decimal) -> bool {
    decimal.decimals() == 0 || decimal.significant_digits().is_none_or(|digits| digits <= PLAIN_DIGITS)
}

/// Whether what is looked for holds from this number on, as far as there are inputs: then bisection has found the least.
fn is_bound<E>(search: &mut Search<'_, E>, group: &[NodePath], start: &Decimal) -> Result<bool, E> {
    if start.is_minus_zero() {
        return Ok(false);
    }
    for next in (1..=ABOVE).filter_map(|units| start.above(units)) {
        if search.ask(&with_all(&search.best, group, &next))? == Answer::HoldsNot {
            return Ok(false);
        }
    }
    Ok(true)
}

/// The classes in the order of size, with the sign of their numbers: a negative number is larger than all positive ones.
fn classes(start: &Decimal) -> impl Iterator<Item = (i128, Class)> + use<> {
    let signs = if start.is_negative() { &[1, -1][..] } else { &[1] };
    signs.iter().flat_map(|sign| CLASSES.map(|class| (*sign, class)))
}

fn is_smaller<E>(search: &Search<'_, E>, group: &[NodePath], number: &Value) -> bool {
    Size::of(&with_all(&search.best, group, number)) < search.size
}

impl Class {
    fn size(self) -> i128 {
        self.last - self.first + 1
    }

    fn contains(self, number: &Decimal) -> bool {
        let scaled = number.scaled_to(self.decimals).filter(|_| number.decimals() == self.decimals);
        scaled.is_some_and(|scaled| (self.first..=self.last).contains(&scaled.abs()))
    }

    /// Whether the class is searched without asking a sample: the number to lower shows that there is something, or it has to
    /// go whatever it costs.
    fn is_due(self, number: &Decimal) -> bool {
        (1..=number.decimals()).contains(&self.decimals) && (self.contains(number) || !is_plain(number))
    }

    /// The numbers of the class, without those that have fewer decimals.
    fn numbers(self) -> impl Iterator<Item = i128> {
        (self.first..=self.last).filter(move |scaled| self.has_own(*scaled))
    }

    /// Some of them, spread over the class, and those that lie between two roundings: odd parts of a power of two.
    fn sample(self, count: usize) -> impl Iterator<Item = i128> {
        let spread = (0..self.size()).map(move |index| self.first + index * STRIDE % self.size());
        let halfway = (1..2_i128.pow(self.decimals)).step_by(2).map(move |part| part * 5_i128.pow(self.decimals));
        spread.filter(move |scaled| self.has_own(*scaled)).take(count).chain(halfway)
    }

    /// Whether a number needs all decimals of the class.
    fn has_own(self, scaled: i128) -> bool {
        self.decimals == 0 || scaled % 10 != 0
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use rstest::rstest;
    use serde_json::json;

    use crate::{Minimal, shrink};

    use super::*;

    const BUDGET: u32 = 3000;

    /// Shrinks `start` where numbers from 0 to 10000 are in the domain.
    fn minimal(start: Value, holds: impl Fn(&Value) -> bool) -> Minimal {
        let mut predicate = |value: &Value| {
            let numbers: Vec<f64> = match value {
                Value::Object(members) => members.values().filter_map(Value::as_f64).collect(),
                value => value.as_f64().into_iter().collect(),
            };
            let in_domain = !numbers.is_empty() && numbers.iter().all(|number| (0.0..=10_000.0).contains(number));
            let answer = if in_domain && holds(value) { Answer::Holds } else { Answer::HoldsNot };
            Ok::<_, Infallible>(if in_domain { answer } else { Answer::OutOfDomain })
        };
        shrink(start, BUDGET, &mut predicate).unwrap()
    }

    fn float(value: &Value) -> f64 {
        value.as_f64().unwrap_or_default()
    }

    /// Whether a multiple of the price is a little less than the whole number that it should be.
    fn is_cut(price: f64, cents: f64) -> bool {
        let cut = (price * cents).trunc();
        (cut - (price * cents).round()).abs() > 0.5 && ((price * cents).round() / cents - price).abs() < 1e-12
    }

    #[test]
    fn the_least_price_does_not_depend_on_the_first() {
        let prices = (1..1_000_000).step_by(1999).map(|cents| f64::from(cents) / 100.0);
        let starts: Vec<f64> = prices.filter(|price| is_cut(*price, 100.0)).collect();
        assert!(starts.len() > 9, "{starts:?}");
        for start in starts {
            assert_eq!(minimal(json!(start), |price| is_cut(float(price), 100.0)).value, json!(2.3));
            let member = minimal(json!({"price": start}), |value| is_cut(float(&value["price"]), 100.0));
            assert_eq!(member.value, json!({"price": 2.3}));
        }
    }

    #[rstest]
    fn a_rare_price_is_found_from_every_other_one(#[values(2.01, 32.3, 64.1, 128.7, 258.9)] start: f64) {
        assert!(is_cut(start, 1000.0));
        assert_eq!(minimal(json!(start), |price| is_cut(float(price), 1000.0)).value, json!(32.3));
    }

    #[rstest]
    fn the_least_tie_is_found_from_every_other_one(#[values(0.375, 12.125, 108.625, 1000.875)] start: f64) {
        let tie = |value: &Value| (float(value) * 8.0).fract() == 0.0 && (float(value) * 4.0).fract() != 0.0;
        assert_eq!(minimal(json!(start), tie).value, json!(0.125));
    }

    #[rstest]
    fn whole_numbers_come_and_go_too(#[values(70, 7470, 9990)] start: u32) {
        // Fifteen in a hundred, rounded half up and half to even.
        let tie = |value: &Value| value.as_u64().is_some_and(|number| number * 15 % 200 == 50);
        assert!(tie(&json!(start)));
        assert_eq!(minimal(json!(start), tie).value, json!(30));
    }

    #[rstest]
    fn two_numbers_become_the_least_together(
        #[values((2.3, 1), (9.2, 1), (0.09, 5), (0.03, 19), (145.89, 1))] start: (f64, u32),
    ) {
        let cut = |v: &Value| v["quantity"].is_u64() && is_cut(float(&v["price"]) * float(&v["quantity"]), 100.0);
        let start = json!({"price": start.0, "quantity": start.1});
        assert!(cut(&start));
        assert_eq!(minimal(start, cut).value, json!({"price": 0.3, "quantity": 3}));
    }

    #[test]
    fn equal_numbers_become_the_least_together() {
        let start = json!({"price": 1027.1, "total": 1027.1});
        let cut = |v: &Value| v["price"] == v["total"] && is_cut(float(&v["price"]), 100.0);
        assert_eq!(minimal(start, cut).value, json!({"price": 2.3, "total": 2.3}));
    }

    #[test]
    fn minus_zero_gives_way_to_any_other_number() {
        let tie = |value: &Value| {
            value.as_f64().is_some_and(|number| number.to_bits() == (-0.0_f64).to_bits())
                || (float(value) * 1000.0) % 10.0 == 5.0
        };
        assert_eq!(minimal(json!(-0.0), tie).value, json!(0.005));
    }

    #[rstest]
    #[case::a_bound(json!(4711), |v: &Value| float(v) >= 1000.0, json!(1000), 40)]
    #[case::a_fraction(json!(17.625), |v: &Value| float(v).fract() != 0.0, json!(0.1), 30)]
    #[case::one_number(json!(500), |v: &Value| float(v) == 500.0, json!(500), 300)]
    #[case::one_that_nobody_would_write(json!(49.99), |v: &Value| float(v) == 49.99, json!(49.99), 2000)]
    fn what_is_minimal_is_not_searched_for_long(
        #[case] start: Value,
        #[case] holds: fn(&Value) -> bool,
        #[case] expected: Value,
        #[case] most: u32,
    ) {
        let found = minimal(start, holds);
        assert_eq!(found.value, expected);
        assert!(found.evaluations <= most, "{}", found.evaluations);
    }
}
