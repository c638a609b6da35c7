//! Puts literals of the code into a drawn value, preferably where the code reads them.

use std::collections::{BTreeMap, BTreeSet};

use parity_literals::{Literal, What, normal, write_normal};
use proptest::prelude::Rng;
use proptest::strategy::{BoxedStrategy, Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::{Map, Number, Value, json};

use super::{numbers, places, texts};
use crate::chance::below;
use crate::pattern;
use crate::scope::Scope;

/// How many changes that the schema refuses are tried beyond those that are wanted.
const REFUSED: usize = 2;

/// Of so many choices, one is among all literals although some stand near the name of the place.
const ANYWHERE: usize = 4;

/// Of so many objects, one gets a key.
const KEYS: usize = 4;

/// Of so many lists of numbers, one adds up to a number of the code.
const SUMS: usize = 3;

/// Of so many texts with a prefix, one goes on with a number of the code.
const NUMBERED: usize = 4;

/// How code asks for a part of a text to be replaced.
const REPLACING: [&str; 4] = ["replace", "replaceall", "sub", "gsub"];

/// What stands for something else in some language's replacements.
const REPLACEMENTS: [&str; 3] = ["$&", "$1", "\\1"];

/// A member of the whole that is changed.
#[derive(Clone, Copy, Debug)]
pub struct Part {
    /// Its name.
    pub name: &'static str,
    /// Whether its objects may get keys that the code reads.
    pub is_open: bool,
}

/// Puts literals into values.
#[derive(Debug)]
pub struct Mixer {
    literals: Vec<Literal>,
    /// Those near a name, by their numbers.
    near: BTreeMap<String, Vec<usize>>,
    /// The names near which lengths stand.
    sized: BTreeSet<String>,
    all: Vec<usize>,
    patterns: BTreeMap<usize, BoxedStrategy<String>>,
    /// Made once: a new one reads the whole environment.
    config: Config,
}

impl Mixer {
    /// What mixes these literals. A pattern that cannot be drawn from is left out.
    #[must_use]
    pub fn new(literals: &[Literal]) -> Self {
        let literals = [literals, &replacements(literals)].concat();
        let texts = |(number, literal): (usize, &Literal)| match &literal.what {
            What::Pattern(pattern) => Some((number, pattern::texts(pattern, 0, Scope::Small).ok()?)),
            _ => None,
        };
        let patterns: BTreeMap<usize, BoxedStrategy<String>> = literals.iter().enumerate().filter_map(texts).collect();
        let mut near: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        let mut all = Vec::new();
        for (number, literal) in literals.iter().enumerate() {
            if matches!(literal.what, What::Pattern(_)) && !patterns.contains_key(&number) {
                continue;
            }
            all.push(number);
            for name in &literal.near {
                near.entry(name.clone()).or_default().push(number);
            }
        }
        let config = Config { failure_persistence: None, ..Config::default() };
        let is_length = |names: &Vec<usize>| names.iter().any(|number| literals[*number].is_length());
        let sized = near.iter().filter(|(_, numbers)| is_length(numbers)).map(|(name, _)| name.clone()).collect();
        Self { literals, near, sized, all, patterns, config }
    }

    /// How many literals a case gets: of ten, six get none.
    #[must_use]
    pub fn share(&self, rng: &mut TestRng) -> usize {
        if self.all.is_empty() {
            return 0;
        }
        match below(rng, 10) {
            0..=5 => 0,
            6 | 7 => 1,
            8 => 2,
            _ => 3,
        }
    }

    /// Puts up to `wanted` literals into the parts of `whole`; returns how many. Each is kept only where `holds` says that the whole
    /// is still good.
    pub fn mix(
        &self,
        whole: &mut Value,
        parts: &[Part],
        wanted: usize,
        rng: &mut TestRng,
        holds: &dyn Fn(&Value) -> bool,
    ) -> usize {
        let mut kept = 0;
        for _ in 0..wanted + REFUSED {
            if kept == wanted {
                break;
            }
            let Some((number, name, new)) = self.change(whole, parts, rng) else { continue };
            let Some(place) = place_in(whole, name, number) else { continue };
            let old = std::mem::replace(place, new);
            if holds(whole) {
                kept += 1;
            } else if let Some(place) = place_in(whole, name, number) {
                *place = old;
            }
        }
        kept
    }

    /// A place, as its number in a part, and what stands there next.
    fn change(&self, whole: &Value, parts: &[Part], rng: &mut TestRng) -> Option<(usize, &'static str, Value)> {
        let (mut known, mut others) = (Vec::new(), Vec::new());
        // It is asked of every member of every case: one text serves all of them.
        let mut known_as = String::new();
        for part in parts {
            let Some(value) = whole.get(part.name) else { continue };
            places::each(value, part.name, &mut 0, &mut |number, name, value| {
                let is_place = match value {
                    Value::String(_) | Value::Number(_) | Value::Array(_) => true,
                    Value::Object(_) => part.is_open,
                    _ => false,
                };
                if is_place {
                    write_normal(name, &mut known_as);
                    let is_known = if value.is_object() {
                        self.sized.contains(&known_as)
                    } else {
                        self.near.contains_key(&known_as)
                    };
                    (if is_known { &mut known } else { &mut others }).push((number, part.name, name, value));
                }
            });
        }
        let among = if known.is_empty() || (!others.is_empty() && below(rng, ANYWHERE) == 0) { others } else { known };
        let (number, part, name, value) = *among.get(below(rng, among.len()))?;
        self.value(value, &normal(name), rng).map(|new| (number, part, new))
    }

    /// The numbers of the literals near a name in its normal form.
    fn near(&self, name: &str) -> &[usize] {
        self.near.get(name).map(Vec::as_slice).unwrap_or_default()
    }

    /// What could stand instead of `value`, which is called `name`.
    fn value(&self, value: &Value, name: &str, rng: &mut TestRng) -> Option<Value> {
        match value {
            Value::String(text) => self.text(text, name, rng).map(Value::from),
            Value::Number(number) => {
                let literal = self.choose(name, rng, |literal| matches!(literal.what, What::Number(_)))?;
                match &literal.what {
                    What::Number(limit) => numbers::near(number, limit, rng).map(Value::Number),
                    _ => None,
                }
            }
            Value::Array(elements) => {
                if below(rng, SUMS) == 0
                    && let Some(list) = self.number(name, rng).and_then(|sum| numbers::adding_up_to(elements, sum, rng))
                {
                    return Some(list);
                }
                let literal = self.choose(name, rng, Literal::is_length)?;
                numbers::as_long_as(elements, length(literal, rng)?, rng)
            }
            Value::Object(members) if self.sized.contains(name) && below(rng, ANYWHERE) > 0 => {
                let literal = self.choose(name, rng, Literal::is_length)?;
                numbers::as_many_as(members, length(literal, rng)?, rng)
            }
            Value::Object(members) => self.with_key(members, rng),
            _ => None,
        }
    }

    /// A number of the code that is no length.
    fn number(&self, name: &str, rng: &mut TestRng) -> Option<&Number> {
        let literal =
            self.choose(name, rng, |literal| matches!(literal.what, What::Number(_)) && !literal.is_length())?;
        match &literal.what {
            What::Number(number) => Some(number),
            _ => None,
        }
    }

    fn text(&self, text: &str, name: &str, rng: &mut TestRng) -> Option<String> {
        let literal = self.choose(name, rng, |literal| match literal.what {
            What::Key(_) => false,
            What::Number(_) => literal.is_length() || literal.near.iter().any(|near| near == name),
            _ => true,
        })?;
        Some(match &literal.what {
            What::Text(literal) => texts::like(text, literal, rng),
            What::Prefix(prefix) => match self.number(name, rng).filter(|_| below(rng, NUMBERED) == 0) {
                Some(number) => texts::numbered(prefix, number, rng),
                None => texts::beginning(text, prefix, rng),
            },
            What::Suffix(suffix) => texts::ending(text, suffix, rng),
            What::Separator(separator) => texts::separated(text, separator, rng),
            What::Number(_) if literal.is_length() => texts::as_long_as(text, length(literal, rng)?),
            What::Number(number) => texts::numbered(text, number, rng),
            What::Pattern(_) => {
                let number = self.literals.iter().position(|other| std::ptr::eq(other, literal))?;
                let matching = self.matching(number, rng)?;
                // In some languages the end of a pattern is also met before a line break.
                if below(rng, 6) == 0 { matching + "\n" } else { texts::nearly(matching, rng) }
            }
            What::Key(_) => return None,
        })
    }

    /// A text that the pattern of this number matches.
    fn matching(&self, number: usize, rng: &mut TestRng) -> Option<String> {
        let mut seed = [0; 32];
        rng.fill_bytes(&mut seed);
        let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &seed);
        let mut runner = TestRunner::new_with_rng(self.config.clone(), rng);
        Some(self.patterns.get(&number)?.new_tree(&mut runner).ok()?.current())
    }

    /// The object with a key that the code reads; its value is like those beside it, or one that stands near the key.
    fn with_key(&self, members: &Map<String, Value>, rng: &mut TestRng) -> Option<Value> {
        if below(rng, KEYS) > 0 {
            return None;
        }
        let key = self.choose("", rng, |literal| match &literal.what {
            What::Key(key) => !members.contains_key(key),
            _ => false,
        })?;
        let What::Key(key) = &key.what else { return None };
        let plain = [json!("a"), json!(""), json!(1), json!(0), json!(true), json!(null), json!([]), json!({})];
        let beside = members.values().nth(below(rng, members.len())).filter(|_| below(rng, 2) == 0).cloned();
        let near = self.near(&normal(key)).iter().filter_map(|number| match &self.literals[*number].what {
            What::Text(text) => Some(json!(text)),
            What::Number(number) => Some(json!(number)),
            _ => None,
        });
        let near: Vec<Value> = near.collect();
        let near = near.get(below(rng, near.len())).filter(|_| below(rng, 2) == 0).cloned();
        let value = beside.or(near).unwrap_or_else(|| plain[below(rng, plain.len())].clone());
        let mut members = members.clone();
        members.insert(key.clone(), value);
        Some(Value::Object(members))
    }

    /// A literal that fits: mostly one near `name`, if there is any.
    fn choose(&self, name: &str, rng: &mut TestRng, fits: impl Fn(&Literal) -> bool) -> Option<&Literal> {
        let fitting = |numbers: &[usize]| -> Vec<usize> {
            numbers.iter().copied().filter(|number| fits(&self.literals[*number])).collect()
        };
        let near = fitting(self.near(name));
        let among = if near.is_empty() || below(rng, ANYWHERE) == 0 { fitting(&self.all) } else { near };
        among.get(below(rng, among.len())).map(|number| &self.literals[*number])
    }
}

