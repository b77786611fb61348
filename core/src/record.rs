//! What is inside a sealed record. Records are personal, so they lie beside the document, each sealed under its
//! job's key; the document knows only that they are there and how long they are.

use crate::{
    closeout::RecordKind,
    id::{FactId, PhotoId, RecordId},
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
    /// Where the phone was at a step.
    Position(Pii<Position>),
    /// Where it was at something else.
    PositionOf(Spot, Pii<Position>),
    Note(Pii<String>),
    Signature(Pii<Signature>),
    Serial(Pii<String>),
    Caption(Pii<String>),
}

/// What a position belongs to that is no step's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Spot {
    /// Taken there.
    Photo(PhotoId),
    /// Begun there.
    Pause(FactId),
}

/// What was drawn on the pad, and who drew it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct Signature {
    pub signer: String,
    /// Each stroke as x, y, x, y and so on, in ten-thousandths of the pad's width, however it was turned.
    pub strokes: Vec<Vec<u16>>,
}

impl Signature {
    /// The length of all strokes, in ten-thousandths of the pad's width.
    pub fn ink(&self) -> u32 {
        let length = |stroke: &Vec<u16>| -> f64 {
            let points: Vec<_> =
                stroke.chunks_exact(2).map(|at| (f64::from(at[0]), f64::from(at[1]))).collect();
            points.windows(2).map(|two| (two[1].0 - two[0].0).hypot(two[1].1 - two[0].1)).sum()
        };
        self.strokes.iter().map(length).sum::<f64>() as u32
    }
}

/// The longest serial number, caption and name of a signer, in bytes of UTF-8.
pub const MAX_SHORT_TEXT_BYTES: usize = 1_000;
/// Points of a signature: a minute of drawing on a fast screen.
pub const MAX_POINTS: usize = 8_000;

/// The longest note, in bytes of UTF-8: 16,000 characters, whatever they are.
pub const MAX_NOTE_BYTES: usize = 64_000;

/// As it is coded before sealing. Append only.
#[derive(Serialize, Deserialize)]
enum Coded {
    Position(Fix),
    Note(String),
    /// A note that is shorter deflated. Sealed bytes compress no more afterwards.
    DeflatedNote(Vec<u8>),
    /// The signer, and each stroke as where it begins and the way to each next point.
    Signature(String, Vec<Vec<i16>>),
    Serial(String),
    Caption(String),
    PositionOf(Spot, Fix),
}

/// Latitude and longitude in millionths of a degree (a hand's breadth; more would be false precision), and metres.
#[derive(Serialize, Deserialize)]
struct Fix(i32, i32, u32);

impl Fix {
    fn of(position: &Pii<Position>) -> Self {
        let Position { latitude, longitude, accuracy } = position.expose();
        let millionths = |degrees: f64| (degrees * 1e6).round() as i32;
        Self(millionths(*latitude), millionths(*longitude), accuracy.round() as u32)
    }

    fn position(self) -> Pii<Position> {
        let degrees = |millionths: i32| f64::from(millionths) / 1e6;
        Pii::new(Position {
            latitude: degrees(self.0),
            longitude: degrees(self.1),
            accuracy: f64::from(self.2),
        })
    }
}

impl Content {
    /// The length the document is told: of a text, and nothing for a position or a signature.
    pub fn length(&self) -> u32 {
        match self {
            Self::Position(_) | Self::PositionOf(..) | Self::Signature(_) => 0,
            Self::Note(text) | Self::Serial(text) | Self::Caption(text) => {
                u32::try_from(text.expose().len()).unwrap_or(u32::MAX)
            }
        }
    }

    pub const fn kind(&self) -> RecordKind {
        match self {
            Self::Position(_) | Self::PositionOf(..) => RecordKind::Position,
            Self::Note(_) => RecordKind::Note,
            Self::Signature(_) => RecordKind::Signature,
            Self::Serial(_) => RecordKind::Serial,
            Self::Caption(_) => RecordKind::Caption,
        }
    }

