//! Draws values of a node. Nothing is drawn ahead, and what refers to itself becomes as small as it may once it has gone round
//! a few times.

use std::collections::HashMap;
use std::rc::Rc;

use proptest::prelude::Rng;
use proptest::strategy::{BoxedStrategy, Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use serde_json::Value;

use super::error::{SchemaError, SchemaProblem};
use super::found::TRIES;
use super::model::{Drawing, Kind, Lazy, Node, Shape};

/// From so many values on, what refers to itself becomes as small as it may.
const RECURSIVE: u32 = 150;

/// From so many values on, everything does.
const MOST: u32 = 4000;

/// From so many levels on, everything does: deeper documents do not pass between processes.
const DEEPEST: u32 = 60;

/// One value in the making.
pub(super) struct Draw<'d, 'r> {
    pub(super) drawing: &'d Drawing,
    pub(super) runner: &'r mut TestRunner,
    /// How often each reference was followed to come here.
    open: HashMap<String, u32>,
    /// How many references were followed more than once, and too often.
    nested: [u32; 2],
    depth: u32,
    drawn: u32,
    tries: u32,
    /// Where nothing was found.
    failed: Option<SchemaError>,
}

impl<'d, 'r> Draw<'d, 'r> {
    /// A value of `root`, or where none was found.
    pub(super) fn value(
        drawing: &'d Drawing,
        runner: &'r mut TestRunner,
        root: &Rc<Lazy>,
    ) -> Result<Value, SchemaError> {
        let (open, failed) = (HashMap::new(), None);
        let mut draw = Self { drawing, runner, open, nested: [0; 2], depth: 0, drawn: 0, tries: TRIES, failed };
        loop {
            match draw.draw(root) {
                Some(value) if drawing.document.holds(&value) => return Ok(value),
                _ => {}
            }
            if draw.tries == 0 {
                let nothing = || SchemaError::new("", SchemaProblem::NotFound { tries: TRIES });
                return Err(draw.failed.unwrap_or_else(nothing));
            }
            draw.tries = draw.tries.saturating_sub(1);
        }
    }

    /// A value of `lazy`, if one was found.
    pub(super) fn draw(&mut self, lazy: &Rc<Lazy>) -> Option<Value> {
        let node = self.drawing.node(lazy);
        self.enter(&node);
        let value = self.admitted(&node);
        if value.is_none() && self.failed.is_none() {
            self.failed = Some(SchemaError::new(&node.at, SchemaProblem::NotFound { tries: TRIES }));
        }
        self.leave(&node);
        value
    }

    fn admitted(&mut self, node: &Node) -> Option<Value> {
        let Some(judge) = &node.judge else { return self.attempt(node) };
        let before = self.drawn;
        while self.tries > 0 {
            match self.attempt(node) {
                Some(value) if judge.admits(&self.drawing.document, &value) => return Some(value),
                _ => {}
            }
            self.drawn = before;
            self.tries = self.tries.saturating_sub(1);
        }
        None
    }

    fn attempt(&mut self, node: &Node) -> Option<Value> {
        self.drawn += 1;
        match &node.kind {
            Kind::Never(_) => None,
            Kind::Listed(values) => Some(values[self.below(values.len())].clone()),
            Kind::Choice(branches) => {
                let drawing = self.drawing;
                let branch =
                    self.pick(branches, |branch| drawing.has_values(branch), |branch| drawing.height(branch))?;
                self.draw(branch)
            }
            Kind::Types { likely, .. } if !likely.is_empty() && self.below(4) == 0 => {
                Some(likely[self.below(likely.len())].clone())
            }
            Kind::Types { shapes, .. } => {
                let drawing = self.drawing;
                let height = |shape: &Shape| drawing.height_of_shape(shape);
                let shape = self.pick(shapes, |shape| height(shape).is_some(), height)?;
                self.shape(shape)
            }
        }
    }

    fn shape(&mut self, shape: &Shape) -> Option<Value> {
        match shape {
            Shape::Null => Some(Value::Null),
            Shape::Boolean => Some(Value::Bool(self.below(2) == 1)),
            Shape::Any => self.drawing.anything.draw(self.runner),
            Shape::Scalar(strategy) => self.of(strategy),
            Shape::List(list) => list.draw(self),
            Shape::Object(object) => object.draw(self),
        }
    }

    /// A value of a strategy.
    pub(super) fn of<T: std::fmt::Debug>(&mut self, strategy: &BoxedStrategy<T>) -> Option<T> {
        strategy.new_tree(self.runner).ok().map(|tree| tree.current())
    }

    /// One of `choices` by weight that has values, or the lowest one where values are to be small.
    fn pick<'c, T>(
        &mut self,
        choices: &'c [(u32, T)],
        has_values: impl Fn(&T) -> bool,
        height: impl Fn(&T) -> Option<u32>,
    ) -> Option<&'c T> {
        let mut left: Vec<&(u32, T)> = if self.is_small() {
            let heights: Vec<Option<u32>> = choices.iter().map(|(_, choice)| height(choice)).collect();
            let lowest = heights.iter().flatten().min().copied()?;
            choices
                .iter()
                .zip(heights)
                .filter(|(_, height)| *height == Some(lowest))
                .map(|(choice, _)| choice)
                .collect()
        } else {
            choices.iter().collect()
        };
        while !left.is_empty() {
            let total = left.iter().map(|(weight, _)| *weight as usize).sum();
            let mut chosen = self.below(total);
            let index = left.iter().position(|(weight, _)| {
                let is_it = chosen < *weight as usize;
                chosen = chosen.saturating_sub(*weight as usize);
                is_it
            })?;
            let (_, choice) = left.remove(index);
            if has_values(choice) {
                return Some(choice);
            }
        }
        None
    }

    /// Whether values are to be as small as they may.
    pub(super) fn is_small(&self) -> bool {
        let [recursive, endless] = self.nested;
        endless > 0 || (recursive > 0 && self.drawn > RECURSIVE) || self.drawn > MOST || self.depth > DEEPEST
    }

    fn most_nested(&self) -> u32 {
        u32::try_from(self.drawing.scope.max_len().min(3)).unwrap_or(3)
    }

    fn enter(&mut self, node: &Node) {
        self.depth += 1;
        for reference in &node.references {
            let count = self.open.entry(reference.clone()).or_default();
            *count += 1;
            let count = *count;
            self.nested[0] += u32::from(count == 2);
            self.nested[1] += u32::from(count == self.most_nested() + 1);
        }
    }

    fn leave(&mut self, node: &Node) {
        self.depth -= 1;
        for reference in &node.references {
            let count = self.open.get_mut(reference).map_or(0, |count| {
                *count -= 1;
                *count
            });
            self.nested[0] -= u32::from(count == 1);
            self.nested[1] -= u32::from(count == self.most_nested());
        }
    }

    /// How many values were drawn so far.
    pub(super) fn count(&self) -> u32 {
        self.drawn
    }

    /// A number below `limit`, which is at least 1.
    #[expect(clippy::cast_possible_truncation, reason = "the remainder is below a usize")]
    pub(super) fn below(&mut self, limit: usize) -> usize {
        (self.runner.rng().next_u64() % limit.max(1) as u64) as usize
    }

    /// A number between two others, both included.
    pub(super) fn between(&mut self, least: usize, most: usize) -> usize {
        least.saturating_add(self.below(most.saturating_sub(least).saturating_add(1)))
    }
}
