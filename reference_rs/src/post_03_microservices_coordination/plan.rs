//! The plan of a user, as every service reads it.

use serde_json::Value;

use crate::field::Field;
use parity_model::Failure;

/// The plan of whoever has none.
pub(super) const FREE: &str = "free";

/// The plan of a user, whatever it is called; nothing and false are the free one.
pub(super) fn plan_of(user: &Field<'_>) -> Result<Value, Failure> {
    let plan = user.get("plan");
    if plan.is_truthy() { plan.hand_on().cloned() } else { Ok(FREE.into()) }
}

/// The account that `create_user_account` made.
pub(super) fn user_account(account: Field<'_>) -> Result<Field<'_>, Failure> {
    let account = account.object_if_truthy()?;
    if account.is_truthy() {
        Ok(account)
    } else {
        Err(Failure::permanent("MISSING_USER_DATA", "user data from create_user_account are missing"))
    }
}
