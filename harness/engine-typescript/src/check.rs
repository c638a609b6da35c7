//! Whether a JavaScript value is an expected JSON value, told without making another one of it.
//!
//! `true` says that it is, as the comparison of what the reader makes of it would. `false` says that it is not, or that this is
//! not sure, e.g. of a proxy. Properties are read once each, in the order and under the conditions of the reader.

use parity_model::{Failure, FailureKind, Outcome};
use rquickjs::object::Filter;
use rquickjs::{Array, Atom, Coerced, Value};
use serde_json::{Map, Value as Json};

use super::bridge::{Reader, big_integer, number};
use parity_json::same_number;

impl Reader {
    /// Whether one of the driver's ends is `expected`.
    pub(super) fn is_end(&self, end: &Array<'_>, expected: &Outcome) -> rquickjs::Result<bool> {
        self.begin(end.ctx())?;
        let kind: u8 = end.get(0)?;
        let is = |index: usize, expected: &Json| self.is(&end.get(index)?, expected);
        Ok(match expected {
            Outcome::Completed { result, metadata } => kind == 0 && is(1, result)? && is(2, metadata)?,
            Outcome::Failed(failure) => {
                let Failure { kind: expected, code, message, retry_after, context, .. } = failure;
                let expected = match expected {
                    FailureKind::Permanent => 1,
                    FailureKind::Retryable => 2,
                };
                let text = |index: usize, text: &str| Ok::<_, rquickjs::Error>(is_text(&end.get(index)?, text));
                kind == expected
                    && match code {
                        Some(code) => text(1, code)?,
                        None => is(1, &Json::Null)?,
                    }
                    && text(2, message)?
                    && match retry_after {
                        Some(seconds) => is(3, &Json::Number(seconds.clone()))?,
                        None => is(3, &Json::Null)?,
                    }
                    && self.is_object(&end.get(4)?, context)?
                    && match failure.named_type() {
                        Some(name) => text(5, name)?,
                        None => true,
                    }
            }
        })
    }

    /// Whether `value` is `expected`; an error is an exception of a getter.
    pub(super) fn is(&self, value: &Value<'_>, expected: &Json) -> rquickjs::Result<bool> {
        Ok(match expected {
            Json::Null => value.is_null(),
            Json::Bool(flag) => value.as_bool() == Some(*flag),
            Json::Number(expected) => match (value.as_int(), value.as_float()) {
                (Some(integer), _) => same_number(expected, &integer.into()),
                (None, Some(float)) => number(float).is_ok_and(|number| same_number(expected, &number)),
                (None, None) if value.is_big_int() => matches!(
                    big_integer(&value.get::<Coerced<String>>()?.0),
                    Json::Number(number) if same_number(expected, &number)
                ),
                (None, None) => false,
            },
            Json::String(text) => is_text(value, text),
            Json::Array(elements) => {
                let Some(array) = value.as_object().filter(|object| self.is_array(object)) else {
                    return Ok(false);
                };
                let length: u32 = array.get(rquickjs::atom::PredefinedAtom::Length)?;
                if usize::try_from(length).ok() != Some(elements.len()) {
                    return Ok(false);
                }
                for (index, expected) in (0..length).zip(elements) {
                    if !self.is(&array.get(index)?, expected)? {
                        return Ok(false);
                    }
                }
                true
            }
            Json::Object(members) => self.is_object(value, members)?,
        })
    }

    /// Most handlers fill an object in the order of the expected one, which spares looking for its members.
    fn is_object(&self, value: &Value<'_>, expected: &Map<String, Json>) -> rquickjs::Result<bool> {
        let Some(object) = value.as_object() else { return Ok(false) };
        if !self.is_plain(object) {
            return Ok(false);
        }
        let mut in_order = expected.iter();
        let mut count = 0;
        for key in object.own_keys::<Atom>(Filter::default()) {
            let key = key?;
            let value: Value = object.get(key.clone())?;
            if value.is_undefined() {
                continue;
            }
            count += 1;
            let member = match in_order.next() {
                Some((name, expected)) if Atom::from_str(value.ctx().clone(), name)? == key => Some(expected),
                _ => key.to_js_string()?.to_string().ok().and_then(|name| expected.get(&name)),
            };
            let Some(member) = member else { return Ok(false) };
            if !self.is(&value, member)? {
                return Ok(false);
            }
        }
        Ok(count == expected.len())
    }
}

fn is_text(value: &Value<'_>, expected: &str) -> bool {
    value.as_string().is_some_and(|text| text.to_string().is_ok_and(|text| text == expected))
}
