//! Where templates are looked for, and which files are passed over.

use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};

use parity_json::document::read_regular;

/// Directories that hold no templates of the project itself.
const SKIPPED: &[&str] = &["node_modules", "vendor"];

/// Where Git keeps what is its own.
const GIT: &str = ".git";

/// What a file is called that says beside templates what is drawn.
pub(super) const BESIDE: [&str; 2] = ["parity.yaml", "parity.yml"];

/// Whether a file is such a one, and no template.
#[must_use]
pub fn is_beside(file: &Path) -> bool {
    BESIDE.iter().any(|name| file.file_name() == Some(OsStr::new(name)))
}

/// What is found in a directory and in those below it. A link to a directory is not followed: it could lead back here.
#[derive(Default)]
pub(super) struct Found {
    /// YAML files, sorted.
    pub(super) files: Vec<PathBuf>,
    /// Directories that are not looked into because they are hidden.
    hidden: Vec<PathBuf>,
}

impl Found {
    /// What is in a directory and below it; a file is itself.
    pub(super) fn at(place: &Path) -> io::Result<Self> {
        let mut found = Self::default();
        if std::fs::metadata(place)?.is_dir() {
            found.collect(place)?;
        } else {
            found.files.push(place.to_owned());
        }
        found.files.sort();
        Ok(found)
    }

    fn collect(&mut self, dir: &Path) -> io::Result<()> {
        for entry in std::fs::read_dir(dir)? {
            let entry = entry?;
            let (path, name) = (entry.path(), entry.file_name());
            if entry.file_type()?.is_dir() {
                match name.to_str() {
                    Some(name) if name == GIT || SKIPPED.contains(&name) => {}
                    Some(name) if name.starts_with('.') => self.hidden.push(path),
                    _ => self.collect(&path)?,
                }
            } else if path.extension().is_some_and(is_yaml) && !is_beside(&path) {
                self.files.push(path);
            }
        }
        Ok(())
    }

    /// A line for each hidden directory that has templates.
    pub(super) fn passed_over(&self) -> Vec<String> {
        let mut lines = Vec::new();
        for dir in &self.hidden {
            let mut within = Self::default();
            // What cannot be looked at holds nothing that could have been used.
            let _ = within.collect(dir);
            within.files.sort();
            let is_meant = |file: &PathBuf| text_of(file).is_ok_and(|text| is_template(&text));
            if let Some(file) = within.files.into_iter().find(is_meant) {
                let (file, dir) = (file.display(), dir.display());
                lines.push(format!("{file}: not read, since {dir} is hidden; name that directory with --templates"));
            }
        }
        lines.sort();
        lines
    }
}

fn is_yaml(extension: &OsStr) -> bool {
    ["yaml", "yml"].iter().any(|yaml| extension.eq_ignore_ascii_case(yaml))
}

/// The text of a file. A path that is no text cannot be told to other processes.
pub(super) fn text_of(file: &Path) -> io::Result<String> {
    if file.to_str().is_none() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "its path is no UTF-8; give it another one"));
    }
    read_regular(file)
}

/// Whether a text looks like a template: below the directory that was named there may be other YAML.
pub(super) fn is_template(text: &str) -> bool {
    text.lines().any(|line| line.starts_with("steps:") || line.starts_with("namespace_name:"))
}
