//! Who a vector is, and which oracle made it.

use parity_json::named_id;
use parity_model::StepInput;

/// The digest of the sources of the oracle that is part of this binary: of `reference_rs/src`, whatever its line endings.
pub const ORACLE_DIGEST: &str = env!("PARITY_ORACLE_DIGEST");

/// The identity of the vector with this input: the step, and the first digits of the input's digest.
#[must_use]
pub fn id_of(input: &StepInput) -> String {
    named_id(input.handler.step(), input)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digest_of_the_oracle_is_a_digest() {
        let digits = ORACLE_DIGEST.strip_prefix("sha256:").unwrap();
        assert!(digits.len() == 64 && digits.bytes().all(|byte| byte.is_ascii_hexdigit()), "{ORACLE_DIGEST}");
    }
}
