//! How a browser becomes a phone of a technician, and how it ceases to be one.

use crate::{
    id::{DeviceId, UserId},
    pii::Pii,
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

/// `POST /api/devices/codes`: makes a code for one phone of one technician.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewCode {
    pub user: UserId,
    /// What the office will call the phone: up to 40 characters, or nothing.
    pub name: String,
}

/// The code, which is never shown again.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct EnrolmentCode {
    pub code: Pii<String>,
    pub expires_at: Timestamp,
}

/// `POST /api/enrol`: a code in exchange for a session. The answer is that of signing in.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Enrol {
    /// As typed: case, spaces and dashes do not count.
    pub code: Pii<String>,
    /// The devices this browser was before, so that what waits under one of them stays readable.
    #[serde(default)]
    pub devices: Vec<DeviceId>,
}

/// `POST /api/devices/{device}/revoke`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RevokePhone {
    pub reason: String,
}

/// That a phone was taken off the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct Revoked {
    pub at: Timestamp,
    /// Who did it.
    pub by: String,
    pub reason: String,
    /// When the phone heard of it. From then on it holds no jobs and no key.
    pub heard_at: Option<Timestamp>,
}

/// `PUT /api/technicians/{user}/account`: whether a technician may sign in and see jobs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SetAccount {
    pub enabled: bool,
}

/// A technician, as the page of phones lists them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct TechnicianAccount {
    pub user: UserId,
    pub name: String,
    pub enabled: bool,
}
