//! `POST /api/given-up`: a technician lets go of something that the server refused. It leaves the phone only after this
//! has been taken.

use super::{extract::Json, problem::Refusal, session::Technician};
use crate::app::App;
use axum::{
    extract::State,
    http::{StatusCode, header},
    response::IntoResponse,
};
use doorstep_core::api::{GiveUp, What};

/// Notes for supervisors what is given up and why.
///
/// # Errors
/// There is no such visit.
pub async fn give_up(
    State(app): State<App>,
    who: Technician,
    Json(wish): Json<GiveUp>,
) -> Result<impl IntoResponse, Refusal> {
    let mut tx = app.db.write().await?;
    if tx.visit(who.seller, wish.appointment).await?.is_none() {
        return Err(Refusal::not_found(
            "no_such_visit",
            "There is no such visit",
            "It stays on this phone; tell the office.",
        )
        .field("appointment"));
    }
    let what = What::GivenUp { technician: who.name, item: wish.item, reason: wish.reason };
    tx.record_event(who.seller, wish.appointment, &what, app.clock.now()).await?;
    tx.commit().await?;
    tracing::info!(device = %who.device, appointment = %wish.appointment, item = ?wish.item, reason = ?wish.reason, "something refused was given up");
    app.bell.ring();
    Ok((StatusCode::NO_CONTENT, [(header::CACHE_CONTROL, "no-store")]))
}
