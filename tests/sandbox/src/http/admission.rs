//! What stands before every operation: the scripted fault, the user agent, the access token, the rate.

use axum::http::StatusCode;
use chrono::{DateTime, Utc};

use crate::config::Rates;
use crate::fault::FaultKind;
use crate::operation::{Arrival, Call, Operation, Refusal, Shape, slot_taken};
use crate::rate::Bucket;
use crate::state::State;

/// The longest user agent Amazon takes.
const LONGEST_AGENT: usize = 500;

pub(super) fn before_effect(
    state: &mut State,
    operation: &Operation,
    call: &Call,
    now: DateTime<Utc>,
    fault: Option<FaultKind>,
) -> Result<(), Refusal> {
    match fault {
        Some(FaultKind::Throttle) => return Err(Refusal::throttled(operation.shape)),
        Some(FaultKind::FailBefore) => return Err(Refusal::internal(operation.shape)),
        Some(FaultKind::LoseRequest) => return Err(Refusal::internal(operation.shape)),
        Some(FaultKind::MissingRole) => return Err(Refusal::denied("")),
        Some(FaultKind::ExpiredSecret) => return Err(expired_secret(operation.shape)),
        Some(FaultKind::ExpiredToken) => {
            let token = call.header("x-amz-access-token").unwrap_or_default();
            if let Some(expiry) = state.access_tokens.get_mut(token) {
                *expiry = now;
            }
            if let Some(restricted) = state.restricted_tokens.get_mut(token) {
                restricted.expires_at = now;
            }
        }
        Some(FaultKind::ExpiredDestination) => {
            if let Some(destination) = state.destinations.get_mut(call.parameter("key")) {
                destination.expires_at = destination.expires_at.min(now);
            }
        }
        Some(FaultKind::Malware) => {
            if let Some(destination) = state.destinations.get_mut(call.parameter("key")) {
                destination.infected = true;
            }
        }
        _ => {}
    }
    if operation.shape.is_gateway() {
        user_agent(call)?;
        access_token(state, operation, call, now)?;
        rate(state, operation, now)?;
    }
    match call.arrival {
        Arrival::Whole => {}
        Arrival::TooLarge => return Err(too_large(operation.shape)),
        Arrival::Broken => {
            return Err(Refusal::new(
                StatusCode::BAD_REQUEST,
                "IncompleteBody",
                "The body broke off before its end",
            ));
        }
    }
    match fault {
        Some(FaultKind::SlotTaken) => Err(slot_taken(call.parameter("serviceJobId"))),
        _ => Ok(()),
    }
}

/// Login with Amazon and the gateway have words of their own for a secret that was not rotated in time.
fn expired_secret(shape: Shape) -> Refusal {
    match shape {
        Shape::Login => {
            Refusal::new(StatusCode::UNAUTHORIZED, "invalid_client", "Client authentication failed")
        }
        _ => Refusal::denied("The LWA secret token you provided has expired."),
    }
}

fn user_agent(call: &Call) -> Result<(), Refusal> {
    match call.header("user-agent") {
        Some(agent) if !agent.is_empty() && agent.len() <= LONGEST_AGENT => Ok(()),
        _ => Err(Refusal::input(
            StatusCode::BAD_REQUEST,
            "The User-Agent header is missing or longer than 500 characters",
        )),
    }
}

fn access_token(
    state: &State,
    operation: &Operation,
    call: &Call,
    now: DateTime<Utc>,
) -> Result<(), Refusal> {
    const EXPIRED: &str = "The access token you provided has expired.";
    let Some(token) = call.header("x-amz-access-token") else {
        return Err(Refusal::denied("Access token is missing in the request header."));
    };
    if let Some(restricted) = state.restricted_tokens.get(token) {
        return match restricted {
            _ if now >= restricted.expires_at => Err(Refusal::denied(EXPIRED)),
            _ if restricted.opens(call) => Ok(()),
            _ => Err(Refusal::denied("The restricted data token is for other methods or paths.")),
        };
    }
    match state.access_tokens.get(token) {
        None => Err(Refusal::denied("The access token you provided is revoked, malformed or invalid.")),
        Some(expiry) if now >= *expiry => Err(Refusal::denied(EXPIRED)),
        Some(_) if state.restricted.contains(operation.name) => {
            Err(Refusal::denied("The operation takes a restricted data token only."))
        }
        Some(_) => Ok(()),
    }
}

fn rate(state: &mut State, operation: &Operation, now: DateTime<Utc>) -> Result<(), Refusal> {
    let (Some(rate), Rates::Published) = (operation.rate, state.rates) else { return Ok(()) };
    let bucket = state.buckets.entry(operation.name).or_insert_with(|| Bucket::full(rate, now));
    if bucket.take(rate, now) { Ok(()) } else { Err(Refusal::throttled(operation.shape)) }
}

fn too_large(shape: Shape) -> Refusal {
    match shape {
        Shape::Storage => {
            Refusal::new(StatusCode::BAD_REQUEST, "EntityTooLarge", "The upload exceeds the allowed size")
        }
        _ => Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, "RequestTooLarge", "The body is too large"),
    }
}
