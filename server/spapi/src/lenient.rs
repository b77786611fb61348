//! Reading what Amazon sends rather than what its model promises: `null` for a list, numbers as text.

use serde::de::{DeserializeOwned, Error};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// A list that may be `null`.
pub(crate) fn list<'de, D: Deserializer<'de>, T: Deserialize<'de>>(from: D) -> Result<Vec<T>, D::Error> {
    Ok(Option::<Vec<T>>::deserialize(from)?.unwrap_or_default())
}

/// An unsigned integer, as a number or as text: the guide's lists say `"durationInMinutes": "180"`.
pub(crate) fn integer<'de, D: Deserializer<'de>, T: TryFrom<u64>>(from: D) -> Result<T, D::Error> {
    optional_integer(from)?.ok_or_else(|| D::Error::custom("not a whole number"))
}

/// The same where it may be absent or `null`.
pub(crate) fn optional_integer<'de, D: Deserializer<'de>, T: TryFrom<u64>>(
    from: D,
) -> Result<Option<T>, D::Error> {
    let whole = match Value::deserialize(from)? {
        Value::Null => return Ok(None),
        Value::String(text) if text.trim().is_empty() => return Ok(None),
        Value::String(text) => text.trim().parse().ok(),
        Value::Number(number) => number.as_u64().or_else(|| whole(number.as_f64()?)),
        _ => None,
    };
    match whole.and_then(|whole: u64| T::try_from(whole).ok()) {
        Some(whole) => Ok(Some(whole)),
        None => Err(D::Error::custom("not a whole number")),
    }
}

/// The same with a sign.
pub(crate) fn optional_signed<'de, D: Deserializer<'de>, T: TryFrom<i64>>(
    from: D,
) -> Result<Option<T>, D::Error> {
    let whole = match Value::deserialize(from)? {
        Value::Null => return Ok(None),
        Value::String(text) if text.trim().is_empty() => return Ok(None),
        Value::String(text) => text.trim().parse().ok(),
        Value::Number(number) => number.as_i64().or_else(|| {
            let number = number.as_f64()?;
            let size = i64::try_from(whole(number.abs())?).ok()?;
            Some(if number < 0.0 { -size } else { size })
        }),
        _ => None,
    };
    match whole.and_then(|whole: i64| T::try_from(whole).ok()) {
        Some(whole) => Ok(Some(whole)),
        None => Err(D::Error::custom("not a whole number")),
    }
}

/// A list of unsigned integers that may be absent or `null`.
pub(crate) fn optional_integers<'de, D: Deserializer<'de>, T: TryFrom<u64>>(
    from: D,
) -> Result<Option<Vec<T>>, D::Error> {
    let Some(numbers) = Option::<Vec<Value>>::deserialize(from)? else { return Ok(None) };
    let read = |number| integer(number).map_err(D::Error::custom);
    numbers.into_iter().map(read).collect::<Result<_, _>>().map(Some)
}

/// `60.0` is a whole number too.
fn whole(number: f64) -> Option<u64> {
    (number.fract() == 0.0 && (0.0..=9_007_199_254_740_992.0).contains(&number)).then_some(number as u64)
}

/// Types a JSON value. The refusal is the path to the field that does not fit: serde's own words would
/// quote the value, which may be a buyer's name.
pub(crate) fn typed<T: DeserializeOwned>(value: Value) -> Result<T, String> {
    serde_path_to_error::deserialize(value).map_err(|refusal| refusal.path().to_string())
}
