//! `GET /api/quarantine` and `POST /api/quarantine/{item}`: evidence of those who are barred, and what becomes of it.

use super::{
    extract::{Json, PathId},
    problem::Refusal,
    rescue::{self, Released},
    session::Supervisor,
};
use crate::{app::App, closing, db::quarantine::Decided};
use axum::{
    extract::State,
    http::{StatusCode, header},
    response::IntoResponse,
};
use doorstep_core::{
    api::{Decide, Decision, HeldKind, What},
    id::{HeldId, PhotoId},
};

/// So many at once; the next come when these are decided.
const MOST: i64 = 100;
const NO_STORE: [(header::HeaderName, &str); 1] = [(header::CACHE_CONTROL, "no-store")];

/// What waits, the oldest first.
///
/// # Errors
/// The database's.
pub async fn held(State(app): State<App>, who: Supervisor) -> Result<impl IntoResponse, Refusal> {
    let held = app.db.read().await?.held(who.seller, MOST).await?;
    Ok((NO_STORE, axum::Json(held)))
}

/// Lets evidence count, or sees to it that it never does.
///
/// # Errors
/// There is no such thing, somebody was faster, the reason is missing, or it cannot count: then it is still held.
pub async fn decide(
    State(app): State<App>,
    who: Supervisor,
    PathId(item): PathId<HeldId>,
    Json(wish): Json<Decide>,
) -> Result<impl IntoResponse, Refusal> {
    let reason = super::devices::reason(&wish.reason)?;
    let (seller, now) = (who.seller, app.clock.now());
    let mut tx = app.db.write().await?;
    let absent =
        || Refusal::not_found("no_such_evidence", "There is nothing of this name", "Reload the page.");
    let appointment = tx.visit_of_held(seller, item).await?.ok_or_else(absent)?;
    // Before any event, as everywhere.
    tx.lock_documents(seller, &[appointment]).await?;
    let kind = match tx.decide(seller, item, (wish.decision, reason, who.user), now).await? {
        Decided::Now { kind, .. } => kind,
        Decided::Before => {
            return Err(Refusal::conflict(
                "decided_before",
                "Somebody has decided about this already",
                "Reload the page.",
            ));
        }
        Decided::Absent => return Err(absent()),
    };
    match (wish.decision, kind) {
        (Decision::Release, HeldKind::Photo) => {
            let photo = PhotoId::from_bytes(*item.as_bytes());
            tx.record_event(seller, appointment, &What::EvidenceReleased, now).await?;
            tx.record_event(seller, appointment, &What::PhotoSafe { photo }, now).await?;
            closing::settle(&app, &mut tx, seller, appointment, now).await?;
        }
        (Decision::Release, HeldKind::Change | HeldKind::Record) => {
            tx.record_event(seller, appointment, &What::EvidenceReleased, now).await?;
            let (admitted, released) = rescue::admit_released(&app, tx, seller, appointment, item).await?;
            tx = admitted;
            match released {
                Released::Counts => {}
                Released::AfterRejected => return Err(after_rejected()),
                Released::Refused(code) => return Err(refused(&code)),
            }
        }
        (Decision::Reject, _) => {
            rescue::hold_again(&mut tx, seller, appointment, item).await?;
            tx.record_event(seller, appointment, &What::EvidenceRejected, now).await?;
        }
    }
    tx.phones_changed(seller).await?;
    tx.commit().await?;
    tracing::info!(user = %who.user, %item, decision = ?wish.decision, "held evidence is decided about");
    app.bell.ring();
    Ok((StatusCode::NO_CONTENT, NO_STORE))
}

fn after_rejected() -> Refusal {
    Refusal::conflict(
        "follows_rejected",
        "This follows something that was rejected",
        "It cannot count without that. Reject it as well.",
    )
}

fn refused(code: &str) -> Refusal {
    Refusal::conflict(
        "evidence_refused",
        "This cannot be taken as it came",
        format!("It is still here and does not count ({code}). Reject it, or ask for help first."),
    )
}
