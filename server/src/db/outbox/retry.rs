//! Calls that wait for a person: tried again when one says so, and parked for good when the buyer's data expires.

use super::kind;
use crate::db::{Tx, id, on};
use doorstep_core::{
    api::CallKind,
    id::{AppointmentId, CallId, JobId, SellerId},
    time::Timestamp,
};

/// What became of a person's wish to try a call again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retry {
    /// It is due again.
    Again { appointment: AppointmentId, kind: CallKind },
    /// It is done, or on its way without a person.
    NotParked,
    /// The buyer's data has expired, and with it what is to be sent.
    Expired,
    /// The seller has no such call.
    Absent,
}

impl Tx {
    /// Makes a parked call due again, with as many attempts as a new one. What is known of earlier attempts stays:
    /// a completion that was ever sent is read back first, and nothing whose outcome was lost is sent before its
    /// fence is over. An expected arrival is left, once there is a report that says it.
    pub async fn retry_call(
        &mut self,
        seller: SellerId,
        call: CallId,
        now: Timestamp,
        fence_ms: i64,
    ) -> sqlx::Result<Retry> {
        let Some(job) = self.lane_of(seller, call).await? else { return Ok(Retry::Absent) };
        self.lock_lane(seller, job).await?;
        let (expires_at, key): (i64, Option<Vec<u8>>) = on!(self, |c| {
            sqlx::query_as(
                "SELECT expires_at, wrapped_key FROM service_job WHERE seller_id = $1 AND job_id = $2",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(job.as_bytes().as_slice())
            .fetch_one(c)
            .await
        })?;
        if key.is_none() || expires_at <= now.0 {
            return Ok(Retry::Expired);
        }
        let row: Option<(Vec<u8>, String)> = on!(self, |c| {
            sqlx::query_as(
                "UPDATE outbox SET attempts = 0, refusals = 0,
                   state = CASE WHEN kind IN ('complete', 'reschedule', 'cancel') AND sent_at IS NOT NULL THEN 'unknown'
                     WHEN kind = 'eta' AND EXISTS (
                       SELECT 1 FROM document d WHERE d.appointment_id = outbox.appointment_id AND d.closed_at IS NOT NULL)
                     THEN 'left' ELSE 'ready' END,
                   due_at = CASE WHEN lost_at IS NOT NULL AND sent_at + $4 > $3 THEN sent_at + $4 ELSE $3 END
                 WHERE seller_id = $1 AND outbox_id = $2 AND state = 'parked'
                 RETURNING appointment_id, kind",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(call.as_bytes().as_slice())
            .bind(now.0)
            .bind(fence_ms)
            .fetch_optional(c)
            .await
        })?;
        let Some((appointment, kind_of)) = row else { return Ok(Retry::NotParked) };
        Ok(Retry::Again { appointment: id(&appointment)?, kind: kind(&kind_of)? })
    }

    /// The visit of a call.
    pub async fn visit_of_call(
        &mut self,
        seller: SellerId,
        call: CallId,
    ) -> sqlx::Result<Option<AppointmentId>> {
        let row: Option<(Vec<u8>,)> = on!(self, |c| {
            sqlx::query_as("SELECT appointment_id FROM outbox WHERE seller_id = $1 AND outbox_id = $2")
                .bind(seller.as_bytes().as_slice())
                .bind(call.as_bytes().as_slice())
                .fetch_optional(c)
                .await
        })?;
        row.map(|(appointment,)| id(&appointment)).transpose()
    }

    async fn lane_of(&mut self, seller: SellerId, call: CallId) -> sqlx::Result<Option<JobId>> {
        let row: Option<(Vec<u8>,)> = on!(self, |c| {
            sqlx::query_as("SELECT job_id FROM outbox WHERE seller_id = $1 AND outbox_id = $2")
                .bind(seller.as_bytes().as_slice())
                .bind(call.as_bytes().as_slice())
                .fetch_optional(c)
                .await
        })?;
        row.map(|(job,)| id(&job)).transpose()
    }

    /// Parks what a job still has to send, and says what. A call that a worker holds right now is left to it, and
    /// one that waits for a switch needs nobody: it is left unsent.
    pub async fn park_calls(
        &mut self,
        seller: SellerId,
        job: JobId,
        reason: &str,
        now: Timestamp,
    ) -> sqlx::Result<Vec<(AppointmentId, CallKind)>> {
        self.lock_lane(seller, job).await?;
        on!(self, |c| {
            sqlx::query(
                "UPDATE outbox SET state = 'left', due_at = $4, reason = $3
                 WHERE seller_id = $1 AND job_id = $2 AND state = 'ready' AND outbox_id IN (
                   SELECT p.outbox_id FROM call_position p WHERE p.position <> 'send')",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(job.as_bytes().as_slice())
            .bind(reason)
            .bind(now.0)
            .execute(c)
            .await
            .map(|_| ())
        })?;
        let rows: Vec<(Vec<u8>, String)> = on!(self, |c| {
            sqlx::query_as(
                "UPDATE outbox SET state = 'parked', due_at = $4, reason = $3
                 WHERE seller_id = $1 AND job_id = $2 AND state IN ('ready', 'unknown')
                 RETURNING appointment_id, kind",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(job.as_bytes().as_slice())
            .bind(reason)
            .bind(now.0)
            .fetch_all(c)
            .await
        })?;
        rows.into_iter().map(|(appointment, kind_of)| Ok((id(&appointment)?, kind(&kind_of)?))).collect()
    }

    /// Parks what a visit has to send next and what is certainly not under way, and says what: what comes after waits
    /// for that. What was lost is left: only reading back tells what became of it. A cancellation is left as well: it
    /// looks at the job itself.
    pub async fn park_ready(
        &mut self,
        seller: SellerId,
        job: JobId,
        appointment: AppointmentId,
        reason: &str,
        now: Timestamp,
    ) -> sqlx::Result<Vec<(AppointmentId, CallKind)>> {
        self.lock_lane(seller, job).await?;
        let rows: Vec<(String,)> = on!(self, |c| {
            sqlx::query_as(
                "UPDATE outbox SET state = 'parked', due_at = $4, reason = $3
                 WHERE seller_id = $1 AND appointment_id = $2 AND state = 'ready'
                   AND kind NOT IN ('cancel', 'eta') AND NOT EXISTS (
                   SELECT 1 FROM outbox o WHERE o.seller_id = $1 AND o.appointment_id = $2
                     AND o.state IN ('ready', 'parked') AND o.rank < outbox.rank)
                 RETURNING kind",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(appointment.as_bytes().as_slice())
            .bind(reason)
            .bind(now.0)
            .fetch_all(c)
            .await
        })?;
        let mut parked = Vec::new();
        for (kind_of,) in rows {
            let call = (appointment, kind(&kind_of)?);
            if !parked.contains(&call) {
                parked.push(call);
            }
        }
        Ok(parked)
    }
}
