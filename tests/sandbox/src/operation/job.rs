//! getServiceJobByServiceJobId

use chrono::{DateTime, Utc};
use serde_json::json;

use super::{Call, Refusal, Reply};
use crate::state::State;

pub(super) fn get(state: &mut State, call: &Call, _now: DateTime<Utc>) -> Result<Reply, Refusal> {
    let id = call.id("serviceJobId")?;
    let job = state.jobs.get(id).ok_or_else(|| Refusal::rule(format!("No job exist with jobId : {id}")))?;
    Ok(Reply::json(json!({ "payload": job })))
}
