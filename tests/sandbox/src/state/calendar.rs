//! Who is free when: schedules, reservations and appointments looked at together. Nothing of it is stored.

use chrono::TimeDelta;

use super::State;
use crate::capacity::{self, Claim, ClaimKind, Levels, Step};
use crate::job::{Appointment, Job, JobStatus};
use crate::offering::{Offering, SchedulingType};
use crate::reservation::ReservationKind;
use crate::resource::{BackgroundCheck, Registration, Resource};
use crate::schedule::Span;

/// The steps of every resource that may take an offering, and what hangs over them unassigned.
pub(crate) struct Openings {
    scheduling: SchedulingType,
    resources: Vec<Vec<Step>>,
    unassigned: Vec<Span>,
}

impl State {
    pub(crate) fn offering_of(&self, job: &Job) -> Option<&Offering> {
        self.offerings.iter().find(|offering| offering.suits(job))
    }

    /// The resource's capacity throughout `span`. `apart_from` is an appointment that does not count: the one
    /// that is about to be assigned or moved.
    pub(crate) fn steps(&self, resource: &Resource, span: Span, apart_from: Option<&str>) -> Vec<Step> {
        let mut claims = Vec::new();
        for reservation in self.reservations.values() {
            if reservation.resource_id == resource.resource_id {
                let kind = match reservation.kind {
                    ReservationKind::Appointment => ClaimKind::Encumbers,
                    _ => ClaimKind::Reserves,
                };
                let amount = reservation.availability.capacity;
                let found = reservation.availability.occurrences(span);
                claims.extend(found.map(|span| Claim { span, amount, kind }));
            }
        }
        for (_, visit, appointment) in self.planned(apart_from).filter(|(_, visit, _)| visit.overlaps(span)) {
            let goes = appointment.assigned_technicians.iter();
            if goes.clone().any(|technician| technician.technician_id == resource.technician_id) {
                claims.push(Claim { span: visit, amount: 1, kind: ClaimKind::Encumbers });
            }
        }
        capacity::steps(span, &resource.schedule, &claims)
    }

    /// Every appointment that is to take place.
    fn planned(&self, apart_from: Option<&str>) -> impl Iterator<Item = (&Job, Span, &Appointment)> {
        let open = self.jobs.values().filter(|job| job.service_job_status == JobStatus::NotServiced);
        open.filter_map(|job| Some((job, job.active_appointment()?)))
            .filter(move |(_, appointment)| Some(appointment.appointment_id.as_str()) != apart_from)
            .map(|(job, appointment)| (job, appointment.appointment_time.span(), appointment))
    }

    /// How long Amazon takes an appointment of the resource to be: that of the first thing it may do.
    pub(crate) fn appointment_length(&self, resource: &Resource) -> TimeDelta {
        let offering = self.offerings.iter().find(|offering| suits(resource, offering));
        TimeDelta::minutes(offering.map_or(60, |offering| offering.minutes).into())
    }

    pub(crate) fn openings(&self, offering: &Offering, span: Span, apart_from: Option<&str>) -> Openings {
        let suitable = self.resources.values().filter(|resource| suits(resource, offering));
        let here = |job: &Job| job.text("storeId") == offering.store_id;
        let unassigned = self
            .planned(apart_from)
            .filter(|(job, visit, appointment)| {
                appointment.assigned_technicians.is_empty() && here(job) && visit.overlaps(span)
            })
            .map(|(_, visit, _)| visit);
        Openings {
            scheduling: offering.scheduling_type,
            resources: suitable.map(|resource| self.steps(resource, span, apart_from)).collect(),
            unassigned: unassigned.collect(),
        }
    }
}

/// Whether the resource may ever do this.
fn suits(resource: &Resource, offering: &Offering) -> bool {
    resource.registration == Registration::Registered
        && resource.background_check == BackgroundCheck::Complete
        && resource.stores.contains(&offering.store_id)
        && resource.location_types.contains(&offering.location_type)
        && offering.required_skills.iter().all(|skill| resource.skills.contains(skill))
}

impl Openings {
    /// How many resources could take a visit of this time, or none when nobody works then.
    pub(crate) fn capacity(&self, visit: Span) -> Option<u32> {
        let sum = |level: fn(Levels) -> u32| -> u32 {
            self.resources.iter().map(|steps| capacity::least(steps, visit, level)).sum()
        };
        let scheduled = sum(|levels| levels.scheduled);
        if scheduled == 0 {
            return None;
        }
        Some(match self.scheduling {
            SchedulingType::NonRealTimeScheduling => scheduled,
            SchedulingType::RealTimeScheduling => {
                let waiting = self.unassigned.iter().filter(|other| other.overlaps(visit)).count();
                let free = sum(Levels::available);
                free.saturating_sub(u32::try_from(waiting).unwrap_or(u32::MAX))
            }
        })
    }
}
