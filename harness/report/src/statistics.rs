//! What was drawn for each handler, where it came from, and how long that took.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::Duration;

use parity_campaign::Effort;
use parity_suite::Origin;

use super::counts::counted;
use super::document::Report;

impl Report {
    /// A paragraph for each handler; nothing of a report that was read from a file, which has no statistics.
    #[must_use]
    pub fn statistics(&self) -> String {
        let mut text = String::new();
        for (handler, effort) in &self.efforts {
            let Effort { cases, closely, origins, drawing, running, .. } = effort;
            let ends = self.ends().into_iter().find(|reached| reached.name == handler.as_str());
            let ends = ends.map_or_else(String::new, |reached| counted(&reached.counts));
            let origins: BTreeMap<String, u64> =
                origins.iter().map(|(origin, count)| (name(*origin).to_owned(), *count)).collect();
            let from = if origins.is_empty() { "the schema or generator alone".to_owned() } else { counted(&origins) };
            let [drawing, running] = [drawing, running].map(Duration::as_secs_f64);
            let _ = writeln!(
                text,
                "statistics of {handler}\n  cases: {cases}; of the first {closely} inputs {} are different\n  ends: {ends}\n  \
                 cases with values from: {from}\n  seconds: {drawing:.2} drawing, {running:.2} in handlers and comparing",
                effort.distinct(),
            );
        }
        text
    }
}

fn name(origin: Origin) -> &'static str {
    match origin {
        Origin::Literals => "code and examples",
        Origin::Relations => "relations",
        Origin::Earlier => "inputs that led further",
        Origin::Recorded => "recorded inputs",
        Origin::BadInput => "bad input",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    #[test]
    fn a_handler_has_its_cases_their_ends_their_origins_and_the_time_that_they_took() {
        let mut report = crate::samples::report(0, "dear");
        assert_eq!(report.statistics(), "");
        let row = json!({"handler": "shop/pay", "engine": "python", "cases": 300, "agreed": 300, "known": 0, "divergences": 0,
            "ends": {"completed": 290, "BAD": 10}});
        report.handlers = Some(vec![serde_json::from_value(row).unwrap()]);
        let effort = json!({"cases": 300, "closely": 200, "inputs": [1, 2, 3], "origins": {"literals": 90, "relations": 120},
            "drawing": {"secs": 1, "nanos": 500_000_000}, "running": {"secs": 2, "nanos": 0}});
        report.efforts.insert("shop/pay".parse().unwrap(), serde_json::from_value(effort).unwrap());
        let expected = "statistics of shop/pay
  cases: 300; of the first 200 inputs 3 are different
  ends: completed 290, BAD 10
  cases with values from: relations 120, code and examples 90
  seconds: 1.50 drawing, 2.00 in handlers and comparing
";
        assert_eq!(report.statistics(), expected);
    }
}
