//! Time as an argument. The one place that reads the real clock.

use chrono::{DateTime, Utc};
use doorstep_core::time::Timestamp;
use doorstep_spapi::Sleep;
use std::{
    fmt::Debug,
    sync::Arc,
    time::{Duration, SystemTime, UNIX_EPOCH},
};
use tokio::sync::watch;

/// The server's clock: the operating system's, or one that a test sets.
pub trait Clock: Debug + Send + Sync {
    fn now(&self) -> Timestamp;

    /// Completes once this much time has passed by this clock.
    fn sleep(&self, span: Duration) -> Sleep<'_>;
}

#[derive(Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the clock")]
    fn now(&self) -> Timestamp {
        let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Timestamp(i64::try_from(since_1970.as_millis()).unwrap_or(i64::MAX))
    }

    fn sleep(&self, span: Duration) -> Sleep<'_> {
        Box::pin(tokio::time::sleep(span))
    }
}

/// Stands still until it is moved, and then wakes whoever sleeps by it.
#[derive(Debug)]
pub struct ManualClock(watch::Sender<Moment>);

#[derive(Clone, Copy, Debug)]
struct Moment {
    now: Timestamp,
    /// How far it was moved forwards in all: who sleeps while it is set back does not sleep longer for that.
    passed_ms: i64,
}

impl ManualClock {
    pub fn at(instant: Timestamp) -> Arc<Self> {
        Arc::new(Self(watch::Sender::new(Moment { now: instant, passed_ms: 0 })))
    }

    pub fn advance_ms(&self, ms: i64) {
        self.0.send_modify(|moment| {
            moment.now = moment.now.plus_ms(ms);
            moment.passed_ms = moment.passed_ms.saturating_add(ms.max(0));
        });
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        self.0.borrow().now
    }

    fn sleep(&self, span: Duration) -> Sleep<'_> {
        let mut moved = self.0.subscribe();
        let span_ms = i64::try_from(span.as_nanos().div_ceil(1_000_000)).unwrap_or(i64::MAX);
        let until_ms = moved.borrow().passed_ms.saturating_add(span_ms);
        Box::pin(async move {
            // The sender outlives this: it is borrowed.
            let _reached = moved.wait_for(|moment| moment.passed_ms >= until_ms).await;
        })
    }
}

/// The Services API client asks the same clock.
#[derive(Debug)]
pub struct SpapiClock(pub Arc<dyn Clock>);

impl doorstep_spapi::Clock for SpapiClock {
    fn now(&self) -> DateTime<Utc> {
        self.0.now().to_utc()
    }

    fn sleep(&self, span: Duration) -> Sleep<'_> {
        self.0.sleep(span)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_sleeper_wakes_when_the_clock_was_moved_forwards_so_far_whatever_it_was_set_back() {
        let clock = ManualClock::at(Timestamp(1_000_000));
        let sleeper = tokio::spawn({
            let clock = clock.clone();
            async move { clock.sleep(Duration::from_micros(1_999_500)).await }
        });
        // Until it sleeps: the sender counts those who watch it.
        while clock.0.receiver_count() == 0 {
            tokio::task::yield_now().await;
        }
        clock.advance_ms(-3_600_000);
        clock.advance_ms(1_999);
        tokio::task::yield_now().await;
        assert!(!sleeper.is_finished());
        clock.advance_ms(1);
        sleeper.await.unwrap();
        assert_eq!(clock.now(), Timestamp(1_000_000 - 3_600_000 + 2_000));
    }
}
