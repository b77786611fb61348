//! What intake writes: jobs, visits, assignments and the cursor.

use super::{Tx, id, on};
use doorstep_core::{
    digest::Sha256,
    id::{AppointmentId, JobId, SellerId},
    job::Window,
    time::Timestamp,
};

/// A job as intake left it.
#[derive(Clone, Debug)]
pub struct StoredJob {
    pub job: JobId,
    pub facts: JobColumns,
    /// The data key under the root key; `None` once the buyer's data has expired.
    pub wrapped_key: Option<Vec<u8>>,
    /// The job as Amazon sent it, under the data key.
    pub sealed: Option<Vec<u8>>,
    pub expires_at: Timestamp,
    pub content_hash: Sha256,
    /// Set once the buyer's data has expired: none is sealed again.
    pub buyer_expired_at: Option<Timestamp>,
    /// When a visit that was scheduled after that got the job another key.
    pub rekeyed_at: Option<Timestamp>,
    /// Amazon did not have the job when it was asked last.
    pub vanished: bool,
}

/// The columns of a job that are not personal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobColumns {
    pub status: String,
    pub title: String,
    pub quantity: u32,
    /// Amazon's number of the order that the job belongs to.
    pub service_order: Option<String>,
}

/// A visit as intake left it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredVisit {
    pub appointment: AppointmentId,
    pub amazon_id: String,
    pub status: String,
    pub window: Window,
    /// Whether its closeout was handed to Amazon.
    pub handed_over: bool,
}

type VisitRow = (Vec<u8>, String, String, i64, i64, Option<i64>);
type JobRow = (
    Vec<u8>,
    String,
    String,
    i64,
    Option<Vec<u8>>,
    Option<Vec<u8>>,
    i64,
    Vec<u8>,
    Option<String>,
    Option<i64>,
    Option<i64>,
    Option<i64>,
);

impl Tx {
    /// Keeps a second intake of the same seller out until the commit. On SQLite a writer is alone anyway.
    pub async fn lock_intake(&mut self, seller: SellerId) -> sqlx::Result<()> {
        if let Self::Postgres(tx) = self {
            let name = seller.as_bytes().first_chunk::<8>().map_or(0, |bytes| i64::from_be_bytes(*bytes));
            sqlx::query("SELECT pg_advisory_xact_lock($1)").bind(name).execute(&mut **tx).await?;
        }
        Ok(())
    }

