//! What handlers may do beside what every handler may, because somebody asked for it: `--allow`.

use std::collections::BTreeSet;
use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use parity_confine::{Doors, Readable};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use thiserror::Error;

use super::path_document;
use super::program::places;

/// A door that is opened to handlers.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Door {
    /// A file, or a directory with all that is in it, which may be read.
    File {
        /// Where it is, absolute.
        #[serde(with = "path_document")]
        path: PathBuf,
    },
    /// Sockets, and looking up names.
    Network,
    /// New processes, which may do what handlers may.
    Process,
}

/// What doors are called.
const NAMES: [&str; 3] = ["file:PATH", "network", "process"];

/// What stands before the path of a file.
pub const FILE: &str = "file:";

/// Names at most so many letters apart are taken for one another.
const NEAR: usize = 3;

/// A text that names no door.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum DoorError {
    /// Nobody knows it.
    #[error("there is no door {name:?}{}; the doors are {}", meant(.similar.as_deref()), NAMES.join(", "))]
    Unknown {
        /// What was given.
        name: String,
        /// What may be meant.
        similar: Option<String>,
    },
    /// There is nothing at a path.
    #[error("there is nothing at {}{}", path.display(), meant(.similar.as_deref()))]
    Missing {
        /// The path.
        path: PathBuf,
        /// What may be meant.
        similar: Option<String>,
    },
}

fn meant(similar: Option<&str>) -> String {
    similar.map(|similar| format!(" (did you mean {similar}?)")).unwrap_or_default()
}

/// The name that is nearest to one that is not there, if one is near.
fn similar(name: &str, known: impl Iterator<Item = String>) -> Option<String> {
    let apart = |known: String| (strsim::damerau_levenshtein(name, &known), known);
    known.map(apart).filter(|(apart, _)| *apart <= NEAR).min().map(|(_, known)| known)
}

impl FromStr for Door {
    type Err = DoorError;

    /// A door as `--allow` names it. A file has to be there.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "network" => Ok(Self::Network),
            "process" => Ok(Self::Process),
            _ => {
                let path = text.strip_prefix(FILE).filter(|path| !path.is_empty());
                let known = || NAMES.map(str::to_owned).into_iter();
                let unknown = || DoorError::Unknown { name: text.to_owned(), similar: similar(text, known()) };
                Self::file(Path::new(path.ok_or_else(unknown)?))
            }
        }
    }
}

impl Door {
    fn file(path: &Path) -> Result<Self, DoorError> {
        match std::path::absolute(path) {
            Ok(there) if there.exists() => Ok(Self::File { path: there }),
            _ => {
                let dir = path.parent().filter(|dir| !dir.as_os_str().is_empty()).unwrap_or(Path::new("."));
                let entries = dir.read_dir().into_iter().flatten().filter_map(Result::ok);
                let names = entries.map(|entry| entry.file_name().to_string_lossy().into_owned());
                let name = path.file_name().unwrap_or_default().to_string_lossy();
                let similar = similar(&name, names).map(|name| path.with_file_name(name).display().to_string());
                Err(DoorError::Missing { path: path.to_owned(), similar })
            }
        }
    }
}

impl fmt::Display for Door {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File { path } => write!(f, "{FILE}{}", path.display()),
            Self::Network => f.write_str("network"),
            Self::Process => f.write_str("process"),
        }
    }
}

/// The doors that are open; none, unless somebody asked for one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Allowed(BTreeSet<Door>);

impl FromIterator<Door> for Allowed {
    fn from_iter<T: IntoIterator<Item = Door>>(doors: T) -> Self {
        Self(doors.into_iter().collect())
    }
}

impl Allowed {
    /// Whether no door is open.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All doors that are open.
    pub fn doors(&self) -> impl Iterator<Item = &Door> {
        self.0.iter()
    }

    /// The files that may be read, each as it was named and as what it really is.
    #[must_use]
    pub fn files(&self) -> Vec<PathBuf> {
        let of_file = |door: &Door| match door {
            Door::File { path } => Some([Some(path.clone()), path.canonicalize().ok()]),
            Door::Network | Door::Process => None,
        };
        self.0.iter().filter_map(of_file).flatten().flatten().collect()
    }

    /// Whether there is a way to what a refusal is called.
    #[must_use]
    pub fn opens(&self, what: &str) -> bool {
        self.0.iter().any(|door| match door {
            Door::File { .. } => what == "file",
            Door::Network => what == "network",
            Door::Process => what == "process",
        })
    }

    /// What the operating system is told of it.
    #[must_use]
    pub fn open(&self) -> Doors {
        Doors { network: self.opens("network"), process: self.opens("process") }
    }

    /// What may be read with it, beside what may be read without.
    #[must_use]
    pub fn beside(&self, readable: Readable) -> Readable {
        let readable = self.files().iter().fold(readable, Readable::with);
        let readable = if self.opens("network") { readable.with_names() } else { readable };
        // A program is read before it is run.
        if self.opens("process") { places().iter().fold(readable, Readable::with) } else { readable }
    }

    /// What a worker's own guard is told: `{"files", "network", "process"}`.
    #[must_use]
    pub fn document(&self) -> Value {
        let files: Vec<_> = self.files().iter().map(|path| path.to_string_lossy().into_owned()).collect();
        json!({"files": files, "network": self.opens("network"), "process": self.opens("process")})
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(
        "netwrok",
        "there is no door \"netwrok\" (did you mean network?); the doors are file:PATH, network, process"
    )]
    #[case("files", "there is no door \"files\"; the doors are file:PATH, network, process")]
    #[case("file:", "there is no door \"file:\"")]
    #[case("file:Cargo.tmol", "there is nothing at Cargo.tmol (did you mean Cargo.toml?)")]
    #[case("file:/nowhere/at/all", "there is nothing at /nowhere/at/all")]
    fn what_is_no_door_is_told_with_what_may_be_meant(#[case] text: &str, #[case] message: &str) {
        let error = text.parse::<Door>().unwrap_err().to_string();
        assert!(error.starts_with(message), "{error}");
    }

    #[test]
    fn a_file_is_named_from_everywhere() {
        let here = std::env::current_dir().unwrap();
        let door: Door = "file:src".parse().unwrap();
        assert_eq!(door.to_string(), format!("file:{}", here.join("src").display()));
        assert_eq!(door.to_string().parse(), Ok(door));
    }

    #[test]
    fn a_door_opens_its_own_kind_alone() {
        let of = |texts: &[&str]| texts.iter().map(|text| text.parse::<Door>().unwrap()).collect::<Allowed>();
        let kinds = ["file", "network", "process", "native_code"];
        let opened = |allowed: Allowed| kinds.map(|kind| allowed.opens(kind));
        assert_eq!(opened(Allowed::default()), [false; 4]);
        assert_eq!(opened(of(&["file:src"])), [true, false, false, false]);
        assert_eq!(opened(of(&["process", "network", "network"])), [false, true, true, false]);
    }
}
