//! One line a divergence, the worst cause first.

use super::document::{Report, ReportedDivergence};
use super::escape::printable;
use super::order::grade_of;
use super::table::table_within;
use super::view::View;
use parity_campaign::Divergence;
use parity_model::document_of;

/// As much of a minimal input as fits beside the rest.
const MOST: usize = 120;

/// The table, and an empty line behind it; nothing if there is no divergence.
pub(super) fn summary(report: &Report, view: View) -> String {
    if report.divergences.is_empty() {
        return String::new();
    }
    let head = ["no.", "handler", "grade", "what differs", "odd one out", "minimal input"];
    let mut rows = vec![head.map(str::to_owned).to_vec()];
    rows.extend(report.divergences.iter().enumerate().map(|(number, found)| {
        let (what, odd, input) = match found {
            ReportedDivergence::Step { divergence, .. } => {
                let what = format!("{} {}", divergence.signature.class, divergence.signature.path);
                (what, odd(divergence), document_of(&divergence.input).to_string())
            }
            ReportedDivergence::Run { divergence, .. } => {
                let signature = &divergence.signature;
                let what = format!("{} {} {}", signature.step, signature.class, signature.path);
                (what, signature.engine.clone(), serde_json::json!(divergence.input.context).to_string())
            }
        };
        vec![
            (number + 1).to_string(),
            printable(&found.name()),
            grade_of(found).to_string(),
            printable(what.trim_end()),
            odd,
            shortened(&printable(&input)),
        ]
    }));
    table_within(&rows, rows[0].len(), view.width) + "\n"
}

/// Who stands alone.
pub(super) fn odd(divergence: &Divergence) -> String {
    match divergence.odd.as_slice() {
        [] if divergence.sides.is_empty() => divergence.signature.engine.clone(),
        [] => "no two agree".to_owned(),
        odd => odd.join(", "),
    }
}

pub(super) fn shortened(text: &str) -> String {
    if text.chars().count() <= MOST {
        return text.to_owned();
    }
    text.chars().take(MOST - 1).chain(['…']).collect()
}
