//! Rescue copies: what a phone recorded and the server does not have, so that it can be sent by whoever cannot read it,
//! a locked page, the service worker, another phone or the office. `docs/VAULT.md` has the layout, byte by byte.
//!
//! A copy is sealed twice: with the phone's store key, which only this phone and the server have, so that nobody makes
//! one up for it; and around that, by the host, to the key of the visit's day ([`crate::evidence`]).

use crate::{
    document::Hash,
    evidence::Sealed,
    id::{AppointmentId, DeviceId, EvidenceKeyId, PhotoId, RecordId},
    vault::{self, Key, NONCE_BYTES},
};
use serde::{Deserialize, Serialize};

/// What a sealed copy begins with.
pub const COPY_HEADER: [u8; 4] = *b"DPR\x01";
/// HPKE's `info` of a copy.
pub const INFO: &[u8] = b"doorstep/1\0rescue";
/// What a bundle of unsent work begins with; the device follows.
pub const BUNDLE_HEADER: [u8; 4] = *b"DSR\x01";
/// Stands after the last item of a bundle: what ends without it was cut.
pub const BUNDLE_END: u8 = 0;
/// A whole bundle: some hundred photos.
pub const MAX_BUNDLE_BYTES: usize = 64 * 1024 * 1024;
/// A sealed copy: the longest record, or a change of a closeout that is full of photos.
pub const MAX_COPY_BYTES: usize = 128 * 1024;

/// One thing that waits on a phone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Item {
    Change(AppointmentId, Hash),
    Record(AppointmentId, RecordId),
    Photo(AppointmentId, PhotoId),
}

impl Item {
    pub const fn appointment(&self) -> AppointmentId {
        match self {
            Self::Change(appointment, _) | Self::Record(appointment, _) | Self::Photo(appointment, _) => {
                *appointment
            }
        }
    }

    /// Its name on the phone: that of the row it is a copy of.
    pub fn place(&self) -> String {
        match self {
            Self::Change(appointment, hash) => format!("change/{appointment}/{hash}"),
            Self::Record(appointment, record) => format!("record/{appointment}/{record}"),
            Self::Photo(_, photo) => format!("evidence/{photo}"),
        }
    }

    /// Its name in a bundle, and what a copy is bound to: kind, visit and id.
    pub fn name(&self) -> Vec<u8> {
        let (kind, id): (u8, &[u8]) = match self {
            Self::Change(_, hash) => (1, hash.as_bytes()),
            Self::Record(_, record) => (2, record.as_bytes()),
            Self::Photo(_, photo) => (3, photo.as_bytes()),
        };
        [&[kind][..], self.appointment().as_bytes(), id].concat()
    }

    /// How long a name is that begins with this byte; `None` of a kind nobody knows.
    pub const fn name_bytes(kind: u8) -> Option<usize> {
        match kind {
            1 => Some(1 + 16 + 32),
            2 | 3 => Some(1 + 16 + 16),
            _ => None,
        }
    }

    /// From its name.
    pub fn read(name: &[u8]) -> Option<Self> {
        let (&kind, rest) = name.split_first()?;
        let (appointment, id) = rest.split_first_chunk()?;
        let appointment = AppointmentId::from_bytes(*appointment);
        Some(match kind {
            1 => Self::Change(appointment, Hash::from_bytes(id.try_into().ok()?)),
            2 => Self::Record(appointment, id.try_into().ok()?),
            3 => Self::Photo(appointment, id.try_into().ok()?),
            _ => return None,
        })
    }
}

/// What a sealed copy is bound to, HPKE's `aad`: form and version, key, device, item.
pub fn bound_to(key: EvidenceKeyId, device: DeviceId, item: &Item) -> Vec<u8> {
    [&COPY_HEADER[..], key.as_bytes(), device.as_bytes(), &item.name()].concat()
}

/// Why a copy is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CopyRefusal {
    #[error("the copy is of a version this server does not know")]
    UnknownVersion,
    /// The day it was sealed to has come, or the server has lost the key.
    #[error("the key it was sealed to is gone")]
    KeyGone,
    #[error("the copy does not open as this item of this phone")]
    DoesNotOpen,
    #[error("nobody knows the phone it is from")]
    NoSuchDevice,
    #[error("the copy has more than {MAX_COPY_BYTES} bytes")]
    TooLarge,
}

impl CopyRefusal {
    /// Stable, for phone and console.
    pub const fn code(self) -> &'static str {
        match self {
            Self::UnknownVersion => "copy_version_unknown",
            Self::KeyGone => "copy_key_gone",
            Self::DoesNotOpen => "copy_does_not_open",
            Self::NoSuchDevice => "no_such_device",
            Self::TooLarge => "copy_too_large",
        }
    }
}

