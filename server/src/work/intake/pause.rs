//! How long intake waits after it failed.

use crate::entropy::Entropy;
use std::time::Duration;

/// Jobs are never older than this because of waiting alone.
const LONGEST_PAUSE_MS: i64 = 15 * 60_000;

/// The pause after the `failures`th failure in a row: doubles from the ordinary pause to a quarter of an hour, half of
/// it left to chance so that servers that failed together do not come back together; never shorter than what Amazon
/// asked for.
pub(super) fn after_failure(
    failures: i64,
    asked: Option<Duration>,
    every_ms: i64,
    entropy: &dyn Entropy,
) -> i64 {
    let asked = asked.map_or(0, |asked| i64::try_from(asked.as_millis()).unwrap_or(LONGEST_PAUSE_MS));
    // Asked to wait and nothing else: that is no failure to step back from.
    let longest = if asked > 0 {
        asked
    } else {
        let doublings = u32::try_from(failures.saturating_sub(1).clamp(0, 20)).unwrap_or(0);
        every_ms.saturating_mul(1 << doublings).clamp(1, LONGEST_PAUSE_MS.max(every_ms))
    };
    if asked > 0 {
        return longest;
    }
    let half = longest / 2;
    let drawn = u64::from_be_bytes(entropy.bytes()) % half.max(1).unsigned_abs();
    longest - i64::try_from(drawn).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entropy::SystemEntropy;

    #[test]
    fn pauses_double_to_a_quarter_of_an_hour_with_half_left_to_chance() {
        for (failures, longest) in
            [(1, 60), (2, 120), (3, 240), (4, 480), (5, 900), (6, 900), (i64::MAX, 900)]
        {
            let drawn: Vec<i64> =
                (0..200).map(|_| after_failure(failures, None, 60_000, &SystemEntropy)).collect();
            let (longest, shortest) = (longest * 1000, longest * 500);
            assert!(drawn.iter().all(|pause| (shortest..=longest).contains(pause)), "{failures}: {drawn:?}");
            assert!(drawn.iter().any(|pause| *pause != drawn[0]), "{failures} is left to chance");
        }
    }

    #[test]
    fn what_amazon_asks_for_is_what_it_gets() {
        assert_eq!(after_failure(9, Some(Duration::from_secs(7)), 60_000, &SystemEntropy), 7_000);
        assert!(after_failure(1, Some(Duration::ZERO), 60_000, &SystemEntropy) >= 30_000);
        // An operator who wants to ask seldom is not asked for more.
        assert!(after_failure(9, None, 3_600_000, &SystemEntropy) >= 1_800_000);
    }
}
