//! Amazon's times: read as they come, written one way.
//!
//! The model says RFC 3339; its own examples and the guide also show offsets of two digits
//! (`2020-01-01T00:00:00.00-07`), minutes of one digit (`2021-04-04T01:0:00Z`) and no zone at all
//! (`2020-08-11T19:10:02`, meant as UTC). A request with an offset is refused with "is not in UTC", so
//! what goes out is always `YYYY-MM-DDTHH:MM:SSZ`, with 3, 6 or 9 digits of a second where it has a fraction.

use chrono::{DateTime, NaiveDate, TimeDelta, Timelike, Utc};

/// The text is not a time in any form that Amazon is known to use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a date and time")]
pub struct NotATime;

/// Reads a time; without a zone it is UTC, without a time of day it is midnight.
pub fn parse(text: &str) -> Result<DateTime<Utc>, NotATime> {
    let text = text.trim();
    let (date, rest) = match text.split_once(['T', 't', ' ']) {
        Some((date, rest)) => (date, rest),
        None => (text, ""),
    };
    let mut date = date.split('-');
    let (year, month, day) =
        (digits(date.next(), 4..=4)?, digits(date.next(), 1..=2)?, digits(date.next(), 1..=2)?);
    if date.next().is_some() {
        return Err(NotATime);
    }
    let day = NaiveDate::from_ymd_opt(year.try_into().map_err(|_| NotATime)?, month, day).ok_or(NotATime)?;

    let (clock, offset) = split_zone(rest)?;
    let (hour, minute, second, nanos) = time_of_day(clock)?;
    // A leap second is the first moment of the next minute: chrono's own notation of it does not add up.
    let leap = u32::from(second == 60);
    let local = day.and_hms_nano_opt(hour, minute, second - leap, nanos).ok_or(NotATime)?;
    let utc = local
        .checked_add_signed(TimeDelta::seconds(i64::from(leap)))
        .and_then(|time| time.checked_sub_signed(TimeDelta::minutes(offset)))
        .ok_or(NotATime)?;
    Ok(utc.and_utc())
}

/// Writes a time in UTC, with as many digits of a second as it needs: none, 3, 6 or 9.
pub fn format(time: DateTime<Utc>) -> String {
    let pattern = match time.nanosecond() {
        0 => "%Y-%m-%dT%H:%M:%SZ",
        nanos if nanos % 1_000_000 == 0 => "%Y-%m-%dT%H:%M:%S%.3fZ",
        nanos if nanos % 1_000 == 0 => "%Y-%m-%dT%H:%M:%S%.6fZ",
        _ => "%Y-%m-%dT%H:%M:%S%.9fZ",
    };
    time.format(pattern).to_string()
}

/// Splits `01:00:00+05:30` into the time of day and the offset east of UTC in minutes.
fn split_zone(text: &str) -> Result<(&str, i64), NotATime> {
    if let Some(clock) = text.strip_suffix(['Z', 'z']) {
        return Ok((clock, 0));
    }
    let Some(at) = text.rfind(['+', '-']) else { return Ok((text, 0)) };
    let (clock, zone) = text.split_at(at);
    let (sign, zone) = zone.split_at(1);
    let (hours, minutes) = match zone.split_once(':') {
        Some((hours, minutes)) => (digits(Some(hours), 1..=2)?, digits(Some(minutes), 1..=2)?),
        None if zone.len() == 4 && zone.is_ascii() => {
            (digits(Some(&zone[..2]), 2..=2)?, digits(Some(&zone[2..]), 2..=2)?)
        }
        None => (digits(Some(zone), 1..=2)?, 0),
    };
    if hours > 23 || minutes > 59 {
        return Err(NotATime);
    }
    let offset = i64::from(hours * 60 + minutes);
    Ok((clock, if sign == "-" { -offset } else { offset }))
}

