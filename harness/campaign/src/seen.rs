//! What outcomes show beside whether they agree: fields that nobody has, errors that a worker takes for others, fields that could only
//! be compared by their form, and which handlers a workflow has called.

use std::collections::{BTreeMap, BTreeSet};

use parity_judge::Criteria;
use parity_model::{HandlerId, Observation};
use parity_suite::template::TemplateId;
use serde::{Deserialize, Serialize};

use crate::effort::Effort;
use crate::raised::{Raised, unite};
use crate::unmet::Unmet;

/// What the outcomes of some cases have shown. The default is that of no cases at all.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Seen {
    /// The fields that somebody named and that no outcome had; nothing where there was no outcome.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unmet: Option<Unmet>,
    /// The handlers that raised what their worker does not take for permanent.
    #[serde(skip_serializing_if = "Raised::is_empty")]
    pub raised: Raised,
    /// Fields of handlers' outcomes that are random where they are expected, so that only their form was compared: JSON Pointers with
    /// `*` for indices.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub by_form: BTreeMap<HandlerId, BTreeSet<String>>,
    /// The handlers that runs of workflows have called.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub called: BTreeMap<TemplateId, BTreeSet<HandlerId>>,
    /// What was drawn of handlers, and what that took.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub efforts: BTreeMap<HandlerId, Effort>,
}

impl Seen {
    /// Looks at how a call ended on `engine`.
    pub(crate) fn outcome(&mut self, criteria: &Criteria, engine: &str, handler: &HandlerId, end: &Observation) {
        self.unmet.get_or_insert_with(|| Unmet::new(criteria)).see(end);
        self.raised.see(criteria, engine, handler, end);
    }

    /// Notes which fields of a handler's outcome were compared by their form alone.
    pub(crate) fn by_form(&mut self, handler: &HandlerId, fields: &[String]) {
        if !fields.is_empty() {
            self.by_form.entry(handler.clone()).or_default().extend(fields.iter().cloned());
        }
    }

    /// Notes that a run of a workflow has called a handler.
    pub(crate) fn called(&mut self, workflow: &TemplateId, handler: &HandlerId) {
        self.called.entry(workflow.clone()).or_default().insert(handler.clone());
    }

    /// Takes what was seen elsewhere, too.
    pub fn add(&mut self, other: Self) {
        self.unmet = match (self.unmet.take(), other.unmet) {
            (Some(one), Some(other)) => Some(one.and(&other)),
            (one, other) => one.or(other),
        };
        self.raised.add(other.raised);
        unite(&mut self.by_form, other.by_form);
        unite(&mut self.called, other.called);
        for (handler, effort) in other.efforts {
            self.efforts.entry(handler).or_default().add(effort);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_was_seen_in_several_places_is_one() {
        let seen = |unmet: &[&str], field: &str, handler: &str| -> Seen {
            let called = json!({"shop/flow": [handler]});
            let by_form = json!({"shop/pay": [field]});
            serde_json::from_value(json!({"unmet": unmet, "by_form": by_form, "called": called})).unwrap()
        };
        let mut all = Seen::default();
        all.add(seen(&["/result/a", "/result/b"], "/result/id", "shop/pay"));
        all.add(seen(&["/result/b", "/result/c"], "/result/at", "shop/send"));
        all.add(Seen::default());
        let expected = json!({"unmet": ["/result/b"], "by_form": {"shop/pay": ["/result/at", "/result/id"]},
                              "called": {"shop/flow": ["shop/pay", "shop/send"]}});
        assert_eq!(json!(all), expected);
    }
}
