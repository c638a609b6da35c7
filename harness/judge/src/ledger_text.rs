//! A ledger with one more entry. What people have written in it stays as it is.

use std::io::ErrorKind;
use std::path::Path;

use jiff::civil::Date;
use parity_json::yaml;

use crate::ledger::{Entry, Ledger, LedgerError};

/// How far an entry is indented unless those before it are otherwise.
const INDENT: &str = "  ";

/// The text of the ledger in `file`, which need not be there, with `entry` behind all others; as of `today`.
pub fn with_entry(file: &Path, entry: &Entry, today: Date) -> Result<String, LedgerError> {
    let text = match std::fs::read_to_string(file) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => "divergences: []\n".to_owned(),
        Err(source) => return Err(LedgerError::Unreadable { file: file.to_owned(), source }),
    };
    let malformed = |message: String| LedgerError::Malformed { file: file.to_owned(), line: None, message };
    let mut expected = Ledger::parse(file, &text, today)?.entries().to_vec();
    let added = yaml::text(&[entry]).map_err(|error| malformed(error.message))?;
    let extended = appended(&text, &added, expected.is_empty());
    expected.push(entry.clone());
    // A ledger may be written in any way that YAML knows; what is added to another one than ours may mean something else.
    match Ledger::parse(file, &extended, today) {
        Ok(ledger) if ledger.entries() == expected => Ok(extended),
        Err(error @ LedgerError::BadEntry { .. }) => Err(error),
        Ok(_) | Err(_) => Err(malformed(format!("cannot be added to as it is written; do it by hand:\n{added}"))),
    }
}

fn appended(text: &str, added: &str, is_first: bool) -> String {
    let indent = text.lines().find(|line| line.trim_start().starts_with("- "));
    let indent = indent.map_or(INDENT, |line| &line[..line.len() - line.trim_start().len()]);
    let old: Vec<&str> = text.lines().map(|line| if is_first && is_empty_list(line) { KEY } else { line }).collect();
    let new = added.lines().map(|line| if line.is_empty() { String::new() } else { format!("{indent}{line}") });
    let new: Vec<String> = new.collect();
    format!("{}\n{}\n", old.join("\n").trim_end(), new.join("\n"))
}

/// The one key of a ledger.
const KEY: &str = "divergences:";

fn is_empty_list(line: &str) -> bool {
    line.strip_prefix(KEY).is_some_and(|rest| rest.trim() == "[]")
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use parity_model::{Signature, StepInput};
    use rstest::rstest;
    use serde_json::json;

    use super::*;
    use crate::ledger::Why;

    const TODAY: Date = date(2026, 12, 1);

    fn entry(path: &str, reason: &str) -> Entry {
        let signature = json!({"handler": "a/b", "engine": "python", "class": "value", "path": path});
        let input = json!({"handler": "a/b", "context": {"text": "- x: #\u{85}\u{1}\n  \"\u{2028}", "n": 1.5e300, "z": [-0.0]}});
        let signature: Signature = serde_json::from_value(signature).unwrap();
        let input: StepInput = serde_json::from_value(input).unwrap();
        let why = Why { reason: reason.to_owned(), owner: "o".to_owned(), issue: "#1".to_owned(), expires: TODAY };
        Entry::new(signature, input, why)
    }

    /// A ledger to which two entries are added.
    fn extended(text: &str) -> Result<(String, Ledger), String> {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("ledger.yaml");
        if !text.is_empty() {
            std::fs::write(&file, text).unwrap();
        }
        let mut all = String::new();
        for entry in [entry("/result/x", "two\nlines: yes"), entry("/result/y", "r")] {
            all = with_entry(&file, &entry, TODAY).map_err(|error| error.to_string())?;
            std::fs::write(&file, &all).unwrap();
        }
        let ledger = Ledger::load(&file, TODAY).unwrap();
        Ok((all, ledger))
    }

    const OLD: &str = "signature: { handler: a/b, engine: node, class: value, path: /result }\n";
    const REST: &str = "input: { handler: a/b, context: {} }, reason: r, owner: o, issue: i, expires: 2027-01-01";

    #[rstest]
    #[case::of_none("", 0)]
    #[case::of_an_empty_one("# ours\ndivergences: []\n", 0)]
    #[case::indented(&format!("# ours\ndivergences:\n  - {OLD}    {}\n# end", REST.replace(", ", "\n    ").replace("b\n    context", "b, context")), 1)]
    #[case::not_indented(&format!("divergences:\n- {OLD}  {}", REST.replace(", ", "\n  ").replace("b\n  context", "b, context")), 1)]
    fn entries_are_added_and_the_rest_stays(#[case] text: &str, #[case] before: usize) {
        let (all, ledger) = extended(text).unwrap();
        assert_eq!(ledger.entries()[before..], [entry("/result/x", "two\nlines: yes"), entry("/result/y", "r")]);
        assert_eq!(ledger.entries().len(), before + 2);
        let kept = text.trim_end_matches(" []\n");
        assert!(all.starts_with(kept), "{all}");
    }

    #[rstest]
    #[case::a_flow(&format!("divergences: [{{ {}, {REST} }}]\n", OLD.trim_end()), "cannot be added to as it is written; do it by hand:\n- signature:")]
    #[case::no_ledger("x: 1", "unknown field `x`")]
    fn a_ledger_that_cannot_be_added_to_stays_as_it_is(#[case] text: &str, #[case] message: &str) {
        let error = extended(text).unwrap_err();
        assert!(error.contains(message), "{error}");
    }

    #[test]
    fn an_entry_is_checked_before_it_is_written() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("ledger.yaml");
        let refused = |entry: &Entry| with_entry(&file, entry, TODAY).unwrap_err().to_string();
        assert!(refused(&entry("/result/x", " ")).contains("reason is empty"));
        let mut old = entry("/result/x", "r");
        old.expires = date(2026, 11, 30);
        assert!(refused(&old).contains("expired on"));
        std::fs::write(&file, with_entry(&file, &entry("/result/x", "r"), TODAY).unwrap()).unwrap();
        assert!(refused(&entry("/result/x", "r")).contains("is there twice"));
    }
}
