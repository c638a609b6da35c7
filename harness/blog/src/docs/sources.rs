//! The files of a handler: found by its stem, one in each language.

use std::fs;
use std::path::{Path, PathBuf};

use reference_rs::HandlerSpec;

use crate::docs::error::DocsError;

/// A language of the tabs: its title, the tree below the repository, the suffix of its files, and the name of its code blocks.
#[derive(Clone, Copy, Debug)]
pub(super) struct Language {
    pub(super) title: &'static str,
    tree: &'static str,
    suffix: &'static str,
    pub(super) fence: &'static str,
}

/// The languages in the order of the tabs.
pub(super) const LANGUAGES: [Language; 3] = [
    Language { title: "Rust", tree: "reference_rs/src", suffix: "rs", fence: "rust" },
    Language { title: "Python", tree: "handlers/python", suffix: "py", fence: "python" },
    Language { title: "TypeScript", tree: "handlers/typescript", suffix: "ts", fence: "typescript" },
];

/// A handler's file in one language.
#[derive(Clone, Debug)]
pub(super) struct Source {
    pub(super) language: Language,
    /// Below the repository, with slashes.
    pub(super) file: String,
    pub(super) text: String,
}

impl Source {
    /// Its file below the tree of its language.
    pub(super) fn below_tree(&self) -> &str {
        self.file.trim_start_matches(self.language.tree).trim_start_matches('/')
    }
}

/// The files in one directory of every language's tree whose stems `is_shown` accepts, in the order of their names.
pub(super) fn in_dir(root: &Path, dir: &str, is_shown: impl Fn(&str) -> bool) -> Result<Vec<Source>, DocsError> {
    let mut sources = Vec::new();
    for language in LANGUAGES {
        let place = root.join(language.tree).join(dir);
        if !place.is_dir() {
            continue;
        }
        for path in entries(&place)? {
            let is_source = path.is_file() && path.extension().is_some_and(|suffix| suffix == language.suffix);
            if is_source && path.file_stem().is_some_and(|stem| is_shown(&stem.to_string_lossy())) {
                let file = below(root, &path);
                sources.push(Source { language, file, text: read(&path)? });
            }
        }
    }
    Ok(sources)
}

/// The three files of a handler. Two namespaces may use one step name, so the file must also name the identity.
pub(super) fn sources_of(root: &Path, spec: &HandlerSpec) -> Result<Vec<Source>, DocsError> {
    LANGUAGES.iter().map(|language| source_of(root, spec, *language)).collect()
}

fn source_of(root: &Path, spec: &HandlerSpec, language: Language) -> Result<Source, DocsError> {
    let name = format!("{}_handler.{}", spec.step(), language.suffix);
    let mut named = Vec::new();
    find(&root.join(language.tree), &name, &mut named)?;
    for path in named {
        let text = read(&path)?;
        if text.contains(&format!("\"{}\"", spec.id)) || text.contains(&format!("'{}'", spec.id)) {
            return Ok(Source { language, file: below(root, &path), text });
        }
    }
    Err(DocsError::NoSource { handler: spec.id, language: language.title, tree: root.join(language.tree), name })
}

/// Files of this name in `dir` and below it, in the order of their paths.
fn find(dir: &Path, name: &str, found: &mut Vec<PathBuf>) -> Result<(), DocsError> {
    for entry in entries(dir)? {
        if entry.is_dir() {
            if !entry.ends_with("node_modules") {
                find(&entry, name, found)?;
            }
        } else if entry.ends_with(name) {
            found.push(entry);
        }
    }
    Ok(())
}

/// What is in a directory, in the order of the names.
fn entries(dir: &Path) -> Result<Vec<PathBuf>, DocsError> {
    let unreadable = |source| DocsError::Io { path: dir.to_owned(), source };
    let mut entries = Vec::new();
    for entry in fs::read_dir(dir).map_err(unreadable)? {
        entries.push(entry.map_err(unreadable)?.path());
    }
    entries.sort();
    Ok(entries)
}

/// A path below the repository, with slashes.
fn below(root: &Path, path: &Path) -> String {
    path.strip_prefix(root).unwrap_or(path).to_string_lossy().replace('\\', "/")
}

/// The text of a file.
pub(super) fn read(path: &Path) -> Result<String, DocsError> {
    fs::read_to_string(path).map_err(|source| DocsError::Io { path: path.to_owned(), source })
}
