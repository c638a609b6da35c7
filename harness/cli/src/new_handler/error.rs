//! Why no skeletons were written.

use std::path::PathBuf;

use parity_suite::GenerateError;
use parity_suite::template::TemplateError;
use thiserror::Error;

/// Why no skeletons were written.
#[derive(Debug, Error)]
pub enum NewHandlerError {
    /// A handler can not be called so.
    #[error("a handler can not be called {name:?}: {reason}; name it like ecommerce/validate_cart")]
    Name {
        /// What was asked for.
        name: String,
        /// What is wrong with it.
        reason: String,
    },
    /// There is no checkout.
    #[error(
        "{}: neither this directory nor one above it is a checkout with reference_rs/src, handlers and fixtures/templates; \
         run the command in one or name it with --root. It writes handlers of Parity's own; for yours, `parity init` writes settings",
        dir.display()
    )]
    NoRepository {
        /// Where it was looked for.
        dir: PathBuf,
    },
    /// Something is there already.
    #[error(
        "nothing was written, because {} there already; remove what is to be written anew, or give the step another name",
        list(files)
    )]
    Exists {
        /// The files.
        files: Vec<PathBuf>,
    },
    /// The template ends in something else than its steps.
    #[error("{}: the step can not be put at the end of this file; write it there by hand: {message}", file.display())]
    Template {
        /// The file.
        file: PathBuf,
        /// What is wrong with the template then.
        message: String,
    },
    /// The templates of the checkout can not be used.
    #[error(transparent)]
    Templates(#[from] TemplateError),
    /// There is no input that shows a planted defect.
    #[error(transparent)]
    Generate(#[from] GenerateError),
    /// A file can not be read or written.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
}

fn list(files: &[PathBuf]) -> String {
    let names: Vec<String> = files.iter().map(|file| file.display().to_string()).collect();
    format!("{} {}", names.join(", "), if names.len() == 1 { "is" } else { "are" })
}
