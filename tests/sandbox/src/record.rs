//! What was asked and what came of it.

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::clock;
use crate::fault::FaultKind;

/// One request that reached the sandbox. Control requests are not recorded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Exchange {
    /// Counts from 1, in the order in which requests were decided.
    pub sequence: u64,
    /// Sandbox time of the decision.
    #[serde(serialize_with = "clock::serialize")]
    pub at: DateTime<Utc>,
    pub method: String,
    /// Percent-encoded, without the query.
    pub path: String,
    pub query: String,
    /// Amazon's operation id; `token` and `uploadDocument` for the two that have none; absent when no
    /// operation has that path.
    pub operation: Option<&'static str>,
    pub status: u16,
    /// Whether something changed: true also when the answer then said 500 or was lost.
    pub took_effect: bool,
    /// When the effect took place, if that was after the answer.
    #[serde(serialize_with = "clock::serialize_if_any")]
    pub effect_at: Option<DateTime<Utc>>,
    /// Whether an answer went out, as far as can be told from this side.
    pub answered: bool,
    pub fault: Option<FaultKind>,
    pub request_id: String,
}
