//! The core's types out of what came in. Each takes only what it asks for: a door for anything would hold every
//! type's answer to everything.

use super::{MAX_SAFE, Misfit, Plain};
use serde::de::{
    self, DeserializeSeed, Deserializer, EnumAccess, IntoDeserializer as _, MapAccess, SeqAccess,
    VariantAccess, Visitor, value::StrDeserializer,
};
use serde::forward_to_deserialize_any;
use std::{fmt, slice};

impl de::Error for Misfit {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self(message.to_string())
    }

    // Without what came instead: to write any number it might be takes 6 KB of code.
    fn invalid_type(_: de::Unexpected<'_>, expected: &dyn de::Expected) -> Self {
        Self(format!("{expected} was expected"))
    }

    fn invalid_value(found: de::Unexpected<'_>, expected: &dyn de::Expected) -> Self {
        Self::invalid_type(found, expected)
    }

    fn invalid_length(_: usize, expected: &dyn de::Expected) -> Self {
        Self(format!("{expected} was expected"))
    }

    // Without the lists of what there is: nothing else needs them here.
    fn unknown_variant(variant: &str, _: &'static [&'static str]) -> Self {
        Self(format!("there is no {variant}"))
    }

    fn unknown_field(field: &str, _: &'static [&'static str]) -> Self {
        Self(format!("there is no {field}"))
    }
}

impl Plain {
    fn not(&self, wanted: &str) -> Misfit {
        let found = match self {
            Self::Nothing => "nothing",
            Self::Flag(_) => "a flag",
            Self::Number(_) => "a number",
            Self::Text(_) => "a text",
            Self::Bytes(_) => "bytes",
            Self::List(_) => "a list",
            Self::Object(_) => "an object",
        };
        Misfit([found, " stands where ", wanted, " belongs"].concat())
    }

    fn number(&self) -> Result<f64, Misfit> {
        match self {
            Self::Number(number) => Ok(*number),
            other => Err(other.not("a number")),
        }
    }

    fn whole(&self) -> Result<i64, Misfit> {
        let number = self.number()?;
        if number.fract() == 0.0 && number.abs() <= MAX_SAFE {
            return Ok(number as i64);
        }
        Err(self.not("a whole number"))
    }

    fn text(&self) -> Result<&str, Misfit> {
        match self {
            Self::Text(text) => Ok(text),
            other => Err(other.not("a text")),
        }
    }

    fn items(&self) -> Result<Items<'_>, Misfit> {
        match self {
            Self::List(items) => Ok(Items(items.iter())),
            other => Err(other.not("a list")),
        }
    }

    fn fields(&self) -> Result<Fields<'_>, Misfit> {
        match self {
            Self::Object(fields) => Ok(Fields { rest: fields.iter(), value: &NOTHING }),
            other => Err(other.not("an object")),
        }
    }

    /// A name alone, or an object of one.
    fn variant(&self) -> Result<Variant<'_>, Misfit> {
        match self {
            Self::Text(name) => Ok(Variant { name, content: &NOTHING }),
            Self::Object(fields) => match &fields[..] {
                [(name, content)] => Ok(Variant { name, content }),
                _ => Err(self.not("one variant")),
            },
            other => Err(other.not("a variant")),
        }
    }
}

static NOTHING: Plain = Plain::Nothing;

/// Methods that ask for a whole number, which serde takes for any type that it fits into.
macro_rules! whole_numbers {
    ($($method:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
            visitor.visit_i64(self.whole()?)
        }
    )*};
}

/// Methods of one answer, each with what else serde passes along.
macro_rules! asks {
    ($($method:ident($($more:ty),*) => $visit:ident($part:ident);)*) => {$(
        fn $method<V: Visitor<'de>>(self, $(_: $more,)* visitor: V) -> Result<V::Value, Misfit> {
            visitor.$visit(self.$part()?)
        }
    )*};
}

