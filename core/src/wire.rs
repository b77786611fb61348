//! The binary message of `POST /api/sync`: one for all documents, in both directions (`docs/PROTOCOL.md`).
//!
//! A message is a version byte and one raw deflate stream of its postcard form. Texts that documents share are
//! compressed once over the batch, which is why nothing inside is compressed by itself.

use crate::{
    digest::Sha256,
    document::{Hash, admit::Incoming},
    id::{AppointmentId, EpochId, RecordId},
    time::{Reading, Timestamp},
    vault,
};
use flate2::{Compression, read::DeflateDecoder, write::DeflateEncoder};
use serde::{
    Deserialize, Deserializer, Serialize,
    de::{DeserializeOwned, Error as _, SeqAccess, Visitor},
};
use sha2::Digest as _;
use std::{
    io::{Read, Write},
    marker::PhantomData,
};

pub const CONTENT_TYPE: &str = "application/vnd.doorstep.sync";
pub const VERSION: u8 = 1;
/// A message before and after inflating. A phone's whole day is some 100 KB.
pub const MAX_MESSAGE_BYTES: usize = 1024 * 1024;
pub const MAX_INFLATED_BYTES: usize = 8 * 1024 * 1024;
/// Visits in one message, and records or changes of one visit: far above any phone's, and few enough that a message
/// of empty items takes no more memory than its bytes.
pub const MAX_ITEMS: usize = 5_000;

/// From the phone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SyncRequest {
    pub epoch: EpochId,
    /// The phone's clocks on sending.
    pub reading: Reading,
    /// Over all documents of the day with the heads last known from the server: stands for a list of them.
    pub digest: Sha256,
    /// The list itself, only when the server asked for it.
    pub known: Option<Vec<Known>>,
    #[serde(deserialize_with = "at_most_max_items")]
    pub documents: Vec<DocumentUp>,
}

/// A document and a short digest of the heads last known from the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Known {
    pub appointment: AppointmentId,
    pub heads: HeadsDigest,
}

/// The first 8 bytes of the SHA-256 over sorted heads. It compares what one phone holds with what the server
/// holds of one document; a phone that forged it would only leave itself behind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeadsDigest([u8; 8]);

impl HeadsDigest {
    /// Of sorted heads.
    pub fn of(heads: &[Hash]) -> Self {
        let mut hasher = sha2::Sha256::new();
        heads.iter().for_each(|head| hasher.update(head.as_bytes()));
        let mut short = [0; 8];
        short.copy_from_slice(&hasher.finalize()[..8]);
        Self(short)
    }
}

/// What the server lacks of one visit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentUp {
    pub appointment: AppointmentId,
    /// Of the heads the phone last knew from the server.
    pub known: HeadsDigest,
    /// `None` when only records are new.
    pub incoming: Option<Incoming>,
    #[serde(deserialize_with = "at_most_max_items")]
    pub records: Vec<RecordUp>,
}

/// A sealed record, without what follows from its id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordUp {
    /// As text, and right behind its document, which names it in the same letters: there it costs 3 bytes
    /// instead of 16.
    #[serde(with = "text")]
    pub record: RecordId,
    /// Ciphertext and tag: version and nonce are left out.
    pub body: Vec<u8>,
}

impl RecordUp {
    /// From a record as it is stored. `None` when it is not sealed the way records are.
    pub fn new(record: RecordId, sealed: &[u8]) -> Option<Self> {
        let body = sealed.strip_prefix(&[vault::VERSION])?.strip_prefix(&crate::record::nonce(record))?;
        Some(Self { record, body: body.to_vec() })
    }

    /// The record as it is stored.
    pub fn sealed(&self) -> Vec<u8> {
        [&[vault::VERSION][..], &crate::record::nonce(self.record), &self.body].concat()
    }
}

/// From the server, after it has committed all that it took.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SyncReply {
    pub server_time: Timestamp,
    /// Over all documents of the day as they are on the server now.
    pub digest: Sha256,
    /// The digests differ and the server cannot tell where: fetch the day, and send `known`.
    pub list_wanted: bool,
    /// Outcomes for the documents sent, and documents the phone lacks.
    pub documents: Vec<DocumentDown>,
    /// Records that were not taken, with the code why. All others are committed.
    pub refused_records: Vec<(RecordId, String)>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentDown {
    pub appointment: AppointmentId,
    pub outcome: Outcome,
    /// The server's whole document, where the phone lacks something of it.
    pub save: Option<Vec<u8>>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Outcome {
    /// Committed, or there was nothing to commit.
    Taken,
    /// Refused whole and kept aside, with the code why.
    Refused(String),
}

/// The digest over documents and their sorted heads, in order of the appointments.
pub fn digest_of<'a>(documents: impl IntoIterator<Item = (&'a AppointmentId, &'a [Hash])>) -> Sha256 {
    let mut hasher = sha2::Sha256::new();
    for (appointment, heads) in documents {
        hasher.update(appointment.as_bytes());
        hasher.update((heads.len() as u64).to_be_bytes());
        heads.iter().for_each(|head| hasher.update(head.as_bytes()));
    }
    Sha256::from_bytes(hasher.finalize().into())
}

