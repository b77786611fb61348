//! What the customer or Amazon does to a job while the seller is not looking.

use chrono::{DateTime, Utc};

use super::State;
use crate::job::{Appointment, AppointmentStatus, AppointmentTime, AssignedTechnician, Job, JobStatus};

/// The sandbox has no such job, or the job has no active appointment to change.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnknownJob {
    #[error("there is no job {0}")]
    Job(String),
    #[error("job {0} has no active appointment")]
    Appointment(String),
}

impl State {
    /// The job as it is about to change; `lastUpdatedAfter` sees it again.
    pub(crate) fn touch(&mut self, job_id: &str, now: DateTime<Utc>) -> Result<&mut Job, UnknownJob> {
        let job = self.jobs.get_mut(job_id).ok_or_else(|| UnknownJob::Job(job_id.into()))?;
        job.last_updated = now;
        Ok(job)
    }

    /// The job is cancelled with its appointment.
    pub(crate) fn cancel(&mut self, job_id: &str, now: DateTime<Utc>) -> Result<(), UnknownJob> {
        let job = self.touch(job_id, now)?;
        job.service_job_status = JobStatus::Cancelled;
        if let Some(appointment) = job.active_appointment_mut() {
            appointment.appointment_status = AppointmentStatus::Cancelled;
        }
        Ok(())
    }

    /// The seed drew from the same dice: another kind, so that no id comes twice.
    fn new_appointment_id(&mut self, job_id: &str) -> String {
        format!("{job_id}_{}", self.dice.uuid("later appointment"))
    }

    /// The job gets an appointment, nobody assigned yet. Returns the appointment's id.
    pub(crate) fn appoint(
        &mut self,
        job_id: &str,
        appointment_time: AppointmentTime,
        now: DateTime<Utc>,
    ) -> Result<String, UnknownJob> {
        let appointment_id = self.new_appointment_id(job_id);
        let job = self.touch(job_id, now)?;
        job.appointments.push(Appointment {
            appointment_id: appointment_id.clone(),
            appointment_status: AppointmentStatus::Active,
            appointment_time,
            assigned_technicians: Vec::new(),
            rescheduled_appointment_id: None,
            poa: None,
        });
        job.service_job_status = JobStatus::NotServiced;
        Ok(appointment_id)
    }

    /// The seller moves the visit: another appointment, and technicians to assign anew. Returns its id.
    pub(crate) fn replace(
        &mut self,
        job_id: &str,
        appointment_time: AppointmentTime,
        now: DateTime<Utc>,
    ) -> Result<String, UnknownJob> {
        let job = self.jobs.get(job_id).ok_or_else(|| UnknownJob::Job(job_id.into()))?;
        if job.active_appointment().is_none() {
            return Err(UnknownJob::Appointment(job_id.into()));
        }
        let new_id = self.appoint(job_id, appointment_time, now)?;
        // The new one is the last: the first active one is the one it replaces.
        if let Some(old) = self.touch(job_id, now)?.active_appointment_mut() {
            old.appointment_status = AppointmentStatus::Cancelled;
            old.rescheduled_appointment_id = Some(new_id.clone());
        }
        Ok(new_id)
    }

    /// The customer moves the visit: the old appointment is cancelled and names its successor, which keeps length and
    /// technicians. Returns the new appointment's id.
    pub(crate) fn reschedule(
        &mut self,
        job_id: &str,
        start_time: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<String, UnknownJob> {
        let new_id = self.new_appointment_id(job_id);
        let job = self.jobs.get_mut(job_id).ok_or_else(|| UnknownJob::Job(job_id.into()))?;
        let old = job.active_appointment_mut().ok_or_else(|| UnknownJob::Appointment(job_id.into()))?;
        old.appointment_status = AppointmentStatus::Cancelled;
        old.rescheduled_appointment_id = Some(new_id.clone());
        let new = Appointment {
            appointment_id: new_id.clone(),
            appointment_status: AppointmentStatus::Active,
            appointment_time: AppointmentTime { start_time, ..old.appointment_time.clone() },
            assigned_technicians: old.assigned_technicians.clone(),
            rescheduled_appointment_id: None,
            poa: None,
        };
        job.appointments.push(new);
        job.last_updated = now;
        Ok(new_id)
    }

    /// The active appointment gets these technicians in place of the ones it had.
    pub(crate) fn assign(
        &mut self,
        job_id: &str,
        technician_ids: &[&str],
        now: DateTime<Utc>,
    ) -> Result<(), UnknownJob> {
        let technicians = technician_ids.iter().map(|id| self.assignee(id)).collect();
        let job = self.jobs.get_mut(job_id).ok_or_else(|| UnknownJob::Job(job_id.into()))?;
        let visit = job.active_appointment_mut().ok_or_else(|| UnknownJob::Appointment(job_id.into()))?;
        visit.assigned_technicians = technicians;
        job.last_updated = now;
        Ok(())
    }

    /// A technician by id, under the registered name if there is one.
    fn assignee(&self, technician_id: &str) -> AssignedTechnician {
        match self.resources.values().find(|r| r.technician_id == technician_id) {
            Some(resource) => resource.assigned(),
            None => AssignedTechnician { technician_id: technician_id.into(), name: technician_id.into() },
        }
    }
}
