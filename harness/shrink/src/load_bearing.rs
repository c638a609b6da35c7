//! Which parts of a minimal value matter: in the place of the others, another value shows the same.

use std::ops::Range;

use serde_json::{Value, json};

use super::dates::years;
use super::search::Answer;
use parity_json::pointer::child;

/// How often the predicate is asked at most.
const BUDGET: u32 = 200;

/// JSON Pointers to the scalars and empty containers of `value` of which `holds` needs just this value. A part for which
/// no other value is in the domain does not matter: there is nothing else it could be.
pub fn load_bearing_paths<E>(
    value: &Value,
    holds: &mut dyn FnMut(&Value) -> Result<Answer, E>,
) -> Result<Vec<String>, E> {
    let mut parts = Vec::new();
    leaves(value, "", &mut parts);
    let (mut asked, mut matter) = (0, Vec::new());
    for part in parts {
        let Some(leaf) = value.pointer(&part) else { continue };
        let mut is_free = false;
        let plain = others(leaf).into_iter().map(|other| (other, false));
        for (other, is_of_form) in plain.chain(of_one_form(leaf).into_iter().map(|other| (other, true))) {
            if is_free && is_of_form {
                // It need not have that form.
                break;
            }
            if asked == BUDGET {
                // Nothing is known of what was not tried, so it may matter.
                matter.push(part);
                break;
            }
            let mut changed = value.clone();
            if let Some(place) = changed.pointer_mut(&part) {
                *place = other;
            }
            asked += 1;
            match holds(&changed)? {
                Answer::Holds => is_free |= !is_of_form,
                Answer::OutOfDomain => {}
                Answer::HoldsNot => {
                    matter.push(part);
                    break;
                }
                Answer::OutOfTime => return Ok(matter),
            }
        }
    }
    Ok(matter)
}

fn leaves(value: &Value, path: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(members) if !members.is_empty() => {
            members.iter().for_each(|(key, member)| leaves(member, &child(path, key), found));
        }
        Value::Array(items) if !items.is_empty() => {
            items.iter().enumerate().for_each(|(index, item)| leaves(item, &format!("{path}/{index}"), found));
        }
        _ => found.push(path.to_owned()),
    }
}

/// Other values of the same type, near and far.
fn others(leaf: &Value) -> Vec<Value> {
    let all = match leaf {
        Value::Null => vec![json!(0), json!("a"), json!(true)],
        Value::Bool(known) => vec![json!(!known)],
        Value::Number(number) => {
            let near = number.as_i64().and_then(|number| number.checked_add(1)).map(|number| json!(number));
            let near = near.or_else(|| number.as_f64().map(|number| json!(number * 2.0)));
            near.into_iter().chain([json!(0), json!(1), json!(7), json!(1250.5)]).collect()
        }
        Value::String(text) => {
            vec![json!(format!("{text}x")), json!(""), json!("a"), json!("Other text"), json!("2025-02-03")]
        }
        Value::Array(_) => vec![json!([null]), json!([{}])],
        Value::Object(_) => vec![json!({"other": null})],
    };
    all.into_iter().filter(|other| other != leaf).collect()
}

