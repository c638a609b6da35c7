//! JSON values into JavaScript and back, without text in between, as the transport of the real package takes them: its native
//! part converts values and never calls `toJSON`.

use std::cell::{Cell, RefCell};
use std::ffi::c_void;

use parity_engine::MAX_DEPTH_OF_RESULT;
use rquickjs::object::Filter;
use rquickjs::{Array, Atom, BigInt, Coerced, Ctx, Error, Function, Object, Persistent, Value, qjs};
use serde_json::{Map, Number, Value as Json};

/// Arrays and objects within one another in a step input.
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

/// Makes a JavaScript value. An integer that no double holds for sure is a `BigInt`, any other number is what `JSON.parse` makes of
/// it.
pub(super) fn write<'js>(ctx: &Ctx<'js>, json: &Json) -> Result<Value<'js>, WriteError> {
    write_below(ctx, json, 0)
}

/// Makes a JavaScript object.
pub(super) fn write_object<'js>(ctx: &Ctx<'js>, map: &Map<String, Json>) -> Result<Object<'js>, WriteError> {
    write_map(ctx, map, 1)
}

#[expect(clippy::cast_precision_loss, reason = "a double holds the integers that are cast")]
fn write_below<'js>(ctx: &Ctx<'js>, json: &Json, depth: usize) -> Result<Value<'js>, WriteError> {
    Ok(match json {
        Json::Null => Value::new_null(ctx.clone()),
        Json::Bool(value) => Value::new_bool(ctx.clone(), *value),
        Json::Number(number) => match (number.as_i64(), number.as_u64()) {
            (Some(integer), _) if integer.abs_diff(0) > MAX_SAFE_INTEGER.unsigned_abs() => {
                BigInt::from_i64(ctx.clone(), integer)?.into_value()
            }
            (Some(integer), _) => i32::try_from(integer).map_or_else(
                |_| Value::new_float(ctx.clone(), integer as f64),
                |small| Value::new_int(ctx.clone(), small),
            ),
            (None, Some(integer)) => BigInt::from_u64(ctx.clone(), integer)?.into_value(),
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
        /// How many names on the way here are left out.
        skipped: usize,
        /// What it is.
        what: String,
    },
}

impl ReadError {
    /// Names what it is.
    pub(super) fn not_json(what: impl Into<String>) -> Self {
        Self::NotJson { path: Vec::new(), skipped: 0, what: what.into() }
    }

    /// A value that holds itself, told where it begins: so many names above the place where it is found again.
    fn cycle(above: usize) -> Self {
        Self::NotJson { path: Vec::new(), skipped: above, what: "a cycle".to_owned() }
    }

    /// The same, seen from the value that holds it under `name`.
    pub(super) fn below(mut self, name: &str) -> Self {
        match &mut self {
            Self::NotJson { skipped, .. } if *skipped > 0 => *skipped -= 1,
            Self::NotJson { path, .. } => path.push(name.to_owned()),
            Self::Exception(_) => {}
        }
        self
    }
}

impl From<Error> for ReadError {
    fn from(error: Error) -> Self {
        Self::Exception(error)
    }
}

/// A JSON Pointer of names that are given innermost first.
pub(super) fn pointer(path: &[String]) -> String {
    path.iter().rev().fold(String::new(), |pointer, name| pointer + "/" + &name.replace('~', "~0").replace('/', "~1"))
}

/// Reads the JavaScript values of one realm.
pub(super) struct Reader {
    /// What plain objects and arrays are, told by class and not by prototype, which a script can change.
    object_class: qjs::JSClassID,
    array_class: qjs::JSClassID,
    /// What plain objects inherit from.
    object_prototype: Persistent<Object<'static>>,
    prototype_address: *mut c_void,
    /// Whether a script has given plain objects something to inherit that a document shows.
    all_inherit: Cell<bool>,
    /// The names of an object's enumerable members, inherited ones too.
    names: Persistent<Function<'static>>,
    /// How many values of the current document were read.
    count: Cell<usize>,
    /// The objects on the way to the value that is read.
    above: RefCell<Vec<*mut c_void>>,
}

impl Reader {
    /// A reader that asks `names` for the members of objects that inherit some.
    pub(super) fn new(ctx: &Ctx<'_>, names: Persistent<Function<'static>>) -> rquickjs::Result<Self> {
        let object = Object::new(ctx.clone())?;
        let prototype = object.get_prototype().ok_or(Error::Unknown)?;
        Ok(Self {
            object_class: class_id(object.as_value()),
            array_class: class_id(Array::new(ctx.clone())?.as_value()),
            prototype_address: address(&prototype),
            object_prototype: Persistent::save(ctx, prototype),
            all_inherit: Cell::new(false),
            names,
            count: Cell::new(0),
            above: RefCell::default(),
        })
    }

    /// Whether it is a plain array.
    pub(super) fn is_array(&self, object: &Object<'_>) -> bool {
        class_id(object.as_value()) == self.array_class
    }

    /// Begins a document.
    pub(super) fn begin(&self, ctx: &Ctx<'_>) -> rquickjs::Result<()> {
        self.count.set(0);
        self.above.borrow_mut().clear();
        let prototype = self.object_prototype.clone().restore(ctx)?;
        self.all_inherit.set(prototype.own_keys::<Atom>(Filter::default()).len() > 0);
        Ok(())
    }

    /// Whether it is an object, and no proxy, that inherits nothing which a document shows.
    pub(super) fn is_plain(&self, object: &Object<'_>) -> bool {
        class_id(object.as_value()) == self.object_class
            && object
                .get_prototype()
                .is_none_or(|prototype| !self.all_inherit.get() && address(&prototype) == self.prototype_address)
    }

    /// Makes a JSON value.
    pub(super) fn read(&self, value: &Value<'_>) -> Result<Json, ReadError> {
        self.begin(value.ctx())?;
        self.read_below(value)
    }

    fn read_below(&self, value: &Value<'_>) -> Result<Json, ReadError> {
        self.count.set(self.count.get() + 1);
        if self.count.get() > MAX_VALUES {
            return Err(ReadError::not_json(format!("more than {MAX_VALUES} values")));
        }
        if let Some(text) = value.as_string() {
            Ok(Json::String(text_of(text)?))
        } else if let Some(integer) = value.as_int() {
            Ok(Json::from(integer))
        } else if let Some(float) = value.as_float() {
            number(float).map(Json::Number)
        } else if let Some(boolean) = value.as_bool() {
            Ok(Json::Bool(boolean))
        } else if value.is_null() {
            Ok(Json::Null)
        } else if let Some(object) = value.as_object() {
            self.read_object(object)
        } else if value.is_undefined() {
            Err(ReadError::not_json("undefined"))
        } else if value.is_symbol() {
            Err(ReadError::not_json("a symbol"))
        } else {
            Ok(big_integer(&value.get::<Coerced<String>>()?.0))
        }
    }

    fn read_object(&self, object: &Object<'_>) -> Result<Json, ReadError> {
        if object.is_function() {
            return Err(ReadError::not_json("a function"));
        }
        let address = address(object);
        let depth = self.above.borrow().len();
        if let Some(place) = self.above.borrow().iter().position(|above| *above == address) {
            return Err(ReadError::cycle(depth - place));
        }
        if depth == MAX_DEPTH_OF_RESULT {
            return Err(ReadError::not_json(format!("nesting deeper than {MAX_DEPTH_OF_RESULT}")));
        }
        self.above.borrow_mut().push(address);
        let read = if self.is_array(object) { self.read_array(object) } else { self.read_members(object) };
        self.above.borrow_mut().pop();
        read
    }

    fn read_array(&self, array: &Object<'_>) -> Result<Json, ReadError> {
        let length: u32 = array.get(rquickjs::atom::PredefinedAtom::Length)?;
        // A length says nothing about the memory that an array takes: it may be all holes.
        let mut items = Vec::with_capacity(length.min(1024) as usize);
        for index in 0..length {
            let item: Value = array.get(index)?;
            items.push(self.read_below(&item).map_err(|error| error.below(&index.to_string()))?);
        }
        Ok(Json::Array(items))
    }

    fn read_members<'js>(&self, object: &Object<'js>) -> Result<Json, ReadError> {
        let mut map = Map::new();
        let mut read = |key: Atom<'js>| {
            let value: Value = object.get(key.clone())?;
            if !value.is_undefined() {
                let name = text_of(&key.to_js_string()?)?;
                let json = self.read_below(&value).map_err(|error| error.below(&name))?;
                map.insert(name, json);
            }
            Ok::<_, ReadError>(())
        };
        if self.is_plain(object) {
            object.own_keys::<Atom>(Filter::default()).try_for_each(|key| read(key?))?;
        } else {
            let names: Array = self.names.clone().restore(object.ctx())?.call((object.clone(),))?;
            names.iter::<Value>().try_for_each(|name| read(Atom::from_value(object.ctx().clone(), &name?)?))?;
        }
        Ok(Json::Object(map))
    }
}

