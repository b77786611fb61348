//! One request at a time for each photo; a new one takes over from an old one that still waits for bytes.

use doorstep_core::id::PhotoId;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError, Weak},
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

#[derive(Debug)]
struct Lane {
    busy: Arc<tokio::sync::Mutex<()>>,
    /// Counts who has come; whoever is not the newest gives way.
    newest: watch::Sender<u64>,
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
        let lane = self.lane(photo);
        let mut number = 0;
        lane.newest.send_modify(|newest| {
            *newest += 1;
            number = *newest;
        });
        let busy = lane.busy.clone().lock_owned().await;
        Turn { lane, number, _busy: busy }
    }

    fn lane(&self, photo: PhotoId) -> Arc<Lane> {
        let mut lanes = self.lanes.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(lane) = lanes.get(&photo).and_then(Weak::upgrade) {
            return lane;
        }
        lanes.retain(|_, lane| lane.strong_count() > 0);
        let lane = Arc::new(Lane { busy: Arc::default(), newest: watch::Sender::new(0) });
        lanes.insert(photo, Arc::downgrade(&lane));
        lane
    }
}

impl Turn {
    /// Ends when a newer request for the photo has come.
    pub(super) async fn taken_over(&self) {
        let mut newest = self.lane.newest.subscribe();
        // The sender lives in the lane, which this turn holds.
        let _ = newest.wait_for(|newest| *newest != self.number).await;
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
}
