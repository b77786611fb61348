//! Room for facts in closeout documents that were made before there was any.

use super::{Tx, document::joined, on};
use anyhow::Context as _;
use doorstep_core::{
    document::{Actor, Document},
    id::{AppointmentId, SellerId},
    time::Timestamp,
};

/// The number of the extension among the skeleton's changes.
const SEQ: i64 = 2;

impl Tx {
    /// Those of these visits whose documents have no room for facts and are not handed over. In order.
    pub async fn without_facts(
        &mut self,
        seller: SellerId,
        appointments: &[AppointmentId],
    ) -> sqlx::Result<Vec<AppointmentId>> {
        let mut without = Vec::new();
        for appointment in appointments {
            let (count,): (i64,) = on!(self, |c| {
                sqlx::query_as(
                    "SELECT COUNT(*) FROM document d
                     WHERE d.seller_id = $1 AND d.appointment_id = $2 AND d.closed_at IS NULL
                       AND NOT EXISTS (SELECT 1 FROM document_change h WHERE h.seller_id = d.seller_id
                         AND h.appointment_id = d.appointment_id AND h.actor = $3 AND h.seq = $4)",
                )
                .bind(seller.as_bytes().as_slice())
                .bind(appointment.as_bytes().as_slice())
                .bind(Actor::of_skeleton(*appointment).to_bytes().as_slice())
                .bind(SEQ)
                .fetch_one(c)
                .await
            })?;
            if count > 0 {
                without.push(*appointment);
            }
        }
        Ok(without)
    }

    /// Makes room for facts in a document. The caller has locked it; doing it again changes nothing.
    ///
    /// # Errors
    /// The database's, or a document on disk that does not read.
    pub async fn extend_document(
        &mut self,
        seller: SellerId,
        appointment: AppointmentId,
        now: Timestamp,
    ) -> anyhow::Result<()> {
        let Some(stored) = self.load_document(seller, appointment).await? else { return Ok(()) };
        let mut document = Document::load(&stored.snapshot).context("loading a document")?;
        let Some(change) = document.extend().context("extending a document")? else { return Ok(()) };
        on!(self, |c| {
            sqlx::query(
                "INSERT INTO document_change (appointment_id, change_hash, seller_id, actor, seq, bytes, received_at)
                 VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING",
            )
            .bind(appointment.as_bytes().as_slice())
            .bind(change.hash.as_bytes().as_slice())
            .bind(seller.as_bytes().as_slice())
            .bind(Actor::of_skeleton(appointment).to_bytes().as_slice())
            .bind(SEQ)
            .bind(change.bytes.as_slice())
            .bind(now.0)
            .execute(c)
            .await
            .map(|done| done.rows_affected())
        })?;
        on!(self, |c| {
            sqlx::query(
                "UPDATE document SET heads = $3, snapshot = $4 WHERE seller_id = $1 AND appointment_id = $2",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(appointment.as_bytes().as_slice())
            .bind(joined(&document.heads()))
            .bind(document.save())
            .execute(c)
            .await
            .map(|done| done.rows_affected())
        })?;
        Ok(())
    }
}
