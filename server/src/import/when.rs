//! Dates and times as people and spreadsheets write them.
//!
//! Dates: `2026-03-05` (also with `/` or `.`), `5.3.2026`, `3/5/2026` (month first in the United States, else day
//! first, unless only one of the two can be), `5 Mar 2026`, `Mar 5, 2026`, with or without a weekday, and the day
//! numbers of spreadsheets. Times: `9:30`, `09:30:00`, `9:30 AM`, `9 AM`, `9:00 - 11:00`. A zone may follow: `Z`,
//! `UTC`, `+01:00`, or one of the usual abbreviations. Without one the time is the marketplace's.

use chrono::{
    DateTime, Days, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, TimeZone as _, Utc, offset::LocalResult,
};
use chrono_tz::Tz;

/// What a text without all of its parts leaves open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Habits {
    pub(super) zone: Tz,
    pub(super) month_first: bool,
}

/// What was written; any part may be missing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Written {
    pub(super) date: Option<NaiveDate>,
    pub(super) time: Option<NaiveTime>,
    pub(super) zone: Option<FixedOffset>,
    /// Where a span of time was written: its end.
    pub(super) until: Option<NaiveTime>,
}

/// Reads a date, a time, or both; `None` when it is neither.
pub(super) fn read(text: &str, habits: Habits) -> Option<Written> {
    let text = text.replace(['\u{a0}', '\u{202f}', '\u{2009}'], " ");
    let text = text.trim();
    if let Some(written) = day_number(text) {
        return Some(written);
    }
    for between in [" - ", " – ", " — ", "–", " to "] {
        if let Some((from, to)) = text.split_once(between)
            && let (Some(from), Some(until)) = (read_one(from, habits), read_one(to, habits))
            && let (Some(_), Written { date: None, time: Some(time), zone, .. }) = (from.time, until)
        {
            return Some(Written { until: Some(time), zone: from.zone.or(zone), ..from });
        }
    }
    read_one(text, habits)
}

fn read_one(text: &str, habits: Habits) -> Option<Written> {
    let text = text.trim();
    let (day, clock) = text.split_at(clock_begins(text));
    let day = day.trim_end_matches([' ', ',']);
    let day = day.strip_suffix(" at").or_else(|| day.strip_suffix(['T', 't'])).unwrap_or(day);
    let date = if day.is_empty() { None } else { Some(date(day, habits.month_first)?) };
    if clock.is_empty() {
        return date.is_some().then_some(Written { date, ..Written::default() });
    }
    let (time, rest) = time(clock)?;
    let zone = match rest.trim() {
        "" => None,
        zone => Some(offset(zone)?),
    };
    Some(Written { date, time: Some(time), zone, until: None })
}

/// Where the time of day begins: at the number before the first colon, or before AM or PM. The length without one.
fn clock_begins(text: &str) -> usize {
    let digits_before = |end: usize| end - text[..end].bytes().rev().take_while(u8::is_ascii_digit).count();
    if let Some(colon) = text.find(':') {
        return digits_before(colon);
    }
    let lower = text.to_ascii_lowercase();
    for half in ["am", "pm", "a.m.", "p.m."] {
        if let Some(before) = lower.strip_suffix(half) {
            let end = before.trim_end().len();
            let begins = digits_before(end);
            if begins < end {
                return begins;
            }
        }
    }
    text.len()
}

/// A day as spreadsheets count it, from 1899-12-30, with the time as its fraction. Only years that a job can be of.
fn day_number(text: &str) -> Option<Written> {
    let (day, fraction) = text.split_once('.').unwrap_or((text, "0"));
    if day.len() != 5 || !day.bytes().chain(fraction.bytes()).all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let days: u64 = day.parse().ok()?;
    if !(40_000..60_000).contains(&days) || fraction.len() > 15 {
        return None;
    }
    let date = NaiveDate::from_ymd_opt(1899, 12, 30)?.checked_add_days(Days::new(days))?;
    let part: f64 = format!("0.{fraction}").parse().ok()?;
    // To the minute: a fraction of a day does not hold seconds exactly.
    let minutes = (part * 1440.0).round() as u32;
    let time = NaiveTime::from_hms_opt(minutes / 60, minutes % 60, 0);
    Some(Written { date: Some(date), time: time.filter(|_| fraction != "0"), ..Written::default() })
}

const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const WEEKDAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

