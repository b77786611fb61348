//! When a lane may try: at once, or after a back-off that doubles from 2 s to 5 min, each with jitter.

use super::{Activity, Now};

const FIRST_MS: u64 = 2_000;
const LONGEST_MS: u64 = 300_000;

/// One lane of requests: the data lane or the photo lane. One request at a time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Lane {
    #[default]
    Idle,
    InFlight {
        failures: u32,
    },
    Waiting {
        failures: u32,
        until_ms: u64,
    },
}

impl Lane {
    /// Starts a request if the lane may try now.
    pub(super) fn start(&mut self, now: &Now) -> bool {
        match *self {
            Self::Idle => *self = Self::InFlight { failures: 0 },
            Self::Waiting { failures, until_ms } if until_ms <= now.reading.monotonic_ms => {
                *self = Self::InFlight { failures };
            }
            Self::InFlight { .. } | Self::Waiting { .. } => return false,
        }
        true
    }

    pub(super) fn succeeded(&mut self) {
        *self = Self::Idle;
    }

    /// Waits before the next try: half of the back-off for certain, up to the whole by chance, so that a fleet
    /// coming out of one tunnel does not knock at once.
    pub(super) fn failed(&mut self, now: &Now) {
        let failures = match *self {
            Self::InFlight { failures } | Self::Waiting { failures, .. } => failures,
            Self::Idle => 0,
        };
        let full = FIRST_MS.saturating_mul(1 << failures.min(10)).min(LONGEST_MS);
        let half = full / 2;
        let chance = u64::from(u16::from_be_bytes([now.entropy.as_bytes()[0], now.entropy.as_bytes()[1]]));
        let wait = half + half * chance / u64::from(u16::MAX);
        *self = Self::Waiting { failures: failures + 1, until_ms: now.reading.monotonic_ms + wait };
    }

    /// Somebody asks to try at once, or a network may have come.
    pub(super) fn hurry(&mut self) {
        if let Self::Waiting { .. } = *self {
            *self = Self::Idle;
        }
    }

    pub(super) fn is_in_flight(&self) -> bool {
        matches!(self, Self::InFlight { .. })
    }

    pub(super) fn activity(&self) -> Activity {
        match self {
            Self::Idle => Activity::Resting,
            Self::InFlight { .. } => Activity::UnderWay,
            Self::Waiting { .. } => Activity::Waiting,
        }
    }

    pub(super) fn next_try_ms(&self) -> Option<u64> {
        match *self {
            Self::Waiting { until_ms, .. } => Some(until_ms),
            Self::Idle | Self::InFlight { .. } => None,
        }
    }
}
