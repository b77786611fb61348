//! Everything the page shows, in one answer, and nothing if it knows it already.

use std::sync::atomic::Ordering;

use axum::Json;
use axum::extract::{Query, State as Shared};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Sandbox, time};
use crate::clock::stamp;
use crate::fault::FaultKind;
use crate::job::{Job, JobStatus};
use crate::operation::OPERATIONS;
use crate::scenario::Scenario;
use crate::state::{Destination, State};

/// Rows of each list: the page is for looking, the other paths give everything.
const JOBS: usize = 100;
const DOCUMENTS: usize = 30;
const REQUESTS: usize = 100;
const EVENTS: usize = 30;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Wanted {
    /// What an earlier answer said.
    revision: Option<u64>,
    /// A part of a job's title, id, place, buyer, technician or status.
    #[serde(default)]
    find: String,
}

/// 204 when nothing has changed since the given revision.
pub(super) async fn overview(Shared(inner): Sandbox, Query(wanted): Query<Wanted>) -> Response {
    // Whatever is due happens first.
    drop(inner.state());
    let revision = *inner.happened.borrow();
    if wanted.revision == Some(revision) {
        return StatusCode::NO_CONTENT.into_response();
    }
    let clock = time(&inner);
    let held = inner.held.load(Ordering::SeqCst);
    let state = inner.state();
    let (jobs, found) = jobs(&state, &wanted.find);
    let newest = |records: usize| records.saturating_sub(EVENTS);
    Json(json!({
        "revision": revision,
        "clock": clock,
        "held": held,
        "scenario": state.scenario,
        "seed": state.day.seed,
        "statuses": statuses(&state),
        "jobs": jobs,
        "found": found,
        "documents": documents(&state),
        "requests": state.record.iter().rev().take(REQUESTS).collect::<Vec<_>>(),
        "requestCount": state.record.len(),
        "faults": state.faults.pending(),
        "events": state.events().into_iter().take(EVENTS).collect::<Vec<_>>(),
        "eventCount": state.events().len(),
        "happened": state.happenings.get(newest(state.happenings.len())..),
    }))
    .into_response()
}

/// What the forms of the page offer. It does not change while the sandbox runs.
pub(super) async fn choices() -> Json<Value> {
    let operations: Vec<&str> = OPERATIONS.iter().map(|o| o.name).collect();
    let kinds: Vec<Value> = FaultKind::ALL
        .into_iter()
        .map(|kind| {
            let befallen = OPERATIONS.iter().filter(|o| kind.applies_to(o)).map(|o| o.name);
            json!({ "kind": kind, "operations": befallen.collect::<Vec<_>>() })
        })
        .collect();
    Json(json!({ "operations": operations, "kinds": kinds, "scenarios": Scenario::ALL }))
}

fn statuses(state: &State) -> Value {
    let count = |status: JobStatus| state.jobs.values().filter(|j| j.service_job_status == status).count();
    JobStatus::ALL.into_iter().map(|status| (status.name().to_owned(), json!(count(status)))).collect()
}

/// The first jobs that match, visits first and by their start, and how many match.
fn jobs(state: &State, find: &str) -> (Vec<Value>, usize) {
    let find = find.trim().to_lowercase();
    let mut found: Vec<&Job> = state.jobs.values().filter(|job| matches(job, &find)).collect();
    found.sort_by_key(|job| {
        let last = job.active_appointment().or(job.appointments.last());
        let start = last.map(|visit| visit.appointment_time.start_time);
        (start.is_none(), start, &job.service_job_id)
    });
    (found.iter().take(JOBS).map(|job| row(state, job)).collect(), found.len())
}

fn matches(job: &Job, find: &str) -> bool {
    let holds = |text: &str| text.to_lowercase().contains(find);
    let technicians = || job.appointments.iter().flat_map(|visit| &visit.assigned_technicians);
    find.is_empty()
        || holds(&job.service_job_id)
        || holds(job.service_job_status.name())
        || ["scopeOfWork/title", "buyer/name", "serviceLocation/address/addressLine1", "serviceOrderId"]
            .into_iter()
            .any(|place| holds(job.text(place)))
        || technicians().any(|t| holds(&t.name) || holds(&t.technician_id))
}

fn row(state: &State, job: &Job) -> Value {
    let visit = job.active_appointment().or(job.appointments.last());
    let said = visit.and_then(|visit| state.fulfilments.get(&visit.appointment_id));
    let items = job.facts.get("associatedItems").and_then(Value::as_array);
    let address = |field: &str| job.text(&format!("serviceLocation/address/{field}")).to_owned();
    json!({
        "serviceJobId": job.service_job_id,
        "status": job.service_job_status,
        "title": job.text("scopeOfWork/title"),
        "where": job.text("serviceLocation/serviceLocationType"),
        "place": address("addressLine1"),
        "city": address("city"),
        "buyer": job.text("buyer/name"),
        "orderId": job.text("serviceOrderId"),
        "items": items.map(|all| all.iter().map(|i| i["itemStatus"].clone()).collect::<Vec<_>>()),
        "preferred": job.fact("preferredAppointmentTimes"),
        "visit": visit,
        "visits": job.appointments.len(),
        "said": said.map(|said| json!({
            "at": stamp(said.at),
            "times": said.times,
            "documents": said.body["fulfillmentDocuments"].as_array().map_or(0, Vec::len),
        })),
        "completions": state.completions.get(&job.service_job_id).copied().unwrap_or_default(),
        "absent": state.absent.contains(&job.service_job_id),
    })
}

/// The newest first. What Amazon would find wrong with one is not judged here: that takes reading all of it.
fn documents(state: &State) -> Vec<Value> {
    let mut made: Vec<&Destination> = state.destinations.values().collect();
    made.sort_by_key(|d| std::cmp::Reverse(d.number));
    let attached = |id: &str| {
        state.fulfilments.values().find(|f| f.names_document(id)).map(|f| f.service_job_id.clone())
    };
    let document = |d: &&Destination| {
        json!({
            "key": d.key,
            "contentType": d.content_type,
            "contentLength": d.content_length,
            "createdAt": stamp(d.created_at),
            "expiresAt": stamp(d.expires_at),
            "puts": d.puts,
            "opened": d.plaintext.is_some(),
            "infected": d.infected,
            "attachedTo": attached(&d.id),
        })
    };
    made.iter().take(DOCUMENTS).map(document).collect()
}
