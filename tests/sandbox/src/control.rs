//! `/_sandbox/…`: look inside and steer, over HTTP, for browser tests and demos. Not part of Amazon's API.

mod look;
mod overview;

use std::sync::Arc;

use axum::Json;
use axum::Router;
use axum::body::Bytes;
use axum::extract::State as Shared;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::clock::{is_within_reach, stamp};
use crate::event::{Event, UnfitEvent};
use crate::fault::Fault;
use crate::http::Inner;
use crate::scenario::Scenario;
use crate::script::Script;
use crate::seed::{self, Day};

type Sandbox = Shared<Arc<Inner>>;

pub(crate) fn routes() -> Router<Arc<Inner>> {
    Router::new()
        .route("/_sandbox/overview", get(overview::overview))
        .route("/_sandbox/choices", get(overview::choices))
        .route("/_sandbox/orders", get(look::orders))
        .route("/_sandbox/resources", get(look::resources))
        .route("/_sandbox/record", get(look::record))
        .route("/_sandbox/jobs", get(look::jobs))
        .route("/_sandbox/documents", get(look::documents))
        .route("/_sandbox/documents/{key}", get(look::document))
        .route("/_sandbox/fulfilment/{appointment_id}", get(look::fulfilment))
        .route("/_sandbox/faults", get(faults).post(add_fault).delete(clear_faults))
        .route("/_sandbox/script", get(script).post(add_script).delete(clear_script))
        .route("/_sandbox/release", post(release))
        .route("/_sandbox/clock", get(clock).post(move_clock))
        .route("/_sandbox/changes", post(change))
        .route("/_sandbox/reset", post(reset))
}

async fn faults(Shared(inner): Sandbox) -> Json<Value> {
    Json(json!({ "faults": inner.state().faults.pending() }))
}

async fn add_fault(Shared(inner): Sandbox, body: Bytes) -> Response {
    let fault: Fault = match read(&body) {
        Ok(fault) => fault,
        Err(refusal) => return refusal,
    };
    let outcome = {
        let mut state = inner.state();
        let seed = state.day.seed;
        state.faults.add(fault.clone(), seed, inner.clock.true_now())
    };
    inner.tell();
    match outcome {
        Ok(()) => (StatusCode::CREATED, Json(json!(fault))).into_response(),
        Err(unfit) => refuse(StatusCode::BAD_REQUEST, unfit.to_string()),
    }
}

async fn clear_faults(Shared(inner): Sandbox) -> StatusCode {
    inner.state().faults.clear();
    inner.tell();
    StatusCode::NO_CONTENT
}

async fn script(Shared(inner): Sandbox) -> Json<Value> {
    let state = inner.state();
    Json(json!({
        "faults": state.faults.pending(),
        "events": state.events(),
        "happened": state.happenings,
    }))
}

async fn add_script(Shared(inner): Sandbox, body: Bytes) -> Response {
    let script: Script = match read(&body) {
        Ok(script) => script,
        Err(refusal) => return refusal,
    };
    let (faults, events) = (script.faults.len(), script.events.len());
    let outcome = inner.state().follow(script, &inner.clock);
    inner.tell();
    match outcome {
        Ok(()) => (StatusCode::CREATED, Json(json!({ "faults": faults, "events": events }))).into_response(),
        Err(unfit) => refuse(StatusCode::BAD_REQUEST, unfit.to_string()),
    }
}

async fn clear_script(Shared(inner): Sandbox) -> StatusCode {
    {
        let mut state = inner.state();
        state.faults.clear();
        state.forget_events();
    }
    inner.tell();
    StatusCode::NO_CONTENT
}

async fn release(Shared(inner): Sandbox) -> Json<Value> {
    Json(json!({ "released": inner.release() }))
}

async fn clock(Shared(inner): Sandbox) -> Json<Value> {
    Json(time(&inner))
}

/// What Amazon's clock shows, and how.
fn time(inner: &Inner) -> Value {
    // What has become due by now may have set the clock wrong.
    drop(inner.state());
    let clock = &inner.clock;
    json!({
        "now": stamp(clock.now()),
        "stopped": clock.is_stopped(),
        "skewSeconds": clock.skewed_by().num_seconds(),
    })
}

