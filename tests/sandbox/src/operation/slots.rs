//! getAppointmentSlots and getAppointmmentSlotsByJobId: when a service could be done, and how often at once.

use axum::http::StatusCode;
use chrono::{DateTime, DurationRound, TimeDelta, Utc};
use serde_json::{Value, json};

use super::fulfilment::absent;
use super::{Call, Refusal, Reply};
use crate::instant;
use crate::offering::Offering;
use crate::schedule::Span;
use crate::state::State;

/// How far slots reach when nobody says.
const USUAL_RANGE: TimeDelta = TimeDelta::days(14);

const LONGEST_RANGE: TimeDelta = TimeDelta::days(90);

/// Of a service in a store.
pub(super) fn of_service(state: &mut State, call: &Call, now: DateTime<Utc>) -> Result<Reply, Refusal> {
    let given = |name| call.one(name).filter(|value| (1..=100).contains(&value.len()));
    let (asin, store) = (given("asin"), given("storeId"));
    let marketplace = call.marketplace();
    let (Some(asin), Some(store), Some(marketplace)) = (asin, store, marketplace) else {
        let wrong = [
            asin.is_none().then_some("asin"),
            store.is_none().then_some("storeId"),
            marketplace.is_none().then_some("marketplaceIds"),
        ];
        return Err(Refusal::missing(&wrong.into_iter().flatten().collect::<Vec<_>>()));
    };
    let range = range(call, "Range ", now)?;
    let offering = state
        .offerings
        .iter()
        .find(|o| o.asin == asin && o.store_id == store && o.marketplace_id == marketplace)
        .ok_or_else(|| Refusal::rule(format!("Store {store} does not offer the service {asin}")))?;
    Ok(report(state, offering, range, now))
}

/// Of the service that a job is for.
pub(super) fn of_job(state: &mut State, call: &Call, now: DateTime<Utc>) -> Result<Reply, Refusal> {
    let id = call.id("serviceJobId")?;
    if call.marketplace().is_none() {
        return Err(Refusal::missing(&["marketplaceIds"]));
    }
    let range = range(call, "", now)?;
    let job = state.own_job(id, || absent(id))?;
    let offering = state
        .offering_of(job)
        .ok_or_else(|| Refusal::rule(format!("No slots are configured for the job with jobId {id}")))?;
    Ok(report(state, offering, range, now))
}

/// `what` is how the operation calls its range in messages.
fn range(call: &Call, what: &str, now: DateTime<Utc>) -> Result<Span, Refusal> {
    let refuse = |message: String| Err(Refusal::input(StatusCode::BAD_REQUEST, message));
    let mut ends = [None, None];
    for (end, (name, words)) in ends.iter_mut().zip([("startTime", "Start Time"), ("endTime", "End Time")]) {
        if let Some(text) = call.one(name) {
            match instant::read(text) {
                Some(at) => *end = Some(at.to_utc()),
                None => return refuse(format!("{what}{words} is not a valid ISO date/time object")),
            }
        }
    }
    match ends {
        [None, None] => Ok(Span { start: now, end: now + USUAL_RANGE }),
        [Some(start), Some(end)] if end <= start => {
            refuse(format!("{what}End Time should be after {what}Start Time"))
        }
        [Some(start), Some(end)] if end - start > LONGEST_RANGE => {
            refuse(format!("{what}End Time should be within 90 days of {what}Start Time"))
        }
        [Some(start), Some(end)] => Ok(Span { start, end }),
        [None, Some(_)] => Err(Refusal::missing(&["startTime"])),
        [Some(_), None] => Err(Refusal::missing(&["endTime"])),
    }
}

/// Windows of the service's length, one after the other from midnight UTC, in which somebody works.
fn report(state: &State, offering: &Offering, range: Span, now: DateTime<Utc>) -> Reply {
    let openings = state.openings(offering, range, None);
    let earliest = range.start.max(now);
    let length = TimeDelta::minutes(offering.minutes.into());
    let mut slots: Vec<Value> = Vec::new();
    let mut midnight = earliest.duration_trunc(TimeDelta::days(1)).unwrap_or(earliest);
    while midnight < range.end {
        let tomorrow = midnight + TimeDelta::days(1);
        let mut start = midnight;
        while start + length <= tomorrow.min(range.end) {
            let window = Span { start, end: start + length };
            if start >= earliest
                && let Some(capacity) = openings.capacity(window)
            {
                slots.push(json!({
                    "startTime": instant::write(window.start),
                    "endTime": instant::write(window.end),
                    "capacity": capacity,
                }));
            }
            start = window.end;
        }
        midnight = tomorrow;
    }
    Reply::json(json!({ "payload": {
        "schedulingType": offering.scheduling_type,
        "startTime": instant::write(range.start),
        "endTime": instant::write(range.end),
        "appointmentSlots": slots,
    }}))
}
