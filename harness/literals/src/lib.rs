//! What a source text says, whatever its language: a threshold, a coupon code, a prefix, a regular expression that stands only in
//! the code is met by no blind draw.
//!
//! Whoever knows a language writes a text down as [`Node`]s; [`File::new`] makes [`Definition`](File)s of them; [`reached`] follows
//! the names from one definition to the others and gives the [`Literal`]s, each with the names that stand near it.

mod file;
mod literal;
mod node;
mod reach;

pub use file::File;
pub use literal::{Literal, normal, write_normal};
pub use node::{Node, What};
pub use reach::reached;
