//! Time as an argument. The one place that reads the real clock.

use chrono::{DateTime, Utc};
use doorstep_core::time::Timestamp;
use std::{
    fmt::Debug,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::{SystemTime, UNIX_EPOCH},
};

/// The server's clock: the operating system's, or one that a test sets.
pub trait Clock: Debug + Send + Sync {
    fn now(&self) -> Timestamp;
}

#[derive(Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the clock")]
    fn now(&self) -> Timestamp {
        let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Timestamp(i64::try_from(since_1970.as_millis()).unwrap_or(i64::MAX))
    }
}

/// Stands still until it is moved.
#[derive(Debug)]
pub struct ManualClock(AtomicI64);

impl ManualClock {
    pub fn at(instant: Timestamp) -> Arc<Self> {
        Arc::new(Self(AtomicI64::new(instant.0)))
    }

    pub fn advance_ms(&self, ms: i64) {
        self.0.fetch_add(ms, Ordering::SeqCst);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.load(Ordering::SeqCst))
    }
}

/// The Services API client asks the same clock.
#[derive(Debug)]
pub struct SpapiClock(pub Arc<dyn Clock>);

impl doorstep_spapi::Clock for SpapiClock {
    fn now(&self) -> DateTime<Utc> {
        self.0.now().to_utc()
    }
}
