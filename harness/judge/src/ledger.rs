//! The ledger of known divergences: what is counted and not reported, for a while and for a reason.

use std::path::{Path, PathBuf};

use jiff::civil::Date;
use parity_model::StepInput;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use parity_json::yaml;
use parity_model::Signature;

/// Known divergences.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Ledger {
    entries: Vec<Entry>,
}

/// One known divergence.
///
/// YAML: `{signature, input, reason, owner, issue, expires: YYYY-MM-DD}`. A signature with a manner is known as it is; without one,
/// the manners that the input shows are.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Who differs, and how.
    pub signature: Signature,
    /// A step input that shows it. It tells whether the divergence still occurs, whatever is generated.
    pub input: StepInput,
    /// Why it is tolerated.
    pub reason: String,
    /// Who mends it.
    pub owner: String,
    /// Where it is discussed.
    pub issue: String,
    /// The last day on which it is tolerated.
    pub expires: Date,
    /// What the input was seen to show, if anybody looked: see [`Ledger::with_causes`].
    #[serde(skip)]
    causes: Option<Vec<Signature>>,
}

/// What people say of a known divergence; see [`Entry`].
#[derive(Clone, Debug, PartialEq)]
pub struct Why {
    /// Why it is tolerated.
    pub reason: String,
    /// Who mends it.
    pub owner: String,
    /// Where it is discussed.
    pub issue: String,
    /// The last day on which it is tolerated.
    pub expires: Date,
}

impl Entry {
    /// A divergence that is known from now on, with a step input that shows it.
    #[must_use]
    pub fn new(signature: Signature, input: StepInput, why: Why) -> Self {
        let Why { reason, owner, issue, expires } = why;
        Self { signature, input, reason, owner, issue, expires, causes: None }
    }

