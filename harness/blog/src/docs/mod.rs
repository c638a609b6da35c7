//! The pages that show a handler in all languages side by side, and the table of who is who. They are written from the
//! registry, the templates and the sources, and a check fails when one of them is stale.

mod error;
mod identity;
mod page;
mod pages;
mod shared;
mod sources;

pub use error::DocsError;
pub use pages::{Page, Pages};
