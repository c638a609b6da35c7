//! Objects: all members that are required, some of those that are not, and others where the schema admits them.

use std::cell::{OnceCell, RefCell};
use std::collections::HashSet;
use std::rc::Rc;

use parity_json::pointer;
use proptest::strategy::Strategy;
use serde_json::{Map, Value, json};

use super::array::count;
use super::draw::Draw;
use super::edges;
use super::error::{SchemaError, contradiction};
use super::flat::{Flat, Located, Part};
use super::model::{Drawing, Judge, Lazy, Names, Object};
use super::pattern;
use crate::scope::Scope;

/// Of more members than this, about so many are there at once.
const USUAL: usize = 24;

/// How many members of open names there are now and then: limits that people set.
const LIMITS: &[usize] = &[10, 11, 100, 101];

/// One object of so many in large documents has so many members.
const LIMITED: usize = 100;

impl Object {
    pub(super) fn new(flat: &Flat, at: &str) -> Result<Self, SchemaError> {
        let parts = flat.parts.clone();
        let counts = |name: &str| parts.iter().filter_map(|part| count(part.keywords.get(name))).collect::<Vec<_>>();
        let least = counts("minProperties").into_iter().max().unwrap_or(0);
        let most = counts("maxProperties").into_iter().min().unwrap_or(usize::MAX);
        let required: Vec<&str> = parts.iter().flat_map(|part| texts(part.keywords.get("required"))).collect();
        if most < least || most < required.iter().collect::<HashSet<_>>().len() {
            return Err(contradiction(at, "maxProperties is less than the members that there must be"));
        }
        let properties = parts.iter().filter_map(|part| part.keywords.get("properties")?.as_object());
        let mut stated: Vec<(String, bool)> = Vec::new();
        let mut known = HashSet::new();
        for name in properties.flat_map(Map::keys).map(String::as_str).chain(required.iter().copied()) {
            if known.insert(name) {
                stated.push((name.to_owned(), required.contains(&name)));
            }
        }
        let dependents = parts.iter().filter_map(|part| part.keywords.get("dependentRequired")?.as_object()).flatten();
        let dependents: Vec<(String, Vec<String>)> =
            dependents.map(|(name, others)| (name.clone(), texts(Some(others)).map(str::to_owned).collect())).collect();
        let names: Vec<Rc<Value>> = parts
            .iter()
            .filter_map(|part| part.keywords.get("propertyNames"))
            .map(|names| Rc::new(names.clone()))
            .collect();
        let says = |keyword: &str| {
            parts.iter().filter_map(|part| part.keywords.get(keyword)).any(|said| *said != json!(false))
        };
        let is_map = stated.is_empty() && !says("patternProperties");
        let is_open =
            is_map || ["additionalProperties", "propertyNames", "unevaluatedProperties"].into_iter().any(says);
        Ok(Self {
            stated,
            least,
            most,
            dependents,
            names: (!names.is_empty()).then(|| Judge::new(names)),
            is_open,
            sources: OnceCell::new(),
            members: RefCell::default(),
            parts,
        })
    }

    /// What every object holds.
    pub(super) fn needs(&self, drawing: &Drawing) -> Vec<Rc<Lazy>> {
        self.stated.iter().filter(|(_, is_required)| *is_required).map(|(name, _)| self.member(drawing, name)).collect()
    }

    /// All members that the schema names.
    pub(super) fn all(&self, drawing: &Drawing) -> Vec<Rc<Lazy>> {
        self.stated.iter().map(|(name, _)| self.member(drawing, name)).collect()
    }

    /// The member of a name.
    fn member(&self, drawing: &Drawing, name: &str) -> Rc<Lazy> {
        if let Some(lazy) = self.members.borrow().get(name) {
            return Rc::clone(lazy);
        }
        let lazy = Lazy::new(self.schemas_of(drawing, name));
        self.members.borrow_mut().insert(name.to_owned(), Rc::clone(&lazy));
        lazy
    }

    fn schemas_of(&self, drawing: &Drawing, name: &str) -> Vec<Located> {
        let mut all = Vec::new();
        let (mut is_stated, mut unevaluated) = (false, Vec::new());
        for part in &self.parts {
            let located = |schema: &Value, keys: &[&str]| {
                let at = keys.iter().fold(part.at.clone(), |at, key| pointer::child(&at, key));
                Located::new(schema.clone(), at)
            };
            let mut is_known = false;
            if let Some(schema) = part.keywords.get("properties").and_then(|properties| properties.get(name)) {
                all.push(located(schema, &["properties", name]));
                is_known = true;
            }
            for (pattern, schema) in
                part.keywords.get("patternProperties").and_then(Value::as_object).into_iter().flatten()
            {
                if drawing.is_match(pattern, name) {
                    all.push(located(schema, &["patternProperties", pattern]));
                    is_known = true;
                }
            }
            if let Some(schema) = part.keywords.get("additionalProperties").filter(|_| !is_known) {
                all.push(located(schema, &["additionalProperties"]));
                is_known = true;
            }
            is_stated |= is_known;
            unevaluated.extend(
                part.keywords.get("unevaluatedProperties").map(|schema| located(schema, &["unevaluatedProperties"])),
            );
        }
        if !is_stated {
            all.append(&mut unevaluated);
        }
        if self.names.as_ref().is_some_and(|names| !names.admits(&drawing.document, &name.into())) {
            let at = self.parts.first().map_or("", |part| &part.at);
            all.push(Located::new(Value::Bool(false), pointer::child(at, "propertyNames")));
        }
        all
    }

