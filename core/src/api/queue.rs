//! Work queues: jobs that want something of the office before anybody can drive.

use crate::{
    id::{AppointmentId, JobId, ServiceJobId},
    job::{JobStatus, Window},
    pii::Pii,
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

/// Why a job waits in the office.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "snake_case")]
pub enum QueueName {
    /// `PENDING_SCHEDULE`: wants an appointment.
    PendingSchedule,
    /// `NOT_SERVICED` with an active appointment that no technician is assigned to.
    Unassigned,
    Hold,
    NotFulfillable,
    PaymentDeclined,
    /// Came from a file and was not yet read from Amazon.
    Imported,
}

impl QueueName {
    /// In the order in which they are worked off.
    pub const ALL: [Self; 6] = [
        Self::Unassigned,
        Self::PendingSchedule,
        Self::Hold,
        Self::NotFulfillable,
        Self::PaymentDeclined,
        Self::Imported,
    ];

    /// As the API writes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::PendingSchedule => "pending_schedule",
            Self::Unassigned => "unassigned",
            Self::Hold => "hold",
            Self::NotFulfillable => "not_fulfillable",
            Self::PaymentDeclined => "payment_declined",
            Self::Imported => "imported",
        }
    }

    /// The queue of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|queue| queue.as_str() == name)
    }
}

/// `GET /api/queues`: how much waits where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct Queues {
    pub server_time: Timestamp,
    /// Every queue once, empty ones too.
    pub queues: Vec<QueueSize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct QueueSize {
    pub queue: QueueName,
    pub count: u32,
    /// Of the first in the queue: when its visit begins (*unassigned*), when it was imported (*imported*), else when
    /// the job was created. `None` when nothing waits.
    pub first: Option<Timestamp>,
}

/// `GET /api/queues/{queue}`: one page of a queue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct QueuePage {
    pub queue: QueueName,
    pub server_time: Timestamp,
    /// The soonest visit first (*unassigned*), else what has waited longest.
    pub jobs: Vec<QueuedJob>,
    /// `?after=` of the next page; `None` on the last.
    pub next: Option<String>,
}

/// A job that waits. Of the buyer it has the city alone: that is enough to find a time or a technician.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct QueuedJob {
    pub job: JobId,
    pub service_job_id: ServiceJobId,
    pub status: JobStatus,
    pub title: String,
    pub quantity: u32,
    /// When Amazon made the job; where it did not say, when the job came here.
    pub created_at: Timestamp,
    pub time_zone: String,
    /// The active visit, where there is one.
    pub appointment: Option<AppointmentId>,
    pub window: Option<Window>,
    /// When the buyer would like it done, best first.
    pub preferred: Vec<Window>,
    pub store_id: Option<String>,
    pub city: Option<Pii<String>>,
    /// Products that the buyer does not have yet.
    pub awaited: Option<Awaited>,
    pub imported: Option<Imported>,
    /// The buyer's data has expired: times and place are gone.
    pub expired: bool,
}

/// Products on their way to the buyer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct Awaited {
    pub items: u32,
    /// When Amazon expects the last of them, where it says so.
    pub expected: Option<Timestamp>,
}

/// A job from a file that Amazon has not confirmed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct Imported {
    pub at: Timestamp,
    /// Why Amazon did not give the job when it was last asked.
    pub refusal: Option<String>,
    pub refused_at: Option<Timestamp>,
}
