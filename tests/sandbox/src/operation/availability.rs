//! `AvailabilityRecord` as it comes in: first its shape, then what it says.

use chrono::{DateTime, FixedOffset, TimeDelta};
use serde_json::Value;

use crate::instant;
use crate::schedule::{Availability, Recurrence, WEEKDAYS};

/// The field that is not as the model has it.
pub(super) fn misshapen(record: &Value) -> Option<&'static str> {
    let recurrence = &record["recurrence"];
    let optional = |value: &Value, fits: &dyn Fn(&Value) -> bool| value.is_null() || fits(value);
    let all = |value: &Value, fits: &dyn Fn(&Value) -> bool| {
        optional(value, &|value| value.as_array().is_some_and(|items| items.iter().all(fits)))
    };
    let is_day = |day: &Value| day.as_u64().is_some_and(|day| (1..=31).contains(&day));
    let is_weekday = |day: &Value| WEEKDAYS.iter().any(|(name, _)| day == name);
    let is_capacity = |value: &Value| capacity(value).is_some_and(|capacity| capacity >= 1);
    let checks = [
        ("availability", record.is_object()),
        ("startTime", record["startTime"].is_string()),
        ("endTime", record["endTime"].is_string()),
        ("recurrence", optional(recurrence, &Value::is_object)),
        ("recurrence.endTime", optional(recurrence, &|recurrence| recurrence["endTime"].is_string())),
        ("daysOfWeek", all(&recurrence["daysOfWeek"], &is_weekday)),
        ("daysOfMonth", all(&recurrence["daysOfMonth"], &is_day)),
        ("capacity", optional(&record["capacity"], &is_capacity)),
    ];
    checks.into_iter().find(|(_, fits)| !fits).map(|(name, _)| name)
}

fn capacity(value: &Value) -> Option<u32> {
    value.as_u64().and_then(|capacity| u32::try_from(capacity).ok())
}

/// What a well-formed record means, or why it cannot be.
pub(super) fn read(record: &Value, shortest: TimeDelta) -> Result<Availability, String> {
    let time = |value: &Value, name: &str| -> Result<DateTime<FixedOffset>, String> {
        let text = value.as_str().unwrap_or_default();
        instant::read(text).ok_or_else(|| format!("{name} is not a valid ISO date/time object: {text}"))
    };
    let start_time = time(&record["startTime"], "startTime")?;
    let end_time = time(&record["endTime"], "endTime")?;
    let length = end_time - start_time;
    if length <= TimeDelta::zero() {
        return Err("endTime should be after startTime".into());
    }
    if length < shortest {
        return Err(format!("A slot is {} minutes at least", shortest.num_minutes()));
    }
    let recurrence = match &record["recurrence"] {
        Value::Null => None,
        value => Some(Recurrence {
            end_time: time(&value["endTime"], "recurrence endTime")?,
            days_of_week: WEEKDAYS
                .into_iter()
                .filter(|(name, _)| list(&value["daysOfWeek"]).iter().any(|day| day == name))
                .map(|(_, day)| day)
                .collect(),
            days_of_month: list(&value["daysOfMonth"]).iter().filter_map(capacity).collect(),
        }),
    };
    if let Some(recurrence) = &recurrence {
        if recurrence.end_time < start_time {
            return Err("recurrence endTime should be after startTime".into());
        }
        if length > TimeDelta::days(1) {
            return Err("What recurs should be within a day".into());
        }
    }
    Ok(Availability {
        start_time,
        end_time,
        recurrence,
        capacity: capacity(&record["capacity"]).unwrap_or(1),
    })
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}
