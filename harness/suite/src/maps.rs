//! Which objects are maps, whose members are named by data: their keys change from case to case.

use std::collections::{BTreeMap, BTreeSet};

use parity_json::pointer;
use serde_json::Value;

/// A record rarely has more optional members than this, and a map soon has more keys.
const FEWEST_KEYS: usize = 4;

/// Objects that were seen, by where they stand.
#[derive(Debug, Default)]
pub(crate) struct Maps {
    seen: BTreeMap<String, Keys>,
}

/// The keys of the objects that were seen in one place.
#[derive(Debug, Default)]
struct Keys {
    /// How many of them had any member.
    objects: usize,
    /// How many of them had a member of this name.
    counts: BTreeMap<String, usize>,
}

impl Keys {
    /// Whether hardly any name comes back: many names, none of which is in more than half of the objects.
    fn change(&self) -> bool {
        self.counts.len() >= FEWEST_KEYS && self.counts.values().all(|count| count * 2 <= self.objects)
    }
}

impl Maps {
    /// Looks at a value that stands at `place`, in which array indices are `*`.
    pub(crate) fn see(&mut self, place: &str, value: &Value) {
        match value {
            Value::Object(members) => {
                if !members.is_empty() {
                    let keys = self.seen.entry(place.to_owned()).or_default();
                    keys.objects += 1;
                    for key in members.keys() {
                        *keys.counts.entry(key.clone()).or_default() += 1;
                    }
                }
                for (key, member) in members {
                    self.see(&pointer::child(place, key), member);
                }
            }
            Value::Array(elements) => elements.iter().for_each(|element| self.see(&format!("{place}/*"), element)),
            _ => {}
        }
    }

    /// The places whose members are named by data, those in other maps with `*` for the outer member.
    pub(crate) fn named_by_data(mut self) -> Vec<String> {
        let mut found: BTreeSet<String> = BTreeSet::new();
        loop {
            let open: Vec<String> = found.iter().cloned().collect();
            let next = self.seen.iter().filter(|(place, keys)| !found.contains(*place) && keys.change());
            // Outer maps first: what stands in them is then one place.
            let Some(place) = next.map(|(place, _)| place.clone()).min_by_key(String::len) else { return open };
            found.insert(place);
            let open: Vec<String> = found.iter().cloned().collect();
            let mut merged: BTreeMap<String, Keys> = BTreeMap::new();
            for (place, keys) in std::mem::take(&mut self.seen) {
                let into = merged.entry(pointer::wildcard(&place, &open)).or_default();
                into.objects += keys.objects;
                for (key, count) in keys.counts {
                    *into.counts.entry(key).or_default() += count;
                }
            }
            self.seen = merged;
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn learned(values: &[Value]) -> Vec<String> {
        let mut maps = Maps::default();
        for value in values {
            maps.see("/result", value);
        }
        maps.named_by_data()
    }

    #[test]
    fn an_object_whose_keys_change_is_named_by_data() {
        let words: Vec<Value> =
            (0..20).map(|n| json!({"counts": {(format!("w{n}")): n, (format!("v{n}")): 1}})).collect();
        assert_eq!(learned(&words), ["/result/counts"]);
    }

    #[test]
    fn a_map_in_a_list_or_in_a_map_is_found_once() {
        let nested: Vec<Value> = (0..20)
            .map(|n| json!({"days": {(format!("d{n}")): {"by": {(format!("p{n}")): 1}, "total": n}}, "items": [{"tags": {(format!("t{n}")): 1}}]}))
            .collect();
        assert_eq!(learned(&nested), ["/result/days", "/result/days/*/by", "/result/items/*/tags"]);
    }

    #[test]
    fn a_record_is_none_even_where_members_are_optional() {
        let record = |n: usize| match n % 4 {
            0 => json!({"status": "ok", "a": 1, "b": 2}),
            1 => json!({"status": "ok", "c": 1}),
            2 => json!({"status": "late", "d": 1, "e": 3}),
            _ => json!({"status": "ok"}),
        };
        assert_eq!(learned(&(0..40).map(record).collect::<Vec<_>>()), Vec::<String>::new());
    }

    #[test]
    fn few_names_that_come_back_are_none() {
        let tiers: Vec<Value> = (0..40).map(|n| json!({"tiers": {(["gold", "silver", "none"][n % 3]): n}})).collect();
        assert_eq!(learned(&tiers), Vec::<String>::new());
        assert_eq!(learned(&[json!({"a": {}}), json!({})]), Vec::<String>::new());
    }
}
