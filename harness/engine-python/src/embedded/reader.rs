//! Values out of Python, without a text in between: what Tasker's worker makes of them.
//!
//! What is JSON as it stands is read here. What pydantic makes of everything else is known by `runtime/parity_json.py`, which
//! the worker process uses as well. Iterating over a generator runs the handler's code, so reading belongs to the call.

use pyo3::exceptions::PyMemoryError;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDict, PyFloat, PyInt, PyList, PyModule, PyString};
use serde_json::{Map, Number, Value};

use parity_engine::MAX_DEPTH_OF_RESULT;
use parity_json::pointer;

/// How many values one document may hold; shared members make a small object a document without end.
const MAX_VALUES: usize = 1_000_000;

/// What knows the types that are not JSON as they stand.
#[derive(Debug)]
pub(super) struct Unfolding {
    unfold: Py<PyAny>,
    key_text: Py<PyAny>,
    not_json: Py<PyAny>,
}

impl Unfolding {
    /// The functions of the module `parity_json`.
    pub(super) fn of(module: &Bound<'_, PyModule>) -> PyResult<Self> {
        let member = |name: &str| PyResult::Ok(module.getattr(name)?.unbind());
        Ok(Self { unfold: member("unfold")?, key_text: member("key_text")?, not_json: member("NotJson")? })
    }

    /// `object` as JSON, or why it is none. The handler's code may also be interrupted, or end otherwise.
    pub(super) fn read(&self, object: &Bound<'_, PyAny>) -> PyResult<Result<Value, NotJson>> {
        match (Reader { unfolding: self, values: 0, around: Vec::new() }).read(object) {
            Ok(value) => Ok(Ok(value)),
            Err(Unread::NotJson(not_json)) => Ok(Err(not_json)),
            Err(Unread::Raised(error)) => Err(error),
        }
    }
}

/// Why a Python value is not JSON: where, from the innermost place out, and what stands there.
#[derive(Debug)]
pub(super) struct NotJson {
    path: Vec<String>,
    /// How far up the place is from where it was seen: a cycle is told where it begins, since the way on which it comes back
    /// may be data.
    levels: usize,
    /// What stands there.
    pub(super) what: String,
}

impl NotJson {
    fn new(what: impl Into<String>) -> Self {
        Self { path: Vec::new(), levels: 0, what: what.into() }
    }

    /// The same, seen from the container that holds it under `key`.
    pub(super) fn below(mut self, key: &str) -> Self {
        match self.levels.checked_sub(1) {
            Some(levels) => self.levels = levels,
            None => self.path.push(key.to_owned()),
        }
        self
    }

    /// The place as a JSON Pointer.
    pub(super) fn pointer(&self) -> String {
        self.path.iter().rev().fold(String::new(), |parent, key| pointer::child(&parent, key))
    }
}

/// Why a value could not be read.
enum Unread {
    NotJson(NotJson),
    Raised(PyErr),
}

impl Unread {
    fn below(self, key: &str) -> Self {
        match self {
            Self::NotJson(not_json) => Self::NotJson(not_json.below(key)),
            raised @ Self::Raised(_) => raised,
        }
    }
}

impl From<PyErr> for Unread {
    fn from(error: PyErr) -> Self {
        Self::Raised(error)
    }
}

fn not_json<T>(what: impl Into<String>) -> Result<T, Unread> {
    Err(Unread::NotJson(NotJson::new(what)))
}

/// Reads one document.
struct Reader<'a, 'py> {
    unfolding: &'a Unfolding,
    values: usize,
    /// The containers around the value.
    around: Vec<Bound<'py, PyAny>>,
}

