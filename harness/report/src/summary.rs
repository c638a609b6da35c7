//! One line a divergence, the worst cause first.

use super::document::{Report, ReportedDivergence};
use super::escape::printable;
use super::order::grade_of;
use super::table::{shortened, table_within};
use super::view::View;
use parity_campaign::Divergence;
use parity_model::document_of;

/// The table, and an empty line behind it; nothing if there is no divergence.
pub(super) fn summary(report: &Report, view: View) -> String {
    if report.divergences.is_empty() {
        return String::new();
    }
    let head = ["no.", "handler", "grade", "what differs", "odd one out", "minimal input"];
    let mut rows = vec![head.map(str::to_owned).to_vec()];
    rows.extend(report.divergences.iter().enumerate().map(|(index, found)| {
        let input = match found {
            ReportedDivergence::Step { divergence, .. } => document_of(&divergence.input),
            ReportedDivergence::Run { divergence, .. } => serde_json::json!(divergence.input.context),
        };
        vec![
            (index + 1).to_string(),
            printable(&found.name()),
            grade_of(found).to_string(),
            printable(&what(found)),
            odd_of(found),
            shortened(&printable(&input.to_string())),
        ]
    }));
    table_within(&rows, rows[0].len(), view.width) + "\n"
}

/// What differs, in a few words.
pub(super) fn what(found: &ReportedDivergence) -> String {
    let what = match found {
        ReportedDivergence::Step { divergence, .. } => {
            format!("{} {}", divergence.signature.class, divergence.signature.path)
        }
        ReportedDivergence::Run { divergence, .. } => {
            let signature = &divergence.signature;
            format!("step {}: {} {}", signature.step, signature.class, signature.path)
        }
    };
    what.trim_end().to_owned()
}

/// Who stands alone, also in a whole run.
pub(super) fn odd_of(found: &ReportedDivergence) -> String {
    match found {
        ReportedDivergence::Step { divergence, .. } => odd(divergence),
        ReportedDivergence::Run { divergence, .. } => divergence.signature.engine.clone(),
    }
}

/// Who stands alone.
pub(super) fn odd(divergence: &Divergence) -> String {
    match divergence.odd.as_slice() {
        [] if divergence.sides.is_empty() => divergence.signature.engine.clone(),
        [] => "no two agree".to_owned(),
        odd => odd.join(", "),
    }
}
