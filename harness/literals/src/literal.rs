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
    let mut normal = String::with_capacity(name.len());
    write_normal(name, &mut normal);
    normal
}

/// The same, written over what is in `normal`: for who asks for many.
pub fn write_normal(name: &str, normal: &mut String) {
    normal.clear();
    if name.is_ascii() {
        normal.extend(
            name.bytes().filter(u8::is_ascii_alphanumeric).map(|letter| char::from(letter.to_ascii_lowercase())),
        );
    } else {
        normal.extend(name.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase));
    }
}
