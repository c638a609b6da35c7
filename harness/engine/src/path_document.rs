//! Paths in documents: as text, or as bytes where a path is no text.

use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum PathDocument {
    Text(String),
    Bytes(Vec<u8>),
}

impl From<&Path> for PathDocument {
    fn from(path: &Path) -> Self {
        match path.as_os_str().to_owned().into_string() {
            Ok(text) => Self::Text(text),
            Err(path) => Self::Bytes(path.into_vec()),
        }
    }
}

impl From<PathDocument> for PathBuf {
    fn from(document: PathDocument) -> Self {
        match document {
            PathDocument::Text(text) => text.into(),
            PathDocument::Bytes(bytes) => OsString::from_vec(bytes).into(),
        }
    }
}

pub(super) fn serialize<S: Serializer>(path: &Path, serializer: S) -> Result<S::Ok, S::Error> {
    PathDocument::from(path).serialize(serializer)
}

pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<PathBuf, D::Error> {
    PathDocument::deserialize(deserializer).map(PathBuf::from)
}

/// A path that may be absent.
pub(super) mod optional {
    use super::{Deserialize, Deserializer, Path, PathBuf, PathDocument, Serialize, Serializer};

    #[expect(clippy::ref_option, reason = "serde hands it over like that")]
    pub(crate) fn serialize<S: Serializer>(path: &Option<PathBuf>, serializer: S) -> Result<S::Ok, S::Error> {
        path.as_deref().map(<PathDocument as From<&Path>>::from).serialize(serializer)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<PathBuf>, D::Error> {
        Ok(Option::<PathDocument>::deserialize(deserializer)?.map(PathBuf::from))
    }
}
