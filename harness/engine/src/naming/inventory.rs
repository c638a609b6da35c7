//! What a tree holds: which handlers, where each is, and what was found there and is not used.

use std::fmt;

use parity_model::HandlerId;
use serde::{Deserialize, Serialize};

/// A class or function that may be a handler, as an engine found it.
///
/// JSON: `{"declared": ["ecommerce.validate_cart"], "name": "ValidateCartHandler", "file": "shop/cart.py", "line": 12}`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Sighting {
    /// What it says its name is: `handler_name`, `handlerName`, the name under which it is registered.
    pub declared: Vec<String>,
    /// The class or function.
    pub name: String,
    /// The name under which its file exports it, if that is another one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exported: Option<String>,
    /// Its file, below the tree, with slashes.
    pub file: String,
    /// Its line, from 1, where it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// Whether another class that was found extends it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub extended: bool,
}

/// A file that cannot be loaded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotLoaded {
    /// The file, below the tree, with slashes.
    pub file: String,
    /// The line at which it fails, from 1, where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// The file that the line is of, if it is another one: what a handler's file imports may be what fails.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// What is wrong with it.
    pub message: String,
}

/// A handler of a tree.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResolvedHandler {
    /// The identity that it has.
    pub handler: HandlerId,
    /// Where and how it was found.
    #[serde(flatten)]
    pub sighting: Sighting,
}

/// What was found and is not used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unused {
    /// Where and how it was found.
    #[serde(flatten)]
    pub sighting: Sighting,
    /// Why it is not used.
    pub why: WhyUnused,
}

/// Why something that was found is not used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WhyUnused {
    /// No template has such a step.
    Unknown,
    /// Several steps may be meant, and nothing tells which.
    Ambiguous {
        /// The steps.
        candidates: Vec<HandlerId>,
    },
    /// Something else claims the same identity: with a better reason, or with the same, and then neither is used.
    Duplicate {
        /// The identity.
        handler: HandlerId,
        /// The other one's file.
        other: String,
    },
}

impl fmt::Display for WhyUnused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown => f.write_str("no step of the templates has this name"),
            Self::Ambiguous { candidates } => {
                let candidates: Vec<&str> = candidates.iter().map(HandlerId::as_str).collect();
                write!(f, "it may be {}; give it the name of one", candidates.join(" or "))
            }
            Self::Duplicate { handler, other } => write!(f, "{handler} is also in {other}"),
        }
    }
}

/// What a tree holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inventory {
    /// The handlers, by identity.
    pub handlers: Vec<ResolvedHandler>,
    /// What is not used, in the order in which it was found.
    pub unused: Vec<Unused>,
    /// The files that cannot be loaded.
    pub not_loaded: Vec<NotLoaded>,
}

impl Inventory {
    /// The identities of the handlers, sorted.
    #[must_use]
    pub fn identities(&self) -> Vec<HandlerId> {
        self.handlers.iter().map(|found| found.handler.clone()).collect()
    }
}
