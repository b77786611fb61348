//! The phone's key file and what opens it. File and keys are bytes; a file that is not ours is `null`.

use crate::{from_js, refusal, to_js};
use doorstep_core::{
    id::DeviceId,
    keyfile::{self, KeyFile, Opened, Secret, State, Wipe},
    lease::{Lease, Verdict},
    pin::{self, Cost, SALT_BYTES},
    time::Timestamp,
    vault::Key,
};
use serde::{Deserialize, Serialize};
use wasm_bindgen::prelude::*;

/// What a contact grants.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Grant {
    server_time: Timestamp,
    length_ms: i64,
    idle_ms: i64,
}

/// The phone's clocks: `since_mark_ms` is what this page's has run since it last noted the lease.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Clocks {
    wall: Timestamp,
    since_mark_ms: u64,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Sealing {
    device: DeviceId,
    store_key: Key,
    grant: Grant,
    wall: Timestamp,
    /// What `stretchPin` made with this salt and today's cost.
    secret: Key,
}

/// What the file says without any secret.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Look {
    device: DeviceId,
    wiped: Option<Wipe>,
    /// The next is the last try.
    tries_left: u8,
    wait_ms: i64,
    verdict: Option<Verdict>,
    length_ms: i64,
    idle_ms: i64,
    #[serde(with = "doorstep_core::wire::bytes")]
    salt: Vec<u8>,
    memory_kib: u32,
    passes: u32,
    passkey: Option<PasskeyLook>,
    /// Which half of the file is written first.
    first_half: u32,
}

#[derive(Debug, Serialize)]
struct PasskeyLook {
    #[serde(with = "doorstep_core::wire::bytes")]
    credential: Vec<u8>,
    #[serde(with = "doorstep_core::wire::bytes")]
    salt: Vec<u8>,
}

/// A file as it is to be written, and what it opens.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Written {
    #[serde(with = "doorstep_core::wire::bytes")]
    slot: Vec<u8>,
    master: Key,
    store_key: Key,
}

fn file(bytes: &[u8]) -> Result<KeyFile, JsValue> {
    KeyFile::read(bytes).ok_or_else(|| refusal("no_key_file", "this is not a key file"))
}

fn sized<const N: usize>(bytes: &[u8]) -> Result<[u8; N], JsValue> {
    bytes.try_into().map_err(|_| refusal("not_understood", format!("this takes {N} bytes")))
}

fn slot(file: &KeyFile) -> Vec<u8> {
    file.write().to_vec()
}

fn written(file: &KeyFile, Opened { master, store_key }: Opened) -> Result<JsValue, JsValue> {
    to_js(&Written { slot: slot(file), master, store_key })
}

/// Why a PIN may not be chosen, as a code; `undefined` when it may.
#[wasm_bindgen(js_name = weighPin)]
pub fn weigh_pin(pin: &str) -> Option<String> {
    pin::weigh(pin).err().map(|flaw| flaw.code().to_owned())
}

/// Takes a while and much memory, on purpose: not on the page's own thread. A cost of nothing is today's.
#[wasm_bindgen(js_name = stretchPin)]
pub fn stretch_pin(
    pin: &str,
    salt: &[u8],
    device_secret: &[u8],
    memory_kib: u32,
    passes: u32,
) -> Result<Vec<u8>, JsValue> {
    let cost = if memory_kib == 0 { Cost::NOW } else { Cost { memory_kib, passes } };
    let secret = pin::stretch(pin, &sized(salt)?, &sized(device_secret)?, cost);
    Ok(secret.map_err(|e| refusal("not_stretched", e))?.expose().to_vec())
}

/// A new file with a PIN. `salt` is the one the PIN was stretched with, `fresh` 64 random bytes.
#[wasm_bindgen(js_name = makeKeyFile)]
pub fn make_key_file(sealing: JsValue, salt: &[u8], fresh: &[u8]) -> Result<JsValue, JsValue> {
    let Sealing { device, store_key, grant, wall, secret } = from_js(sealing)?;
    let lease = Lease::grant(grant.server_time, grant.length_ms, grant.idle_ms, wall);
    let salt: [u8; SALT_BYTES] = sized(salt)?;
    let made = KeyFile::seal(device, &store_key, lease, (salt, Cost::NOW, &secret), &sized(fresh)?);
    let (file, opened) = made.map_err(|e| refusal("not_sealed", e))?;
    written(&file, opened)
}

