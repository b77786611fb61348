//! What must never reach a log, by type: the content has no `Display`, and `Debug` shows the wrapper only.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

macro_rules! redacted {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name<T>(T);

        impl<T> $name<T> {
            /// Wraps the value.
            pub fn new(value: T) -> Self {
                Self(value)
            }

            /// The value, at a place that has a reason to see it.
            pub fn expose(&self) -> &T {
                &self.0
            }

            /// The value, unwrapped.
            pub fn into_inner(self) -> T {
                self.0
            }
        }

        impl<T> From<T> for $name<T> {
            fn from(value: T) -> Self {
                Self(value)
            }
        }

        impl<T> fmt::Debug for $name<T> {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str(concat!(stringify!($name), "(…)"))
            }
        }
    )*};
}

redacted! {
    /// Personal data: names, phone numbers, addresses and whatever may hold one.
    Pii
    /// Tokens, keys and presigned addresses.
    Secret
}

impl From<&str> for Pii<String> {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl From<&str> for Secret<String> {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

/// Fields that Amazon sends and the model of this crate's age does not know. They survive a round trip.
/// Since nobody knows what they hold, they count as personal data: `Debug` tells how many there are.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Other(Map<String, Value>);

impl Other {
    /// The fields by name.
    pub fn fields(&self) -> &Map<String, Value> {
        &self.0
    }

    /// Whether the answer held no unknown field here.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Debug for Other {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Other({} fields)", self.0.len())
    }
}