/// A text as UTF-8, in which half a surrogate pair cannot stand.
fn text_of(text: &rquickjs::String<'_>) -> rquickjs::Result<String> {
    match text.to_string() {
        Err(Error::Utf8(_)) => {}
        told => return told,
    }
    let told = text.clone().to_cstring()?;
    // SAFETY: the bytes are alive as long as the C string, which is dropped at the end of this function.
    let mut bytes = unsafe { std::slice::from_raw_parts(told.as_ptr().cast::<u8>(), told.len()) }.to_vec();
    // QuickJS writes a half as three bytes, as many as the character has that stands for it.
    for place in 0..bytes.len().saturating_sub(2) {
        if bytes[place] == 0xed && bytes[place + 1] >= 0xa0 {
            bytes[place..place + 3].copy_from_slice("\u{fffd}".as_bytes());
        }
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// A `BigInt` from its digits: an integer as far as 64 bits hold it, else the digits.
pub(super) fn big_integer(digits: &str) -> Json {
    let integer = digits.parse::<u64>().map(Json::from).or_else(|_| digits.parse::<i64>().map(Json::from));
    integer.unwrap_or_else(|_| Json::String(digits.to_owned()))
}

/// The JSON number nearest to what JavaScript prints: integral and safe values are integers, and zero has no sign.
#[expect(clippy::cast_possible_truncation, reason = "only integral values within the safe range are cast")]
#[expect(clippy::cast_precision_loss, reason = "the greatest safe integer is exact by definition")]
pub(super) fn number(float: f64) -> Result<Number, ReadError> {
    if float.fract() == 0.0 && float.abs() <= MAX_SAFE_INTEGER as f64 {
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

/// What tells an object from all others.
fn address(object: &Object<'_>) -> *mut c_void {
    // SAFETY: the value is an object, and alive.
    unsafe { qjs::JS_VALUE_GET_PTR(object.as_raw()) }
}

fn class_id(value: &Value<'_>) -> qjs::JSClassID {
    // SAFETY: the value is alive; reading its class touches nothing.
    unsafe { qjs::JS_GetClassID(value.as_raw()) }
}
