//! How long a phone may show what it knows of buyers without hearing from the server.
//!
//! A contact grants a span, and the span runs by whichever of the phone's clocks is ahead. A clock that is set forward can
//! only end it early, which costs a sign-in and nothing that was recorded; one that is set back behind what was
//! seen before keeps the phone locked until the server has been heard again.

use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// How far the wall clock may go back before it counts as set back: what a network's time corrects on the way.
pub const BACK_TOLERANCE_MS: i64 = 5 * 60 * 1000;

/// What the last contact granted, and how much of it has run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lease {
    /// The server's time at the contact.
    pub granted: Timestamp,
    /// For how long, in milliseconds.
    pub length_ms: i64,
    /// After so long without a touch the phone locks itself, in milliseconds.
    pub idle_ms: i64,
    /// The latest that the phone's wall clock has shown since.
    pub mark: Timestamp,
    /// What had run when the mark was noted, in milliseconds.
    pub run_ms: i64,
}

/// Whether the lease holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Verdict {
    Open {
        #[cfg_attr(feature = "typescript", ts(type = "number"))]
        left_ms: i64,
    },
    Ended,
    /// Nobody knows how much has run: the server has to be heard first.
    ClockSetBack {
        #[cfg_attr(feature = "typescript", ts(type = "number"))]
        by_ms: i64,
    },
}

impl Lease {
    pub const BYTES: usize = 40;

    /// As a contact grants it. `wall` is the phone's clock at that moment.
    pub const fn grant(granted: Timestamp, length_ms: i64, idle_ms: i64, wall: Timestamp) -> Self {
        Self { granted, length_ms, idle_ms, mark: wall, run_ms: 0 }
    }

    /// `since_mark_ms` is what the monotonic clock has run since the mark was noted; 0 where another page noted it.
    pub fn verdict(&self, wall: Timestamp, since_mark_ms: u64) -> Verdict {
        let left_ms = self.length_ms.saturating_sub(self.run(wall, since_mark_ms));
        let by_ms = self.mark.since(wall);
        if left_ms <= 0 {
            Verdict::Ended
        } else if by_ms > BACK_TOLERANCE_MS {
            Verdict::ClockSetBack { by_ms }
        } else {
            Verdict::Open { left_ms }
        }
    }

    /// The same lease with what has run until now, to be kept.
    #[must_use]
    pub fn seen(&self, wall: Timestamp, since_mark_ms: u64) -> Self {
        Self { mark: self.mark.max(wall), run_ms: self.run(wall, since_mark_ms), ..*self }
    }

    fn run(&self, wall: Timestamp, since_mark_ms: u64) -> i64 {
        let by_page = i64::try_from(since_mark_ms).unwrap_or(i64::MAX);
        self.run_ms.max(0).saturating_add(wall.since(self.mark).max(by_page).max(0))
    }

    /// Five big-endian integers in the order of the fields.
    pub fn to_bytes(&self) -> [u8; Self::BYTES] {
        let fields = [self.granted.0, self.length_ms, self.idle_ms, self.mark.0, self.run_ms];
        let mut bytes = [0; Self::BYTES];
        for (place, field) in bytes.chunks_exact_mut(8).zip(fields) {
            place.copy_from_slice(&field.to_be_bytes());
        }
        bytes
    }

    pub fn from_bytes(bytes: &[u8; Self::BYTES]) -> Self {
        let field = |at: usize| i64::from_be_bytes(std::array::from_fn(|i| bytes[8 * at + i]));
        Self {
            granted: Timestamp(field(0)),
            length_ms: field(1),
            idle_ms: field(2),
            mark: Timestamp(field(3)),
            run_ms: field(4),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const HOUR: i64 = 3_600_000;
    const MINUTE: i64 = 60_000;
    const NOON: Timestamp = Timestamp(1_790_000_000_000);

    fn day() -> Lease {
        Lease::grant(NOON.plus_ms(-900), 24 * HOUR, 15 * MINUTE, NOON)
    }

    #[test]
    fn a_lease_holds_for_its_length_after_the_contact() {
        let lease = day();
        assert_eq!(lease.verdict(NOON, 0), Verdict::Open { left_ms: 24 * HOUR });
        assert_eq!(lease.verdict(NOON.plus_ms(24 * HOUR - 1), 0), Verdict::Open { left_ms: 1 });
        assert_eq!(lease.verdict(NOON.plus_ms(24 * HOUR), 0), Verdict::Ended);
    }

    #[test]
    fn a_clock_that_stands_still_or_goes_back_a_little_does_not_stop_the_page_s_own_clock() {
        let lease = day();
        assert_eq!(lease.verdict(NOON, 24 * HOUR as u64), Verdict::Ended);
        assert_eq!(
            lease.verdict(NOON.plus_ms(-4 * MINUTE), HOUR as u64),
            Verdict::Open { left_ms: 23 * HOUR }
        );
    }

    #[test]
    fn a_clock_set_back_behind_what_was_seen_keeps_the_phone_locked() {
        let later = day().seen(NOON.plus_ms(3 * HOUR), 0);
        assert_eq!(
            later.verdict(NOON.plus_ms(3 * HOUR - 5 * MINUTE), 0),
            Verdict::Open { left_ms: 21 * HOUR }
        );
        assert_eq!(later.verdict(NOON, 0), Verdict::ClockSetBack { by_ms: 3 * HOUR });
        // Ended is ended, whatever the clock shows.
        assert_eq!(day().seen(NOON.plus_ms(25 * HOUR), 0).verdict(NOON, 0), Verdict::Ended);
    }

    #[test]
    fn a_jump_forward_ends_it_for_good() {
        let jumped = day().seen(NOON.plus_ms(400 * 24 * HOUR), 0);
        assert_eq!(jumped.verdict(NOON.plus_ms(400 * 24 * HOUR), 0), Verdict::Ended);
        assert_eq!(jumped.verdict(NOON.plus_ms(1000), 0), Verdict::Ended);
    }

    proptest! {
        /// Whatever the clocks do and however often somebody looks, no lease holds longer than the page has run.
        #[test]
        fn no_play_with_the_clock_makes_a_lease_longer(
            walls in prop::collection::vec(-48 * HOUR..48 * HOUR, 1..12),
            steps in prop::collection::vec(0u64..6 * HOUR as u64, 12),
        ) {
            let mut lease = day();
            let (mut truth, mut left) = (0, 24 * HOUR);
            for (wall, step) in walls.iter().zip(&steps) {
                truth += i64::try_from(*step).unwrap();
                let verdict = lease.verdict(NOON.plus_ms(*wall), *step);
                if let Verdict::Open { left_ms } = verdict {
                    prop_assert!(left_ms <= 24 * HOUR - truth && left_ms <= left, "{verdict:?}");
                    left = left_ms;
                }
                let before = lease.mark;
                lease = lease.seen(NOON.plus_ms(*wall), *step);
                prop_assert!(lease.mark >= before && lease.mark >= NOON.plus_ms(*wall));
            }
        }

        #[test]
        fn a_lease_comes_back_from_its_bytes(fields in prop::array::uniform5(any::<i64>())) {
            let [granted, length_ms, idle_ms, mark, run_ms] = fields;
            let lease = Lease { granted: Timestamp(granted), length_ms, idle_ms, mark: Timestamp(mark), run_ms };
            prop_assert_eq!(Lease::from_bytes(&lease.to_bytes()), lease);
            // No clock reading makes it panic.
            lease.seen(Timestamp(length_ms), u64::MAX).verdict(Timestamp(i64::MIN), 0);
        }
    }
}
