//! cancelServiceJobByServiceJobId: the job will not be done, for a reason that the marketplace knows.

use chrono::{DateTime, Utc};
use serde_json::json;

use super::{Call, Refusal, Reply};
use crate::job::JobStatus;
use crate::reason;
use crate::state::State;

pub(super) fn cancel(state: &mut State, call: &Call, now: DateTime<Utc>) -> Result<Reply, Refusal> {
    let id = call.id("serviceJobId").ok();
    let code = call.one("cancellationReasonCode").filter(|code| is_code(code));
    let (Some(id), Some(code)) = (id, code) else {
        let wrong =
            [id.is_none().then_some("serviceJobId"), code.is_none().then_some("cancellationReasonCode")];
        return Err(Refusal::missing(&wrong.into_iter().flatten().collect::<Vec<_>>()));
    };
    let job = state.own_job(id, || format!("Job not found for jobId {id}"))?;
    let status = job.service_job_status;
    if matches!(status, JobStatus::Completed | JobStatus::Cancelled) {
        let status = status.name();
        return Err(Refusal::rule(format!("Job with jobId {id} and jobStatus {status} cannot be cancelled")));
    }
    if !reason::cancels(code, job.text("marketplaceId"), job.text("serviceType")) {
        return Err(Refusal::rule(format!("The reason code {code} does not fit the job with jobId {id}")));
    }
    state.cancel(id, now)?;
    Ok(Reply::json(json!({})))
}

/// The model's pattern.
fn is_code(code: &str) -> bool {
    let allowed = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
    (1..=100).contains(&code.len()) && code.chars().all(allowed)
}
