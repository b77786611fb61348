//! Evidence that came from a phone or a person who is barred: kept, and of no effect until somebody decides.

use crate::{
    id::{AppointmentId, DeviceId, HeldId},
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

/// Why evidence is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "snake_case")]
pub enum Barred {
    PhoneRevoked,
    UserDisabled,
}

/// What is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "snake_case")]
pub enum HeldKind {
    /// Its id is the photo's.
    Photo,
    /// A change of the closeout.
    Change,
    /// A note or a position.
    Record,
}

/// `GET /api/quarantine`: one thing that waits for a supervisor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct Held {
    pub item: HeldId,
    pub kind: HeldKind,
    pub because: Barred,
    pub appointment: AppointmentId,
    /// The work of the visit.
    pub title: String,
    pub technician: String,
    pub received_at: Timestamp,
    /// The phone it was recorded on.
    pub device: DeviceId,
}

/// `POST /api/quarantine/{item}`: what becomes of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Decide {
    pub decision: Decision,
    pub reason: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// It counts, as if it had come from a phone in good standing.
    Release,
    /// It never counts. It is kept until the visit's data expires.
    Reject,
}