/// Texts of the same form, for those of which the domain admits no others: other dates, another offset, other digits and letters.
fn of_one_form(leaf: &Value) -> Vec<Value> {
    let Value::String(text) = leaf else { return Vec::new() };
    let mut all = Vec::new();
    let mut add = |range: Range<usize>, other: &str| {
        let mut changed = text.clone();
        changed.replace_range(range, other);
        all.push(changed);
    };
    for year in years(text) {
        let day = year.end + "-01-".len();
        for other in ["1998", "2003"] {
            add(year.clone(), other);
        }
        if text.as_bytes().get(day..day + 2).is_some_and(|day| day.iter().all(u8::is_ascii_digit)) {
            for other in ["02", "15"] {
                add(day..day + 2, other);
            }
        }
    }
    if let Some(place) = text.len().checked_sub("+00:00".len()).filter(|at| matches!(text.as_bytes()[*at], b'+' | b'-'))
    {
        add(place..text.len(), "Z");
    }
    if text.ends_with(['Z', 'z']) {
        add(text.len() - 1..text.len(), "+05:00");
    }
    for kind in [u8::is_ascii_digit, u8::is_ascii_alphabetic] {
        let places: Vec<usize> = text.bytes().enumerate().filter(|(_, byte)| kind(byte)).map(|(at, _)| at).collect();
        for &at in [places.first(), places.last()].into_iter().flatten() {
            let other = match text.as_bytes()[at] {
                b'1' => "2",
                b'0'..=b'9' => "1",
                b'a' => "b",
                b'A' => "B",
                b'B'..=b'Z' => "A",
                _ => "a",
            };
            add(at..at + 1, other);
        }
    }
    all.into_iter().map(Value::String).collect()
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use rstest::rstest;

    use super::*;

    fn matters(value: &Value, holds: impl Fn(&Value) -> Answer) -> Vec<String> {
        load_bearing_paths::<Infallible>(value, &mut |value| Ok(holds(value))).unwrap()
    }

    fn answer(holds: bool) -> Answer {
        if holds { Answer::Holds } else { Answer::HoldsNot }
    }

    #[test]
    fn only_what_the_predicate_reads_matters() {
        let value = json!({"a": [1, "x"], "b": {"c": false, "d/e": null}, "f": [], "g": {}});
        assert_eq!(matters(&value, |value| answer(value["a"][0] == 1)), ["/a/0"]);
        assert_eq!(matters(&value, |value| answer(value["b"]["d/e"].is_null())), ["/b/d~1e"]);
        assert_eq!(matters(&value, |value| answer(value["f"] == json!([]))), ["/f"]);
        assert_eq!(matters(&value, |value| answer(value["g"] == json!({}))), ["/g"]);
        assert!(matters(&value, |_| Answer::Holds).is_empty());
    }

    #[test]
    fn what_can_not_be_anything_else_does_not_matter() {
        let value = json!({"kind": "fixed", "n": 3});
        let in_domain = |value: &Value| value["kind"] == "fixed";
        let holds = |value: &Value| if in_domain(value) { answer(value["n"] == 3) } else { Answer::OutOfDomain };
        assert_eq!(matters(&value, holds), ["/n"]);
    }

    #[rstest]
    #[case::date("2000-01-01", "2000-01-")]
    #[case::year("2000-01-01", "2000-")]
    #[case::offset("2000-01-01T00:00:00-05:00", "-05:00")]
    #[case::utc("2000-01-01T00:00:00Z", "Z")]
    #[case::code("AB-17", "AB")]
    #[case::number("AB-17", "7")]
    fn a_text_that_must_have_its_form_matters_where_another_of_that_form_shows_nothing(
        #[case] text: &str,
        #[case] part: &str,
    ) {
        // Digits where it has digits, letters where it has letters.
        let form = |text: &str| -> String {
            let zone = text.trim_end_matches("+05:00").trim_end_matches("-05:00").trim_end_matches('Z');
            let kind = |byte: u8| {
                if byte.is_ascii_digit() {
                    '0'
                } else if byte.is_ascii_alphabetic() {
                    'a'
                } else {
                    '-'
                }
            };
            zone.bytes().map(kind).collect()
        };
        let value = json!({"free": text, "text": text});
        let in_domain = |value: &Value| form(value["text"].as_str().unwrap()) == form(text);
        let shows = |value: &Value| value["text"].as_str().unwrap().contains(part);
        let holds = |value: &Value| if in_domain(value) { answer(shows(value)) } else { Answer::OutOfDomain };
        assert_eq!(matters(&value, holds), ["/text"]);
    }

    #[test]
    fn what_was_not_tried_may_matter() {
        let value = json!(vec![0; 300]);
        let found = matters(&value, |_| Answer::Holds);
        assert!(!found.is_empty() && found.last().unwrap() == "/299", "{found:?}");
    }
}
