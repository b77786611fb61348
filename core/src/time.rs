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
        // A phone cannot prove a time later than its message's arrival, or before 1970, whatever it claims.
        let latest = latest.max(Timestamp(0).min(received));
        Interval { earliest: earliest.max(Timestamp(0)).min(latest), latest }
    }

    /// The best single instant: the wall clock, corrected by the error it had at the last contact, held within
    /// the interval. Never later than `received`, so never in the future.
    pub fn instant(&self, anchor: Option<Anchor>, received: Timestamp) -> Timestamp {
        let interval = self.interval(anchor, received);
        self.corrected().clamp(interval.earliest, interval.latest)
    }

    /// The wall clock, set right by the error it had at the last contact.
    pub fn corrected(&self) -> Timestamp {
        self.wall.plus_ms(self.clock_error_ms().unwrap_or(0).saturating_neg())
    }

    /// How far the wall clock was ahead of the server at the last contact, in milliseconds. `None` before any.
    pub fn clock_error_ms(&self) -> Option<i64> {
        self.seen.map(|seen| seen.wall.since(seen.server))
    }

    /// True when the wall clock is certainly wrong by more than the tolerance: it was at the last contact, or it
    /// reads earlier than a server time already seen.
    pub fn clock_is_off(&self) -> bool {
        self.seen.is_some_and(|seen| {
            seen.wall.since(seen.server).unsigned_abs() > CLOCK_TOLERANCE_MS.unsigned_abs()
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

    const BASE: i64 = 1_790_000_000_000;
    const MINUTE: i64 = 60_000;

    fn at(minutes: i64) -> Timestamp {
        Timestamp(BASE + minutes * MINUTE)
    }

    /// Recorded at `monotonic` minutes of a page that met the server at `seen` minutes of its clock.
    fn moment(epoch: u8, monotonic: i64, wall: Timestamp, seen: Option<ServerSeen>) -> Moment {
        let monotonic_ms = u64::try_from(monotonic * MINUTE).unwrap();
        Moment { epoch: EpochId::from_bytes([epoch; 8]), monotonic_ms, wall, seen }
    }

    fn seen(server: Timestamp, wall: Timestamp, monotonic: Option<i64>) -> ServerSeen {
        ServerSeen { server, wall, monotonic_ms: monotonic.map(|m| u64::try_from(m * MINUTE).unwrap()) }
    }

    fn anchor(received: Timestamp, monotonic: i64) -> Anchor {
        Anchor::of(received, u64::try_from(monotonic * MINUTE).unwrap())
    }

    #[test]
    fn a_page_that_did_not_sleep_knows_the_moment_to_the_round_trip() {
        let moment = moment(1, 30, at(30), Some(seen(at(10), at(10), Some(10))));
        let interval = moment.interval(Some(anchor(at(60), 60)), at(60));
        assert_eq!(interval, Interval { earliest: at(30), latest: at(30) });
    }

    #[test]
    fn a_clock_that_slept_widens_the_interval_by_its_sleep_and_the_wall_clock_decides_within() {
        // Met at 10; slept from 10 to 40; recorded at 50, when the monotonic clock said 20; sent at 60.
        let awake = moment(1, 20, at(50), Some(seen(at(10), at(10), Some(10))));
        let interval = awake.interval(Some(anchor(at(60), 30)), at(60));
        assert_eq!(interval, Interval { earliest: at(20), latest: at(50) });
        assert_eq!(awake.instant(Some(anchor(at(60), 30)), at(60)), at(50));
        // Slept after recording instead: it was at 20, and the interval is the same.
        let early = Moment { wall: at(20), ..awake };
        assert_eq!(early.interval(Some(anchor(at(60), 30)), at(60)), interval);
        assert_eq!(early.instant(Some(anchor(at(60), 30)), at(60)), at(20));
    }

    #[test]
    fn a_clock_set_back_or_forward_between_page_starts_stays_within_contact_and_arrival() {
        // The last contact was in an earlier page start; since then somebody set the clock.
        for set in [-3 * 1440, -30, 30, 3 * 1440] {
            let before = seen(at(10), at(10), None);
            let moment = moment(2, 5, at(50 + set), Some(before));
            let interval = moment.interval(None, at(90));
            assert_eq!(interval, Interval { earliest: at(10), latest: at(90) });
            let instant = moment.instant(None, at(90));
            let expected = if set < 0 { at(50 + set).max(at(10)) } else { at(50 + set).min(at(90)) };
            assert_eq!(instant, expected, "set by {set} minutes");
            assert_eq!(moment.clock_is_off(), set < -40, "only what is certain is said");
        }
    }

    #[test]
    fn the_error_the_clock_had_at_the_contact_is_taken_off() {
        for wrong in [-600, 600] {
            let moment = moment(1, 30, at(30 + wrong), Some(seen(at(10), at(10 + wrong), None)));
            assert_eq!(moment.instant(None, at(60)), at(30));
            assert!(moment.clock_is_off());
        }
    }

    #[test]
    fn what_arrived_before_the_time_it_claims_happened_by_its_arrival() {
        // A phone that claims a contact later than its message came, and clocks from nowhere.
        let ends = [i64::MIN, 0, i64::MAX];
        for server in ends {
            for wall in ends {
                for monotonic_ms in [0, u64::MAX] {
                    for seen_at in [None, Some(0), Some(u64::MAX)] {
                        let seen = ServerSeen {
                            server: Timestamp(server),
                            wall: Timestamp(wall),
                            monotonic_ms: seen_at,
                        };
                        for seen in [None, Some(seen)] {
                            let epoch = EpochId::from_bytes([1; 8]);
                            let claim = Moment { epoch, monotonic_ms, wall: Timestamp(wall), seen };
                            for anchor in [None, Some(Anchor::of(at(60), u64::MAX)), Some(anchor(at(60), 1))]
                            {
                                let interval = claim.interval(anchor, at(60));
                                assert!(Timestamp(0) <= interval.earliest);
                                assert!(interval.earliest <= interval.latest && interval.latest <= at(60));
                                assert!(claim.instant(anchor, at(60)) <= at(60), "never in the future");
                                claim.clock_is_off();
                            }
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn order_is_certain_within_a_page_start_only() {
        let (first, second) = (moment(1, 5, at(50), None), moment(1, 6, at(40), None));
        assert_eq!((first.is_before(&second), second.is_before(&first)), (Some(true), Some(false)));
        assert_eq!(first.is_before(&first), Some(false));
        assert_eq!(first.is_before(&moment(2, 9, at(90), None)), None);
    }

    #[test]
    fn amazon_gets_utc_with_a_z() {
        assert_eq!(Timestamp(1_790_000_000_000).to_rfc3339(), "2026-09-21T14:13:20Z");
        assert_eq!(Timestamp(1_790_000_000_250).to_rfc3339(), "2026-09-21T14:13:20.250Z");
    }
}
