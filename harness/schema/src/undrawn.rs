//! What of a schema is never drawn because nothing was found: a reader is told, as nothing that depends on it is compared.

use std::collections::HashSet;
use std::rc::Rc;

use super::error::{SchemaError, SchemaProblem};
use super::model::{Drawing, Kind, Lazy, Shape};

/// How many schemas are looked at.
const MOST: usize = 500;

/// The places below `root` of which nothing was found. A contradiction is none: it admits nothing.
pub(super) fn undrawn(drawing: &Drawing, root: &Rc<Lazy>) -> Vec<SchemaError> {
    let mut errors: Vec<SchemaError> = Vec::new();
    let (mut open, mut seen) = (vec![Rc::clone(root)], HashSet::new());
    while let Some(lazy) = open.pop() {
        let node = drawing.node(&lazy);
        if seen.len() >= MOST || !seen.insert(Rc::as_ptr(&node)) {
            continue;
        }
        match &node.kind {
            Kind::Never(error) => {
                let is_known = errors.iter().any(|known| known.at == error.at);
                let may_have_values =
                    matches!(error.problem, SchemaProblem::Pattern { .. } | SchemaProblem::NotFound { .. });
                if may_have_values && !is_known {
                    errors.push(error.clone());
                }
            }
            Kind::Choice(branches) => open.extend(branches.iter().map(|(_, branch)| Rc::clone(branch))),
            Kind::Listed(_) => {}
            Kind::Types { shapes, .. } => {
                for (_, shape) in shapes {
                    match shape {
                        Shape::List(list) => open.extend(list.all()),
                        Shape::Object(object) => open.extend(object.all(drawing)),
                        _ => {}
                    }
                }
            }
        }
    }
    errors.sort_by(|one, other| one.at.cmp(&other.at));
    errors
}
