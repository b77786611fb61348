//! `/api/connection` and `/api/observed`: what the seller may do at Amazon, and what would be sent.

use super::{
    extract::Json,
    problem::Refusal,
    session::{Administrator, Office},
};
use crate::{
    app::App,
    connection::{self, Refused},
    work::forward::observed,
};
use axum::{
    extract::{Path, Query, State, rejection::QueryRejection},
    http::{StatusCode, header},
    response::IntoResponse,
};
use doorstep_core::{
    api::{Observed, SetPosition, SetPrograms},
    id::AppointmentId,
};
use serde::Deserialize;

/// So many visits' requests in one answer.
const MOST_VISITS: usize = 50;
const NO_STORE: [(header::HeaderName, &str); 1] = [(header::CACHE_CONTROL, "no-store")];

/// Where every switch stands, what waits for it, and who moved it.
///
/// # Errors
/// The database's.
pub async fn connection(State(app): State<App>, _: Office) -> Result<impl IntoResponse, Refusal> {
    let mut tx = app.db.read().await?;
    Ok((NO_STORE, axum::Json(connection::load(&app, &mut tx).await?)))
}

/// Moves one switch.
///
/// # Errors
/// There is no such switch, or calls wait and nobody has said what becomes of them.
pub async fn set(
    State(app): State<App>,
    who: Administrator,
    Path(operation): Path<String>,
    Json(wish): Json<SetPosition>,
) -> Result<impl IntoResponse, Refusal> {
    let set = connection::set(&app, &operation, &wish, Some(who.user)).await?.map_err(refusal)?;
    Ok((NO_STORE, axum::Json(set)))
}

/// Says which programs there are.
///
/// # Errors
/// They do not fit together.
pub async fn set_programs(
    State(app): State<App>,
    who: Administrator,
    Json(wish): Json<SetPrograms>,
) -> Result<impl IntoResponse, Refusal> {
    connection::set_programs(&app, &wish.programs, Some(who.user)).await?.map_err(refusal)?;
    Ok((StatusCode::NO_CONTENT, NO_STORE))
}

#[derive(Debug, Deserialize)]
pub struct Of {
    appointment: Option<String>,
}

/// The requests that wait, as they would be sent: of one visit, or of the first that wait.
///
/// # Errors
/// The database's, or the id is none.
pub async fn observed(
    State(app): State<App>,
    who: Office,
    of: Result<Query<Of>, QueryRejection>,
) -> Result<impl IntoResponse, Refusal> {
    let no_id = || {
        Refusal::bad_request("bad_id", "The address has no readable id", "Check the address.")
            .field("appointment")
    };
    let Query(of) = of.map_err(|_| no_id())?;
    let of = of.appointment.map(|id| id.parse::<AppointmentId>()).transpose().map_err(|_| no_id())?;
    let mut tx = app.db.read().await?;
    let mut visits = match of {
        Some(appointment) => vec![appointment],
        None => {
            let most = i64::try_from(MOST_VISITS).unwrap_or(i64::MAX).saturating_add(1);
            let waiting = tx.waiting_visits(who.seller, most).await?;
            waiting.into_iter().map(|visit| visit.appointment).collect()
        }
    };
    let more = visits.len() > MOST_VISITS;
    visits.truncate(MOST_VISITS);
    let mut requests = Vec::new();
    for visit in visits {
        requests.extend(observed::requests(&app, &mut tx, visit).await?);
    }
    Ok((NO_STORE, axum::Json(Observed { requests, more })))
}

fn refusal(refused: Refused) -> Refusal {
    match refused {
        Refused::NoSuchOperation => Refusal::not_found(
            "no_such_operation",
            "Amazon has no operation of this name",
            "The connection page has their names.",
        ),
        Refused::ReadIsNotObserved => Refusal::bad_request(
            "read_not_observed",
            "Reading changes nothing at Amazon",
            "A read is sent or not allowed; there is nothing of it to observe.",
        )
        .field("position"),
        Refused::NoSuchProgram => Refusal::not_found(
            "no_such_program",
            "There is no program of this name",
            "Add the program first, with what its jobs are known by.",
        )
        .field("program"),
        Refused::NothingBelow => Refusal::bad_request(
            "position_missing",
            "Nothing is set for all programs then",
            "Choose a position, or name the program whose own line is to go.",
        )
        .field("position"),
        Refused::CallsWait { calls, visits } => Refusal::conflict(
            "calls_wait",
            "Calls wait for this switch",
            format!("{calls} of {visits} visits: say whether they are sent now or left unsent for good."),
        )
        .field("waiting"),
        Refused::ProgramsHold { calls, visits } => Refusal::conflict(
            "calls_wait",
            "Calls wait that would be sent then",
            format!(
                "{calls} of {visits} visits: move the switches they wait for first. There you say whether they are sent now or left unsent for good."
            ),
        )
        .field("programs"),
        Refused::Program(why) => {
            Refusal::bad_request("programs_do_not_fit", "These programs do not fit", why).field("programs")
        }
    }
}
