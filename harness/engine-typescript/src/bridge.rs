//! JSON values into JavaScript and back, without text in between: what is not JSON must be seen, not dropped.

use std::cell::Cell;
use std::collections::HashMap;

use rquickjs::object::Filter;
use rquickjs::{Array, Atom, Ctx, Error, Object, Value, qjs};
use serde_json::{Map, Number, Value as Json};

/// Arrays and objects within one another, in either direction.
const MAX_DEPTH: usize = 200;

/// Values in one document. An object that holds another one twice doubles the document, a hundred of them in a row would
/// never end.
const MAX_VALUES: usize = 1_000_000;

/// The integers that a double holds exactly.
const MAX_SAFE_INTEGER: i64 = parity_json::MAX_SAFE_INTEGER;

/// Why a JSON value cannot become a JavaScript value.
#[derive(Debug)]
pub(super) enum WriteError {
    /// An exception is pending.
    Exception(Error),
    /// The value nests deeper than the limit.
    TooDeep,
}

impl From<Error> for WriteError {
    fn from(error: Error) -> Self {
        Self::Exception(error)
    }
}

/// Makes a JavaScript value. A number is what `JSON.parse` makes of it.
pub(super) fn write<'js>(ctx: &Ctx<'js>, json: &Json) -> Result<Value<'js>, WriteError> {
    write_below(ctx, json, 0)
}

/// Makes a JavaScript object.
pub(super) fn write_object<'js>(ctx: &Ctx<'js>, map: &Map<String, Json>) -> Result<Object<'js>, WriteError> {
    write_map(ctx, map, 1)
}

#[expect(clippy::cast_precision_loss, reason = "the nearest double is what JSON.parse makes of an integer")]
fn write_below<'js>(ctx: &Ctx<'js>, json: &Json, depth: usize) -> Result<Value<'js>, WriteError> {
    Ok(match json {
        Json::Null => Value::new_null(ctx.clone()),
        Json::Bool(value) => Value::new_bool(ctx.clone(), *value),
        Json::Number(number) => match (number.as_i64(), number.as_u64()) {
            (Some(integer), _) => i32::try_from(integer).map_or_else(
                |_| Value::new_float(ctx.clone(), integer as f64),
                |small| Value::new_int(ctx.clone(), small),
            ),
            (None, Some(integer)) => Value::new_float(ctx.clone(), integer as f64),
            (None, None) => Value::new_float(ctx.clone(), number.as_f64().unwrap_or(f64::NAN)),
        },
        Json::String(text) => rquickjs::String::from_str(ctx.clone(), text)?.into_value(),
        Json::Array(items) => {
            let depth = deeper(depth)?;
            let array = Array::new(ctx.clone())?;
            for (index, item) in items.iter().enumerate() {
                array.set(index, write_below(ctx, item, depth)?)?;
            }
            array.into_value()
        }
        Json::Object(map) => write_map(ctx, map, deeper(depth)?)?.into_value(),
    })
}

fn write_map<'js>(ctx: &Ctx<'js>, map: &Map<String, Json>, depth: usize) -> Result<Object<'js>, WriteError> {
    let object = Object::new(ctx.clone())?;
    for (key, json) in map {
        define(&object, key, &write_below(ctx, json, depth)?)?;
    }
    Ok(object)
}

fn deeper(depth: usize) -> Result<usize, WriteError> {
    if depth < MAX_DEPTH { Ok(depth + 1) } else { Err(WriteError::TooDeep) }
}

/// Gives the object a property of its own, also where a setter of its prototype would take the value (`__proto__`).
pub(super) fn define<'js>(object: &Object<'js>, key: &str, value: &Value<'js>) -> rquickjs::Result<()> {
    let ctx = object.ctx();
    let raw = ctx.as_raw().as_ptr();
    // SAFETY: context, object and value are alive and of one runtime; the key is passed with its length; the value is
    // duplicated because the callee takes one reference, and the atom is released after its only use.
    let defined = unsafe {
        let atom = qjs::JS_NewAtomLen(raw, key.as_ptr().cast(), key.len() as qjs::size_t);
        if atom == qjs::JS_ATOM_NULL {
            return Err(Error::Exception);
        }
        let value = qjs::JS_DupValue(raw, value.as_raw());
        let flags = i32::try_from(qjs::JS_PROP_C_W_E).unwrap_or(7);
        let defined = qjs::JS_DefinePropertyValue(raw, object.as_raw(), atom, value, flags);
        qjs::JS_FreeAtom(raw, atom);
        defined
    };
    if defined < 0 { Err(Error::Exception) } else { Ok(()) }
}

/// Why a JavaScript value cannot become a JSON value.
#[derive(Debug)]
pub(super) enum ReadError {
    /// An exception is pending: a getter or a proxy threw, or the script was stopped.
    Exception(Error),
    /// The value is not JSON.
    NotJson {
        /// Names on the way to the value, innermost first.
        path: Vec<String>,
        /// What it is.
        what: String,
    },
}

impl ReadError {
    /// Names what it is.
    pub(super) fn not_json(what: impl Into<String>) -> Self {
        Self::NotJson { path: Vec::new(), what: what.into() }
    }

    /// The same, seen from the value that holds it under `name`.
    pub(super) fn below(mut self, name: &str) -> Self {
        if let Self::NotJson { path, .. } = &mut self {
            path.push(name.to_owned());
        }
        self
    }
}

impl From<Error> for ReadError {
    fn from(error: Error) -> Self {
        match error {
            Error::Utf8(_) => Self::not_json("a lone surrogate"),
            error => Self::Exception(error),
        }
    }
}

