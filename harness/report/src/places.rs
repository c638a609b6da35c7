//! Where to look for what is wrong: the engines that may be wrong, and the files of their handlers.

use super::document::{Place, Report, ReportedDivergence};
use parity_campaign::{Divergence, WorkflowDivergence};
use parity_model::HandlerId;

impl Report {
    /// Where an engine has a handler.
    pub(super) fn place(&self, handler: &str, engine: &str) -> Option<&Place> {
        self.places.iter().find(|place| place.handler.as_str() == handler && place.engine == engine)
    }

    /// Where the handler is that seems to be wrong.
    pub(super) fn place_of(&self, found: &ReportedDivergence) -> Option<&Place> {
        let handler = handler_of(found)?;
        let suspects = self.suspects(found).into_iter();
        let mut engines = suspects.chain([engine_of(found)]);
        engines.find_map(|engine| self.place(handler.as_str(), engine))
    }

    /// Where the handlers are that may be wrong.
    pub(super) fn places_of(&self, found: &ReportedDivergence) -> Vec<&Place> {
        let Some(handler) = handler_of(found) else { return Vec::new() };
        self.suspects(found).into_iter().filter_map(|engine| self.place(handler.as_str(), engine)).collect()
    }

    /// The engines that may be wrong: those that stand alone, or else all that answered. Whole runs are not voted on: of these it is
    /// those that stand alone where a call of the same step differs in the same place.
    fn suspects<'a>(&'a self, found: &'a ReportedDivergence) -> Vec<&'a str> {
        match found {
            ReportedDivergence::Step { divergence, .. } => suspects_of(divergence),
            ReportedDivergence::Run { divergence, .. } => {
                self.call_of(divergence).map_or_else(|| vec![divergence.signature.engine.as_str()], suspects_of)
            }
        }
    }

    /// The divergence of a single call that a whole run shows, too.
    fn call_of(&self, run: &WorkflowDivergence) -> Option<&Divergence> {
        let handler = handler_of_run(run)?;
        self.divergences.iter().find_map(|found| match found {
            ReportedDivergence::Step { divergence, .. } => {
                let call = &divergence.signature;
                let is_like = call.handler == *handler
                    && call.engine == run.signature.engine
                    && call.class == run.signature.class
                    && call.path == run.signature.path;
                is_like.then_some(divergence.as_ref())
            }
            ReportedDivergence::Run { .. } => None,
        })
    }
}

fn suspects_of(divergence: &Divergence) -> Vec<&str> {
    if !divergence.odd.is_empty() {
        divergence.odd.iter().map(String::as_str).collect()
    } else if divergence.sides.is_empty() {
        vec![divergence.signature.engine.as_str()]
    } else {
        divergence.sides.iter().map(|side| side.engine.as_str()).collect()
    }
}

/// The handler that differs; of a whole run, that of the first step which does.
pub(super) fn handler_of(found: &ReportedDivergence) -> Option<&HandlerId> {
    match found {
        ReportedDivergence::Step { divergence, .. } => Some(&divergence.signature.handler),
        ReportedDivergence::Run { divergence, .. } => handler_of_run(divergence),
    }
}

fn handler_of_run(run: &WorkflowDivergence) -> Option<&HandlerId> {
    let step = run.expected.step_of(&run.signature.workflow, &run.signature.step)?;
    Some(&step.handler)
}

fn engine_of(found: &ReportedDivergence) -> &str {
    match found {
        ReportedDivergence::Step { divergence, .. } => &divergence.signature.engine,
        ReportedDivergence::Run { divergence, .. } => &divergence.signature.engine,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use similar_asserts::assert_eq;

    use super::*;
    use crate::samples::report;
    use crate::{View, render};

    /// The report of a run that differs in the first step, and in a call of it in which another engine stands alone.
    fn with_run() -> Report {
        let mut document: Value = serde_json::to_value(report(1, "dear")).unwrap();
        let outcome = &document["divergences"][0]["expected"];
        let attempts = json!([{"attempt": 1, "at_ms": 0, "outcome": outcome}]);
        let step = json!({"step": "quote", "handler": "shop/quote_0", "state": "completed", "attempts": attempts});
        let workflow = "shop/order";
        let trace = json!({"workflow": workflow, "state": "completed", "steps": [step]});
        let run = json!({
            "signature": {"workflow": workflow, "step": "quote", "engine": "python", "class": "value", "path": "/result/price"},
            "input": {"workflow": "shop/order", "context": {}}, "expected": trace, "actual": trace, "evaluations": 1,
            "mode": "end-to-end", "reproduce": ""});
        document["divergences"].as_array_mut().unwrap().push(run);
        document["places"]
            .as_array_mut()
            .unwrap()
            .push(json!({"handler": "shop/quote_0", "engine": "typescript", "file": "ts/quote.ts", "line": 5}));
        serde_json::from_value(document).unwrap()
    }

    fn text(report: &Report) -> String {
        render(report, View { all: true, ..View::default() })
    }

    fn shown(report: &Report) -> Vec<String> {
        report
            .divergences
            .iter()
            .map(|found| report.place_of(found).map(ToString::to_string).unwrap_or_default())
            .collect()
    }

    #[test]
    fn a_run_is_shown_at_the_handler_of_its_step() {
        let report = with_run();
        assert_eq!(shown(&report), ["py/quote_0.py:3", "py/quote_0.py:3"]);
        assert!(report.annotations().matches("file=py/quote_0.py,line=3").count() > 1, "{}", report.annotations());
        let locations = report.to_sarif()["runs"][0]["results"][1]["locations"].clone();
        assert_eq!(locations[0]["physicalLocation"]["artifactLocation"]["uri"], json!("py/quote_0.py"));
        assert!(
            text(&report).contains("look at py/quote_0.py:3 (python), which runs step quote; "),
            "{}",
            text(&report)
        );
    }

    #[test]
    fn a_run_is_shown_where_a_call_of_its_step_says_who_is_wrong() {
        let mut report = with_run();
        if let ReportedDivergence::Step { divergence, .. } = &mut report.divergences[0] {
            divergence.odd = vec!["typescript".to_owned()];
        }
        assert_eq!(shown(&report), ["ts/quote.ts:5", "ts/quote.ts:5"]);
    }
}
