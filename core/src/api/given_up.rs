//! Something that the server refused and a technician gives up.

use crate::{id::AppointmentId, session::ParkedKind};
use serde::{Deserialize, Serialize};

/// `POST /api/given-up`: what leaves the phone, and why. Nothing of its content.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GiveUp {
    pub appointment: AppointmentId,
    pub item: ParkedKind,
    pub reason: GiveUpReason,
}

/// Chosen, not typed: a typed reason could be about the buyer, and would stay for as long as the record of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "snake_case")]
pub enum GiveUpReason {
    /// It was recorded anew.
    RecordedAgain,
    /// It was brought in another way, by file for example.
    BroughtOtherwise,
    NotNeeded,
}
