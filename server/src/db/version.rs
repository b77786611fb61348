//! Values that two phones recorded of one field: whose they are, and which one was chosen.

use super::{Tx, document::joined, on};
use doorstep_core::{
    document::{Actor, Change, Document, Hash},
    id::{AppointmentId, DeviceId, SellerId},
};

impl Tx {
    /// Whose phone it is; `None` when the server does not know the phone.
    pub async fn technician_of(
        &mut self,
        seller: SellerId,
        device: DeviceId,
    ) -> sqlx::Result<Option<String>> {
        let row: Option<(String,)> = on!(self, |c| {
            sqlx::query_as(
                "SELECT u.name FROM device d JOIN user_account u ON u.user_id = d.user_id \
                 WHERE d.seller_id = $1 AND d.device_id = $2",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(device.as_bytes().as_slice())
            .fetch_optional(c)
            .await?
        });
        Ok(row.map(|(name,)| name))
    }

    /// Keeps a supervisor's choice among several values: the change that repeats one of them, and the new snapshot. The
    /// change arrived when, and from whom, the value it repeats did, since that is when and by whom it was recorded.
    pub async fn store_choice(
        &mut self,
        seller: SellerId,
        appointment: AppointmentId,
        chosen: &Hash,
        actor: Actor,
        change: &Change,
        document: &Document,
    ) -> sqlx::Result<()> {
        on!(self, |c| {
            sqlx::query(
                "INSERT INTO document_change (appointment_id, change_hash, seller_id, actor, seq, bytes,
                                              device_id, received_at, anchor_ms)
                 SELECT appointment_id, $4, seller_id, $5, 1, $6, device_id, received_at, anchor_ms
                 FROM document_change WHERE seller_id = $1 AND appointment_id = $2 AND change_hash = $3",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(appointment.as_bytes().as_slice())
            .bind(chosen.as_bytes().as_slice())
            .bind(change.hash.as_bytes().as_slice())
            .bind(actor.to_bytes().as_slice())
            .bind(change.bytes.as_slice())
            .execute(c)
            .await
            .map(|done| done.rows_affected())
        })?;
        let heads = joined(&document.heads());
        on!(self, |c| {
            sqlx::query(
                "UPDATE document SET heads = $3, snapshot = $4 WHERE seller_id = $1 AND appointment_id = $2",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(appointment.as_bytes().as_slice())
            .bind(heads)
            .bind(document.save())
            .execute(c)
            .await
            .map(|done| done.rows_affected())
        })?;
        Ok(())
    }
}
