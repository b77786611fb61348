//! What happens on the other side: customers, couriers, the seller elsewhere, and Amazon's clock.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::clock::{self, is_within_reach};
use crate::state::UnknownJob;

/// The job that something happens to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Which {
    Id(String),
    /// The nth visit by its start, counted from 1, when the event is added.
    Visit(usize),
}

impl From<&str> for Which {
    fn from(id: &str) -> Self {
        Self::Id(id.into())
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum Change {
    /// Amazon changes nothing that can be seen.
    Touch {
        #[serde(alias = "visit")]
        service_job_id: Which,
    },
    /// The customer cancels.
    Cancel {
        #[serde(alias = "visit")]
        service_job_id: Which,
    },
    /// The customer moves the visit, to an instant or by some minutes.
    Reschedule {
        #[serde(alias = "visit")]
        service_job_id: Which,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        start_time: Option<DateTime<Utc>>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        by_minutes: Option<i64>,
    },
    /// The seller assigns technicians in Seller Central.
    Assign {
        #[serde(alias = "visit")]
        service_job_id: Which,
        technician_ids: Vec<String>,
    },
    /// The products that the job is about arrive.
    Deliver {
        #[serde(alias = "visit")]
        service_job_id: Which,
    },
    /// Nobody will open the door. Amazon cannot know; the page tells whoever trains.
    Absent {
        #[serde(alias = "visit")]
        service_job_id: Which,
    },
    /// The job is one of this marketplace and kind of service, as if it had never been another.
    Relist {
        #[serde(alias = "visit")]
        service_job_id: Which,
        marketplace_id: String,
        service_type: String,
    },
    /// Amazon's clock is wrong by this much from now on.
    Skew { seconds: i32 },
}

impl Change {
    pub(crate) fn which(&mut self) -> Option<&mut Which> {
        match self {
            Self::Touch { service_job_id }
            | Self::Cancel { service_job_id }
            | Self::Reschedule { service_job_id, .. }
            | Self::Assign { service_job_id, .. }
            | Self::Deliver { service_job_id }
            | Self::Absent { service_job_id }
            | Self::Relist { service_job_id, .. } => Some(service_job_id),
            Self::Skew { .. } => None,
        }
    }
}

/// A change with its time; without one it happens at once.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Event {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<DateTime<Utc>>,
    /// Counted from when the event is added.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after_seconds: Option<u32>,
    #[serde(flatten)]
    pub change: Change,
}

impl Event {
    pub fn at(at: DateTime<Utc>, change: Change) -> Self {
        Self { at: Some(at), after_seconds: None, change }
    }

    /// # Errors
    /// When it says twice when it happens, or a time that is out of reach.
    pub(crate) fn due(&self, now: DateTime<Utc>) -> Result<DateTime<Utc>, UnfitEvent> {
        match (self.at, self.after_seconds) {
            (Some(_), Some(_)) => Err(UnfitEvent::TwoTimes),
            (Some(at), None) if is_within_reach(at) => Ok(at),
            (Some(_), None) => Err(UnfitEvent::FarOff),
            (None, after) => Ok(now + TimeDelta::seconds(after.unwrap_or(0).into())),
        }
    }
}

/// An event that cannot happen.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnfitEvent {
    #[error(transparent)]
    Job(#[from] UnknownJob),
    #[error("there is no visit {0}")]
    Visit(usize),
    #[error("at and afterSeconds exclude each other")]
    TwoTimes,
    #[error("a visit moves either to startTime or byMinutes")]
    WhereTo,
    #[error("a time is between the years 1970 and 9000")]
    FarOff,
}

/// An event that has happened.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Happening {
    #[serde(serialize_with = "clock::serialize")]
    pub at: DateTime<Utc>,
    #[serde(flatten)]
    pub change: Change,
    /// Why nothing came of it: the job was completed or cancelled before, say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refused: Option<String>,
}
