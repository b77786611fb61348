//! The sandbox's own time. Tokens, upload destinations and rates all run on it.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Datelike, SecondsFormat, TimeDelta, Utc};
use serde::Serializer;

/// A clock that can be shared, moved, stopped and set wrong. Clones are the same clock.
#[derive(Clone)]
pub struct Clock {
    source: Arc<dyn Fn() -> i64 + Send + Sync>,
    hands: Arc<Mutex<Hands>>,
}

/// All in milliseconds.
#[derive(Debug, Default)]
struct Hands {
    /// What the clock was moved by.
    ahead: i64,
    /// Where it stands, while it is stopped.
    stopped: Option<i64>,
    /// How wrong Amazon's clock is.
    skew: i64,
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
        Self { source: Arc::new(source), hands: Arc::default() }
    }

    /// What Amazon takes for the present, in whole milliseconds: the true time with its skew.
    pub fn now(&self) -> DateTime<Utc> {
        let hands = self.hands();
        instant(self.true_ms(&hands).saturating_add(hands.skew))
    }

    /// The present without the skew. The script runs on it.
    pub fn true_now(&self) -> DateTime<Utc> {
        instant(self.true_ms(&self.hands()))
    }

    /// Moves the clock; a negative step moves it back.
    pub fn advance(&self, by: TimeDelta) {
        let (mut hands, by) = (self.hands(), by.num_milliseconds());
        match &mut hands.stopped {
            Some(stopped) => *stopped = stopped.saturating_add(by),
            None => hands.ahead = hands.ahead.saturating_add(by),
        }
    }

    /// Moves the true time to `to`, from where a manual clock stands and a followed one goes on.
    pub fn set(&self, to: DateTime<Utc>) {
        let (mut hands, to) = (self.hands(), to.timestamp_millis());
        match &mut hands.stopped {
            Some(stopped) => *stopped = to,
            None => hands.ahead = to.saturating_sub((self.source)()),
        }
    }

    /// Lets time stand still. It can still be moved.
    pub fn stop(&self) {
        let mut hands = self.hands();
        hands.stopped = Some(self.true_ms(&hands));
    }

    /// Lets time go on from where it stands.
    pub fn run(&self) {
        let mut hands = self.hands();
        if let Some(stopped) = hands.stopped.take() {
            hands.ahead = stopped.saturating_sub((self.source)());
        }
    }

    pub fn is_stopped(&self) -> bool {
        self.hands().stopped.is_some()
    }

    /// Sets Amazon's clock wrong by this much: its judgement of times and its `Date` header. Zero puts it right.
    pub fn skew(&self, by: TimeDelta) {
        self.hands().skew = by.num_milliseconds();
    }

    /// How wrong Amazon's clock is.
    pub fn skewed_by(&self) -> TimeDelta {
        TimeDelta::milliseconds(self.hands().skew)
    }

    fn true_ms(&self, hands: &Hands) -> i64 {
        hands.stopped.unwrap_or_else(|| (self.source)().saturating_add(hands.ahead))
    }

    /// The hands are whole between statements, whoever panicked elsewhere.
    fn hands(&self) -> MutexGuard<'_, Hands> {
        self.hands.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn instant(ms: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(ms).unwrap_or(DateTime::<Utc>::MAX_UTC)
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

/// Whether an instant leaves room for what is reckoned from it.
pub(crate) fn is_within_reach(at: DateTime<Utc>) -> bool {
    (1970..9000).contains(&at.year())
}

/// An instant as Amazon writes it: `2026-03-02T09:30:00.000Z`.
pub(crate) fn stamp(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
}

pub(crate) fn serialize<S: Serializer>(at: &DateTime<Utc>, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(&stamp(*at))
}

pub(crate) fn serialize_if_any<S: Serializer>(at: &Option<DateTime<Utc>>, to: S) -> Result<S::Ok, S::Error> {
    match at {
        Some(at) => serialize(at, to),
        None => to.serialize_none(),
    }
}
