//! What schedules and reservations are made of.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::open_enum::open_enum;
use crate::redacted::Other;
use crate::schema::{Field, Schema};
use crate::{lenient, time};

/// The schema of an [`AvailabilityRecord`].
pub(in crate::operations) const AVAILABILITY: Schema = Schema::Object(&[
    Field::required("startTime", &Schema::Time),
    Field::required("endTime", &Schema::Time),
    Field::optional(
        "recurrence",
        &Schema::Object(&[
            Field::required("endTime", &Schema::Time),
            Field::optional("daysOfWeek", &Schema::list(&Schema::Choice(DayOfWeek::WORDS))),
            Field::optional(
                "daysOfMonth",
                &Schema::list(&Schema::Integer { least: Some(1), most: Some(31) }),
            ),
        ]),
    ),
    Field::optional("capacity", &Schema::Integer { least: Some(1), most: None }),
]);

open_enum! {
    /// `dayOfWeek`.
    DayOfWeek {
        /// Monday.
        Monday = "MONDAY",
        /// Tuesday.
        Tuesday = "TUESDAY",
        /// Wednesday.
        Wednesday = "WEDNESDAY",
        /// Thursday.
        Thursday = "THURSDAY",
        /// Friday.
        Friday = "FRIDAY",
        /// Saturday.
        Saturday = "SATURDAY",
        /// Sunday.
        Sunday = "SUNDAY",
    }
}

open_enum! {
    /// `errorLevel`.
    RemarkLevel {
        /// It was not done.
        Error = "ERROR",
        /// It was done all the same.
        Warning = "WARNING",
    }
}

/// How much of a resource there is over a span, once or again and again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AvailabilityRecord {
    /// From when on, on the first day.
    #[serde(with = "time::iso")]
    pub start_time: DateTime<Utc>,
    /// Until when, on the same day.
    #[serde(with = "time::iso")]
    pub end_time: DateTime<Utc>,
    /// On which days again; once when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recurrence: Option<Recurrence>,
    /// How much, at least 1.
    #[serde(
        default,
        deserialize_with = "lenient::optional_integer",
        skip_serializing_if = "Option::is_none"
    )]
    pub capacity: Option<u64>,
    /// What the model does not know; empty in requests.
    #[serde(flatten)]
    pub other: Other,
}

/// On which days something happens again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Recurrence {
    /// Until when.
    #[serde(with = "time::iso")]
    pub end_time: DateTime<Utc>,
    /// On these days of the week.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub days_of_week: Option<Vec<DayOfWeek>>,
    /// On these days of the month, 1 to 31.
    #[serde(
        default,
        deserialize_with = "lenient::optional_integers",
        skip_serializing_if = "Option::is_none"
    )]
    pub days_of_month: Option<Vec<u8>>,
    /// What the model does not know; empty in requests.
    #[serde(flatten)]
    pub other: Other,
}

/// What Amazon has to say about one record.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RecordRemark {
    /// The code, such as `ScheduleOverride`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// The message, for a person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// More of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub details: Option<String>,
    /// How bad it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error_level: Option<RemarkLevel>,
    /// What the model does not know.
    #[serde(flatten)]
    pub other: Other,
}
