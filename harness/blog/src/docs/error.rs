//! Why there are no pages.

use std::io;
use std::path::PathBuf;

use parity_suite::template::TemplateError;
use thiserror::Error;

use crate::cases::NoCases;

/// What stands around the table in the page that somebody else writes.
pub(super) const BEGIN: &str = "<!-- mapping: written by `cargo parity docs` -->";
pub(super) const END: &str = "<!-- end of mapping -->";

/// Why the pages can not be rendered, compared or written.
#[derive(Debug, Error)]
pub enum DocsError {
    /// A handler without a file in one of the languages.
    #[error("{handler} has no {language} source: no file {name} below {} names it", tree.display())]
    NoSource {
        /// The handler.
        handler: &'static str,
        /// The language.
        language: &'static str,
        /// Where it was looked for.
        tree: PathBuf,
        /// What the file should be called.
        name: String,
    },
    /// A handler that no template runs.
    #[error("{handler} has no step in a template")]
    NoStep {
        /// The handler.
        handler: &'static str,
    },
    /// A handler of whose inputs nothing is known.
    #[error(transparent)]
    NoCases(#[from] NoCases),
    /// The page with the table does not say where the table stands.
    #[error("{}: the lines {BEGIN:?} and {END:?} must stand around the mapping table", file.display())]
    NoMarks {
        /// The page.
        file: PathBuf,
    },
    /// A template can not be used.
    #[error(transparent)]
    Template(#[from] TemplateError),
    /// A file can not be read or written.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}
