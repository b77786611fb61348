//! A bundle of unsent work as it comes: `DSR`, version, device, then items until the end (`docs/PROTOCOL.md`).

use super::Refusal;
use axum::body::{Body, BodyDataStream};
use doorstep_core::{
    id::DeviceId,
    rescue::{BUNDLE_END, BUNDLE_HEADER, Item, MAX_BUNDLE_BYTES, MAX_COPY_BYTES},
};
use futures_util::StreamExt as _;
use std::time::Duration;

/// A connection that brings nothing for so long is dead.
const SILENCE: Duration = Duration::from_secs(60);
const LENGTH_BYTES: usize = 4;

/// What comes next.
pub(super) enum Next {
    Item(Item, Vec<u8>),
    End,
    /// It ends in the middle of an item, or goes on with something that is none.
    Cut,
}

/// A bundle that is being read. It holds one item at a time.
pub(super) struct Bundle {
    body: BodyDataStream,
    device: DeviceId,
    held: Vec<u8>,
    /// Bytes that may still come.
    room: usize,
}

impl Bundle {
    /// Reads as far as the device.
    ///
    /// # Errors
    /// It begins like no bundle of a version this server knows.
    pub(super) async fn open(body: Body) -> Result<Self, Refusal> {
        let (body, device) = (body.into_data_stream(), DeviceId::from_bytes([0; 16]));
        let mut bundle = Self { body, device, held: Vec::new(), room: MAX_BUNDLE_BYTES };
        let header = bundle.bytes(BUNDLE_HEADER.len()).await?.ok_or_else(no_bundle)?;
        if header != BUNDLE_HEADER {
            let of_other_version = header.starts_with(&BUNDLE_HEADER[..3]);
            return Err(if of_other_version { other_version() } else { no_bundle() });
        }
        let device = bundle.bytes(16).await?.ok_or_else(no_bundle)?;
        bundle.device = DeviceId::try_from(&device[..]).map_err(|_| no_bundle())?;
        Ok(bundle)
    }

    pub(super) const fn device(&self) -> DeviceId {
        self.device
    }

    /// # Errors
    /// There is more than a bundle may have.
    pub(super) async fn next(&mut self) -> Result<Next, Refusal> {
        let Some(kind) = self.bytes(1).await? else { return Ok(Next::Cut) };
        if kind == [BUNDLE_END] {
            return Ok(Next::End);
        }
        let Some(length) = Item::name_bytes(kind[0]) else { return Ok(Next::Cut) };
        let Some(rest) = self.bytes(length - 1 + LENGTH_BYTES).await? else { return Ok(Next::Cut) };
        let (name, length) = rest.split_at(rest.len() - LENGTH_BYTES);
        let Some(item) = Item::read(&[&kind[..], name].concat()) else { return Ok(Next::Cut) };
        let length = length.iter().fold(0, |length, byte| length << 8 | usize::from(*byte));
        let longest = match item {
            Item::Photo(..) => usize::try_from(crate::http::uploads::LONGEST).unwrap_or(usize::MAX),
            Item::Change(..) | Item::Record(..) => MAX_COPY_BYTES,
        };
        if length > longest {
            return Ok(Next::Cut);
        }
        Ok(self.bytes(length).await?.map_or(Next::Cut, |bytes| Next::Item(item, bytes)))
    }

    /// So many bytes; `None` where it ends before.
    async fn bytes(&mut self, count: usize) -> Result<Option<Vec<u8>>, Refusal> {
        while self.held.len() < count {
            let Ok(Some(Ok(piece))) = tokio::time::timeout(SILENCE, self.body.next()).await else {
                return Ok(None);
            };
            self.room = self.room.checked_sub(piece.len()).ok_or_else(too_large)?;
            self.held.extend_from_slice(&piece);
        }
        Ok(Some(self.held.drain(..count).collect()))
    }
}

fn no_bundle() -> Refusal {
    Refusal::bad_request(
        "not_a_bundle",
        "This is not a file of unsent work",
        "Choose the file that Doorstep saved on the phone. Its name ends in .dsr.",
    )
    .field("body")
}

fn other_version() -> Refusal {
    Refusal::bad_request(
        "bundle_version_unknown",
        "This file is of another version than the server",
        "Update the server, then deliver it again. Keep the file until then.",
    )
    .field("body")
}

fn too_large() -> Refusal {
    Refusal::too_large("A file of unsent work has up to 64 MB. Save it in several files on the phone.")
}
