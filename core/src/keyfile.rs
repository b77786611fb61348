//! The phone's key file: the one place where its store key lies, wrapped.
//!
//! `store key K ← sealed under M, bound to the lease ← M sealed under HKDF(Argon2id(PIN)) or HKDF(the passkey's secret)`
//!
//! The file is two slots of 1,024 bytes with the same content. Whoever changes something writes one slot, has it on the
//! disk, and then the other: a phone that dies in between has one that is whole, and nothing of an older state is left
//! when both are written. `docs/VAULT.md` has the slot byte by byte; golden bytes hold it still.

use crate::{
    digest::Sha256,
    id::DeviceId,
    lease::Lease,
    pin::{Cost, SALT_BYTES, derive},
    time::Timestamp,
    vault::{self, Key, NONCE_BYTES, OVERHEAD_BYTES, VaultError},
};
use serde::{Deserialize, Serialize};

pub const SLOT_BYTES: usize = 1024;
pub const FILE_BYTES: usize = 2 * SLOT_BYTES;
const HEADER: [u8; 4] = *b"DKF\x01";
const DIGEST_AT: usize = SLOT_BYTES - 32;
const WRAP_BYTES: usize = 32 + OVERHEAD_BYTES;
/// So many wrong ones in a row and the wraps are destroyed.
pub const MOST_WRONG: u8 = 10;
/// How long to wait after so many wrong ones, in seconds.
const WAITS: [i64; MOST_WRONG as usize] = [0, 0, 0, 5, 15, 30, 60, 120, 300, 600];
pub const MOST_CREDENTIAL_BYTES: usize = 512;

type Wrap = [u8; WRAP_BYTES];

/// What the file says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyFile {
    pub device: DeviceId,
    /// One more with every change.
    sequence: u32,
    pub state: State,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    Sealed(Box<Sealed>),
    /// Nothing of any key is left.
    Wiped(Wipe),
}

