//! The report for tools that show test runs: a test case a handler and engine, as `JUnit` writes them.

use std::time::Duration;

use quick_junit::{NonSuccessKind, TestCase, TestCaseStatus, TestSuite};

use super::cells::{Cell, State};
use super::document::Report;
use super::escape::printable;
use super::text::in_full;

/// What stands for the campaign as a whole.
const CAMPAIGN: &str = "campaign";

impl Report {
    /// The report as `JUnit` XML: a suite an engine, a test case a handler or workflow. What differs is a failure, what could not be
    /// compared is an error, and what of that is accepted is skipped; only what was compared passes.
    pub fn to_junit(&self) -> Result<String, quick_junit::SerializeError> {
        let mut junit = quick_junit::Report::new("parity");
        junit.set_time(Duration::try_from_secs_f64(self.seconds).unwrap_or_default());
        let mut suites: Vec<TestSuite> = Vec::new();
        for cell in self.cells() {
            let known = suites.iter().position(|suite| suite.name.as_str() == cell.engine);
            let place = known.unwrap_or_else(|| {
                suites.push(TestSuite::new(cell.engine.as_str()));
                suites.len() - 1
            });
            suites[place].add_test_case(self.test_case(&cell));
        }
        let obstacles = self.obstacles();
        if !obstacles.is_empty() {
            // The report of one shard alone is what was asked for.
            let is_asked_for = self.interrupted.is_none() && self.shards.len() == 1;
            let mut status = if is_asked_for { TestCaseStatus::skipped() } else { error() };
            status.set_message(printable(&obstacles.join("; ")));
            let mut suite = TestSuite::new(CAMPAIGN);
            suite.add_test_case(TestCase::new(CAMPAIGN, status));
            suites.push(suite);
        }
        junit.add_test_suites(suites);
        junit.to_string()
    }

    fn test_case(&self, cell: &Cell<'_>) -> TestCase {
        let mut status = match cell.state() {
            State::Agrees => TestCaseStatus::success(),
            State::Accepted => TestCaseStatus::skipped(),
            State::Differs => TestCaseStatus::non_success(NonSuccessKind::Failure),
            State::NotCompared => error(),
        };
        if cell.state() != State::Agrees {
            status.set_message(printable(&cell.line()));
        }
        let mut text: String = cell.divergences.iter().map(|(number, found)| in_full(self, *number, found)).collect();
        for signature in &cell.stale {
            text += &printable(&format!("stale: the known divergence {signature} no longer occurs\n"));
        }
        if !text.is_empty() {
            status.set_description(text);
        }
        let mut case = TestCase::new(cell.title(), status);
        case.set_classname(cell.engine.as_str());
        case.set_assertions(usize::try_from(cell.cases).unwrap_or(usize::MAX));
        if let Some(place) = self.place(&cell.name, &cell.engine) {
            case.extra.insert("file".into(), place.file.as_str().into());
            if let Some(line) = place.line {
                case.extra.insert("line".into(), line.to_string().into());
            }
        }
        case
    }
}

fn error() -> TestCaseStatus {
    TestCaseStatus::non_success(NonSuccessKind::Error)
}