/// Bytes are not a message.
#[derive(Debug, thiserror::Error)]
pub enum WireError {
    #[error("the message is of version {0}, which this software does not know")]
    UnknownVersion(u8),
    #[error("the message is too large")]
    TooLarge,
    #[error("the message is damaged: {0}")]
    Damaged(String),
}

/// # Errors
/// Memory; nothing in a message fails to encode.
pub fn encode<T: Serialize>(message: &T) -> Result<Vec<u8>, WireError> {
    let damaged = |e: &dyn std::fmt::Display| WireError::Damaged(e.to_string());
    let plain = postcard::to_stdvec(message).map_err(|e| damaged(&e))?;
    let mut encoder = DeflateEncoder::new(vec![VERSION], Compression::best());
    encoder.write_all(&plain).map_err(|e| damaged(&e))?;
    encoder.finish().map_err(|e| damaged(&e))
}

/// # Errors
/// An unknown version, more than the limits, or bytes that are no message.
pub fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, WireError> {
    if bytes.len() > MAX_MESSAGE_BYTES {
        return Err(WireError::TooLarge);
    }
    let (&version, deflated) = bytes.split_first().ok_or_else(|| WireError::Damaged("empty".to_owned()))?;
    if version != VERSION {
        return Err(WireError::UnknownVersion(version));
    }
    let mut plain = Vec::new();
    DeflateDecoder::new(deflated)
        .take(MAX_INFLATED_BYTES as u64 + 1)
        .read_to_end(&mut plain)
        .map_err(|e| WireError::Damaged(e.to_string()))?;
    if plain.len() > MAX_INFLATED_BYTES {
        return Err(WireError::TooLarge);
    }
    match postcard::take_from_bytes(&plain) {
        Ok((message, [])) => Ok(message),
        Ok(_) => Err(WireError::Damaged("bytes are left over".to_owned())),
        Err(e) => Err(WireError::Damaged(e.to_string())),
    }
}

/// A list of at most `MAX_ITEMS`.
fn at_most_max_items<'de, T: Deserialize<'de>, D: Deserializer<'de>>(from: D) -> Result<Vec<T>, D::Error> {
    struct Items<T>(PhantomData<T>);
    impl<'de, T: Deserialize<'de>> Visitor<'de> for Items<T> {
        type Value = Vec<T>;
        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            write!(f, "at most {MAX_ITEMS} items")
        }
        fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Vec<T>, A::Error> {
            let mut items = Vec::new();
            while let Some(item) = seq.next_element()? {
                if items.len() == MAX_ITEMS {
                    return Err(A::Error::invalid_length(MAX_ITEMS + 1, &self));
                }
                items.push(item);
            }
            Ok(items)
        }
    }
    from.deserialize_seq(Items(PhantomData))
}

/// The changes of one document. A change has a header at least, so that a message of nothing but short ones cannot
/// take more memory than a few times its bytes.
pub(crate) fn changes<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<Vec<u8>>, D::Error> {
    const HEADER_BYTES: usize = 10;
    struct Change(Vec<u8>);
    impl<'de> Deserialize<'de> for Change {
        fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
            let bytes = Vec::<u8>::deserialize(from)?;
            if bytes.len() < HEADER_BYTES {
                return Err(D::Error::invalid_length(bytes.len(), &"a change"));
            }
            Ok(Self(bytes))
        }
    }
    Ok(at_most_max_items::<Change, D>(from)?.into_iter().map(|change| change.0).collect())
}

/// An id as its text in a binary message.
mod text {
    use crate::id::RecordId;
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub(super) fn serialize<S: Serializer>(id: &RecordId, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(id)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<RecordId, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

/// Byte strings as such (a `Uint8Array` in the browser) instead of as lists of numbers.
pub mod bytes {
    use serde::{Deserializer, Serializer, de};

    /// # Errors
    /// Those of the serializer.
    pub fn serialize<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(bytes)
    }

    /// # Errors
    /// Those of the deserializer.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
        struct Bytes;
        impl<'de> de::Visitor<'de> for Bytes {
            type Value = Vec<u8>;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("bytes")
            }
            fn visit_bytes<E: de::Error>(self, bytes: &[u8]) -> Result<Vec<u8>, E> {
                Ok(bytes.to_vec())
            }
            fn visit_byte_buf<E: de::Error>(self, bytes: Vec<u8>) -> Result<Vec<u8>, E> {
                Ok(bytes)
            }
            fn visit_seq<A: de::SeqAccess<'de>>(self, mut seq: A) -> Result<Vec<u8>, A::Error> {
                let mut bytes = Vec::new();
                while let Some(byte) = seq.next_element()? {
                    bytes.push(byte);
                }
                Ok(bytes)
            }
        }
        deserializer.deserialize_byte_buf(Bytes)
    }
}
