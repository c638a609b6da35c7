//! Where a new handler goes: beside its siblings, or in a post of its own.

use std::fs;
use std::path::{Path, PathBuf};

use super::error::NewHandlerError;
use super::name::Name;

/// The tree of the oracle, in which the posts are numbered.
pub(super) const RUST: &str = "reference_rs/src";
/// The templates.
pub(super) const TEMPLATES: &str = "fixtures/templates";

/// The repository at `dir` or above it.
pub(super) fn repository_from(dir: &Path) -> Result<PathBuf, NewHandlerError> {
    let is_repository = |dir: &&Path| [RUST, TEMPLATES, "handlers"].iter().all(|part| dir.join(part).is_dir());
    let root = dir.ancestors().find(is_repository).map(Path::to_owned);
    root.ok_or_else(|| NewHandlerError::NoRepository { dir: dir.to_owned() })
}

/// The directory of the namespace's handlers below each language's tree: that of the siblings, or a post with the next number.
pub(super) fn post_of(root: &Path, name: &Name) -> Result<PathBuf, NewHandlerError> {
    let tree = root.join(RUST);
    if let Some(dir) = dir_of_siblings(&tree, &name.namespace)? {
        return Ok(dir.strip_prefix(&tree).unwrap_or(&dir).to_owned());
    }
    let number =
        |dir: &PathBuf| dir.file_name()?.to_str()?.strip_prefix("post_")?.split('_').next()?.parse::<u32>().ok();
    let last = entries(&tree)?.iter().filter_map(number).max().unwrap_or(0);
    Ok(format!("post_{:02}_{}", last + 1, name.namespace).into())
}

/// The directory in `dir`, or below it, of a handler whose text names an identity of the namespace.
fn dir_of_siblings(dir: &Path, namespace: &str) -> Result<Option<PathBuf>, NewHandlerError> {
    let id = format!("id: \"{namespace}/");
    for path in entries(dir)? {
        let found = if path.is_dir() {
            dir_of_siblings(&path, namespace)?
        } else if path.to_string_lossy().ends_with("_handler.rs") && read(&path)?.contains(&id) {
            Some(dir.to_owned())
        } else {
            None
        };
        if found.is_some() {
            return Ok(found);
        }
    }
    Ok(None)
}

fn entries(dir: &Path) -> Result<Vec<PathBuf>, NewHandlerError> {
    let failed = |source| NewHandlerError::Io { path: dir.to_owned(), source };
    let entries = fs::read_dir(dir).map_err(failed)?.map(|entry| Ok(entry?.path()));
    let mut paths = entries.collect::<Result<Vec<_>, _>>().map_err(failed)?;
    paths.sort();
    Ok(paths)
}

/// The text of a file.
pub(super) fn read(path: &Path) -> Result<String, NewHandlerError> {
    fs::read_to_string(path).map_err(|source| NewHandlerError::Io { path: path.to_owned(), source })
}
