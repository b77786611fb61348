//! rescheduleAppointmentForServiceJobByServiceJobId: another appointment in place of one, for a reason.

use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::appointment::{self, Wanted};
use super::{Call, Refusal, Reply};
use crate::reason;
use crate::state::State;

pub(super) fn reschedule(state: &mut State, call: &Call, now: DateTime<Utc>) -> Result<Reply, Refusal> {
    let [job_id, appointment_id] = call.ids(["serviceJobId", "appointmentId"])?;
    let body = call.json()?;
    let Some(code) = body["rescheduleReasonCode"].as_str() else {
        return Err(Refusal::missing(&["rescheduleReasonCode"]));
    };
    let wanted = Wanted::read(&body["appointmentTime"])?;
    let (job, old) = appointment::active(state, job_id, appointment_id)?;
    let assigned: Vec<&str> = old.assigned_technicians.iter().map(|t| t.technician_id.as_str()).collect();
    let unassigned = assigned.join(",");
    let time = wanted.check(state, job, now, Some(appointment_id))?;
    if !reason::reschedules(code, job.text("marketplaceId"), job.text("serviceType")) {
        return Err(appointment::failed(job_id, "Appointment reschedule reason code is not valid."));
    }
    let new_id = state.replace(job_id, time, now)?;
    let mut reply = json!({ "appointmentId": new_id });
    if !unassigned.is_empty() {
        reply["warnings"] = warning("RESOURCES_UNASSIGNED", &format!("Unassigned resources : {unassigned}"));
    }
    Ok(Reply { status: StatusCode::OK, body: Some(reply) })
}

/// A list of one warning.
pub(super) fn warning(code: &str, message: &str) -> Value {
    json!([{ "code": code, "message": message }])
}
