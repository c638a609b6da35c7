//! Finding a handler by its identity.

use crate::HANDLERS;
use crate::spec::HandlerSpec;
use parity_model::HandlerId;

/// The handler with this identity.
#[must_use]
pub fn find(id: &HandlerId) -> Option<&'static HandlerSpec> {
    HANDLERS.iter().find(|spec| spec.id == id.as_str())
}
