//! What a worker's line means for the call that waits for it.

use parity_model::FailureKind;
use serde_json::{Map, Value};
use thiserror::Error;

use super::protocol::Reply;
use crate::failure::{Given, failed};
use parity_model::{Observation, Unplanned};

/// What a worker does that the protocol forbids. Nothing of it says anything about a handler.
#[derive(Debug, PartialEq, Eq, Error)]
pub(super) enum Violation {
    /// A line that is no reply.
    #[error("answers {excerpt:?}, which is no reply: {message}")]
    Nonsense {
        /// Its beginning.
        excerpt: String,
        /// What is wrong with it.
        message: String,
    },
    /// A line that is far too long.
    #[error("sends a line without end")]
    Flood,
    /// A reply whose outcome is none.
    #[error("answers with an outcome that is none, {excerpt:?}: {message}")]
    NoOutcome {
        /// Its beginning.
        excerpt: String,
        /// What is wrong with it.
        message: String,
    },
    /// A reply to a call that was answered before.
    #[error("answers call {id} once more while call {asked} waits")]
    Again {
        /// What it answers.
        id: u64,
        /// What it was asked.
        asked: u64,
    },
    /// A reply to a call that was not made.
    #[error("answers call {id}, which was not made yet, while call {asked} waits")]
    Ahead {
        /// What it answers.
        id: u64,
        /// What it was asked.
        asked: u64,
    },
    /// A greeting in the middle of the conversation.
    #[error("says hello again while call {asked} waits")]
    Greeting {
        /// What it was asked.
        asked: u64,
    },
}

/// The answer to a call.
#[derive(Debug, PartialEq)]
pub(super) enum Answer {
    /// What the handler did.
    Outcome(Observation),
    /// What the handler did, after which the worker cannot go on.
    Spoiled(Observation),
    /// Nothing, since an earlier call has left what cannot be undone.
    Again,
    /// The worker failed.
    Fault(String),
}

/// The answer that `line` is to the call `asked`.
pub(super) fn answer(line: &[u8], asked: u64) -> Result<Answer, Violation> {
    let reply: Reply<Value> = serde_json::from_slice(line)
        .map_err(|error| Violation::Nonsense { excerpt: excerpt(line), message: error.to_string() })?;
    let (id, answer) = match reply {
        Reply::Hello { .. } | Reply::Found { .. } | Reply::Refused { .. } => return Err(Violation::Greeting { asked }),
        Reply::Result { id, outcome } => (id, observation(outcome).map(Answer::Outcome)),
        Reply::Again { id } => (id, Ok(Answer::Again)),
        Reply::Fault { id, message } => (id, Ok(Answer::Fault(message))),
        Reply::Spoiled { id, what } => (id, Ok(Answer::Spoiled(Unplanned::LeftBehind { what }.into()))),
    };
    if id < asked {
        return Err(Violation::Again { id, asked });
    }
    if id > asked {
        return Err(Violation::Ahead { id, asked });
    }
    answer.map_err(|message| Violation::NoOutcome { excerpt: excerpt(line), message })
}

/// The beginning of a line, for a message.
pub(super) fn excerpt(line: &[u8]) -> String {
    String::from_utf8_lossy(&line[..line.len().min(200)]).into_owned()
}

/// What an outcome document stands for. The members of a failure are judged here, so that no worker needs to.
fn observation(outcome: Value) -> Result<Observation, String> {
    match outcome {
        Value::Object(mut members) if members.get("status").is_some_and(|status| status == "failed") => {
            let kind = match members.get("kind").and_then(Value::as_str) {
                Some("permanent") => FailureKind::Permanent,
                Some("retryable") => FailureKind::Retryable,
                _ => return Err("the kind of a failure is permanent or retryable".to_owned()),
            };
            let mut take = |name: &str| members.remove(name).unwrap_or_default();
            let (code, message, retry_after) = (take("code"), take("message"), take("retry_after"));
            let (error_type, raised) = (take("error_type"), take("raised"));
            let raised = match raised {
                Value::Null => false,
                Value::Bool(raised) => raised,
                _ => return Err("whether a failure was raised is true or false".to_owned()),
            };
            let context = members.remove("context").unwrap_or_else(|| Map::new().into());
            Ok(failed(kind, Given { code, message, retry_after, context, error_type, raised }))
        }
        outcome => serde_json::from_value(outcome).map_err(|error| error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use parity_model::{Failure, Outcome};
    use serde_json::json;

    use super::*;

    fn of(document: &Value) -> Result<Answer, Violation> {
        answer(document.to_string().as_bytes(), 7)
    }

    #[test]
    fn a_reply_counts_for_its_own_call_only() {
        let outcome = json!({"status": "completed", "result": 1, "metadata": {}});
        let reply = |id: u64| json!({"type": "result", "id": id, "outcome": outcome});
        let expected = Outcome::Completed { result: json!(1), metadata: json!({}) };
        assert_eq!(of(&reply(7)), Ok(Answer::Outcome(expected.into())));
        assert_eq!(of(&reply(6)), Err(Violation::Again { id: 6, asked: 7 }));
        assert_eq!(of(&reply(8)), Err(Violation::Ahead { id: 8, asked: 7 }));
    }

    #[test]
    fn the_members_of_a_failure_are_judged_by_the_harness() {
        let failure = json!({"status": "failed", "kind": "permanent", "code": 5, "message": "x"});
        let path_and_what = Unplanned::Unserialisable { path: "/code".into(), what: "a number, not a string".into() };
        let reply = of(&json!({"type": "result", "id": 7, "outcome": failure}));
        assert_eq!(reply, Ok(Answer::Outcome(path_and_what.into())));
    }

    #[test]
    fn a_worker_may_say_of_what_type_a_failure_is_and_which_way_it_left() {
        let read = |more: &Value| {
            let mut outcome = json!({"status": "failed", "kind": "permanent", "code": "A", "message": "m"});
            outcome.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            of(&json!({"type": "result", "id": 7, "outcome": outcome}))
        };
        let failure = |error_type: Option<&str>, raised| {
            let error_type = error_type.map(str::to_owned);
            Ok(Answer::Outcome(Outcome::Failed(Failure { error_type, raised, ..Failure::permanent("A", "m") }).into()))
        };
        assert_eq!(read(&json!({})), failure(None, false));
        assert_eq!(read(&json!({"error_type": null, "raised": false})), failure(None, false));
        assert_eq!(read(&json!({"error_type": "NotFound", "raised": true})), failure(Some("NotFound"), true));
        assert!(matches!(read(&json!({"raised": "yes"})), Err(Violation::NoOutcome { .. })));
    }

    #[test]
    fn what_is_no_reply_is_named() {
        let hello = json!({"type": "hello", "protocol": 1, "engine": "x", "handlers": []});
        assert_eq!(of(&hello), Err(Violation::Greeting { asked: 7 }));
        assert!(matches!(of(&json!("x")), Err(Violation::Nonsense { .. })));
        for outcome in [json!({"status": "fine"}), json!({"status": "failed", "kind": "odd"}), json!(null)] {
            let reply = of(&json!({"type": "result", "id": 7, "outcome": outcome}));
            assert!(matches!(reply, Err(Violation::NoOutcome { .. })), "{reply:?}");
        }
    }
}
