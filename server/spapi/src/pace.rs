//! Token buckets: how often an operation may be called, per client, which is per seller.
//!
//! The rates are the published ones. `x-amzn-RateLimit-Limit` on an answer may tighten them; a throttled answer
//! empties the bucket, so that the other callers slow down as well.
//!
//! Callers stand in line in the order in which they came. Each knows when its turn comes; one whose patience is
//! shorter is told so at once and takes nobody's place. Leave that is not used, and a place in line that is left,
//! goes to those behind.

mod bucket;

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::clock::Clock;
use crate::operations::{Operation, Rate};
use bucket::{Bucket, Turn};

/// Who waits for an operation's rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Queue {
    /// How many callers are in line.
    pub waiting: usize,
    /// When a caller that came now would have its turn.
    pub next_in: Duration,
}

#[derive(Debug)]
pub(crate) struct Pace {
    buckets: Mutex<BTreeMap<&'static str, Bucket>>,
    /// Rates that hold for every operation alike: Amazon's sandbox has them.
    for_all: Option<Rate>,
}

/// Leave to send one request. Dropped unspent, it goes to the next in line.
#[derive(Debug)]
pub(crate) struct Leave<'pace> {
    pace: &'pace Pace,
    operation: &'static Operation,
    is_spent: bool,
}

/// A place in line. Dropped, those behind move up.
struct Place<'pace> {
    pace: &'pace Pace,
    operation: &'static Operation,
    ticket: u64,
}

impl Pace {
    pub(crate) fn new(for_all: Option<Rate>) -> Self {
        Self { buckets: Mutex::default(), for_all }
    }

    /// Takes leave to send one request, after standing in line if the turn comes within `patience`; otherwise says
    /// when it would come.
    pub(crate) async fn leave(
        &self,
        operation: &'static Operation,
        clock: &dyn Clock,
        patience: Duration,
    ) -> Result<Leave<'_>, Duration> {
        let (ticket, latest) = self.with(operation, clock, |bucket| bucket.join(patience));
        let place = Place { pace: self, operation, ticket };
        loop {
            let (turn, mut changed) =
                self.with(operation, clock, |bucket| (bucket.turn(place.ticket, latest), bucket.watch()));
            match turn {
                Turn::Now => return Ok(Leave { pace: self, operation, is_spent: false }),
                Turn::TooLate { after } => return Err(after),
                Turn::In(span) => tokio::select! {
                    () = clock.sleep(span) => {}
                    // Fails only without a sender, and the bucket is never removed.
                    _ = changed.changed() => {}
                },
            }
        }
    }

    /// Gives back leave that was spent on a request which never reached Amazon.
    pub(crate) fn give_back(&self, operation: &Operation, clock: &dyn Clock) {
        self.with(operation, clock, Bucket::give_back);
    }

    /// Learns the rate that Amazon named on an answer. It only ever tightens the published one.
    pub(crate) fn learn(&self, operation: &Operation, clock: &dyn Clock, per_second: f64) {
        self.with(operation, clock, |bucket| bucket.learn(per_second));
    }

    /// Empties the bucket after a throttled answer, and closes it for as long as Amazon asked.
    pub(crate) fn throttled(&self, operation: &Operation, clock: &dyn Clock, after: Option<Duration>) {
        self.with(operation, clock, |bucket| bucket.throttled(after));
    }

    pub(crate) fn queue(&self, operation: &Operation, clock: &dyn Clock) -> Queue {
        self.with(operation, clock, |bucket| Queue { waiting: bucket.waiting(), next_in: bucket.next_in() })
    }

    fn with<R>(&self, operation: &Operation, clock: &dyn Clock, then: impl FnOnce(&mut Bucket) -> R) -> R {
        let mut buckets = self.lock();
        // Read under the lock, so that no bucket sees an older time after a newer one unless the clock went back.
        let now = clock.now();
        let bucket = buckets
            .entry(operation.name)
            .or_insert_with(|| Bucket::full(self.for_all.unwrap_or(operation.rate), now));
        bucket.fill(now);
        then(bucket)
    }

    /// Without a look at the time: a drop has no clock.
    fn change(&self, operation: &Operation, then: impl FnOnce(&mut Bucket)) {
        if let Some(bucket) = self.lock().get_mut(operation.name) {
            then(bucket);
        }
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<&'static str, Bucket>> {
        self.buckets.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Leave<'_> {
    /// The request goes out.
    pub(crate) fn spend(mut self) {
        self.is_spent = true;
    }
}

impl Drop for Leave<'_> {
    fn drop(&mut self) {
        if !self.is_spent {
            self.pace.change(self.operation, Bucket::give_back);
        }
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.pace.change(self.operation, |bucket| bucket.part(self.ticket));
    }
}

#[cfg(test)]
mod tests;
