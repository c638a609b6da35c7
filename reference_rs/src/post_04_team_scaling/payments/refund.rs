//! What the steps behind the gateway start from.

use crate::field::Field;
use crate::spec::Step;
use parity_model::Failure;

/// The result of `process_gateway_refund`; refused unless it says that the refund was processed.
pub(super) fn processed_refund<'a>(step: &Step<'a>) -> Result<Field<'a>, Failure> {
    let refund = step.get_dependency_result("process_gateway_refund").object_or_nil()?;
    if refund.get("refund_processed").is_truthy() {
        Ok(refund)
    } else {
        Err(Failure::permanent("MISSING_REFUND", "the gateway refund must come first"))
    }
}
