//! The driver's ends as observations.

use parity_engine::failure::{Given, failed};
use parity_model::{FailureKind, Observation, Outcome, Unplanned};
use pyo3::prelude::*;
use pyo3::types::PyTuple;
use serde_json::Value;

use super::reader::{NotJson, Unfolding};

/// Reads one of the driver's ends.
pub(super) fn read_end(end: &Bound<'_, PyTuple>, unfolding: &Unfolding) -> PyResult<Observation> {
    let kind: String = end.get_item(0)?.extract()?;
    let text = |index: usize| -> PyResult<String> { Ok(end.get_item(index)?.str()?.to_string_lossy().into_owned()) };
    let read = match kind.as_str() {
        "completed" => read_success(end, unfolding)?,
        "permanent" => read_failure(end, unfolding, FailureKind::Permanent)?,
        "retryable" => read_failure(end, unfolding, FailureKind::Retryable)?,
        "timed_out" => return Ok(Unplanned::TimedOut.into()),
        "exited" => return Ok(Unplanned::Exited.into()),
        "out_of_memory" => return Ok(Unplanned::OutOfMemory.into()),
        "stack_overflow" => return Ok(Unplanned::StackOverflow.into()),
        "unsupported" => return Ok(Unplanned::Unsupported { what: text(1)? }.into()),
        _ => return Ok(Unplanned::Crashed { class: text(1)?, message: text(2)?, trace: text(3)? }.into()),
    };
    Ok(read
        .unwrap_or_else(|not_json| Unplanned::Unserialisable { path: not_json.pointer(), what: not_json.what }.into()))
}

fn member(
    end: &Bound<'_, PyTuple>,
    unfolding: &Unfolding,
    index: usize,
    name: &str,
) -> PyResult<Result<Value, NotJson>> {
    Ok(unfolding.read(&end.get_item(index)?)?.map_err(|error| error.below(name)))
}

fn read_success(end: &Bound<'_, PyTuple>, unfolding: &Unfolding) -> PyResult<Result<Observation, NotJson>> {
    let member = |index, name| member(end, unfolding, index, name);
    let (result, metadata) = (member(1, "result")?, member(2, "metadata")?);
    Ok(result.and_then(|result| Ok(Outcome::Completed { result, metadata: metadata? }.into())))
}

fn read_failure(
    end: &Bound<'_, PyTuple>,
    unfolding: &Unfolding,
    kind: FailureKind,
) -> PyResult<Result<Observation, NotJson>> {
    let member = |index, name| member(end, unfolding, index, name);
    let (code, message) = (member(1, "code")?, member(2, "message")?);
    let (retry_after, context) = (member(3, "retry_after")?, member(4, "context")?);
    let (error_type, raised) = (member(5, "error_type")?, end.get_item(6)?.extract()?);
    Ok(code.and_then(|code| {
        let (message, retry_after, context, error_type) = (message?, retry_after?, context?, error_type?);
        Ok(failed(kind, Given { code, message, retry_after, context, error_type, raised }))
    }))
}
