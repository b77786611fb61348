//! assignAppointmentResources: who goes, in place of whoever was to go.

use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::reschedule::warning;
use super::{Call, Refusal, Reply, appointment};
use crate::capacity;
use crate::job::{Appointment, Job};
use crate::resource::{BackgroundCheck, Registration, Resource};
use crate::state::State;

pub(super) fn assign(state: &mut State, call: &Call, now: DateTime<Utc>) -> Result<Reply, Refusal> {
    let [job_id, appointment_id] = call.ids(["serviceJobId", "appointmentId"])?;
    let body = call.json()?;
    let ids = read(&body)?;
    let (job, visit) = appointment::active(state, job_id, appointment_id)?;

    let (mut found, mut unknown) = (Vec::new(), Vec::new());
    for id in ids {
        match state.resources.get(id) {
            Some(resource) => found.push(resource),
            None => unknown.push(id),
        }
    }
    if let Some(refusal) = Refusal::all_of(&unfit(state, job, visit, &found, &unknown)) {
        return Err(refusal);
    }
    let overbooked = found.iter().any(|resource| is_taken(state, visit, resource));
    let technicians: Vec<String> = found.iter().map(|resource| resource.technician_id.clone()).collect();
    let technicians: Vec<&str> = technicians.iter().map(String::as_str).collect();
    state.assign(job_id, &technicians, now)?;
    Ok(Reply::json(match overbooked {
        true => json!({ "payload": {
            "warnings": warning("RESOURCES_OVERBOOKED", "Someone has another appointment in this time."),
        }}),
        false => json!({}),
    }))
}

/// The resources by id, each once. An entry without an id names nobody, and Amazon takes it.
fn read(body: &Value) -> Result<Vec<&str>, Refusal> {
    let Some(entries) = body["resources"].as_array() else {
        return Err(Refusal::missing(&["resources"]));
    };
    if entries.is_empty() {
        // Amazon's words are joined by non-breaking spaces here.
        return Err(Refusal::input(
            StatusCode::BAD_REQUEST,
            "Resources\u{a0}need\u{a0}at\u{a0}least\u{a0}1\u{a0}entry.",
        ));
    }
    let mut ids = Vec::new();
    for entry in entries {
        match (entry.is_object(), &entry["resourceId"]) {
            (true, Value::Null) => {}
            (true, Value::String(id)) if ids.contains(&id.as_str()) => {}
            (true, Value::String(id)) => ids.push(id),
            _ => return Err(Refusal::missing(&["resourceId"])),
        }
    }
    Ok(ids)
}

/// Everything that keeps these resources from this visit, each reason once with whom it concerns.
fn unfit(
    state: &State,
    job: &Job,
    visit: &Appointment,
    resources: &[&Resource],
    unknown: &[&str],
) -> Vec<(&'static str, String)> {
    let (place, store) = (job.text("serviceLocation/serviceLocationType"), job.text("storeId"));
    let skills: Vec<&str> = job
        .fact("scopeOfWork/requiredSkills")
        .and_then(Value::as_array)
        .map_or_else(Vec::new, |skills| skills.iter().filter_map(Value::as_str).collect());
    let those = |unfit: &dyn Fn(&Resource) -> bool| -> Vec<&str> {
        resources.iter().filter(|resource| unfit(resource)).map(|r| r.resource_id.as_str()).collect()
    };
    let mut strangers = those(&|resource| resource.registration == Registration::NotRegistered);
    strangers.extend(unknown);
    let reasons = [
        (
            "RESOURCES_MISMATCHED_SERVICE_LOCATION_TYPE",
            "do not work at this kind of place",
            those(&|resource| !place.is_empty() && !resource.location_types.contains(place)),
        ),
        (
            "RESOURCES_MISSING_REQUIRED_SKILLS",
            "lack a skill that the job needs",
            those(&|resource| !skills.iter().all(|skill| resource.skills.contains(*skill))),
        ),
        (
            "RESOURCES_NOT_AVAILABLE_IN_LOCATION",
            "do not cover the area of the job",
            those(&|resource| !store.is_empty() && !resource.stores.contains(store)),
        ),
        ("RESOURCES_NOT_REGISTERED_UNDER_MERCHANT", "are not registered with this merchant", strangers),
        (
            "RESOURCES_BACKGROUND_CHECK_INCOMPLETE",
            "have not passed their background check",
            those(&|resource| resource.background_check == BackgroundCheck::Incomplete),
        ),
        (
            "RESOURCES_NOT_AVAILABLE_IN_TIME_WINDOW",
            "do not work at this time",
            those(&|resource| is_away(state, visit, resource)),
        ),
    ];
    reasons
        .into_iter()
        .filter(|(_, _, whom)| !whom.is_empty())
        .map(|(code, reason, whom)| (code, format!("Resources {} {reason}.", whom.join(","))))
        .collect()
}

/// Not on a shift for the whole of the visit, or on a break or leave.
fn is_away(state: &State, visit: &Appointment, resource: &Resource) -> bool {
    let span = visit.appointment_time.span();
    let steps = state.steps(resource, span, Some(&visit.appointment_id));
    capacity::least(&steps, span, |levels| levels.scheduled.saturating_sub(levels.reserved)) == 0
}

/// On shift, and with another appointment.
fn is_taken(state: &State, visit: &Appointment, resource: &Resource) -> bool {
    let span = visit.appointment_time.span();
    let steps = state.steps(resource, span, Some(&visit.appointment_id));
    capacity::least(&steps, span, capacity::Levels::available) == 0
}
