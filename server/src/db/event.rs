//! What supervisors are told, in commit order.

use super::{Tx, id, on};
use doorstep_core::{
    api::What,
    id::{AppointmentId, SellerId},
    time::Timestamp,
};

/// One thing that happened to a visit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Rises by one per seller in commit order.
    pub id: i64,
    pub appointment: AppointmentId,
    pub what: What,
    pub at: Timestamp,
}

impl Tx {
    /// Records what happened and gives its id. The seller's row stays locked until the commit, so ids are in
    /// commit order on both engines: whoever has read up to one has seen all before it.
    pub async fn record_event(
        &mut self,
        seller: SellerId,
        appointment: AppointmentId,
        what: &What,
        at: Timestamp,
    ) -> sqlx::Result<i64> {
        let (event_id,): (i64,) = on!(self, |c| {
            sqlx::query_as(
                "UPDATE seller SET last_event = last_event + 1 WHERE seller_id = $1 RETURNING last_event",
            )
            .bind(seller.as_bytes().as_slice())
            .fetch_one(c)
            .await
        })?;
        let what = serde_json::to_string(what).map_err(|refused| sqlx::Error::Encode(Box::new(refused)))?;
        on!(self, |c| {
            sqlx::query("INSERT INTO event (seller_id, event_id, appointment_id, what, at) VALUES ($1, $2, $3, $4, $5)")
                .bind(seller.as_bytes().as_slice())
                .bind(event_id)
                .bind(appointment.as_bytes().as_slice())
                .bind(what)
                .bind(at.0)
                .execute(c)
                .await
                .map(|done| done.rows_affected())
        })?;
        Ok(event_id)
    }

    /// The id of the last event, 0 before any.
    pub async fn last_event(&mut self, seller: SellerId) -> sqlx::Result<i64> {
        let (last,): (i64,) = on!(self, |c| {
            sqlx::query_as("SELECT last_event FROM seller WHERE seller_id = $1")
                .bind(seller.as_bytes().as_slice())
                .fetch_one(c)
                .await
        })?;
        Ok(last)
    }

    /// The events after `after`, oldest first, `most` of them.
    pub async fn events_after(
        &mut self,
        seller: SellerId,
        after: i64,
        most: i64,
    ) -> sqlx::Result<Vec<Event>> {
        let rows: Vec<(i64, Vec<u8>, String, i64)> = on!(self, |c| {
            sqlx::query_as(
                "SELECT event_id, appointment_id, what, at FROM event
                 WHERE seller_id = $1 AND event_id > $2 ORDER BY event_id LIMIT $3",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(after)
            .bind(most)
            .fetch_all(c)
            .await
        })?;
        let event = |(event_id, appointment, what, at): (i64, Vec<u8>, String, i64)| {
            Ok(Event {
                id: event_id,
                appointment: id(&appointment)?,
                what: serde_json::from_str(&what)
                    .map_err(|refused| sqlx::Error::Decode(Box::new(refused)))?,
                at: Timestamp(at),
            })
        };
        rows.into_iter().map(event).collect()
    }
}
