//! Values into Python, without a text in between. [`super::reader`] is the way back.

use std::collections::HashMap;

use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDict, PyFloat, PyList, PyString};
use serde_json::{Map, Value};

/// How deep a value may nest.
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
