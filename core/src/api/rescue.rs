//! Unsent work that somebody else brings.

use crate::id::DeviceId;
use serde::{Deserialize, Serialize};

/// `POST /api/rescue`: what became of everything in a bundle of unsent work.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct Delivery {
    pub device: DeviceId,
    /// Whose phone it is, where the server knows it.
    pub name: Option<String>,
    /// False when the bundle ends in the middle: what came before is in `items`, the rest has to come again.
    pub whole: bool,
    pub items: Vec<DeliveredItem>,
}

/// One thing of a bundle.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct DeliveredItem {
    /// Its name on the phone: `change/…`, `record/…`, `evidence/…`.
    pub place: String,
    pub outcome: Delivered,
    /// Why it was refused.
    pub code: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "snake_case")]
pub enum Delivered {
    /// Committed now.
    Taken,
    /// The server had it.
    Already,
    /// Not taken. What can be kept aside is.
    Refused,
}
