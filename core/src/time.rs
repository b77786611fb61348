//! Time as a phone knows it: instants, what the phone's clocks said, and the interval an event really lies in.

use crate::id::EpochId;
use chrono::{DateTime, SecondsFormat, Utc};
use serde::{Deserialize, Serialize};

/// How far a phone's clock may be off before somebody is told.
pub const CLOCK_TOLERANCE_MS: i64 = 2 * 60 * 1000;

/// An instant: milliseconds since 1970 in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, type = "number"))]
#[serde(transparent)]
pub struct Timestamp(pub i64);

impl Timestamp {
    pub const fn plus_ms(self, ms: i64) -> Self {
        Self(self.0.saturating_add(ms))
    }

    /// Milliseconds from `earlier` to here.
    pub const fn since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    /// RFC 3339 in UTC with `Z`, to the second when it has no milliseconds. What Amazon takes.
    pub fn to_rfc3339(self) -> String {
        let format = if self.0 % 1000 == 0 { SecondsFormat::Secs } else { SecondsFormat::Millis };
        self.to_utc().to_rfc3339_opts(format, true)
    }

    /// As a chrono instant; the ends of chrono's range stand for what lies beyond them.
    pub fn to_utc(self) -> DateTime<Utc> {
        let beyond = if self.0 < 0 { DateTime::<Utc>::MIN_UTC } else { DateTime::<Utc>::MAX_UTC };
        DateTime::from_timestamp_millis(self.0).unwrap_or(beyond)
    }
}

impl From<DateTime<Utc>> for Timestamp {
    fn from(instant: DateTime<Utc>) -> Self {
        Self(instant.timestamp_millis())
    }
}

/// What a phone's two clocks say. The host reads them; nobody here can.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct Reading {
    /// Milliseconds since this page started. Never jumps back; may stand still while the phone sleeps.
    #[cfg_attr(feature = "typescript", ts(type = "number"))]
    pub monotonic_ms: u64,
    /// The wall clock, right or wrong.
    pub wall: Timestamp,
}

/// The last server time that reached the phone, and the phone's clocks as it arrived.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct ServerSeen {
    pub server: Timestamp,
    pub wall: Timestamp,
    /// Only within the epoch it was read in: a monotonic clock means nothing after a new page start.
    #[cfg_attr(feature = "typescript", ts(type = "number | null"))]
    pub monotonic_ms: Option<u64>,
}

/// When something happened, as raw as the phone knew it. Kept for good; an instant is derived from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct Moment {
    pub epoch: EpochId,
    #[cfg_attr(feature = "typescript", ts(type = "number"))]
    pub monotonic_ms: u64,
    pub wall: Timestamp,
    pub seen: Option<ServerSeen>,
}

/// What one contact told the server of an epoch's monotonic clock: the time a message arrived less the monotonic
/// time it was sent at. It bounds every event of the epoch that came before that message from above; not later
/// ones, since a monotonic clock may stand still while the phone sleeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Anchor(pub i64);

impl Anchor {
    /// From one contact: when the server received it and what the phone's monotonic clock said on sending.
    pub fn of(received: Timestamp, sent_monotonic_ms: u64) -> Self {
        Self(received.0.saturating_sub(i64::try_from(sent_monotonic_ms).unwrap_or(i64::MAX)))
    }
}

/// Between these two instants an event certainly lies, if the server's clock is right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Interval {
    pub earliest: Timestamp,
    pub latest: Timestamp,
}

