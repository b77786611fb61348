//! addAppointmentForServiceJobByServiceJobId, and what adding and moving have in common.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use super::fulfilment::{absent, not_allowed, utc};
use super::{Call, Refusal, Reply};
use crate::job::{Appointment, AppointmentStatus, AppointmentTime, Job, JobStatus};
use crate::offering::{Offering, SchedulingType};
use crate::schedule::Span;
use crate::state::State;

/// How far ahead an appointment may be.
const FURTHEST: TimeDelta = TimeDelta::days(365);

/// How long an appointment is when nothing is configured for the service.
const USUAL_MINUTES: u32 = 60;

pub(super) fn add(state: &mut State, call: &Call, now: DateTime<Utc>) -> Result<Reply, Refusal> {
    let id = call.id("serviceJobId")?;
    let body = call.json()?;
    let wanted = Wanted::read(&body["appointmentTime"])?;
    let job = state.own_job(id, || absent(id))?;
    if !matches!(job.service_job_status, JobStatus::PendingSchedule | JobStatus::NotServiced) {
        return Err(not_allowed(id, job.service_job_status));
    }
    if job.active_appointment().is_some() {
        return Err(failed(id, "Job already has an active appointmentId."));
    }
    let appointment_time = wanted.check(state, job, now, None)?;
    let appointment_id = state.appoint(id, appointment_time, now)?;
    Ok(Reply::json(json!({ "appointmentId": appointment_id })))
}

/// `AppointmentTimeInput` of the model.
pub(super) struct Wanted {
    start: DateTime<Utc>,
    minutes: Option<u32>,
}

impl Wanted {
    pub(super) fn read(input: &Value) -> Result<Self, Refusal> {
        if !input.is_object() {
            return Err(Refusal::missing(&["appointmentTime"]));
        }
        if !input["startTime"].is_string() {
            return Err(Refusal::missing(&["startTime"]));
        }
        let minutes = match &input["durationInMinutes"] {
            Value::Null => None,
            value => match value.as_u64().and_then(|minutes| u32::try_from(minutes).ok()) {
                Some(minutes) => Some(minutes),
                None => return Err(Refusal::missing(&["durationInMinutes"])),
            },
        };
        Ok(Self { start: utc(&input["startTime"])?, minutes })
    }

    /// The time as it is going to be, if it can be. `in_place_of` is the appointment that it replaces.
    pub(super) fn check(
        &self,
        state: &State,
        job: &Job,
        now: DateTime<Utc>,
        in_place_of: Option<&str>,
    ) -> Result<AppointmentTime, Refusal> {
        let id = &job.service_job_id;
        if self.start <= now {
            return Err(failed(id, "Start time of appointment should be in the future."));
        }
        if self.start > now + FURTHEST {
            return Err(failed(id, "Start time is more than the allowed 365 days ahead."));
        }
        let offering = state.offering_of(job);
        let configured = offering.map(|offering| offering.minutes);
        if let (Some(configured), Some(wanted)) = (configured, self.minutes)
            && configured != wanted
        {
            return Err(failed(id, &format!("The duration of this service is {configured} minutes.")));
        }
        let duration_in_minutes = configured.or(self.minutes).unwrap_or(USUAL_MINUTES);
        let visit = Span::of(self.start, duration_in_minutes);
        if let Some(offering) = offering
            && !prefers(job, self.start)
            && !has_room(state, offering, visit, in_place_of)
        {
            return Err(slot_taken(id));
        }
        Ok(AppointmentTime { start_time: self.start, duration_in_minutes })
    }
}

/// The buyer asked for this time: Amazon keeps it for the seller to confirm.
fn prefers(job: &Job, start: DateTime<Utc>) -> bool {
    let times = job.fact("preferredAppointmentTimes").and_then(Value::as_array);
    times.into_iter().flatten().any(|time| utc(&time["startTime"]).is_ok_and(|preferred| preferred == start))
}

fn has_room(state: &State, offering: &Offering, visit: Span, in_place_of: Option<&str>) -> bool {
    offering.scheduling_type == SchedulingType::NonRealTimeScheduling
        || state.openings(offering, visit, in_place_of).capacity(visit).is_some_and(|free| free > 0)
}

/// 422: the slot went to somebody else, or never was one.
pub(crate) fn slot_taken(job_id: &str) -> Refusal {
    failed(job_id, "The time slot is not available any more.")
}

pub(super) fn failed(job_id: &str, reason: &str) -> Refusal {
    Refusal::rule(format!("Failed to add appointment for jobId : {job_id}, reason : {reason}"))
}

/// The appointment of a job, which must be there and active, on a job that is still to be done.
pub(super) fn active<'a>(
    state: &'a State,
    job_id: &str,
    appointment_id: &str,
) -> Result<(&'a Job, &'a Appointment), Refusal> {
    let job = state.own_job(job_id, || absent(job_id))?;
    let appointment = job.appointments.iter().find(|a| a.appointment_id == appointment_id);
    let appointment = appointment.ok_or_else(|| {
        Refusal::rule(format!("Appointment with id {appointment_id} is not present in the job."))
    })?;
    if job.service_job_status != JobStatus::NotServiced {
        return Err(not_allowed(job_id, job.service_job_status));
    }
    if appointment.appointment_status != AppointmentStatus::Active {
        return Err(Refusal::rule(format!("Appointment with id {appointment_id} is not active.")));
    }
    Ok((job, appointment))
}
