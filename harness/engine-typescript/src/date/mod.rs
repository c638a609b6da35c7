//! What Node takes for a date.

mod parser;
mod tokens;

pub(super) use parser::{Parsed, parse};
