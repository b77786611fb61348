//! `POST /api/jobs/{job}/read-again` and `POST /api/visits/{appointment}/accept`: what a supervisor does about a visit
//! that Amazon changed.

use super::{extract::PathId, problem::Refusal, session::Supervisor};
use crate::{app::App, closing};
use axum::{
    Json,
    extract::State,
    http::{StatusCode, header},
    response::IntoResponse,
};
use doorstep_core::{
    api::{PlannedReading, What},
    id::{AppointmentId, JobId},
};

/// Has a job read from Amazon again. The answer comes with the events; asking twice is one reading.
///
/// # Errors
/// There is no such job.
pub async fn read_again(
    State(app): State<App>,
    who: Supervisor,
    PathId(job): PathId<JobId>,
) -> Result<impl IntoResponse, Refusal> {
    let now = app.clock.now();
    let mut tx = app.db.write().await?;
    if !tx.ask_to_read(who.seller, job, Some(who.user), now, now).await? {
        return Err(Refusal::not_found("no_such_job", "There is no such job", "Reload the page."));
    }
    tx.commit().await?;
    tracing::info!(user = %who.user, %job, "a job is read from Amazon again");
    app.bell.ring();
    Ok((StatusCode::ACCEPTED, [(header::CACHE_CONTROL, "no-store")], Json(PlannedReading { due_at: now })))
}

/// Says that what was recorded counts, whatever Amazon did to the visit meanwhile. What is ready then is sent.
///
/// # Errors
/// There is no such visit, or nothing of it waits for this.
pub async fn accept(
    State(app): State<App>,
    who: Supervisor,
    PathId(appointment): PathId<AppointmentId>,
) -> Result<impl IntoResponse, Refusal> {
    let now = app.clock.now();
    let mut tx = app.db.write().await?;
    tx.lock_documents(who.seller, &[appointment]).await?;
    if tx.visit(who.seller, appointment).await?.is_none() {
        return Err(Refusal::not_found("no_such_visit", "There is no such visit", "Reload the page."));
    }
    if !tx.accept_notices(who.seller, appointment, now).await? {
        return Err(Refusal::conflict(
            "nothing_to_accept",
            "Nothing of this visit waits for you",
            "Somebody else may have accepted it; the board shows how far it is.",
        ));
    }
    tx.record_event(who.seller, appointment, &What::Accepted, now).await?;
    closing::settle(&app, &mut tx, who.seller, appointment, now).await?;
    tx.commit().await?;
    tracing::info!(user = %who.user, %appointment, "what was recorded of a visit is accepted");
    app.bell.ring();
    Ok((StatusCode::NO_CONTENT, [(header::CACHE_CONTROL, "no-store")]))
}
