//! `POST /api/device/health` and `GET /api/devices`: how the phones are, told by them and read by the office.

use super::{
    extract::Json,
    problem::Refusal,
    session::{Office, Technician},
    shell,
};
use crate::app::App;
use axum::{
    extract::State,
    http::{StatusCode, header},
    response::IntoResponse,
};
use doorstep_core::api::{PhoneHealth, Phones};

const NO_STORE: [(header::HeaderName, &str); 1] = [(header::CACHE_CONTROL, "no-store")];

/// Takes what a phone tells of itself. A store that vanished was that of another device: it is noted with that one.
///
/// # Errors
/// The database's.
pub async fn health(
    State(app): State<App>,
    who: Technician,
    Json(health): Json<PhoneHealth>,
) -> Result<impl IntoResponse, Refusal> {
    let now = app.clock.now();
    let mut tx = app.db.write().await?;
    if let Some(lost) = health.lost
        && tx.store_lost(who.seller, lost.device, &lost.told_at(now)).await?
    {
        tracing::warn!(device = %lost.device, changes = lost.changes_unsent, photos = lost.photos_unsent, "a phone's store vanished");
    }
    tx.store_told(who.seller, who.device, &health.told_at(now)).await?;
    tx.commit().await?;
    app.bell.ring();
    Ok((StatusCode::NO_CONTENT, NO_STORE))
}

/// All phones and what to worry about.
///
/// # Errors
/// The database's.
pub async fn phones(State(app): State<App>, who: Office) -> Result<impl IntoResponse, Refusal> {
    let now = app.clock.now();
    let mut phones = app.db.read().await?.phones(who.seller).await?;
    for phone in &mut phones {
        phone.worries = phone.worries_at(now);
    }
    let version = shell::version(app.settings.web.as_deref()).await;
    Ok((NO_STORE, axum::Json(Phones { server_time: now, version, phones })))
}
