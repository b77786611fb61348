//! Jobs of one service order: they end together.

use super::{Tx, id, on};
use doorstep_core::{
    id::{JobId, SellerId, ServiceJobId},
    job::{JobStatus, Sibling, Window},
    time::Timestamp,
};

impl Tx {
    /// The other open jobs of a job's order, by the time of their visit; those without one come last.
    pub async fn siblings(&mut self, seller: SellerId, job: JobId) -> sqlx::Result<Vec<Sibling>> {
        type Row = (Vec<u8>, String, String, String, Option<i64>, Option<i64>);
        let rows: Vec<Row> = on!(self, |c| {
            sqlx::query_as(
                "SELECT o.job_id, o.service_job_id, o.title, o.status, MIN(a.starts_at), MIN(a.ends_at)
                 FROM service_job j JOIN service_job o ON o.seller_id = j.seller_id
                   AND o.service_order_id = j.service_order_id AND o.job_id <> j.job_id
                   AND o.status NOT IN ('COMPLETED', 'CANCELLED') AND o.vanished_at IS NULL
                 LEFT JOIN appointment a ON a.seller_id = o.seller_id AND a.job_id = o.job_id AND a.status = 'ACTIVE'
                 WHERE j.seller_id = $1 AND j.job_id = $2
                 GROUP BY o.job_id, o.service_job_id, o.title, o.status
                 ORDER BY CASE WHEN MIN(a.starts_at) IS NULL THEN 1 ELSE 0 END, MIN(a.starts_at), o.job_id",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(job.as_bytes().as_slice())
            .fetch_all(c)
            .await?
        });
        rows.into_iter()
            .map(|(job, name, title, status, start, end)| {
                let window = start.zip(end);
                Ok(Sibling {
                    job: id(&job)?,
                    service_job_id: ServiceJobId::new(name),
                    title,
                    status: JobStatus::from(status),
                    window: window
                        .map(|(start, end)| Window { start: Timestamp(start), end: Timestamp(end) }),
                })
            })
            .collect()
    }

    /// Orders of a marketplace whose other jobs were not looked for yet, `most` of them.
    pub async fn unread_orders(
        &mut self,
        seller: SellerId,
        marketplace: &str,
        most: i64,
    ) -> sqlx::Result<Vec<String>> {
        let rows: Vec<(String,)> = on!(self, |c| {
            sqlx::query_as(
                "SELECT DISTINCT service_order_id FROM service_job
                 WHERE seller_id = $1 AND marketplace_id = $2 AND service_order_id IS NOT NULL
                   AND order_read_at IS NULL AND status NOT IN ('COMPLETED', 'CANCELLED')
                   AND NOT EXISTS (SELECT 1 FROM imported_job i WHERE i.seller_id = $1 AND i.job_id = service_job.job_id
                     AND i.confirmed_at IS NULL)
                 ORDER BY service_order_id LIMIT $3",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(marketplace)
            .bind(most)
            .fetch_all(c)
            .await?
        });
        Ok(rows.into_iter().map(|(order,)| order).collect())
    }

    pub async fn note_order_read(
        &mut self,
        seller: SellerId,
        order: &str,
        now: Timestamp,
    ) -> sqlx::Result<()> {
        on!(self, |c| {
            sqlx::query(
                "UPDATE service_job SET order_read_at = $3
                 WHERE seller_id = $1 AND service_order_id = $2 AND order_read_at IS NULL",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(order)
            .bind(now.0)
            .execute(c)
            .await
            .map(|_| ())
        })
    }

    /// The visits of the other open jobs of an order.
    pub async fn visits_of_siblings(
        &mut self,
        seller: SellerId,
        job: JobId,
    ) -> sqlx::Result<Vec<doorstep_core::id::AppointmentId>> {
        let rows: Vec<(Vec<u8>,)> = on!(self, |c| {
            sqlx::query_as(
                "SELECT a.appointment_id FROM service_job j
                 JOIN service_job o ON o.seller_id = j.seller_id AND o.service_order_id = j.service_order_id
                   AND o.job_id <> j.job_id AND o.status NOT IN ('COMPLETED', 'CANCELLED')
                 JOIN appointment a ON a.seller_id = o.seller_id AND a.job_id = o.job_id AND a.status = 'ACTIVE'
                 WHERE j.seller_id = $1 AND j.job_id = $2 ORDER BY a.appointment_id",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(job.as_bytes().as_slice())
            .fetch_all(c)
            .await?
        });
        rows.iter().map(|(appointment,)| id(appointment)).collect()
    }
}
