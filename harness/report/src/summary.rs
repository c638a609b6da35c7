//! One line a divergence of a single handler, the worst of each handler first.

use parity_model::HandlerId;

use super::document::{Report, ReportedDivergence};
use super::escape::printable;
use super::table::table;
use parity_campaign::Divergence;
use parity_model::document_of;

/// As much of a minimal input as fits beside the rest.
const MOST: usize = 120;

/// The table, and an empty line behind it; nothing if there is no such divergence.
pub(super) fn summary(report: &Report) -> String {
    let mut divergences: Vec<&Divergence> = report
        .divergences
        .iter()
        .filter_map(|found| match found {
            ReportedDivergence::Step { divergence, .. } => Some(divergence.as_ref()),
            ReportedDivergence::Run { .. } => None,
        })
        .collect();
    if divergences.is_empty() {
        return String::new();
    }
    let mut handlers: Vec<&HandlerId> = Vec::new();
    for divergence in &divergences {
        if !handlers.contains(&&divergence.signature.handler) {
            handlers.push(&divergence.signature.handler);
        }
    }
    let place = |handler: &HandlerId| handlers.iter().position(|known| *known == handler);
    divergences.sort_by_key(|divergence| (place(&divergence.signature.handler), divergence.grade));
    let head = ["handler", "grade", "what differs", "odd one out", "minimal input"];
    let mut rows = vec![head.map(str::to_owned).to_vec()];
    rows.extend(divergences.into_iter().map(|divergence| {
        let signature = &divergence.signature;
        let what = format!("{} {}", signature.class, signature.path);
        vec![
            signature.handler.to_string(),
            divergence.grade.to_string(),
            printable(what.trim_end()),
            odd(divergence),
            shortened(&printable(&document_of(&divergence.input).to_string())),
        ]
    }));
    table(&rows, rows[0].len()) + "\n"
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
