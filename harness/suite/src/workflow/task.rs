//! One run of a workflow as a document: which template, on which context, under which clock and randomness.

use jiff::{SignedDuration, Timestamp};
use parity_model::{Ambient, AmbientStreams, HandlerId};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::fnv1a::fnv1a;
use crate::template::TemplateId;

/// The input of a workflow.
///
/// JSON: `{"workflow": "ecommerce/ecommerce_order_processing", "context": {…}, "ambient": {…}}`; a member that is left out
/// is empty or has its default value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Task {
    /// The template.
    pub workflow: TemplateId,
    /// What every step reads as the task's input.
    #[serde(default)]
    pub context: Map<String, Value>,
    /// Clock and randomness at the start.
    #[serde(default)]
    pub ambient: Ambient,
}

/// What of a task is shrunk: `{"context"}`.
#[must_use]
pub fn document_of_task(task: &Task) -> Value {
    json!({"context": task.context})
}

/// `task` with the context from `document`; `None` if that is no object.
#[must_use]
pub fn with_task_document(task: &Task, document: &Value) -> Option<Task> {
    let context = document.as_object().filter(|parts| parts.len() == 1)?.get("context")?.as_object()?.clone();
    Some(Task { context, ..task.clone() })
}

/// The last time that a handler may be shown, see [`Ambient::now`]: 9998-12-31T23:59:59.999Z.
const LATEST: Timestamp = Timestamp::constant(253_370_764_799, 999_000_000);

impl Task {
    /// Clock and randomness of one attempt of one step, `at_ms` milliseconds after the start. Every attempt has randomness
    /// of its own, which depends on nothing that ran before or beside it.
    pub(super) fn ambient_of(&self, handler: &HandlerId, attempt: u32, at_ms: u64) -> Ambient {
        let seed = |attempt: u32| mix(self.ambient.entropy ^ fnv1a(handler.as_str()) ^ mix(attempt.into()));
        let of_step = Ambient { entropy: seed(0), ..Ambient::default() };
        let elapsed = SignedDuration::from_millis(i64::try_from(at_ms).unwrap_or(i64::MAX));
        Ambient {
            now: self.ambient.now.checked_add(elapsed).unwrap_or(LATEST).min(LATEST),
            zone: self.ambient.zone.clone(),
            entropy: seed(attempt),
            task_uuid: self.ambient.task_uuid.clone(),
            step_uuid: AmbientStreams::new(&of_step).uuid4(),
        }
    }
}

/// Spreads a number over all bits: the finaliser of `SplitMix64`.
fn mix(seed: u64) -> u64 {
    let z = (seed ^ (seed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn task() -> Task {
        let workflow = TemplateId { namespace: "a".to_owned(), name: "w".to_owned() };
        Task { workflow, context: Map::new(), ambient: Ambient { entropy: 7, ..Ambient::default() } }
    }

    #[test]
    fn every_attempt_of_every_step_draws_values_of_its_own() {
        let ambient = |step: &str, attempt| task().ambient_of(&step.parse().unwrap(), attempt, 0);
        let mut entropies =
            [("a/x", 1), ("a/x", 2), ("a/y", 1), ("b/x", 1)].map(|(step, attempt)| ambient(step, attempt).entropy);
        entropies.sort_unstable();
        assert!(entropies.windows(2).all(|pair| pair[0] != pair[1]), "{entropies:?}");
        assert_eq!(ambient("a/x", 1).step_uuid, ambient("a/x", 2).step_uuid);
        assert_ne!(ambient("a/x", 1).step_uuid, ambient("b/x", 1).step_uuid);
    }

    #[test]
    fn the_clock_moves_with_the_waits_and_stops_before_the_calendar_ends() {
        let now = |at_ms| task().ambient_of(&"a/x".parse().unwrap(), 1, at_ms).now.to_string();
        assert_eq!(now(0), "2026-01-15T09:30:00Z");
        assert_eq!(now(61_500), "2026-01-15T09:31:01.5Z");
        assert_eq!(now(u64::MAX), "9998-12-31T23:59:59.999Z");
    }

    #[test]
    fn a_task_reads_back_as_the_same_task() {
        let text = serde_json::to_string(&task()).unwrap();
        assert_eq!(serde_json::from_str::<Task>(&text).unwrap(), task());
        let short: Task = serde_json::from_str(r#"{"workflow": "a/w"}"#).unwrap();
        assert_eq!(short.ambient, Ambient::default());
        assert!(serde_json::from_str::<Task>(r#"{"workflow": "w"}"#).is_err());
    }
}
