//! Calls that waited for a switch: let go when it was moved, or left unsent for good.

use super::{kind, photo_id};
use crate::db::{Tx, connection::position, id, on};
use doorstep_core::{
    api::{CallKind, SwitchPosition},
    id::{AppointmentId, CallId, DecisionId, JobId, PhotoId, SellerId},
    time::Timestamp,
};

/// A call that waits for its switch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ready {
    pub id: CallId,
    pub kind: CallKind,
    pub photo: Option<PhotoId>,
    /// What it carries out, of calls that somebody decided.
    pub decision: Option<DecisionId>,
    pub position: SwitchPosition,
}

/// Why a call is left.
const NOT_WANTED: &str = "Left unsent when sending was switched on.";

impl Tx {
    /// The calls of a visit that wait for their switch or behind one that does, in the order in which they go.
    pub async fn held_calls(
        &mut self,
        seller: SellerId,
        appointment: AppointmentId,
    ) -> sqlx::Result<Vec<Ready>> {
        type Row = (Vec<u8>, String, Option<Vec<u8>>, String, Option<Vec<u8>>);
        let rows: Vec<Row> = on!(self, |c| {
            sqlx::query_as(
                "SELECT c.outbox_id, c.kind, c.photo_id, p.position, c.decision_id
                 FROM outbox c JOIN call_position p ON p.outbox_id = c.outbox_id
                 WHERE c.seller_id = $1 AND c.appointment_id = $2 AND c.state = 'ready' AND EXISTS (
                   SELECT 1 FROM outbox o JOIN call_position h ON h.outbox_id = o.outbox_id
                   WHERE o.seller_id = $1 AND o.job_id = c.job_id AND o.state = 'ready' AND o.rank <= c.rank
                     AND h.position <> 'send')
                 ORDER BY c.rank, c.photo_id",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(appointment.as_bytes().as_slice())
            .fetch_all(c)
            .await
        })?;
        rows.into_iter()
            .map(|(call, kind_of, photo, at, decision)| {
                Ok(Ready {
                    id: id(&call)?,
                    kind: kind(&kind_of)?,
                    photo: photo_id(photo)?,
                    decision: decision.map(|decision| id(&decision)).transpose()?,
                    position: position(&at)?,
                })
            })
            .collect()
    }

    /// How many calls of an operation a visit has that are not sent.
    pub async fn count_ready(
        &mut self,
        seller: SellerId,
        appointment: AppointmentId,
        operation: &str,
    ) -> sqlx::Result<u32> {
        let (calls,): (i64,) = on!(self, |c| {
            sqlx::query_as(
                "SELECT COUNT(*) FROM outbox
                 WHERE seller_id = $1 AND appointment_id = $2 AND operation = $3 AND state = 'ready'",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(appointment.as_bytes().as_slice())
            .bind(operation)
            .fetch_one(c)
            .await
        })?;
        Ok(u32::try_from(calls).unwrap_or(u32::MAX))
    }

    /// Makes the calls of an operation that waited for its switch due now, and says how many. A pause that an
    /// earlier attempt is still in is kept.
    pub async fn release_calls(
        &mut self,
        seller: SellerId,
        job: JobId,
        appointment: AppointmentId,
        operation: &str,
        now: Timestamp,
    ) -> sqlx::Result<u32> {
        self.lock_lane(seller, job).await?;
        let rows = on!(self, |c| {
            sqlx::query(
                "UPDATE outbox SET due_at = CASE WHEN due_at > $4 THEN due_at ELSE $4 END
                 WHERE seller_id = $1 AND appointment_id = $2 AND operation = $3 AND state = 'ready'",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(appointment.as_bytes().as_slice())
            .bind(operation)
            .bind(now.0)
            .execute(c)
            .await
            .map(|done| done.rows_affected())
        })?;
        Ok(u32::try_from(rows).unwrap_or(u32::MAX))
    }

    /// Leaves a visit's calls of an operation unsent for good, with all that come after them, since Amazon would get
    /// those without what they stand on. Says how many.
    pub async fn leave_calls(
        &mut self,
        seller: SellerId,
        job: JobId,
        appointment: AppointmentId,
        operation: &str,
        now: Timestamp,
    ) -> sqlx::Result<u32> {
        self.lock_lane(seller, job).await?;
        let rows = on!(self, |c| {
            sqlx::query(
                "UPDATE outbox SET state = 'left', due_at = $4, reason = $5
                 WHERE seller_id = $1 AND appointment_id = $2 AND state = 'ready' AND (operation = $3
                   OR (kind = 'assign' AND $3 LIKE 'reschedule%')
                   OR (kind IN ('document', 'fulfilment', 'complete') AND rank >= (
                     SELECT MIN(o.rank) FROM outbox o
                     WHERE o.seller_id = $1 AND o.appointment_id = $2 AND o.operation = $3)))",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(appointment.as_bytes().as_slice())
            .bind(operation)
            .bind(now.0)
            .bind(NOT_WANTED)
            .execute(c)
            .await
            .map(|done| done.rows_affected())
        })?;
        Ok(u32::try_from(rows).unwrap_or(u32::MAX))
    }
}
