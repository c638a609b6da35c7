//! Lists: empty, as short and as long as they may be, with an element twice, and in another order.

use std::cell::{OnceCell, RefCell};
use std::collections::HashSet;
use std::rc::Rc;

use parity_json::pointer;
use serde_json::Value;

use super::draw::Draw;
use super::error::{SchemaError, contradiction};
use super::flat::{Flat, Located, Part};
use super::merge::whole;
use super::model::{Contains, Drawing, Lazy, List};
use crate::scope::Scope;

/// Beyond, a list at its greatest length is not drawn: it would only cost time.
const LONG: usize = 1000;

/// Sizes at which people set limits, and one more and one less.
const LIMITS: &[usize] = &[10, 11, 20, 21, 50, 51, 99, 100, 100, 100, 100, 101, 101, 101, 1000, 1001];

/// One list of so many in large documents has such a size.
const LIMITED: usize = 25;

/// A list in a document of more values stays as short as it is elsewhere.
const CROWDED: u32 = 100;

/// How often another element is drawn where all must be distinct.
const TRIES: usize = 300;

/// A count, which may be written with decimals.
pub(super) fn count(value: Option<&Value>) -> Option<usize> {
    value.and_then(whole).and_then(|count| usize::try_from(count).ok())
}

impl List {
    pub(super) fn new(drawing: &Drawing, flat: &Flat, at: &str) -> Result<Self, SchemaError> {
        let counts =
            |name: &str| flat.parts.iter().filter_map(|part| count(part.keywords.get(name))).collect::<Vec<_>>();
        let least = counts("minItems").into_iter().max().unwrap_or(0);
        let most = counts("maxItems").into_iter().min().unwrap_or(usize::MAX);
        if most < least {
            return Err(contradiction(at, "minItems is greater than maxItems"));
        }
        let contains = flat.parts.iter().filter_map(|part| {
            let schema = part.keywords.get("contains")?.clone();
            Some(Contains {
                element: Located::new(schema, pointer::child(&part.at, "contains")),
                least: count(part.keywords.get("minContains")).unwrap_or(1),
                most: count(part.keywords.get("maxContains")).unwrap_or(usize::MAX),
            })
        });
        let mut list = Self {
            parts: flat.parts.clone(),
            firsts: 0,
            least,
            most,
            is_unique: flat.parts.iter().any(|part| part.keywords.get("uniqueItems") == Some(&Value::Bool(true))),
            contains: contains.collect(),
            has_tuples_in_items: drawing.document.has_tuples_in_items(),
            elements: RefCell::default(),
            reach: OnceCell::new(),
        };
        list.firsts =
            list.parts.iter().map(|part| list.tuple(part).map_or(0, |(_, tuple, _)| tuple.len())).max().unwrap_or(0);
        Ok(list)
    }