/// What has a meaning of its own where something is replaced by it, near the names for which that is done.
fn replacements(literals: &[Literal]) -> Vec<Literal> {
    let is_replaced = |literal: &&Literal| literal.near.iter().any(|name| REPLACING.contains(&name.as_str()));
    let near: BTreeSet<&String> = literals.iter().filter(is_replaced).flat_map(|literal| &literal.near).collect();
    let near: Vec<String> = near.into_iter().cloned().collect();
    let literal = |text: &str| Literal { what: What::Text(text.to_owned()), near: near.clone() };
    if near.is_empty() { Vec::new() } else { REPLACEMENTS.map(literal).to_vec() }
}

/// The length that a literal stands for, or one beside it.
fn length(literal: &Literal, rng: &mut TestRng) -> Option<usize> {
    let What::Number(number) = &literal.what else { return None };
    let length = usize::try_from(number.as_u64()?).ok()?;
    (length + below(rng, 3)).checked_sub(1)
}

/// The place of this number in a part.
fn place_in<'v>(whole: &'v mut Value, part: &str, mut number: usize) -> Option<&'v mut Value> {
    places::at(whole.get_mut(part)?, &mut number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Domain;

    fn literal(what: What, near: &[&str]) -> Literal {
        Literal { what, near: near.iter().map(|name| (*name).to_owned()).collect() }
    }

    fn text(text: &str) -> What {
        What::Text(text.to_owned())
    }

    const PARTS: &[Part] = &[Part { name: "context", is_open: true }];

    /// What becomes of `context` in 3,000 draws.
    fn mixed(literals: &[Literal], context: &Value, schema: &Value) -> BTreeSet<String> {
        let mixer = Mixer::new(literals);
        let domain = Domain::of_members([("context", schema)]).unwrap();
        let mut rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]);
        let mut seen = BTreeSet::new();
        for _ in 0..3000 {
            let mut whole = json!({"context": context});
            mixer.mix(&mut whole, PARTS, 1, &mut rng, &|whole| domain.holds(whole));
            assert!(domain.holds(&whole), "{whole}");
            seen.insert(whole["context"].to_string());
        }
        seen
    }

    #[test]
    fn a_text_stands_where_the_code_reads_it_and_elsewhere_only_now_and_then() {
        let literals = [literal(text("SPRING25"), &["coupon"]), literal(text("other"), &["thing"])];
        let context = json!({"coupon": "a", "name": "b"});
        let mixer = Mixer::new(&literals);
        let mut rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]);
        let (mut there, mut elsewhere) = (0, 0);
        for _ in 0..1000 {
            let mut whole = json!({"context": context});
            mixer.mix(&mut whole, PARTS, 1, &mut rng, &|_| true);
            there += u32::from(whole["context"]["coupon"] == "SPRING25");
            elsewhere += u32::from(whole["context"]["name"] == "SPRING25");
        }
        assert!(there > 250, "{there}");
        assert!((5..there / 4).contains(&elsewhere), "{elsewhere}");
    }

    #[test]
    fn numbers_are_met_with_their_neighbours_and_only_where_the_schema_takes_them() {
        let literals = [literal(What::Number(100.into()), &["total"])];
        let schema = json!({"properties": {"total": {"type": "integer", "maximum": 100}}});
        let seen = mixed(&literals, &json!({"total": 3}), &schema);
        assert!(seen.contains(r#"{"total":99}"#) && seen.contains(r#"{"total":100}"#), "{seen:?}");
        assert!(!seen.contains(r#"{"total":101}"#));
        let seen = mixed(&literals, &json!({"total": 3.5}), &json!({}));
        assert!(seen.contains(r#"{"total":101}"#) && seen.contains(r#"{"total":99.99}"#), "{seen:?}");
    }

    #[test]
    fn a_length_that_the_code_asks_for_is_reached_by_lists_and_texts() {
        let literals = [literal(What::Number(10.into()), &["len", "ids", "note"])];
        let seen = mixed(&literals, &json!({"ids": [1, 2], "note": "ab"}), &json!({}));
        let lengths: BTreeSet<usize> = seen
            .iter()
            .map(|seen| serde_json::from_str::<Value>(seen).unwrap()["ids"].as_array().unwrap().len())
            .collect();
        assert_eq!(lengths.into_iter().collect::<Vec<_>>(), [2, 9, 10, 11]);
        assert!(seen.iter().any(|seen| seen.contains("ababababab")), "{seen:?}");
        // Elements that must differ do.
        let unique = json!({"properties": {"ids": {"uniqueItems": true}}});
        let seen = mixed(&literals, &json!({"ids": [1, 2]}), &unique);
        assert!(seen.iter().any(|seen| seen.contains("11")), "{seen:?}");
    }

    #[test]
    fn an_object_gets_as_many_members_as_the_code_asks_for() {
        let literals = [literal(What::Number(50.into()), &["len", "tags"])];
        let schema = json!({"properties": {"tags": {"additionalProperties": {"type": "integer"}}}});
        let counts: BTreeSet<usize> = mixed(&literals, &json!({"tags": {"a": 1}}), &schema)
            .iter()
            .map(|seen| serde_json::from_str::<Value>(seen).unwrap()["tags"].as_object().unwrap().len())
            .collect();
        assert_eq!(counts.into_iter().collect::<Vec<_>>(), [1, 49, 50, 51]);
    }

    #[test]
    fn a_list_adds_up_to_a_number_of_the_code() {
        let literals = [literal(What::Number(100.into()), &["sum", "shares"])];
        let seen = mixed(
            &literals,
            &json!({"shares": [30, 60, 50, 4]}),
            &json!({"properties": {"shares": {"items": {"minimum": 1}}}}),
        );
        assert!(seen.contains(r#"{"shares":[30,60,10]}"#) && seen.contains(r#"{"shares":[30,60,11]}"#), "{seen:?}");
        let seen =
            mixed(&literals, &json!({"shares": [{"of": "a", "part": 0.5}, {"of": "b", "part": 99.7}]}), &json!({}));
        assert!(seen.contains(r#"{"shares":[{"of":"a","part":0.5},{"of":"b","part":99.5}]}"#), "{seen:?}");
    }

    #[test]
    fn a_number_of_the_code_is_met_in_texts_that_it_stands_near() {
        let literals =
            [literal(What::Number(500.into()), &["zone"]), literal(What::Prefix("EU-".to_owned()), &["zone"])];
        let seen = mixed(&literals, &json!({"zone": "a-17", "other": "b"}), &json!({}));
        for zone in ["a-500", "a-501", "EU-500", "EU-499"] {
            assert!(seen.contains(&json!({"zone": zone, "other": "b"}).to_string()), "{zone}: {seen:?}");
        }
        assert!(!seen.iter().any(|seen| seen.contains(r#""other":"b50"#)), "{seen:?}");
    }

    #[test]
    fn what_is_put_in_the_place_of_something_has_what_a_replacement_reads() {
        let literals = [literal(text("{{name}}"), &["text", "name", "replace"])];
        let seen = mixed(&literals, &json!({"name": "b"}), &json!({}));
        assert!(seen.contains(r#"{"name":"$&"}"#), "{seen:?}");
        let plain = [literal(text("{{name}}"), &["text", "name"])];
        assert!(!mixed(&plain, &json!({"name": "b"}), &json!({})).contains(r#"{"name":"$&"}"#));
    }

    #[test]
    fn a_pattern_is_met_and_nearly_met() {
        let literals = [literal(What::Pattern("^[A-Z]{3}-[0-9]{2}$".to_owned()), &["sku"])];
        let seen = mixed(&literals, &json!({"sku": "x"}), &json!({"properties": {"sku": {"maxLength": 9}}}));
        let skus =
            seen.iter().map(|seen| serde_json::from_str::<Value>(seen).unwrap()["sku"].as_str().unwrap().to_owned());
        let is_match = |sku: &String| sku.len() == 6 && sku.as_bytes()[3] == b'-' && sku.to_uppercase() == *sku;
        let (matches, near): (Vec<String>, Vec<String>) = skus.partition(is_match);
        assert!(matches.len() > 300 && near.len() > 100, "{} {}", matches.len(), near.len());
        // One that no engine of ours can read is left out.
        let literals = [literal(What::Pattern("(".to_owned()), &["sku"])];
        assert_eq!(mixed(&literals, &json!({"sku": "x"}), &json!({})).len(), 1);
    }

    #[test]
    fn a_key_that_the_code_reads_is_added_where_the_schema_lets_it() {
        let literals = [literal(What::Key("EU".to_owned()), &[]), literal(What::Key("gift".to_owned()), &[])];
        let schema = json!({
            "additionalProperties": false,
            "properties": {"rates": {"additionalProperties": {"type": "integer"}}},
        });
        let seen = mixed(&literals, &json!({"rates": {"US": 7}}), &schema);
        assert!(seen.contains(r#"{"rates":{"US":7,"EU":7}}"#), "{seen:?}");
        assert!(!seen.iter().any(|seen| seen.starts_with(r#"{"gift"#)), "{seen:?}");
    }

    #[test]
    fn affixes_separators_and_dates_are_met_from_both_sides() {
        let literals = [
            literal(What::Prefix("EU-".to_owned()), &["region"]),
            literal(What::Separator(",".to_owned()), &["tags"]),
            literal(text("2024-03-31"), &["day", "at"]),
        ];
        let context = json!({"region": "x", "tags": "a b", "day": "2020-01-01", "at": "2020-01-01T10:00:00Z"});
        let seen = mixed(&literals, &context, &json!({})).into_iter().collect::<String>();
        for part in [
            r#""region":"EU-x""#,
            r#""region":"EU-""#,
            r#""tags":"a b,""#,
            r#","tags":"a,, b""#,
            r#""day":"2024-04-01""#,
            r#""day":"2024-03-30""#,
            r#""day":"2023-03-31""#,
            r#""at":"2024-03-31T00:00:00Z""#,
            r#""at":"2024-03-30T23:59:59Z""#,
        ] {
            assert!(seen.contains(part), "{part}");
        }
    }

    #[test]
    fn without_literals_nothing_is_drawn() {
        let mut rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]);
        assert!((0..100).all(|_| Mixer::new(&[]).share(&mut rng) == 0));
        assert_eq!(mixed(&[], &json!({"a": "b"}), &json!({})).len(), 1);
    }
}