/// Why the wraps were destroyed. Their numbers are on disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "snake_case")]
pub enum Wipe {
    SignedOut,
    LeaseEnded,
    WrongPins,
    /// The server said so.
    Revoked,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sealed {
    /// Tries since the last right one; counted before each is made.
    pub wrong: u8,
    pub tried: Timestamp,
    pub lease: Lease,
    store: Wrap,
    pub salt: [u8; SALT_BYTES],
    pub cost: Cost,
    pin: Wrap,
    passkey: Option<Passkey>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Passkey {
    salt: [u8; 32],
    wrap: Wrap,
    credential: Vec<u8>,
}

/// A secret that opens M, and whose it is.
#[derive(Clone, Copy, Debug)]
pub enum Secret<'a> {
    /// What `pin::stretch` made.
    Pin(&'a Key),
    /// The output of the authenticator's PRF.
    Passkey(&'a Key),
}

/// An open vault: what has to be in memory and nowhere else.
#[derive(Clone, Debug)]
pub struct Opened {
    /// M: binds a new lease to K without PIN or passkey.
    pub master: Key,
    /// K.
    pub store_key: Key,
}

impl Wipe {
    const ALL: [Self; 4] = [Self::SignedOut, Self::LeaseEnded, Self::WrongPins, Self::Revoked];

    const fn number(self) -> u8 {
        match self {
            Self::SignedOut => 2,
            Self::LeaseEnded => 3,
            Self::WrongPins => 4,
            Self::Revoked => 5,
        }
    }
}

impl KeyFile {
    /// A file for a device with a PIN. `fresh` is 64 random bytes, used once.
    ///
    /// # Errors
    /// None that these sizes can have.
    pub fn seal(
        device: DeviceId,
        store_key: &Key,
        lease: Lease,
        (salt, cost, secret): ([u8; SALT_BYTES], Cost, &Key),
        fresh: &[u8; 64],
    ) -> Result<(Self, Opened), VaultError> {
        let master = Key::from_bytes(part(fresh, 0));
        let store = wrap(&master, &lease_place(device, &lease), part(fresh, 32), store_key)?;
        let pin = wrap(&derive(secret, "doorstep pin"), &pin_place(device), part(fresh, 44), &master)?;
        let sealed = Sealed { wrong: 0, tried: Timestamp(0), lease, store, salt, cost, pin, passkey: None };
        let file = Self { device, sequence: 0, state: State::Sealed(Box::new(sealed)) };
        Ok((file, Opened { master, store_key: store_key.clone() }))
    }

    /// What is left of any file when its wraps are destroyed.
    #[must_use]
    pub fn wiped(&self, why: Wipe) -> Self {
        Self { device: self.device, sequence: self.sequence.wrapping_add(1), state: State::Wiped(why) }
    }

    /// Counts a try that is about to be made: a page that is killed at the wrong moment gains nothing.
    #[must_use]
    pub fn trying(&self, wall: Timestamp) -> Self {
        self.changed(|sealed| {
            sealed.wrong = sealed.wrong.saturating_add(1);
            sealed.tried = wall;
        })
    }

    /// A right one: the count begins again.
    #[must_use]
    pub fn forgiven(&self) -> Self {
        self.changed(|sealed| sealed.wrong = 0)
    }

    /// Opens M and with it K.
    ///
    /// # Errors
    /// `DoesNotOpen`: a wrong PIN, another passkey, a lease that somebody edited, or nothing left to open.
    pub fn open(&self, secret: Secret<'_>) -> Result<Opened, VaultError> {
        let State::Sealed(sealed) = &self.state else { return Err(VaultError::DoesNotOpen) };
        let master = match secret {
            Secret::Pin(secret) => {
                unwrap(&derive(secret, "doorstep pin"), &pin_place(self.device), &sealed.pin)?
            }
            Secret::Passkey(secret) => {
                let passkey = sealed.passkey.as_ref().ok_or(VaultError::DoesNotOpen)?;
                unwrap(&derive(secret, "doorstep passkey"), &passkey_place(self.device), &passkey.wrap)?
            }
        };
        let store_key = unwrap(&master, &lease_place(self.device, &sealed.lease), &sealed.store)?;
        Ok(Opened { master, store_key })
    }

    /// Binds another lease to K.
    ///
    /// # Errors
    /// `DoesNotOpen`: not this file's M, or nothing left to bind.
    pub fn leased(&self, master: &Key, lease: Lease, nonce: [u8; NONCE_BYTES]) -> Result<Self, VaultError> {
        let State::Sealed(sealed) = &self.state else { return Err(VaultError::DoesNotOpen) };
        let store_key = unwrap(master, &lease_place(self.device, &sealed.lease), &sealed.store)?;
        let store = wrap(master, &lease_place(self.device, &lease), nonce, &store_key)?;
        Ok(self.changed(|sealed| {
            sealed.lease = lease;
            sealed.store = store;
        }))
    }

    /// Adds a passkey beside the PIN, in place of the one before.
    ///
    /// # Errors
    /// `TooLarge`: a credential of more than 512 bytes.
    pub fn with_passkey(
        &self,
        master: &Key,
        credential: &[u8],
        (salt, secret): ([u8; 32], &Key),
        nonce: [u8; NONCE_BYTES],
    ) -> Result<Self, VaultError> {
        if credential.is_empty() || credential.len() > MOST_CREDENTIAL_BYTES {
            return Err(VaultError::TooLarge);
        }
        let wrap = wrap(&derive(secret, "doorstep passkey"), &passkey_place(self.device), nonce, master)?;
        let passkey = Passkey { salt, wrap, credential: credential.to_vec() };
        Ok(self.changed(|sealed| sealed.passkey = Some(passkey)))
    }

    /// The PIN alone opens it again.
    #[must_use]
    pub fn without_passkey(&self) -> Self {
        self.changed(|sealed| sealed.passkey = None)
    }

    /// How long the next try has to wait, in milliseconds.
    pub fn wait_ms(&self, wall: Timestamp) -> i64 {
        let State::Sealed(sealed) = &self.state else { return 0 };
        let wait = WAITS.get(usize::from(sealed.wrong)).or(WAITS.last()).map_or(0, |seconds| seconds * 1000);
        // Of a clock that was set back no more is believed than the wait itself.
        sealed.tried.plus_ms(wait).since(wall).clamp(0, wait)
    }

    /// The credential of the passkey and the salt its PRF is asked with.
    pub fn passkey(&self) -> Option<(&[u8], &[u8; 32])> {
        let State::Sealed(sealed) = &self.state else { return None };
        sealed.passkey.as_ref().map(|passkey| (&passkey.credential[..], &passkey.salt))
    }

    fn changed(&self, change: impl FnOnce(&mut Sealed)) -> Self {
        let mut file = self.clone();
        file.sequence = file.sequence.wrapping_add(1);
        if let State::Sealed(sealed) = &mut file.state {
            change(sealed);
        }
        file
    }
}

fn part<const N: usize>(fresh: &[u8; 64], at: usize) -> [u8; N] {
    std::array::from_fn(|i| fresh[at + i])
}

fn wrap(under: &Key, place: &str, nonce: [u8; NONCE_BYTES], key: &Key) -> Result<Wrap, VaultError> {
    vault::seal(under, place, nonce, key.expose())?.try_into().map_err(|_| VaultError::TooLarge)
}

fn unwrap(under: &Key, place: &str, wrap: &Wrap) -> Result<Key, VaultError> {
    let bytes = vault::open(under, place, wrap)?;
    bytes.try_into().map(Key::from_bytes).map_err(|_| VaultError::DoesNotOpen)
}

fn pin_place(device: DeviceId) -> String {
    format!("pin/{device}")
}

fn passkey_place(device: DeviceId) -> String {
    format!("passkey/{device}")
}

fn lease_place(device: DeviceId, lease: &Lease) -> String {
    format!("store-key/{device}/{}", hex::encode(lease.to_bytes()))
}

mod slot;

#[cfg(test)]
mod tests;
