//! Digests: of a file's vectors, of an input, and of the sources of the oracle.

use std::fmt::Write as _;

use reference_rs::StepInput;
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::canonical::compact_text;

/// The digest of the sources of the oracle that is part of this binary: of `reference_rs/src`, whatever its line endings.
pub const ORACLE_DIGEST: &str = env!("PARITY_ORACLE_DIGEST");

/// How many hexadecimal digits of a digest tell inputs of one handler apart.
const ID_DIGITS: usize = 12;

/// The digest of a document's canonical compact text, `sha256:` and 64 hexadecimal digits.
#[must_use]
pub fn digest_of(document: &impl Serialize) -> String {
    format!("sha256:{}", hex_digest(&compact_text(document)))
}

/// The identity of the vector with this input: the step, and the first digits of the input's digest.
#[must_use]
pub fn id_of(input: &StepInput) -> String {
    named_id(input.handler.step(), input)
}

/// The same for any document under a name.
pub(super) fn named_id(name: &str, document: &impl Serialize) -> String {
    format!("{name}-{}", &hex_digest(&compact_text(document))[..ID_DIGITS])
}

fn hex_digest(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_digest_is_that_of_the_canonical_text() {
        // printf '{"a":1,"b":2}' | sha256sum
        let expected = "sha256:43258cff783fe7036d8a43033f830adfc60ec037382473548ac742b888292777";
        assert_eq!(digest_of(&json!({"b": 2, "a": 1})), expected);
        assert_ne!(digest_of(&json!({"b": 2, "a": 1.0})), expected);
    }

    #[test]
    fn the_digest_of_the_oracle_is_a_digest() {
        let digits = ORACLE_DIGEST.strip_prefix("sha256:").unwrap();
        assert!(digits.len() == 64 && digits.bytes().all(|byte| byte.is_ascii_hexdigit()), "{ORACLE_DIGEST}");
    }
}