/// A JSON Pointer of names that are given innermost first.
pub(super) fn pointer(path: &[String]) -> String {
    path.iter().rev().fold(String::new(), |pointer, name| pointer + "/" + &name.replace('~', "~0").replace('/', "~1"))
}

/// What the objects of a class are, told by class and not by prototype, which a script can change.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Object,
    Array,
    Proxy,
    NotJson(String),
}

/// Reads JavaScript values.
#[derive(Debug)]
pub(super) struct Reader {
    kinds: HashMap<qjs::JSClassID, Kind>,
    /// How many values of the current document were read.
    count: Cell<usize>,
}

impl Reader {
    /// Learns the classes of one runtime from samples of `[value, name]`.
    pub(super) fn new(samples: &Array<'_>) -> rquickjs::Result<Self> {
        let mut kinds = HashMap::new();
        for sample in samples.iter::<Array>() {
            let sample = sample?;
            let kind = match sample.get::<String>(1)?.as_str() {
                "object" => Kind::Object,
                "array" => Kind::Array,
                "proxy" => Kind::Proxy,
                name => Kind::NotJson(name.to_owned()),
            };
            kinds.insert(class_id(&sample.get::<Value>(0)?), kind);
        }
        Ok(Self { kinds, count: Cell::new(0) })
    }

    /// What an object's class is.
    pub(super) fn kind(&self, object: &Object<'_>) -> Option<&Kind> {
        self.kinds.get(&class_id(object.as_value()))
    }

    /// Makes a JSON value.
    pub(super) fn read(&self, value: &Value<'_>) -> Result<Json, ReadError> {
        self.count.set(0);
        self.read_below(value, 0)
    }

    fn read_below(&self, value: &Value<'_>, depth: usize) -> Result<Json, ReadError> {
        self.count.set(self.count.get() + 1);
        if self.count.get() > MAX_VALUES {
            return Err(ReadError::not_json(format!("more than {MAX_VALUES} values")));
        }
        if let Some(text) = value.as_string() {
            Ok(Json::String(text.to_string()?))
        } else if let Some(integer) = value.as_int() {
            Ok(Json::from(integer))
        } else if let Some(float) = value.as_float() {
            number(float).map(Json::Number)
        } else if let Some(boolean) = value.as_bool() {
            Ok(Json::Bool(boolean))
        } else if value.is_null() {
            Ok(Json::Null)
        } else if let Some(object) = value.as_object() {
            self.read_object(object, depth)
        } else if value.is_undefined() {
            Err(ReadError::not_json("undefined"))
        } else if value.is_symbol() {
            Err(ReadError::not_json("a symbol"))
        } else {
            Err(ReadError::not_json("a BigInt"))
        }
    }

    fn read_object(&self, object: &Object<'_>, depth: usize) -> Result<Json, ReadError> {
        let is_array = match self.kind(object) {
            Some(Kind::Object) => false,
            Some(Kind::Array) => true,
            _ if object.is_function() => return Err(ReadError::not_json("a function")),
            Some(Kind::Proxy) => object.is_array(),
            Some(Kind::NotJson(what)) => return Err(ReadError::not_json(what.as_str())),
            None => return Err(ReadError::not_json("an object of another kind")),
        };
        if depth == MAX_DEPTH {
            return Err(ReadError::not_json(format!("nesting deeper than {MAX_DEPTH}")));
        }
        if is_array { self.read_array(object, depth + 1) } else { self.read_members(object, depth + 1) }
    }

    fn read_array(&self, array: &Object<'_>, depth: usize) -> Result<Json, ReadError> {
        let length: u32 = array.get(rquickjs::atom::PredefinedAtom::Length)?;
        // A length says nothing about the memory that an array takes: it may be all holes.
        let mut items = Vec::with_capacity(length.min(1024) as usize);
        for index in 0..length {
            let item: Value = array.get(index)?;
            items.push(self.read_below(&item, depth).map_err(|error| error.below(&index.to_string()))?);
        }
        Ok(Json::Array(items))
    }

    fn read_members(&self, object: &Object<'_>, depth: usize) -> Result<Json, ReadError> {
        let mut map = Map::new();
        for key in object.own_keys::<Atom>(Filter::default()) {
            let key = key?;
            let value: Value = object.get(key.clone())?;
            if value.is_undefined() {
                continue;
            }
            let name = key.to_js_string()?.to_string()?;
            let json = self.read_below(&value, depth).map_err(|error| error.below(&name))?;
            map.insert(name, json);
        }
        Ok(Json::Object(map))
    }
}

/// The JSON number nearest to what JavaScript prints: integral and safe values are integers.
#[expect(clippy::cast_possible_truncation, reason = "only integral values within the safe range are cast")]
#[expect(clippy::cast_precision_loss, reason = "the greatest safe integer is exact by definition")]
pub(super) fn number(float: f64) -> Result<Number, ReadError> {
    let is_negative_zero = float == 0.0 && float.is_sign_negative();
    if float.fract() == 0.0 && float.abs() <= MAX_SAFE_INTEGER as f64 && !is_negative_zero {
        return Ok(Number::from(float as i64));
    }
    let what = if float.is_nan() {
        "NaN"
    } else if float > 0.0 {
        "Infinity"
    } else {
        "-Infinity"
    };
    Number::from_f64(float).ok_or_else(|| ReadError::not_json(what))
}

fn class_id(value: &Value<'_>) -> qjs::JSClassID {
    // SAFETY: the value is alive; reading its class touches nothing.
    unsafe { qjs::JS_GetClassID(value.as_raw()) }
}
