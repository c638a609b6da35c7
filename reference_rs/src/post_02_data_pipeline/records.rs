//! The records that an extract hands to its transform and the figures made of them: how they are read, grouped and divided.

use crate::field::Field;
use crate::number::{Number, sum};
use crate::spec::Step;
use parity_json::MAX_SAFE_INTEGER;
use parity_model::Failure;

/// The records in the result of `extract`, every one an object. All are opened before a value of the first is read.
pub(super) fn extracted_records<'a>(step: &Step<'a>, extract: &str, subject: &str) -> Result<Vec<Field<'a>>, Failure> {
    let extracted = step.get_dependency_result(extract).object_if_truthy()?;
    if !extracted.is_truthy() {
        let message = format!("{subject} extraction results are missing");
        return Err(Failure::permanent("MISSING_EXTRACT_RESULTS", message));
    }
    let records = extracted.get("records").elements()?;
    match records.iter().find(|record| !record.value().is_object()) {
        Some(odd) => Err(odd.invalid("an object")),
        None => Ok(records),
    }
}

/// A number; missing, null and false count as 0.
pub(super) fn number_or_zero(field: &Field<'_>) -> Result<Number, Failure> {
    if field.is_truthy() { field.number() } else { Ok(Number::Integer(0)) }
}

/// The groups of records with the same key, in the order in which the keys first occur.
pub(super) fn group_by<R>(records: &[R], key: impl Fn(&R) -> &str) -> Vec<(&str, Vec<&R>)> {
    let mut groups: Vec<(&str, Vec<&R>)> = Vec::new();
    for record in records {
        match groups.iter_mut().find(|(name, _)| *name == key(record)) {
            Some((_, members)) => members.push(record),
            None => groups.push((key(record), vec![record])),
        }
    }
    groups
}

/// Every text once, in the order in which they first occur.
pub(super) fn distinct<'t>(texts: impl Iterator<Item = &'t str>) -> Vec<&'t str> {
    let mut distinct = Vec::new();
    for text in texts {
        if !distinct.contains(&text) {
            distinct.push(text);
        }
    }
    distinct
}

/// The sum of one number of every record.
pub(super) fn total<'r, R: 'r>(records: impl IntoIterator<Item = &'r R>, number: impl Fn(&R) -> Number) -> Number {
    sum(&records.into_iter().map(number).collect::<Vec<_>>())
}

/// The mean of `count` numbers that sum up to `total`; of no numbers it is 0.
#[expect(clippy::cast_precision_loss, reason = "no list has so many elements")]
pub(super) fn average(total: Number, count: usize) -> f64 {
    if count == 0 { 0.0 } else { total.as_f64() / count as f64 }
}

/// `total` divided by a number that is not 0. A divisor so small that the quotient leaves the safe numbers is invalid.
#[expect(clippy::cast_precision_loss, reason = "the largest safe integer is a double")]
pub(super) fn quotient(total: Number, divisor: &Field<'_>) -> Result<f64, Failure> {
    let quotient = total.as_f64() / divisor.number()?.as_f64();
    if quotient.abs() <= MAX_SAFE_INTEGER as f64 { Ok(quotient) } else { Err(divisor.invalid("a larger number")) }
}
