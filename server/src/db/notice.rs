//! What Amazon did to visits while people worked on them, and who had a visit before.

use super::{Tx, id, on};
use doorstep_core::{
    id::{AppointmentId, JobId, SellerId, UserId},
    job::{Notice, NoticeKind, Window},
    time::Timestamp,
};

/// A visit that moves more than once within this long was to be when it was to be at first.
const SAME_MOVE_MS: i64 = 24 * 3_600_000;

impl Tx {
    /// The notices of a visit in the order they came.
    pub async fn notices(
        &mut self,
        seller: SellerId,
        appointment: AppointmentId,
    ) -> sqlx::Result<Vec<Notice>> {
        type Row = (String, i64, Option<i64>, Option<i64>, Option<i64>);
        let rows: Vec<Row> = on!(self, |c| {
            sqlx::query_as(
                "SELECT kind, at, before_starts_at, before_ends_at, accepted_at FROM visit_notice
                 WHERE seller_id = $1 AND appointment_id = $2 ORDER BY at, kind",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(appointment.as_bytes().as_slice())
            .fetch_all(c)
            .await?
        });
        rows.into_iter()
            .map(|(kind, at, start, end, accepted_at)| {
                let kind = NoticeKind::named(&kind)
                    .ok_or_else(|| sqlx::Error::Decode("visit_notice.kind holds an unknown kind".into()))?;
                let before = start.zip(end);
                Ok(Notice {
                    kind,
                    at: Timestamp(at),
                    before: before
                        .map(|(start, end)| Window { start: Timestamp(start), end: Timestamp(end) }),
                    accepted_at: accepted_at.map(Timestamp),
                })
            })
            .collect()
    }

    /// Notes what Amazon did. A second move takes the place of the first and wants to be accepted again; anything
    /// else that is noted already stays as it is. False when nothing was new.
    pub async fn give_notice(
        &mut self,
        seller: SellerId,
        appointment: AppointmentId,
        kind: NoticeKind,
        before: Option<Window>,
        now: Timestamp,
    ) -> sqlx::Result<bool> {
        let rows = on!(self, |c| {
            sqlx::query(
                "INSERT INTO visit_notice (appointment_id, seller_id, kind, at, before_starts_at, before_ends_at)
                 VALUES ($1, $2, $3, $4, $5, $6)
                 ON CONFLICT (appointment_id, kind) DO UPDATE SET at = excluded.at, accepted_at = NULL,
                   before_starts_at = CASE WHEN visit_notice.at >= excluded.at - $7
                     THEN visit_notice.before_starts_at ELSE excluded.before_starts_at END,
                   before_ends_at = CASE WHEN visit_notice.at >= excluded.at - $7
                     THEN visit_notice.before_ends_at ELSE excluded.before_ends_at END
                 WHERE visit_notice.kind = 'moved'",
            )
            .bind(appointment.as_bytes().as_slice())
            .bind(seller.as_bytes().as_slice())
            .bind(kind.name())
            .bind(now.0)
            .bind(before.map(|window| window.start.0))
            .bind(before.map(|window| window.end.0))
            .bind(SAME_MOVE_MS)
            .execute(c)
            .await
            .map(|done| done.rows_affected())
        })?;
        Ok(rows > 0)
    }

    /// Takes back what does not hold any more. False when there was nothing to take back.
    pub async fn withdraw_notice(
        &mut self,
        seller: SellerId,
        appointment: AppointmentId,
        kind: NoticeKind,
    ) -> sqlx::Result<bool> {
        let rows = on!(self, |c| {
            sqlx::query("DELETE FROM visit_notice WHERE seller_id = $1 AND appointment_id = $2 AND kind = $3")
                .bind(seller.as_bytes().as_slice())
                .bind(appointment.as_bytes().as_slice())
                .bind(kind.name())
                .execute(c)
                .await
                .map(|done| done.rows_affected())
        })?;
        Ok(rows > 0)
    }

    /// A supervisor accepts what was recorded, whatever Amazon did. False when there was nothing to accept.
    pub async fn accept_notices(
        &mut self,
        seller: SellerId,
        appointment: AppointmentId,
        now: Timestamp,
    ) -> sqlx::Result<bool> {
        let rows = on!(self, |c| {
            sqlx::query(
                "UPDATE visit_notice SET accepted_at = $3
                 WHERE seller_id = $1 AND appointment_id = $2 AND accepted_at IS NULL",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(appointment.as_bytes().as_slice())
            .bind(now.0)
            .execute(c)
            .await
            .map(|done| done.rows_affected())
        })?;
        Ok(rows > 0)
    }

    /// Remembers who had a visit, so that what their phones recorded is taken; and forgets those who have it again.
    pub async fn note_former(
        &mut self,
        seller: SellerId,
        appointment: AppointmentId,
        gone: &[&str],
        come: &[&str],
        now: Timestamp,
    ) -> sqlx::Result<()> {
        for technician in gone {
            on!(self, |c| {
                sqlx::query(
                    "INSERT INTO former_assignment (appointment_id, seller_id, technician_id, until_at)
                     VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
                )
                .bind(appointment.as_bytes().as_slice())
                .bind(seller.as_bytes().as_slice())
                .bind(*technician)
                .bind(now.0)
                .execute(c)
                .await
                .map(|_| ())
            })?;
        }
        for technician in come {
            on!(self, |c| {
                sqlx::query(
                    "DELETE FROM former_assignment
                     WHERE seller_id = $1 AND appointment_id = $2 AND technician_id = $3",
                )
                .bind(seller.as_bytes().as_slice())
                .bind(appointment.as_bytes().as_slice())
                .bind(*technician)
                .execute(c)
                .await
                .map(|_| ())
            })?;
        }
        Ok(())
    }

    /// Whether the user may bring what was recorded of a visit: who has it, and who had it, until its closeout was
    /// handed to Amazon.
    pub async fn may_record(
        &mut self,
        seller: SellerId,
        user: UserId,
        appointment: AppointmentId,
    ) -> sqlx::Result<bool> {
        if self.is_assigned(seller, user, appointment).await? {
            return Ok(true);
        }
        let (count,): (i64,) = on!(self, |c| {
            sqlx::query_as(
                "SELECT COUNT(*) FROM former_assignment s JOIN user_link l ON l.seller_id = s.seller_id
                   AND l.kind = 'technician' AND l.amazon_id = s.technician_id AND l.user_id = $3
                 JOIN document d ON d.appointment_id = s.appointment_id AND d.seller_id = s.seller_id
                   AND d.closed_at IS NULL
                 WHERE s.seller_id = $1 AND s.appointment_id = $2",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(appointment.as_bytes().as_slice())
            .bind(user.as_bytes().as_slice())
            .fetch_one(c)
            .await?
        });
        Ok(count > 0)
    }

    /// Whether somebody recorded anything of a visit who is not assigned to it, and nobody was told that it counts.
    pub async fn has_outsiders_work(
        &mut self,
        seller: SellerId,
        appointment: AppointmentId,
    ) -> sqlx::Result<bool> {
        let (count,): (i64,) = on!(self, |c| {
            sqlx::query_as(
                "SELECT COUNT(*) FROM document_change h
                 JOIN device v ON v.device_id = h.device_id AND v.seller_id = h.seller_id
                 JOIN document d ON d.appointment_id = h.appointment_id AND d.seller_id = h.seller_id
                   AND d.closed_at IS NULL
                 WHERE h.seller_id = $1 AND h.appointment_id = $2 AND NOT EXISTS (
                   SELECT 1 FROM assignment s JOIN user_link l ON l.seller_id = s.seller_id
                     AND l.kind = 'technician' AND l.amazon_id = s.technician_id
                   WHERE s.seller_id = $1 AND s.appointment_id = $2 AND l.user_id = v.user_id)",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(appointment.as_bytes().as_slice())
            .fetch_one(c)
            .await?
        });
        Ok(count > 0)
    }

    /// Whether a change of a visit's document was made by somebody who is not assigned to it. The server's own is
    /// nobody's.
    pub async fn is_outsiders(
        &mut self,
        seller: SellerId,
        appointment: AppointmentId,
        change: &[u8],
    ) -> sqlx::Result<bool> {
        let row: Option<(Vec<u8>,)> = on!(self, |c| {
            sqlx::query_as(
                "SELECT v.user_id FROM document_change h
                 JOIN device v ON v.device_id = h.device_id AND v.seller_id = h.seller_id
                 WHERE h.seller_id = $1 AND h.appointment_id = $2 AND h.change_hash = $3",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(appointment.as_bytes().as_slice())
            .bind(change)
            .fetch_optional(c)
            .await?
        });
        match row {
            Some((user,)) => Ok(!self.is_assigned(seller, id(&user)?, appointment).await?),
            None => Ok(false),
        }
    }

    /// Notes that Amazon does not have a job any more. The visits that were still to be, or under way.
    pub async fn note_vanished(
        &mut self,
        seller: SellerId,
        job: JobId,
        now: Timestamp,
    ) -> sqlx::Result<Vec<AppointmentId>> {
        let rows = on!(self, |c| {
            sqlx::query(
                "UPDATE service_job SET vanished_at = $3, changed_at = $3
                 WHERE seller_id = $1 AND job_id = $2 AND vanished_at IS NULL",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(job.as_bytes().as_slice())
            .bind(now.0)
            .execute(c)
            .await
            .map(|done| done.rows_affected())
        })?;
        if rows == 0 {
            return Ok(Vec::new());
        }
        let rows: Vec<(Vec<u8>,)> = on!(self, |c| {
            sqlx::query_as(
                "SELECT appointment_id FROM appointment WHERE seller_id = $1 AND job_id = $2 AND status = 'ACTIVE'
                 ORDER BY starts_at, appointment_id",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(job.as_bytes().as_slice())
            .fetch_all(c)
            .await?
        });
        rows.iter().map(|(appointment,)| id(appointment)).collect()
    }
}
