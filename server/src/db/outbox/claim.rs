//! Taking calls out of the outbox, one worker each.

use super::{kind, photo_id, state};
use crate::db::{Tx, id, on, photo::sha256};
use doorstep_core::{
    api::{CallKind, CallState},
    digest::Sha256,
    id::{AppointmentId, CallId, DecisionId, JobId, PhotoId, SellerId},
    time::Timestamp,
};

/// What a worker does with a call it claimed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Task {
    /// Send the request. The row says `sent`.
    Send,
    /// Ask Amazon whether an earlier request took effect. The row stays `unknown`.
    ReadBack,
}

/// A call that one worker holds until its lease is over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    pub id: CallId,
    pub task: Task,
    pub job: JobId,
    pub appointment: AppointmentId,
    pub kind: CallKind,
    /// The photo of a document.
    pub photo: Option<PhotoId>,
    /// What it carries out, of calls that somebody decided.
    pub decision: Option<DecisionId>,
    /// Tells calls of one kind and visit apart.
    pub version: i64,
    /// Which claim of this call it is, counted over its whole life. Settling names it, so that an answer which comes
    /// after the lease, when another worker has taken over, changes nothing.
    pub number: i64,
    /// Attempts since it was queued or retried by a person, this one included.
    pub attempts: i64,
    /// Of these, refusals for the state the job is in at Amazon.
    pub refusals: i64,
    /// When this attempt, or the one to be read back, was sent.
    pub sent_at: Timestamp,
    /// When the outcome of an attempt was first lost: Amazon may have its effect.
    pub lost_at: Option<Timestamp>,
    /// Of the body of the attempt before this one.
    pub body_hash: Option<Sha256>,
    /// Why it was not done before.
    pub reason: Option<String>,
}

