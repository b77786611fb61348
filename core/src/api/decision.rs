//! What a supervisor decides of visits that are not simply completed.

use crate::{
    decision::DeclineReason,
    job::{Sibling, Window},
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

/// `POST /api/visits/{appointment}/requests/{request}`: the answer to a technician's request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "snake_case", tag = "decision", deny_unknown_fields)]
pub enum RequestAnswer {
    Approve {
        /// Another reason code than the one that was asked with.
        #[serde(default)]
        code: Option<String>,
        /// Of a move: when the visit is to begin.
        #[serde(default)]
        start: Option<Timestamp>,
    },
    Decline {
        reason: DeclineReason,
    },
}

/// `POST /api/visits/{appointment}/reschedule`: moves a visit that nobody in the field had asked to move.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Reschedule {
    pub code: String,
    pub start: Timestamp,
}

/// `POST /api/jobs/{job}/cancel`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Cancel {
    pub code: String,
}

/// A time that a visit could have, by `getAppointmmentSlotsByJobId`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct Slot {
    pub start: Timestamp,
    pub end: Timestamp,
    /// How many could come then; `None` where Amazon does not say.
    pub capacity: Option<u32>,
}

/// `GET /api/visits/{appointment}/slots`: all that a decision about a visit needs. Asking has the slots read from
/// Amazon again where they are old; while `reading` is true, the event `slots_read` says when to ask once more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct Slots {
    pub server_time: Timestamp,
    pub time_zone: String,
    /// Amazon is being asked.
    pub reading: bool,
    /// When Amazon last said so; `None` before.
    pub as_of: Option<Timestamp>,
    /// Why it did not say, when it was last asked.
    pub refusal: Option<String>,
    /// In the future, as long as the visit, earliest first.
    pub slots: Vec<Slot>,
    /// When the buyer would like it done, best first; only what is in the future.
    pub preferred: Vec<Window>,
    /// Amazon's codes that hold for this job.
    pub reschedule_codes: Vec<String>,
    pub cancel_codes: Vec<String>,
    /// The other open jobs of the order.
    pub siblings: Vec<Sibling>,
}
