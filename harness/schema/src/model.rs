//! What a schema is made of when it is drawn from: data that refer to one another, without what is done with them.

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::HashMap;
use std::fmt;
use std::rc::Rc;
use std::sync::Arc;

use jsonschema::Validator;
use proptest::strategy::BoxedStrategy;
use serde_json::Value;

use super::document::Document;
use super::error::SchemaError;
use super::flat::{Located, Part};
use crate::scope::Scope;

/// What the nodes of one schema have in common.
pub(super) struct Drawing {
    pub(super) document: Rc<Document>,
    pub(super) scope: Scope,
    pub(super) anything: Anything,
    pub(super) nodes: RefCell<HashMap<String, Rc<Node>>>,
    /// How long their texts are together.
    pub(super) kept: Cell<usize>,
    pub(super) patterns: RefCell<HashMap<String, Option<Arc<Validator>>>>,
}

impl fmt::Debug for Drawing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Drawing").field("scope", &self.scope).finish_non_exhaustive()
    }
}

/// Schemas that must hold at once, and the node of them as soon as it is needed.
pub(super) struct Lazy {
    pub(super) all: Vec<Located>,
    /// Whether its values are judged where the choice is of which this is a branch.
    pub(super) is_judged: bool,
    pub(super) node: OnceCell<Rc<Node>>,
}

impl Drawing {
    pub(super) fn new(document: Rc<Document>, scope: Scope) -> Self {
        let anything = Anything::new(scope);
        let (nodes, kept, patterns) = (RefCell::default(), Cell::default(), RefCell::default());
        Self { document, scope, anything, nodes, kept, patterns }
    }
}

impl Lazy {
    pub(super) fn new(all: Vec<Located>) -> Rc<Self> {
        Self::judged(all, false)
    }

    pub(super) fn judged(all: Vec<Located>, is_judged: bool) -> Rc<Self> {
        Rc::new(Self { all, is_judged, node: OnceCell::new() })
    }

    pub(super) fn at(&self) -> &str {
        self.all.first().map_or("", |located| &located.at)
    }
}

/// One schema.
pub(super) struct Node {
    pub(super) kind: Kind,
    pub(super) at: String,
    /// The references that lead to it.
    pub(super) references: Vec<String>,
    /// What it admits, if only validation can tell.
    pub(super) judge: Option<Judge>,
    pub(super) height: Cell<Height>,
}

/// A validator that is made when it is first needed.
pub(super) struct Judge {
    pub(super) all: Vec<Rc<Value>>,
    pub(super) validator: OnceCell<Option<Arc<Validator>>>,
}

impl Judge {
    /// What all of these schemas admit.
    pub(super) fn new(all: Vec<Rc<Value>>) -> Self {
        Self { all, validator: OnceCell::new() }
    }

    pub(super) fn admits(&self, document: &Document, value: &Value) -> bool {
        let validator = self.validator.get_or_init(|| {
            let all: Vec<&Value> = self.all.iter().map(AsRef::as_ref).collect();
            document.validator(&all, "").ok()
        });
        // The whole is validated, too.
        validator.as_ref().is_none_or(|validator| validator.is_valid(value))
    }
}

/// How values are drawn.
pub(super) enum Kind {
    /// There are none, for this reason.
    Never(SchemaError),
    /// One of these, by weight.
    Choice(Vec<(u32, Rc<Lazy>)>),
    Listed(Vec<Value>),
    /// One of these types, by weight; now and then a value that the schema itself names.
    Types {
        shapes: Vec<(u32, Shape)>,
        likely: Vec<Value>,
    },
}

/// The values of one type.
pub(super) enum Shape {
    Null,
    Boolean,
    Any,
    Scalar(BoxedStrategy<Value>),
    List(List),
    Object(Object),
}

/// What `contains` asks for.
pub(super) struct Contains {
    pub(super) element: Located,
    pub(super) least: usize,
    pub(super) most: usize,
}

/// Elements by place, and by which `contains` they are to meet.
pub(super) type Elements = HashMap<(usize, Option<usize>), Rc<Lazy>>;

/// Lists.
pub(super) struct List {
    pub(super) parts: Vec<Rc<Part>>,
    /// How many elements have a schema of their own.
    pub(super) firsts: usize,
    pub(super) least: usize,
    pub(super) most: usize,
    pub(super) is_unique: bool,
    pub(super) contains: Vec<Contains>,
    pub(super) has_tuples_in_items: bool,
    pub(super) elements: RefCell<Elements>,
    /// How many elements can have a value.
    pub(super) reach: OnceCell<usize>,
}

/// Where names of members come from that no schema states.
pub(super) enum Names {
    /// Those that languages treat differently.
    Keys,
    /// Those that `propertyNames` admits.
    Admitted(Rc<Lazy>),
    /// Those that match a pattern of `patternProperties`.
    Matching(BoxedStrategy<String>),
}

/// Objects.
pub(super) struct Object {
    pub(super) parts: Vec<Rc<Part>>,
    /// The members that the schema names, and whether they are required.
    pub(super) stated: Vec<(String, bool)>,
    pub(super) least: usize,
    pub(super) most: usize,
    /// What must be there if another member is.
    pub(super) dependents: Vec<(String, Vec<String>)>,
    /// Which names are admitted.
    pub(super) names: Option<Judge>,
    /// Whether something is said of members that are not named.
    pub(super) is_open: bool,
    pub(super) sources: OnceCell<Vec<Names>>,
    pub(super) members: RefCell<HashMap<String, Rc<Lazy>>>,
}

/// What is known of a height so far.
#[derive(Clone, Copy, Default)]
pub(super) struct Height {
    /// A height that suffices.
    pub(super) enough: Option<u32>,
    /// Heights below this do not suffice.
    pub(super) more_than: u32,
}

/// Draws any value.
pub(super) struct Anything {
    pub(super) scalars: BoxedStrategy<Value>,
    pub(super) scope: Scope,
}
