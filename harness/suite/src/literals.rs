//! What the code of each handler says, and how it gets into the cases.

use std::collections::{BTreeMap, HashMap};

use parity_engine::naming::Spelling;
use parity_literals::{File, Literal, reached};
use parity_model::{HandlerId, StepInput};
use parity_schema::{Domain, Mixer, Part};
use proptest::test_runner::TestRng;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::case::CaseId;
use crate::draws::{Purpose, rng_of};
use crate::stated::stated;

const CONTEXT: Part = Part { name: "context", is_open: true };
const DEPENDENCIES: Part = Part { name: "dependencies", is_open: false };

/// The literals of handlers' sources.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Literals(BTreeMap<HandlerId, Vec<Literal>>);

impl Literals {
    /// The literals of these handlers, each from all trees: what one language compares with matters to the others.
    #[must_use]
    pub fn of(handlers: &[HandlerId], trees: &[Vec<File>]) -> Self {
        let mut spellings: HashMap<String, Option<Spelling>> = HashMap::new();
        for name in trees.iter().flatten().flat_map(File::names) {
            spellings.entry(name.to_owned()).or_insert_with(|| name.parse().ok());
        }
        let of_handler = |handler: &HandlerId| {
            let Ok(own) = handler.class_name().parse::<Spelling>() else { return Vec::new() };
            let means = |spelling: &Spelling| match spelling.identity() {
                Some(identity) => identity.as_str() == handler.class_name(),
                None => spelling.step() == own.step(),
            };
            let is_it = |name: &str| spellings.get(name).and_then(Option::as_ref).is_some_and(means);
            let found = trees.iter().map(|files| reached(files, &is_it));
            merged(found.flatten())
        };
        let all = handlers.iter().map(|handler| (handler.clone(), of_handler(handler)));
        Self(all.filter(|(_, literals)| !literals.is_empty()).collect())
    }

    /// What the code of all of these says.
    pub(crate) fn among<'h>(&self, handlers: impl Iterator<Item = &'h HandlerId>) -> Vec<Literal> {
        merged(handlers.filter_map(|handler| self.0.get(handler)).flatten().cloned())
    }
}

/// Each literal once, with all names that stand near it.
fn merged(literals: impl Iterator<Item = Literal>) -> Vec<Literal> {
    let mut merged: Vec<Literal> = Vec::new();
    for literal in literals {
        match merged.iter_mut().find(|known| known.what == literal.what) {
            Some(known) => {
                for name in literal.near {
                    if !known.near.contains(&name) {
                        known.near.push(name);
                    }
                }
            }
            None => merged.push(literal),
        }
    }
    merged
}

/// Puts literals into the calls of a handler.
#[derive(Debug)]
pub(crate) struct StepMix {
    of: String,
    mixer: Mixer,
    parts: Vec<Part>,
}

impl StepMix {
    /// What the code of `handler` says. A context that was drawn with it already is left as it is: what earlier steps answered to
    /// it stays true.
    pub(crate) fn new(handler: &HandlerId, literals: &Literals, is_context_drawn: bool) -> Self {
        let parts = if is_context_drawn { vec![DEPENDENCIES] } else { vec![CONTEXT, DEPENDENCIES] };
        Self { of: handler.to_string(), mixer: Mixer::new(&literals.among(std::iter::once(handler))), parts }
    }

    /// The input of case `id` with literals in it, or as it is; and whether it has any.
    pub(crate) fn mix(&self, input: StepInput, id: CaseId, domain: &Domain) -> (StepInput, bool) {
        let mut rng = rng_of(&self.of, id, Purpose::Literals);
        let wanted = self.mixer.share(&mut rng);
        if wanted == 0 {
            return (input, false);
        }
        let StepInput { context, dependencies, .. } = input;
        let members = [(CONTEXT, context), (DEPENDENCIES, dependencies)];
        let mut whole = Value::from_iter(members.map(|(part, members)| (part.name, Value::Object(members))));
        let kept = self.mixer.mix(&mut whole, &self.parts, wanted, &mut rng, &|whole| domain.holds(whole));
        let mut part = |part: Part| object(&mut whole, part);
        (StepInput { context: part(CONTEXT), dependencies: part(DEPENDENCIES), ..input }, kept > 0)
    }
}

/// Puts literals into contexts.
#[derive(Debug)]
pub(crate) struct ContextMix {
    mixer: Mixer,
    domain: Domain,
}

