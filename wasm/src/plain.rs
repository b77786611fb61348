//! Values as they cross to JavaScript: plain objects, lists, texts, numbers and `Uint8Array`s.
//!
//! Between JavaScript and the core's types stands one tree on the way in, and one list of tokens on the way out. So
//! what touches JavaScript is in the module once, and not once for each type.

mod read;
mod write;

use js_sys::{Array, Object, Reflect, Uint8Array};
use serde::{Serialize, de::DeserializeOwned};
use std::fmt;
use wasm_bindgen::{JsCast as _, JsValue};

/// The largest whole number up to which JavaScript has them all.
const MAX_SAFE: f64 = 9_007_199_254_740_991.0;

/// Objects and lists deeper than this are none of ours: the tree is walked on the stack.
const MAX_DEPTH: usize = 32;

/// What came in.
#[derive(Debug)]
enum Plain {
    /// `null` or `undefined`.
    Nothing,
    Flag(bool),
    Number(f64),
    Text(String),
    Bytes(Vec<u8>),
    List(Vec<Plain>),
    Object(Vec<(String, Plain)>),
}

/// What goes out: a value, or the bounds of one and the names in it.
#[derive(Debug)]
enum Token {
    Nothing,
    Flag(bool),
    Number(f64),
    Name(&'static str),
    Text(String),
    Bytes(Vec<u8>),
    List,
    /// Up to its `End` names and values take turns.
    Object,
    End,
}

/// Why a value does not cross. It may quote the value.
#[derive(Debug)]
pub(crate) struct Misfit(String);

impl fmt::Display for Misfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Misfit {}

impl Misfit {
    fn new(why: &str) -> Self {
        Self(why.to_owned())
    }
}

/// # Errors
/// The value is not of the type's shape.
pub(crate) fn from_js<T: DeserializeOwned>(value: &JsValue) -> Result<T, Misfit> {
    T::deserialize(&taken(value, 0)?)
}

/// # Errors
/// A number that JavaScript cannot hold, or a key that is no text.
pub(crate) fn to_js<T: Serialize>(value: &T) -> Result<JsValue, Misfit> {
    let mut tokens = Vec::new();
    value.serialize(write::Out(&mut tokens))?;
    given(&mut tokens.into_iter()).map(Option::unwrap_or_default)
}

fn taken(value: &JsValue, depth: usize) -> Result<Plain, Misfit> {
    if depth > MAX_DEPTH {
        return Err(Misfit::new("it is too deep"));
    }
    if value.is_null() || value.is_undefined() {
        return Ok(Plain::Nothing);
    }
    if let Some(flag) = value.as_bool() {
        return Ok(Plain::Flag(flag));
    }
    if let Some(number) = value.as_f64() {
        return Ok(Plain::Number(number));
    }
    if let Some(text) = value.as_string() {
        return Ok(Plain::Text(text));
    }
    if let Some(bytes) = value.dyn_ref::<Uint8Array>() {
        return Ok(Plain::Bytes(bytes.to_vec()));
    }
    if let Some(list) = value.dyn_ref::<Array>() {
        return list.iter().map(|item| taken(&item, depth + 1)).collect::<Result<_, _>>().map(Plain::List);
    }
    if !value.is_object() {
        return Err(Misfit::new("it is no plain value"));
    }
    let entries = Object::entries(value.unchecked_ref::<Object>());
    let fields = entries.iter().map(|entry| {
        let entry: Array = entry.unchecked_into();
        Ok((entry.get(0).as_string().unwrap_or_default(), taken(&entry.get(1), depth + 1)?))
    });
    fields.collect::<Result<_, Misfit>>().map(Plain::Object)
}

/// The next value; `None` at the end of what it would be in.
fn given(tokens: &mut std::vec::IntoIter<Token>) -> Result<Option<JsValue>, Misfit> {
    Ok(Some(match tokens.next() {
        None | Some(Token::End) => return Ok(None),
        Some(Token::Nothing) => JsValue::NULL,
        Some(Token::Flag(flag)) => JsValue::from_bool(flag),
        Some(Token::Number(number)) => JsValue::from_f64(number),
        Some(Token::Name(text)) => JsValue::from_str(text),
        Some(Token::Text(text)) => JsValue::from_str(&text),
        Some(Token::Bytes(bytes)) => Uint8Array::from(&bytes[..]).into(),
        Some(Token::List) => {
            let list = Array::new();
            while let Some(item) = given(tokens)? {
                list.push(&item);
            }
            list.into()
        }
        Some(Token::Object) => {
            let object = Object::new();
            while let Some(name) = given(tokens)? {
                let value = given(tokens)?.unwrap_or_default();
                Reflect::set(&object, &name, &value).map_err(|_| Misfit::new("a name cannot be set"))?;
            }
            object.into()
        }
    }))
}
