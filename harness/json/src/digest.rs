//! Digests of documents.

use std::fmt::Write as _;

use serde::Serialize;
use sha2::{Digest as _, Sha256};

use crate::canonical::compact_text;

/// How many hexadecimal digits of a digest tell documents of one name apart.
const ID_DIGITS: usize = 12;

/// The digest of a document's canonical compact text, `sha256:` and 64 hexadecimal digits.
#[must_use]
pub fn digest_of(document: &impl Serialize) -> String {
    format!("sha256:{}", hex_digest(&compact_text(document)))
}

/// An identity of a document: a name, and the first digits of its digest.
#[must_use]
pub fn named_id(name: &str, document: &impl Serialize) -> String {
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
}
