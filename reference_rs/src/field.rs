//! Reading untyped input: a JSON value that knows where it stands, so that what can not be read is refused by its path.
//!
//! The reference handlers take whatever they are given and fall over an unusable value only when they use it. The
//! readers here give each such place its planned answer, [`Failure::invalid_input`].

use serde_json::{Map, Value};

use crate::number::Number;
use parity_model::Failure;

static NULL: Value = Value::Null;

/// A value somewhere in a step input. What is absent reads as null.
#[derive(Clone, Debug)]
pub struct Field<'a> {
    value: &'a Value,
    path: String,
}

impl<'a> Field<'a> {
    pub(crate) fn member_of(object: &'a Map<String, Value>, path: String, name: &str) -> Self {
        Self { value: object.get(name).unwrap_or(&NULL), path }
    }

    /// The member `name`; null when it is absent or this is not an object.
    #[must_use]
    pub fn get(&self, name: &str) -> Field<'a> {
        Field { value: self.value.get(name).unwrap_or(&NULL), path: format!("{}/{name}", self.path) }
    }

    /// The value itself.
    #[must_use]
    pub fn value(&self) -> &'a Value {
        self.value
    }

    /// Whether this is absent or null.
    #[must_use]
    pub fn is_nil(&self) -> bool {
        self.value.is_null()
    }

    /// Whether this is neither null nor false. Zero and everything empty are truthy.
    #[must_use]
    pub fn is_truthy(&self) -> bool {
        !matches!(self.value, Value::Null | Value::Bool(false))
    }

    /// Whether this says nothing: null, false, an empty list or object, a text of nothing but whitespace (Unicode's). No
    /// number does.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        match self.value {
            Value::Null | Value::Bool(false) => true,
            Value::String(text) => text.chars().all(char::is_whitespace),
            Value::Array(elements) => elements.is_empty(),
            Value::Object(members) => members.is_empty(),
            Value::Bool(true) | Value::Number(_) => false,
        }
    }

    /// Whether this is a text with `part` somewhere in it.
    #[must_use]
    pub fn contains(&self, part: &str) -> bool {
        self.value.as_str().is_some_and(|text| text.contains(part))
    }

    /// The failure that this value is not `expected`.
    #[must_use]
    pub fn invalid(&self, expected: &str) -> Failure {
        Failure::invalid_input(&self.path, expected)
    }

    /// Refuses a truthy value that is no object; null and false pass, to be dealt with where they are used.
    pub fn object_if_truthy(self) -> Result<Self, Failure> {
        if self.is_truthy() && !self.value.is_object() { Err(self.invalid("an object")) } else { Ok(self) }
    }

    /// Refuses what is neither null nor an object, false included.
    pub fn object_or_nil(self) -> Result<Self, Failure> {
        if self.is_nil() || self.value.is_object() { Ok(self) } else { Err(self.invalid("an object")) }
    }

    /// Whether this is an object; null is not, and anything else is refused.
    pub fn is_object(&self) -> Result<bool, Failure> {
        match self.value {
            Value::Null => Ok(false),
            Value::Object(_) => Ok(true),
            _ => Err(self.invalid("an object")),
        }
    }

    /// Whether this holds something: a list with a truthy element or an object with a member. Null holds nothing, and
    /// any other value is refused.
    pub fn has_any(&self) -> Result<bool, Failure> {
        match self.value {
            Value::Null => Ok(false),
            Value::Array(elements) => {
                Ok(elements.iter().any(|element| !matches!(element, Value::Null | Value::Bool(false))))
            }
            Value::Object(members) => Ok(!members.is_empty()),
            _ => Err(self.invalid("a list")),
        }
    }

    /// The elements of a list; anything else is refused.
    pub fn elements(&self) -> Result<Vec<Field<'a>>, Failure> {
        let elements = self.value.as_array().ok_or_else(|| self.invalid("a list"))?;
        Ok(elements
            .iter()
            .enumerate()
            .map(|(index, value)| Field { value, path: format!("{}/{index}", self.path) })
            .collect())
    }

    /// The number that this is; anything else, and a number beyond [`parity_json::MAX_SAFE_INTEGER`], is refused.
    pub fn number(&self) -> Result<Number, Failure> {
        match self.value {
            Value::Number(number) => Number::from_json(number).ok_or_else(|| self.invalid(SAFE_NUMBER)),
            _ => Err(self.invalid("a number")),
        }
    }

    /// The float that this is or stands for: null is 0, a text is its longest numeric prefix.
    pub fn to_float(&self) -> Result<f64, Failure> {
        match self.value {
            Value::Null => Ok(0.0),
            Value::String(text) => Number::from_text(text).ok_or_else(|| self.invalid(SAFE_NUMBER)),
            _ => self.number().map(Number::as_f64),
        }
    }

    /// The text that this is; anything else is refused.
    pub fn text(&self) -> Result<&'a str, Failure> {
        self.value.as_str().ok_or_else(|| self.invalid("a text"))
    }

    /// What this looks like within a text: nothing for null, a flag or a number in its usual form; a list or an object is
    /// refused.
    pub fn to_text(&self) -> Result<String, Failure> {
        match self.value {
            Value::Null => Ok(String::new()),
            Value::Bool(flag) => Ok(flag.to_string()),
            Value::Number(_) => self.number().map(Number::text),
            _ => self.text().map(str::to_owned),
        }
    }

    /// The value, to be handed on as it is. Refused when a number in it lies beyond what every language keeps.
    pub fn hand_on(&self) -> Result<&'a Value, Failure> {
        if holds_only_safe_numbers(self.value) {
            Ok(self.value)
        } else {
            Err(self.invalid("numbers within ±9007199254740991"))
        }
    }
}

const SAFE_NUMBER: &str = "a number within ±9007199254740991";

fn holds_only_safe_numbers(value: &Value) -> bool {
    match value {
        Value::Number(number) => Number::from_json(number).is_some(),
        Value::Array(elements) => elements.iter().all(holds_only_safe_numbers),
        Value::Object(members) => members.values().all(holds_only_safe_numbers),
        _ => true,
    }
}
