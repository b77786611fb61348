//! The sandbox's own time. Tokens, upload destinations and rates all run on it.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use serde::Serializer;

/// A clock that can be shared and moved. Clones are the same clock.
#[derive(Clone)]
pub struct Clock {
    source: Arc<dyn Fn() -> i64 + Send + Sync>,
    ahead_ms: Arc<AtomicI64>,
}

impl Clock {
    /// Real time, plus what it was moved by.
    pub fn system() -> Self {
        Self::following(system_ms)
    }

    /// Stands still at `start` until moved.
    pub fn manual(start: DateTime<Utc>) -> Self {
        let start = start.timestamp_millis();
        Self::following(move || start)
    }

    /// Follows another clock, given as milliseconds since 1970 UTC: a test's one manual clock, say.
    pub fn following(source: impl Fn() -> i64 + Send + Sync + 'static) -> Self {
        Self { source: Arc::new(source), ahead_ms: Arc::default() }
    }

    /// The sandbox's present, in whole milliseconds.
    pub fn now(&self) -> DateTime<Utc> {
        let ms = (self.source)().saturating_add(self.ahead_ms.load(Ordering::SeqCst));
        DateTime::from_timestamp_millis(ms).unwrap_or(DateTime::<Utc>::MAX_UTC)
    }

    /// Moves the clock; a negative step moves it back.
    pub fn advance(&self, by: TimeDelta) {
        self.ahead_ms.fetch_add(by.num_milliseconds(), Ordering::SeqCst);
    }

    /// Moves the clock to `to`, from where a manual clock stands and a followed one goes on.
    pub fn set(&self, to: DateTime<Utc>) {
        self.ahead_ms.store(to.timestamp_millis().saturating_sub((self.source)()), Ordering::SeqCst);
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Clock").field(&self.now()).finish()
    }
}

#[expect(clippy::disallowed_methods, reason = "the one place where the sandbox asks for real time")]
fn system_ms() -> i64 {
    let since_1970 = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    since_1970.map_or(0, |d| i64::try_from(d.as_millis()).unwrap_or(i64::MAX))
}

/// An instant as Amazon writes it: `2026-03-02T09:30:00.000Z`.
pub(crate) fn stamp(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
}

pub(crate) fn serialize<S: Serializer>(at: &DateTime<Utc>, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(&stamp(*at))
}
