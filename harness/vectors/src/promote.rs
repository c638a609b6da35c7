//! A saved divergence that becomes a golden vector.

use std::path::{Path, PathBuf};

use super::answering::Answering;
use super::error::VectorError;
use super::model::VectorFile;
use super::store::Store;
use parity_campaign::Saved;
use parity_json::digest_of;
use parity_json::document::{parse, read_text, write_atomically};
use parity_json::file_text;

/// Adds the input of the saved divergence in `file` to the vectors of its handler, with the flag `regression` and this note.
/// Answers the file of the vectors and the identity of the new one.
///
/// Every engine must agree on it by now: a vector is what all of them answer.
pub fn promote(
    store: &Store,
    answering: &mut dyn Answering,
    file: &Path,
    note: &str,
) -> Result<(PathBuf, String), VectorError> {
    let refuse = |reason: String| VectorError::NotPromotable { file: file.to_owned(), reason };
    let text = read_text(file)?.ok_or_else(|| refuse("there is no such file".to_owned()))?;
    let saved: Saved = parse(file, &text)?;
    if note.trim().is_empty() {
        return Err(refuse("a note must say why the vector is there".to_owned()));
    }
    let handler = saved.input.handler.clone();
    let path = store.file_of(&handler);
    let (vectors, provenance) = match store.read(&handler)? {
        Some(old) if old.digest != digest_of(&old.vectors) => {
            return Err(refuse(format!("{} was edited by hand", store.shown(&path))));
        }
        // The others were chosen as the file says, which stays so.
        Some(old) => (old.vectors, old.provenance),
        None => (Vec::new(), answering.provenance()),
    };
    let promoted = answering.vector_of(saved, note, &refuse)?;
    let alone = VectorFile::new(handler.clone(), vec![promoted.clone()]);
    if let Some(mismatch) = answering.replay(&alone)?.first() {
        let (engine, what) = (&mismatch.engine, &mismatch.what);
        return Err(refuse(if mismatch.was_compared {
            format!("{engine} still differs: {what}; mend it first")
        } else {
            mismatch.sentence()
        }));
    }
    let id = promoted.id.clone();
    let others = vectors.into_iter().filter(|vector| vector.id != id).chain([promoted]).collect();
    write_atomically(&path, &file_text(&VectorFile { provenance, ..VectorFile::new(handler, others) }))?;
    Ok((path, id))
}
