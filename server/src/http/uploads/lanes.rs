//! One request at a time for each photo, in the order in which they came; a new one takes over from an old one that
//! still waits for bytes.

use crate::{
    app::App,
    http::{extract::PathId, problem::Refusal},
};
use anyhow::Context as _;
use axum::{extract::FromRequestParts, http::request::Parts};
use doorstep_core::id::PhotoId;
use futures_util::{
    FutureExt as _,
    future::{self, BoxFuture},
};
use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, PoisonError, Weak,
        atomic::{AtomicU64, Ordering},
    },
};
use tokio::sync::{OwnedMutexGuard, Semaphore, watch};

/// Pictures decoded at once: each may take as much memory as the largest.
const DECODING: usize = 2;

/// The lanes of all photos under way in this process.
#[derive(Clone, Debug)]
pub struct Lanes {
    lanes: Arc<Mutex<HashMap<PhotoId, Weak<Lane>>>>,
    pub(super) decoding: Arc<Semaphore>,
}

impl Default for Lanes {
    fn default() -> Self {
        Self { lanes: Arc::default(), decoding: Arc::new(Semaphore::new(DECODING)) }
    }
}

#[derive(Debug, Default)]
struct Lane {
    busy: Arc<tokio::sync::Mutex<()>>,
    /// Who came, counted.
    came: AtomicU64,
    /// The newest of those who want a turn; whoever is older gives way.
    newest: watch::Sender<u64>,
}

/// A place in a photo's lane: nobody who came later has a turn before, and nobody gives way to it yet.
///
/// As a handler's first argument it is taken before anything waits: whoever asks how far a photo is, right after a
/// request that broke off, hears of all that the broken one brought.
#[expect(missing_debug_implementations, reason = "a future has none")]
pub struct Place {
    pub(super) photo: PhotoId,
    lane: Arc<Lane>,
    number: u64,
    busy: BoxFuture<'static, OwnedMutexGuard<()>>,
}

/// The right to work on one photo's upload, until it is dropped.
#[derive(Debug)]
pub(super) struct Turn {
    lane: Arc<Lane>,
    number: u64,
    _busy: OwnedMutexGuard<()>,
}

impl Lanes {
    /// Waits for the photo's turn. Whoever has it is told to end, and writes down what it holds before it does.
    pub(super) async fn take(&self, photo: PhotoId) -> Turn {
        self.line_up(photo).turn().await
    }

    fn line_up(&self, photo: PhotoId) -> Place {
        // Held until the place is taken: numbers are in the order of the lock.
        let mut lanes = self.lanes.lock().unwrap_or_else(PoisonError::into_inner);
        let lane = lanes.get(&photo).and_then(Weak::upgrade).unwrap_or_else(|| {
            lanes.retain(|_, lane| lane.strong_count() > 0);
            let lane = Arc::<Lane>::default();
            lanes.insert(photo, Arc::downgrade(&lane));
            lane
        });
        let number = lane.came.fetch_add(1, Ordering::Relaxed) + 1;
        let mut waits = lane.busy.clone().lock_owned().boxed();
        // Once asked, the lock remembers who was before whom.
        let busy = match (&mut waits).now_or_never() {
            Some(busy) => future::ready(busy).boxed(),
            None => waits,
        };
        Place { photo, lane, number, busy }
    }
}

impl FromRequestParts<App> for Place {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refusal> {
        let PathId(photo) = PathId::from_request_parts(parts, app).await?;
        let lanes = parts.extensions.get::<Lanes>().context("the router has lanes")?;
        Ok(lanes.line_up(photo))
    }
}

impl Place {
    /// Waits for the turn. Whoever has it is told to end, and writes down what it holds before it does.
    pub(super) async fn turn(self) -> Turn {
        self.lane.newest.send_if_modified(|newest| {
            let is_newer = *newest < self.number;
            *newest = self.number.max(*newest);
            is_newer
        });
        let busy = self.busy.await;
        Turn { lane: self.lane, number: self.number, _busy: busy }
    }
}

impl Turn {
    /// Ends when a newer request for the photo wants its turn.
    pub(super) async fn taken_over(&self) {
        let mut newest = self.lane.newest.subscribe();
        // The sender lives in the lane, which this turn holds.
        let _ = newest.wait_for(|newest| *newest > self.number).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_newer_request_takes_over_and_other_photos_do_not_wait() {
        let (lanes, one, two) =
            (Lanes::default(), PhotoId::from_bytes([1; 16]), PhotoId::from_bytes([2; 16]));
        let first = lanes.take(one).await;
        let _other = lanes.take(two).await;
        let newer = tokio::spawn({
            let lanes = lanes.clone();
            async move { lanes.take(one).await.number }
        });
        first.taken_over().await;
        assert!(!newer.is_finished());
        drop(first);
        assert_eq!(newer.await.unwrap(), 2);
        assert_eq!(lanes.take(one).await.number, 1, "a lane nobody is in is forgotten");
    }

    #[tokio::test]
    async fn who_came_first_is_first_whoever_asks_first_and_gives_way_to_who_came_later() {
        let (lanes, photo) = (Lanes::default(), PhotoId::from_bytes([1; 16]));
        let (first, second) = (lanes.line_up(photo), lanes.line_up(photo));
        let second = tokio::spawn(second.turn());
        tokio::task::yield_now().await;
        assert!(!second.is_finished());
        let first = first.turn().await;
        first.taken_over().await;
        drop(first);
        assert_eq!(second.await.unwrap().number, 2);

        // Whoever has a place and no right to a turn stands in nobody's way.
        let (turned_away, last) = (lanes.line_up(photo), lanes.line_up(photo));
        drop(turned_away);
        last.turn().await;
    }
}
