//! `GET /api/visits/{appointment}/notes` and `/places`: what technicians wrote for the office, and where their phones
//! were. Who reads it is logged.

use super::{extract::PathId, problem::Refusal, session::Supervisor};
use crate::{app::App, closing, db::record::WrittenRecord};
use axum::{
    extract::State,
    http::{HeaderName, StatusCode, header},
    response::IntoResponse,
};
use doorstep_core::{
    api::{Note, Notes, Place, PlaceOf, Places},
    closeout::Closeout,
    id::AppointmentId,
    record::{Content, Spot},
};

const NO_STORE: [(HeaderName, &str); 1] = [(header::CACHE_CONTROL, "no-store")];

/// The notes that the closeout names; what came from somebody who is barred is not among them before it counts.
///
/// # Errors
/// There is no such visit, or its buyer's data has expired.
pub async fn notes(
    State(app): State<App>,
    who: Supervisor,
    PathId(appointment): PathId<AppointmentId>,
) -> Result<impl IntoResponse, Refusal> {
    let (_, records) = read(&app, &who, appointment).await?;
    let notes = records.into_iter().filter_map(|(record, content)| match content {
        Content::Note(text) => {
            Some(Note { text, technician: record.technician, received_at: record.received_at })
        }
        _ => None,
    });
    tracing::info!(user = %who.user, %appointment, "the notes of a visit are read");
    Ok((NO_STORE, axum::Json(Notes { notes: notes.collect() })))
}

/// Where phones were at the steps of a visit, when its photos were taken and when its pauses began, of those that told.
///
/// # Errors
/// As for its notes.
pub async fn places(
    State(app): State<App>,
    who: Supervisor,
    PathId(appointment): PathId<AppointmentId>,
) -> Result<impl IntoResponse, Refusal> {
    let (closeout, records) = read(&app, &who, appointment).await?;
    let places = records.into_iter().filter_map(|(record, content)| {
        let (of, position) = match content {
            Content::Position(position) => (PlaceOf::Step(closeout.records.get(&record.id)?.step?), position),
            // Of a photo that was never finished there is nothing to see.
            Content::PositionOf(Spot::Photo(photo), position) if closeout.photos.contains_key(&photo) => {
                (PlaceOf::Photo(photo), position)
            }
            Content::PositionOf(Spot::Pause(pause), position) if closeout.pauses.contains_key(&pause) => {
                (PlaceOf::Pause(pause), position)
            }
            _ => return None,
        };
        Some(Place { of, position, technician: record.technician, received_at: record.received_at })
    });
    tracing::info!(user = %who.user, %appointment, "the places of a visit are read");
    Ok((NO_STORE, axum::Json(Places { places: places.collect() })))
}

/// The records that the closeout names, opened.
async fn read(
    app: &App,
    who: &Supervisor,
    appointment: AppointmentId,
) -> Result<(Closeout, Vec<(WrittenRecord, Content)>), Refusal> {
    let absent = || Refusal::not_found("no_such_visit", "There is no such visit", "Reload the page.");
    let gone = || {
        Refusal::new(
            StatusCode::GONE,
            "records_expired",
            "What was recorded there is gone with the buyer's data",
            "It was kept as long as Amazon allows.",
        )
    };
    let mut tx = app.db.read().await?;
    let visit = tx.visit(who.seller, appointment).await?.ok_or_else(absent)?;
    let key = visit.key(&app.root_key)?.ok_or_else(gone)?;
    let state = closing::state(app, &mut tx, who.seller, appointment).await?.ok_or_else(gone)?;
    let mut records = Vec::new();
    for record in tx.records_read(who.seller, appointment).await? {
        if !state.closeout.records.contains_key(&record.id) {
            continue;
        }
        match Content::open(&key, record.id, &record.sealed) {
            Ok(content) => records.push((record, content)),
            // What one phone sealed wrongly keeps nobody from reading the rest.
            Err(error) => tracing::warn!(%appointment, record = %record.id, %error, "a record does not open"),
        }
    }
    Ok((state.closeout, records))
}