impl Tx {
    /// Turns attempts whose lease is over into `unknown`: the worker that made them died, and nobody knows how far
    /// it came. In a transaction of its own, so that it waits for no lane while it holds rows.
    pub async fn expire_leases(
        &mut self,
        seller: SellerId,
        now: Timestamp,
        fence_ms: i64,
    ) -> sqlx::Result<u64> {
        on!(self, |c| {
            sqlx::query(
                "UPDATE outbox SET state = 'unknown', lost_at = COALESCE(lost_at, sent_at), due_at = sent_at + $3
                 WHERE seller_id = $1 AND state = 'sent' AND due_at <= $2",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(now.0)
            .bind(fence_ms)
            .execute(c)
            .await
            .map(|done| done.rows_affected())
        })
    }

    /// Claims one call that is due, until `now + lease_ms`. Commit before anything is sent.
    ///
    /// What only the job's state can settle is read back; the other kinds are safe to repeat once the fence is
    /// over, so they are claimed to be sent again. Whatever would be sent is claimed only while its switch says so.
    pub async fn claim_call(
        &mut self,
        seller: SellerId,
        now: Timestamp,
        lease_ms: i64,
    ) -> sqlx::Result<Option<Claim>> {
        self.hold_switches().await?;
        while let Some((call, job)) = self.due_call(seller, now).await? {
            // Another worker may have claimed in this lane since it was looked at. The lane is locked by now, so
            // this look is the last word.
            if let Some(claim) = self.take_call(seller, call, job, now, lease_ms).await? {
                return Ok(Some(claim));
            }
        }
        Ok(None)
    }

    /// A call that looks due, with its lane locked for this transaction. On SQLite the writer is alone anyway.
    async fn due_call(&mut self, seller: SellerId, now: Timestamp) -> sqlx::Result<Option<(CallId, JobId)>> {
        let row: Option<(Vec<u8>, Vec<u8>)> = match self {
            Self::Sqlite(tx) => {
                sqlx::query_as(
                    "SELECT c.outbox_id, c.job_id FROM outbox c JOIN call_position p ON p.outbox_id = c.outbox_id
                     WHERE c.seller_id = $1 AND c.due_at <= $2
                       AND (p.position = 'send' OR (c.state = 'unknown' AND c.kind IN ('complete', 'reschedule', 'cancel')))
                       AND (c.state = 'unknown' OR (c.state = 'ready' AND NOT EXISTS (
                         SELECT 1 FROM outbox o WHERE o.seller_id = c.seller_id AND o.job_id = c.job_id
                           AND (o.state IN ('sent', 'unknown') OR (o.state NOT IN ('done', 'left') AND o.rank < c.rank)))))
                     ORDER BY c.due_at, c.rank, c.outbox_id LIMIT 1",
                )
                .bind(seller.as_bytes().as_slice())
                .bind(now.0)
                .fetch_optional(&mut **tx)
                .await?
            }
            // SKIP LOCKED: who holds the lane is claiming or settling in it, and there are other lanes.
            Self::Postgres(tx) => {
                sqlx::query_as(
                    "SELECT c.outbox_id, c.job_id FROM outbox c JOIN service_job j ON j.job_id = c.job_id AND j.seller_id = c.seller_id
                     JOIN call_position p ON p.outbox_id = c.outbox_id
                     WHERE c.seller_id = $1 AND c.due_at <= $2
                       AND (p.position = 'send' OR (c.state = 'unknown' AND c.kind IN ('complete', 'reschedule', 'cancel')))
                       AND (c.state = 'unknown' OR (c.state = 'ready' AND NOT EXISTS (
                         SELECT 1 FROM outbox o WHERE o.seller_id = c.seller_id AND o.job_id = c.job_id
                           AND (o.state IN ('sent', 'unknown') OR (o.state NOT IN ('done', 'left') AND o.rank < c.rank)))))
                     ORDER BY c.due_at, c.rank, c.outbox_id LIMIT 1
                     FOR NO KEY UPDATE OF j SKIP LOCKED",
                )
                .bind(seller.as_bytes().as_slice())
                .bind(now.0)
                .fetch_optional(&mut **tx)
                .await?
            }
        };
        row.map(|(call, job)| Ok((id(&call)?, id(&job)?))).transpose()
    }

    async fn take_call(
        &mut self,
        seller: SellerId,
        call: CallId,
        job: JobId,
        now: Timestamp,
        lease_ms: i64,
    ) -> sqlx::Result<Option<Claim>> {
        type Row = (
            Vec<u8>,
            String,
            String,
            Option<Vec<u8>>,
            i64,
            i64,
            i64,
            Option<i64>,
            Option<i64>,
            Option<Vec<u8>>,
            Option<String>,
            Option<Vec<u8>>,
            i64,
        );
        let row: Option<Row> = on!(self, |c| {
            sqlx::query_as(
                "UPDATE outbox SET claims = claims + 1, attempts = attempts + 1, due_at = $3 + $4,
                   sent_at = CASE WHEN state = 'unknown' AND kind IN ('complete', 'reschedule', 'cancel') THEN sent_at ELSE $3 END,
                   state = CASE WHEN state = 'unknown' AND kind IN ('complete', 'reschedule', 'cancel') THEN 'unknown' ELSE 'sent' END
                 WHERE seller_id = $1 AND outbox_id = $2 AND due_at <= $3
                   AND ((state = 'unknown' AND kind IN ('complete', 'reschedule', 'cancel')) OR EXISTS (
                     SELECT 1 FROM call_position p WHERE p.outbox_id = outbox.outbox_id AND p.position = 'send'))
                   AND (state = 'unknown' OR (state = 'ready' AND NOT EXISTS (
                     SELECT 1 FROM outbox o WHERE o.seller_id = $1 AND o.job_id = outbox.job_id
                       AND (o.state IN ('sent', 'unknown') OR (o.state NOT IN ('done', 'left') AND o.rank < outbox.rank)))))
                 RETURNING appointment_id, kind, state, photo_id, claims, attempts, refusals, sent_at, lost_at,
                   body_hash, reason, decision_id, desired_version",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(call.as_bytes().as_slice())
            .bind(now.0)
            .bind(lease_ms)
            .fetch_optional(c)
            .await
        })?;
        let Some((
            appointment,
            kind_of,
            state_of,
            photo,
            number,
            attempts,
            refusals,
            sent_at,
            lost_at,
            body_hash,
            reason,
            decision,
            version,
        )) = row
        else {
            return Ok(None);
        };
        Ok(Some(Claim {
            id: call,
            task: if state(&state_of)? == CallState::Sent { Task::Send } else { Task::ReadBack },
            job,
            appointment: id(&appointment)?,
            kind: kind(&kind_of)?,
            photo: photo_id(photo)?,
            decision: decision.map(|decision| id(&decision)).transpose()?,
            version,
            number,
            attempts,
            refusals,
            sent_at: Timestamp(sent_at.unwrap_or(now.0)),
            lost_at: lost_at.map(Timestamp),
            body_hash: body_hash.map(|hash| sha256(&hash)).transpose()?,
            reason,
        }))
    }

    /// Notes what is about to be sent, in the transaction of its claim.
    pub async fn note_body(&mut self, seller: SellerId, claim: &Claim, hash: Sha256) -> sqlx::Result<()> {
        on!(self, |c| {
            sqlx::query("UPDATE outbox SET body_hash = $3 WHERE seller_id = $1 AND outbox_id = $2")
                .bind(seller.as_bytes().as_slice())
                .bind(claim.id.as_bytes().as_slice())
                .bind(hash.as_bytes().as_slice())
                .execute(c)
                .await
                .map(|_| ())
        })
    }
}