impl<'py> Reader<'_, 'py> {
    fn read(&mut self, object: &Bound<'py, PyAny>) -> Result<Value, Unread> {
        self.values += 1;
        if self.values > MAX_VALUES {
            return not_json(format!("more than {MAX_VALUES} values"));
        }
        if let Some(scalar) = scalar(object) {
            return scalar;
        }
        if object.is_exact_instance_of::<PyDict>() || object.is_exact_instance_of::<PyList>() {
            return self.read_container(object, object);
        }
        let unfolded = self.ask(&self.unfolding.unfold, object)?;
        match scalar(&unfolded) {
            Some(scalar) => scalar,
            None => self.read_container(object, &unfolded),
        }
    }

    /// Reads a container, or what a value was unfolded to.
    fn read_container(&mut self, object: &Bound<'py, PyAny>, members: &Bound<'py, PyAny>) -> Result<Value, Unread> {
        if let Some(index) = self.around.iter().position(|container| container.is(object)) {
            let levels = self.around.len() - index;
            return Err(Unread::NotJson(NotJson { levels, ..NotJson::new("a cycle") }));
        }
        if self.around.len() == MAX_DEPTH_OF_RESULT {
            return not_json(format!("nesting deeper than {MAX_DEPTH_OF_RESULT}"));
        }
        self.around.push(object.clone());
        let value = match members.cast::<PyDict>() {
            Ok(dict) => self.read_dict(dict),
            Err(_) => self.read_elements(members),
        };
        self.around.pop();
        value
    }

    fn read_elements(&mut self, list: &Bound<'py, PyAny>) -> Result<Value, Unread> {
        let list = list.cast::<PyList>().map_err(PyErr::from)?;
        let mut values = Vec::with_capacity(list.len());
        for (index, element) in list.iter().enumerate() {
            values.push(self.read(&element).map_err(|error| error.below(&index.to_string()))?);
        }
        Ok(Value::Array(values))
    }

    fn read_dict(&mut self, dict: &Bound<'py, PyDict>) -> Result<Value, Unread> {
        let mut members = Map::new();
        for (key, value) in dict {
            let key =
                if key.is_exact_instance_of::<PyString>() { key } else { self.ask(&self.unfolding.key_text, &key)? };
            let Ok(name) = key.cast::<PyString>().map_err(PyErr::from)?.to_str() else {
                return not_json("a dict with a lone surrogate in a key");
            };
            let value = self.read(&value).map_err(|error| error.below(name))?;
            members.insert(name.to_owned(), value);
        }
        Ok(Value::Object(members))
    }

    /// What one of the functions makes of `object`.
    fn ask(&self, function: &Py<PyAny>, object: &Bound<'py, PyAny>) -> Result<Bound<'py, PyAny>, Unread> {
        let py = object.py();
        function.bind(py).call1((object,)).or_else(|error| {
            if error.is_instance(py, self.unfolding.not_json.bind(py)) {
                not_json(error.value(py).getattr("what")?.extract::<String>()?)
            } else if error.is_instance_of::<PyMemoryError>(py) {
                // What was refused is remembered by whoever refused it.
                not_json("what takes too much memory")
            } else {
                Err(error.into())
            }
        })
    }
}

/// What is no container and JSON as it stands.
fn scalar(object: &Bound<'_, PyAny>) -> Option<Result<Value, Unread>> {
    if let Ok(text) = object.cast_exact::<PyString>() {
        return Some(text.to_str().map(Value::from).or_else(|_| not_json("a lone surrogate")));
    }
    if object.is_none() {
        return Some(Ok(Value::Null));
    }
    if let Ok(flag) = object.cast_exact::<PyBool>() {
        return Some(Ok(Value::Bool(flag.is_true())));
    }
    if let Ok(float) = object.cast_exact::<PyFloat>() {
        return Some(Ok(Number::from_f64(float.value()).map_or(Value::Null, Value::Number)));
    }
    let integer = object.cast_exact::<PyInt>().ok()?;
    let small = integer.extract::<i64>().map(Value::from).or_else(|_| integer.extract::<u64>().map(Value::from));
    Some(small.or_else(|_| not_json("an integer beyond 64 bits")))
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::time::Duration;

    use parity_engine::Engine;
    use parity_engine::allowed::Allowed;
    use parity_engine::naming::Naming;
    use parity_engine::process::Surroundings;
    use parity_model::StepInput;
    use serde_json::json;

    use super::*;
    use crate::{PythonEngine, python_process};

    const FIXTURES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures/serialisation");

    /// What `engine` makes of every expression of the table that pydantic is held against, too.
    fn assert_table(engine: &mut dyn Engine) {
        let text = std::fs::read_to_string(Path::new(FIXTURES).join("values.json")).unwrap();
        let table: Vec<Value> = serde_json::from_str(&text).unwrap();
        assert!(table.len() > 300);
        for row in table {
            let context = Map::from_iter([("expression".to_owned(), row["expression"].clone())]);
            let step_input = StepInput::new("values/made".parse().unwrap(), context, Map::new());
            let observed = serde_json::to_value(engine.run(&step_input).unwrap()).unwrap();
            let expected = match row.get("what") {
                Some(what) => {
                    let path = format!("/result{}", row["path"].as_str().unwrap());
                    json!({"status": "unserialisable", "path": path, "what": what})
                }
                None => json!({"status": "completed", "result": {"value": row["json"]}, "metadata": {}}),
            };
            assert_eq!(observed.to_string(), expected.to_string(), "{}", row["expression"]);
        }
    }

    #[test]
    fn a_value_is_what_the_worker_sends_in_process() {
        assert_table(&mut PythonEngine::load(&Path::new(FIXTURES).join("python")).unwrap());
    }

    #[test]
    fn a_value_is_what_the_worker_sends_in_a_process_of_its_own() {
        let tree = Path::new(FIXTURES).join("python");
        let (program, surroundings) = (Path::new("python3"), Surroundings::default());
        let limit = Duration::from_secs(30);
        assert_table(
            &mut python_process(
                ("python-process", program),
                &tree,
                &Naming::identities(),
                &Allowed::default(),
                &surroundings,
                limit,
            )
            .unwrap(),
        );
    }
}
