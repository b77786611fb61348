//! setAppointmentFulfillmentData: when it was done, by whom, and the proof.

use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::{Call, Refusal, Reply, appointment};
use crate::clock::stamp;
use crate::job::{Appointment, JobStatus};
use crate::resource::Registration;
use crate::state::{Fulfilment, State};

/// What a body may consist of; any one of them is enough.
const ARTIFACTS: [&str; 4] =
    ["estimatedArrivalTime", "fulfillmentTime", "appointmentResources", "fulfillmentDocuments"];

pub(super) fn set(state: &mut State, call: &Call, now: DateTime<Utc>) -> Result<Reply, Refusal> {
    let (job_id, appointment_id) = (call.id("serviceJobId")?, call.id("appointmentId")?);
    let body = call.json()?;
    check_shape(&body)?;
    appointment::active(state, job_id, appointment_id)?;
    check_times(&body, now)?;
    check_resources(state, &body)?;
    check_documents(state, &body, now)?;
    check_order(&body)?;

    let before = state.fulfilments.get(appointment_id).map_or(0, |f| f.times);
    let fulfilment = Fulfilment {
        service_job_id: job_id.into(),
        appointment_id: appointment_id.into(),
        at: now,
        times: before + 1,
        body,
    };
    let proven = fulfilment.has_documents();
    state.fulfilments.insert(appointment_id.into(), fulfilment);
    if let Ok(job) = state.touch(job_id, now)
        && let Some(appointment) = job.active_appointment_mut()
        && proven
    {
        appointment.poa = Some(proof(appointment, now));
    }
    Ok(Reply::empty(StatusCode::NO_CONTENT))
}

fn check_shape(body: &Value) -> Result<(), Refusal> {
    let given = |name: &str| match &body[name] {
        Value::Null => false,
        Value::Array(items) => !items.is_empty(),
        _ => true,
    };
    if !ARTIFACTS.into_iter().any(given) {
        return Err(Refusal::input(
            StatusCode::BAD_REQUEST,
            "No fulfillment artifacts provided in JSON payload.",
        ));
    }
    let fits = |name: &str| match &body[name] {
        Value::Null => true,
        Value::Object(_) => name.ends_with("Time"),
        Value::Array(items) => !name.ends_with("Time") && items.iter().all(Value::is_object),
        _ => false,
    };
    match ARTIFACTS.into_iter().find(|name| !fits(name)) {
        Some(name) => Err(Refusal::missing(&[name])),
        None => Ok(()),
    }
}

/// 422: the job's status rules it out.
pub(super) fn not_allowed(job_id: &str, status: JobStatus) -> Refusal {
    let status = status.name();
    Refusal::rule(format!("Operation not allowed on job with jobId : {job_id} and jobState : {status}"))
}

/// What most operations say of a job that is not there.
pub(super) fn absent(job_id: &str) -> String {
    format!("No job exist with jobId : {job_id}")
}

fn check_times(body: &Value, now: DateTime<Utc>) -> Result<(), Refusal> {
    for (name, may_be_future) in [("fulfillmentTime", false), ("estimatedArrivalTime", true)] {
        if body[name].is_null() {
            continue;
        }
        let (start, end) = (utc(&body[name]["startTime"])?, utc(&body[name]["endTime"])?);
        for (at, end_of_it) in [(start, "start"), (end, "end")] {
            if !may_be_future && at > now {
                return Err(Refusal::rule(format!("Appointment {end_of_it} time should not be in future.")));
            }
        }
    }
    Ok(())
}

/// Amazon looks at this last: in its examples a time without length is refused for other reasons first.
fn check_order(body: &Value) -> Result<(), Refusal> {
    for name in ["fulfillmentTime", "estimatedArrivalTime"] {
        if !body[name].is_null() && utc(&body[name]["endTime"])? <= utc(&body[name]["startTime"])? {
            return Err(Refusal::rule("End Time should be after Start Time"));
        }
    }
    Ok(())
}

/// An instant in ISO 8601 that says `Z`: an offset is refused even if it is zero.
pub(super) fn utc(value: &Value) -> Result<DateTime<Utc>, Refusal> {
    let text = value.as_str().unwrap_or("null");
    let at = DateTime::parse_from_rfc3339(text)
        .map_err(|_| Refusal::rule(format!("Could not parse given time input {text}: not ISO8601")))?;
    if !text.ends_with('Z') {
        return Err(Refusal::rule(format!("ISO8601 time {text} is not in UTC format.")));
    }
    Ok(at.to_utc())
}

fn check_resources(state: &State, body: &Value) -> Result<(), Refusal> {
    for resource in body["appointmentResources"].as_array().into_iter().flatten() {
        let Some(id) = resource["resourceId"].as_str() else {
            return Err(Refusal::missing(&["resourceId"]));
        };
        if state.resources.get(id).is_none_or(|r| r.registration != Registration::Registered) {
            return Err(Refusal::rule("One or more resources provided does not exist or is deleted."));
        }
    }
    Ok(())
}

fn check_documents(state: &State, body: &Value, now: DateTime<Utc>) -> Result<(), Refusal> {
    let refuse = |reason: &str| {
        Err(Refusal::rule(format!("Failed to process proof of appointment input. Reason: {reason}.")))
    };
    for document in body["fulfillmentDocuments"].as_array().into_iter().flatten() {
        let id = document["uploadDestinationId"].as_str().unwrap_or_default();
        let Some(destination) = state.destination_by_id(id) else {
            return refuse("Input document id does not exist");
        };
        if let Some(flaw) = destination.flaw(now) {
            return refuse(flaw);
        }
        if document["contentSha256"].as_str() != destination.sha256(state.content_hash).as_deref() {
            return refuse("Document failed to meet sanity check: its Sha256 differs");
        }
    }
    Ok(())
}

/// All that can be read back of a proof.
fn proof(appointment: &Appointment, now: DateTime<Utc>) -> Value {
    let mut proof = json!({
        "appointmentTime": appointment.appointment_time,
        "uploadTime": stamp(now),
        "poaType": "POA_RECEIPT",
    });
    if let Some(first) = appointment.assigned_technicians.first() {
        proof["technicians"] = json!(appointment.assigned_technicians);
        proof["uploadingTechnician"] = json!(first.technician_id);
    }
    proof
}
