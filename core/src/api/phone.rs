//! Phones as the office knows them: whose they are, what waits on them, and what to worry about.

use super::{Revoked, TechnicianAccount};
use crate::{
    id::{DeviceId, UserId},
    time::{CLOCK_TOLERANCE_MS, Timestamp},
};
use serde::{Deserialize, Serialize};

/// Evidence that has waited this long is in its third day: somebody is told.
pub const UNSENT_TOO_LONG_MS: i64 = 2 * 86_400_000;
/// A phone that keeps evidence back and has not been heard of for this long worries.
pub const SILENT_TOO_LONG_MS: i64 = 86_400_000;
/// From this share of its room on, in percent, a phone is nearly full.
const NEARLY_FULL_PERCENT: u64 = 90;

/// `POST /api/device/health`: how a phone is. Figures alone, nothing about anybody's visit. A locked phone tells it too.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct PhoneHealth {
    /// What kind of phone it is, such as `iPhone`, as far as the browser says.
    pub model: String,
    /// Which pages it runs: the hash in the name of their script.
    pub version: String,
    /// Bytes in the browser's store, and how many it may have; `None` where the browser does not say.
    #[cfg_attr(feature = "typescript", ts(type = "number | null"))]
    pub used_bytes: Option<u64>,
    #[cfg_attr(feature = "typescript", ts(type = "number | null"))]
    pub quota_bytes: Option<u64>,
    /// The browser has agreed not to clear the store by itself.
    pub kept: Option<bool>,
    pub changes_unsent: u32,
    pub photos_unsent: u32,
    /// For how long the oldest of them has waited, in milliseconds: an age, since the phone's clock may be wrong.
    #[cfg_attr(feature = "typescript", ts(type = "number | null"))]
    pub oldest_unsent_ms: Option<u64>,
    pub locked: bool,
    /// What the phone's clock said on sending.
    pub clock: Timestamp,
    /// A store that vanished, told until the server has taken note of it.
    #[serde(default)]
    pub lost: Option<LostStore>,
}

/// What a phone's store held when it was last seen, before the browser cleared it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct LostStore {
    /// The device this phone was then.
    pub device: DeviceId,
    pub changes_unsent: u32,
    pub photos_unsent: u32,
    /// How long ago it was last seen whole, in milliseconds.
    #[cfg_attr(feature = "typescript", ts(type = "number"))]
    pub seen_ms_ago: u64,
}

/// `GET /api/devices`: the phones of a seller.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct Phones {
    pub server_time: Timestamp,
    /// The pages that the server hands out now; `None` where it hands out none.
    pub version: Option<String>,
    pub phones: Vec<Phone>,
    /// By name.
    pub technicians: Vec<TechnicianAccount>,
    /// A new phone takes a code; name and password alone do not make one.
    pub enrolment_required: bool,
    /// How much waits in the quarantine.
    pub held: u32,
}

/// One phone in the hands of one technician. A shared phone is as many of these as people use it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct Phone {
    pub device: DeviceId,
    /// What the office calls it; empty where nobody named it.
    pub name: String,
    pub user: UserId,
    pub technician: String,
    pub since: Timestamp,
    /// When the server last heard from it, whatever it was about.
    pub last_contact: Timestamp,
    /// What it told of itself, and when. `None` until it has.
    pub told: Option<Told>,
    /// A store of this phone that vanished, with what was lost in it.
    pub lost: Option<StoreLost>,
    pub revoked: Option<Revoked>,
    /// What somebody should look at.
    pub worries: Vec<PhoneWorry>,
}

/// The last health report of a phone, with its ages turned into instants of the server's clock.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct Told {
    pub at: Timestamp,
    pub model: String,
    pub version: String,
    #[cfg_attr(feature = "typescript", ts(type = "number | null"))]
    pub used_bytes: Option<u64>,
    #[cfg_attr(feature = "typescript", ts(type = "number | null"))]
    pub quota_bytes: Option<u64>,
    pub kept: Option<bool>,
    pub changes_unsent: u32,
    pub photos_unsent: u32,
    pub oldest_unsent: Option<Timestamp>,
    pub locked: bool,
    /// How far its clock was ahead of the server's, in milliseconds, but for the time the report took.
    #[cfg_attr(feature = "typescript", ts(type = "number"))]
    pub clock_ahead_ms: i64,
}

/// That a phone's store vanished.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct StoreLost {
    pub at: Timestamp,
    /// When it was last seen whole.
    pub seen: Timestamp,
    pub changes_unsent: u32,
    pub photos_unsent: u32,
}

/// Why somebody should look at a phone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "snake_case")]
pub enum PhoneWorry {
    /// Its store was cleared with unsent work in it.
    StoreLost,
    /// Something has waited on it into the third day.
    UnsentTooLong,
    /// Something waits on it, and it has not been heard of for a day.
    Silent,
    NearlyFull,
    ClockOff,
}

impl PhoneHealth {
    /// With its ages counted back from when it came.
    pub fn told_at(&self, at: Timestamp) -> Told {
        let text = |text: &str| text.chars().filter(|c| !c.is_control()).take(40).collect();
        Told {
            at,
            model: text(&self.model),
            version: text(&self.version),
            used_bytes: self.used_bytes,
            quota_bytes: self.quota_bytes,
            kept: self.kept,
            changes_unsent: self.changes_unsent,
            photos_unsent: self.photos_unsent,
            oldest_unsent: self.oldest_unsent_ms.map(|age| before(at, age)),
            locked: self.locked,
            clock_ahead_ms: self.clock.since(at),
        }
    }
}

