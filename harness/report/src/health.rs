//! Whether the cases of a campaign are worth their time, and what would help where they are not.

use std::time::Duration;

use parity_campaign::{COMPLETED, Effort, Row};
use parity_model::HandlerId;

use super::document::Report;

/// Of fewer cases nothing is said.
const FEW: u64 = 100;

/// So many cases of a hundred that end in one failure are too many.
const MOST: u64 = 80;

/// Of so many inputs one that is new is too few.
const ALIKE: u64 = 5;

/// Who waits less does not mind.
const LONG: Duration = Duration::from_secs(10);

/// What helps to draw other inputs.
const HELP: &str = "`examples` in its input_schema, values for its paths in the template (`x-parity`) or beside it (`parity.yaml`), or recorded inputs (--inputs) would help";

impl Report {
    /// A line for each handler and reason.
    pub(super) fn health(&self) -> Vec<String> {
        let mut lines = Vec::new();
        let mut last: Option<&HandlerId> = None;
        for row in self.handlers.iter().flatten() {
            // The expected ends are the same on all engines.
            if last.replace(&row.handler) != Some(&row.handler) {
                lines.extend(of_ends(row));
            }
        }
        lines.extend(self.efforts.iter().filter_map(|(handler, effort)| of_inputs(handler, effort)));
        lines.extend(self.efforts.iter().filter_map(|(handler, effort)| of_time(handler, effort)));
        lines
    }
}

/// Whether most cases end in the same failure. That none completes is told by itself.
fn of_ends(row: &Row) -> Option<String> {
    let (end, count) = row.ends.iter().filter(|(end, _)| *end != COMPLETED).max_by_key(|(_, count)| **count)?;
    let share = count * 100 / row.cases.max(1);
    let is_bad = row.cases >= FEW && share >= MOST && !row.is_unexercised();
    is_bad.then(|| {
        format!(
            "{share} % of the cases of {} end in {end}, and little of what comes after is compared; {HELP}",
            row.handler
        )
    })
}

/// Whether the schema admits little.
fn of_inputs(handler: &HandlerId, effort: &Effort) -> Option<String> {
    let (closely, distinct) = (effort.closely, effort.distinct());
    (closely >= FEW && distinct * ALIKE <= closely).then(|| {
        format!(
            "the first {closely} cases of {handler} have {distinct} different inputs: its schema admits little, and fewer cases would \
             do (--cases)"
        )
    })
}

/// The handlers of the steps before it are run to draw a case: drawing may take a few times as long as what is drawn for.
const TIMES: u32 = 10;

/// Whether drawing takes much longer than what is drawn for.
fn of_time(handler: &HandlerId, Effort { drawing, running, .. }: &Effort) -> Option<String> {
    (*drawing >= LONG && *drawing > *running * TIMES).then(|| {
        let [drawing, running] = [drawing, running].map(Duration::as_secs_f64);
        format!("drawing the cases of {handler} took {drawing:.1} s, and running them {running:.1} s: what its schema, or a step before it, asks for is hardly met; {HELP}")
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use rstest::rstest;
    use serde_json::{Value, json};

    use super::*;

    fn report(ends: &[(&str, u64)]) -> Report {
        let mut report = crate::samples::report(0, "dear");
        let ends: BTreeMap<String, u64> = ends.iter().map(|(end, count)| ((*end).to_owned(), *count)).collect();
        let row = |engine: &str| {
            let cases: u64 = ends.values().sum();
            serde_json::from_value(
                json!({"handler": "shop/pay", "engine": engine, "cases": cases, "agreed": cases, "known": 0,
                "divergences": 0, "ends": ends}),
            )
        };
        report.handlers = ["python", "typescript"].map(|engine| row(engine).unwrap()).to_vec().into();
        report
    }

    #[rstest]
    #[case(&[("completed", 150), ("BAD_TIER", 850)], &["85 % of the cases of shop/pay end in BAD_TIER, "])]
    #[case(&[("completed", 250), ("BAD_TIER", 750)], &[])]
    #[case(&[("BAD_TIER", 1000)], &[])]
    #[case(&[("completed", 9), ("BAD_TIER", 90)], &[])]
    fn cases_that_end_in_one_failure_are_told_once(#[case] ends: &[(&str, u64)], #[case] expected: &[&str]) {
        let lines = report(ends).health();
        assert_eq!(lines.len(), expected.len(), "{lines:?}");
        assert!(lines.iter().zip(expected).all(|(line, expected)| line.starts_with(expected)), "{lines:?}");
    }

    #[rstest]
    #[case(json!({"closely": 200, "inputs": [1, 2]}), Some("the first 200 cases of shop/pay have 2 different inputs"))]
    #[case(json!({"closely": 99, "inputs": [1]}), None)]
    #[case(json!({"closely": 100, "inputs": (0..30).collect::<Vec<u64>>()}), None)]
    #[case(
        json!({"drawing": {"secs": 21, "nanos": 0}, "running": {"secs": 2, "nanos": 0}}),
        Some("drawing the cases of shop/pay took 21.0 s, and running them 2.0 s")
    )]
    #[case(json!({"drawing": {"secs": 9, "nanos": 0}}), None)]
    #[case(json!({"drawing": {"secs": 19, "nanos": 0}, "running": {"secs": 2, "nanos": 0}}), None)]
    fn inputs_that_are_alike_or_slow_to_draw_are_told(#[case] effort: Value, #[case] expected: Option<&str>) {
        let mut report = report(&[]);
        report.efforts.insert("shop/pay".parse().unwrap(), serde_json::from_value(effort).unwrap());
        let lines = report.health();
        assert_eq!(lines.len(), usize::from(expected.is_some()), "{lines:?}");
        assert!(expected.is_none_or(|expected| lines[0].starts_with(expected)), "{lines:?}");
    }
}
