//! Putting calls into the outbox, and leaving those that something else took the place of.

use super::{call_id, kind_name, photo_id, rank};
use crate::{
    connection::operation_of,
    db::{Tx, on},
};
use doorstep_core::{
    api::CallKind,
    id::{AppointmentId, DecisionId, JobId, PhotoId, SellerId},
    time::Timestamp,
};

/// The desired state that the first closeout of a visit reports. A correction would be version 2.
const FIRST_VERSION: i64 = 1;

/// Why an expected arrival is not sent by itself any more.
pub(super) const IN_THE_REPORT: &str = "The report of the visit says it.";
/// Why an expected arrival is not sent at all.
const SAID_ANEW: &str = "The technician said another time.";
/// Why a photo is not sent.
const TAKEN_OUT: &str = "The photo was taken out.";

/// What a reported visit is the end of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ends {
    /// The job is completed.
    Job,
    /// Only this visit: the job wants another one.
    Visit,
}

/// A call as it is put into the outbox.
#[derive(Clone, Copy, Debug)]
pub struct NewCall<'a> {
    pub job: JobId,
    pub appointment: AppointmentId,
    pub kind: CallKind,
    /// The program of the job, whose switches it is under; empty for none.
    pub program: &'a str,
    /// Tells calls of one kind and visit apart.
    pub version: i64,
    pub photo: Option<PhotoId>,
    pub decision: Option<DecisionId>,
}

impl Tx {
    /// Puts all calls of a closeout into the outbox: one per photo, the fulfilment, and the completion where the visit
    /// ends the job. Repeating it changes nothing. `program` is the job's, whose switches they are under; empty for
    /// none.
    #[expect(clippy::too_many_arguments, reason = "what a closeout consists of")]
    pub async fn enqueue_closeout(
        &mut self,
        seller: SellerId,
        job: JobId,
        appointment: AppointmentId,
        program: &str,
        photos: &[PhotoId],
        ends: Ends,
        now: Timestamp,
    ) -> sqlx::Result<()> {
        self.drop_calls(seller, job, &[CallKind::Eta], IN_THE_REPORT, now).await?;
        let documents = photos.iter().map(|photo| (CallKind::Document, Some(*photo)));
        let end = (ends == Ends::Job).then_some((CallKind::Complete, None));
        for (kind, photo) in documents.chain([(CallKind::Fulfilment, None)]).chain(end) {
            let version = FIRST_VERSION;
            let call = NewCall { job, appointment, kind, program, version, photo, decision: None };
            self.enqueue_call(seller, &call, now).await?;
        }
        Ok(())
    }

