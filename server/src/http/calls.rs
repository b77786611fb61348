//! `POST /api/calls/{call}/retry`: a supervisor has a parked call tried again.

use super::{extract::PathId, problem::Refusal, session::Supervisor};
use crate::{app::App, closing::report, db::outbox::Retry, decisions};
use axum::{
    extract::State,
    http::{StatusCode, header},
    response::IntoResponse,
};
use doorstep_core::{
    api::{CallKind, What},
    id::CallId,
};

/// Makes a parked call due again. Asking twice is one retry: the second finds nothing parked.
///
/// # Errors
/// There is no such call, it is not parked, or what it would send has expired.
pub async fn retry(
    State(app): State<App>,
    who: Supervisor,
    PathId(call): PathId<CallId>,
) -> Result<impl IntoResponse, Refusal> {
    let now = app.clock.now();
    let mut tx = app.db.write().await?;
    // Documents before lanes.
    if let Some(visit) = tx.visit_of_call(who.seller, call).await? {
        tx.lock_documents(who.seller, &[visit]).await?;
    }
    let (appointment, kind) = match tx.retry_call(who.seller, call, now, app.settings.fence_ms).await? {
        Retry::Again { appointment, kind } => (appointment, kind),
        Retry::NotParked => {
            return Err(Refusal::conflict(
                "call_not_parked",
                "This call does not wait for a person",
                "It is done or under way; its line says how far it is.",
            ));
        }
        Retry::Expired => {
            return Err(Refusal::conflict(
                "visit_expired",
                "The buyer's data has expired",
                "Nothing of this visit can be sent any more. Look the job up at Amazon.",
            ));
        }
        Retry::Absent => {
            return Err(Refusal::not_found("no_such_call", "There is no such call", "Reload the page."));
        }
    };
    match kind {
        CallKind::Cancel => decisions::drop_reports(&app, &mut tx, appointment, now).await?,
        CallKind::Document | CallKind::Fulfilment => {
            report::renew(&app, &mut tx, who.seller, appointment, now).await?;
        }
        CallKind::Complete | CallKind::Reschedule | CallKind::Assign | CallKind::Eta => {}
    }
    tx.record_event(who.seller, appointment, &What::CallRetried { call: kind }, now).await?;
    tx.commit().await?;
    tracing::info!(user = %who.user, %call, ?kind, "a parked call is tried again");
    app.bell.ring();
    Ok((StatusCode::NO_CONTENT, [(header::CACHE_CONTROL, "no-store")]))
}
