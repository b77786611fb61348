//! The body of a PATCH on its way to the upload's file.

use super::{
    Refusal, file,
    lanes::Turn,
    refusal::{broken_off, checksum_differs, offset_differs, taken_over, too_long},
};
use crate::app::App;
use axum::body::{Body, BodyDataStream, Bytes};
use doorstep_core::{digest::Sha256, id::PhotoId};
use futures_util::StreamExt as _;
use std::time::Duration;

/// Written and synced together: what a crash of the server, not of the connection, can cost.
const PIECE: usize = 64 * 1024;
/// A connection that brings nothing for so long is dead.
const SILENCE: Duration = Duration::from_secs(60);
/// A request that has to give way reads on until nothing comes for so long: what of a broken connection is with this
/// machine already does not cross a bad link again.
const REST: Duration = Duration::from_millis(100);
/// And no longer than this in all: whoever takes over waits.
const REST_IN_ALL: Duration = Duration::from_secs(1);

/// A body on its way to the upload's file.
pub(super) struct Incoming<'a> {
    pub(super) app: &'a App,
    pub(super) photo: PhotoId,
    pub(super) turn: &'a Turn,
    /// Bytes on disk.
    pub(super) offset: u64,
    /// Bytes still to come.
    pub(super) room: u64,
}

enum Piece {
    Bytes(Bytes),
    End,
    Broken,
    TakenOver,
}

impl Incoming<'_> {
    async fn next(&self, body: &mut BodyDataStream) -> Piece {
        tokio::select! {
            () = self.turn.taken_over() => Piece::TakenOver,
            piece = tokio::time::timeout(SILENCE, body.next()) => match piece {
                Ok(Some(Ok(bytes))) => Piece::Bytes(bytes),
                Ok(None) => Piece::End,
                Ok(Some(Err(_))) | Err(_) => Piece::Broken,
            },
        }
    }

    /// Appends the body as it comes. Whatever arrived before it broke off stays.
    pub(super) async fn take(&mut self, body: Body) -> Result<u64, Refusal> {
        let mut body = body.into_data_stream();
        let mut held = Vec::with_capacity(PIECE);
        loop {
            let end = match self.next(&mut body).await {
                Piece::Bytes(bytes) => {
                    // What is written has left the room already.
                    if (held.len() + bytes.len()) as u64 > self.room {
                        // Nothing of what follows can belong to the photo; the digest tells about what came before.
                        self.write(&mut held).await?;
                        return Err(too_long(self.offset));
                    }
                    held.extend_from_slice(&bytes);
                    if held.len() >= PIECE {
                        self.write(&mut held).await?;
                    }
                    continue;
                }
                end => end,
            };
            if matches!(end, Piece::TakenOver) {
                // Not in time is as good as no more: what was read is held either way.
                let _ = tokio::time::timeout(REST_IN_ALL, self.rest(&mut body, &mut held)).await;
            }
            self.write(&mut held).await?;
            return match end {
                Piece::End => Ok(self.offset),
                Piece::TakenOver => Err(taken_over(self.offset)),
                Piece::Bytes(_) | Piece::Broken => Err(broken_off(self.offset)),
            };
        }
    }

    /// Reads what has arrived of a body whose request gives way.
    async fn rest(&self, body: &mut BodyDataStream, held: &mut Vec<u8>) {
        while let Ok(Some(Ok(bytes))) = tokio::time::timeout(REST, body.next()).await {
            if (held.len() + bytes.len()) as u64 > self.room {
                return;
            }
            held.extend_from_slice(&bytes);
        }
    }

    /// Appends the body if it has the checksum: only whole, since a part of it proves nothing.
    pub(super) async fn take_checked(&mut self, body: Body, checksum: &Sha256) -> Result<u64, Refusal> {
        let mut body = body.into_data_stream();
        let mut held = Vec::new();
        loop {
            match self.next(&mut body).await {
                Piece::Bytes(bytes) if (held.len() + bytes.len()) as u64 > self.room => {
                    return Err(too_long(self.offset));
                }
                Piece::Bytes(bytes) => held.extend_from_slice(&bytes),
                Piece::End => break,
                Piece::Broken => return Err(broken_off(self.offset)),
                Piece::TakenOver => return Err(taken_over(self.offset)),
            }
        }
        if Sha256::of(&held) != *checksum {
            return Err(checksum_differs("These bytes changed on the way", "Send them again.")
                .field("upload-checksum"));
        }
        self.write(&mut held).await?;
        Ok(self.offset)
    }

    async fn write(&mut self, held: &mut Vec<u8>) -> Result<(), Refusal> {
        if held.is_empty() {
            return Ok(());
        }
        let bytes = std::mem::take(held);
        let appended = self.app.blobs.append_upload(&file(self.photo), self.offset, bytes).await?;
        // Another server with the same data folder has written meanwhile.
        let length = appended.ok_or_else(|| offset_differs(self.offset))?;
        self.room = self.room.saturating_sub(length - self.offset);
        self.offset = length;
        Ok(())
    }
}
