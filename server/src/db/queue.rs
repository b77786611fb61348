//! Jobs that wait in the office, counted and page by page.

use super::{Tx, id, on};
use doorstep_core::{
    api::{Imported, QueueName, QueueSize},
    id::{AppointmentId, JobId, SellerId, ServiceJobId},
    job::{JobStatus, Window},
    time::Timestamp,
};

/// A job in a queue; what only the sealed job tells is still sealed.
#[derive(Clone, Debug)]
pub struct QueuedRow {
    pub job: JobId,
    pub service_job: ServiceJobId,
    pub status: JobStatus,
    pub title: String,
    pub quantity: u32,
    pub created_at: Timestamp,
    pub time_zone: String,
    pub wrapped_key: Option<Vec<u8>>,
    pub sealed: Option<Vec<u8>>,
    pub visit: Option<(AppointmentId, Window)>,
    pub imported: Option<Imported>,
}

/// Where a page begins: after this one. An order that stays while jobs come and go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    pub at: Timestamp,
    pub id: [u8; 16],
}

type Row = (
    Vec<u8>,
    String,
    String,
    String,
    i64,
    i64,
    String,
    Option<Vec<u8>>,
    Option<Vec<u8>>,
    Option<Vec<u8>>,
    Option<i64>,
    Option<i64>,
    Option<i64>,
    Option<String>,
    Option<i64>,
);

const COLUMNS: &str = "SELECT j.job_id, j.service_job_id, j.status, j.title, j.quantity, j.created_at, j.time_zone, \
     j.wrapped_key, j.sealed, a.appointment_id, a.starts_at, a.ends_at, i.imported_at, i.refusal, i.refused_at";

/// The first active visit of the job. The comparison with '' is that of the index.
const FIRST_VISIT: &str = "LEFT JOIN appointment a ON a.appointment_id = (SELECT v.appointment_id FROM appointment v \
     WHERE v.seller_id = j.seller_id AND v.job_id = j.job_id AND v.amazon_appointment_id <> '' \
     AND v.status = 'ACTIVE' ORDER BY v.starts_at, v.appointment_id LIMIT 1)";

const IMPORT: &str = "LEFT JOIN imported_job i ON i.job_id = j.job_id AND i.seller_id = j.seller_id \
     AND i.confirmed_at IS NULL";

/// Visits that nobody is to come to.
const UNASSIGNED: &str = "FROM appointment a JOIN service_job j ON j.job_id = a.job_id AND j.seller_id = a.seller_id \
     AND j.status = 'NOT_SERVICED' AND j.vanished_at IS NULL \
     LEFT JOIN imported_job i ON i.job_id = j.job_id AND i.seller_id = j.seller_id AND i.confirmed_at IS NULL \
     WHERE a.seller_id = $1 AND a.status = 'ACTIVE' AND NOT EXISTS (SELECT 1 FROM assignment s \
       WHERE s.appointment_id = a.appointment_id AND s.seller_id = a.seller_id)";

impl Tx {
    /// How much waits in each queue.
    pub async fn queue_sizes(&mut self, seller: SellerId) -> sqlx::Result<Vec<QueueSize>> {
        let mut sizes = Vec::with_capacity(QueueName::ALL.len());
        for queue in QueueName::ALL {
            let sql = match queue {
                QueueName::Unassigned => format!("SELECT COUNT(*), MIN(a.starts_at) {UNASSIGNED}"),
                QueueName::Imported => "SELECT COUNT(*), MIN(imported_at) FROM imported_job \
                     WHERE seller_id = $1 AND confirmed_at IS NULL"
                    .to_owned(),
                _ => format!(
                    "SELECT COUNT(*), MIN(created_at) FROM service_job WHERE seller_id = $1 AND status = '{}' \
                     AND vanished_at IS NULL",
                    status(queue)
                ),
            };
            let (count, first): (i64, Option<i64>) = on!(self, |c| {
                sqlx::query_as(sqlx::AssertSqlSafe(sql))
                    .bind(seller.as_bytes().as_slice())
                    .fetch_one(c)
                    .await?
            });
            let count = u32::try_from(count).unwrap_or(u32::MAX);
            sizes.push(QueueSize { queue, count, first: first.map(Timestamp) });
        }
        Ok(sizes)
    }

