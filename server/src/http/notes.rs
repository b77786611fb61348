//! `GET /api/visits/{appointment}/notes`: what technicians wrote for the office. Who reads it is logged.

use super::{extract::PathId, problem::Refusal, session::Supervisor};
use crate::{app::App, closing};
use axum::{
    extract::State,
    http::{StatusCode, header},
    response::IntoResponse,
};
use doorstep_core::{
    api::{Note, Notes},
    id::AppointmentId,
    record::Content,
};

/// The notes that the closeout names; what came from somebody who is barred is not among them before it counts.
///
/// # Errors
/// There is no such visit, or its buyer's data has expired.
pub async fn notes(
    State(app): State<App>,
    who: Supervisor,
    PathId(appointment): PathId<AppointmentId>,
) -> Result<impl IntoResponse, Refusal> {
    let absent = || Refusal::not_found("no_such_visit", "There is no such visit", "Reload the page.");
    let gone = || {
        Refusal::new(
            StatusCode::GONE,
            "notes_expired",
            "The notes are gone with the buyer's data",
            "They were kept as long as Amazon allows.",
        )
    };
    let mut tx = app.db.read().await?;
    let visit = tx.visit(who.seller, appointment).await?.ok_or_else(absent)?;
    let key = visit.key(&app.root_key)?.ok_or_else(gone)?;
    let state = closing::state(&app, &mut tx, who.seller, appointment).await?.ok_or_else(gone)?;
    let mut notes = Vec::new();
    for record in tx.records_read(who.seller, appointment).await? {
        if !state.closeout.records.contains_key(&record.id) {
            continue;
        }
        match Content::open(&key, record.id, &record.sealed) {
            Ok(Content::Note(text)) => {
                notes.push(Note { text, technician: record.technician, received_at: record.received_at });
            }
            Ok(_) => {}
            // What one phone sealed wrongly keeps nobody from reading the rest.
            Err(error) => tracing::warn!(%appointment, record = %record.id, %error, "a record does not open"),
        }
    }
    tracing::info!(user = %who.user, %appointment, "the notes of a visit are read");
    Ok(([(header::CACHE_CONTROL, "no-store")], axum::Json(Notes { notes })))
}
