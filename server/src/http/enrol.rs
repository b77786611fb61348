//! `POST /api/devices/codes` and `POST /api/enrol`: how a browser becomes a phone of a technician without a password.

use super::{
    extract::Json,
    problem::Refusal,
    session::Office,
    sign_in::{self, Gate, Whence},
    unlocked::Proves,
};
use crate::{
    app::App,
    db::enrolment::Code,
    entropy::Entropy,
    seal::{self, RootKey},
};
use axum::{Extension, extract::State, http::header, response::IntoResponse};
use doorstep_core::{
    api::{Enrol, EnrolmentCode, NewCode, Role},
    digest::Sha256,
    pii::Pii,
};

/// Nothing in it is taken for something else: no 0 and O, 1 and I and L, 2 and Z, 5 and S, 8 and B, U and V. 23 letters
/// and digits: eight of them are one in 78,000,000,000.
const LETTERS: &[u8; 23] = b"34679ACDEFGHJKMNPQRTWXY";
const LENGTH: usize = 8;
/// As long as two people stand beside each other.
const LIVES_MS: i64 = 15 * 60_000;
const LONGEST_NAME: usize = 40;
/// So many devices one browser may have been.
const MOST_DEVICES: usize = 32;

/// Who tries codes: everybody together, since a code names nobody. So ten wrong codes in a quarter of an hour close the
/// way for all until it is over, and signing in with name and password is left.
#[derive(Clone, Debug, Default)]
pub struct CodeGate(Gate);

/// Makes a code for one phone of one technician.
///
/// # Errors
/// There is no such technician, or the name is too long.
pub async fn code(
    State(app): State<App>,
    who: Office,
    Json(asked): Json<NewCode>,
) -> Result<impl IntoResponse, Refusal> {
    let name = asked.name.trim();
    if name.chars().count() > LONGEST_NAME || name.chars().any(char::is_control) {
        return Err(Refusal::bad_request(
            "name_too_long",
            "The name of a phone takes up to 40 characters",
            "Choose a shorter one.",
        )
        .field("name"));
    }
    let now = app.clock.now();
    let mut tx = app.db.write().await?;
    let technicians = tx.technicians(who.seller).await?;
    if !technicians.iter().any(|one| one.user == asked.user && one.enabled) {
        return Err(Refusal::not_found(
            "no_such_technician",
            "There is no such technician, or the account is closed",
            "Reload the page.",
        )
        .field("user"));
    }
    let code = made(&*app.entropy);
    let expires_at = now.plus_ms(LIVES_MS);
    let kept =
        Code { hash: hash(&app.root_key, &code), user: asked.user, name, made_by: who.user, expires_at };
    tx.insert_code(who.seller, &kept, now).await?;
    tx.commit().await?;
    tracing::info!(by = %who.user, user = %asked.user, "a code for a phone was made");
    let code = EnrolmentCode { code: Pii::new(code), expires_at };
    Ok(([(header::CACHE_CONTROL, "no-store")], axum::Json(code)))
}

/// Takes a code for a session, a device and the key of its store, as signing in does.
///
/// # Errors
/// The code is wrong, was used, or its time is over: one answer for all of them.
pub async fn enrol(
    State(app): State<App>,
    Extension(CodeGate(gate)): Extension<CodeGate>,
    Proves(proves): Proves,
    Json(asked): Json<Enrol>,
) -> Result<impl IntoResponse, Refusal> {
    let now = app.clock.now();
    gate.admit("", now).map_err(|wait| wait.refusal("Too many codes were wrong"))?;
    let mut tx = app.db.write().await?;
    let taken = match read(asked.code.expose()) {
        Some(code) => tx.take_code(app.seller, &hash(&app.root_key, &code), now).await?,
        None => None,
    };
    let Some((user, name)) = taken.filter(|(user, _)| user.role == Role::Technician) else {
        return Err(Refusal::forbidden(
            "code_wrong",
            "This code does not work",
            "Look at it again, or ask the office for a new one: a code works once, for 15 minutes.",
        )
        .field("code"));
    };
    gate.forget("");
    let devices = asked.devices.get(..MOST_DEVICES).unwrap_or(&asked.devices);
    let device = match sign_in::known_device(&app, &mut tx, &user, devices, now).await? {
        Some(device) => device,
        None => sign_in::new_device(&app, &mut tx, &user, now).await?,
    };
    tx.name_device(user.seller, device.id, &name).await?;
    let answer = sign_in::begin(&app, tx, user, Whence::Phone { device, proves }, now).await?;
    app.bell.ring();
    Ok(answer)
}

/// A code at random, each letter as likely as the others.
fn made(entropy: &dyn Entropy) -> String {
    let whole = u8::MAX - u8::MAX % LETTERS.len() as u8;
    let mut code = String::with_capacity(LENGTH);
    while code.len() < LENGTH {
        let [byte] = entropy.bytes::<1>();
        if byte < whole {
            code.push(char::from(LETTERS[usize::from(byte) % LETTERS.len()]));
        }
    }
    code
}

/// A code as somebody typed it.
fn read(typed: &str) -> Option<String> {
    let letters = typed.chars().filter(|c| !c.is_whitespace() && *c != '-').map(|c| c.to_ascii_uppercase());
    let code: String = letters.take(LENGTH + 1).collect();
    (code.len() == LENGTH && code.bytes().all(|letter| LETTERS.contains(&letter))).then_some(code)
}

fn hash(root: &RootKey, code: &str) -> Sha256 {
    root.fingerprint(seal::code_place(code).as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entropy::SystemEntropy;
    use doorstep_core::vault::Key;

    #[test]
    fn a_code_reads_back_however_it_is_typed() {
        for _ in 0..200 {
            let code = made(&SystemEntropy);
            assert_eq!(read(&code), Some(code.clone()));
            let typed = format!(" {}-{} ", code[..4].to_lowercase(), &code[4..]);
            assert_eq!(read(&typed), Some(code));
        }
        for wrong in ["", "ACDEFGH", "ACDEFGHJK", "ACDEFGH0", "ÄCDEFGHJ"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn letters_that_look_alike_are_not_both_in_a_code() {
        for pair in ["0O", "1I", "1L", "IL", "2Z", "5S", "8B", "UV"] {
            assert!(!pair.bytes().all(|letter| LETTERS.contains(&letter)), "{pair}");
        }
    }

    #[test]
    fn what_is_kept_of_a_code_is_of_this_server_alone() {
        let [one, other] = [1, 2].map(|byte| RootKey::new(Key::from_bytes([byte; 32])));
        assert_ne!(hash(&one, "ACDEFGHJ"), hash(&other, "ACDEFGHJ"));
    }
}
