//! Values into Python and out of it, without a text in between.

use std::collections::HashMap;

use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDict, PyFloat, PyInt, PyList, PyString, PyTuple};
use serde_json::{Map, Number, Value};

use parity_json::pointer;

/// How deep a value may nest; a cycle is deeper than any limit.
pub(super) const MAX_DEPTH: usize = 200;

/// The keys that were written so far, as Python strings: the same few names occur in every input.
#[derive(Debug, Default)]
pub(super) struct Keys(HashMap<String, Py<PyString>>);

/// How many keys are kept; generated keys must not fill the memory.
const MAX_KEYS: usize = 4096;

impl Keys {
    fn get<'py>(&mut self, py: Python<'py>, key: &str) -> Bound<'py, PyString> {
        if let Some(known) = self.0.get(key) {
            return known.bind(py).clone();
        }
        let string = PyString::new(py, key);
        if self.0.len() < MAX_KEYS {
            self.0.insert(key.to_owned(), string.clone().unbind());
        }
        string
    }

    /// `members` as a new dict; `None` when it nests too deep.
    pub(super) fn write_object<'py>(
        &mut self,
        py: Python<'py>,
        members: &Map<String, Value>,
        depth: usize,
    ) -> PyResult<Option<Bound<'py, PyDict>>> {
        if depth == MAX_DEPTH {
            return Ok(None);
        }
        let dict = PyDict::new(py);
        for (key, value) in members {
            let Some(value) = self.write(py, value, depth + 1)? else { return Ok(None) };
            dict.set_item(self.get(py, key), value)?;
        }
        Ok(Some(dict))
    }

    fn write<'py>(&mut self, py: Python<'py>, value: &Value, depth: usize) -> PyResult<Option<Bound<'py, PyAny>>> {
        Ok(Some(match value {
            Value::Null => py.None().into_bound(py),
            Value::Bool(flag) => PyBool::new(py, *flag).to_owned().into_any(),
            Value::Number(number) => match (number.as_i64(), number.as_u64()) {
                (Some(integer), _) => integer.into_pyobject(py)?.into_any(),
                (None, Some(integer)) => integer.into_pyobject(py)?.into_any(),
                (None, None) => PyFloat::new(py, number.as_f64().unwrap_or(f64::NAN)).into_any(),
            },
            Value::String(text) => PyString::new(py, text).into_any(),
            Value::Array(elements) => {
                if depth == MAX_DEPTH {
                    return Ok(None);
                }
                let list = PyList::empty(py);
                for element in elements {
                    let Some(element) = self.write(py, element, depth + 1)? else { return Ok(None) };
                    list.append(element)?;
                }
                list.into_any()
            }
            Value::Object(members) => match self.write_object(py, members, depth)? {
                Some(dict) => dict.into_any(),
                None => return Ok(None),
            },
        }))
    }
}

/// Why a Python value is not JSON: where, from the innermost place out, and what stands there.
#[derive(Debug)]
pub(super) struct NotJson {
    path: Vec<String>,
    /// What stands there.
    pub(super) what: String,
}

impl NotJson {
    pub(super) fn new(what: impl Into<String>) -> Self {
        Self { path: Vec::new(), what: what.into() }
    }

    /// The same, seen from the container that holds it under `key`.
    pub(super) fn below(mut self, key: &str) -> Self {
        self.path.push(key.to_owned());
        self
    }

    /// The place as a JSON Pointer.
    pub(super) fn pointer(&self) -> String {
        self.path.iter().rev().fold(String::new(), |parent, key| pointer::child(&parent, key))
    }
}

/// How many values one document may hold; shared members make a small object a document without end.
const MAX_VALUES: usize = 1_000_000;

/// `object` as JSON. Tuples count as lists, and subclasses as what they extend, as in Python's own `json`.
pub(super) fn read(object: &Bound<'_, PyAny>) -> Result<Value, NotJson> {
    Reader { values: 0 }.read(object, 0)
}

/// Reads one document.
struct Reader {
    values: usize,
}

impl Reader {
    fn read(&mut self, object: &Bound<'_, PyAny>, depth: usize) -> Result<Value, NotJson> {
        self.values += 1;
        if self.values > MAX_VALUES {
            return Err(NotJson::new(format!("more than {MAX_VALUES} values")));
        }
        if let Ok(text) = object.cast::<PyString>() {
            return text.to_str().map(Value::from).map_err(|_| NotJson::new("a lone surrogate"));
        }
        if object.is_none() {
            return Ok(Value::Null);
        }
        if let Ok(flag) = object.cast::<PyBool>() {
            return Ok(Value::Bool(flag.is_true()));
        }
        if let Ok(float) = object.cast::<PyFloat>() {
            return read_float(float.value());
        }
        if let Ok(integer) = object.cast::<PyInt>() {
            let small =
                integer.extract::<i64>().map(Value::from).or_else(|_| integer.extract::<u64>().map(Value::from));
            return small.map_err(|_| NotJson::new("an integer beyond 64 bits"));
        }
        let too_deep = || NotJson::new(format!("nesting deeper than {MAX_DEPTH}"));
        if let Ok(dict) = object.cast::<PyDict>() {
            return if depth == MAX_DEPTH { Err(too_deep()) } else { self.read_dict(dict, depth + 1) };
        }
        if object.is_instance_of::<PyList>() || object.is_instance_of::<PyTuple>() {
            return if depth == MAX_DEPTH { Err(too_deep()) } else { self.read_elements(object, depth + 1) };
        }
        Err(NotJson::new(noun(object)))
    }

    fn read_elements(&mut self, list: &Bound<'_, PyAny>, depth: usize) -> Result<Value, NotJson> {
        let mut values = Vec::new();
        for (index, element) in list.try_iter().map_err(|error| NotJson::new(error.to_string()))?.enumerate() {
            let element = element.map_err(|error| NotJson::new(error.to_string()))?;
            values.push(self.read(&element, depth).map_err(|error| error.below(&index.to_string()))?);
        }
        Ok(Value::Array(values))
    }

    fn read_dict(&mut self, dict: &Bound<'_, PyDict>, depth: usize) -> Result<Value, NotJson> {
        let mut members = Map::new();
        for (key, value) in dict {
            let Ok(name) = key.cast::<PyString>() else {
                return Err(NotJson::new(format!("a dict with {} as a key", noun(&key))));
            };
            let name = name.to_str().map_err(|_| NotJson::new("a dict with a lone surrogate in a key"))?;
            let value = self.read(&value, depth).map_err(|error| error.below(name))?;
            members.insert(name.to_owned(), value);
        }
        Ok(Value::Object(members))
    }
}

fn read_float(float: f64) -> Result<Value, NotJson> {
    let what = if float.is_nan() {
        "NaN"
    } else if float > 0.0 {
        "Infinity"
    } else {
        "-Infinity"
    };
    Number::from_f64(float).map(Value::Number).ok_or_else(|| NotJson::new(what))
}

/// What a value is, with its article: `a set`, `an int`.
fn noun(object: &Bound<'_, PyAny>) -> String {
    let class = object.get_type().name().map_or_else(|_| "object".to_owned(), |name| name.to_string());
    let article = if class.to_lowercase().starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
    format!("{article} {class}")
}
