//! Objects: all members that are required, some of those that are not, and others where the schema admits them.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value, json};

use super::edges;
use super::error::SchemaError;
use super::merge::both;
use super::node::{Drawing, Place, admits_nothing, anything};
use crate::scope::Scope;

/// A member: absent is `None`.
type Member = BoxedStrategy<Option<Value>>;

/// Members whose names the schema leaves open.
type Others = BoxedStrategy<Vec<(String, Value)>>;

impl Drawing<'_> {
    pub(super) fn object(&self, flat: &Map<String, Value>, place: &Place) -> Result<BoxedStrategy<Value>, SchemaError> {
        let none = Map::new();
        let properties = flat.get("properties").and_then(Value::as_object).unwrap_or(&none);
        let required: Vec<&str> =
            flat.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
        let inside = place.child("properties");
        let mut members: Vec<(String, Member)> = Vec::new();
        for (name, schema) in properties {
            let is_required = required.contains(&name.as_str());
            match self.node(schema, &inside.child(name)) {
                Ok(strategy) => members.push((name.clone(), self.member(strategy, is_required))),
                Err(error) => drop(if is_required { return Err(error) } else { admits_nothing(error)? }),
            }
        }
        let any = Value::Bool(true);
        // With patterns, only validation knows which schema is meant.
        let has_patterns = flat.contains_key("patternProperties");
        let open = flat.get("additionalProperties").filter(|_| !has_patterns).unwrap_or(&any);
        for name in required.iter().filter(|name| !properties.contains_key(**name)) {
            let strategy = self.node(open, &place.child("required"))?;
            members.push(((*name).to_owned(), self.member(strategy, true)));
        }
        let others = self.others(flat, properties, members.len(), place)?;
        let (names, strategies): (Vec<String>, Vec<Member>) = members.into_iter().unzip();
        Ok((strategies, others)
            .prop_map(move |(values, others)| {
                let stated = names.iter().zip(values).filter_map(|(name, value)| Some((name.clone(), value?)));
                let mut object: Map<String, Value> = stated.collect();
                for (name, value) in others.into_iter().filter(|(name, _)| !names.contains(name)) {
                    object.insert(name, value);
                }
                Value::Object(object)
            })
            .boxed())
    }

    fn member(&self, strategy: BoxedStrategy<Value>, is_required: bool) -> Member {
        let present = if self.scope == Scope::Tiny { 1 } else { 3 };
        if is_required {
            strategy.prop_map(Some).boxed()
        } else {
            prop_oneof![2 => Just(None), present => strategy.prop_map(Some)].boxed()
        }
    }

    /// Members of open names, if the schema says something of them or lists no member at all.
    fn others(
        &self,
        flat: &Map<String, Value>,
        properties: &Map<String, Value>,
        stated: usize,
        place: &Place,
    ) -> Result<Others, SchemaError> {
        let count = |name: &str| flat.get(name).and_then(Value::as_u64).and_then(|count| usize::try_from(count).ok());
        let least = count("minProperties").unwrap_or(0).saturating_sub(stated);
        let most = count("maxProperties").map_or(usize::MAX, |most| most.saturating_sub(stated));
        let usual = most.min(least.max(self.scope.max_len().min(4)));
        let mut sources: Vec<BoxedStrategy<(String, Value)>> = Vec::new();
        if let Some(Value::Object(patterns)) = flat.get("patternProperties") {
            for (pattern, schema) in patterns {
                let inside = place.child("patternProperties").child(pattern);
                let names = self.names(&json!({"type": "string", "pattern": pattern}), &inside)?;
                let values = self.node(schema, &inside)?;
                sources.push((names, values).prop_map(|(name, value)| (name.clone(), value)).boxed());
            }
        }
        let names = match flat.get("propertyNames") {
            Some(schema) => self.names(&both(&json!({"type": "string"}), schema), &place.child("propertyNames"))?,
            None => select(edges::KEYS).prop_map(str::to_owned).boxed(),
        };
        let is_open_map = properties.is_empty() && sources.is_empty();
        let values = match flat.get("additionalProperties") {
            Some(Value::Bool(false)) => None,
            Some(schema @ Value::Object(_)) => match self.node(schema, &place.child("additionalProperties")) {
                Ok(strategy) => Some(strategy),
                Err(error) => admits_nothing(error).map(|_| None)?,
            },
            stated => (stated.is_some() || is_open_map || least > 0).then(|| anything(self.scope)),
        };
        sources.extend(values.map(|values| (names, values).boxed()));
        if sources.is_empty() {
            return Ok(Just(Vec::new()).boxed());
        }
        let source = proptest::strategy::Union::new(sources).boxed();
        // Next to members that are listed, others are the exception.
        let none = u32::from(least == 0 && !is_open_map) * 2;
        let some = vec(source, least..=usual);
        Ok(if none == 0 { some.boxed() } else { prop_oneof![none => Just(Vec::new()), 1 => some].boxed() })
    }

    fn names(&self, schema: &Value, place: &Place) -> Result<BoxedStrategy<String>, SchemaError> {
        let names = self.node(schema, place)?;
        Ok(names.prop_map(|name| name.as_str().unwrap_or_default().to_owned()).boxed())
    }
}
