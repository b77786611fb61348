//! `POST /api/sign-in`, `POST /api/sign-out`, `GET /api/me`.

use super::{
    extract::Json,
    problem::Refusal,
    session::{Departing, SignedInUser, cookie},
    unlocked::Proves,
};
use crate::{
    app::App,
    db::{Tx, session::Session, user::User},
    seal,
    settings::Enrolment,
    users,
};
use axum::{
    Extension,
    extract::State,
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::IntoResponse,
};
use doorstep_core::{
    api::{Device, Role, SignIn, SignedIn},
    digest::Sha256,
    id::DeviceId,
    time::Timestamp,
    vault::Key,
};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};
use tokio::sync::Semaphore;

pub async fn sign_in(
    State(app): State<App>,
    Extension(gate): Extension<Gate>,
    Proves(proves): Proves,
    Json(asked): Json<SignIn>,
) -> Result<impl IntoResponse, Refusal> {
    let name = asked.name.trim().to_owned();
    let user = check(&app, &gate, &name, asked.password).await?;

    let now = app.clock.now();
    let mut tx = app.db.write().await?;
    let whence = match user.role {
        Role::Technician => {
            let known = known_device(&app, &mut tx, &user, asked.device.as_slice(), now).await?;
            let device = match known {
                Some(device) => device,
                None if app.settings.enrolment == Enrolment::Required => return Err(enrolment_needed()),
                None => new_device(&app, &mut tx, &user, now).await?,
            };
            Whence::Phone { device, proves }
        }
        Role::Supervisor | Role::Administrator => Whence::Desk,
    };
    begin(&app, tx, user, whence, now).await
}

/// From where somebody signs in.
#[derive(Clone, Debug)]
pub(super) enum Whence {
    Desk,
    /// With a password or a code: the phone is given the key of its store.
    Phone {
        device: Device,
        proves: bool,
    },
    /// With a proof that it has that key.
    UnlockedPhone(DeviceId),
}

/// Makes a session and answers with its cookie.
pub(super) async fn begin(
    app: &App,
    mut tx: Tx,
    user: User,
    whence: Whence,
    now: Timestamp,
) -> Result<impl IntoResponse + use<>, Refusal> {
    let (id, device, proves) = match whence {
        Whence::Desk => (None, None, false),
        Whence::Phone { device, proves } => {
            tx.device_signed_in(user.seller, device.id, Some(now)).await?;
            (Some(device.id), Some(device), proves)
        }
        Whence::UnlockedPhone(device) => (Some(device), None, true),
    };
    tx.delete_expired_sessions(user.seller, now).await?;
    let token: [u8; 32] = app.entropy.bytes();
    let lives_ms = match user.role {
        Role::Technician => app.settings.technician_session_ms,
        Role::Supervisor | Role::Administrator => app.settings.office_session_ms,
    };
    let session = Session {
        user: user.user,
        seller: user.seller,
        name: user.name.clone(),
        role: user.role,
        device: id,
        proves,
        barred: None,
    };
    tx.insert_session(&Sha256::of(&token), &session, now, now.plus_ms(lives_ms)).await?;
    tx.commit().await?;

    tracing::info!(user = %user.user, "signed in");
    let cookie = cookie(&token, lives_ms / 1000, app.settings.public_https);
    let signed_in = SignedIn { user: user.user, name: user.name, role: user.role, device, server_time: now };
    Ok(([(header::SET_COOKIE, cookie)], axum::Json(signed_in)))
}

pub async fn sign_out(
    State(app): State<App>,
    Departing(who): Departing,
) -> Result<impl IntoResponse, Refusal> {
    let mut tx = app.db.write().await?;
    tx.delete_session(who.seller, &who.token_hash).await?;
    if let Some(device) = who.device {
        tx.device_signed_in(who.seller, device, None).await?;
    }
    tx.commit().await?;
    let cookie = cookie(&[0; 32], 0, app.settings.public_https);
    // Not the phone's storage: closeouts that have not been sent are in it, sealed.
    let clear = (HeaderName::from_static("clear-site-data"), HeaderValue::from_static("\"cookies\""));
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, cookie), clear]))
}

/// Who this is, and the server's time. No key: whoever has only the cookie is not given one.
pub async fn me(State(app): State<App>, who: SignedInUser) -> Result<impl IntoResponse, Refusal> {
    let server_time = app.clock.now();
    Ok(axum::Json(SignedIn { user: who.user, name: who.name, role: who.role, device: None, server_time }))
}

/// The user, if name and password belong together. Unknown names cost the same work and get the same answer.
async fn check(
    app: &App,
    gate: &Gate,
    name: &str,
    password: doorstep_core::pii::Pii<String>,
) -> Result<User, Refusal> {
    gate.admit(name, app.clock.now()).map_err(|wait| wait.refusal("Too many attempts for this name"))?;
    let user = app.db.read().await?.user_named(name).await?;
    let hash = user.as_ref().map_or_else(|| users::NOBODY.to_owned(), |user| user.password_hash.clone());
    let fits = gate.verify(password, hash).await?;
    match user {
        Some(user) if fits => {
            gate.forget(name);
            Ok(user)
        }
        _ => Err(Refusal::new(
            StatusCode::UNAUTHORIZED,
            "name_or_password_wrong",
            "Name and password do not belong together",
            "Check both and try again. Capital letters count.",
        )),
    }
}

