//! Whether a worker's line is the result that is expected, seen while it is read: most lines are, and no value is made of them then.

use std::borrow::Cow;
use std::fmt;

use parity_json::same_number;
use parity_model::{Failure, FailureKind, Outcome};
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

/// Whether `line` answers the call `id` with `expected`. What is not sure is not: the line is read as a whole then.
pub(super) fn is_expected(line: &[u8], id: u64, expected: &Outcome) -> bool {
    let id = Number::from(id);
    let (completed, failed);
    let outcome: &[(&str, Wanted<'_>)] = match expected {
        Outcome::Completed { result, metadata } => {
            completed = [
                ("status", Wanted::Text("completed")),
                ("result", Wanted::Value(result)),
                ("metadata", Wanted::Value(metadata)),
            ];
            &completed
        }
        Outcome::Failed(Failure { raised: true, .. }) => return false,
        Outcome::Failed(failure) => {
            let Failure { kind, code, message, retry_after, context, .. } = failure;
            failed = [
                ("status", Wanted::Text("failed")),
                ("kind", Wanted::Text(if *kind == FailureKind::Permanent { "permanent" } else { "retryable" })),
                ("code", code.as_deref().map_or(Wanted::Null, Wanted::Text)),
                ("message", Wanted::Text(message)),
                ("retry_after", retry_after.as_ref().map_or(Wanted::Null, Wanted::Number)),
                ("context", Wanted::Members(context)),
                ("error_type", Wanted::Type(failure.named_type())),
                ("raised", Wanted::Returned),
            ];
            &failed
        }
    };
    let reply = [("type", Wanted::Text("result")), ("id", Wanted::Number(&id)), ("outcome", Wanted::Object(outcome))];
    let mut reader = serde_json::Deserializer::from_slice(line);
    Wanted::Object(&reply).deserialize(&mut reader).is_ok() && reader.end().is_ok()
}

/// What is to be read.
#[derive(Clone, Copy)]
enum Wanted<'e> {
    Null,
    Text(&'e str),
    Number(&'e Number),
    Value(&'e Value),
    Members(&'e Map<String, Value>),
    Object(&'e [(&'e str, Self)]),
    /// This type of a failure or, where none was named, whatever it is. It may be left out.
    Type(Option<&'e str>),
    /// That a failure was not raised, which may be left out. What was raised is read as a whole.
    Returned,
}

/// Objects with more members are read as a whole.
const MOST_MEMBERS: usize = 64;

impl Wanted<'_> {
    fn number<E: Error>(self, read: impl FnOnce() -> Option<Number>) -> Result<(), E> {
        let (Self::Number(wanted) | Self::Value(Value::Number(wanted))) = self else { return Err(other()) };
        same_if(read().is_some_and(|read| same_number(wanted, &read)))
    }

    fn count(self) -> Option<usize> {
        match self {
            Self::Object(members) => Some(members.len()),
            Self::Members(members) | Self::Value(Value::Object(members)) => Some(members.len()),
            _ => None,
        }
    }

    /// Whether these of the members are all that are needed.
    fn is_whole(self, seen: &[bool], count: usize) -> bool {
        match self {
            Self::Object(members) => {
                let may_lack = |wanted: Self| matches!(wanted, Self::Type(None) | Self::Returned);
                members.iter().zip(seen).all(|((_, wanted), seen)| *seen || may_lack(*wanted))
            }
            _ => self.count() == Some(count),
        }
    }

    /// The member of this name and its number, which is looked for at `hint` first.
    fn member(self, name: &str, hint: usize) -> Option<(usize, Self)> {
        match self {
            Self::Object(members) => {
                let number = members.iter().position(|(known, _)| *known == name)?;
                Some((number, members.get(number)?.1))
            }
            Self::Members(members) | Self::Value(Value::Object(members)) => {
                let mut from_hint = members.iter().enumerate().skip(hint);
                let is_it = |(_, (known, _)): &(usize, (&String, &Value))| *known == name;
                let found = from_hint.next().filter(is_it).or_else(|| members.iter().enumerate().find(is_it));
                found.map(|(number, (_, value))| (number, Self::Value(value)))
            }
            _ => None,
        }
    }
}

/// What is read is not what is wanted.
fn other<E: Error>() -> E {
    E::custom("another value")
}

fn same_if<E: Error>(is_same: bool) -> Result<(), E> {
    if is_same { Ok(()) } else { Err(other()) }
}

impl<'de> DeserializeSeed<'de> for Wanted<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<(), D::Error> {
        reader.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Wanted<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("what is expected")
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        same_if(matches!(self, Self::Null | Self::Type(None) | Self::Value(Value::Null)))
    }

    fn visit_bool<E: Error>(self, read: bool) -> Result<(), E> {
        same_if(match self {
            Self::Value(Value::Bool(wanted)) => *wanted == read,
            Self::Returned => !read,
            _ => false,
        })
    }

    fn visit_u64<E: Error>(self, read: u64) -> Result<(), E> {
        self.number(|| Some(read.into()))
    }

    fn visit_i64<E: Error>(self, read: i64) -> Result<(), E> {
        self.number(|| Some(read.into()))
    }

    fn visit_f64<E: Error>(self, read: f64) -> Result<(), E> {
        self.number(|| Number::from_f64(read))
    }

    fn visit_str<E: Error>(self, read: &str) -> Result<(), E> {
        same_if(match self {
            Self::Text(wanted) | Self::Type(Some(wanted)) => wanted == read,
            Self::Type(None) => true,
            Self::Value(Value::String(wanted)) => wanted == read,
            _ => false,
        })
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut read: A) -> Result<(), A::Error> {
        let Self::Value(Value::Array(wanted)) = self else { return Err(other()) };
        for value in wanted {
            read.next_element_seed(Wanted::Value(value))?.ok_or_else(other)?;
        }
        same_if(read.next_element::<serde::de::IgnoredAny>()?.is_none())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut read: A) -> Result<(), A::Error> {
        self.count().filter(|count| *count <= MOST_MEMBERS).ok_or_else(other)?;
        let (mut seen, mut count) = ([false; MOST_MEMBERS], 0);
        while let Some(name) = read.next_key::<Cow<'de, str>>()? {
            let (number, member) = self.member(&name, count).ok_or_else(other)?;
            // A name that comes twice stands for no other one.
            same_if(!std::mem::replace(&mut seen[number], true))?;
            read.next_value_seed(member)?;
            count += 1;
        }
        same_if(self.is_whole(&seen, count))
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;

    fn completed() -> Outcome {
        let result = json!({"a": [1, 2.0, "x\u{e9}", null, true], "b": {"c": -0.0, "d": 9_007_199_254_740_993_u64}});
        Outcome::Completed { result, metadata: json!({}) }
    }

    fn failed(code: Option<&str>, retry_after: Option<u64>) -> Outcome {
        let context = Map::from_iter([("n".to_owned(), json!(1))]);
        let (code, retry_after) = (code.map(str::to_owned), retry_after.map(Number::from));
        Outcome::Failed(Failure { code, context, retry_after, ..Failure::retryable(0, "m") })
    }

    #[rstest]
    #[case::nobody_says_any(None, json!({}), true)]
    #[case::none_was_named(None, json!({"error_type": "timeout", "raised": false}), true)]
    #[case::it_has_none(None, json!({"error_type": null}), true)]
    #[case::the_one_that_was_named(Some("timeout"), json!({"error_type": "timeout"}), true)]
    #[case::another_one(Some("timeout"), json!({"error_type": "network"}), false)]
    #[case::not_said(Some("timeout"), json!({}), false)]
    #[case::raised(None, json!({"error_type": "Timeout", "raised": true}), false)]
    #[case::no_flag(None, json!({"raised": null}), false)]
    fn what_is_said_of_the_way_that_a_failure_left_is_not_expected(
        #[case] named: Option<&str>,
        #[case] said: Value,
        #[case] is_same: bool,
    ) {
        let Outcome::Failed(failure) = failed(Some("X"), None) else { unreachable!() };
        let mut outcome = json!(Outcome::Failed(failure.clone()));
        outcome.as_object_mut().unwrap().extend(said.as_object().unwrap().clone());
        let line = json!({"type": "result", "id": 7, "outcome": outcome}).to_string();
        let expected = Outcome::Failed(Failure { error_type: named.map(str::to_owned), ..failure });
        assert_eq!(is_expected(line.as_bytes(), 7, &expected), is_same);
    }

    #[rstest]
    #[case::same(r#"{"a":[1,2.0,"xé",null,true],"b":{"c":-0.0,"d":9007199254740993}}"#, true)]
    #[case::by_value_and_in_another_order(
        r#"{"b":{"d":9007199254740993,"c":0},"a":[1.0,2,"x\u00e9",null,true]}"#,
        true
    )]
    #[case::another_number(r#"{"a":[1,2.0,"xé",null,true],"b":{"c":0,"d":9007199254740992}}"#, false)]
    #[case::the_double_next_to_it(r#"{"a":[1,2.0,"xé",null,true],"b":{"c":0,"d":9007199254740992.0}}"#, false)]
    #[case::another_text(r#"{"a":[1,2.0,"x",null,true],"b":{"c":0,"d":9007199254740993}}"#, false)]
    #[case::null_for_true(r#"{"a":[1,2.0,"xé",null,null],"b":{"c":0,"d":9007199254740993}}"#, false)]
    #[case::a_shorter_list(r#"{"a":[1,2.0,"xé",null],"b":{"c":0,"d":9007199254740993}}"#, false)]
    #[case::a_longer_list(r#"{"a":[1,2.0,"xé",null,true,1],"b":{"c":0,"d":9007199254740993}}"#, false)]
    #[case::a_member_less(r#"{"a":[1,2.0,"xé",null,true],"b":{"c":0}}"#, false)]
    #[case::a_member_more(r#"{"a":[1,2.0,"xé",null,true],"b":{"c":0,"d":9007199254740993},"e":null}"#, false)]
    #[case::a_member_twice(r#"{"a":[1,2.0,"xé",null,true],"b":{"c":0,"c":0}}"#, false)]
    #[case::text_for_number(r#"{"a":["1",2.0,"xé",null,true],"b":{"c":0,"d":9007199254740993}}"#, false)]
    #[case::no_object("[]", false)]
    fn a_result_is_compared_by_value(#[case] result: &str, #[case] is_same: bool) {
        let line = format!(
            r#"{{"type":"result","id":7,"outcome":{{"status":"completed","result":{result},"metadata":{{}}}}}}"#
        );
        assert_eq!(is_expected(line.as_bytes(), 7, &completed()), is_same);
        assert!(!is_expected(line.as_bytes(), 8, &completed()));
        assert!(!is_expected(format!("{line} 1").as_bytes(), 7, &completed()));
        assert!(!is_expected(line.replace("result\",\"id", "fault\",\"id").as_bytes(), 7, &completed()));
    }

    #[rstest]
    #[case(Some("X"), None)]
    #[case(None, Some(30))]
    fn every_member_of_a_failure_counts(#[case] code: Option<&str>, #[case] retry_after: Option<u64>) {
        let expected = failed(code, retry_after);
        let document = json!(expected);
        let line = |outcome: &Value| json!({"type": "result", "id": 7, "outcome": outcome}).to_string();
        assert!(is_expected(line(&document).as_bytes(), 7, &expected));
        for (name, value) in document.as_object().unwrap() {
            for changed in [json!(if value.is_null() { "null" } else { "other" }), json!(12_345)] {
                let mut document = document.clone();
                document[name] = changed;
                assert!(!is_expected(line(&document).as_bytes(), 7, &expected), "{document}");
            }
        }
    }
}
