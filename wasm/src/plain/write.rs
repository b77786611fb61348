//! The core's types into what goes out.

use super::{MAX_SAFE, Misfit, Token};
use serde::ser::{
    self, Serialize, SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant, SerializeTuple,
    SerializeTupleStruct, SerializeTupleVariant, Serializer,
};
use std::fmt;

impl ser::Error for Misfit {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self(message.to_string())
    }
}

/// Where the tokens of one value go.
pub(super) struct Out<'out>(pub(super) &'out mut Vec<Token>);

/// A list, a map or a struct that is under way. Of a variant with content, `variant` closes the object around it.
pub(super) struct Open<'out> {
    out: &'out mut Vec<Token>,
    variant: bool,
}

impl<'out> Out<'out> {
    fn value(self, token: Token) -> Result<(), Misfit> {
        self.0.push(token);
        Ok(())
    }

    fn number(self, number: f64) -> Result<(), Misfit> {
        if number.abs() > MAX_SAFE {
            return Err(Misfit::new("JavaScript has no such number"));
        }
        self.value(Token::Number(number))
    }

    fn open(self, variant: Option<&'static str>, bound: Token) -> Result<Open<'out>, Misfit> {
        if let Some(name) = variant {
            self.0.push(Token::Object);
            self.0.push(Token::Name(name));
        }
        self.0.push(bound);
        Ok(Open { out: self.0, variant: variant.is_some() })
    }
}

impl Open<'_> {
    fn close(self) -> Result<(), Misfit> {
        self.out.push(Token::End);
        if self.variant {
            self.out.push(Token::End);
        }
        Ok(())
    }
}

macro_rules! whole_numbers {
    ($($method:ident($number:ty))*) => {$(
        fn $method(self, number: $number) -> Result<(), Misfit> {
            self.number(number as f64)
        }
    )*};
}

impl<'out> Serializer for Out<'out> {
    type Ok = ();
    type Error = Misfit;
    type SerializeSeq = Open<'out>;
    type SerializeTuple = Open<'out>;
    type SerializeTupleStruct = Open<'out>;
    type SerializeTupleVariant = Open<'out>;
    type SerializeMap = Open<'out>;
    type SerializeStruct = Open<'out>;
    type SerializeStructVariant = Open<'out>;

    whole_numbers! {
        serialize_i8(i8) serialize_i16(i16) serialize_i32(i32) serialize_i64(i64)
        serialize_u8(u8) serialize_u16(u16) serialize_u32(u32) serialize_u64(u64)
    }

    fn serialize_bool(self, value: bool) -> Result<(), Misfit> {
        self.value(Token::Flag(value))
    }

    fn serialize_f32(self, value: f32) -> Result<(), Misfit> {
        self.value(Token::Number(value.into()))
    }

    fn serialize_f64(self, value: f64) -> Result<(), Misfit> {
        self.value(Token::Number(value))
    }

    fn serialize_char(self, value: char) -> Result<(), Misfit> {
        self.value(Token::Text(value.to_string()))
    }

    fn serialize_str(self, value: &str) -> Result<(), Misfit> {
        self.value(Token::Text(value.to_owned()))
    }

    fn serialize_bytes(self, value: &[u8]) -> Result<(), Misfit> {
        self.value(Token::Bytes(value.to_vec()))
    }

    fn serialize_none(self) -> Result<(), Misfit> {
        self.value(Token::Nothing)
    }

    fn serialize_some<T: ?Sized + Serialize>(self, value: &T) -> Result<(), Misfit> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), Misfit> {
        self.value(Token::Nothing)
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<(), Misfit> {
        self.value(Token::Nothing)
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result<(), Misfit> {
        self.value(Token::Name(variant))
    }

    fn serialize_newtype_struct<T: ?Sized + Serialize>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<(), Misfit> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: ?Sized + Serialize>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<(), Misfit> {
        self.0.push(Token::Object);
        self.0.push(Token::Name(variant));
        value.serialize(Out(self.0))?;
        self.value(Token::End)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Open<'out>, Misfit> {
        self.open(None, Token::List)
    }

    fn serialize_tuple(self, _: usize) -> Result<Open<'out>, Misfit> {
        self.open(None, Token::List)
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Open<'out>, Misfit> {
        self.open(None, Token::List)
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Open<'out>, Misfit> {
        self.open(Some(variant), Token::List)
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Open<'out>, Misfit> {
        self.open(None, Token::Object)
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Open<'out>, Misfit> {
        self.open(None, Token::Object)
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Open<'out>, Misfit> {
        self.open(Some(variant), Token::Object)
    }
}

/// What serde asks of all that has items without names.
macro_rules! lists {
    ($($kind:ident::$item:ident)*) => {$(
        impl $kind for Open<'_> {
            type Ok = ();
            type Error = Misfit;

            fn $item<T: ?Sized + Serialize>(&mut self, value: &T) -> Result<(), Misfit> {
                value.serialize(Out(self.out))
            }

            fn end(self) -> Result<(), Misfit> {
                self.close()
            }
        }
    )*};
}

lists! {
    SerializeSeq::serialize_element
    SerializeTuple::serialize_element
    SerializeTupleStruct::serialize_field
    SerializeTupleVariant::serialize_field
}

/// And of all that has names.
macro_rules! objects {
    ($($kind:ident)*) => {$(
        impl $kind for Open<'_> {
            type Ok = ();
            type Error = Misfit;

            fn serialize_field<T: ?Sized + Serialize>(
                &mut self,
                name: &'static str,
                value: &T,
            ) -> Result<(), Misfit> {
                self.out.push(Token::Name(name));
                value.serialize(Out(self.out))
            }

            fn end(self) -> Result<(), Misfit> {
                self.close()
            }
        }
    )*};
}

objects! { SerializeStruct SerializeStructVariant }

impl SerializeMap for Open<'_> {
    type Ok = ();
    type Error = Misfit;

    fn serialize_key<T: ?Sized + Serialize>(&mut self, key: &T) -> Result<(), Misfit> {
        let before = self.out.len();
        key.serialize(Out(self.out))?;
        match self.out.get(before) {
            Some(Token::Text(_) | Token::Name(_)) => Ok(()),
            _ => Err(Misfit::new("a key is no text")),
        }
    }

    fn serialize_value<T: ?Sized + Serialize>(&mut self, value: &T) -> Result<(), Misfit> {
        value.serialize(Out(self.out))
    }

    fn end(self) -> Result<(), Misfit> {
        self.close()
    }
}
