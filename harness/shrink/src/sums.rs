//! The pass over numbers that are the sum or the product of two others: three numbers that only become smaller together.

use super::in_place::decimal_at;
use super::number_passes::number_paths;
use super::numbers::{Decimal, number};
use super::search::Search;
use super::tree::{NodePath, with};

/// Among more numbers no sums and products are looked for.
const MOST: usize = 5;

/// The parts that are tried, as multiples of the last decimal.
const PARTS: i128 = 9;

/// Puts small numbers in the place of two, and their sum in the place of the one that is their sum.
pub(super) fn sums<E>(search: &mut Search<'_, E>) -> Result<(), E> {
    let paths = number_paths(&search.best);
    if paths.len() > MOST {
        return Ok(());
    }
    for sum in &paths {
        for (index, one) in paths.iter().enumerate() {
            for other in &paths[index + 1..] {
                if sum != one && sum != other {
                    lower(search, [one, other, sum])?;
                }
            }
        }
    }
    Ok(())
}

fn lower<E>(search: &mut Search<'_, E>, [one, other, sum]: [&NodePath; 3]) -> Result<(), E> {
    let Some(decimals) = decimals_of_sum(search, [one, other, sum]) else { return Ok(()) };
    for decimals in 0..=decimals.min(2) {
        for total in 0..=2 * PARTS {
            for part in (0..=PARTS).filter(|part| (0..=PARTS).contains(&(total - part))) {
                let numbers = [(one, part, decimals), (other, total - part, decimals), (sum, total, decimals)];
                if put(search, numbers)? {
                    return Ok(());
                }
            }
        }
    }
    Ok(())
}

/// Puts small numbers in the place of two, and their product in the place of the one that is their product: a price, a number of
/// pieces and an amount.
pub(super) fn products<E>(search: &mut Search<'_, E>) -> Result<(), E> {
    let paths = number_paths(&search.best);
    if paths.len() > MOST {
        return Ok(());
    }
    for product in &paths {
        for pieces in paths.iter().filter(|path| *path != product) {
            for price in paths.iter().filter(|path| *path != product && *path != pieces) {
                lower_factors(search, [pieces, price, product])?;
            }
        }
    }
    Ok(())
}

/// The first of the three is a whole number.
fn lower_factors<E>(search: &mut Search<'_, E>, [pieces, price, product]: [&NodePath; 3]) -> Result<(), E> {
    let all = [pieces, price, product].map(|path| decimal_at(&search.best, path));
    let [Some(count), Some(each), Some(total)] = all else { return Ok(()) };
    let decimals = each.decimals().max(total.decimals());
    let scaled = || Some((count.scaled_to(0)?, each.scaled_to(decimals)?, total.scaled_to(decimals)?));
    let Some((count, each, total)) = scaled() else { return Ok(()) };
    // What is multiplied by nothing or by one becomes smaller by itself.
    if count < 2 || each < 1 || count.checked_mul(each) != Some(total) {
        return Ok(());
    }
    for decimals in 0..=decimals.min(2) {
        let last = 10_i128.pow(decimals.max(1));
        for (each, count) in (1..last).flat_map(|each| (1..=PARTS).map(move |count| (each, count))) {
            if put(search, [(pieces, count, 0), (price, each, decimals), (product, each * count, decimals)])? {
                return Ok(());
            }
        }
    }
    Ok(())
}

/// Puts numbers in three places, each as a multiple of its last decimal.
fn put<E>(search: &mut Search<'_, E>, numbers: [(&NodePath, i128, u32); 3]) -> Result<bool, E> {
    let candidate = numbers.into_iter().fold(search.best.clone(), |value, (path, scaled, decimals)| {
        with(&value, path, |node| *node = number(scaled, decimals))
    });
    search.attempt(candidate)
}

/// How many decimals two numbers have whose sum is the third; none if it is not.
fn decimals_of_sum<E>(search: &Search<'_, E>, paths: [&NodePath; 3]) -> Option<u32> {
    let all = paths.map(|path| decimal_at(&search.best, path));
    let decimals = all.iter().flatten().map(Decimal::decimals).max()?;
    let [one, other, sum] = all.map(|decimal| decimal?.scaled_to(decimals));
    (one?.checked_add(other?)? == sum?).then_some(decimals)
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use rstest::rstest;
    use serde_json::{Value, json};

    use crate::{Answer, shrink};

    #[rstest]
    #[case(json!({"lines": [128.08, 285], "total": 413.08}))]
    #[case(json!({"lines": [689.39, 999], "total": 1688.39}))]
    #[case(json!({"lines": [0.1, 64.1], "total": 64.2}))]
    fn numbers_and_their_sum_become_the_least_together(#[case] start: Value) {
        // What is a sum as it is written, and none as floats add up.
        let float = |value: &Value| value.as_f64().unwrap_or_default();
        let holds = |value: &Value| {
            let (lines, total) = (value["lines"].as_array(), float(&value["total"]));
            let cents = |value: f64| (value * 100.0).round();
            let lines: Vec<f64> = lines.into_iter().flatten().map(float).collect();
            let is_sum = lines.iter().copied().map(cents).sum::<f64>() == cents(total);
            is_sum && lines.iter().all(|line| *line >= 0.01) && lines.iter().sum::<f64>() != total
        };
        assert!(holds(&start), "{start}");
        let mut ask = |value: &Value| Ok::<_, Infallible>(if holds(value) { Answer::Holds } else { Answer::HoldsNot });
        let minimal = shrink(start, 3000, &mut ask).unwrap();
        assert_eq!(minimal.value, json!({"lines": [0.1, 0.2], "total": 0.3}));
    }

    #[rstest]
    #[case(json!({"qty": 7, "price": 412.51, "amount": 2887.57}))]
    #[case(json!({"amount": 1112.4, "price": 55.62, "qty": 20}))]
    fn numbers_and_their_product_become_the_least_together(#[case] start: Value) {
        // What is a product as it is written, and none as floats multiply.
        let float = |value: &Value, name: &str| value[name].as_f64().unwrap_or_default();
        let holds = |value: &Value| {
            let [qty, price, amount] = ["qty", "price", "amount"].map(|name| float(value, name));
            let cents = |value: f64| (value * 100.0).round();
            value["qty"].is_u64() && qty * cents(price) == cents(amount) && qty * price != amount && price >= 0.01
        };
        assert!(holds(&start), "{start}");
        let mut ask = |value: &Value| Ok::<_, Infallible>(if holds(value) { Answer::Holds } else { Answer::HoldsNot });
        let minimal = shrink(start, 3000, &mut ask).unwrap();
        let numbers = ["qty", "price", "amount"].map(|name| minimal.value[name].clone());
        assert_eq!(numbers, [json!(3), json!(0.1), json!(0.3)]);
    }
}
