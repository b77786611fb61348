//! What to train on: a day and what happens during it.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::dice::Dice;
use crate::event::{Change, Event, Which};
use crate::job::{Job, Technician};
use crate::script::Script;
use crate::seed::{self, Day};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scenario {
    /// Today, with jobs in every state. Nothing happens by itself.
    Day,
    /// Today and the six days after it.
    Week,
    /// A day on which customers are out, cancel, and move their visits.
    NoShows,
    /// A week of a large seller: a little over 5,000 jobs, most of them for technicians of its own.
    FiveThousand,
}

/// Technicians that make up 5,000 jobs in a week, with 8 a day for the first and 4 for every other one.
const MANY: usize = 178;
const JOBS_OF_MANY: usize = 8;

impl Scenario {
    pub const ALL: [Self; 4] = [Self::Day, Self::Week, Self::NoShows, Self::FiveThousand];

    /// As in the command's `--scenario`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::NoShows => "no-shows",
            Self::FiveThousand => "five-thousand",
        }
    }

    /// The scenario's jobs, laid around `now`. `jobs` are the first technician's per day.
    pub fn day(self, seed: u64, now: DateTime<Utc>, technicians: Vec<Technician>, jobs: usize) -> Day {
        match self {
            Self::Day | Self::NoShows => seed::training_day(seed, now, technicians, jobs),
            Self::Week => seed::training_week(seed, now, technicians, jobs),
            Self::FiveThousand => seed::training_week(seed, now, many(technicians), JOBS_OF_MANY),
        }
    }

    /// What happens to these visits from `now` on.
    pub(crate) fn script(self, seed: u64, visits: &[&Job], now: DateTime<Utc>) -> Script {
        let events = match self {
            Self::NoShows => storm(seed, visits, now),
            Self::Day | Self::Week | Self::FiveThousand => Vec::new(),
        };
        Script { events, ..Script::default() }
    }
}

/// Those given first, and as many made-up ones as it takes.
fn many(technicians: Vec<Technician>) -> Vec<Technician> {
    let more = (technicians.len() + 1..=MANY).map(|number| {
        Technician::new(
            &format!("TECH{number:03}"),
            &format!("RES{number:03}"),
            &format!("Sample Technician {number:03}"),
        )
    });
    technicians.iter().cloned().chain(more).collect()
}

/// Of ten customers with a visit still to come, three are out, two move it, two cancel, one cancels from the
/// road, and two are at home.
fn storm(seed: u64, visits: &[&Job], now: DateTime<Utc>) -> Vec<Event> {
    let mut dice = Dice::new(seed);
    let mut events = Vec::new();
    let soonest = now + TimeDelta::minutes(1);
    for job in visits {
        let Some(start) = job.active_appointment().map(|visit| visit.appointment_time.start_time) else {
            continue;
        };
        if start < now {
            continue;
        }
        let service_job_id = Which::Id(job.service_job_id.clone());
        let mut before = |least: i64, spread: u64| {
            let drawn = i64::try_from(dice.below("minutes", spread)).unwrap_or_default();
            (start - TimeDelta::minutes(least + drawn)).max(soonest)
        };
        let (on_the_eve, at_the_door) = (before(30, 150), before(1, 10));
        match dice.below("customer", 10) {
            0..=2 => events.push(Event::at(at_the_door, Change::Absent { service_job_id })),
            chance @ 3..=4 => {
                let by_minutes = Some(if chance == 3 { 120 } else { 24 * 60 });
                let change = Change::Reschedule { service_job_id, start_time: None, by_minutes };
                events.push(Event::at(on_the_eve, change));
            }
            5..=6 => events.push(Event::at(on_the_eve, Change::Cancel { service_job_id })),
            7 => {
                events
                    .push(Event::at(at_the_door, Change::Absent { service_job_id: service_job_id.clone() }));
                let cancelled = (start + TimeDelta::minutes(20)).max(soonest);
                events.push(Event::at(cancelled, Change::Cancel { service_job_id }));
            }
            _ => {}
        }
    }
    events
}

impl fmt::Display for Scenario {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Scenario {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let names = || Self::ALL.map(Self::name).join(", ");
        Self::ALL.into_iter().find(|s| s.name() == name).ok_or_else(|| format!("one of {}", names()))
    }
}
