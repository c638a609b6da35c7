//! Which files of a tree hold handlers.

use std::fs;
use std::path::Path;

use crate::engine::TreeError;

/// What a handler file is called.
const PATTERN: &str = "*_handler.ts";

/// The handler files below `root`, sorted, as module names: relative paths with slashes.
pub(super) fn handler_files(root: &Path, language: &'static str) -> Result<Vec<String>, TreeError> {
    if !root.is_dir() {
        return Err(TreeError::NoDirectory { dir: root.to_path_buf(), language });
    }
    let mut files = Vec::new();
    collect(root, "", &mut files)?;
    if files.is_empty() {
        return Err(TreeError::NoHandlers { dir: root.to_path_buf(), language, pattern: PATTERN });
    }
    files.sort();
    Ok(files)
}

fn collect(root: &Path, below: &str, files: &mut Vec<String>) -> Result<(), TreeError> {
    let dir = root.join(below);
    let unreadable =
        |error: std::io::Error| TreeError::BadFile { file: dir.clone(), line: None, message: error.to_string() };
    for entry in fs::read_dir(&dir).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        let Ok(name) = entry.file_name().into_string() else { continue };
        let module = if below.is_empty() { name.clone() } else { format!("{below}/{name}") };
        if entry.file_type().map_err(unreadable)?.is_dir() {
            // A link to a directory is not followed: it could lead back here.
            if !name.starts_with('.') && name != "node_modules" {
                collect(root, &module, files)?;
            }
        } else if name.ends_with("_handler.ts") && root.join(&module).is_file() {
            files.push(module);
        }
    }
    Ok(())
}