impl<'de> Deserializer<'de> for &'de Plain {
    type Error = Misfit;

    whole_numbers! {
        deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 deserialize_i128
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 deserialize_u128
    }

    asks! {
        deserialize_f32() => visit_f64(number);
        deserialize_f64() => visit_f64(number);
        deserialize_char() => visit_str(text);
        deserialize_str() => visit_str(text);
        deserialize_string() => visit_str(text);
        deserialize_identifier() => visit_str(text);
        deserialize_seq() => visit_seq(items);
        deserialize_tuple(usize) => visit_seq(items);
        deserialize_tuple_struct(&'static str, usize) => visit_seq(items);
        deserialize_map() => visit_map(fields);
        deserialize_enum(&'static str, &'static [&'static str]) => visit_enum(variant);
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        names: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Misfit> {
        visitor.visit_seq(InOrder { fields: self.fields()?, names: names.iter() })
    }

    /// Of values whose tag stands inside them, which serde has to hold before it knows what they are.
    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        match self {
            Plain::Nothing => visitor.visit_unit(),
            Plain::Flag(flag) => visitor.visit_bool(*flag),
            Plain::Number(number) => match self.whole() {
                Ok(whole) => visitor.visit_i64(whole),
                Err(_) => visitor.visit_f64(*number),
            },
            Plain::Text(text) => visitor.visit_str(text),
            Plain::Bytes(bytes) => visitor.visit_bytes(bytes),
            Plain::List(_) => visitor.visit_seq(self.items()?),
            Plain::Object(_) => visitor.visit_map(self.fields()?),
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        match self {
            Plain::Flag(flag) => visitor.visit_bool(*flag),
            other => Err(other.not("a flag")),
        }
    }

    fn deserialize_bytes<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        match self {
            Plain::Bytes(bytes) => visitor.visit_bytes(bytes),
            other => visitor.visit_seq(other.items()?),
        }
    }

    fn deserialize_byte_buf<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        self.deserialize_bytes(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        match self {
            Plain::Nothing => visitor.visit_none(),
            some => visitor.visit_some(some),
        }
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        match self {
            Plain::Nothing => visitor.visit_unit(),
            other => Err(other.not("nothing")),
        }
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Misfit> {
        self.deserialize_unit(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Misfit> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        visitor.visit_unit()
    }
}

struct Items<'de>(slice::Iter<'de, Plain>);

impl<'de> SeqAccess<'de> for Items<'de> {
    type Error = Misfit;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Misfit> {
        self.0.next().map(|item| seed.deserialize(item)).transpose()
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.0.len())
    }
}

struct Fields<'de> {
    rest: slice::Iter<'de, (String, Plain)>,
    value: &'de Plain,
}

impl<'de> MapAccess<'de> for Fields<'de> {
    type Error = Misfit;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Misfit> {
        let Some((name, value)) = self.rest.next() else { return Ok(None) };
        self.value = value;
        seed.deserialize(named(name)).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Misfit> {
        seed.deserialize(self.value)
    }
}

/// The fields of a struct in the order of its definition, as postcard has them: a struct that finds its fields by
/// their names is three times the code, and is in the module once more. No type that crosses has aliases.
struct InOrder<'de> {
    fields: Fields<'de>,
    names: slice::Iter<'static, &'static str>,
}

impl<'de> InOrder<'de> {
    fn next(&mut self) -> Option<&'de Plain> {
        let name = self.names.next()?;
        self.fields.rest.clone().find(|(found, _)| found == name).map(|(_, value)| value)
    }
}

impl<'de> SeqAccess<'de> for InOrder<'de> {
    type Error = Misfit;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Misfit> {
        match self.next() {
            Some(value) => seed.deserialize(value).map(Some),
            // An option that is left out is none; for anything else the struct knows whether it can do without.
            None => Ok(seed.deserialize(LeftOut).ok()),
        }
    }
}

/// Nothing, for an option alone.
struct LeftOut;

impl<'de> Deserializer<'de> for LeftOut {
    type Error = Misfit;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Misfit> {
        Err(Misfit(String::new()))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        visitor.visit_none()
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Misfit> {
        visitor.visit_newtype_struct(self)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq
        tuple tuple_struct map struct enum identifier ignored_any
    }
}

struct Variant<'de> {
    name: &'de str,
    content: &'de Plain,
}

fn named(name: &str) -> StrDeserializer<'_, Misfit> {
    name.into_deserializer()
}

impl<'de> EnumAccess<'de> for Variant<'de> {
    type Error = Misfit;
    type Variant = &'de Plain;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, &'de Plain), Misfit> {
        Ok((seed.deserialize(named(self.name))?, self.content))
    }
}

impl<'de> VariantAccess<'de> for &'de Plain {
    type Error = Misfit;

    fn unit_variant(self) -> Result<(), Misfit> {
        match self {
            Plain::Nothing => Ok(()),
            other => Err(other.not("a name alone")),
        }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Misfit> {
        seed.deserialize(self)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Misfit> {
        visitor.visit_seq(self.items()?)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        names: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Misfit> {
        self.deserialize_struct("", names, visitor)
    }
}
