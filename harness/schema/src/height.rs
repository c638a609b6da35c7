//! How deep the smallest value of a schema is, which is how recursion ends: whoever has drawn enough goes where it is least.

use std::rc::Rc;

use super::error::{SchemaError, SchemaProblem};
use super::model::{Drawing, Height, Kind, Lazy, Node, Shape};

/// Deeper values than this are taken for endless.
const MOST: u32 = 80;

impl Drawing {
    /// The height of the smallest value; none if there is no value.
    pub(super) fn height(&self, lazy: &Lazy) -> Option<u32> {
        (0..=MOST).find(|levels| self.is_within(lazy, *levels))
    }

    /// Whether there is a value at all.
    pub(super) fn has_values(&self, lazy: &Lazy) -> bool {
        self.is_within(lazy, MOST)
    }

    /// Whether some value is at most so many levels high.
    fn is_within(&self, lazy: &Lazy, levels: u32) -> bool {
        let node = self.node(lazy);
        let known = node.height.get();
        if levels < known.more_than {
            return false;
        }
        if known.enough.is_some_and(|enough| enough <= levels) {
            return true;
        }
        let is_within = self.is_node_within(&node, levels);
        let known = node.height.get();
        node.height.set(if is_within {
            Height { enough: Some(known.enough.map_or(levels, |enough| enough.min(levels))), ..known }
        } else {
            Height { more_than: known.more_than.max(levels + 1), ..known }
        });
        is_within
    }

    fn is_node_within(&self, node: &Node, levels: u32) -> bool {
        let below = |lazy: &Rc<Lazy>| levels > 0 && self.is_within(lazy, levels - 1);
        match &node.kind {
            Kind::Never(_) => false,
            Kind::Choice(branches) => branches.iter().any(|(_, branch)| below(branch)),
            Kind::Listed(_) => true,
            Kind::Types { shapes, .. } => shapes.iter().any(|(_, shape)| self.needs(shape).iter().all(below)),
        }
    }

    /// What every value of this shape holds.
    fn needs(&self, shape: &Shape) -> Vec<Rc<Lazy>> {
        match shape {
            Shape::List(list) => list.needs(),
            Shape::Object(object) => object.needs(self),
            _ => Vec::new(),
        }
    }

    /// How high the smallest value of this shape is above what it holds.
    pub(super) fn height_of_shape(&self, shape: &Shape) -> Option<u32> {
        let needs = self.needs(shape);
        let heights = needs.iter().map(|lazy| self.height(lazy));
        heights.collect::<Option<Vec<u32>>>().map(|heights| heights.into_iter().max().map_or(0, |most| most + 1))
    }

    /// Why there is no value.
    pub(super) fn why_none(&self, lazy: &Lazy) -> SchemaError {
        let mut path = Vec::new();
        self.reason(lazy, &mut path).unwrap_or_else(|| SchemaError::new(&self.node(lazy).at, SchemaProblem::Endless))
    }

    fn reason(&self, lazy: &Lazy, path: &mut Vec<*const Node>) -> Option<SchemaError> {
        let node = self.node(lazy);
        let id = Rc::as_ptr(&node);
        if path.contains(&id) {
            // Its place is where it was met again.
            let at = lazy.all.first().map_or("", |located| &located.at);
            return Some(SchemaError::new(at, SchemaProblem::Endless));
        }
        path.push(id);
        let mut first_of = |lazies: Vec<Rc<Lazy>>| {
            lazies.iter().filter(|lazy| !self.has_values(lazy)).find_map(|lazy| self.reason(lazy, path))
        };
        match &node.kind {
            Kind::Never(error) => Some(error.clone()),
            Kind::Choice(branches) => first_of(branches.iter().map(|(_, branch)| Rc::clone(branch)).collect()),
            Kind::Listed(_) => None,
            Kind::Types { shapes, .. } => first_of(shapes.iter().flat_map(|(_, shape)| self.needs(shape)).collect()),
        }
    }
}
