//! Schemas that must hold at once as flat lists of keywords: references and `allOf` are followed, and what leaves a choice is one.

use std::rc::Rc;

use parity_json::pointer;
use serde_json::{Map, Value, json};

use super::document::Document;
use super::error::{SchemaError, SchemaProblem};
use super::references::pointer_of;

/// A schema and where it stands.
#[derive(Clone, Debug)]
pub(super) struct Located {
    pub(super) schema: Rc<Value>,
    /// JSON Pointer into the document.
    pub(super) at: String,
    /// Whether it was worked out as the opposite of another one, whose opposites are not worked out again.
    is_opposite: bool,
}

impl Located {
    pub(super) fn new(schema: Value, at: String) -> Self {
        Self { schema: Rc::new(schema), at, is_opposite: false }
    }

    /// A part of what this one says.
    fn says(&self, schema: Value) -> Self {
        Self { schema: Rc::new(schema), ..self.clone() }
    }

    /// The schema that stands behind `keys` of this one.
    fn child(&self, schema: &Value, keys: &[&str]) -> Self {
        let at = keys.iter().fold(self.at.clone(), |at, key| pointer::child(&at, key));
        Self { schema: Rc::new(schema.clone()), at, is_opposite: self.is_opposite }
    }
}

/// Keywords that say something of the value itself, and of its members and elements.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) keywords: Map<String, Value>,
    pub(super) at: String,
}

/// Of these branches one is chosen.
#[derive(Debug)]
struct Union {
    /// The keywords that say so, by themselves.
    sources: Vec<Located>,
    /// Weight and schemas of each branch.
    branches: Vec<(u32, Vec<Located>)>,
}

/// Something that holds or does not: a condition, or a member on which others depend.
#[derive(Debug)]
struct Switch {
    source: Located,
    on: Located,
    off: Located,
}

/// Up to so many switches are turned independently of one another. Of more, one is on, or none.
const INDEPENDENT: usize = 3;

/// What must hold at once.
#[derive(Debug, Default)]
pub(super) struct Flat {
    pub(super) parts: Vec<Rc<Part>>,
    unions: Vec<Union>,
    switches: Vec<Switch>,
    /// The references that were followed.
    pub(super) references: Vec<String>,
    /// Whether only validation can tell if a value that is drawn from this is valid.
    pub(super) is_judged: bool,
    /// Why nothing can be drawn.
    pub(super) never: Option<SchemaError>,
}

/// What keywords say that are not drawn from exactly.
const JUDGED: &[&str] = &[
    "unevaluatedProperties",
    "unevaluatedItems",
    "dependentRequired",
    "minProperties",
    "maxProperties",
    "maxContains",
];

impl Flat {
    pub(super) fn of(document: &Document, all: &[Located]) -> Self {
        let mut flat = Self::default();
        for located in all {
            flat.add(document, located);
        }
        flat.choose_switches();
        flat
    }

    fn add(&mut self, document: &Document, located: &Located) {
        match located.schema.as_ref() {
            Value::Object(keywords) => self.add_keywords(document, located, keywords),
            Value::Bool(false) => {
                let what = "the schema false admits no value, and one is needed".to_owned();
                self.never.get_or_insert(SchemaError::new(&located.at, SchemaProblem::Contradiction(what)));
            }
            _ => {}
        }
    }

    fn add_keywords(&mut self, document: &Document, located: &Located, keywords: &Map<String, Value>) {
        if let Some(pointer) = keywords.get("$ref").and_then(Value::as_str).and_then(pointer_of) {
            // Whoever meets a reference again on the way says nothing new.
            if !self.references.contains(&pointer) {
                self.references.push(pointer.clone());
                match document.part(&pointer) {
                    Some(target) => self.add(document, &Located::new(target.clone(), pointer)),
                    None => self.never = Some(SchemaError::new(&located.at, SchemaProblem::Reference(pointer))),
                }
            }
            if document.ref_stands_alone() {
                return;
            }
        }
        let mut rest = Map::new();
        for (keyword, value) in keywords {
            match (keyword.as_str(), value) {
                ("$ref" | "$defs" | "definitions" | "then" | "else" | "minContains" | "$schema", _) => {}
                ("allOf", Value::Array(parts)) => {
                    for (index, part) in parts.iter().enumerate() {
                        self.add(document, &located.child(part, &["allOf", &index.to_string()]));
                    }
                }
                ("anyOf" | "oneOf", Value::Array(branches)) => {
                    let is_one = keyword == "oneOf";
                    let branch = |(index, branch): (usize, &Value)| {
                        let keys = [keyword.as_str(), &index.to_string()];
                        let absent = is_one.then(|| without_others(branch, branches)).flatten();
                        let absent = absent.map(|absent| located.child(&absent, &keys));
                        (1, [located.child(branch, &keys)].into_iter().chain(absent).collect())
                    };
                    self.is_judged |= is_one;
                    let branches = branches.iter().enumerate().map(branch).collect();
                    self.unions.push(Union { sources: vec![located.says(json!({keyword: value}))], branches });
                }
                ("if", condition) => self.add_condition(located, keywords, condition),
                ("dependentSchemas" | "dependencies", Value::Object(dependents)) => {
                    let others = self.add_dependents(located, keyword, dependents);
                    if !others.is_empty() {
                        rest.insert("dependentRequired".to_owned(), others.into());
                        self.is_judged = true;
                    }
                }
                ("not", refused) => {
                    let opposite = (!located.is_opposite).then(|| document.opposite(refused)).flatten();
                    match opposite {
                        Some(opposite) => {
                            let opposite = Located { is_opposite: true, ..located.child(&opposite, &["not"]) };
                            self.add(document, &opposite);
                        }
                        None => self.is_judged = true,
                    }
                }
                ("contains", _) => {
                    rest.insert(keyword.clone(), value.clone());
                    if let Some(least) = keywords.get("minContains") {
                        rest.insert("minContains".to_owned(), least.clone());
                    }
                }
                _ => {
                    self.is_judged |= JUDGED.contains(&keyword.as_str());
                    rest.insert(keyword.clone(), value.clone());
                }
            }
        }
        if !rest.is_empty() {
            self.parts.push(Rc::new(Part { keywords: rest, at: located.at.clone() }));
        }
    }