/// A sealed copy taken apart.
///
/// # Errors
/// Another version, or too short to hold what it says.
pub fn read(copy: &[u8]) -> Result<Sealed<'_>, CopyRefusal> {
    let rest = copy.strip_prefix(&COPY_HEADER[..]).ok_or(CopyRefusal::UnknownVersion)?;
    Sealed::of(rest).ok_or(CopyRefusal::DoesNotOpen)
}

/// What is in a copy. Append only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum What {
    /// A change as the exchange sends it: it holds its actor and its moments.
    Change(Vec<u8>),
    /// A record as it is stored: sealed with the job's key.
    Record(Vec<u8>),
}

/// The inside of a copy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    pub device: DeviceId,
    pub appointment: AppointmentId,
    pub what: What,
}

impl Kept {
    /// The phone's own seal, which the host then seals to the key of the day.
    ///
    /// # Errors
    /// None that can be caused from outside.
    pub fn seal(
        &self,
        key: &Key,
        nonce: [u8; NONCE_BYTES],
        item: &Item,
    ) -> Result<Vec<u8>, vault::VaultError> {
        let plain = postcard::to_stdvec(self).map_err(|_| vault::VaultError::TooLarge)?;
        vault::seal(key, &place(item), nonce, &plain)
    }

    /// Opens the phone's own seal.
    ///
    /// # Errors
    /// Another phone made it, or for something else.
    pub fn open(key: &Key, device: DeviceId, item: &Item, sealed: &[u8]) -> Result<Self, CopyRefusal> {
        let plain = vault::open(key, &place(item), sealed).map_err(|_| CopyRefusal::DoesNotOpen)?;
        let kept: Self = postcard::from_bytes(&plain).map_err(|_| CopyRefusal::UnknownVersion)?;
        let fits = matches!(
            (&kept.what, item),
            (What::Change(_), Item::Change(..)) | (What::Record(_), Item::Record(..))
        );
        let is_this = fits && kept.device == device && kept.appointment == item.appointment();
        if is_this { Ok(kept) } else { Err(CopyRefusal::DoesNotOpen) }
    }
}

fn place(item: &Item) -> String {
    format!("rescue/{}", item.place())
}

#[cfg(test)]
mod tests {
    use super::*;

    const VISIT: AppointmentId = AppointmentId::from_bytes([1; 16]);

    fn items() -> [Item; 3] {
        [
            Item::Change(VISIT, Hash::from_bytes([2; 32])),
            Item::Record(VISIT, RecordId::from_bytes([3; 16])),
            Item::Photo(VISIT, PhotoId::from_bytes([4; 16])),
        ]
    }

    #[test]
    fn an_item_comes_back_from_its_name_and_no_part_of_one_does() {
        for item in items() {
            let name = item.name();
            assert_eq!(Item::name_bytes(name[0]), Some(name.len()));
            assert_eq!(Item::read(&name), Some(item));
            assert!((0..name.len()).all(|short| Item::read(&name[..short]).is_none()));
        }
        assert_eq!((Item::name_bytes(0), Item::name_bytes(4), Item::read(&[4; 33])), (None, None, None));
    }

    #[test]
    fn a_copy_opens_as_what_it_is_of_the_phone_that_made_it_and_as_nothing_else() {
        let (key, device) = (Key::from_bytes([5; 32]), DeviceId::from_bytes([6; 16]));
        let [change, record, photo] = items();
        let kept = Kept { device, appointment: VISIT, what: What::Change(b"made up".to_vec()) };
        let sealed = kept.seal(&key, [7; NONCE_BYTES], &change).unwrap();
        assert_eq!(Kept::open(&key, device, &change, &sealed), Ok(kept.clone()));
        let refused = Err(CopyRefusal::DoesNotOpen);
        assert_eq!(Kept::open(&Key::from_bytes([8; 32]), device, &change, &sealed), refused);
        assert_eq!(Kept::open(&key, DeviceId::from_bytes([9; 16]), &change, &sealed), refused);
        for other in [record, photo, Item::Change(VISIT, Hash::from_bytes([9; 32]))] {
            assert_eq!(Kept::open(&key, device, &other, &sealed), refused);
        }
        // A phone that names a record what is a change is not believed.
        let mislabelled = kept.seal(&key, [7; NONCE_BYTES], &record).unwrap();
        assert_eq!(Kept::open(&key, device, &record, &mislabelled), refused);
    }
}