impl Moment {
    /// The interval this happened in. `received` is when the server first had it, `anchor` what that contact told of
    /// the moment's epoch, where the contact came from the same epoch. Within an epoch that met the server the interval is as wide as the round trip; across
    /// epochs it widens to "after the last contact, before it arrived".
    pub fn interval(&self, anchor: Option<Anchor>, received: Timestamp) -> Interval {
        let monotonic = i64::try_from(self.monotonic_ms).unwrap_or(i64::MAX);
        let earliest = self.seen.map_or(Timestamp(0), |seen| match seen.monotonic_ms {
            Some(at) => {
                seen.server.plus_ms(monotonic.saturating_sub(i64::try_from(at).unwrap_or(i64::MAX)).max(0))
            }
            None => seen.server,
        });
        let latest = anchor.map_or(received, |a| Timestamp(a.0.saturating_add(monotonic)).min(received));
        // A phone cannot prove a time later than its message's arrival, whatever it claims.
        Interval { earliest: earliest.min(latest), latest }
    }

    /// The best single instant: the wall clock, corrected by the error it had at the last contact, held within
    /// the interval. Never later than `received`, so never in the future.
    pub fn instant(&self, anchor: Option<Anchor>, received: Timestamp) -> Timestamp {
        let interval = self.interval(anchor, received);
        self.wall.plus_ms(-self.clock_error_ms().unwrap_or(0)).clamp(interval.earliest, interval.latest)
    }

    /// How far the wall clock was ahead of the server at the last contact, in milliseconds. `None` before any.
    pub fn clock_error_ms(&self) -> Option<i64> {
        self.seen.map(|seen| seen.wall.since(seen.server))
    }

    /// True when the wall clock is certainly wrong by more than the tolerance: it was at the last contact, or it
    /// reads earlier than a server time already seen.
    pub fn clock_is_off(&self) -> bool {
        self.seen.is_some_and(|seen| {
            seen.wall.since(seen.server).abs() > CLOCK_TOLERANCE_MS
                || seen.server.since(self.wall) > CLOCK_TOLERANCE_MS
        })
    }

    /// Whether this is certainly before `other`. Within one epoch the monotonic clock decides; across epochs
    /// nobody knows, and `None` says so.
    pub fn is_before(&self, other: &Self) -> Option<bool> {
        (self.epoch == other.epoch).then_some(self.monotonic_ms < other.monotonic_ms)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const DAY: i64 = 86_400_000;

    proptest! {
        // A phone whose wall clock is wrong by up to a month and whose monotonic clock sleeps: the interval
        // holds the truth all the same.
        #[test]
        fn the_interval_contains_the_truth(
            start in DAY..50 * DAY, wall_error in -30 * DAY..30 * DAY, contact in 0..DAY, event in 0..DAY,
            report in 0..DAY, slept in 0..DAY, delay in 0..60_000i64, same_epoch: bool, anchored: bool,
        ) {
            let (event, report) = (contact + event, contact + event + report);
            // The phone slept between contact and event: its monotonic clock stood still meanwhile.
            let slept = slept.min(event - contact);
            let monotonic = |t: i64| u64::try_from(if t >= event { t - slept } else { t }).unwrap();
            let truth = Timestamp(start + event);
            let moment = Moment {
                epoch: EpochId::from_bytes([1; 8]),
                monotonic_ms: monotonic(event),
                wall: truth.plus_ms(wall_error),
                seen: Some(ServerSeen {
                    server: Timestamp(start + contact - delay.min(contact)),
                    wall: Timestamp(start + contact + wall_error),
                    monotonic_ms: same_epoch.then(|| monotonic(contact)),
                }),
            };
            let received = Timestamp(start + report + delay);
            let anchor = anchored.then(|| Anchor::of(received, monotonic(report)));
            let interval = moment.interval(anchor, received);
            prop_assert!(interval.earliest <= truth && truth <= interval.latest, "{interval:?} {truth:?}");
            let instant = moment.instant(anchor, received);
            prop_assert!(interval.earliest <= instant && instant <= interval.latest && instant <= received);
        }
    }

    #[test]
    fn amazon_gets_utc_with_a_z() {
        assert_eq!(Timestamp(1_790_000_000_000).to_rfc3339(), "2026-09-21T14:13:20Z");
        assert_eq!(Timestamp(1_790_000_000_250).to_rfc3339(), "2026-09-21T14:13:20.250Z");
    }
}
