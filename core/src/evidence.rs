//! Evidence that the phone can add and send when it can no longer read it: sealed to the key of a day, whose private
//! half the server destroys when that day begins. `docs/VAULT.md` has the layout, byte by byte.
//!
//! The sealing itself is HPKE (RFC 9180, base mode, DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-256-GCM), by WebCrypto on
//! the phone and by the server for itself. Here is what both bind it to.

use crate::{
    id::{AppointmentId, EvidenceKeyId, PhotoId},
    photo::PhotoRefusal,
    time::Timestamp,
};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use std::fmt;

/// What a sealed envelope begins with.
pub const SEALED_HEADER: [u8; 4] = *b"DPE\x02";
/// HPKE's `info`.
pub const INFO: &[u8] = b"doorstep/2\0evidence";
/// A point of P-256, uncompressed: of the day's public key, and of the one that is made for each photo.
pub const POINT_BYTES: usize = 65;
const KEY_ID_BYTES: usize = 16;
const TAG_BYTES: usize = 16;
/// What sealing adds to a picture.
pub const SEALED_OVERHEAD_BYTES: u64 = (SEALED_HEADER.len() + KEY_ID_BYTES + POINT_BYTES + TAG_BYTES) as u64;

const DAY_MS: i64 = 86_400_000;

/// A day of UTC, in days since 1970-01-01. When it begins its key is destroyed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, type = "number"))]
#[serde(transparent)]
pub struct EvidenceDay(pub i64);

impl EvidenceDay {
    /// The day of what has to be gone by `deadline`: rounded down, so that no key outlives what it opens.
    pub const fn of(deadline: Timestamp) -> Self {
        Self(deadline.0.div_euclid(DAY_MS))
    }

    /// When its key is destroyed.
    pub const fn begins(self) -> Timestamp {
        Timestamp(self.0.saturating_mul(DAY_MS))
    }

    pub const fn has_come(self, now: Timestamp) -> bool {
        now.0 >= self.begins().0
    }
}

/// The public half of a day's key: a point of P-256, uncompressed.
#[derive(Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, type = "string"))]
pub struct PublicKey([u8; POINT_BYTES]);

impl PublicKey {
    pub const fn from_bytes(bytes: [u8; POINT_BYTES]) -> Self {
        Self(bytes)
    }

    pub const fn as_bytes(&self) -> &[u8; POINT_BYTES] {
        &self.0
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({})", hex::encode(self.0))
    }
}

impl Serialize for PublicKey {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        if s.is_human_readable() {
            s.serialize_str(&hex::encode(self.0))
        } else {
            self.0.as_slice().serialize(s)
        }
    }
}

impl<'de> Deserialize<'de> for PublicKey {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let bytes = if d.is_human_readable() {
            hex::decode(String::deserialize(d)?).map_err(D::Error::custom)?
        } else {
            Vec::deserialize(d)?
        };
        let bytes = bytes.try_into().map_err(|_| D::Error::custom("a public key takes 65 bytes"))?;
        Ok(Self(bytes))
    }
}

/// What the evidence of a visit is sealed to, as the phone gets it with the job.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct EvidenceKey {
    pub day: EvidenceDay,
    pub id: EvidenceKeyId,
    pub public: PublicKey,
}

/// What a sealed photo is bound to, HPKE's `aad`: form and version, key, photo, visit.
pub fn bound_to(key: EvidenceKeyId, photo: PhotoId, appointment: AppointmentId) -> Vec<u8> {
    [&SEALED_HEADER[..], key.as_bytes(), photo.as_bytes(), appointment.as_bytes()].concat()
}

/// A sealed envelope taken apart: header, key id, encapsulated key, ciphertext with its tag.
#[derive(Clone, Copy, Debug)]
pub struct Sealed<'a> {
    pub key: EvidenceKeyId,
    /// HPKE's `enc`.
    pub encapsulated: &'a [u8; POINT_BYTES],
    pub ciphertext: &'a [u8],
}

impl<'a> Sealed<'a> {
    /// `None` for an envelope of another kind.
    ///
    /// # Errors
    /// It is too short to hold what it says.
    pub fn read(envelope: &'a [u8]) -> Result<Option<Self>, PhotoRefusal> {
        let Some(rest) = envelope.strip_prefix(&SEALED_HEADER[..]) else { return Ok(None) };
        Self::of(rest).map(Some).ok_or(PhotoRefusal::DoesNotOpen)
    }

    /// From what follows a header. `None` when it is too short.
    pub fn of(rest: &'a [u8]) -> Option<Self> {
        let (key, rest) = rest.split_first_chunk::<KEY_ID_BYTES>()?;
        let (encapsulated, ciphertext) = rest.split_first_chunk()?;
        Some(Self { key: EvidenceKeyId::from_bytes(*key), encapsulated, ciphertext })
    }

    /// The bytes that travel.
    pub fn write(&self) -> Vec<u8> {
        self.write_as(SEALED_HEADER)
    }

    /// The same behind another header.
    pub fn write_as(&self, header: [u8; 4]) -> Vec<u8> {
        [&header[..], self.key.as_bytes(), self.encapsulated, self.ciphertext].concat()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_of_a_deadline_begins_no_later_than_the_deadline() {
        for (deadline, day) in [(0, 0), (DAY_MS - 1, 0), (DAY_MS, 1), (-1, -1), (1_790_000_000_000, 20_717)] {
            let found = EvidenceDay::of(Timestamp(deadline));
            assert_eq!(found, EvidenceDay(day));
            assert!(found.begins().0 <= deadline && found.has_come(Timestamp(deadline)));
        }
    }

    #[test]
    fn an_envelope_comes_apart_as_it_was_put_together() {
        let sealed = Sealed {
            key: EvidenceKeyId::from_bytes([7; 16]),
            encapsulated: &[4; POINT_BYTES],
            ciphertext: b"made up",
        };
        let envelope = sealed.write();
        let read = Sealed::read(&envelope).unwrap().unwrap();
        assert_eq!(
            (read.key, read.encapsulated, read.ciphertext),
            (sealed.key, sealed.encapsulated, sealed.ciphertext)
        );
        assert!(Sealed::read(b"DPE\x01made up").unwrap().is_none());
        for short in 4..4 + 16 + POINT_BYTES {
            assert_eq!(Sealed::read(&envelope[..short]).unwrap_err(), PhotoRefusal::DoesNotOpen);
        }
    }
}