/// What a file says; `null` for one that is not there, or not ours.
#[wasm_bindgen(js_name = lookAtKeyFile)]
pub fn look_at_key_file(bytes: &[u8], clocks: JsValue) -> Result<JsValue, JsValue> {
    let clocks: Clocks = from_js(clocks)?;
    let look = KeyFile::read(bytes).map(|file| {
        let nothing = Look {
            device: file.device,
            wiped: None,
            tries_left: 0,
            wait_ms: file.wait_ms(clocks.wall),
            verdict: None,
            length_ms: 0,
            idle_ms: 0,
            salt: vec![],
            memory_kib: 0,
            passes: 0,
            passkey: file.passkey().map(|(credential, salt)| PasskeyLook {
                credential: credential.to_vec(),
                salt: salt.to_vec(),
            }),
            first_half: file.first_half(),
        };
        match file.state {
            State::Wiped(why) => Look { wiped: Some(why), ..nothing },
            State::Sealed(sealed) => Look {
                tries_left: keyfile::MOST_WRONG.saturating_sub(sealed.wrong),
                verdict: Some(sealed.lease.verdict(clocks.wall, clocks.since_mark_ms)),
                length_ms: sealed.lease.length_ms,
                idle_ms: sealed.lease.idle_ms,
                salt: sealed.salt.to_vec(),
                memory_kib: sealed.cost.memory_kib,
                passes: sealed.cost.passes,
                ..nothing
            },
        }
    });
    to_js(&look)
}

/// The slot that counts a try which is about to be made.
#[wasm_bindgen(js_name = countTry)]
pub fn count_try(bytes: &[u8], wall: f64) -> Result<Vec<u8>, JsValue> {
    Ok(slot(&file(bytes)?.trying(Timestamp(wall as i64))))
}

/// Opens a file: with `pin` by what `stretchPin` made, else by what the passkey gave. The slot forgives what was wrong
/// before.
#[wasm_bindgen(js_name = openKeyFile)]
pub fn open_key_file(bytes: &[u8], pin: bool, secret: &[u8]) -> Result<JsValue, JsValue> {
    let file = file(bytes)?;
    let secret = Key::from_bytes(sized(secret)?);
    let opened = file.open(if pin { Secret::Pin(&secret) } else { Secret::Passkey(&secret) });
    written(&file.forgiven(), opened.map_err(|e| refusal("does_not_open", e))?)
}

/// The slot with the lease as it is now: granted anew, or noted as far as it has run.
#[wasm_bindgen(js_name = lease)]
pub fn lease(
    bytes: &[u8],
    master: JsValue,
    clocks: JsValue,
    grant: JsValue,
    nonce: &[u8],
) -> Result<Vec<u8>, JsValue> {
    let file = file(bytes)?;
    let Clocks { wall, since_mark_ms } = from_js(clocks)?;
    let State::Sealed(sealed) = &file.state else { return Err(refusal("no_key_file", "it was wiped")) };
    let lease = match from_js::<Option<Grant>>(grant)? {
        Some(grant) => Lease::grant(grant.server_time, grant.length_ms, grant.idle_ms, wall),
        None => sealed.lease.seen(wall, since_mark_ms),
    };
    let leased = file.leased(&from_js(master)?, lease, sized(nonce)?);
    Ok(slot(&leased.map_err(|e| refusal("does_not_open", e))?))
}

/// The slot with a passkey beside the PIN. `salt` is what its PRF was asked with, `secret` what it gave.
#[wasm_bindgen(js_name = addPasskey)]
pub fn add_passkey(
    bytes: &[u8],
    master: JsValue,
    credential: &[u8],
    salt: &[u8],
    secret: &[u8],
    nonce: &[u8],
) -> Result<Vec<u8>, JsValue> {
    let secret = Key::from_bytes(sized(secret)?);
    let passkey = (sized(salt)?, &secret);
    let added = file(bytes)?.with_passkey(&from_js(master)?, credential, passkey, sized(nonce)?);
    Ok(slot(&added.map_err(|e| refusal("not_sealed", e))?))
}

/// The slot that the PIN alone opens.
#[wasm_bindgen(js_name = removePasskey)]
pub fn remove_passkey(bytes: &[u8]) -> Result<Vec<u8>, JsValue> {
    Ok(slot(&file(bytes)?.without_passkey()))
}

/// What shows the server that the phone is unlocked.
#[wasm_bindgen(js_name = proofOfUnlock)]
pub fn proof_of_unlock(store_key: JsValue) -> Result<JsValue, JsValue> {
    to_js(&from_js::<Key>(store_key)?.proof_of_unlock())
}

/// What brings an unlocked phone another session.
#[wasm_bindgen(js_name = proofForSession)]
pub fn proof_for_session(store_key: JsValue, device: JsValue, challenge: &str) -> Result<JsValue, JsValue> {
    to_js(&from_js::<Key>(store_key)?.proof_for_session(from_js(device)?, challenge))
}

/// The slot in which nothing of any key is left.
#[wasm_bindgen(js_name = wipeKeyFile)]
pub fn wipe_key_file(bytes: &[u8], why: JsValue) -> Result<Vec<u8>, JsValue> {
    Ok(slot(&file(bytes)?.wiped(from_js(why)?)))
}
