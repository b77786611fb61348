//! `/_sandbox/…`: look inside and steer, over HTTP, for browser tests and demos. Not part of Amazon's API.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use axum::Json;
use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State as Shared};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::clock::stamp;
use crate::fault::Fault;
use crate::http::Inner;
use crate::seed::{self, Day};

type Sandbox = Shared<Arc<Inner>>;

pub(crate) fn routes() -> Router<Arc<Inner>> {
    Router::new()
        .route("/_sandbox/record", get(record))
        .route("/_sandbox/jobs", get(jobs))
        .route("/_sandbox/documents", get(documents))
        .route("/_sandbox/documents/{key}", get(document))
        .route("/_sandbox/fulfilment/{appointment_id}", get(fulfilment))
        .route("/_sandbox/faults", get(faults).post(add_fault).delete(clear_faults))
        .route("/_sandbox/release", post(release))
        .route("/_sandbox/clock", get(clock).post(move_clock))
        .route("/_sandbox/changes", post(change))
        .route("/_sandbox/reset", post(reset))
}

async fn record(Shared(inner): Sandbox) -> Json<Value> {
    let held = inner.held.load(Ordering::SeqCst);
    Json(json!({ "requests": inner.state().record, "held": held }))
}

async fn jobs(Shared(inner): Sandbox) -> Json<Value> {
    let state = inner.state();
    let jobs: Vec<Value> = state
        .jobs
        .values()
        .map(|job| {
            json!({
                "job": job,
                "lastUpdated": stamp(job.last_updated),
                "completions": state.completions.get(&job.service_job_id).copied().unwrap_or_default(),
            })
        })
        .collect();
    Json(json!({ "jobs": jobs }))
}

async fn documents(Shared(inner): Sandbox) -> Json<Value> {
    let state = inner.state();
    let documents: Vec<Value> = state
        .documents(inner.clock.now())
        .into_iter()
        .map(|document| {
            let mut value = json!(document);
            value["url"] = json!(format!("{}/_sandbox/documents/{}", state.base_url, document.key));
            value
        })
        .collect();
    Json(json!({ "documents": documents }))
}

/// The decrypted bytes of one document.
async fn document(Shared(inner): Sandbox, Path(key): Path<String>) -> Response {
    let state = inner.state();
    match state.destinations.get(&key).and_then(|d| Some((d.signed_type, d.plaintext.clone()?))) {
        Some((media_type, bytes)) => ([(header::CONTENT_TYPE, media_type)], bytes).into_response(),
        None => refuse(StatusCode::NOT_FOUND, format!("no readable document has the key {key}")),
    }
}

async fn fulfilment(Shared(inner): Sandbox, Path(appointment_id): Path<String>) -> Response {
    match inner.state().fulfilments.get(&appointment_id) {
        Some(fulfilment) => Json(json!(fulfilment)).into_response(),
        None => refuse(StatusCode::NOT_FOUND, format!("nothing was said about appointment {appointment_id}")),
    }
}

async fn faults(Shared(inner): Sandbox) -> Json<Value> {
    Json(json!({ "faults": inner.state().script.pending() }))
}

async fn add_fault(Shared(inner): Sandbox, body: Bytes) -> Response {
    let fault: Fault = match read(&body) {
        Ok(fault) => fault,
        Err(refusal) => return refusal,
    };
    match inner.state().script.add(fault.clone()) {
        Ok(()) => (StatusCode::CREATED, Json(json!(fault))).into_response(),
        Err(unfit) => refuse(StatusCode::BAD_REQUEST, unfit.to_string()),
    }
}

async fn clear_faults(Shared(inner): Sandbox) -> StatusCode {
    inner.state().script.clear();
    StatusCode::NO_CONTENT
}

async fn release(Shared(inner): Sandbox) -> Json<Value> {
    Json(json!({ "released": inner.release() }))
}

async fn clock(Shared(inner): Sandbox) -> Json<Value> {
    Json(json!({ "now": stamp(inner.clock.now()) }))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Step {
    advance_ms: i64,
}

async fn move_clock(inner: Sandbox, body: Bytes) -> Response {
    match read::<Step>(&body) {
        Ok(step) => {
            inner.clock.advance(TimeDelta::milliseconds(step.advance_ms));
            clock(inner).await.into_response()
        }
        Err(refusal) => refusal,
    }
}

/// What the customer or the seller does elsewhere.
#[derive(Deserialize)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase", deny_unknown_fields)]
enum Change {
    Touch { service_job_id: String },
    Cancel { service_job_id: String },
    Reschedule { service_job_id: String, start_time: DateTime<Utc> },
    Assign { service_job_id: String, technician_ids: Vec<String> },
}

async fn change(Shared(inner): Sandbox, body: Bytes) -> Response {
    let change: Change = match read(&body) {
        Ok(change) => change,
        Err(refusal) => return refusal,
    };
    let now = inner.clock.now();
    let outcome = {
        let mut state = inner.state();
        match change {
            Change::Touch { service_job_id } => state.touch(&service_job_id, now).map(|_job| json!({})),
            Change::Cancel { service_job_id } => state.cancel(&service_job_id, now).map(|()| json!({})),
            Change::Reschedule { service_job_id, start_time } => {
                state.reschedule(&service_job_id, start_time, now).map(|id| json!({ "appointmentId": id }))
            }
            Change::Assign { service_job_id, technician_ids } => {
                let ids: Vec<&str> = technician_ids.iter().map(String::as_str).collect();
                state.assign(&service_job_id, &ids, now).map(|()| json!({}))
            }
        }
    };
    inner.tell();
    match outcome {
        Ok(value) => Json(value).into_response(),
        Err(unknown) => refuse(StatusCode::NOT_FOUND, unknown.to_string()),
    }
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Restart {
    seed: Option<u64>,
    /// `YYYY-MM-DD`, or `today` for a day laid around the sandbox's present.
    day: Option<String>,
    jobs: Option<usize>,
}

async fn reset(Shared(inner): Sandbox, body: Bytes) -> Response {
    let restart = match body.is_empty() {
        true => Ok(Restart::default()),
        false => read::<Restart>(&body),
    };
    let restart = match restart {
        Ok(restart) => restart,
        Err(refusal) => return refusal,
    };
    {
        let mut state = inner.state();
        let Day { seed, from, technicians, jobs } = state.day.clone();
        let (seed, jobs) = (restart.seed.unwrap_or(seed), restart.jobs.unwrap_or(jobs));
        let day = match restart.day.as_deref() {
            None => Day { seed, from, technicians, jobs },
            Some("today") => seed::day_around(seed, inner.clock.now(), technicians, jobs),
            Some(date) => match date.parse::<NaiveDate>() {
                Ok(date) => seed::day(seed, date, technicians, jobs),
                Err(_) => return refuse(StatusCode::BAD_REQUEST, format!("day: {date} is not YYYY-MM-DD")),
            },
        };
        state.reset(day);
    }
    inner.tell();
    StatusCode::NO_CONTENT.into_response()
}

#[expect(clippy::result_large_err, reason = "the refusal is the response, made once per bad control request")]
fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Response> {
    serde_json::from_slice(body).map_err(|why| refuse(StatusCode::BAD_REQUEST, why.to_string()))
}

fn refuse(status: StatusCode, message: String) -> Response {
    (status, Json(json!({ "message": message }))).into_response()
}