    /// # Errors
    /// A text is longer than its limit, or a signature has more points than `MAX_POINTS`.
    pub fn seal(&self, key: &Key, id: RecordId) -> Result<Vec<u8>, VaultError> {
        let coded = match self {
            Self::Position(position) => Coded::Position(Fix::of(position)),
            Self::PositionOf(spot, position) => Coded::PositionOf(*spot, Fix::of(position)),
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
            Self::Signature(signature) => {
                let Signature { signer, strokes } = signature.expose();
                if strokes.iter().map(Vec::len).sum::<usize>() > 2 * MAX_POINTS {
                    return Err(VaultError::TooLarge);
                }
                Coded::Signature(short(signer)?, strokes.iter().map(|stroke| ways(stroke)).collect())
            }
            Self::Serial(text) => Coded::Serial(short(text.expose())?),
            Self::Caption(text) => Coded::Caption(short(text.expose())?),
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
            Coded::Position(fix) => Self::Position(fix.position()),
            Coded::PositionOf(spot, fix) => Self::PositionOf(spot, fix.position()),
            Coded::Note(text) => Self::Note(Pii::new(text)),
            Coded::Signature(signer, strokes) => {
                let strokes = strokes.iter().map(|stroke| points(stroke)).collect();
                Self::Signature(Pii::new(Signature { signer, strokes }))
            }
            Coded::Serial(text) => Self::Serial(Pii::new(text)),
            Coded::Caption(text) => Self::Caption(Pii::new(text)),
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

fn short(text: &str) -> Result<String, VaultError> {
    if text.len() > MAX_SHORT_TEXT_BYTES { Err(VaultError::TooLarge) } else { Ok(text.to_owned()) }
}

/// From points to the ways between them, x and y each by itself. Small numbers take one byte.
fn ways(points: &[u16]) -> Vec<i16> {
    let before = [0, 0].iter().chain(points);
    points.iter().zip(before).map(|(at, before)| at.wrapping_sub(*before) as i16).collect()
}

fn points(ways: &[i16]) -> Vec<u16> {
    let mut points: Vec<u16> = Vec::with_capacity(ways.len());
    for (n, way) in ways.iter().enumerate() {
        let before = if n < 2 { 0 } else { points[n - 2] };
        points.push(before.wrapping_add(*way as u16));
    }
    points
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
        let signature = Signature {
            signer: "Sam Sample".to_owned(),
            strokes: vec![vec![9_000, 10, 8_000, 65_535, 0, 0, 7], vec![], vec![3]],
        };
        let position = Pii::new(Position { latitude: -33.9, longitude: 151.123_457, accuracy: 12.0 });
        let more = [
            Content::Signature(Pii::new(signature)),
            Content::Serial(Pii::new("SN-0001".to_owned())),
            Content::Caption(Pii::new("Left of the stud".to_owned())),
        ];
        let of_photo = Content::PositionOf(Spot::Photo(PhotoId::from_bytes([7; 16])), position.clone());
        let some = [note(""), note("ok"), note(&long), Content::Position(position), of_photo];
        for content in some.into_iter().chain(more) {
            let sealed = content.seal(&key, id).unwrap();
            assert_eq!(Content::open(&key, id, &sealed).unwrap(), content);
            assert!(Content::open(&key, RecordId::from_bytes([5; 16]), &sealed).is_err());
        }
        assert!(note(&long).seal(&key, id).unwrap().len() < long.len() / 4);
    }

    #[test]
    fn ink_is_the_way_the_pen_went() {
        let drawn = |strokes: &[&[u16]]| {
            let strokes = strokes.iter().map(|stroke| stroke.to_vec()).collect();
            Signature { signer: String::new(), strokes }.ink()
        };
        assert_eq!(drawn(&[]), 0);
        assert_eq!(drawn(&[&[500, 500]]), 0, "a dot");
        assert_eq!(drawn(&[&[0, 0, 300, 400, 300, 0], &[10, 10, 20, 10]]), 910);
    }

    #[test]
    fn what_is_too_long_is_refused() {
        let (key, id) = (Key::from_bytes([3; 32]), RecordId::from_bytes([4; 16]));
        let strokes = vec![vec![1; 2 * MAX_POINTS + 2]];
        let scribble = Signature { signer: String::new(), strokes };
        assert!(Content::Signature(Pii::new(scribble)).seal(&key, id).is_err());
        assert!(Content::Serial(Pii::new("1".repeat(MAX_SHORT_TEXT_BYTES + 1))).seal(&key, id).is_err());
        let most = Signature { signer: String::new(), strokes: vec![[60_000, 0].repeat(MAX_POINTS)] };
        assert!(Content::Signature(Pii::new(most)).seal(&key, id).unwrap().len() < 64 * 1024);
    }
}