/// The phone this browser was before, if it is one of this user's and not revoked.
pub(super) async fn known_device(
    app: &App,
    tx: &mut Tx,
    user: &User,
    known: &[DeviceId],
    now: Timestamp,
) -> Result<Option<Device>, Refusal> {
    for id in known.iter().copied() {
        if let Some(wrapped) = tx.device_key(user.seller, user.user, id).await? {
            tx.hear_from_device(user.seller, id, now).await?;
            return Ok(Some(Device {
                id,
                store_key: unwrap(app, id, &wrapped)?,
                lease: app.settings.lease_terms(),
                policy_key: Some(app.policy_key.public()),
            }));
        }
    }
    Ok(None)
}

pub(super) async fn new_device(
    app: &App,
    tx: &mut Tx,
    user: &User,
    now: Timestamp,
) -> Result<Device, Refusal> {
    let id = DeviceId::from_bytes(app.entropy.bytes());
    let store_key = Key::from_bytes(app.entropy.bytes());
    let wrapped = app.root_key.wrap(&seal::device_key_place(id), &store_key, &*app.entropy);
    let wrapped = wrapped.map_err(anyhow::Error::from)?;
    tx.insert_device(user.seller, user.user, id, &wrapped, now).await?;
    let policy_key = Some(app.policy_key.public());
    Ok(Device { id, store_key, lease: app.settings.lease_terms(), policy_key })
}

fn enrolment_needed() -> Refusal {
    Refusal::forbidden(
        "enrolment_needed",
        "This phone is not enrolled yet",
        "Ask the office for a code and enter it here.",
    )
}

fn unwrap(app: &App, device: DeviceId, wrapped: &[u8]) -> Result<Key, Refusal> {
    let key = app.root_key.unwrap(&seal::device_key_place(device), wrapped);
    Ok(key.map_err(|error| {
        anyhow::Error::from(error).context(format!("unwrapping the key of device {device}"))
    })?)
}

/// Slows guessing down: after `MOST_FAILURES` failures in a row a name waits for the rest of the quarter of an hour.
/// In memory, since a restart forgives no more than a wait would.
#[derive(Clone, Debug)]
pub struct Gate {
    attempts: Arc<Mutex<HashMap<Sha256, Attempts>>>,
    /// Each verification takes 19 MiB: a flood waits here instead of filling the memory.
    at_once: Arc<Semaphore>,
}

const MOST_FAILURES: u32 = 10;
const WINDOW_MS: i64 = 15 * 60_000;
/// Names remembered; beyond, the oldest is forgotten. Filling it takes more hashing than guessing would.
const MOST_NAMES: usize = 10_000;

#[derive(Clone, Copy, Debug)]
struct Attempts {
    since: Timestamp,
    count: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TryAgainIn {
    seconds: i64,
}

impl TryAgainIn {
    pub(super) fn refusal(self, title: &str) -> Refusal {
        let Self { seconds } = self;
        Refusal::new(
            StatusCode::TOO_MANY_REQUESTS,
            "too_many_attempts",
            title,
            format!("Wait {} minutes and try again.", seconds.div_euclid(60) + 1),
        )
        .header(header::RETRY_AFTER, seconds)
    }
}

impl Default for Gate {
    fn default() -> Self {
        Self { attempts: Arc::default(), at_once: Arc::new(Semaphore::new(4)) }
    }
}

impl Gate {
    /// Counts an attempt before it is verified, so that many at once count too.
    pub(super) fn admit(&self, name: &str, now: Timestamp) -> Result<(), TryAgainIn> {
        let mut attempts = self.attempts.lock().unwrap_or_else(PoisonError::into_inner);
        attempts.retain(|_, attempts| now.since(attempts.since) < WINDOW_MS);
        let key = Sha256::of(name.as_bytes());
        if attempts.len() >= MOST_NAMES
            && !attempts.contains_key(&key)
            && let Some(oldest) =
                attempts.iter().min_by_key(|(_, attempts)| attempts.since).map(|(key, _)| *key)
        {
            attempts.remove(&oldest);
        }
        let entry = attempts.entry(key).or_insert(Attempts { since: now, count: 0 });
        if entry.count >= MOST_FAILURES {
            let left = entry.since.plus_ms(WINDOW_MS).since(now);
            return Err(TryAgainIn { seconds: left.div_euclid(1000) + 1 });
        }
        entry.count += 1;
        Ok(())
    }

    pub(super) fn forget(&self, name: &str) {
        let mut attempts = self.attempts.lock().unwrap_or_else(PoisonError::into_inner);
        attempts.remove(&Sha256::of(name.as_bytes()));
    }

    async fn verify(&self, password: doorstep_core::pii::Pii<String>, hash: String) -> Result<bool, Refusal> {
        // The semaphore is never closed.
        let _permit = self.at_once.acquire().await.map_err(anyhow::Error::from)?;
        Ok(users::verify(password, hash).await?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_failures_in_a_row_close_the_gate_for_the_rest_of_the_quarter_of_an_hour() {
        let gate = Gate::default();
        for second in 0..10 {
            assert_eq!(gate.admit("ana", Timestamp(second * 1000)), Ok(()));
        }
        assert_eq!(gate.admit("ana", Timestamp(10_000)), Err(TryAgainIn { seconds: 891 }));
        assert_eq!(gate.admit("ben", Timestamp(10_000)), Ok(()));
        assert_eq!(gate.admit("ana", Timestamp(WINDOW_MS)), Ok(()));
    }

    #[test]
    fn a_success_starts_the_count_again() {
        let gate = Gate::default();
        for _ in 0..9 {
            assert_eq!(gate.admit("ana", Timestamp(0)), Ok(()));
        }
        gate.forget("ana");
        for _ in 0..10 {
            assert_eq!(gate.admit("ana", Timestamp(0)), Ok(()));
        }
        assert!(gate.admit("ana", Timestamp(0)).is_err());
    }
}
