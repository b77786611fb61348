//! completeServiceJobByServiceJobId: the job is done, once.

use chrono::{DateTime, Utc};
use serde_json::json;

use super::{Call, Refusal, Reply, fulfilment};
use crate::job::{AppointmentStatus, JobStatus};
use crate::state::{Fulfilment, State};

pub(super) fn complete(state: &mut State, call: &Call, now: DateTime<Utc>) -> Result<Reply, Refusal> {
    let id = call.id("serviceJobId")?;
    let job = state.own_job(id, || format!("Job not found for jobId {id}"))?;
    if job.service_job_status != JobStatus::NotServiced {
        return Err(fulfilment::not_allowed(id, job.service_job_status));
    }
    let Some(appointment) = job.active_appointment() else {
        return Err(Refusal::rule(format!("Job with jobId {id} has no active appointment")));
    };
    if !state.fulfilments.get(&appointment.appointment_id).is_some_and(Fulfilment::has_documents) {
        return Err(Refusal::rule(format!("Job with jobId {id} has no proof of appointment yet")));
    }
    if let Ok(job) = state.touch(id, now) {
        if let Some(appointment) = job.active_appointment_mut() {
            appointment.appointment_status = AppointmentStatus::Completed;
        }
        job.service_job_status = JobStatus::Completed;
    }
    *state.completions.entry(id.into()).or_default() += 1;
    Ok(Reply::json(json!({})))
}
