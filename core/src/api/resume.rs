//! How a phone that is unlocked comes to a new session without a password.

use crate::{id::DeviceId, vault::Key};
use serde::{Deserialize, Serialize};

/// `GET /api/session/challenge`: something that was never there before, good for a few minutes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct Challenge {
    pub challenge: String,
}

/// `POST /api/session/resume`. The answer is that of signing in, without the key: the phone has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Resume {
    pub device: DeviceId,
    pub challenge: String,
    /// `Key::proof_for_session` of the phone's store key.
    pub proof: Key,
}