fn date(text: &str, month_first: bool) -> Option<NaiveDate> {
    let parts: Vec<&str> = text.split(['-', '/', '.', ' ', ',']).filter(|part| !part.is_empty()).collect();
    let named = |part: &str, names: &[&str]| {
        let lower = part.to_ascii_lowercase();
        let word = lower.len() >= 3 && lower.bytes().all(|byte| byte.is_ascii_alphabetic());
        names.iter().position(|name| word && lower.starts_with(name))
    };
    let parts: Vec<&str> = parts.into_iter().filter(|part| named(part, &WEEKDAYS).is_none()).collect();
    let [first, second, third] = parts[..] else { return None };
    let number = |part: &str| {
        let digits =
            part.trim_end_matches("st").trim_end_matches("nd").trim_end_matches("rd").trim_end_matches("th");
        (digits.len() <= 4).then(|| digits.parse::<u32>().ok()).flatten()
    };
    let month = |part: &str| named(part, &MONTHS).and_then(|at| u32::try_from(at + 1).ok());
    let (year, month, day) = if let Some(month) = month(first) {
        (third, month, number(second)?)
    } else if let Some(month) = month(second) {
        (third, month, number(first)?)
    } else if first.len() == 4 {
        (first, number(second)?, number(third)?)
    } else {
        let (first, second) = (number(first)?, number(second)?);
        // Dots are day first everywhere.
        let month_first = match (first > 12, second > 12) {
            (true, _) => false,
            (_, true) => true,
            _ => month_first && !text.contains('.'),
        };
        if month_first { (third, first, second) } else { (third, second, first) }
    };
    let year_number = i32::try_from(number(year)?).ok()?;
    let year = match year.len() {
        4 => year_number,
        2 => 2000 + year_number,
        _ => return None,
    };
    (2000..2100).contains(&year).then(|| NaiveDate::from_ymd_opt(year, month, day)).flatten()
}

/// The time and what follows it.
fn time(text: &str) -> Option<(NaiveTime, &str)> {
    let length = text.bytes().take_while(|byte| byte.is_ascii_digit() || matches!(byte, b':' | b'.')).count();
    let (clock, rest) = text.split_at(length);
    let (clock, _fraction) = clock.split_once('.').unwrap_or((clock, ""));
    let mut parts =
        clock.split(':').map(|part| (part.len() <= 2).then(|| part.parse::<u32>().ok()).flatten());
    let hour = parts.next()??;
    let (minute, second) = (parts.next().unwrap_or(Some(0))?, parts.next().unwrap_or(Some(0))?);
    if parts.next().is_some() {
        return None;
    }
    let rest = rest.trim_start();
    let lower = rest.to_ascii_lowercase();
    let half = ["a.m.", "am", "p.m.", "pm"].into_iter().find(|half| lower.starts_with(half));
    let hour = match half {
        Some(_) if !(1..=12).contains(&hour) => return None,
        Some(half) if half.starts_with('p') => hour % 12 + 12,
        Some(_) => hour % 12,
        None => hour,
    };
    let rest = &rest[half.map_or(0, str::len)..];
    Some((NaiveTime::from_hms_opt(hour, minute, second)?, rest))
}

fn offset(text: &str) -> Option<FixedOffset> {
    let hours = |hours: i32| FixedOffset::east_opt(hours * 3600);
    let upper = text.trim_matches(['(', ')']).to_ascii_uppercase();
    match upper.as_str() {
        "Z" | "UTC" | "GMT" | "WET" => return hours(0),
        "BST" | "CET" | "WEST" => return hours(1),
        "CEST" | "EET" => return hours(2),
        "JST" => return hours(9),
        "EDT" => return hours(-4),
        "EST" | "CDT" => return hours(-5),
        "CST" | "MDT" => return hours(-6),
        "MST" | "PDT" => return hours(-7),
        "PST" => return hours(-8),
        _ => {}
    }
    let signed = upper.strip_prefix("UTC").or_else(|| upper.strip_prefix("GMT")).unwrap_or(&upper);
    let (sign, digits) = match signed.split_at_checked(1)? {
        ("+", digits) => (1, digits),
        ("-" | "\u{2212}", digits) => (-1, digits),
        _ => return None,
    };
    let (hour, minute) = match digits.split_once(':') {
        Some(parts) => parts,
        None if digits.len() == 4 => digits.split_at_checked(2)?,
        None => (digits, "0"),
    };
    let number = |text: &str| {
        let fits = matches!(text.len(), 1 | 2) && text.bytes().all(|byte| byte.is_ascii_digit());
        fits.then(|| text.parse::<i32>().ok()).flatten()
    };
    let minutes = number(hour)? * 60 + number(minute)?;
    (minutes <= 14 * 60).then(|| FixedOffset::east_opt(sign * minutes * 60)).flatten()
}

