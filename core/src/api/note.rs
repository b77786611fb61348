//! What technicians wrote for the office.

use crate::{pii::Pii, time::Timestamp};
use serde::{Deserialize, Serialize};

/// `GET /api/visits/{appointment}/notes`: personal data, for whoever deals with the visit, and never on the board.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct Notes {
    /// In the order in which they came.
    pub notes: Vec<Note>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct Note {
    pub text: Pii<String>,
    /// Who wrote it, by name.
    pub technician: String,
    pub received_at: Timestamp,
}
