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
    /// The methods that a template may name, beside `call`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub methods: Vec<String>,
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

impl NotLoaded {
    fn why_absent(&self) -> WhyAbsent {
        let Self { file, line, place, message } = self.clone();
        WhyAbsent { file: place.unwrap_or(file), line, message }
    }
}

/// The name of a file without its folders and its extension.
fn stem(file: &str) -> &str {
    let name = file.rsplit('/').next().unwrap_or(file);
    name.split('.').next().unwrap_or(name)
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
    /// A template has a method called that it lacks.
    NoMethod {
        /// What would be that method.
        handler: HandlerId,
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
            Self::NoMethod { handler } => {
                write!(f, "it has no method {}, which a template names", handler.method().unwrap_or_default())
            }
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

/// Why a tree lacks a handler, as far as can be told.
///
/// JSON: `{"file": "bad.py", "line": 1, "message": "ModuleNotFoundError: …"}`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct WhyAbsent {
    /// The file, below the tree, with slashes.
    pub file: String,
    /// The line, from 1, where one is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// What is wrong there.
    pub message: String,
}

impl fmt::Display for WhyAbsent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let line = self.line.map_or_else(String::new, |line| format!(":{line}"));
        write!(f, "{}{line}: {}", self.file, self.message)
    }
}

impl Inventory {
    /// Why the tree lacks `handler`, one of `steps`: what claims its name and is not used, or else the files that cannot be loaded,
    /// those that are called like it first, or else what has a name that no step has. Nothing if there is nothing of the kind.
    #[must_use]
    pub fn why_absent(&self, handler: &HandlerId, steps: &[HandlerId]) -> Vec<WhyAbsent> {
        let of_unused = |unused: &Unused| {
            let Sighting { name, file, line, .. } = unused.sighting.clone();
            WhyAbsent { file, line, message: format!("{name}: {}", unused.why) }
        };
        let is_claim = |unused: &&Unused| match &unused.why {
            WhyUnused::Unknown => false,
            WhyUnused::Ambiguous { candidates } => candidates.contains(handler),
            WhyUnused::Duplicate { handler: claimed, .. } | WhyUnused::NoMethod { handler: claimed } => {
                claimed == handler
            }
        };
        let claims: Vec<WhyAbsent> = self.unused.iter().filter(is_claim).map(of_unused).collect();
        if !claims.is_empty() {
            return claims;
        }
        let mut files: Vec<WhyAbsent> = self.not_loaded.iter().map(NotLoaded::why_absent).collect();
        files.sort_by_key(|why| !why.file.contains(handler.step()) && !handler.step().contains(stem(&why.file)));
        if !files.is_empty() {
            return files;
        }
        let unknown = self.unused.iter().filter(|unused| unused.why == WhyUnused::Unknown).map(of_unused);
        let others = self.handlers.iter().filter(|found| !steps.contains(&found.handler)).map(|found| {
            let Sighting { name, file, line, .. } = found.sighting.clone();
            WhyAbsent { file, line, message: format!("{name} is {}, which is no step of the templates", found.handler) }
        });
        unknown.chain(others).collect()
    }

    /// The identities of the handlers, sorted.
    #[must_use]
    pub fn identities(&self) -> Vec<HandlerId> {
        self.handlers.iter().map(|found| found.handler.clone()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sighting(name: &str, file: &str, line: u32) -> Sighting {
        Sighting { name: name.to_owned(), file: file.to_owned(), line: Some(line), ..Sighting::default() }
    }

    fn not_loaded(file: &str) -> NotLoaded {
        NotLoaded { file: file.to_owned(), line: Some(1), place: None, message: "no module named numpy".to_owned() }
    }

    fn why_absent(inventory: &Inventory, handler: &str) -> Vec<String> {
        inventory
            .why_absent(&handler.parse().unwrap(), &[handler.parse().unwrap()])
            .iter()
            .map(ToString::to_string)
            .collect()
    }

    #[test]
    fn an_absent_handler_is_explained_by_its_claims_then_by_files_then_by_unknown_names() {
        let unknown = Unused { sighting: sighting("PayRefund", "pay.py", 3), why: WhyUnused::Unknown };
        let candidates = vec!["shop/pay".parse().unwrap(), "club/pay".parse().unwrap()];
        let ambiguous = Unused { sighting: sighting("Pay", "pay.py", 7), why: WhyUnused::Ambiguous { candidates } };
        let mut inventory = Inventory { unused: vec![unknown, ambiguous], ..Inventory::default() };
        assert_eq!(
            why_absent(&inventory, "shop/pay"),
            ["pay.py:7: Pay: it may be shop/pay or club/pay; give it the name of one"]
        );
        assert_eq!(
            why_absent(&inventory, "shop/refund"),
            ["pay.py:3: PayRefund: no step of the templates has this name"]
        );
        inventory.handlers = vec![ResolvedHandler {
            handler: "shop/refunds".parse().unwrap(),
            sighting: sighting("Refunds", "r.py", 5),
        }];
        assert_eq!(
            why_absent(&inventory, "shop/refund")[1],
            "r.py:5: Refunds is shop/refunds, which is no step of the templates"
        );
        inventory.not_loaded = vec![not_loaded("a/cart.py"), not_loaded("b/refund.py")];
        assert_eq!(
            why_absent(&inventory, "shop/refund"),
            ["b/refund.py:1: no module named numpy", "a/cart.py:1: no module named numpy"]
        );
    }

    #[test]
    fn nothing_explains_what_is_simply_not_there() {
        assert_eq!(why_absent(&Inventory::default(), "shop/refund"), [""; 0]);
    }
}