    /// Either the condition and `then`, or `else`: whether the condition is not met is left to validation.
    fn add_condition(&mut self, located: &Located, keywords: &Map<String, Value>, condition: &Value) {
        let any = Value::Bool(true);
        let branch = |keyword: &str| keywords.get(keyword).unwrap_or(&any);
        let (then, otherwise) = (branch("then"), branch("else"));
        if *then == any && *otherwise == any {
            return;
        }
        self.is_judged = true;
        self.switches.push(Switch {
            source: located.says(json!({"if": condition, "then": then, "else": otherwise})),
            on: located.child(&json!({"allOf": [condition, then]}), &["then"]),
            off: located.child(otherwise, &["else"]),
        });
    }

    /// A member is absent, or what depends on it holds. Returns those that depend on members being there only.
    fn add_dependents(
        &mut self,
        located: &Located,
        keyword: &str,
        dependents: &Map<String, Value>,
    ) -> Map<String, Value> {
        let mut others = Map::new();
        for (name, dependent) in dependents {
            if dependent.is_array() {
                others.insert(name.clone(), dependent.clone());
                continue;
            }
            self.switches.push(Switch {
                source: located.says(json!({keyword: {name: dependent}})),
                on: located.child(&json!({"required": [name], "allOf": [dependent]}), &[keyword, name]),
                off: located.child(&json!({"properties": {name: false}}), &[keyword, name]),
            });
        }
        others
    }

    fn choose_switches(&mut self) {
        let switches = std::mem::take(&mut self.switches);
        if switches.len() <= INDEPENDENT {
            self.unions.extend(switches.into_iter().map(|Switch { source, on, off }| Union {
                sources: vec![source],
                branches: vec![(1, vec![on]), (1, vec![off])],
            }));
            return;
        }
        let turned = |on: Option<usize>| {
            let turned = |(index, switch): (usize, &Switch)| {
                if Some(index) == on { switch.on.clone() } else { switch.off.clone() }
            };
            (1, switches.iter().enumerate().map(turned).collect())
        };
        let branches = (0..switches.len()).map(|index| turned(Some(index))).chain([turned(None)]).collect();
        self.unions.push(Union { sources: switches.into_iter().map(|switch| switch.source).collect(), branches });
    }

    /// The branches of the first choice, each with all else that must hold, and with its weight.
    pub(super) fn branches(&self) -> Option<Vec<(u32, Vec<Located>)>> {
        let (first, others) = self.unions.split_first()?;
        let parts = self.parts.iter().map(|part| Located::new(part.keywords.clone().into(), part.at.clone()));
        let rest: Vec<Located> = parts.chain(others.iter().flat_map(|union| union.sources.clone())).collect();
        let branch = |(weight, branch): &(u32, Vec<Located>)| (*weight, rest.iter().chain(branch).cloned().collect());
        Some(first.branches.iter().map(branch).collect())
    }
}

/// The members that must be absent for `branch` to be the only one of `branches` that holds, as far as the others ask for nothing
/// but members.
fn without_others(branch: &Value, branches: &[Value]) -> Option<Value> {
    let required = |branch: &Value| -> Vec<String> {
        let names = branch.get("required").and_then(Value::as_array).into_iter().flatten();
        names.filter_map(|name| name.as_str().map(str::to_owned)).collect()
    };
    let asks_for_members_only = |branch: &&Value| {
        let keywords = branch.as_object().into_iter().flat_map(Map::keys);
        branch.get("required").is_some()
            && keywords.into_iter().all(|keyword| keyword == "required" || keyword == "type")
    };
    let own = required(branch);
    let others = branches.iter().filter(asks_for_members_only).filter(|other| *other != branch);
    let absent = others.filter_map(|other| required(other).into_iter().find(|name| !own.contains(name)));
    let absent: Map<String, Value> = absent.map(|name| (name, Value::Bool(false))).collect();
    (!absent.is_empty()).then(|| json!({"properties": absent}))
}