impl LostStore {
    /// With its age counted back from when the report came.
    pub fn told_at(&self, at: Timestamp) -> StoreLost {
        StoreLost {
            at,
            seen: before(at, self.seen_ms_ago),
            changes_unsent: self.changes_unsent,
            photos_unsent: self.photos_unsent,
        }
    }
}

fn before(at: Timestamp, age_ms: u64) -> Timestamp {
    at.plus_ms(i64::try_from(age_ms).map_or(i64::MIN, |age| -age))
}

impl Phone {
    /// What somebody should look at, the worst first.
    pub fn worries_at(&self, now: Timestamp) -> Vec<PhoneWorry> {
        let mut worries = Vec::new();
        // What was on it then is lost, and does not wait any more.
        if let Some(lost) = self.lost {
            if lost.changes_unsent + lost.photos_unsent > 0 {
                worries.push(PhoneWorry::StoreLost);
            }
            return worries;
        }
        let Some(told) = &self.told else { return worries };
        let waits = told.changes_unsent > 0 || told.photos_unsent > 0;
        if told.oldest_unsent.is_some_and(|oldest| waits && now.since(oldest) >= UNSENT_TOO_LONG_MS) {
            worries.push(PhoneWorry::UnsentTooLong);
        }
        if waits && now.since(self.last_contact) >= SILENT_TOO_LONG_MS {
            worries.push(PhoneWorry::Silent);
        }
        if let (Some(used), Some(quota)) = (told.used_bytes, told.quota_bytes)
            && quota > 0
            && used.saturating_mul(100) >= quota.saturating_mul(NEARLY_FULL_PERCENT)
        {
            worries.push(PhoneWorry::NearlyFull);
        }
        if told.clock_ahead_ms.abs() > CLOCK_TOLERANCE_MS {
            worries.push(PhoneWorry::ClockOff);
        }
        worries
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_790_000_000_000);
    const DAY: u64 = 86_400_000;

    fn healthy() -> PhoneHealth {
        PhoneHealth {
            model: "iPhone".to_owned(),
            version: "abc".to_owned(),
            used_bytes: Some(10),
            quota_bytes: Some(100),
            kept: Some(true),
            changes_unsent: 0,
            photos_unsent: 0,
            oldest_unsent_ms: None,
            locked: false,
            clock: NOW,
            lost: None,
        }
    }

    fn worries(change: impl FnOnce(&mut PhoneHealth), later_ms: u64) -> Vec<PhoneWorry> {
        let mut health = healthy();
        change(&mut health);
        let phone = Phone {
            device: DeviceId::from_bytes([1; 16]),
            name: String::new(),
            user: UserId::from_bytes([2; 16]),
            technician: "Robin Sample".to_owned(),
            since: NOW,
            last_contact: NOW,
            told: Some(health.told_at(NOW)),
            lost: health.lost.map(|lost| lost.told_at(NOW)),
            revoked: None,
            worries: Vec::new(),
        };
        phone.worries_at(NOW.plus_ms(later_ms as i64))
    }

    #[test]
    fn a_phone_worries_by_what_it_keeps_back_and_for_how_long() {
        let waits = |age| {
            move |health: &mut PhoneHealth| {
                (health.photos_unsent, health.oldest_unsent_ms) = (1, Some(age));
            }
        };
        assert_eq!(worries(|_| (), 30 * DAY), []);
        assert_eq!(worries(waits(0), DAY - 1), []);
        assert_eq!(worries(waits(0), DAY), [PhoneWorry::Silent]);
        assert_eq!(worries(waits(2 * DAY - 1), 0), []);
        assert_eq!(worries(waits(2 * DAY), 0), [PhoneWorry::UnsentTooLong]);
        // It goes on growing old while nobody hears of it.
        assert_eq!(worries(waits(DAY), DAY), [PhoneWorry::UnsentTooLong, PhoneWorry::Silent]);
        assert_eq!(worries(waits(u64::MAX), 0), [PhoneWorry::UnsentTooLong]);
    }

    #[test]
    fn a_full_store_a_wrong_clock_and_a_lost_store_are_worries() {
        assert_eq!(worries(|health| health.used_bytes = Some(90), 0), [PhoneWorry::NearlyFull]);
        assert_eq!(worries(|health| health.clock = NOW.plus_ms(-120_001), 0), [PhoneWorry::ClockOff]);
        let lost = |photos_unsent| LostStore {
            device: DeviceId::from_bytes([1; 16]),
            changes_unsent: 0,
            photos_unsent,
            seen_ms_ago: 5,
        };
        assert_eq!(worries(|health| health.lost = Some(lost(0)), 0), []);
        assert_eq!(worries(|health| health.lost = Some(lost(2)), 9 * DAY), [PhoneWorry::StoreLost]);
    }

    #[test]
    fn words_of_a_phone_are_short_and_plain() {
        let mut health = healthy();
        health.model = format!("a\u{7}{}", "b".repeat(100));
        assert_eq!(health.told_at(NOW).model, format!("a{}", "b".repeat(39)));
    }
}

/// How long a phone may show buyer data after each contact, and after what rest it locks itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct LeaseTerms {
    #[cfg_attr(feature = "typescript", ts(type = "number"))]
    pub length_ms: i64,
    #[cfg_attr(feature = "typescript", ts(type = "number"))]
    pub idle_ms: i64,
}

impl Default for LeaseTerms {
    /// What holds with a server that does not say.
    fn default() -> Self {
        Self { length_ms: 24 * 3_600_000, idle_ms: 15 * 60_000 }
    }
}
