//! What is left of buyer data whose time is over. The job's row has the deadline of everything that belongs to it:
//! Amazon may move a visit, and with it the deadline, after photos and records have come.

use super::{Tx, id, on};
use doorstep_core::{
    id::{JobId, PhotoId, SellerId},
    time::Timestamp,
};

/// What is left of refused bytes: that there were some stays a fact.
const NOTHING: &[u8] = &[];

impl Tx {
    /// The jobs past their deadline of which anything is left: data, or calls that wait to send some.
    pub async fn expired_jobs(&mut self, seller: SellerId, now: Timestamp) -> sqlx::Result<Vec<JobId>> {
        let rows: Vec<(Vec<u8>,)> = on!(self, |c| {
            sqlx::query_as(
                "SELECT j.job_id FROM service_job j WHERE j.seller_id = $1 AND j.expires_at <= $2
                   AND (j.sealed IS NOT NULL OR j.wrapped_key IS NOT NULL
                     OR EXISTS (SELECT 1 FROM outbox o WHERE o.seller_id = $1 AND o.job_id = j.job_id
                       AND o.state IN ('ready', 'unknown'))
                     OR EXISTS (SELECT 1 FROM appointment a
                       JOIN sealed_record r ON r.appointment_id = a.appointment_id AND r.seller_id = a.seller_id
                       WHERE a.seller_id = $1 AND a.job_id = j.job_id AND r.sealed IS NOT NULL)
                     OR EXISTS (SELECT 1 FROM appointment a
                       JOIN quarantine q ON q.appointment_id = a.appointment_id AND q.seller_id = a.seller_id
                       WHERE a.seller_id = $1 AND a.job_id = j.job_id
                         AND (q.sealed IS NOT NULL OR q.decision IS NULL))
                     OR EXISTS (SELECT 1 FROM appointment a
                       JOIN refused_change r ON r.appointment_id = a.appointment_id AND r.seller_id = a.seller_id
                       WHERE a.seller_id = $1 AND a.job_id = j.job_id AND length(r.bytes) > 0)
                     OR EXISTS (SELECT 1 FROM appointment a
                       JOIN photo p ON p.appointment_id = a.appointment_id AND p.seller_id = a.seller_id
                       JOIN amazon_document d ON d.photo_id = p.photo_id AND d.seller_id = p.seller_id
                       WHERE a.seller_id = $1 AND a.job_id = j.job_id))
                 ORDER BY j.expires_at, j.job_id",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(now.0)
            .fetch_all(c)
            .await
        })?;
        rows.into_iter().map(|(job,)| id(&job)).collect()
    }

    /// Erases a job's key and everything sealed under it that is in the database. False when its deadline has moved
    /// meanwhile: then nothing is erased.
    pub async fn erase_job(&mut self, seller: SellerId, job: JobId, now: Timestamp) -> sqlx::Result<bool> {
        let rows = on!(self, |c| {
            sqlx::query(
                "UPDATE service_job SET sealed = NULL, wrapped_key = NULL,
                   buyer_expired_at = COALESCE(buyer_expired_at, $3)
                 WHERE seller_id = $1 AND job_id = $2 AND expires_at <= $3",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(job.as_bytes().as_slice())
            .bind(now.0)
            .execute(c)
            .await
            .map(|done| done.rows_affected())
        })?;
        if rows == 0 {
            return Ok(false);
        }
        on!(self, |c| {
            sqlx::query(
                "UPDATE sealed_record SET sealed = NULL WHERE seller_id = $1 AND sealed IS NOT NULL
                   AND appointment_id IN (
                     SELECT appointment_id FROM appointment WHERE seller_id = $1 AND job_id = $2)",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(job.as_bytes().as_slice())
            .execute(c)
            .await
            .map(|_| ())
        })?;
        on!(self, |c| {
            sqlx::query(
                "DELETE FROM report WHERE seller_id = $1 AND appointment_id IN (
                     SELECT appointment_id FROM appointment WHERE seller_id = $1 AND job_id = $2)",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(job.as_bytes().as_slice())
            .execute(c)
            .await
            .map(|_| ())
        })?;
        // Refused is not harmless: the note of somebody whose visit was handed over is sealed under this job's key.
        on!(self, |c| {
            sqlx::query(
                "UPDATE refused_change SET bytes = $3 WHERE seller_id = $1 AND length(bytes) > 0
                   AND appointment_id IN (
                     SELECT appointment_id FROM appointment WHERE seller_id = $1 AND job_id = $2)",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(job.as_bytes().as_slice())
            .bind(NOTHING)
            .execute(c)
            .await
            .map(|_| ())
        })?;
        // Nobody has decided in time: nothing of it can count any more.
        on!(self, |c| {
            sqlx::query(
                "UPDATE quarantine SET sealed = NULL, decision = COALESCE(decision, 'reject'),
                        decided_at = COALESCE(decided_at, $3), reason = COALESCE(reason, 'expired')
                 WHERE seller_id = $1 AND appointment_id IN (
                     SELECT appointment_id FROM appointment WHERE seller_id = $1 AND job_id = $2)",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(job.as_bytes().as_slice())
            .bind(now.0)
            .execute(c)
            .await
            .map(|_| ())
        })?;
        on!(self, |c| {
            sqlx::query(
                "DELETE FROM amazon_document WHERE seller_id = $1 AND photo_id IN (
                   SELECT p.photo_id FROM photo p
                   JOIN appointment a ON a.appointment_id = p.appointment_id AND a.seller_id = p.seller_id
                   WHERE p.seller_id = $1 AND a.job_id = $2)",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(job.as_bytes().as_slice())
            .execute(c)
            .await
            .map(|_| ())
        })?;
        Ok(true)
    }

    /// Erases refused bytes of visits that nobody here knows, and which therefore have no deadline of their own, when
    /// they came at `until` or before.
    pub async fn erase_strays(&mut self, seller: SellerId, until: Timestamp) -> sqlx::Result<u64> {
        on!(self, |c| {
            sqlx::query(
                "UPDATE refused_change SET bytes = $3
                 WHERE seller_id = $1 AND received_at <= $2 AND length(bytes) > 0 AND appointment_id NOT IN (
                   SELECT appointment_id FROM appointment WHERE seller_id = $1)",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(until.0)
            .bind(NOTHING)
            .execute(c)
            .await
            .map(|done| done.rows_affected())
        })
    }

    /// Amazon's name of a job, and its deadline.
    pub async fn buried(
        &mut self,
        seller: SellerId,
        job: JobId,
    ) -> sqlx::Result<Option<(String, Timestamp)>> {
        let row: Option<(String, i64)> = on!(self, |c| {
            sqlx::query_as(
                "SELECT service_job_id, expires_at FROM service_job WHERE seller_id = $1 AND job_id = $2",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(job.as_bytes().as_slice())
            .fetch_optional(c)
            .await
        })?;
        Ok(row.map(|(name, deadline)| (name, Timestamp(deadline))))
    }

    /// The photos whose key has gone while their pictures are still on disk: of jobs past their deadline, and of jobs
    /// that got another key after it.
    pub async fn expired_photos(&mut self, seller: SellerId, now: Timestamp) -> sqlx::Result<Vec<PhotoId>> {
        let rows: Vec<(Vec<u8>,)> = on!(self, |c| {
            sqlx::query_as(
                "SELECT p.photo_id FROM photo p
                 JOIN appointment a ON a.appointment_id = p.appointment_id AND a.seller_id = p.seller_id
                 JOIN service_job j ON j.job_id = a.job_id AND j.seller_id = a.seller_id
                 WHERE p.seller_id = $1 AND p.erased_at IS NULL
                   AND ((j.wrapped_key IS NULL AND j.expires_at <= $2) OR p.safe_at <= j.rekeyed_at)",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(now.0)
            .fetch_all(c)
            .await
        })?;
        rows.into_iter().map(|(photo,)| id(&photo)).collect()
    }

    /// Notes that a photo's picture and thumbnail are gone from the disk. That it was safe stays true.
    pub async fn note_erased(
        &mut self,
        seller: SellerId,
        photo: PhotoId,
        now: Timestamp,
    ) -> sqlx::Result<()> {
        on!(self, |c| {
            sqlx::query("UPDATE photo SET erased_at = $3 WHERE seller_id = $1 AND photo_id = $2")
                .bind(seller.as_bytes().as_slice())
                .bind(photo.as_bytes().as_slice())
                .bind(now.0)
                .execute(c)
                .await
                .map(|_| ())
        })
    }

    /// The uploads that were not finished in time, or whose job's deadline has come.
    pub async fn expired_uploads(&mut self, seller: SellerId, now: Timestamp) -> sqlx::Result<Vec<PhotoId>> {
        let rows: Vec<(Vec<u8>,)> = on!(self, |c| {
            sqlx::query_as(
                "SELECT u.photo_id FROM upload u
                 JOIN appointment a ON a.appointment_id = u.appointment_id AND a.seller_id = u.seller_id
                 JOIN service_job j ON j.job_id = a.job_id AND j.seller_id = a.seller_id
                 WHERE u.seller_id = $1 AND (u.expires_at <= $2 OR j.expires_at <= $2)",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(now.0)
            .fetch_all(c)
            .await
        })?;
        rows.into_iter().map(|(photo,)| id(&photo)).collect()
    }
}
