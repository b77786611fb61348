//! Sending what ends or moves a visit. None of it can be repeated blindly, so each request asks first how the job
//! stands, and a reply that is lost is settled by asking again.

use super::{
    Reply, accepted,
    outcome::{Failure, MOST_ATTEMPTS, MOST_REFUSALS, notes},
};
use crate::{
    connection,
    db::{
        Tx,
        decision::Verdict,
        outbox::{Claim, NewCall, Task},
    },
    work::Worker,
};
use anyhow::Context as _;
use doorstep_core::{api::CallKind, time::Timestamp};
use doorstep_spapi::{
    AmazonAppointmentId, RescheduleAppointment, ServiceJobId,
    job::{Appointment, AppointmentStatus, JobStatus},
};

/// How a visit stands that is to begin at a certain time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Move {
    /// It does, under this id of Amazon's.
    Moved { to: String },
    /// It is still where it was.
    NotYet,
    /// Something else has become of it.
    Other { words: String },
}

impl Worker {
    /// Cancels a job that Amazon still shows as open.
    pub(super) async fn cancel(&self, job: &ServiceJobId, code: &str, claimed: Timestamp) -> Reply {
        match self.read_status(job).await {
            Reply::Status(Some(status)) if !matches!(status, JobStatus::Completed | JobStatus::Cancelled) => {
            }
            other => return other,
        }
        if self.is_late(claimed) {
            return Reply::TooLate;
        }
        match self.amazon.cancel_service_job(job, code).await {
            Ok(answer) => accepted(answer),
            Err(error) => Reply::Failed(Failure::from(&error)),
        }
    }

    /// Moves a visit that Amazon still shows where it was.
    pub(super) async fn reschedule(
        &self,
        job: &ServiceJobId,
        from: &AmazonAppointmentId,
        to: &RescheduleAppointment,
        claimed: Timestamp,
    ) -> Reply {
        match self.read_move(job, from, to.appointment_time.start_time.into()).await {
            Reply::Move(Move::NotYet) => {}
            other => return other,
        }
        if self.is_late(claimed) {
            return Reply::TooLate;
        }
        match self.amazon.reschedule_appointment(job, from, to).await {
            Ok(answer) => Reply::Moved {
                to: answer.value.appointment_id.as_str().to_owned(),
                notes: notes(&answer.warnings),
                request_id: answer.request_id,
            },
            Err(error) => Reply::Failed(Failure::from(&error)),
        }
    }

    pub(super) async fn read_move(
        &self,
        job: &ServiceJobId,
        from: &AmazonAppointmentId,
        start: Timestamp,
    ) -> Reply {
        match self.amazon.get_service_job_visits(job).await {
            Ok(answer) => {
                let read = answer.value;
                Reply::Move(match read.status {
                    Some(JobStatus::Completed | JobStatus::Cancelled) | None => {
                        let status = read.status.map_or_else(|| "closed".to_owned(), |it| it.to_string());
                        Move::Other { words: format!("Amazon shows the job as {status}.") }
                    }
                    Some(_) => standing(&read.visits, from.as_str(), start),
                })
            }
            Err(error) => Reply::Failed(Failure::from(&error)),
        }
    }

    /// Whoever was to come to a visit that moved is assigned again: Amazon takes them off.
    pub(super) async fn keep_move(
        &self,
        tx: &mut Tx,
        claim: &Claim,
        to: &str,
        now: Timestamp,
    ) -> anyhow::Result<()> {
        let app = &self.app;
        let decision = claim.decision.context("a visit that nobody decided to move")?;
        let stored = tx.decision(app.seller, decision).await?.context("a decision that is gone")?;
        tx.note_moved(app.seller, decision, to).await?;
        let Verdict::Reschedule { resources, .. } = stored.verdict else { return Ok(()) };
        if resources.is_empty() {
            return Ok(());
        }
        let (program, _) = connection::of_job(app, tx, claim.job).await?;
        let new = NewCall {
            job: claim.job,
            appointment: claim.appointment,
            kind: CallKind::Assign,
            program: &program,
            version: claim.version,
            photo: None,
            decision: Some(decision),
        };
        tx.enqueue_call(app.seller, &new, now).await?;
        Ok(())
    }
}

/// Whether a job's status shows that the call has taken effect.
pub(super) fn is_wanted(kind: CallKind, status: &JobStatus) -> bool {
    match kind {
        CallKind::Complete => *status == JobStatus::Completed,
        CallKind::Cancel => *status == JobStatus::Cancelled,
        _ => false,
    }
}

/// Whether a job's status lets the call be sent.
pub(super) fn is_before(kind: CallKind, status: &JobStatus) -> bool {
    match kind {
        CallKind::Complete => *status == JobStatus::NotServiced,
        CallKind::Cancel => !matches!(status, JobStatus::Completed | JobStatus::Cancelled),
        _ => false,
    }
}

/// Whether a call that has not taken effect is sent once more without a person. A completion that Amazon refuses may
/// only be too early: the report before it takes a while to be seen there. What somebody decided is refused for what
/// it is, unless an earlier reply was lost.
pub(super) fn may_go_again(claim: &Claim) -> bool {
    let is_refused = claim.task == Task::ReadBack && claim.lost_at.is_none() && claim.refusals > 0;
    claim.attempts < MOST_ATTEMPTS
        && claim.refusals < MOST_REFUSALS
        && (claim.kind == CallKind::Complete || !is_refused)
}

/// Where the visit is now.
fn standing(visits: &[Appointment], from: &str, start: Timestamp) -> Move {
    let id = |visit: &Appointment| visit.appointment_id.as_ref().map(|id| id.as_str().to_owned());
    let is_active =
        |visit: &&Appointment| visit.appointment_status.as_ref() == Some(&AppointmentStatus::Active);
    // There is one active visit at most.
    let Some(active) = visits.iter().find(is_active) else {
        return Move::Other { words: "Amazon shows no active visit of this job.".to_owned() };
    };
    let begins = active.appointment_time.as_ref().map(|time| Timestamp::from(time.start_time));
    match id(active) {
        Some(to) if begins == Some(start) => Move::Moved { to },
        Some(now) if now == from => Move::NotYet,
        _ => Move::Other { words: "Amazon shows another visit in place of this one.".to_owned() },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_visit_has_moved_when_the_active_one_begins_then() {
        let visit = |id: &str, status: &str, day: u32| {
            serde_json::from_value::<Appointment>(json!({ "appointmentId": id, "appointmentStatus": status,
                "appointmentTime": { "startTime": format!("2026-10-{day:02}T09:00:00Z"), "durationInMinutes": 60 } }))
            .unwrap()
        };
        let wanted = Timestamp(1_791_018_000_000);
        let to = |visits: &[Appointment]| standing(visits, "A-1", wanted);
        assert_eq!(to(&[visit("A-1", "ACTIVE", 1)]), Move::NotYet);
        let moved = Move::Moved { to: "A-2".to_owned() };
        assert_eq!(to(&[visit("A-1", "CANCELLED", 1), visit("A-2", "ACTIVE", 3)]), moved);
        assert_eq!(to(&[visit("A-1", "ACTIVE", 3)]), Move::Moved { to: "A-1".to_owned() });
        assert!(matches!(to(&[visit("A-1", "CANCELLED", 1), visit("A-2", "ACTIVE", 4)]), Move::Other { .. }));
        assert!(matches!(to(&[visit("A-1", "COMPLETED", 1)]), Move::Other { .. }));
        assert!(matches!(to(&[]), Move::Other { .. }));
    }
}