fn time_of_day(text: &str) -> Result<(u32, u32, u32, u32), NotATime> {
    if text.is_empty() {
        return Ok((0, 0, 0, 0));
    }
    let (whole, fraction) = text.split_once(['.', ',']).unwrap_or((text, "0"));
    let mut parts = whole.split(':');
    let hour = digits(parts.next(), 1..=2)?;
    let minute = digits(parts.next(), 1..=2)?;
    let second = parts.next().map_or(Ok(0), |second| digits(Some(second), 1..=2))?;
    if parts.next().is_some() || second > 60 || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(NotATime);
    }
    let nanos = fraction
        .bytes()
        .chain(std::iter::repeat(b'0'))
        .take(9)
        .fold(0, |sum, byte| sum * 10 + u32::from(byte - b'0'));
    Ok((hour, minute, second, nanos))
}

fn digits(text: Option<&str>, length: std::ops::RangeInclusive<usize>) -> Result<u32, NotATime> {
    let text = text.ok_or(NotATime)?;
    if !length.contains(&text.len()) || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(NotATime);
    }
    text.parse().map_err(|_| NotATime)
}

/// For `#[serde(with = "time::iso")]`: a time that must be there.
pub mod iso {
    use chrono::{DateTime, Utc};
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    /// Writes the strict form.
    pub fn serialize<S: Serializer>(time: &DateTime<Utc>, out: S) -> Result<S::Ok, S::Error> {
        out.serialize_str(&super::format(*time))
    }

    /// Reads any form.
    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<DateTime<Utc>, D::Error> {
        super::parse(&String::deserialize(from)?).map_err(D::Error::custom)
    }
}

/// For `#[serde(default, with = "time::iso_option")]`: a time that may be absent, null or empty.
pub mod iso_option {
    use chrono::{DateTime, Utc};
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    /// Writes the strict form.
    pub fn serialize<S: Serializer>(time: &Option<DateTime<Utc>>, out: S) -> Result<S::Ok, S::Error> {
        match time {
            Some(time) => super::iso::serialize(time, out),
            None => out.serialize_none(),
        }
    }

    /// Reads any form.
    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<DateTime<Utc>>, D::Error> {
        match Option::<String>::deserialize(from)? {
            Some(text) if !text.trim().is_empty() => super::parse(&text).map(Some).map_err(D::Error::custom),
            _ => Ok(None),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rewritten(text: &str) -> String {
        parse(text).map_or_else(|refusal| refusal.to_string(), format)
    }

    #[test]
    fn every_form_amazon_uses_is_read_and_one_is_written() {
        for (read, written) in [
            ("2020-01-31T06:38:56.961Z", "2020-01-31T06:38:56.961Z"),
            ("2020-01-31T06:38:56Z", "2020-01-31T06:38:56Z"),
            ("2020-01-31T06:38:56.000z", "2020-01-31T06:38:56Z"),
            ("2020-01-01T00:00:00.00-07", "2020-01-01T07:00:00Z"),
            ("2021-01-01T10:00:00.000+05:30", "2021-01-01T04:30:00Z"),
            ("2021-01-01T10:00:00+0530", "2021-01-01T04:30:00Z"),
            ("2021-04-04T01:0:00Z", "2021-04-04T01:00:00Z"),
            ("2020-08-11T19:10:02", "2020-08-11T19:10:02Z"),
            ("2020-08-11 19:10", "2020-08-11T19:10:00Z"),
            ("2020-08-11", "2020-08-11T00:00:00Z"),
            ("2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z"),
            ("2020-01-01T00:00:00.123456789Z", "2020-01-01T00:00:00.123456789Z"),
            ("2020-01-01T00:00:00.0004Z", "2020-01-01T00:00:00.000400Z"),
        ] {
            assert_eq!(rewritten(read), written, "{read}");
        }
    }

    #[test]
    fn what_is_not_a_time_is_refused() {
        for text in [
            "",
            "soon",
            "2021-01-01T10-00:00.000Z",
            "2021-13-01T10:00:00Z",
            "2021-01-01T25:00:00Z",
            "2021-01-01T10:00:61Z",
            "2021-01-01T10:00:00+99:00",
            "2021-01-01T10:00:00.12x4Z",
            "12021-01-01",
            "2021-1-1-1",
            "2021-01-01T1:2:3:4Z",
            "2021-01-01T10:00:00+é9",
            "+021-01-01T10:00:00Z",
        ] {
            assert_eq!(rewritten(text), "not a date and time", "{text}");
        }
    }
}