/// The instant of a date and time at this offset, or in the zone. A time that comes twice, when clocks go back, is the
/// first of the two; one that never comes is `None`.
pub(super) fn instant(at: NaiveDateTime, offset: Option<FixedOffset>, zone: Tz) -> Option<DateTime<Utc>> {
    if let Some(offset) = offset {
        return offset.from_local_datetime(&at).single().map(|at| at.to_utc());
    }
    match zone.from_local_datetime(&at) {
        LocalResult::Single(at) | LocalResult::Ambiguous(at, _) => Some(at.to_utc()),
        LocalResult::None => None,
    }
}

/// Minutes from `90`, `90 min`, `1:30`, `1.5 h`, `1 h 30 min`.
pub(super) fn minutes(text: &str) -> Option<u32> {
    let text = text.trim().to_ascii_lowercase();
    let minutes = if let Some((hours, minutes)) = text.split_once(':') {
        hours.trim().parse::<u32>().ok()?.checked_mul(60)?.checked_add(minutes.trim().parse().ok()?)?
    } else if let Ok(minutes) = text.parse::<u32>() {
        minutes
    } else {
        let mut all = 0.0;
        let mut rest = text.as_str();
        while !rest.is_empty() {
            let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
            let number: f64 = rest[..digits].parse().ok()?;
            rest = rest[digits..].trim_start();
            let letters = rest.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(rest.len());
            all += match rest[..letters].chars().next()? {
                'h' => number * 60.0,
                'm' => number,
                _ => return None,
            };
            rest = rest[letters..].trim_start_matches(['.', ',', ' ']);
        }
        all.round() as u32
    };
    (1..=7 * 24 * 60).contains(&minutes).then_some(minutes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str, month_first: bool) -> String {
        let habits = Habits { zone: chrono_tz::Europe::Berlin, month_first };
        let Some(written) = read(text, habits) else { return "nothing".to_owned() };
        let (Some(date), Some(time)) = (written.date, written.time) else {
            return format!("{:?} {:?}", written.date, written.time);
        };
        let until = written.until.map_or_else(String::new, |until| format!(" until {until}"));
        instant(date.and_time(time), written.zone, habits.zone)
            .map_or_else(|| "never".to_owned(), |at| format!("{}{until}", at.format("%FT%RZ")))
    }

    #[test]
    fn what_people_and_spreadsheets_write_is_read_in_the_zone() {
        for text in [
            "2026-03-05 09:30",
            "2026-03-05T09:30:00",
            "2026/3/5 9:30",
            "5.3.2026 9:30",
            "05/03/2026 09:30:00.000",
            "5/3/26 9:30 AM",
            "05-Mar-2026 9:30 a.m.",
            "Thu, 5 March 2026 at 9:30",
            "Mar 5th, 2026, 9:30 AM",
            "2026-03-05T08:30:00Z",
            "2026-03-05T00:30-08:00",
            "2026-03-05 12:30 AM PST",
            "2026-03-05 14:00 UTC+5:30",
            "46086.3958333333",
        ] {
            assert_eq!(said(text, false), "2026-03-05T08:30Z", "{text}");
        }
        assert_eq!(said("3/5/2026 9 AM", true), "2026-03-05T08:00Z");
        assert_eq!(said("3/25/2026 12:00 PM", false), "2026-03-25T11:00Z");
        assert_eq!(said("25/3/2026 12:00 PM", true), "2026-03-25T11:00Z");
        assert_eq!(said("2026-03-05 9:00 AM - 11:00 AM", false), "2026-03-05T08:00Z until 11:00:00");
        assert_eq!(said("9:00 – 11:00", false), "None Some(09:00:00)");
        assert_eq!(said("2026-03-05", false), "Some(2026-03-05) None");
    }

    #[test]
    fn an_hour_that_comes_twice_is_the_first_and_one_that_never_comes_is_none() {
        assert_eq!(said("2026-10-25 02:30", false), "2026-10-25T00:30Z");
        assert_eq!(said("2026-03-29 02:30", false), "never");
    }

    #[test]
    fn what_is_no_time_is_none() {
        for text in [
            "",
            "soon",
            "2026-13-05",
            "31.02.2026",
            "5.3.1026",
            "2026-03-05 25:00",
            "2026-03-05 13:00 PM",
            "12",
            "2026-03-05 9:00 Mars time",
            "::",
            "99999",
            "1:2:3:4",
            "2026-03-05 é:00",
            "T",
            "+",
        ] {
            assert_eq!(said(text, false), "nothing", "{text}");
        }
    }

    #[test]
    fn a_duration_is_minutes_however_it_is_written() {
        for text in ["90", "90 min", "1:30", "1.5 h", "1 h 30 min", "1hr, 30mins"] {
            assert_eq!(minutes(text), Some(90), "{text}");
        }
        for text in ["", "0", "-5", "long", "1 week", "99999999", "1.5.5 h", "h"] {
            assert_eq!(minutes(text), None, "{text}");
        }
    }
}