/// What is given happens in this order.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Move {
    stopped: Option<bool>,
    to: Option<DateTime<Utc>>,
    advance_ms: Option<i64>,
    skew_seconds: Option<i32>,
}

async fn move_clock(Shared(inner): Sandbox, body: Bytes) -> Response {
    let step: Move = match read(&body) {
        Ok(step) => step,
        Err(refusal) => return refusal,
    };
    let from = step.to.unwrap_or_else(|| inner.clock.true_now());
    let by = TimeDelta::try_milliseconds(step.advance_ms.unwrap_or(0));
    if !by.and_then(|by| from.checked_add_signed(by)).is_some_and(is_within_reach) || !is_within_reach(from) {
        return refuse(StatusCode::BAD_REQUEST, "the clock shows years between 1970 and 9000".into());
    }
    match step.stopped {
        Some(true) => inner.clock.stop(),
        Some(false) => inner.clock.run(),
        None => {}
    }
    if let Some(to) = step.to {
        inner.clock.set(to);
    }
    if let Some(ms) = step.advance_ms {
        inner.clock.advance(TimeDelta::milliseconds(ms));
    }
    if let Some(seconds) = step.skew_seconds {
        inner.clock.skew(TimeDelta::seconds(seconds.into()));
    }
    let shown = time(&inner);
    inner.tell();
    Json(shown).into_response()
}

/// What the customer or the seller does elsewhere, at once or at its time.
async fn change(Shared(inner): Sandbox, body: Bytes) -> Response {
    let event: Event = match read(&body) {
        Ok(event) => event,
        Err(refusal) => return refusal,
    };
    let now = inner.clock.true_now();
    let outcome = match event.due(now) {
        Ok(due) if due > now => {
            let script = Script { events: vec![event], ..Script::default() };
            match inner.state().follow(script, &inner.clock) {
                Ok(()) => Ok((StatusCode::ACCEPTED, json!({ "at": stamp(due) }))),
                Err(unfit) => return refuse(StatusCode::BAD_REQUEST, unfit.to_string()),
            }
        }
        Ok(_) => inner.state().apply(event.change, now, &inner.clock).map(|answer| (StatusCode::OK, answer)),
        Err(unfit) => Err(unfit),
    };
    inner.tell();
    match outcome {
        Ok((status, answer)) => (status, Json(answer)).into_response(),
        Err(UnfitEvent::Job(unknown)) => refuse(StatusCode::NOT_FOUND, unknown.to_string()),
        Err(unfit) => refuse(StatusCode::BAD_REQUEST, unfit.to_string()),
    }
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Restart {
    seed: Option<u64>,
    /// `YYYY-MM-DD`, or `today` for a day laid around the sandbox's present.
    day: Option<String>,
    jobs: Option<usize>,
    /// Laid around the sandbox's present, with the technicians it was started with.
    scenario: Option<Scenario>,
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
    if restart.scenario.is_some() && restart.day.is_some() {
        return refuse(StatusCode::BAD_REQUEST, "a scenario brings its own day".into());
    }
    inner.clock.skew(TimeDelta::zero());
    {
        let mut state = inner.state();
        let before = state.day.clone();
        let (seed, jobs) = (restart.seed.unwrap_or(before.seed), restart.jobs.unwrap_or(before.jobs));
        let scenario = restart.scenario.or(state.scenario.filter(|_| restart.day.is_none()));
        let from = match restart.day.as_deref() {
            None => before.from,
            Some("today") => seed::day_around(seed, inner.clock.now(), Vec::new(), jobs).from,
            Some(date) => match date.parse::<NaiveDate>() {
                Ok(date) => seed::day(seed, date, Vec::new(), jobs).from,
                Err(_) => return refuse(StatusCode::BAD_REQUEST, format!("day: {date} is not YYYY-MM-DD")),
            },
        };
        match scenario {
            Some(scenario) => {
                let jobs = restart.jobs.unwrap_or(state.staff.jobs);
                state.play(scenario, seed, jobs, &inner.clock);
            }
            None => state.reset(Day { seed, from, jobs, ..before }),
        }
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