    /// Locks the lanes of those of these jobs that are here, in order of their ids, as whoever locks documents does:
    /// Amazon's pages come in an order of their own.
    pub async fn lock_lanes_of(&mut self, seller: SellerId, jobs: &[&str]) -> sqlx::Result<()> {
        if let Self::Postgres(tx) = self {
            sqlx::query(
                "SELECT 1 FROM service_job WHERE seller_id = $1 AND service_job_id = ANY($2)
                 ORDER BY job_id FOR NO KEY UPDATE",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(jobs)
            .fetch_all(&mut **tx)
            .await?;
        }
        Ok(())
    }

    /// Up to when the last whole intake of a marketplace has read.
    pub async fn intake_cursor(
        &mut self,
        seller: SellerId,
        marketplace: &str,
    ) -> sqlx::Result<Option<Timestamp>> {
        let row: Option<(i64,)> = on!(self, |c| {
            sqlx::query_as(
                "SELECT last_updated_after FROM intake_cursor WHERE seller_id = $1 AND marketplace_id = $2",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(marketplace)
            .fetch_optional(c)
            .await?
        });
        Ok(row.map(|(at,)| Timestamp(at)))
    }

    /// Moves the cursor, never back.
    pub async fn move_intake_cursor(
        &mut self,
        seller: SellerId,
        marketplace: &str,
        to: Timestamp,
        now: Timestamp,
    ) -> sqlx::Result<()> {
        on!(self, |c| {
            sqlx::query(
                "INSERT INTO intake_cursor (seller_id, marketplace_id, last_updated_after, completed_at) \
                 VALUES ($1, $2, $3, $4) ON CONFLICT (seller_id, marketplace_id) DO UPDATE \
                 SET last_updated_after = excluded.last_updated_after, completed_at = excluded.completed_at \
                 WHERE intake_cursor.last_updated_after <= excluded.last_updated_after",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(marketplace)
            .bind(to.0)
            .bind(now.0)
            .execute(c)
            .await?;
        });
        Ok(())
    }

    pub async fn stored_job(
        &mut self,
        seller: SellerId,
        service_job: &str,
    ) -> sqlx::Result<Option<StoredJob>> {
        let row: Option<JobRow> = on!(self, |c| {
            sqlx::query_as(
                "SELECT job_id, status, title, quantity, wrapped_key, sealed, expires_at, content_hash, \
                 service_order_id, buyer_expired_at, rekeyed_at, vanished_at \
                 FROM service_job WHERE seller_id = $1 AND service_job_id = $2",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(service_job)
            .fetch_optional(c)
            .await?
        });
        row.map(|row| {
            let hash =
                <[u8; 32]>::try_from(row.7).map_err(|_| sqlx::Error::Decode("not a SHA-256".into()))?;
            let quantity = u32::try_from(row.3).unwrap_or(u32::MAX);
            Ok(StoredJob {
                job: id(&row.0)?,
                facts: JobColumns { status: row.1, title: row.2, quantity, service_order: row.8 },
                wrapped_key: row.4,
                sealed: row.5,
                expires_at: Timestamp(row.6),
                content_hash: Sha256::from_bytes(hash),
                buyer_expired_at: row.9.map(Timestamp),
                rekeyed_at: row.10.map(Timestamp),
                vanished: row.11.is_some(),
            })
        })
        .transpose()
    }

    pub async fn insert_job(
        &mut self,
        seller: SellerId,
        row: &StoredJob,
        service_job: &str,
        marketplace: &str,
        time_zone: &str,
        now: Timestamp,
    ) -> sqlx::Result<()> {
        on!(self, |c| {
            sqlx::query(
                "INSERT INTO service_job (job_id, seller_id, service_job_id, marketplace_id, time_zone, status, \
                 title, quantity, wrapped_key, sealed, expires_at, content_hash, taken_in_at, changed_at, created_at, \
                 last_seen_at, service_order_id, buyer_expired_at, rekeyed_at) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $13, $13, $13, $14, $15, $16)",
            )
            .bind(row.job.as_bytes().as_slice())
            .bind(seller.as_bytes().as_slice())
            .bind(service_job)
            .bind(marketplace)
            .bind(time_zone)
            .bind(&row.facts.status)
            .bind(&row.facts.title)
            .bind(i64::from(row.facts.quantity))
            .bind(row.wrapped_key.as_deref())
            .bind(row.sealed.as_deref())
            .bind(row.expires_at.0)
            .bind(row.content_hash.as_bytes().as_slice())
            .bind(now.0)
            .bind(row.facts.service_order.as_deref())
            .bind(row.buyer_expired_at.map(|at| at.0))
            .bind(row.rekeyed_at.map(|at| at.0))
            .execute(c)
            .await?;
        });
        Ok(())
    }

    pub async fn update_job(
        &mut self,
        seller: SellerId,
        row: &StoredJob,
        now: Timestamp,
    ) -> sqlx::Result<()> {
        on!(self, |c| {
            sqlx::query(
                "UPDATE service_job SET status = $3, title = $4, quantity = $5, wrapped_key = $6, sealed = $7, \
                 expires_at = $8, content_hash = $9, changed_at = $10, last_seen_at = $10, service_order_id = $11, \
                 buyer_expired_at = $12, rekeyed_at = $13, vanished_at = NULL WHERE seller_id = $1 AND job_id = $2",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(row.job.as_bytes().as_slice())
            .bind(&row.facts.status)
            .bind(&row.facts.title)
            .bind(i64::from(row.facts.quantity))
            .bind(row.wrapped_key.as_deref())
            .bind(row.sealed.as_deref())
            .bind(row.expires_at.0)
            .bind(row.content_hash.as_bytes().as_slice())
            .bind(now.0)
            .bind(row.facts.service_order.as_deref())
            .bind(row.buyer_expired_at.map(|at| at.0))
            .bind(row.rekeyed_at.map(|at| at.0))
            .execute(c)
            .await?;
        });
        Ok(())
    }

    /// When Amazon made the job. Until it says so, the time the job came here stands for it.
    pub async fn note_creation(&mut self, seller: SellerId, job: JobId, at: Timestamp) -> sqlx::Result<()> {
        on!(self, |c| {
            sqlx::query("UPDATE service_job SET created_at = $3 WHERE seller_id = $1 AND job_id = $2")
                .bind(seller.as_bytes().as_slice())
                .bind(job.as_bytes().as_slice())
                .bind(at.0)
                .execute(c)
                .await?;
        });
        Ok(())
    }

    pub async fn visits_of(&mut self, seller: SellerId, job: JobId) -> sqlx::Result<Vec<StoredVisit>> {
        let rows: Vec<VisitRow> = on!(self, |c| {
            sqlx::query_as(
                "SELECT a.appointment_id, a.amazon_appointment_id, a.status, a.starts_at, a.ends_at, d.closed_at \
                 FROM appointment a \
                 LEFT JOIN document d ON d.appointment_id = a.appointment_id AND d.seller_id = a.seller_id \
                 WHERE a.seller_id = $1 AND a.job_id = $2 ORDER BY a.starts_at, a.appointment_id",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(job.as_bytes().as_slice())
            .fetch_all(c)
            .await?
        });
        rows.into_iter()
            .map(|(appointment, amazon_id, status, start, end, closed_at)| {
                Ok(StoredVisit {
                    appointment: id(&appointment)?,
                    amazon_id,
                    status,
                    window: Window { start: Timestamp(start), end: Timestamp(end) },
                    handed_over: closed_at.is_some(),
                })
            })
            .collect()
    }

    pub async fn insert_visit(
        &mut self,
        seller: SellerId,
        job: JobId,
        visit: &StoredVisit,
    ) -> sqlx::Result<()> {
        on!(self, |c| {
            sqlx::query(
                "INSERT INTO appointment (appointment_id, seller_id, job_id, amazon_appointment_id, status, \
                 starts_at, ends_at) VALUES ($1, $2, $3, $4, $5, $6, $7)",
            )
            .bind(visit.appointment.as_bytes().as_slice())
            .bind(seller.as_bytes().as_slice())
            .bind(job.as_bytes().as_slice())
            .bind(&visit.amazon_id)
            .bind(&visit.status)
            .bind(visit.window.start.0)
            .bind(visit.window.end.0)
            .execute(c)
            .await?;
        });
        Ok(())
    }

    pub async fn update_visit(&mut self, seller: SellerId, visit: &StoredVisit) -> sqlx::Result<()> {
        on!(self, |c| {
            sqlx::query(
                "UPDATE appointment SET amazon_appointment_id = $3, status = $4, starts_at = $5, ends_at = $6 \
                 WHERE seller_id = $1 AND appointment_id = $2",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(visit.appointment.as_bytes().as_slice())
            .bind(&visit.amazon_id)
            .bind(&visit.status)
            .bind(visit.window.start.0)
            .bind(visit.window.end.0)
            .execute(c)
            .await?;
        });
        Ok(())
    }

    /// Amazon's technician ids of a visit, sorted.
    pub async fn assigned(
        &mut self,
        seller: SellerId,
        appointment: AppointmentId,
    ) -> sqlx::Result<Vec<String>> {
        let rows: Vec<(String,)> = on!(self, |c| {
            sqlx::query_as(
                "SELECT technician_id FROM assignment WHERE seller_id = $1 AND appointment_id = $2",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(appointment.as_bytes().as_slice())
            .fetch_all(c)
            .await?
        });
        // Sorted here: the engines' collations differ.
        let mut technicians: Vec<String> = rows.into_iter().map(|(technician,)| technician).collect();
        technicians.sort_unstable();
        Ok(technicians)
    }

    /// Replaces the assignments of a visit by what Amazon says.
    pub async fn replace_assigned(
        &mut self,
        seller: SellerId,
        appointment: AppointmentId,
        technicians: &[String],
    ) -> sqlx::Result<()> {
        on!(self, |c| {
            sqlx::query("DELETE FROM assignment WHERE seller_id = $1 AND appointment_id = $2")
                .bind(seller.as_bytes().as_slice())
                .bind(appointment.as_bytes().as_slice())
                .execute(c)
                .await?;
        });
        for technician in technicians {
            on!(self, |c| {
                sqlx::query(
                    "INSERT INTO assignment (appointment_id, seller_id, technician_id) VALUES ($1, $2, $3)",
                )
                .bind(appointment.as_bytes().as_slice())
                .bind(seller.as_bytes().as_slice())
                .bind(technician)
                .execute(c)
                .await?;
            });
        }
        Ok(())
    }
}
