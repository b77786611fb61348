//! What two devices recorded differently, and a supervisor's word on it.

use super::StepDone;
use crate::{closeout::Answer, digest::Sha256, time::Timestamp};
use serde::{Deserialize, Serialize};

/// `GET /api/visits/{appointment}/versions`: every value of the fields that hold more than one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct Versions {
    pub fields: Vec<FieldVersions>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct FieldVersions {
    /// As findings name it: `steps.arrived`, `answers.tested`.
    pub field: String,
    /// The last is the one that counts until somebody chooses.
    pub versions: Vec<FieldVersion>,
}

/// One value. Either `step` or `answer` is there.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct FieldVersion {
    /// The change that wrote it: what a `Choice` names.
    pub change: Sha256,
    /// Whose phone recorded it; `None` where the server does not know the phone.
    pub technician: Option<String>,
    /// When it arrived at the server.
    pub received_at: Timestamp,
    pub step: Option<StepDone>,
    pub answer: Option<Answer>,
}

/// `POST /api/visits/{appointment}/versions`: which value of a field counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Choice {
    pub field: String,
    pub change: Sha256,
}
