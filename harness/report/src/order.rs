//! Which divergences are the same one, which of two of them is kept, and which are worse.

use parity_campaign::{Mode, Start, TaskStart};
use parity_judge::Grade;
use parity_model::document_of;
use parity_shrink::Size;
use serde::Serialize;

use super::document::ReportedDivergence;

/// The mode and the signature of a divergence, which make two divergences the same one, whoever found them.
pub(super) fn key_of(found: &ReportedDivergence) -> (Option<Mode>, String) {
    match found {
        ReportedDivergence::Step { divergence, mode, .. } => (*mode, divergence.signature.to_string()),
        ReportedDivergence::Run { divergence, mode, .. } => (Some(*mode), divergence.signature.to_string()),
    }
}

/// How much a divergence matters; of a whole run, the first step that differs decides.
pub(super) fn grade_of(found: &ReportedDivergence) -> Grade {
    match found {
        ReportedDivergence::Step { divergence, .. } => divergence.grade,
        ReportedDivergence::Run { divergence, .. } => Grade::of_class(&divergence.signature.class),
    }
}

/// Whether `one` is the divergence to keep of two of one signature.
pub(super) fn precedes(one: &ReportedDivergence, other: &ReportedDivergence) -> bool {
    Rank::of(one) < Rank::of(other)
}

/// What decides which of two divergences comes first, in the order of the members.
#[derive(PartialEq, PartialOrd)]
struct Rank {
    /// The signature under which a nondeterministic one was seen.
    seen_as: Option<String>,
    start: Option<StartRank>,
    /// The size of the minimal input.
    size: Size,
    /// Makes the order total.
    text: String,
}

/// The start of a divergence, as the campaign orders cases.
#[derive(PartialEq, PartialOrd)]
struct StartRank {
    is_malformed: bool,
    size: Size,
    case: u64,
    workflow: Option<String>,
}

impl Rank {
    fn of(found: &ReportedDivergence) -> Self {
        let text = json_text(found);
        match found {
            ReportedDivergence::Step { divergence, .. } => {
                let start = divergence.start.as_ref().map(|Start { case, workflow, well_formed, input }| StartRank {
                    is_malformed: !well_formed,
                    size: Size::of(&document_of(input)),
                    case: *case,
                    workflow: workflow.as_ref().map(ToString::to_string),
                });
                let seen_as = divergence.evidence.as_ref().map(|evidence| evidence.seen_as.to_string());
                Self { seen_as, start, size: Size::of(&document_of(&divergence.input)), text }
            }
            ReportedDivergence::Run { divergence, .. } => {
                let document = |context| serde_json::json!({"context": context});
                let start = divergence.start.as_ref().map(|TaskStart { case, well_formed, task }| StartRank {
                    is_malformed: !well_formed,
                    size: Size::of(&document(&task.context)),
                    case: *case,
                    workflow: Some(task.workflow.to_string()),
                });
                Self { seen_as: None, start, size: Size::of(&document(&divergence.input.context)), text }
            }
        }
    }
}

/// The JSON text of a part of a report: equal parts have equal texts.
pub(super) fn json_text(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}
