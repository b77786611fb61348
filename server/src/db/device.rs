//! Phones, and the key of the store on each.

use super::{Tx, on};
use doorstep_core::{
    id::{DeviceId, SellerId, UserId},
    time::Timestamp,
};

impl Tx {
    /// The store key of a device of this user, wrapped under the root key; `None` when the device is not theirs.
    pub async fn device_key(
        &mut self,
        seller: SellerId,
        user: UserId,
        device: DeviceId,
    ) -> sqlx::Result<Option<Vec<u8>>> {
        let row: Option<(Vec<u8>,)> = on!(self, |c| {
            sqlx::query_as(
                "SELECT wrapped_key FROM device WHERE seller_id = $1 AND user_id = $2 AND device_id = $3",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(user.as_bytes().as_slice())
            .bind(device.as_bytes().as_slice())
            .fetch_optional(c)
            .await?
        });
        Ok(row.map(|(wrapped,)| wrapped))
    }

    pub async fn insert_device(
        &mut self,
        seller: SellerId,
        user: UserId,
        device: DeviceId,
        wrapped_key: &[u8],
        now: Timestamp,
    ) -> sqlx::Result<()> {
        on!(self, |c| {
            sqlx::query(
                "INSERT INTO device (device_id, seller_id, user_id, wrapped_key, created_at, last_contact_at) \
                 VALUES ($1, $2, $3, $4, $5, $5)",
            )
            .bind(device.as_bytes().as_slice())
            .bind(seller.as_bytes().as_slice())
            .bind(user.as_bytes().as_slice())
            .bind(wrapped_key)
            .bind(now.0)
            .execute(c)
            .await?;
        });
        Ok(())
    }

    /// Notes that the server heard from a device.
    pub async fn hear_from_device(
        &mut self,
        seller: SellerId,
        device: DeviceId,
        now: Timestamp,
    ) -> sqlx::Result<()> {
        on!(self, |c| {
            sqlx::query(
                "UPDATE device SET last_contact_at = $3 \
                 WHERE seller_id = $1 AND device_id = $2 AND last_contact_at < $3",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(device.as_bytes().as_slice())
            .bind(now.0)
            .execute(c)
            .await?;
        });
        Ok(())
    }
}
