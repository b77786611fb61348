//! Proof photos: what the document knows of one, what may count as proof, and the envelope it travels in.

use crate::{digest::Sha256, time::Moment};
use serde::{Deserialize, Serialize};

/// Amazon's ceiling for one document, in bytes of the picture before encryption.
pub const PHOTO_LIMIT_BYTES: u64 = 5_242_880;

/// A plain envelope is `ENVELOPE_HEADER` and the picture: of phones that have no key of a day. The others send
/// [`crate::evidence::Sealed`].
pub const ENVELOPE_HEADER: [u8; 4] = *b"DPE\x01";

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "snake_case")]
pub enum MediaType {
    Jpeg,
    Png,
}

impl MediaType {
    /// By the first bytes; names and declared types are not believed.
    pub fn sniff(bytes: &[u8]) -> Option<Self> {
        if bytes.starts_with(&[0xff, 0xd8, 0xff]) {
            Some(Self::Jpeg)
        } else if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
            Some(Self::Png)
        } else {
            None
        }
    }

    pub const fn mime(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
        }
    }

    /// Amazon's `contentType` in createServiceDocumentUploadDestination.
    pub const fn amazon(self) -> &'static str {
        match self {
            Self::Jpeg => "JPEG",
            Self::Png => "PNG",
        }
    }
}

/// What the document holds of a photo: fixed at the shutter, never edited.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct PhotoFacts {
    /// The shot of the policy it was taken for.
    pub shot: String,
    /// Of the picture as it will reach Amazon.
    pub sha256: Sha256,
    /// Bytes.
    pub size: u32,
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
    pub media: MediaType,
    pub taken: Moment,
}

/// Why a picture does not count as proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PhotoRefusal {
    #[error("the picture is empty")]
    Empty,
    #[error("the picture has more than 5,242,880 bytes")]
    TooLarge,
    #[error("the picture is neither JPEG nor PNG")]
    NotAPicture,
    #[error("the envelope has an unknown version")]
    UnknownEnvelope,
    /// The day it was sealed to has come, or the server has lost the key.
    #[error("the key it was sealed to is gone")]
    KeyGone,
    #[error("the envelope does not open as this photo of this visit")]
    DoesNotOpen,
}

impl PhotoRefusal {
    pub const fn code(self) -> &'static str {
        match self {
            Self::Empty => "photo_empty",
            Self::TooLarge => "photo_too_large",
            Self::NotAPicture => "photo_not_jpeg_or_png",
            Self::UnknownEnvelope => "photo_envelope_unknown",
            Self::KeyGone => "photo_key_gone",
            Self::DoesNotOpen => "photo_does_not_open",
        }
    }
}

/// What kind of picture these bytes are, if they may count as proof.
pub fn accept(picture: &[u8]) -> Result<MediaType, PhotoRefusal> {
    if picture.is_empty() {
        return Err(PhotoRefusal::Empty);
    }
    if picture.len() as u64 > PHOTO_LIMIT_BYTES {
        return Err(PhotoRefusal::TooLarge);
    }
    MediaType::sniff(picture).ok_or(PhotoRefusal::NotAPicture)
}

/// The bytes that travel for a picture.
pub fn envelope(picture: &[u8]) -> Vec<u8> {
    [&ENVELOPE_HEADER[..], picture].concat()
}

/// The picture in a plain envelope.
pub fn open_envelope(envelope: &[u8]) -> Result<&[u8], PhotoRefusal> {
    envelope.strip_prefix(&ENVELOPE_HEADER[..]).ok_or(PhotoRefusal::UnknownEnvelope)
}
