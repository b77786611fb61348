//! Looking inside: the record, jobs, documents and what was said about appointments.

use std::sync::atomic::Ordering;

use axum::Json;
use axum::extract::{Path, State as Shared};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::{Sandbox, refuse};
use crate::clock::stamp;
use crate::order;
use crate::reservation::Reservation;

pub(super) async fn record(Shared(inner): Sandbox) -> Json<Value> {
    let held = inner.held.load(Ordering::SeqCst);
    Json(json!({ "requests": inner.state().record, "held": held }))
}

pub(super) async fn jobs(Shared(inner): Sandbox) -> Json<Value> {
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

pub(super) async fn documents(Shared(inner): Sandbox) -> Json<Value> {
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
pub(super) async fn document(Shared(inner): Sandbox, Path(key): Path<String>) -> Response {
    let state = inner.state();
    match state.destinations.get(&key).and_then(|d| Some((d.signed_type, d.plaintext.clone()?))) {
        Some((media_type, bytes)) => ([(header::CONTENT_TYPE, media_type)], bytes).into_response(),
        None => refuse(StatusCode::NOT_FOUND, format!("no readable document has the key {key}")),
    }
}

pub(super) async fn fulfilment(Shared(inner): Sandbox, Path(appointment_id): Path<String>) -> Response {
    match inner.state().fulfilments.get(&appointment_id) {
        Some(fulfilment) => Json(json!(fulfilment)).into_response(),
        None => refuse(StatusCode::NOT_FOUND, format!("nothing was said about appointment {appointment_id}")),
    }
}

/// Which orders are open; Amazon's API has none of it.
pub(super) async fn orders(Shared(inner): Sandbox) -> Json<Value> {
    Json(json!({ "orders": order::orders(inner.state().jobs.values()) }))
}

/// Who does the work, and what was reserved of their time.
pub(super) async fn resources(Shared(inner): Sandbox) -> Json<Value> {
    let state = inner.state();
    let resources: Vec<_> = state.resources.values().collect();
    let reservation = |r: &Reservation| json!({ "resourceId": r.resource_id, "reservation": r });
    let reservations: Vec<Value> = state.reservations.values().map(reservation).collect();
    Json(json!({ "resources": resources, "reservations": reservations }))
}
