//! Lists: empty, as short and as long as they may be, with an element twice, and in another order.

use std::collections::HashSet;

use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Map, Value};

use super::error::SchemaError;
use super::node::{Drawing, Place, admits_nothing};

/// What is done to a list that was drawn.
#[derive(Clone, Copy, Debug)]
enum Order {
    AsDrawn,
    Reversed,
    FirstTwice,
}

impl Drawing<'_> {
    pub(super) fn list(&self, flat: &Map<String, Value>, place: &Place) -> Result<BoxedStrategy<Value>, SchemaError> {
        let keyword = |name: &str| flat.get(name).and_then(Value::as_u64).and_then(|count| usize::try_from(count).ok());
        let (least, most) = (keyword("minItems").unwrap_or(0), keyword("maxItems"));
        if most.is_some_and(|most| most < least) {
            return Err(place.contradiction("minItems is greater than maxItems"));
        }
        let mut firsts = Vec::new();
        // Older drafts have a list under `items` and the rest under `additionalItems`.
        let (tuple, rest) = match (flat.get("prefixItems"), flat.get("items")) {
            (Some(tuple), rest) => (Some(("prefixItems", tuple)), ("items", rest)),
            (None, Some(tuple @ Value::Array(_))) => {
                (Some(("items", tuple)), ("additionalItems", flat.get("additionalItems")))
            }
            (None, rest) => (None, ("items", rest)),
        };
        if let Some((name, Value::Array(schemas))) = tuple {
            let inside = place.child(name);
            for (index, schema) in schemas.iter().enumerate() {
                firsts.push(self.node(schema, &inside.child(&index.to_string()))?);
            }
        }
        let rest = match self.node(rest.1.unwrap_or(&Value::Bool(true)), &place.child(rest.0)) {
            Ok(strategy) => Some(strategy),
            Err(error) => {
                let error = admits_nothing(error)?;
                if least > firsts.len() {
                    return Err(error);
                }
                None
            }
        };
        let is_unique = flat.get("uniqueItems") == Some(&Value::Bool(true));
        let contained = match flat.get("contains") {
            Some(schema) => Some(self.node(schema, &place.child("contains"))?),
            None => None,
        };
        Ok(self.assembled(firsts, rest, contained, (least, most), is_unique))
    }

    fn assembled(
        &self,
        firsts: Vec<BoxedStrategy<Value>>,
        rest: Option<BoxedStrategy<Value>>,
        contained: Option<BoxedStrategy<Value>>,
        (least, most): (usize, Option<usize>),
        is_unique: bool,
    ) -> BoxedStrategy<Value> {
        let is_tuple = !firsts.is_empty();
        let least_rest = least.saturating_sub(firsts.len());
        let most_rest = most.map_or(usize::MAX, |most| most.saturating_sub(firsts.len()));
        let usual = most_rest.min(least_rest.max(self.scope.max_len()));
        let rest = match rest {
            None => Just(Vec::new()).boxed(),
            Some(element) if least_rest == usual => vec(element, usual).boxed(),
            Some(element) => prop_oneof![
                1 => vec(element.clone(), least_rest),
                4 => vec(element, least_rest..=usual),
            ]
            .boxed(),
        };
        let orders =
            if is_tuple { vec![Order::AsDrawn] } else { vec![Order::AsDrawn, Order::Reversed, Order::FirstTwice] };
        let order = prop_oneof![4 => Just(Order::AsDrawn), 2 => proptest::sample::select(orders)];
        let contained = contained.map_or_else(|| Just(None).boxed(), |strategy| strategy.prop_map(Some).boxed());
        (firsts, rest, contained, order)
            .prop_map(move |(mut elements, rest, contained, order)| {
                elements.extend(rest);
                elements.extend(contained);
                match order {
                    Order::AsDrawn => {}
                    Order::Reversed => elements.reverse(),
                    Order::FirstTwice => elements.extend(elements.first().cloned()),
                }
                if is_unique {
                    let mut seen = HashSet::new();
                    elements.retain(|element| seen.insert(element.to_string()));
                }
                elements.truncate(most.unwrap_or(usize::MAX));
                Value::Array(elements)
            })
            .boxed()
    }
}
