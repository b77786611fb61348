//! `POST /api/device/health`, `GET /api/devices` and what the office does about them.

use super::{
    extract::{Json, PathId},
    problem::Refusal,
    session::{Office, Sender},
    shell,
};
use crate::{app::App, settings::Enrolment};
use axum::{
    extract::State,
    http::{StatusCode, header},
    response::IntoResponse,
};
use doorstep_core::{
    api::{PhoneHealth, Phones, RevokePhone, SetAccount},
    id::{DeviceId, UserId},
};

const NO_STORE: [(header::HeaderName, &str); 1] = [(header::CACHE_CONTROL, "no-store")];

/// Takes what a phone tells of itself. A store that vanished was that of another device: it is noted with that one.
///
/// # Errors
/// The phone or its technician is barred, though what it told is kept; the database's.
pub async fn health(
    State(app): State<App>,
    Sender(who): Sender,
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
    let barred = tx.barred(who.seller, who.device).await?;
    if barred.is_some() {
        tx.revocation_heard(who.seller, who.device, now).await?;
    }
    tx.commit().await?;
    app.bell.ring();
    // A locked phone asks for nothing else: here it hears that its jobs are to go.
    if let Some(barred) = barred {
        return Err(Refusal::phone_revoked(barred));
    }
    Ok((StatusCode::NO_CONTENT, NO_STORE))
}

/// All phones and what to worry about.
///
/// # Errors
/// The database's.
pub async fn phones(State(app): State<App>, who: Office) -> Result<impl IntoResponse, Refusal> {
    let now = app.clock.now();
    let mut tx = app.db.read().await?;
    let mut phones = tx.phones(who.seller).await?;
    let technicians = tx.technicians(who.seller).await?;
    let held = u32::try_from(tx.count_held(who.seller).await?).unwrap_or(u32::MAX);
    drop(tx);
    for phone in &mut phones {
        phone.worries = phone.worries_at(now);
    }
    let version = shell::version(app.settings.web.as_deref()).await;
    Ok((
        NO_STORE,
        axum::Json(Phones {
            server_time: now,
            version,
            phones,
            technicians,
            enrolment_required: app.settings.enrolment == Enrolment::Required,
            held,
        }),
    ))
}

/// Takes a phone off the list. At its next contact it is told so, and forgets its keys and jobs; what it recorded is
/// taken all the same, and held.
///
/// # Errors
/// There is no such phone, or it was taken off before; the reason is missing.
pub async fn revoke(
    State(app): State<App>,
    who: Office,
    PathId(device): PathId<DeviceId>,
    Json(wish): Json<RevokePhone>,
) -> Result<impl IntoResponse, Refusal> {
    let reason = reason(&wish.reason)?;
    let mut tx = app.db.write().await?;
    match tx.revoke_device(who.seller, device, (who.user, reason), app.clock.now()).await? {
        Some(true) => {}
        Some(false) => {
            return Err(Refusal::conflict(
                "revoked_before",
                "This phone is off the list already",
                "Reload the page.",
            ));
        }
        None => {
            return Err(Refusal::not_found("no_such_phone", "There is no such phone", "Reload the page."));
        }
    }
    tx.commit().await?;
    tracing::info!(by = %who.user, %device, "a phone was revoked");
    app.bell.ring();
    Ok((StatusCode::NO_CONTENT, NO_STORE))
}

/// Closes a technician's account, or opens it again.
///
/// # Errors
/// There is no such technician.
pub async fn set_account(
    State(app): State<App>,
    who: Office,
    PathId(user): PathId<UserId>,
    Json(wish): Json<SetAccount>,
) -> Result<impl IntoResponse, Refusal> {
    let mut tx = app.db.write().await?;
    let disabled_at = (!wish.enabled).then(|| app.clock.now());
    let is_technician = tx.technicians(who.seller).await?.iter().any(|one| one.user == user);
    if !is_technician || !tx.set_user_enabled(who.seller, user, disabled_at).await? {
        return Err(Refusal::not_found(
            "no_such_technician",
            "There is no such technician",
            "Other accounts are closed with doorstep user disable.",
        ));
    }
    tx.commit().await?;
    tracing::info!(by = %who.user, %user, enabled = wish.enabled, "an account was switched");
    app.bell.ring();
    Ok((StatusCode::NO_CONTENT, NO_STORE))
}

const LONGEST_REASON: usize = 200;

/// Why somebody did it, which has to be said.
pub(super) fn reason(text: &str) -> Result<&str, Refusal> {
    let reason = text.trim();
    if (1..=LONGEST_REASON).contains(&reason.chars().count()) {
        return Ok(reason);
    }
    let detail = "Say why, in 1 to 200 characters. It is kept.";
    Err(Refusal::bad_request("reason_missing", "The reason is missing or too long", detail).field("reason"))
}
