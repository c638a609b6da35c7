//! A literal that can be drawn.

use serde::{Deserialize, Serialize};

use super::node::What;

/// A literal of the code, and what stands near it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Literal {
    /// The literal.
    pub what: What,
    /// The names of the values that it is compared with or looked up by, as far as they can be told: [`normal`].
    pub near: Vec<String>,
}

/// The names by which languages ask how long something is.
const LENGTHS: [&str; 4] = ["len", "length", "size", "count"];

impl Literal {
    /// Whether it may be the length of a list or a text.
    #[must_use]
    pub fn is_length(&self) -> bool {
        matches!(self.what, What::Number(_)) && self.near.iter().any(|name| LENGTHS.contains(&name.as_str()))
    }
}

/// A name in the one form of all languages: `orderTotal` and `order_total` are the same.
#[must_use]
pub fn normal(name: &str) -> String {
    name.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}
