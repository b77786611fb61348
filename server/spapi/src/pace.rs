//! Token buckets: how often an operation may be called, per client, which is per seller.
//!
//! The rates are the published ones. `x-amzn-RateLimit-Limit` on an answer may tighten them; a throttled
//! answer empties the bucket, so that the other callers slow down as well. Nothing here waits: an empty
//! bucket answers with the time until it is not.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Utc};

use crate::operations::{Operation, Rate};

/// Slower than this a header is not believed: it would stop the operation for good.
const SLOWEST: f64 = 0.001;

#[derive(Debug)]
pub(crate) struct Pace {
    buckets: Mutex<BTreeMap<&'static str, Bucket>>,
    /// Rates that hold for every operation alike: Amazon's sandbox has them.
    for_all: Option<Rate>,
}

#[derive(Debug)]
struct Bucket {
    published: Rate,
    per_second: f64,
    tokens: f64,
    filled_at: DateTime<Utc>,
    /// Amazon asked for a pause: since when, and how long.
    closed: Option<(DateTime<Utc>, Duration)>,
}

impl Pace {
    pub(crate) fn new(for_all: Option<Rate>) -> Self {
        Self { buckets: Mutex::default(), for_all }
    }

    /// Takes leave to send one request, or says when to ask again.
    pub(crate) fn take(&self, operation: &Operation, now: DateTime<Utc>) -> Result<(), Duration> {
        self.with(operation, now, |bucket| {
            if let Some((since, pause)) = bucket.closed {
                // A clock set back starts the pause anew instead of stretching it by what was lost.
                let since = since.min(now);
                let wait = pause.saturating_sub((now - since).to_std().unwrap_or_default());
                bucket.closed = (!wait.is_zero()).then_some((since, pause));
                if !wait.is_zero() {
                    return Err(wait);
                }
            }
            if bucket.tokens >= 1.0 {
                bucket.tokens -= 1.0;
                return Ok(());
            }
            // Rounded up to a millisecond: asking a moment too early would only be refused again.
            let wait = (1.0 - bucket.tokens) / bucket.per_second;
            Err(Duration::from_millis((wait * 1000.0).ceil() as u64))
        })
    }

    /// Gives back leave that was taken for a request that was never sent.
    pub(crate) fn give_back(&self, operation: &Operation, now: DateTime<Utc>) {
        self.with(operation, now, |bucket| bucket.tokens = (bucket.tokens + 1.0).min(bucket.published.burst));
    }

    /// Learns the rate that Amazon named on an answer. It only ever tightens the published one.
    pub(crate) fn learn(&self, operation: &Operation, now: DateTime<Utc>, per_second: f64) {
        if per_second.is_finite() && per_second >= SLOWEST {
            self.with(operation, now, |bucket| {
                bucket.per_second = per_second.min(bucket.published.per_second)
            });
        }
    }

    /// Empties the bucket after a throttled answer, and closes it for as long as Amazon asked.
    pub(crate) fn throttled(&self, operation: &Operation, now: DateTime<Utc>, after: Option<Duration>) {
        self.with(operation, now, |bucket| {
            bucket.tokens = 0.0;
            bucket.closed = after.map(|after| (now, after));
        });
    }

    fn with<R>(&self, operation: &Operation, now: DateTime<Utc>, then: impl FnOnce(&mut Bucket) -> R) -> R {
        let mut buckets: MutexGuard<'_, _> = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        let published = self.for_all.unwrap_or(operation.rate);
        let bucket = buckets.entry(operation.name).or_insert(Bucket {
            published,
            per_second: published.per_second,
            tokens: published.burst,
            filled_at: now,
            closed: None,
        });
        // A clock set back fills nothing, and the time it lost is not waited for again.
        let elapsed = (now - bucket.filled_at).to_std().unwrap_or_default().as_secs_f64();
        bucket.tokens = (bucket.tokens + elapsed * bucket.per_second).min(bucket.published.burst);
        bucket.filled_at = now;
        then(bucket)
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;
    use crate::operations::jobs::{COMPLETE_SERVICE_JOB, GET_SERVICE_JOBS};

    fn start() -> DateTime<Utc> {
        DateTime::from_timestamp(1_700_000_000, 0).unwrap()
    }

    #[test]
    fn a_burst_is_let_through_and_then_the_rate_holds() {
        let (pace, now) = (Pace::new(None), start());
        for _ in 0..20 {
            assert_eq!(pace.take(&COMPLETE_SERVICE_JOB, now), Ok(()));
        }
        assert_eq!(pace.take(&COMPLETE_SERVICE_JOB, now), Err(Duration::from_millis(200)));
        assert_eq!(pace.take(&GET_SERVICE_JOBS, now), Ok(()), "each operation has its own bucket");
        let later = now + TimeDelta::milliseconds(200);
        assert_eq!(pace.take(&COMPLETE_SERVICE_JOB, later), Ok(()));
        assert!(pace.take(&COMPLETE_SERVICE_JOB, later).is_err());
    }

    #[test]
    fn a_named_rate_tightens_but_never_loosens() {
        let (pace, now) = (Pace::new(None), start());
        pace.learn(&COMPLETE_SERVICE_JOB, now, 0.5);
        while pace.take(&COMPLETE_SERVICE_JOB, now).is_ok() {}
        assert_eq!(pace.take(&COMPLETE_SERVICE_JOB, now), Err(Duration::from_secs(2)));
        for nonsense in [f64::NAN, 0.0, -3.0, f64::INFINITY] {
            pace.learn(&COMPLETE_SERVICE_JOB, now, nonsense);
            assert_eq!(pace.take(&COMPLETE_SERVICE_JOB, now), Err(Duration::from_secs(2)));
        }
        pace.learn(&COMPLETE_SERVICE_JOB, now, 100.0);
        assert_eq!(pace.take(&COMPLETE_SERVICE_JOB, now), Err(Duration::from_millis(200)));
    }

    #[test]
    fn a_throttled_answer_slows_everyone_down() {
        let (pace, now) = (Pace::new(None), start());
        pace.throttled(&GET_SERVICE_JOBS, now, None);
        assert_eq!(pace.take(&GET_SERVICE_JOBS, now), Err(Duration::from_millis(100)));
        pace.throttled(&GET_SERVICE_JOBS, now, Some(Duration::from_secs(7)));
        assert_eq!(pace.take(&GET_SERVICE_JOBS, now + TimeDelta::seconds(3)), Err(Duration::from_secs(4)));
        assert_eq!(pace.take(&GET_SERVICE_JOBS, now + TimeDelta::seconds(7)), Ok(()));
    }

    #[test]
    fn a_clock_set_back_neither_fills_nor_locks_the_bucket() {
        let (pace, now) = (Pace::new(None), start());
        while pace.take(&COMPLETE_SERVICE_JOB, now).is_ok() {}
        let before = now - TimeDelta::days(1);
        assert!(pace.take(&COMPLETE_SERVICE_JOB, before).is_err());
        assert_eq!(pace.take(&COMPLETE_SERVICE_JOB, before + TimeDelta::milliseconds(200)), Ok(()));
    }

    #[test]
    fn leave_that_was_not_used_comes_back() {
        let (pace, now) = (Pace::new(Some(Rate { per_second: 5.0, burst: 1.0 })), start());
        assert_eq!(pace.take(&GET_SERVICE_JOBS, now), Ok(()));
        pace.give_back(&GET_SERVICE_JOBS, now);
        assert_eq!(pace.take(&GET_SERVICE_JOBS, now), Ok(()));
        assert!(pace.take(&GET_SERVICE_JOBS, now).is_err());
    }
}
