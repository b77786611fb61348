//! A service job and its visit as the phone holds them: facts of Amazon's, read-only.

use crate::{
    closeout::Policy,
    id::{AppointmentId, JobId, ServiceJobId},
    pii::Pii,
    time::Timestamp,
    vault::Key,
};
use serde::{Deserialize, Serialize};

/// `serviceJobStatus`. A status Amazon adds later is kept as its text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, type = "string"))]
#[serde(from = "String", into = "String")]
pub enum JobStatus {
    NotServiced,
    Cancelled,
    Completed,
    PendingSchedule,
    NotFulfillable,
    Hold,
    PaymentDeclined,
    Other(String),
}

impl JobStatus {
    pub fn as_str(&self) -> &str {
        match self {
            Self::NotServiced => "NOT_SERVICED",
            Self::Cancelled => "CANCELLED",
            Self::Completed => "COMPLETED",
            Self::PendingSchedule => "PENDING_SCHEDULE",
            Self::NotFulfillable => "NOT_FULFILLABLE",
            Self::Hold => "HOLD",
            Self::PaymentDeclined => "PAYMENT_DECLINED",
            Self::Other(text) => text,
        }
    }
}

impl From<String> for JobStatus {
    fn from(text: String) -> Self {
        match text.as_str() {
            "NOT_SERVICED" => Self::NotServiced,
            "CANCELLED" => Self::Cancelled,
            "COMPLETED" => Self::Completed,
            "PENDING_SCHEDULE" => Self::PendingSchedule,
            "NOT_FULFILLABLE" => Self::NotFulfillable,
            "HOLD" => Self::Hold,
            "PAYMENT_DECLINED" => Self::PaymentDeclined,
            _ => Self::Other(text),
        }
    }
}

impl From<JobStatus> for String {
    fn from(status: JobStatus) -> Self {
        status.as_str().to_owned()
    }
}

/// When the buyer expects the technician.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct Window {
    pub start: Timestamp,
    pub end: Timestamp,
}

/// Who the technician visits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct Buyer {
    pub name: Pii<String>,
    pub phone: Option<Pii<String>>,
}

/// Where: the lines of the address in the order they are written, then the parts Amazon names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct Address {
    pub lines: Vec<Pii<String>>,
    pub city: Option<Pii<String>>,
    pub state_or_region: Option<Pii<String>>,
    pub postal_code: Option<Pii<String>>,
    pub country_code: Option<String>,
}

/// What is installed or assembled (`associatedItems`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct Item {
    pub title: String,
    pub quantity: u32,
    /// `itemStatus`; `DELIVERED` means it is at the buyer's.
    pub status: Option<String>,
}

/// One visit with all a technician needs for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct Job {
    pub appointment: AppointmentId,
    pub job: JobId,
    pub service_job_id: ServiceJobId,
    pub status: JobStatus,
    /// False once the visit was moved or cancelled at Amazon.
    pub appointment_active: bool,
    pub title: String,
    pub quantity: u32,
    pub skills: Vec<String>,
    pub window: Window,
    /// IANA name, such as `America/Los_Angeles`. Times are shown in it.
    pub time_zone: String,
    /// `None` once the buyer's data has expired.
    pub buyer: Option<Buyer>,
    pub address: Option<Address>,
    pub items: Vec<Item>,
    /// True when the signed-in technician is linked to a `resourceId` of Amazon's, which fulfilment names.
    pub technician_linked: bool,
    pub policy: Policy,
    /// Seals the records of this job.
    pub key: Key,
}
