//! The definitions at the top of a file.

use std::collections::{BTreeMap, BTreeSet};

use super::literal::Literal;
use super::node::Node;

/// How many names one expression has, at most: what is larger says little.
const MOST_NAMES: usize = 12;

/// A file of a tree.
#[derive(Clone, Debug, PartialEq)]
pub struct File {
    /// The name below the root, with slashes.
    pub(super) name: String,
    pub(super) definitions: Vec<Definition>,
}

/// A function, a class or a constant at the top of a file; or, without a name, what else stands there.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Definition {
    pub(super) names: Vec<String>,
    /// Texts by which it may say which handler it is.
    pub(super) claims: Vec<String>,
    /// All names that stand in it.
    pub(super) uses: BTreeSet<String>,
    /// Names that stand in one expression.
    pub(super) together: Vec<BTreeSet<String>>,
    /// From what its variables are made.
    pub(super) assigned: BTreeMap<String, BTreeSet<String>>,
    pub(super) literals: Vec<Literal>,
}

impl File {
    /// What a file of this name below the root says.
    #[must_use]
    pub fn new(name: &str, nodes: &[Node]) -> Self {
        let mut rest = Definition::default();
        let mut definitions = Vec::new();
        for node in nodes {
            match node {
                Node::Define(name, nodes) => definitions.push(Definition::of(vec![name.clone()], nodes)),
                Node::Assign(names, _) => definitions.push(Definition::of(names.clone(), std::slice::from_ref(node))),
                other => rest.visit(other, &mut Expression::default()),
            }
        }
        definitions.push(rest);
        Self { name: name.to_owned(), definitions }
    }

    /// The names of the file and of its definitions, and what these say that they are.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let names = self.definitions.iter().flat_map(|definition| definition.names.iter().chain(&definition.claims));
        names.map(String::as_str).chain([self.stem()])
    }

    /// The name without directories and endings.
    pub(super) fn stem(&self) -> &str {
        let name = self.name.rsplit('/').next().unwrap_or_default();
        name.split('.').next().unwrap_or_default()
    }
}

/// An expression that is read.
#[derive(Default)]
struct Expression {
    names: BTreeSet<String>,
    /// Literals near which no name was found yet, by their numbers.
    waiting: Vec<usize>,
}

impl Definition {
    fn of(names: Vec<String>, nodes: &[Node]) -> Self {
        let mut definition = Self { names, ..Self::default() };
        definition.visit_all(nodes, &mut Expression::default());
        definition
    }

    fn visit_all(&mut self, nodes: &[Node], around: &mut Expression) {
        for node in nodes {
            self.visit(node, around);
        }
    }

    fn visit(&mut self, node: &Node, around: &mut Expression) {
        match node {
            Node::Name(name) => {
                self.uses.insert(name.clone());
                if around.names.len() < MOST_NAMES {
                    around.names.insert(name.clone());
                }
            }
            Node::Refer(name) => {
                self.uses.insert(name.clone());
            }
            Node::Claim(text) => self.claims.push(text.clone()),
            Node::Literal(what) => {
                around.waiting.push(self.literals.len());
                self.literals.push(Literal { what: what.clone(), near: Vec::new() });
            }
            Node::Group(nodes) => {
                let inner = self.expression(nodes);
                if inner.names.len() > 1 {
                    self.together.push(inner.names.clone());
                }
                around.waiting.extend(inner.waiting);
                let room = MOST_NAMES.saturating_sub(around.names.len());
                around.names.extend(inner.names.into_iter().take(room));
            }
            Node::Assign(names, nodes) => {
                let inner = self.expression(nodes);
                for number in inner.waiting {
                    self.literals[number].near.clone_from(names);
                }
                for name in names {
                    self.assigned.entry(name.clone()).or_default().extend(inner.names.iter().cloned());
                }
            }
            Node::Define(_, nodes) => self.visit_all(nodes, &mut Expression::default()),
        }
    }

    fn expression(&mut self, nodes: &[Node]) -> Expression {
        let mut inner = Expression::default();
        self.visit_all(nodes, &mut inner);
        if !inner.names.is_empty() {
            for number in inner.waiting.drain(..) {
                self.literals[number].near = inner.names.iter().cloned().collect();
            }
        }
        inner
    }
}
