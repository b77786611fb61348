//! What is inside a sealed record. Records are personal, so they lie beside the document, each sealed under its
//! job's key; the document knows only that they are there and how long they are.

use crate::{
    closeout::RecordKind,
    id::RecordId,
    pii::Pii,
    vault::{self, Key, NONCE_BYTES, VaultError},
};
use flate2::{Compression, read::DeflateDecoder, write::DeflateEncoder};
use serde::{Deserialize, Serialize};
use std::io::{Read, Write};

/// Where a phone was.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct Position {
    /// Degrees.
    pub latitude: f64,
    /// Degrees.
    pub longitude: f64,
    /// Metres.
    pub accuracy: f64,
}

/// The content of a record.
#[derive(Clone, Debug, PartialEq)]
pub enum Content {
    Position(Pii<Position>),
    Note(Pii<String>),
}

/// The longest note, in bytes of UTF-8: 16,000 characters, whatever they are.
pub const MAX_NOTE_BYTES: usize = 64_000;

/// As it is coded before sealing. Append only.
#[derive(Serialize, Deserialize)]
enum Coded {
    /// Millionths of a degree (a hand's breadth; more would be false precision) and metres.
    Position(i32, i32, u32),
    Note(String),
    /// A note that is shorter deflated. Sealed bytes compress no more afterwards.
    DeflatedNote(Vec<u8>),
}

impl Content {
    /// The length the document is told: of the text for a note, of nothing for a position.
    pub fn length(&self) -> u32 {
        match self {
            Self::Position(_) => 0,
            Self::Note(text) => u32::try_from(text.expose().len()).unwrap_or(u32::MAX),
        }
    }

    pub const fn kind(&self) -> RecordKind {
        match self {
            Self::Position(_) => RecordKind::Position,
            Self::Note(_) => RecordKind::Note,
        }
    }

    /// # Errors
    /// The note is longer than `MAX_NOTE_BYTES`.
    pub fn seal(&self, key: &Key, id: RecordId) -> Result<Vec<u8>, VaultError> {
        let coded = match self {
            Self::Position(position) => {
                let Position { latitude, longitude, accuracy } = position.expose();
                Coded::Position(
                    (latitude * 1e6).round() as i32,
                    (longitude * 1e6).round() as i32,
                    accuracy.round() as u32,
                )
            }
            Self::Note(text) => {
                let text = text.expose();
                if text.len() > MAX_NOTE_BYTES {
                    return Err(VaultError::TooLarge);
                }
                match deflated(text.as_bytes()) {
                    Some(bytes) if bytes.len() < text.len() => Coded::DeflatedNote(bytes),
                    _ => Coded::Note(text.clone()),
                }
            }
        };
        let plain = postcard::to_stdvec(&coded).map_err(|_| VaultError::TooLarge)?;
        vault::seal(key, &place(id), nonce(id), &plain)
    }

    /// # Errors
    /// It does not open with this key, or holds no content this software knows.
    pub fn open(key: &Key, id: RecordId, sealed: &[u8]) -> Result<Self, VaultError> {
        let plain = vault::open(key, &place(id), sealed)?;
        let coded = postcard::from_bytes(&plain).map_err(|_| VaultError::UnknownVersion)?;
        Ok(match coded {
            Coded::Position(latitude, longitude, accuracy) => Self::Position(Pii::new(Position {
                latitude: f64::from(latitude) / 1e6,
                longitude: f64::from(longitude) / 1e6,
                accuracy: f64::from(accuracy),
            })),
            Coded::Note(text) => Self::Note(Pii::new(text)),
            Coded::DeflatedNote(bytes) => {
                let mut text = String::new();
                DeflateDecoder::new(&bytes[..])
                    .take(MAX_NOTE_BYTES as u64)
                    .read_to_string(&mut text)
                    .map_err(|_| VaultError::UnknownVersion)?;
                Self::Note(Pii::new(text))
            }
        })
    }
}

/// A record's nonce is the first bytes of its id: random, used once, and so no bytes on the wire.
pub const fn nonce(id: RecordId) -> [u8; NONCE_BYTES] {
    let bytes = id.as_bytes();
    let mut nonce = [0; NONCE_BYTES];
    let mut at = 0;
    while at < NONCE_BYTES {
        nonce[at] = bytes[at];
        at += 1;
    }
    nonce
}

fn place(id: RecordId) -> String {
    format!("record/{id}")
}

fn deflated(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).ok()?;
    encoder.finish().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_comes_back_and_long_notes_shrink() {
        let (key, id) = (Key::from_bytes([3; 32]), RecordId::from_bytes([4; 16]));
        let note = |text: &str| Content::Note(Pii::new(text.to_owned()));
        let long = "The bracket sits left of the stud, and the stud sits left of the bracket.".repeat(9);
        let position = Pii::new(Position { latitude: -33.9, longitude: 151.123_457, accuracy: 12.0 });
        for content in [note(""), note("ok"), note(&long), Content::Position(position)] {
            let sealed = content.seal(&key, id).unwrap();
            assert_eq!(Content::open(&key, id, &sealed).unwrap(), content);
            assert!(Content::open(&key, RecordId::from_bytes([5; 16]), &sealed).is_err());
        }
        assert!(note(&long).seal(&key, id).unwrap().len() < long.len() / 4);
    }
}
