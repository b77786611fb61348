//! Which jobs are to be read from Amazon again, and which were not seen there for long.

use super::{Tx, id, on};
use doorstep_core::{
    id::{JobId, SellerId, ServiceJobId, UserId},
    job::Window,
    time::Timestamp,
};

/// A job that is to be read, held until its lease is over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadRequest {
    pub job: JobId,
    pub service_job: ServiceJobId,
    /// A person asked and waits for the answer.
    pub asked_by: Option<UserId>,
    /// This one included.
    pub attempts: i64,
    /// When the claim's lease is over. Another time in the row is another request's.
    pub lease: Timestamp,
}

/// So much later at most does a job's row say that Amazon showed it.
const SEEN_PRECISION_MS: i64 = 3_600_000;

impl Tx {
    /// Has a job read at `due_at`, or earlier when that was asked for before. False when there is no such job.
    pub async fn ask_to_read(
        &mut self,
        seller: SellerId,
        job: JobId,
        user: Option<UserId>,
        due_at: Timestamp,
        now: Timestamp,
    ) -> sqlx::Result<bool> {
        let rows = on!(self, |c| {
            sqlx::query(
                "INSERT INTO read_request (job_id, seller_id, user_id, asked_at, due_at)
                 SELECT job_id, seller_id, $3, $5, $4 FROM service_job WHERE seller_id = $1 AND job_id = $2
                 ON CONFLICT (job_id) DO UPDATE SET user_id = COALESCE(excluded.user_id, read_request.user_id),
                   due_at = CASE WHEN excluded.due_at < read_request.due_at THEN excluded.due_at
                     ELSE read_request.due_at END",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(job.as_bytes().as_slice())
            .bind(user.as_ref().map(|user| user.as_bytes().as_slice()))
            .bind(due_at.0)
            .bind(now.0)
            .execute(c)
            .await
            .map(|done| done.rows_affected())
        })?;
        Ok(rows > 0)
    }

    /// Takes the request that is due first and holds it for `lease_ms`. Commit before anything is sent.
    pub async fn claim_read(
        &mut self,
        seller: SellerId,
        now: Timestamp,
        lease_ms: i64,
    ) -> sqlx::Result<Option<ReadRequest>> {
        type Row = (Vec<u8>, String, Option<Vec<u8>>, i64, i64);
        let row: Option<Row> = on!(self, |c| {
            sqlx::query_as(
                "UPDATE read_request SET due_at = $2 + $3, attempts = attempts + 1
                 WHERE seller_id = $1 AND due_at <= $2 AND job_id = (
                   SELECT job_id FROM read_request WHERE seller_id = $1 AND due_at <= $2
                   ORDER BY due_at, job_id LIMIT 1)
                 RETURNING job_id, (SELECT j.service_job_id FROM service_job j WHERE j.job_id = read_request.job_id),
                   user_id, attempts, due_at",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(now.0)
            .bind(lease_ms)
            .fetch_optional(c)
            .await?
        });
        let Some((job, service_job, user, attempts, lease)) = row else { return Ok(None) };
        Ok(Some(ReadRequest {
            job: id(&job)?,
            service_job: ServiceJobId::new(service_job),
            asked_by: user.map(|user| id(&user)).transpose()?,
            attempts,
            lease: Timestamp(lease),
        }))
    }

    /// Has a request come again at `due_at`, unless somebody asked for the job meanwhile: that one comes at its own time.
    pub async fn read_again_at(
        &mut self,
        seller: SellerId,
        request: &ReadRequest,
        due_at: Timestamp,
    ) -> sqlx::Result<()> {
        on!(self, |c| {
            sqlx::query(
                "UPDATE read_request SET due_at = $3 WHERE seller_id = $1 AND job_id = $2 AND due_at = $4",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(request.job.as_bytes().as_slice())
            .bind(due_at.0)
            .bind(request.lease.0)
            .execute(c)
            .await
            .map(|_| ())
        })
    }

    /// The job was read, or cannot be. What was asked for meanwhile stays: the answer may be from before it.
    pub async fn close_read(&mut self, seller: SellerId, request: &ReadRequest) -> sqlx::Result<()> {
        on!(self, |c| {
            sqlx::query("DELETE FROM read_request WHERE seller_id = $1 AND job_id = $2 AND due_at = $3")
                .bind(seller.as_bytes().as_slice())
                .bind(request.job.as_bytes().as_slice())
                .bind(request.lease.0)
                .execute(c)
                .await
                .map(|_| ())
        })
    }

    /// Notes that Amazon showed a job. To the hour: a page of jobs that did not change writes nothing.
    pub async fn note_seen(&mut self, seller: SellerId, job: JobId, now: Timestamp) -> sqlx::Result<()> {
        on!(self, |c| {
            sqlx::query(
                "UPDATE service_job SET last_seen_at = $3
                 WHERE seller_id = $1 AND job_id = $2 AND last_seen_at < $3 - $4",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(job.as_bytes().as_slice())
            .bind(now.0)
            .bind(SEEN_PRECISION_MS)
            .execute(c)
            .await
            .map(|_| ())
        })
    }

    /// The open jobs of a marketplace with a visit within `around`, as far as they are not known to have vanished.
    pub async fn jobs_around(
        &mut self,
        seller: SellerId,
        marketplace: &str,
        around: Window,
    ) -> sqlx::Result<Vec<(JobId, ServiceJobId)>> {
        let rows: Vec<(Vec<u8>, String)> = on!(self, |c| {
            sqlx::query_as(
                "SELECT j.job_id, j.service_job_id FROM service_job j
                 WHERE j.seller_id = $1 AND j.marketplace_id = $2 AND j.vanished_at IS NULL
                   AND j.status NOT IN ('COMPLETED', 'CANCELLED')
                   AND NOT EXISTS (SELECT 1 FROM imported_job i WHERE i.seller_id = $1 AND i.job_id = j.job_id
                     AND i.confirmed_at IS NULL)
                   AND EXISTS (SELECT 1 FROM appointment a WHERE a.seller_id = $1 AND a.job_id = j.job_id
                     AND a.status = 'ACTIVE' AND a.starts_at >= $3 AND a.starts_at <= $4)
                 ORDER BY j.job_id",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(marketplace)
            .bind(around.start.0)
            .bind(around.end.0)
            .fetch_all(c)
            .await?
        });
        rows.into_iter().map(|(job, name)| Ok((id(&job)?, ServiceJobId::new(name)))).collect()
    }

    /// The open jobs of a marketplace that Amazon has not shown since `before`, longest first, `most` of them.
    pub async fn unseen_jobs(
        &mut self,
        seller: SellerId,
        marketplace: &str,
        before: Timestamp,
        most: i64,
    ) -> sqlx::Result<Vec<JobId>> {
        let rows: Vec<(Vec<u8>,)> = on!(self, |c| {
            sqlx::query_as(
                "SELECT job_id FROM service_job WHERE seller_id = $1 AND marketplace_id = $2 AND vanished_at IS NULL
                   AND status NOT IN ('COMPLETED', 'CANCELLED') AND last_seen_at < $3
                   AND NOT EXISTS (SELECT 1 FROM imported_job i WHERE i.seller_id = $1 AND i.job_id = service_job.job_id
                     AND i.confirmed_at IS NULL)
                 ORDER BY last_seen_at, job_id LIMIT $4",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(marketplace)
            .bind(before.0)
            .bind(most)
            .fetch_all(c)
            .await?
        });
        rows.iter().map(|(job,)| id(job)).collect()
    }

    /// When the first job of a tombstone's name had its data expire; `None` where it never had.
    pub async fn tombstone(&mut self, seller: SellerId, hash: &[u8]) -> sqlx::Result<Option<Timestamp>> {
        let row: Option<(i64,)> = on!(self, |c| {
            sqlx::query_as("SELECT deadline FROM tombstone WHERE seller_id = $1 AND service_job_hash = $2")
                .bind(seller.as_bytes().as_slice())
                .bind(hash)
                .fetch_optional(c)
                .await?
        });
        Ok(row.map(|(deadline,)| Timestamp(deadline)))
    }

    /// Remembers for good that the data of a job's buyer has expired.
    pub async fn bury(&mut self, seller: SellerId, hash: &[u8], deadline: Timestamp) -> sqlx::Result<()> {
        on!(self, |c| {
            sqlx::query(
                "INSERT INTO tombstone (seller_id, service_job_hash, deadline) VALUES ($1, $2, $3)
                 ON CONFLICT DO NOTHING",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(hash)
            .bind(deadline.0)
            .execute(c)
            .await
            .map(|_| ())
        })
    }
}