    /// The jobs of a queue after `after`, `most` of them, each with its place.
    pub async fn queue_page(
        &mut self,
        seller: SellerId,
        queue: QueueName,
        after: Option<Place>,
        most: u32,
    ) -> sqlx::Result<Vec<(Place, QueuedRow)>> {
        let sql = match queue {
            QueueName::Unassigned => format!(
                "{COLUMNS} {UNASSIGNED} AND (a.starts_at, a.appointment_id) > ($2, $3) \
                 ORDER BY a.starts_at, a.appointment_id LIMIT $4"
            ),
            QueueName::Imported => format!(
                "{COLUMNS} FROM imported_job i \
                 JOIN service_job j ON j.job_id = i.job_id AND j.seller_id = i.seller_id {FIRST_VISIT} \
                 WHERE i.seller_id = $1 AND i.confirmed_at IS NULL AND (i.imported_at, i.job_id) > ($2, $3) \
                 ORDER BY i.imported_at, i.job_id LIMIT $4"
            ),
            _ => format!(
                "{COLUMNS} FROM service_job j {IMPORT} {FIRST_VISIT} \
                 WHERE j.seller_id = $1 AND j.status = '{}' AND j.vanished_at IS NULL \
                 AND (j.created_at, j.job_id) > ($2, $3) \
                 ORDER BY j.created_at, j.job_id LIMIT $4",
                status(queue)
            ),
        };
        let after = after.unwrap_or(Place { at: Timestamp(i64::MIN), id: [0; 16] });
        let rows: Vec<Row> = on!(self, |c| {
            sqlx::query_as(sqlx::AssertSqlSafe(sql))
                .bind(seller.as_bytes().as_slice())
                .bind(after.at.0)
                .bind(after.id.as_slice())
                .bind(i64::from(most))
                .fetch_all(c)
                .await?
        });
        rows.into_iter()
            .map(|row| {
                let row = queued(row)?;
                Ok((place(queue, &row), row))
            })
            .collect()
    }
}

/// The status that a queue is made of.
const fn status(queue: QueueName) -> &'static str {
    match queue {
        QueueName::PendingSchedule => "PENDING_SCHEDULE",
        QueueName::Unassigned | QueueName::Imported => "NOT_SERVICED",
        QueueName::Hold => "HOLD",
        QueueName::NotFulfillable => "NOT_FULFILLABLE",
        QueueName::PaymentDeclined => "PAYMENT_DECLINED",
    }
}

fn place(queue: QueueName, row: &QueuedRow) -> Place {
    let of_job = |at| Place { at, id: *row.job.as_bytes() };
    match (queue, &row.visit, &row.imported) {
        (QueueName::Unassigned, Some((appointment, window)), _) => {
            Place { at: window.start, id: *appointment.as_bytes() }
        }
        (QueueName::Imported, _, Some(imported)) => of_job(imported.at),
        _ => of_job(row.created_at),
    }
}

fn queued(row: Row) -> sqlx::Result<QueuedRow> {
    let visit = match (row.9, row.10, row.11) {
        (Some(appointment), Some(start), Some(end)) => {
            Some((id(&appointment)?, Window { start: Timestamp(start), end: Timestamp(end) }))
        }
        _ => None,
    };
    let (refusal, refused_at) = (row.13, row.14.map(Timestamp));
    Ok(QueuedRow {
        job: id(&row.0)?,
        service_job: ServiceJobId::new(row.1),
        status: JobStatus::from(row.2),
        title: row.3,
        quantity: u32::try_from(row.4).unwrap_or(u32::MAX),
        created_at: Timestamp(row.5),
        time_zone: row.6,
        wrapped_key: row.7,
        sealed: row.8,
        visit,
        imported: row.12.map(|at| Imported { at: Timestamp(at), refusal, refused_at }),
    })
}
