//! What came of a claimed call, and what follows for the others of its visit.

use super::{
    claim::{Claim, Task},
    enqueue::IN_THE_REPORT,
    state_name,
};
use crate::db::{Tx, on};
use doorstep_core::{
    api::{CallKind, CallState},
    id::{AppointmentId, JobId, SellerId},
    time::Timestamp,
};

/// How a claimed call ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Settlement {
    Done {
        request_id: Option<String>,
        /// What there is to say about a success.
        reason: Option<String>,
    },
    /// Nothing happened at Amazon, or what happened may happen again: try again at `due_at`.
    Again { due_at: Timestamp, counts: Counts, reason: Option<String> },
    /// Amazon may have the effect, or get it yet: read back at `due_at`.
    Lost { due_at: Timestamp, reason: Option<String> },
    /// The request had no effect, but an earlier one may have had: read back at `due_at`.
    Doubtful { due_at: Timestamp, reason: Option<String> },
    /// Needs a person. `lost_at` when Amazon may have the effect all the same.
    Parked { reason: String, lost_at: Option<Timestamp> },
}

/// Whether an attempt brings a call nearer to being parked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counts {
    Yes,
    /// It did a part of the work, or was only asked to wait.
    No,
}

impl Tx {
    /// Writes down how a claimed call ended. False when the lease was over and somebody else has claimed it since:
    /// then theirs is the word, and nothing is changed. An expected arrival is not tried again once the closeout is
    /// handed over: it would come after the report, and may replace it.
    pub async fn settle_call(
        &mut self,
        seller: SellerId,
        claim: &Claim,
        settlement: &Settlement,
        now: Timestamp,
    ) -> sqlx::Result<bool> {
        self.lock_lane(seller, claim.job).await?;
        let is_over = claim.kind == CallKind::Eta && self.is_handed_over(seller, claim.appointment).await?;
        let (next, due_at, uncounted, lost_at, done_at) = match settlement {
            Settlement::Done { .. } => (CallState::Done, now, 0, None, Some(now)),
            Settlement::Again { .. } if is_over => (CallState::Left, now, 0, None, None),
            Settlement::Again { due_at, counts, .. } => {
                (CallState::Ready, *due_at, i64::from(*counts == Counts::No), None, None)
            }
            Settlement::Lost { due_at, .. } => (CallState::Unknown, *due_at, 0, Some(claim.sent_at), None),
            Settlement::Doubtful { due_at, .. } => (CallState::Unknown, *due_at, 0, None, None),
            Settlement::Parked { lost_at, .. } => (CallState::Parked, now, 0, *lost_at, None),
        };
        let (request_id, reason) = match settlement {
            Settlement::Done { request_id, reason } => (request_id.as_deref(), reason.as_deref()),
            Settlement::Again { .. } if is_over => (None, Some(IN_THE_REPORT)),
            Settlement::Again { reason, .. }
            | Settlement::Lost { reason, .. }
            | Settlement::Doubtful { reason, .. } => (None, reason.as_deref()),
            Settlement::Parked { reason, .. } => (None, Some(reason.as_str())),
        };
        // Not the question whether it took effect: that one failed, it was not refused.
        let refused = claim.task == Task::Send && matches!(settlement, Settlement::Doubtful { .. });
        let rows = on!(self, |c| {
            sqlx::query(
                "UPDATE outbox SET state = $4, due_at = $5, attempts = attempts - $6, refusals = refusals + $11,
                   lost_at = COALESCE(lost_at, $7), done_at = $8, request_id = COALESCE($9, request_id),
                   reason = CASE WHEN $4 = 'done' THEN $10 ELSE COALESCE($10, reason) END
                 WHERE seller_id = $1 AND outbox_id = $2 AND claims = $3 AND state IN ('sent', 'unknown')",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(claim.id.as_bytes().as_slice())
            .bind(claim.number)
            .bind(state_name(next))
            .bind(due_at.0)
            .bind(uncounted)
            .bind(lost_at.map(|at| at.0))
            .bind(done_at.map(|at| at.0))
            .bind(request_id)
            .bind(reason)
            .bind(i64::from(refused))
            .execute(c)
            .await
            .map(|done| done.rows_affected())
        })?;
        Ok(rows == 1)
    }

    async fn is_handed_over(&mut self, seller: SellerId, appointment: AppointmentId) -> sqlx::Result<bool> {
        let (closed,): (i64,) = on!(self, |c| {
            sqlx::query_as(
                "SELECT COUNT(*) FROM document
                 WHERE seller_id = $1 AND appointment_id = $2 AND closed_at IS NOT NULL",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(appointment.as_bytes().as_slice())
            .fetch_one(c)
            .await
        })?;
        Ok(closed > 0)
    }

    /// Locks the lane of a job until the commit, before any of its rows: claims lock in the same order.
    pub(in crate::db) async fn lock_lane(&mut self, seller: SellerId, job: JobId) -> sqlx::Result<()> {
        match self {
            Self::Sqlite(_) => Ok(()),
            Self::Postgres(tx) => sqlx::query(
                "SELECT 1 FROM service_job WHERE seller_id = $1 AND job_id = $2 FOR NO KEY UPDATE",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(job.as_bytes().as_slice())
            .execute(&mut **tx)
            .await
            .map(|_| ()),
        }
    }

    /// Sends a visit's documents again to new destinations. Only for a fulfilment that certainly took no effect;
    /// see `fulfilment_may_be_known`.
    pub async fn repeat_documents(
        &mut self,
        seller: SellerId,
        appointment: AppointmentId,
        now: Timestamp,
    ) -> sqlx::Result<()> {
        on!(self, |c| {
            sqlx::query(
                "UPDATE outbox SET state = 'ready', due_at = $3, done_at = NULL
                 WHERE seller_id = $1 AND appointment_id = $2 AND kind = 'document' AND state = 'done'",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(appointment.as_bytes().as_slice())
            .bind(now.0)
            .execute(c)
            .await
            .map(|_| ())
        })?;
        on!(self, |c| {
            sqlx::query(
                "DELETE FROM amazon_document WHERE seller_id = $1
                   AND photo_id IN (SELECT photo_id FROM outbox WHERE seller_id = $1 AND appointment_id = $2)",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(appointment.as_bytes().as_slice())
            .execute(c)
            .await
            .map(|_| ())
        })
    }

    /// Whether Amazon may know a visit's documents by their destinations: then none gets another one, since nobody
    /// outside Amazon knows whether a second fulfilment replaces documents or adds to them.
    pub async fn fulfilment_may_be_known(
        &mut self,
        seller: SellerId,
        appointment: AppointmentId,
    ) -> sqlx::Result<bool> {
        let (calls,): (i64,) = on!(self, |c| {
            sqlx::query_as(
                "SELECT COUNT(*) FROM outbox WHERE seller_id = $1 AND appointment_id = $2 AND kind = 'fulfilment'
                   AND (state IN ('sent', 'unknown', 'done') OR lost_at IS NOT NULL)",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(appointment.as_bytes().as_slice())
            .fetch_one(c)
            .await
        })?;
        Ok(calls > 0)
    }

    /// Notes how Amazon has a job (`COMPLETED`, `CANCELLED`), before the next intake says so.
    pub async fn note_status(
        &mut self,
        seller: SellerId,
        job: JobId,
        status: &str,
        now: Timestamp,
    ) -> sqlx::Result<()> {
        on!(self, |c| {
            sqlx::query(
                "UPDATE service_job SET status = $4, changed_at = $3 WHERE seller_id = $1 AND job_id = $2",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(job.as_bytes().as_slice())
            .bind(now.0)
            .bind(status)
            .execute(c)
            .await
            .map(|_| ())
        })
    }
}