    /// Puts one call into the outbox. False when it is there already.
    pub async fn enqueue_call(
        &mut self,
        seller: SellerId,
        new: &NewCall<'_>,
        now: Timestamp,
    ) -> sqlx::Result<bool> {
        let call = call_id(new.appointment, new.kind, new.version, new.photo);
        let rows = on!(self, |c| {
            sqlx::query(
                "INSERT INTO outbox (outbox_id, seller_id, job_id, appointment_id, kind, rank, photo_id,
                                     desired_version, state, due_at, created_at, operation, program, decision_id)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'ready', $9, $9, $10, $11, $12) ON CONFLICT DO NOTHING",
            )
            .bind(call.as_bytes().as_slice())
            .bind(seller.as_bytes().as_slice())
            .bind(new.job.as_bytes().as_slice())
            .bind(new.appointment.as_bytes().as_slice())
            .bind(kind_name(new.kind))
            .bind(rank(new.kind))
            .bind(new.photo.as_ref().map(|photo| photo.as_bytes().as_slice()))
            .bind(new.version)
            .bind(now.0)
            .bind(operation_of(new.kind).name)
            .bind(new.program)
            .bind(new.decision.as_ref().map(|decision| decision.as_bytes().as_slice()))
            .execute(c)
            .await
            .map(|done| done.rows_affected())
        })?;
        Ok(rows > 0)
    }

    /// Puts an expected arrival into the outbox, in place of what was expected before; what is under way goes on. The
    /// same one twice is one call.
    pub async fn replace_eta(
        &mut self,
        seller: SellerId,
        new: &NewCall<'_>,
        now: Timestamp,
    ) -> sqlx::Result<()> {
        let last: Option<(i64,)> = on!(self, |c| {
            sqlx::query_as(
                "SELECT desired_version FROM outbox WHERE seller_id = $1 AND appointment_id = $2 AND kind = 'eta'
                   AND state <> 'left' ORDER BY created_at DESC, desired_version DESC LIMIT 1",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(new.appointment.as_bytes().as_slice())
            .fetch_optional(c)
            .await?
        });
        if last != Some((new.version,)) {
            self.drop_calls(seller, new.job, &[CallKind::Eta], SAID_ANEW, now).await?;
            self.enqueue_call(seller, new, now).await?;
        }
        Ok(())
    }

    /// Leaves a job's calls of these kinds unsent for good, as far as they are not under way: something else is done
    /// instead. Says how many. What Amazon may have the effect of stays, but for an expected arrival: after whatever
    /// takes its place it would come too late.
    pub async fn drop_calls(
        &mut self,
        seller: SellerId,
        job: JobId,
        kinds: &[CallKind],
        reason: &str,
        now: Timestamp,
    ) -> sqlx::Result<u64> {
        self.lock_lane(seller, job).await?;
        let mut dropped = 0;
        for kind in kinds {
            dropped += on!(self, |c| {
                sqlx::query(
                    "UPDATE outbox SET state = 'left', due_at = $5, reason = $4
                     WHERE seller_id = $1 AND job_id = $2 AND kind = $3 AND state IN ('ready', 'parked')
                       AND (lost_at IS NULL OR kind = 'eta')",
                )
                .bind(seller.as_bytes().as_slice())
                .bind(job.as_bytes().as_slice())
                .bind(kind_name(*kind))
                .bind(reason)
                .bind(now.0)
                .execute(c)
                .await
                .map(|done| done.rows_affected())
            })?;
        }
        Ok(dropped)
    }

    /// Makes the reports of a job due that were left for this reason, with as many attempts as new ones.
    pub async fn resume_reports(
        &mut self,
        seller: SellerId,
        job: JobId,
        reason: &str,
        now: Timestamp,
    ) -> sqlx::Result<()> {
        self.lock_lane(seller, job).await?;
        on!(self, |c| {
            sqlx::query(
                "UPDATE outbox SET state = 'ready', due_at = $4, attempts = 0, refusals = 0, reason = NULL
                 WHERE seller_id = $1 AND job_id = $2 AND kind IN ('document', 'fulfilment', 'complete')
                   AND state = 'left' AND reason = $3",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(job.as_bytes().as_slice())
            .bind(reason)
            .bind(now.0)
            .execute(c)
            .await
            .map(|_| ())
        })
    }

    /// Leaves the photos of a visit unsent that are not among these, as far as they are not under way.
    pub async fn leave_documents_but(
        &mut self,
        seller: SellerId,
        job: JobId,
        appointment: AppointmentId,
        photos: &[PhotoId],
        now: Timestamp,
    ) -> sqlx::Result<()> {
        self.lock_lane(seller, job).await?;
        let rows: Vec<(Option<Vec<u8>>,)> = on!(self, |c| {
            sqlx::query_as(
                "SELECT photo_id FROM outbox WHERE seller_id = $1 AND appointment_id = $2 AND kind = 'document'
                   AND state IN ('ready', 'parked')",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(appointment.as_bytes().as_slice())
            .fetch_all(c)
            .await
        })?;
        for (photo,) in rows {
            let Some(photo) = photo_id(photo)?.filter(|photo| !photos.contains(photo)) else { continue };
            on!(self, |c| {
                sqlx::query(
                    "UPDATE outbox SET state = 'left', due_at = $4, reason = $5
                     WHERE seller_id = $1 AND appointment_id = $2 AND photo_id = $3",
                )
                .bind(seller.as_bytes().as_slice())
                .bind(appointment.as_bytes().as_slice())
                .bind(photo.as_bytes().as_slice())
                .bind(now.0)
                .bind(TAKEN_OUT)
                .execute(c)
                .await
                .map(|_| ())
            })?;
        }
        Ok(())
    }
}
