//! getServiceJobByServiceJobId

use chrono::{DateTime, Utc};
use serde_json::json;

use super::{Call, Refusal, Reply, fulfilment};
use crate::state::State;

pub(super) fn get(state: &mut State, call: &Call, _now: DateTime<Utc>) -> Result<Reply, Refusal> {
    // Amazon's 400 of this operation has an empty payload and names no error.
    let empty = json!({ "payload": {} });
    let id = call.id("serviceJobId").map_err(|refusal| refusal.saying(empty))?;
    let job = state.own_job(id, || fulfilment::absent(id))?;
    Ok(Reply::json(json!({ "payload": job })))
}
