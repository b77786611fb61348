//! How old the client secret is. Amazon lets one live 180 days; after a rotation the old one works for 7 more.

use chrono::{DateTime, NaiveDate, Utc};

const LIFE_DAYS: i64 = 180;
/// From then on somebody is told.
const WARN_FROM_DAYS: i64 = 150;

/// What is to be said about the client secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecretHealth {
    /// Nobody told when it was issued.
    Unknown,
    /// It has more than a month to live.
    Fine {
        /// Until it expires.
        days_left: u32,
    },
    /// It is to be rotated within the month.
    Ageing {
        /// Until it expires.
        days_left: u32,
    },
    /// It is older than 180 days.
    Expired {
        /// Since it expired.
        days_ago: u32,
    },
}

impl SecretHealth {
    /// The health at `now` of a secret issued on this day (UTC).
    pub fn at(issued: Option<NaiveDate>, now: DateTime<Utc>) -> Self {
        let Some(issued) = issued else { return Self::Unknown };
        let age = (now.date_naive() - issued).num_days().max(0);
        let days = |count: i64| u32::try_from(count).unwrap_or_default();
        match age {
            LIFE_DAYS.. => Self::Expired { days_ago: days(age - LIFE_DAYS) },
            WARN_FROM_DAYS.. => Self::Ageing { days_left: days(LIFE_DAYS - age) },
            _ => Self::Fine { days_left: days(LIFE_DAYS - age) },
        }
    }

    /// What an operator is told, if anything.
    pub fn advice(self) -> Option<String> {
        let rotate = "Rotate it in the developer console, put the new one into the settings and note the day; the \
            old one works for 7 days after that.";
        match self {
            Self::Unknown | Self::Fine { .. } => None,
            Self::Ageing { days_left: 1 } => Some(format!("The client secret expires tomorrow. {rotate}")),
            Self::Ageing { days_left } => {
                Some(format!("The client secret expires in {days_left} days. {rotate}"))
            }
            Self::Expired { days_ago: 0 } => Some(format!("The client secret expires today. {rotate}")),
            Self::Expired { days_ago } => {
                Some(format!("The client secret is {days_ago} days over its 180. {rotate}"))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    #[test]
    fn a_secret_is_fine_then_ageing_then_expired() {
        let issued = NaiveDate::from_ymd_opt(2026, 3, 5).unwrap();
        let at = |days: i64| {
            let noon = issued.and_hms_opt(12, 0, 0).unwrap().and_utc();
            SecretHealth::at(Some(issued), noon + TimeDelta::days(days))
        };
        assert_eq!(at(0), SecretHealth::Fine { days_left: 180 });
        assert_eq!(at(149), SecretHealth::Fine { days_left: 31 });
        assert_eq!(at(150), SecretHealth::Ageing { days_left: 30 });
        assert_eq!(at(179), SecretHealth::Ageing { days_left: 1 });
        assert_eq!(at(180), SecretHealth::Expired { days_ago: 0 });
        assert_eq!(at(200), SecretHealth::Expired { days_ago: 20 });
        assert_eq!(at(-3), SecretHealth::Fine { days_left: 180 }, "a clock that is behind");
        assert_eq!(SecretHealth::at(None, DateTime::UNIX_EPOCH), SecretHealth::Unknown);
        assert_eq!(at(149).advice(), None);
        assert!(
            at(150).advice().unwrap().contains("in 30 days") && at(150).advice().unwrap().contains("7 days")
        );
        assert!(at(200).advice().unwrap().contains("20 days over"));
    }
}
