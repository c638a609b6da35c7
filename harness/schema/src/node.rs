//! One schema as it is drawn from: a choice of others, listed values, or a shape for each type. Nodes are made when they are
//! first needed, and once for each text, so that schemas that refer to themselves stay small.

use std::cell::Cell;
use std::rc::Rc;

use proptest::strategy::BoxedStrategy;
use serde_json::{Map, Value, json};

use super::error::{SchemaError, contradiction};
use super::flat::{Flat, Located};
use super::merge::{merge, types};
use super::model::{Drawing, Judge, Kind, Lazy, List, Node, Object, Shape};

/// How long the texts of all nodes that are kept are together, in bytes.
const MOST_KEPT: usize = 20_000_000;

/// The keywords that say something of one type alone, for schemas that leave the type out.
const TYPES_OF_KEYWORDS: &[(&str, &[&str])] = &[
    (
        "object",
        &[
            "properties",
            "required",
            "additionalProperties",
            "patternProperties",
            "propertyNames",
            "minProperties",
            "maxProperties",
            "dependentRequired",
            "unevaluatedProperties",
        ],
    ),
    (
        "array",
        &[
            "items",
            "prefixItems",
            "additionalItems",
            "contains",
            "minItems",
            "maxItems",
            "uniqueItems",
            "unevaluatedItems",
        ],
    ),
    ("string", &["pattern", "format", "minLength", "maxLength"]),
    ("number", &["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"]),
];

impl Drawing {
    /// The node of a schema.
    pub(super) fn node(&self, lazy: &Lazy) -> Rc<Node> {
        Rc::clone(lazy.node.get_or_init(|| {
            let key = format!("{}{}", u8::from(lazy.is_judged), text_of(&lazy.all));
            if let Some(node) = self.nodes.borrow().get(&key) {
                return Rc::clone(node);
            }
            let node = Rc::new(self.make(lazy));
            let kept = self.kept.get() + key.len();
            if kept < MOST_KEPT {
                self.kept.set(kept);
                self.nodes.borrow_mut().insert(key, Rc::clone(&node));
            }
            node
        }))
    }

    /// Whether a pattern is found in a name. What is no regular expression is found in none.
    pub(super) fn is_match(&self, pattern: &str, name: &str) -> bool {
        let make = || self.document.validator(&[&json!({"pattern": pattern})], "").ok();
        let mut patterns = self.patterns.borrow_mut();
        let validator = patterns.entry(pattern.to_owned()).or_insert_with(make);
        validator.as_ref().is_some_and(|validator| validator.is_valid(&name.into()))
    }

    fn make(&self, lazy: &Lazy) -> Node {
        let flat = Flat::of(&self.document, &lazy.all);
        let at = lazy.at().to_owned();
        let kind = self.kind(&flat, &at).unwrap_or_else(Kind::Never);
        let all = || lazy.all.iter().map(|located| Rc::clone(&located.schema)).collect();
        let judge = (flat.is_judged && !lazy.is_judged).then(|| Judge::new(all()));
        Node { kind, at, references: flat.references, judge, height: Cell::default() }
    }

    fn kind(&self, flat: &Flat, at: &str) -> Result<Kind, SchemaError> {
        if let Some(error) = &flat.never {
            return Err(error.clone());
        }
        let types = types_of(flat);
        if types.is_empty() {
            return Err(contradiction(at, "the types exclude one another"));
        }
        if let Some(listed) = listed(flat) {
            if listed.is_empty() {
                return Err(contradiction(at, "no value is in every enum"));
            }
            let values = self.admitted(flat, listed, at)?;
            if values.is_empty() {
                return Err(contradiction(at, "no value of enum or const meets the other keywords"));
            }
            // A choice may still refuse some of them.
            if flat.branches().is_none() {
                return Ok(Kind::Listed(values));
            }
        }
        if let Some(branches) = flat.branches() {
            let branch = |(weight, all): (u32, Vec<Located>)| (weight, Lazy::judged(all, flat.is_judged));
            return Ok(Kind::Choice(branches.into_iter().map(branch).collect()));
        }
        let mut shapes = Vec::new();
        let mut refused = None;
        for name in &types {
            match self.shape(name, flat, at) {
                Ok(shape) => shapes.push((if name == "null" { 1 } else { 3 }, shape)),
                Err(error) => drop(refused.get_or_insert(error)),
            }
        }
        let examples = flat.parts.iter().flat_map(|part| {
            let examples = part.keywords.get("examples").and_then(Value::as_array).into_iter().flatten();
            examples.chain(part.keywords.get("default"))
        });
        let likely: Vec<Value> = examples.cloned().collect();
        let likely = if likely.is_empty() { likely } else { self.admitted(flat, likely, at)? };
        match refused {
            Some(error) if shapes.is_empty() && likely.is_empty() => Err(error),
            // What cannot be found may be stated.
            Some(_) if shapes.is_empty() => Ok(Kind::Listed(likely)),
            _ => Ok(Kind::Types { shapes, likely }),
        }
    }

