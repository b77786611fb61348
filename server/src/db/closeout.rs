//! Closeouts that are not handed over yet.

use super::{Tx, id, on};
use doorstep_core::id::{AppointmentId, SellerId};

impl Tx {
    /// The visits of which somebody recorded something, that are not handed over, and whose buyer data has not expired.
    pub async fn unclosed_visits(&mut self, seller: SellerId) -> sqlx::Result<Vec<AppointmentId>> {
        let rows: Vec<(Vec<u8>,)> = on!(self, |c| {
            sqlx::query_as(
                "SELECT d.appointment_id FROM document d
                 JOIN appointment a ON a.appointment_id = d.appointment_id AND a.seller_id = d.seller_id
                 JOIN service_job j ON j.job_id = a.job_id AND j.seller_id = a.seller_id
                 WHERE d.seller_id = $1 AND d.closed_at IS NULL AND j.wrapped_key IS NOT NULL
                   AND EXISTS (SELECT 1 FROM document_change h WHERE h.appointment_id = d.appointment_id
                     AND h.seller_id = d.seller_id AND h.device_id IS NOT NULL)
                 ORDER BY d.appointment_id",
            )
            .bind(seller.as_bytes().as_slice())
            .fetch_all(c)
            .await
        })?;
        rows.into_iter().map(|(visit,)| id(&visit)).collect()
    }
}
