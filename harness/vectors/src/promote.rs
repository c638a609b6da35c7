//! A saved divergence that becomes a golden vector.

use std::path::{Path, PathBuf};

use super::error::VectorError;
use super::model::{Vector, VectorFile};
use super::regenerate::refreshed;
use super::replay::Engines;
use super::store::Store;
use parity_blog::OwnCases;
use parity_campaign::Saved;
use parity_json::digest_of;
use parity_json::document::{parse, read_text, write_atomically};
use parity_json::file_text;

/// Adds the input of the saved divergence in `file` to the vectors of its handler, with the flag `regression` and this note.
/// Answers the file of the vectors and the identity of the new one.
///
/// Every engine must agree on it by now: a vector is what all of them answer.
pub fn promote(root: &Path, engines: &mut Engines, file: &Path, note: &str) -> Result<(PathBuf, String), VectorError> {
    let refuse = |reason: String| VectorError::NotPromotable { file: file.to_owned(), reason };
    let text = read_text(file)?.ok_or_else(|| refuse("there is no such file".to_owned()))?;
    let saved: Saved = parse(file, &text)?;
    if note.trim().is_empty() {
        return Err(refuse("a note must say why the vector is there".to_owned()));
    }
    let handler = saved.input.handler.clone();
    let store = Store::of_repository(root);
    let path = store.file_of(&handler);
    let old = store.read(&handler)?.ok_or_else(|| refuse(format!("{} is missing", store.shown(&path))))?;
    if old.digest != digest_of(&old.vectors) {
        return Err(refuse(format!("{} was edited by hand", store.shown(&path))));
    }
    let cases = OwnCases::of(&handler)?;
    let expected = saved.expected.planned().cloned();
    let expected = expected.ok_or_else(|| refuse("no oracle planned what it expects".to_owned()))?;
    let promoted = Vector::new(saved.input, expected, Vec::new(), note.to_owned());
    let promoted = refreshed(&promoted, cases.domain());
    if promoted.flags.is_empty() {
        return Err(refuse("the oracle has no declared outcome for its input".to_owned()));
    }
    let alone = VectorFile::new(handler.clone(), vec![promoted.clone()]);
    let mismatches = engines.replay(&alone)?;
    if let Some(mismatch) = mismatches.first() {
        return Err(refuse(format!("{} still differs: {}; mend it first", mismatch.engine, mismatch.what)));
    }
    let id = promoted.id.clone();
    let mut vectors = old.vectors;
    vectors.retain(|vector| vector.id != id);
    vectors.push(promoted);
    // The others were chosen as the file says, which stays so.
    let new = VectorFile { provenance: old.provenance, ..VectorFile::new(handler, vectors) };
    write_atomically(&path, &file_text(&new))?;
    Ok((path, id))
}
