//! `GET /api/session/challenge` and `POST /api/session/resume`: a phone that is unlocked and has lost its session gets
//! another, without a password (`docs/decisions/0017`).

use super::{
    extract::Json,
    problem::Refusal,
    session::barred_phone,
    sign_in::{self, Whence},
    unlocked::{WrongProofs, same},
};
use crate::{app::App, db::unlock::Resumable, entropy::Entropy, seal, seal::RootKey};
use axum::{Extension, extract::State, http::header, response::IntoResponse};
use doorstep_core::{
    api::{Challenge, Resume, Role},
    time::Timestamp,
    vault::Key,
};

/// What a slow link takes from the one request to the other, and little more.
const CHALLENGE_LIVES_MS: i64 = 5 * 60_000;
/// A password, or a code from the office, is good for a week of working days.
const RESUMES_FOR_MS: i64 = 7 * 24 * 3_600_000;
const RANDOM_BYTES: usize = 16;

/// Something to prove over. Nothing of it is kept: its time and its seal come back with it.
pub async fn challenge(State(app): State<App>) -> impl IntoResponse {
    let challenge = made(&app.root_key, app.clock.now(), &*app.entropy);
    ([(header::CACHE_CONTROL, "no-store")], axum::Json(Challenge { challenge }))
}

/// Makes a session for a phone that proves that it is unlocked.
///
/// # Errors
/// The proof is wrong, the challenge old or used, the phone's lease or its week over: one answer for all of them. A
/// phone that is barred, and proves that it is that phone, is told so.
pub async fn resume(
    State(app): State<App>,
    Extension(wrong): Extension<WrongProofs>,
    Json(asked): Json<Resume>,
) -> Result<impl IntoResponse, Refusal> {
    let Resume { device, challenge, proof } = asked;
    let now = app.clock.now();
    // Whoever asks without a proof does not hold up those who write.
    let phone = app.db.read().await?.resumable(app.seller, device).await?;
    let expected = match &phone {
        Some(phone) => {
            let key = app.root_key.unwrap(&seal::device_key_place(device), &phone.wrapped_key);
            Some(key.map_err(anyhow::Error::from)?.proof_for_session(device, &challenge))
        }
        None => None,
    };
    let Some((phone, _)) = phone.zip(expected).filter(|(_, expected)| same(expected, &proof)) else {
        return Err(wrong.refuse(&app, device, "session", refused()));
    };
    if let Some(barred) = phone.barred {
        return Err(barred_phone(&app, phone.user.seller, device, barred).await?);
    }
    let made_at = made_when(&app.root_key, &challenge);
    let made_at = made_at.filter(|at| (0..=CHALLENGE_LIVES_MS).contains(&now.since(*at)));
    let Some(made_at) = made_at.filter(|_| may_resume(&phone, now, app.settings.lease_terms().length_ms))
    else {
        return Err(refused());
    };
    let mut tx = app.db.write().await?;
    // Each challenge once, and none from before the last one, whichever process or database connection asks.
    if phone.user.role != Role::Technician || !tx.take_challenge(app.seller, device, made_at).await? {
        return Err(refused());
    }
    tx.hear_from_device(app.seller, device, now).await?;
    tracing::info!(%device, "a phone came back to a session");
    sign_in::begin(&app, tx, phone.user, Whence::UnlockedPhone(device), now).await
}

/// Within the lease of the last contact, and within the week of the last password or code.
fn may_resume(phone: &Resumable, now: Timestamp, lease_ms: i64) -> bool {
    let within = |since: Option<Timestamp>, ms: i64| since.is_some_and(|since| now.since(since) < ms);
    within(phone.unlocked_at, lease_ms) && within(phone.signed_in_at, RESUMES_FOR_MS)
}

fn refused() -> Refusal {
    Refusal::forbidden(
        "not_resumed",
        "This phone needs your password again",
        "Sign in with your password. What is saved on this phone stays.",
    )
}

/// Its time, chance, and the root key's word for both.
fn made(root: &RootKey, at: Timestamp, entropy: &dyn Entropy) -> String {
    let stamped = [&at.0.to_be_bytes()[..], &entropy.bytes::<RANDOM_BYTES>()].concat();
    hex::encode([&stamped[..], &word_for(root, &stamped).expose()[..]].concat())
}

/// When this server, or another under the same root key, made a challenge; `None` when none did.
fn made_when(root: &RootKey, challenge: &str) -> Option<Timestamp> {
    let mut bytes = [0; 8 + RANDOM_BYTES + 32];
    hex::decode_to_slice(challenge, &mut bytes).ok()?;
    let (stamped, word) = bytes.split_at(8 + RANDOM_BYTES);
    let word = Key::from_bytes(word.try_into().ok()?);
    let at = Timestamp(i64::from_be_bytes(*stamped.first_chunk()?));
    same(&word, &word_for(root, stamped)).then_some(at)
}

fn word_for(root: &RootKey, stamped: &[u8]) -> Key {
    Key::from_bytes(*root.fingerprint(&[&b"challenge/"[..], stamped].concat()).as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entropy::SystemEntropy;

    #[test]
    fn a_challenge_is_known_by_the_root_key_that_made_it_and_unchanged() {
        let [root, other] = [1, 2].map(|byte| RootKey::new(Key::from_bytes([byte; 32])));
        let at = Timestamp(1_790_000_000_000);
        let challenge = made(&root, at, &SystemEntropy);
        assert_eq!(made_when(&root, &challenge), Some(at));
        assert_eq!(made_when(&other, &challenge), None);
        for wrong in ["", "00", &challenge[2..], &challenge.replacen('0', "1", 1), &format!("{challenge}00")]
        {
            assert_eq!(made_when(&root, wrong), None, "{wrong}");
        }
        assert_ne!(made(&root, at, &SystemEntropy), challenge);
    }
}
