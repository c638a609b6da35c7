//! A source text as far as its literals matter.

use serde::{Deserialize, Serialize};
use serde_json::Number;

/// A piece of a source text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Node {
    /// A variable, a member, or a key that is read: what a value goes by.
    Name(String),
    /// A function or method that is called, or a class: what leads to another definition.
    Refer(String),
    /// A text by which a definition may say which handler it is.
    Claim(String),
    /// A literal.
    Literal(What),
    /// An expression: its literals stand near its names.
    Group(Vec<Node>),
    /// Variables, and what they are given.
    Assign(Vec<String>, Vec<Node>),
    /// A function or class, and what stands in it.
    Define(String, Vec<Node>),
}

/// A literal, by what it is there for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// A text that is compared or looked up.
    Text(String),
    /// What a text is asked to begin with.
    Prefix(String),
    /// What a text is asked to end with.
    Suffix(String),
    /// What a text is split at or joined with.
    Separator(String),
    /// A regular expression.
    Pattern(String),
    /// A number.
    Number(Number),
    /// A key that is read.
    Key(String),
}
