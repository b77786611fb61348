//! What Amazon is told of visits. A row is written with the lane of its job locked: claims do so too, and they hold no
//! document.

use super::{Tx, on};
use doorstep_core::id::{AppointmentId, SellerId};

impl Tx {
    /// What Amazon is told of a visit, as it was written down.
    pub async fn report(
        &mut self,
        seller: SellerId,
        appointment: AppointmentId,
    ) -> sqlx::Result<Option<String>> {
        let row: Option<(String,)> = on!(self, |c| {
            sqlx::query_as("SELECT said FROM report WHERE seller_id = $1 AND appointment_id = $2")
                .bind(seller.as_bytes().as_slice())
                .bind(appointment.as_bytes().as_slice())
                .fetch_optional(c)
                .await
        })?;
        Ok(row.map(|(said,)| said))
    }

    /// Writes down what Amazon is told of a visit, in place of what was there.
    pub async fn keep_report(
        &mut self,
        seller: SellerId,
        appointment: AppointmentId,
        said: &str,
    ) -> sqlx::Result<()> {
        on!(self, |c| {
            sqlx::query(
                "INSERT INTO report (appointment_id, seller_id, said) VALUES ($1, $2, $3)
                 ON CONFLICT (appointment_id) DO UPDATE SET said = excluded.said",
            )
            .bind(appointment.as_bytes().as_slice())
            .bind(seller.as_bytes().as_slice())
            .bind(said)
            .execute(c)
            .await
            .map(|_| ())
        })
    }
}