    /// The elements that have schemas of their own, by their keyword, and the keyword of the others. Older drafts have a list
    /// under `items` and the rest under `additionalItems`.
    fn tuple<'p>(&self, part: &'p Part) -> Option<(&'static str, &'p Vec<Value>, &'static str)> {
        let list = |name: &'static str, rest| Some((name, part.keywords.get(name)?.as_array()?, rest));
        let items = || self.has_tuples_in_items.then(|| list("items", "additionalItems")).flatten();
        list("prefixItems", "items").or_else(items)
    }

    /// The element at a place; `wanted` is what of `contains` it must meet.
    fn element(&self, index: usize, wanted: Option<usize>) -> Rc<Lazy> {
        let index = index.min(self.firsts);
        let make = || {
            let mut all = Vec::new();
            let mut is_stated = false;
            for part in &self.parts {
                let (name, tuple, rest) =
                    self.tuple(part).map_or(("", &[][..], "items"), |(name, tuple, rest)| (name, &tuple[..], rest));
                if let Some(schema) = tuple.get(index) {
                    let at = pointer::child(&pointer::child(&part.at, name), &index.to_string());
                    all.push(Located::new(schema.clone(), at));
                    is_stated = true;
                } else if let Some(schema) = part.keywords.get(rest) {
                    all.push(Located::new(schema.clone(), pointer::child(&part.at, rest)));
                    is_stated = true;
                }
            }
            for part in self.parts.iter().filter(|_| !is_stated && wanted.is_none()) {
                if let Some(schema) = part.keywords.get("unevaluatedItems") {
                    all.push(Located::new(schema.clone(), pointer::child(&part.at, "unevaluatedItems")));
                }
            }
            all.extend(wanted.map(|wanted| self.contains[wanted].element.clone()));
            Lazy::new(all)
        };
        Rc::clone(self.elements.borrow_mut().entry((index, wanted)).or_insert_with(make))
    }

    /// What every list holds.
    pub(super) fn needs(&self) -> Vec<Rc<Lazy>> {
        let wanted = self.contains.iter().enumerate().filter(|(_, contains)| contains.least > 0);
        let place = if self.most > self.firsts { self.firsts } else { 0 };
        let wanted = wanted.map(|(index, _)| self.element(place, Some(index)));
        (0..self.least.min(self.firsts + 1)).map(|index| self.element(index, None)).chain(wanted).collect()
    }

    /// All kinds of elements.
    pub(super) fn all(&self) -> Vec<Rc<Lazy>> {
        let wanted = (0..self.contains.len()).map(|wanted| self.element(self.firsts, Some(wanted)));
        (0..=self.firsts).map(|index| self.element(index, None)).chain(wanted).collect()
    }

    fn reach(&self, drawing: &Drawing) -> usize {
        *self.reach.get_or_init(|| {
            let unreachable = (0..=self.firsts).find(|index| !drawing.has_values(&self.element(*index, None)));
            unreachable.unwrap_or(usize::MAX)
        })
    }

    pub(super) fn draw(&self, draw: &mut Draw<'_, '_>) -> Option<Value> {
        // What meets a `contains` may stand where nothing else does.
        let reach = if self.contains.is_empty() { self.reach(draw.drawing) } else { usize::MAX };
        let most = self.most.min(reach);
        let length = self.length(draw, most);
        let wanted = self.wanted(draw, length, most)?;
        let is_needed = |index: usize| index < self.least || wanted[index..].iter().any(Option::is_some);
        let mut elements = Vec::new();
        let mut seen = HashSet::new();
        for (index, kind) in wanted.iter().enumerate() {
            let element = self.element(index, *kind);
            let tries = if self.is_unique { TRIES } else { 1 };
            let found = (0..tries).find_map(|_| {
                let value = draw.draw(&element)?;
                (!self.is_unique || seen.insert(text_by_value(&value))).then_some(value)
            });
            match found {
                Some(value) => elements.push(value),
                None if is_needed(index) => return None,
                None => break,
            }
        }
        if self.firsts == 0 && !draw.is_small() {
            match draw.below(18) {
                0..2 => elements.reverse(),
                2..4 if !self.is_unique && elements.len() < most => elements.extend(elements.first().cloned()),
                _ => {}
            }
        }
        Some(Value::Array(elements))
    }

    fn length(&self, draw: &mut Draw<'_, '_>, most: usize) -> usize {
        let more = draw.drawing.scope.max_len();
        if draw.is_small() {
            return self.least;
        }
        if self.firsts > 0 {
            let whole = self.least.max(self.firsts.min(most));
            return match draw.below(4) {
                0 => draw.between(self.least, whole),
                _ => draw.between(whole, whole.saturating_add(more).min(most)),
            };
        }
        // A list that must be long is also drawn twice as long.
        let usual = most.min(more.max(self.least.saturating_add(self.least.clamp(1, 100))).max(self.least));
        if draw.drawing.scope >= Scope::Normal && draw.count() < CROWDED && draw.below(LIMITED) == 0 {
            let limit = LIMITS[draw.below(LIMITS.len())];
            if (self.least..=most).contains(&limit) {
                return limit;
            }
        }
        match draw.below(40) {
            0 if most <= LONG && draw.drawing.scope >= Scope::Normal => most,
            1 if most <= LONG && draw.drawing.scope >= Scope::Normal => draw.between(self.least, most),
            0..8 => self.least,
            _ => draw.between(self.least, usual),
        }
    }

    /// Which element must meet which `contains`.
    fn wanted(&self, draw: &mut Draw<'_, '_>, length: usize, most: usize) -> Option<Vec<Option<usize>>> {
        let mut wanted: Vec<Option<usize>> = Vec::new();
        for (index, contains) in self.contains.iter().enumerate() {
            let more = if draw.is_small() { 0 } else { draw.below(2) };
            let count = contains.least.saturating_add(more).min(contains.most).max(contains.least);
            wanted.extend(std::iter::repeat_n(Some(index), count.min(LONG)));
        }
        if wanted.len() > most {
            return None;
        }
        wanted.resize(wanted.len().max(length), None);
        if !self.contains.is_empty() {
            for index in (1..wanted.len()).rev() {
                wanted.swap(index, draw.below(index + 1));
            }
        }
        Some(wanted)
    }
}

/// The text of a value in which 1 is 1.0.
fn text_by_value(value: &Value) -> String {
    fn by_value(value: &Value) -> Value {
        match value {
            Value::Number(number) => {
                whole(value).map_or_else(|| number.as_f64().map_or_else(|| value.clone(), Value::from), Value::from)
            }
            Value::Array(elements) => elements.iter().map(by_value).collect(),
            Value::Object(members) => members.iter().map(|(name, member)| (name.clone(), by_value(member))).collect(),
            other => other.clone(),
        }
    }
    parity_json::compact_text(&by_value(value))
}
