//! The stores, what they offer and who works there.

use std::collections::BTreeSet;

use chrono::TimeDelta;

use super::catalogue::{IN_STORE, ONLINE, SERVICES, Service};
use super::{Day, MARKETPLACE, Plan, STORE, STRANGER};
use crate::job::Technician;
use crate::offering::{Offering, SchedulingType};
use crate::reservation::ReservationKind;
use crate::resource::{BackgroundCheck, Registration, Resource};
use crate::schedule::Availability;

/// The store with bays that buyers come to.
pub(super) const SECOND_STORE: &str = "sampletown-store-2";

/// How far ahead schedules reach: further than an appointment may be.
const AHEAD: TimeDelta = TimeDelta::days(400);

const SHIFT: TimeDelta = TimeDelta::hours(12);

impl Day {
    /// The seller's resources with their schedules.
    pub fn resources(&self) -> Vec<Resource> {
        let mut resources: Vec<Resource> = self.technicians.iter().map(|t| self.all_rounder(t)).collect();
        if let Plan::Training { .. } = self.plan {
            resources.extend(self.others());
        }
        resources
    }

    /// What may be booked, and where.
    pub fn offerings(&self) -> Vec<Offering> {
        let homes = SERVICES.iter().chain([&ONLINE]).map(|service| offering(service, STORE));
        homes.chain([offering(&IN_STORE, SECOND_STORE)]).collect()
    }

    /// Who is away when: resource, kind, time.
    pub(crate) fn reservations(&self) -> Vec<(String, ReservationKind, Availability)> {
        let Plan::Training { .. } = self.plan else { return Vec::new() };
        let mut away = Vec::new();
        for (turn, technician) in self.technicians.iter().enumerate() {
            let id = || technician.resource_id.clone();
            let noon = self.from + TimeDelta::hours(5);
            let lunch = Availability::daily(noon, TimeDelta::minutes(30), self.from + AHEAD);
            away.push((id(), ReservationKind::Break, lunch));
            if turn == 1 {
                let leave = Availability::once(self.from + TimeDelta::days(10), TimeDelta::days(3));
                away.push((id(), ReservationKind::Vacation, leave));
            }
        }
        away
    }

    /// Can do everything the seller offers in the first store.
    fn all_rounder(&self, technician: &Technician) -> Resource {
        Resource {
            skills: SERVICES.iter().chain([&IN_STORE, &ONLINE]).map(|s| s.skill.to_owned()).collect(),
            stores: set(&[STORE]),
            location_types: set(&["IN_HOME", "IN_STORE", "ONLINE"]),
            schedule: vec![self.shift(1)],
            ..Resource::of(technician)
        }
    }

    /// A shift every day. On a plain day it is the whole day, so that any hour of a test is working time.
    fn shift(&self, capacity: u32) -> Availability {
        let length = match self.plan {
            Plan::Rounds => TimeDelta::days(1),
            Plan::Training { .. } => SHIFT,
        };
        let since = self.from - TimeDelta::days(30);
        Availability { capacity, ..Availability::daily(since, length, self.from + AHEAD) }
    }

    /// Resources that may not be sent everywhere, each for a reason of its own, and the bays of the second
    /// store.
    fn others(&self) -> Vec<Resource> {
        let resource = |id, resource_id, name| self.all_rounder(&Technician::new(id, resource_id, name));
        vec![
            Resource {
                background_check: BackgroundCheck::Incomplete,
                ..resource("TECHC3", "RESC3", "Jo Placeholder")
            },
            Resource {
                skills: set(&["FURNITURE_ASSEMBLY"]),
                ..resource("TECHD4", "RESD4", "Lee Placeholder")
            },
            Resource { stores: set(&[SECOND_STORE]), ..resource("TECHE5", "RESE5", "Max Placeholder") },
            Resource {
                registration: Registration::NotRegistered,
                ..resource(STRANGER, "RESX9", "Sam Placeholder")
            },
            Resource {
                skills: set(&[IN_STORE.skill]),
                stores: set(&[SECOND_STORE]),
                location_types: set(&["IN_STORE"]),
                schedule: vec![self.shift(3)],
                ..resource("BAYS2", "RESBAYS2", "Bays of the second store")
            },
        ]
    }
}

fn offering(service: &Service, store_id: &str) -> Offering {
    Offering {
        marketplace_id: MARKETPLACE.into(),
        store_id: store_id.into(),
        asin: service.asin.into(),
        scheduling_type: match service.service_type {
            "heavybulky" => SchedulingType::NonRealTimeScheduling,
            _ => SchedulingType::RealTimeScheduling,
        },
        minutes: service.minutes,
        required_skills: vec![service.skill.into()],
        location_type: service.location.into(),
    }
}

fn set(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}
