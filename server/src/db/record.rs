//! The sealed records of a visit with who wrote them, for whoever may read them.

use super::{Tx, id, on};
use doorstep_core::{
    id::{AppointmentId, RecordId, SellerId},
    time::Timestamp,
};

/// A record that is there.
#[derive(Clone, Debug)]
pub struct WrittenRecord {
    pub id: RecordId,
    pub sealed: Vec<u8>,
    /// By name.
    pub technician: String,
    pub received_at: Timestamp,
}

impl Tx {
    /// In the order in which they came. What has expired is not among them.
    pub async fn records_read(
        &mut self,
        seller: SellerId,
        appointment: AppointmentId,
    ) -> sqlx::Result<Vec<WrittenRecord>> {
        let rows: Vec<(Vec<u8>, Vec<u8>, String, i64)> = on!(self, |c| {
            sqlx::query_as(
                "SELECT r.record_id, r.sealed, u.name, r.received_at FROM sealed_record r
                 JOIN device d ON d.device_id = r.device_id AND d.seller_id = r.seller_id
                 JOIN user_account u ON u.user_id = d.user_id
                 WHERE r.seller_id = $1 AND r.appointment_id = $2 AND r.sealed IS NOT NULL
                 ORDER BY r.received_at, r.record_id",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(appointment.as_bytes().as_slice())
            .fetch_all(c)
            .await
        })?;
        let record = |(record, sealed, technician, received): (Vec<u8>, Vec<u8>, String, i64)| {
            Ok(WrittenRecord { id: id(&record)?, sealed, technician, received_at: Timestamp(received) })
        };
        rows.into_iter().map(record).collect()
    }
}