    /// Those of `values` that all parts admit.
    fn admitted(&self, flat: &Flat, mut values: Vec<Value>, at: &str) -> Result<Vec<Value>, SchemaError> {
        let parts: Vec<Value> = flat.parts.iter().map(|part| part.keywords.clone().into()).collect();
        let validator = self.document.validator(&parts.iter().collect::<Vec<_>>(), at)?;
        values.retain(|value| validator.is_valid(value));
        Ok(values)
    }

    fn shape(&self, name: &str, flat: &Flat, at: &str) -> Result<Shape, SchemaError> {
        match name {
            "null" => Ok(Shape::Null),
            "boolean" => Ok(Shape::Boolean),
            "array" => List::new(self, flat, at).map(Shape::List),
            "object" => Object::new(flat, at).map(Shape::Object),
            "any" => Ok(Shape::Any),
            scalar => self.scalar(scalar, flat, at).map(Shape::Scalar),
        }
    }

    fn scalar(&self, name: &str, flat: &Flat, at: &str) -> Result<BoxedStrategy<Value>, SchemaError> {
        let kind = if name == "integer" { "number" } else { name };
        let keywords = TYPES_OF_KEYWORDS.iter().find(|(of, _)| *of == kind).map_or(&[][..], |(_, keywords)| keywords);
        let of_type = |part: &Map<String, Value>| -> Map<String, Value> {
            let said = part.iter().filter(|(keyword, _)| keywords.contains(&keyword.as_str()));
            said.map(|(keyword, value)| (keyword.clone(), value.clone())).collect()
        };
        let parts: Vec<Map<String, Value>> = flat.parts.iter().map(|part| of_type(&part.keywords)).collect();
        let whole = json!({"type": name, "allOf": parts});
        let validator = self.document.validator(&[&whole], at)?;
        let merged = parts.iter().fold(Map::new(), merge);
        match name {
            "string" => self.text(&parts, &merged, &validator, at),
            "integer" => self.integer(&merged, &validator, at),
            _ => self.number(&merged, &validator, at),
        }
    }
}

fn text_of(all: &[Located]) -> String {
    let texts: Vec<String> = all.iter().map(|located| located.schema.to_string()).collect();
    texts.join("&")
}

/// The values that every `enum` and `const` lists, if there are any of these.
fn listed(flat: &Flat) -> Option<Vec<Value>> {
    let lists = flat.parts.iter().flat_map(|part| {
        let listed = part.keywords.get("enum").and_then(Value::as_array).cloned();
        listed.into_iter().chain(part.keywords.get("const").map(|value| vec![value.clone()]))
    });
    // By value: 1 is 1.0. That is left to the validator, where several lists have different spellings.
    lists.reduce(|one, other| if other.len() < one.len() { other } else { one })
}

/// The types that all parts admit.
fn types_of(flat: &Flat) -> Vec<String> {
    let stated: Vec<Map<String, Value>> = flat
        .parts
        .iter()
        .filter_map(|part| Some(Map::from_iter([("type".to_owned(), part.keywords.get("type")?.clone())])))
        .collect();
    if let Some((first, others)) = stated.split_first() {
        let merged = others.iter().fold(first.clone(), merge);
        return merged.get("type").map(types).unwrap_or_default();
    }
    let says = |keywords: &[&str]| {
        flat.parts.iter().any(|part| part.keywords.keys().any(|keyword| keywords.contains(&keyword.as_str())))
    };
    let meant: Vec<String> =
        TYPES_OF_KEYWORDS.iter().filter(|(_, keywords)| says(keywords)).map(|(name, _)| (*name).to_owned()).collect();
    if meant.is_empty() { vec!["any".to_owned()] } else { meant }
}
