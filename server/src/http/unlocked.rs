//! Buyer data goes to phones that are unlocked. The session's cookie lies on the phone's disk, the key of its store
//! does not: whoever asks for the day shows that they have both.

use super::{
    problem::Refusal,
    session::{SignedInUser, Technician, TechnicianOrSupervisor},
    sign_in::Gate,
};
use crate::{app::App, seal};
use axum::{extract::FromRequestParts, http::request::Parts};
use doorstep_core::{
    id::DeviceId,
    unlock::{PROVES_HEADER, UNLOCKED_HEADER},
    vault::Key,
};
use std::convert::Infallible;
use subtle::ConstantTimeEq as _;

/// Who sends proofs that are wrong, by phone. A right one always passes: somebody who has the cookie alone cannot keep
/// the phone's owner out.
#[derive(Clone, Debug, Default)]
pub struct WrongProofs(Gate);

/// A technician on a phone that is unlocked.
#[derive(Clone, Debug)]
pub struct Unlocked(pub Technician);

/// A supervisor, or a technician on a phone that is unlocked.
#[derive(Clone, Debug)]
pub struct UnlockedOrSupervisor(pub TechnicianOrSupervisor);

/// Whether the client that signs in will prove that it is unlocked. Said in a header, which a server of the version
/// before overlooks; a field it would refuse.
#[derive(Clone, Copy, Debug)]
pub struct Proves(pub bool);

impl WrongProofs {
    /// Notes a proof that is not right, and answers with `refusal`, or with a wait after too many.
    pub(super) fn refuse(&self, app: &App, device: DeviceId, what: &str, refusal: Refusal) -> Refusal {
        tracing::warn!(%device, what, "a proof is missing or wrong");
        match self.0.admit(&device.to_string(), app.clock.now()) {
            Ok(()) => refusal,
            Err(wait) => wait.refusal("Too many proofs were wrong"),
        }
    }
}

/// As long as another whatever they hold, so that an answer's time tells nothing.
pub(super) fn same(one: &Key, other: &Key) -> bool {
    one.expose().ct_eq(other.expose()).into()
}

/// A session of a client of the version before passes without a proof until it ends.
async fn prove(parts: &Parts, app: &App, who: &SignedInUser) -> Result<(), Refusal> {
    let Some(device) = who.device.filter(|_| who.proves) else { return Ok(()) };
    let wrapped = app.db.read().await?.device_key(who.seller, who.user, device).await?;
    let wrapped = wrapped.ok_or_else(Refusal::signed_out)?;
    let key = app.root_key.unwrap(&seal::device_key_place(device), &wrapped).map_err(anyhow::Error::from)?;
    let given = parts.headers.get(UNLOCKED_HEADER).and_then(|proof| proof_in(proof.as_bytes()));
    if given.is_some_and(|given| same(&given, &key.proof_of_unlock())) {
        return Ok(());
    }
    let wrong = parts.extensions.get::<WrongProofs>().cloned().unwrap_or_default();
    Err(wrong.refuse(app, device, "buyer data", Refusal::unlock_wanted()))
}

fn proof_in(text: &[u8]) -> Option<Key> {
    let mut bytes = [0; 32];
    hex::decode_to_slice(text, &mut bytes).ok()?;
    Some(Key::from_bytes(bytes))
}

impl FromRequestParts<App> for UnlockedOrSupervisor {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refusal> {
        let user = <SignedInUser as FromRequestParts<App>>::from_request_parts(parts, app).await?;
        let who = TechnicianOrSupervisor::try_from(user.clone())?;
        prove(parts, app, &user).await?;
        Ok(Self(who))
    }
}

impl FromRequestParts<App> for Unlocked {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refusal> {
        let user = <SignedInUser as FromRequestParts<App>>::from_request_parts(parts, app).await?;
        let TechnicianOrSupervisor::Technician(technician) = user.clone().try_into()? else {
            return Err(Refusal::not_your_role());
        };
        prove(parts, app, &user).await?;
        Ok(Self(technician))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Proves {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self(parts.headers.get(PROVES_HEADER).is_some_and(|says| says == "1")))
    }
}
