//! A slot's bytes.

use super::{
    DIGEST_AT, FILE_BYTES, HEADER, KeyFile, MOST_CREDENTIAL_BYTES, Passkey, SLOT_BYTES, Sealed, Sha256,
    State, Wipe,
};
use crate::{id::DeviceId, lease::Lease, pin::Cost, time::Timestamp};

const SEALED: u8 = 1;

impl KeyFile {
    /// The newest slot that is whole. `None` where none is: the file is new, or not one of ours.
    pub fn read(file: &[u8]) -> Option<Self> {
        let file: &[u8; FILE_BYTES] = file.try_into().ok()?;
        let mut whole: Vec<Self> = file.chunks_exact(SLOT_BYTES).filter_map(read).collect();
        // Sequences of two slots are one apart at most, around the end of the numbers too.
        whole.sort_by(|a, b| a.sequence.wrapping_sub(b.sequence).cast_signed().cmp(&0));
        whole.pop()
    }

    /// The slot as it is written, twice.
    pub fn write(&self) -> [u8; SLOT_BYTES] {
        let mut bytes = Vec::with_capacity(SLOT_BYTES);
        bytes.extend(HEADER);
        bytes.extend(self.sequence.to_be_bytes());
        bytes.extend(self.device.as_bytes());
        match &self.state {
            State::Wiped(why) => bytes.push(why.number()),
            State::Sealed(sealed) => {
                bytes.push(SEALED);
                sealed.write(&mut bytes);
            }
        }
        // A credential is refused where it would not fit.
        let mut slot = [0; SLOT_BYTES];
        slot[..bytes.len().min(DIGEST_AT)].copy_from_slice(&bytes[..bytes.len().min(DIGEST_AT)]);
        let digest = Sha256::of(&slot[..DIGEST_AT]);
        slot[DIGEST_AT..].copy_from_slice(digest.as_bytes());
        slot
    }

    /// Which half of the file is written first.
    pub const fn first_half(&self) -> u32 {
        self.sequence % 2
    }
}

impl Sealed {
    fn write(&self, bytes: &mut Vec<u8>) {
        bytes.push(self.wrong);
        bytes.extend(self.tried.0.to_be_bytes());
        bytes.extend(self.lease.to_bytes());
        bytes.extend(self.store);
        bytes.extend(self.salt);
        bytes.extend(self.cost.memory_kib.to_be_bytes());
        bytes.extend(self.cost.passes.to_be_bytes());
        bytes.extend(self.pin);
        if let Some(Passkey { salt, wrap, credential }) = &self.passkey {
            bytes.extend(salt);
            bytes.extend(wrap);
            // At most 512.
            bytes.extend((credential.len() as u16).to_be_bytes());
            bytes.extend(credential);
        }
    }
}

fn read(slot: &[u8]) -> Option<KeyFile> {
    let (bytes, digest) = slot.split_at_checked(DIGEST_AT)?;
    if Sha256::of(bytes).as_bytes() != digest {
        return None;
    }
    let mut rest = bytes.strip_prefix(&HEADER)?;
    let sequence = u32::from_be_bytes(take(&mut rest)?);
    let device = DeviceId::from_bytes(take(&mut rest)?);
    let [kind] = take(&mut rest)?;
    let state = match Wipe::ALL.into_iter().find(|why| why.number() == kind) {
        Some(why) => State::Wiped(why),
        None if kind == SEALED => State::Sealed(Box::new(sealed(rest)?)),
        None => return None,
    };
    Some(KeyFile { device, sequence, state })
}

fn sealed(mut rest: &[u8]) -> Option<Sealed> {
    let rest = &mut rest;
    let [wrong] = take(rest)?;
    Some(Sealed {
        wrong,
        tried: Timestamp(i64::from_be_bytes(take(rest)?)),
        lease: Lease::from_bytes(&take(rest)?),
        store: take(rest)?,
        salt: take(rest)?,
        cost: Cost { memory_kib: u32::from_be_bytes(take(rest)?), passes: u32::from_be_bytes(take(rest)?) },
        pin: take(rest)?,
        passkey: passkey(rest)?,
    })
}

/// `None` for a length that cannot be; `Some(None)` where there is no passkey.
fn passkey(rest: &mut &[u8]) -> Option<Option<Passkey>> {
    let (salt, wrap) = (take(rest)?, take(rest)?);
    let length = usize::from(u16::from_be_bytes(take(rest)?));
    if length == 0 {
        return Some(None);
    }
    let credential = rest.get(..length).filter(|_| length <= MOST_CREDENTIAL_BYTES)?.to_vec();
    Some(Some(Passkey { salt, wrap, credential }))
}

fn take<const N: usize>(rest: &mut &[u8]) -> Option<[u8; N]> {
    let (taken, after) = rest.split_first_chunk()?;
    *rest = after;
    Some(*taken)
}
