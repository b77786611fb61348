//! createReservation, updateReservation, cancelReservation: time taken away from a resource and given back.

use axum::http::StatusCode;
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use super::{Call, Refusal, Reply, availability};
use crate::reservation::{Reservation, ReservationKind};
use crate::schedule::Availability;
use crate::state::State;

pub(super) fn create(state: &mut State, call: &Call, _now: DateTime<Utc>) -> Result<Reply, Refusal> {
    let body = call.json()?;
    let wanted = Wanted::read(state, call, &body)?;
    // A reservation that names an id is an update of that one, the model says.
    if let Some(id) = body["reservation"]["reservationId"].as_str()
        && state.reservations.remove(id).is_none()
    {
        return Err(refused(&body, "There is no reservation with this id"));
    }
    Ok(wanted.keep(state))
}

pub(super) fn update(state: &mut State, call: &Call, _now: DateTime<Utc>) -> Result<Reply, Refusal> {
    let id = reservation_id(call)?;
    let body = call.json()?;
    let wanted = Wanted::read(state, call, &body)?;
    // The new one has another id: the old one is of no use any more.
    state.reservations.remove(id).ok_or_else(|| unknown(id))?;
    Ok(wanted.keep(state))
}

pub(super) fn cancel(state: &mut State, call: &Call, _now: DateTime<Utc>) -> Result<Reply, Refusal> {
    let id = reservation_id(call)?;
    if call.marketplace().is_none() {
        return Err(Refusal::missing(&["marketplaceIds"]));
    }
    state.reservations.remove(id).ok_or_else(|| unknown(id))?;
    Ok(Reply::empty(StatusCode::NO_CONTENT))
}

/// Reservations are numbered; anything else cannot be one.
fn reservation_id(call: &Call) -> Result<&str, Refusal> {
    let id = call.id("reservationId")?;
    if id.bytes().all(|byte| byte.is_ascii_digit()) {
        Ok(id)
    } else {
        Err(Refusal::missing(&["reservationId"]))
    }
}

fn unknown(id: &str) -> Refusal {
    Refusal::input(StatusCode::NOT_FOUND, format!("There is no reservation {id}"))
}

/// 200 with the error beside the reservation as it was sent.
fn refused(body: &Value, why: &str) -> Refusal {
    let errors = json!([{ "code": "InvalidInput", "message": why }]);
    let body = json!({ "payload": { "reservation": body["reservation"], "errors": errors } });
    Refusal::within_ok(why).saying(body)
}

struct Wanted {
    resource_id: String,
    kind: ReservationKind,
    availability: Availability,
}

impl Wanted {
    fn read(state: &State, call: &Call, body: &Value) -> Result<Self, Refusal> {
        let reservation = &body["reservation"];
        let resource_id = body["resourceId"].as_str();
        let kind = reservation["type"].as_str().and_then(ReservationKind::named);
        let (marketplace, time) = (call.marketplace(), availability::misshapen(&reservation["availability"]));
        let (Some(_), Some(resource_id), Some(kind), None) = (marketplace, resource_id, kind, time) else {
            let wrong = [
                marketplace.is_none().then_some("marketplaceIds"),
                resource_id.is_none().then_some("resourceId"),
                (!reservation.is_object()).then_some("reservation"),
                kind.is_none().then_some("type"),
                time,
            ];
            return Err(Refusal::missing(&wrong.into_iter().flatten().collect::<Vec<_>>()));
        };
        let Some(resource) = state.resources.get(resource_id) else {
            return Err(Refusal::within_ok("Invalid request parameters: [resourceId]"));
        };
        let availability = availability::read(&reservation["availability"], TimeDelta::zero());
        let mut availability = availability.map_err(|why| refused(body, &why))?;
        if kind == ReservationKind::Appointment {
            // How long an appointment takes is Amazon's to say.
            availability.end_time = availability.start_time + state.appointment_length(resource);
        }
        Ok(Self { resource_id: resource_id.into(), kind, availability })
    }

    fn keep(self, state: &mut State) -> Reply {
        let kept: &Reservation = state.reserve(&self.resource_id, self.kind, self.availability);
        Reply::json(json!({ "payload": { "reservation": kept } }))
    }
}