impl ContextMix {
    /// What the code of `handlers` and the schema of contexts say, if they say anything; or what is wrong with the schema.
    pub(crate) fn new<'h>(
        handlers: impl Iterator<Item = &'h HandlerId>,
        literals: &Literals,
        input_schema: &Value,
    ) -> Result<Option<Self>, String> {
        let literals = merged(literals.among(handlers).into_iter().chain(stated(input_schema)));
        if literals.is_empty() {
            return Ok(None);
        }
        let domain = Domain::of_members([(CONTEXT.name, input_schema)])?;
        Ok(Some(Self { mixer: Mixer::new(&literals), domain }))
    }

    /// A context with literals in it, or as it is, and whether it has any; never as it is if it `must` have some.
    pub(crate) fn mix(&self, context: Map<String, Value>, must: bool, rng: &mut TestRng) -> (Map<String, Value>, bool) {
        let wanted = self.mixer.share(rng).max(usize::from(must));
        if wanted == 0 {
            return (context, false);
        }
        let mut whole = Value::from_iter([(CONTEXT.name, Value::Object(context))]);
        let kept = self.mixer.mix(&mut whole, &[CONTEXT], wanted, rng, &|whole| self.domain.holds(whole));
        (object(&mut whole, CONTEXT), kept > 0)
    }
}

/// Takes a part out of the whole. None of them becomes anything but an object.
fn object(whole: &mut Value, part: Part) -> Map<String, Value> {
    match whole.get_mut(part.name).map(Value::take) {
        Some(Value::Object(members)) => members,
        _ => Map::new(),
    }
}

#[cfg(test)]
mod tests {
    use parity_literals::{Node, What};
    use parity_schema::Scope;
    use serde_json::json;

    use super::*;
    use crate::generators::Generators;
    use crate::source::Source;

    const TEMPLATE: &str = r"
name: checkout
namespace_name: shop
version: 1.0.0
input_schema:
  type: object
  required: [coupon]
  additionalProperties: false
  properties:
    coupon: { type: string, maxLength: 20 }
steps:
  - name: lookup
    handler: { callable: shop/lookup }
  - name: pay
    handler: { callable: shop/pay }
    depends_on: [lookup]
";

    /// A file with a handler that compares the member `name` with `text`.
    fn file(handler: &str, name: &str, text: &str) -> File {
        let literal = Node::Literal(What::Text(text.to_owned()));
        let compared = Node::Group(vec![Node::Name(name.to_owned()), literal]);
        File::new("a.py", &[Node::Define(handler.to_owned(), vec![compared])])
    }

    fn handlers() -> Vec<HandlerId> {
        ["shop/lookup", "shop/pay"].map(|handler| handler.parse().unwrap()).to_vec()
    }

    /// The earlier step knows one coupon.
    fn run(input: &StepInput) -> Option<Map<String, Value>> {
        let is_known = input.handler.step() == "lookup" && input.context["coupon"] == "SPRING25";
        is_known.then(|| Map::from_iter([("tier".to_owned(), json!("none"))]))
    }

    #[test]
    fn literals_of_all_trees_count_by_whatever_name_the_handler_goes() {
        let trees = [
            vec![file("PayHandler", "coupon", "A")],
            vec![file("pay", "code", "A"), file("other", "code", "B"), file("shop.handlers.Pay", "code", "C")],
        ];
        let literals = Literals::of(&handlers()[1..], &trees);
        let expected = [
            json!({"what": {"text": "A"}, "near": ["coupon", "code"]}),
            json!({"what": {"text": "C"}, "near": ["code"]}),
        ];
        assert_eq!(json!(literals), json!({"shop/pay": expected}));
    }

    #[test]
    fn what_stands_only_in_the_code_opens_the_way_to_later_steps_and_is_met_there() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("t.yaml"), TEMPLATE).unwrap();
        let templates = [crate::template::load(&dir.path().join("t.yaml")).unwrap()];
        let trees = [vec![file("lookup", "coupon", "SPRING25"), file("pay", "tier", "gold")]];
        let literals = Literals::of(&handlers(), &trees);
        // As a worker process gets them.
        let literals: Literals = serde_json::from_value(json!(literals)).unwrap();
        let source = |literals: &Literals| {
            Source::new(&handlers()[1], &Generators::NONE, &templates, literals, &mut run).unwrap()
        };
        let pay = source(&literals);
        let draw = |source: &Source, index| {
            source.draw(CaseId { seed: 1, index }, Scope::Normal.of_case(index), &mut run).unwrap()
        };
        let drawn = (0..300).map(|index| draw(&pay, index)).filter(|drawn| !drawn.is_spoilt);
        let cases: Vec<StepInput> = drawn.map(|drawn| drawn.input).collect();
        let count = |is_so: fn(&&StepInput) -> bool| cases.iter().filter(is_so).count();
        assert!(count(|case| !case.dependencies.is_empty()) > 250);
        assert!(count(|case| case.dependencies.get("lookup").is_some_and(|lookup| lookup["tier"] == "gold")) > 10);
        assert!(cases.iter().all(|case| case.context.len() == 1));
        // A case is its number's.
        assert_eq!(draw(&source(&literals), 299), draw(&pay, 299));
        assert_eq!(draw(&source(&Literals::default()), 299).input.dependencies, Map::new());
    }
}