    /// Whether a divergence is this one. Where nobody looked what the input shows, an entry without a manner knows all of its place.
    fn knows(&self, signature: &Signature) -> bool {
        match &self.causes {
            Some(causes) => causes.contains(signature),
            None => {
                self.signature == *signature || self.signature.manner.is_empty() && self.signature == signature.family()
            }
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    divergences: Vec<Entry>,
}

/// A ledger that cannot be used.
#[derive(Debug, Error)]
pub enum LedgerError {
    /// The file cannot be read.
    #[error("{}: cannot be read: {source}", file.display())]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// It is no ledger.
    #[error("{}{}: {message}", file.display(), line.map(|line| format!(":{line}")).unwrap_or_default())]
    Malformed {
        /// The file.
        file: PathBuf,
        /// The line, from 1.
        line: Option<u32>,
        /// What is wrong.
        message: String,
    },
    /// Two entries are the same, one of them is empty where something must be said, or is too old.
    #[error("{}: {signature}: {problem}", file.display())]
    BadEntry {
        /// The file.
        file: PathBuf,
        /// The entry.
        signature: Box<Signature>,
        /// What is wrong with it, and what to do.
        problem: String,
    },
}

impl Ledger {
    /// Reads a ledger and checks it as of `today`.
    pub fn load(file: &Path, today: Date) -> Result<Self, LedgerError> {
        let text = std::fs::read_to_string(file)
            .map_err(|source| LedgerError::Unreadable { file: file.to_owned(), source })?;
        Self::parse(file, &text, today)
    }

    /// The ledger that a text is, checked as of `today`.
    pub(crate) fn parse(file: &Path, text: &str, today: Date) -> Result<Self, LedgerError> {
        let document: Document = yaml::parse(text).map_err(|error| LedgerError::Malformed {
            file: file.to_owned(),
            line: error.line,
            message: error.message,
        })?;
        let ledger = Self { entries: document.divergences };
        for (number, entry) in ledger.entries.iter().enumerate() {
            if let Some(problem) = ledger.problem(number, entry, today) {
                let signature = Box::new(entry.signature.clone());
                return Err(LedgerError::BadEntry { file: file.to_owned(), signature, problem });
            }
        }
        Ok(ledger)
    }

    fn problem(&self, number: usize, entry: &Entry, today: Date) -> Option<String> {
        let said = [("reason", &entry.reason), ("owner", &entry.owner), ("issue", &entry.issue)];
        if let Some((name, _)) = said.iter().find(|(_, text)| text.trim().is_empty()) {
            return Some(format!("{name} is empty"));
        }
        if self.entries[..number].iter().any(|other| other.signature == entry.signature) {
            return Some("is there twice; remove one of the two".to_owned());
        }
        if entry.input.handler != entry.signature.handler {
            return Some(format!("its input is one of {}", entry.input.handler));
        }
        let expires = entry.expires;
        (expires < today).then(|| format!("expired on {expires}; mend the handler, or agree on another day"))
    }

    /// The known divergences.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Whether a divergence is known.
    #[must_use]
    pub fn knows(&self, signature: &Signature) -> bool {
        self.entries.iter().any(|entry| entry.knows(signature))
    }

    /// The same ledger, in which an entry of which `look` returns what its input shows knows that and no more: a mistake that
    /// is known hides no other one in its place.
    pub fn with_causes<E>(&self, mut look: impl FnMut(&Entry) -> Result<Option<Vec<Signature>>, E>) -> Result<Self, E> {
        let look = |entry: &Entry| Ok(Entry { causes: look(entry)?, ..entry.clone() });
        Ok(Self { entries: self.entries.iter().map(look).collect::<Result<_, E>>()? })
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use rstest::rstest;

    use super::*;

    #[test]
    fn the_example_of_the_page_is_a_ledger() {
        let page = include_str!("../../../docs/ledger.md");
        let example = page.split("```yaml").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), example).unwrap();
        let ledger = Ledger::load(file.path(), date(2026, 12, 31)).unwrap();
        assert_eq!(ledger.entries()[0].owner, "checkout team");
        assert!(ledger.knows(&ledger.entries()[0].signature));
    }

    const ENTRY: &str = "
  - signature: { handler: a/b, engine: python, class: value, path: /result/x }
    input: { handler: a/b, context: {} }
    reason: r
    owner: o
    issue: i
    expires: 2026-12-31
";

    fn load(text: &str) -> Result<Ledger, String> {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("ledger.yaml");
        std::fs::write(&file, text).unwrap();
        Ledger::load(&file, date(2026, 12, 31)).map_err(|error| {
            let text = error.to_string();
            text.trim_start_matches(&file.display().to_string()).to_owned()
        })
    }

    #[test]
    fn a_ledger_knows_its_entries() {
        let ledger = load(&format!("divergences:{ENTRY}")).unwrap();
        let signature = ledger.entries()[0].signature.clone();
        assert!(ledger.knows(&signature));
        assert!(!ledger.knows(&Signature { engine: "typescript".to_owned(), ..signature }));
        assert!(load("divergences: []").unwrap().entries().is_empty());
    }

    #[rstest]
    #[case::twice(&format!("divergences:{ENTRY}{ENTRY}"), "is there twice")]
    #[case::expired(&format!("divergences:{}", ENTRY.replace("12-31", "12-30")), "expired on 2026-12-30; mend the handler")]
    #[case::no_day(&format!("divergences:{}", ENTRY.replace("2026-12-31", "soon")), ":7: ")]
    #[case::no_reason(&format!("divergences:{}", ENTRY.replace("reason: r", "reason: ' '")), "reason is empty")]
    #[case::no_owner(&format!("divergences:{}", ENTRY.replace("    owner: o\n", "")), "missing field `owner`")]
    #[case::another_handler(&format!("divergences:{}", ENTRY.replace("input: { handler: a/b", "input: { handler: a/c")), "its input is one of a/c")]
    #[case::unknown_member(&format!("divergences:{ENTRY}    x: 1\n"), "unknown field `x`")]
    #[case::no_list("- 1", "")]
    fn a_bad_ledger_is_refused(#[case] text: &str, #[case] message: &str) {
        let error = load(text).unwrap_err();
        assert!(error.contains(message), "{message:?} is not in {error:?}");
    }

    #[test]
    fn an_entry_knows_its_own_cause() {
        let ledger = load(&format!("divergences:{ENTRY}")).unwrap();
        let family = ledger.entries()[0].signature.clone();
        let tab = Signature { manner: "tab lost".to_owned(), ..family.clone() };
        let capitals = Signature { manner: "capitals".to_owned(), ..family.clone() };
        assert!(ledger.knows(&tab) && ledger.knows(&capitals) && ledger.knows(&family));
        let looked = ledger.with_causes(|_| Ok::<_, ()>(Some(vec![tab.clone()]))).unwrap();
        assert!(looked.knows(&tab) && !looked.knows(&capitals) && !looked.knows(&family));
        let stale = ledger.with_causes(|_| Ok::<_, ()>(Some(Vec::new()))).unwrap();
        assert!(!stale.knows(&tab));
        assert!(ledger.with_causes(|_| Ok::<_, ()>(None)).unwrap().knows(&capitals));
    }

    #[test]
    fn a_missing_ledger_is_named() {
        let error = Ledger::load(Path::new("nowhere.yaml"), date(2026, 1, 1)).unwrap_err();
        assert!(error.to_string().starts_with("nowhere.yaml: cannot be read"), "{error}");
    }
}