    pub(super) fn draw(&self, draw: &mut Draw<'_, '_>) -> Option<Value> {
        let wanted = self.wanted(draw);
        let mut members = Map::new();
        for (name, is_required) in &self.stated {
            if !wanted.contains(&name.as_str()) {
                continue;
            }
            let member = self.member(draw.drawing, name);
            let value = draw.drawing.has_values(&member).then(|| draw.draw(&member)).flatten();
            match value {
                Some(value) => drop(members.insert(name.clone(), value)),
                None if *is_required => return None,
                None => {}
            }
        }
        for name in wanted.iter().filter(|name| !self.stated.iter().any(|(stated, _)| stated == *name)) {
            let member = self.member(draw.drawing, name);
            members.insert((*name).to_owned(), draw.draw(&member)?);
        }
        self.add_others(draw, &mut members);
        (members.len() >= self.least).then_some(Value::Object(members))
    }

    /// Which of the members that are stated there are, with those that they ask for.
    fn wanted<'s>(&'s self, draw: &mut Draw<'_, '_>) -> Vec<&'s str> {
        let is_small = draw.is_small();
        let optional = self.stated.iter().filter(|(_, is_required)| !is_required).count();
        let usual = if draw.drawing.scope == Scope::Tiny { (1, 3) } else { (3, 5) };
        let (some, of) = if optional > 2 * USUAL { (USUAL, optional) } else { usual };
        let mut wanted: Vec<&str> = Vec::new();
        for (name, is_required) in &self.stated {
            if *is_required || (!is_small && draw.below(of) < some) {
                wanted.push(name);
            }
        }
        while wanted.len() < self.least && wanted.len() < self.stated.len() {
            let (name, _) = &self.stated[draw.below(self.stated.len())];
            if !wanted.contains(&name.as_str()) {
                wanted.push(name);
            }
        }
        while wanted.len() > self.most {
            let index = draw.below(wanted.len());
            if !self.stated.iter().any(|(name, is_required)| *is_required && name == wanted[index]) {
                wanted.remove(index);
            }
        }
        let mut index = 0;
        while index < wanted.len() {
            let name = wanted[index];
            for other in self.dependents.iter().filter(|(of, _)| of == name).flat_map(|(_, others)| others) {
                if !wanted.contains(&other.as_str()) {
                    wanted.push(other);
                }
            }
            index += 1;
        }
        wanted
    }

    /// Members of open names, if the schema says something of them or lists no member at all.
    fn add_others(&self, draw: &mut Draw<'_, '_>, members: &mut Map<String, Value>) {
        let missing = self.least.saturating_sub(members.len());
        let has_patterns = self.parts.iter().any(|part| part.keywords.contains_key("patternProperties"));
        // Next to members that are listed, others are the exception.
        let is_exception = !self.stated.is_empty() || (has_patterns && !self.is_open);
        let is_asked = (self.is_open || has_patterns) && !draw.is_small() && (!is_exception || draw.below(3) == 0);
        if missing == 0 && !is_asked {
            return;
        }
        let is_limit = is_asked && self.is_open && draw.drawing.scope >= Scope::Normal && draw.below(LIMITED) == 0;
        let more = if is_limit {
            LIMITS[draw.below(LIMITS.len())]
        } else if is_asked {
            draw.below(draw.drawing.scope.max_len().min(4) + 1)
        } else {
            0
        };
        let count = missing.max(more).min(self.most.saturating_sub(members.len()));
        let sources = self.sources.get_or_init(|| self.sources(draw.drawing));
        if sources.is_empty() {
            return;
        }
        let mut tries = count.saturating_mul(20);
        let goal = members.len() + count;
        while members.len() < goal && tries > 0 {
            tries -= 1;
            let name = match &sources[draw.below(sources.len())] {
                Names::Keys if draw.below(8) == 0 => Some(format!("key{}", draw.below(1000))),
                Names::Keys => Some(edges::KEYS[draw.below(edges::KEYS.len())].to_owned()),
                Names::Admitted(lazy) => draw.draw(lazy).and_then(|name| name.as_str().map(str::to_owned)),
                Names::Matching(names) => draw.of(names),
            };
            let is_new =
                |name: &String| !members.contains_key(name) && !self.stated.iter().any(|(stated, _)| stated == name);
            let Some(name) = name.filter(is_new) else { continue };
            let member = Lazy::new(self.schemas_of(draw.drawing, &name));
            if draw.drawing.has_values(&member)
                && let Some(value) = draw.draw(&member)
            {
                members.insert(name, value);
            }
        }
    }

    fn sources(&self, drawing: &Drawing) -> Vec<Names> {
        let mut sources = Vec::new();
        for part in &self.parts {
            for pattern in
                part.keywords.get("patternProperties").and_then(Value::as_object).into_iter().flat_map(Map::keys)
            {
                if let Ok(names) = pattern::texts(pattern, 0, drawing.scope) {
                    sources.push(Names::Matching(names.boxed()));
                }
            }
        }
        let at = |part: &Part| pointer::child(&part.at, "propertyNames");
        let mut admitted: Vec<Located> = self
            .parts
            .iter()
            .filter_map(|part| Some(Located::new(part.keywords.get("propertyNames")?.clone(), at(part))))
            .collect();
        if admitted.is_empty() {
            if self.is_open || self.least > 0 {
                sources.push(Names::Keys);
            }
        } else {
            admitted.push(Located::new(json!({"type": "string"}), String::new()));
            let lazy = Lazy::new(admitted);
            if drawing.has_values(&lazy) {
                sources.push(Names::Admitted(lazy));
            }
        }
        sources
    }
}

fn texts(value: Option<&Value>) -> impl Iterator<Item = &str> {
    value.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
}
