//! Jobs that came from a file, and what each import did.

use super::{Tx, id, on};
use doorstep_core::{
    api::{ImportColumns, ImportReport},
    id::{ImportId, JobId, SellerId, ServiceJobId, UserId},
    time::Timestamp,
};

/// A technician's name, and an id of Amazon's that is this person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TechnicianName {
    pub name: String,
    pub technician_id: Option<String>,
}

fn decode(refused: serde_json::Error) -> sqlx::Error {
    sqlx::Error::Decode(Box::new(refused))
}

impl Tx {
    /// Whether the job came from a file and Amazon has not confirmed it.
    pub async fn is_imported(&mut self, seller: SellerId, job: JobId) -> sqlx::Result<bool> {
        let row: Option<(i64,)> = on!(self, |c| {
            sqlx::query_as(
                "SELECT imported_at FROM imported_job \
                 WHERE seller_id = $1 AND job_id = $2 AND confirmed_at IS NULL",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(job.as_bytes().as_slice())
            .fetch_optional(c)
            .await?
        });
        Ok(row.is_some())
    }

    /// Marks a job as one from a file; the first mark counts. Amazon is asked for it at once.
    pub async fn mark_imported(&mut self, seller: SellerId, job: JobId, now: Timestamp) -> sqlx::Result<()> {
        on!(self, |c| {
            sqlx::query(
                "INSERT INTO imported_job (job_id, seller_id, imported_at, read_due_at) VALUES ($1, $2, $3, $3) \
                 ON CONFLICT (job_id) DO NOTHING",
            )
            .bind(job.as_bytes().as_slice())
            .bind(seller.as_bytes().as_slice())
            .bind(now.0)
            .execute(c)
            .await?;
        });
        Ok(())
    }

    /// The job of this id of Amazon's, if it came from a file and is not confirmed.
    pub async fn imported_named(
        &mut self,
        seller: SellerId,
        service_job: &str,
    ) -> sqlx::Result<Option<JobId>> {
        let row: Option<(Vec<u8>,)> = on!(self, |c| {
            sqlx::query_as(
                "SELECT j.job_id FROM service_job j \
                 JOIN imported_job i ON i.job_id = j.job_id AND i.seller_id = j.seller_id \
                 WHERE j.seller_id = $1 AND j.service_job_id = $2 AND i.confirmed_at IS NULL",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(service_job)
            .fetch_optional(c)
            .await?
        });
        row.map(|(job,)| id(&job)).transpose()
    }

    /// Amazon has given the job itself.
    pub async fn confirm_imported(
        &mut self,
        seller: SellerId,
        job: JobId,
        now: Timestamp,
    ) -> sqlx::Result<()> {
        on!(self, |c| {
            sqlx::query("UPDATE imported_job SET confirmed_at = $3 WHERE seller_id = $1 AND job_id = $2")
                .bind(seller.as_bytes().as_slice())
                .bind(job.as_bytes().as_slice())
                .bind(now.0)
                .execute(c)
                .await?;
        });
        Ok(())
    }

    /// The jobs that Amazon has confirmed since, whose closeouts may be sent from now on.
    pub async fn confirmed_imports(&mut self, seller: SellerId) -> sqlx::Result<Vec<JobId>> {
        let rows: Vec<(Vec<u8>,)> = on!(self, |c| {
            sqlx::query_as(
                "SELECT job_id FROM imported_job WHERE seller_id = $1 AND confirmed_at IS NOT NULL \
                 ORDER BY job_id LIMIT 100",
            )
            .bind(seller.as_bytes().as_slice())
            .fetch_all(c)
            .await?
        });
        rows.into_iter().map(|(job,)| id(&job)).collect()
    }

    /// Forgets that a confirmed job came from a file.
    pub async fn forget_import(&mut self, seller: SellerId, job: JobId) -> sqlx::Result<()> {
        on!(self, |c| {
            sqlx::query(
                "DELETE FROM imported_job WHERE seller_id = $1 AND job_id = $2 AND confirmed_at IS NOT NULL",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(job.as_bytes().as_slice())
            .execute(c)
            .await?;
        });
        Ok(())
    }

    /// The imported jobs that Amazon may be asked for now, the oldest first.
    pub async fn imported_due(
        &mut self,
        seller: SellerId,
        now: Timestamp,
        most: i64,
    ) -> sqlx::Result<Vec<(JobId, ServiceJobId)>> {
        let rows: Vec<(Vec<u8>, String)> = on!(self, |c| {
            sqlx::query_as(
                "SELECT i.job_id, j.service_job_id FROM imported_job i \
                 JOIN service_job j ON j.job_id = i.job_id AND j.seller_id = i.seller_id \
                 WHERE i.seller_id = $1 AND i.confirmed_at IS NULL AND i.read_due_at <= $2 ORDER BY i.imported_at, i.job_id LIMIT $3",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(now.0)
            .bind(most)
            .fetch_all(c)
            .await?
        });
        rows.into_iter().map(|(job, name)| Ok((id(&job)?, ServiceJobId::new(name)))).collect()
    }

    /// Remembers why Amazon did not give a job, and when it is asked again.
    pub async fn note_import_refusal(
        &mut self,
        seller: SellerId,
        job: JobId,
        reason: &str,
        now: Timestamp,
        due: Timestamp,
    ) -> sqlx::Result<()> {
        on!(self, |c| {
            sqlx::query(
                "UPDATE imported_job SET refusal = $3, refused_at = $4, read_due_at = $5 \
                 WHERE seller_id = $1 AND job_id = $2",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(job.as_bytes().as_slice())
            .bind(reason)
            .bind(now.0)
            .bind(due.0)
            .execute(c)
            .await?;
        });
        Ok(())
    }

    /// Asks for no imported job before `due`: what one was refused for holds for all that were to be asked for before.
    pub async fn postpone_imported(
        &mut self,
        seller: SellerId,
        reason: &str,
        now: Timestamp,
        due: Timestamp,
    ) -> sqlx::Result<()> {
        on!(self, |c| {
            sqlx::query(
                "UPDATE imported_job SET refusal = $3, refused_at = $4, read_due_at = $2 \
                 WHERE seller_id = $1 AND confirmed_at IS NULL AND read_due_at < $2",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(due.0)
            .bind(reason)
            .bind(now.0)
            .execute(c)
            .await?;
        });
        Ok(())
    }

    pub async fn count_imported(&mut self, seller: SellerId) -> sqlx::Result<u32> {
        let (count,): (i64,) = on!(self, |c| {
            sqlx::query_as("SELECT COUNT(*) FROM imported_job WHERE seller_id = $1 AND confirmed_at IS NULL")
                .bind(seller.as_bytes().as_slice())
                .fetch_one(c)
                .await?
        });
        Ok(u32::try_from(count).unwrap_or(u32::MAX))
    }

    /// The technicians who can sign in, once per id of Amazon's.
    pub async fn technician_names(&mut self, seller: SellerId) -> sqlx::Result<Vec<TechnicianName>> {
        let rows: Vec<(String, Option<String>)> = on!(self, |c| {
            sqlx::query_as(
                "SELECT u.name, l.amazon_id FROM user_account u \
                 LEFT JOIN user_link l ON l.user_id = u.user_id AND l.seller_id = u.seller_id \
                   AND l.kind = 'technician' \
                 WHERE u.seller_id = $1 AND u.role = 'technician' AND u.disabled_at IS NULL \
                 ORDER BY u.name, l.amazon_id",
            )
            .bind(seller.as_bytes().as_slice())
            .fetch_all(c)
            .await?
        });
        Ok(rows.into_iter().map(|(name, technician_id)| TechnicianName { name, technician_id }).collect())
    }

    /// The seller's own names of columns.
    pub async fn import_columns(&mut self, seller: SellerId) -> sqlx::Result<ImportColumns> {
        let row: Option<(String,)> = on!(self, |c| {
            sqlx::query_as("SELECT columns FROM import_columns WHERE seller_id = $1")
                .bind(seller.as_bytes().as_slice())
                .fetch_optional(c)
                .await?
        });
        row.map_or_else(
            || Ok(ImportColumns::default()),
            |(text,)| serde_json::from_str(&text).map_err(decode),
        )
    }

    pub async fn keep_import_columns(
        &mut self,
        seller: SellerId,
        columns: &ImportColumns,
        now: Timestamp,
    ) -> sqlx::Result<()> {
        let text =
            serde_json::to_string(columns).map_err(|refused| sqlx::Error::Encode(Box::new(refused)))?;
        on!(self, |c| {
            sqlx::query(
                "INSERT INTO import_columns (seller_id, columns, changed_at) VALUES ($1, $2, $3) \
                 ON CONFLICT (seller_id) DO UPDATE SET columns = excluded.columns, changed_at = excluded.changed_at",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(text)
            .bind(now.0)
            .execute(c)
            .await?;
        });
        Ok(())
    }

    /// Keeps what an import did until `expires_at`.
    pub async fn insert_import_report(
        &mut self,
        seller: SellerId,
        import: ImportId,
        user: Option<UserId>,
        report: &ImportReport,
        expires_at: Timestamp,
    ) -> sqlx::Result<()> {
        let text = serde_json::to_string(report).map_err(|refused| sqlx::Error::Encode(Box::new(refused)))?;
        on!(self, |c| {
            sqlx::query(
                "INSERT INTO import_report (import_id, seller_id, user_id, at, report, expires_at) \
                 VALUES ($1, $2, $3, $4, $5, $6)",
            )
            .bind(import.as_bytes().as_slice())
            .bind(seller.as_bytes().as_slice())
            .bind(user.map(|user| user.as_bytes().to_vec()))
            .bind(report.at.0)
            .bind(text)
            .bind(expires_at.0)
            .execute(c)
            .await?;
        });
        Ok(())
    }

    /// What the last imports did, newest first.
    pub async fn import_reports(&mut self, seller: SellerId, most: i64) -> sqlx::Result<Vec<ImportReport>> {
        let rows: Vec<(String,)> = on!(self, |c| {
            sqlx::query_as(
                "SELECT report FROM import_report WHERE seller_id = $1 ORDER BY at DESC, import_id LIMIT $2",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(most)
            .fetch_all(c)
            .await?
        });
        rows.iter().map(|(text,)| serde_json::from_str(text).map_err(decode)).collect()
    }

    pub async fn delete_expired_import_reports(
        &mut self,
        seller: SellerId,
        now: Timestamp,
    ) -> sqlx::Result<u64> {
        Ok(on!(self, |c| {
            sqlx::query("DELETE FROM import_report WHERE seller_id = $1 AND expires_at <= $2")
                .bind(seller.as_bytes().as_slice())
                .bind(now.0)
                .execute(c)
                .await?
                .rows_affected()
        }))
    }
}
