//! Personal data by type: it can be stored and sent, never printed.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A value about a person, most often the buyer. It has no `Display`, and its `Debug` shows no content, so it
/// cannot end up in a log or an error message by accident.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(transparent)]
pub struct Pii<T>(T);

impl<T> Pii<T> {
    pub const fn new(value: T) -> Self {
        Self(value)
    }

    /// The value itself. Every call is a place where personal data leaves its wrapper: search for it in review.
    pub const fn expose(&self) -> &T {
        &self.0
    }
}

impl<T> fmt::Debug for Pii<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pii(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn personal_data_is_not_in_debug_output() {
        let name = Pii::new("Test Buyer 07".to_owned());
        assert_eq!(format!("{name:?}"), "Pii(…)");
    }
}
