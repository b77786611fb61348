//! Phones, the key of the store on each, and what they tell of themselves.

use super::{Tx, id, on};
use doorstep_core::{
    api::{Phone, Revoked, StoreLost, Told},
    id::{DeviceId, SellerId, UserId},
    time::Timestamp,
};
use serde::{Serialize, de::DeserializeOwned};

/// A contact is noted once in this time: the office reads it in minutes.
const CONTACT_EVERY_MS: i64 = 30_000;

impl Tx {
    /// The store key of a device of this user, wrapped under the root key; `None` when the device is not theirs, or
    /// is revoked: a phone that comes back is a new device.
    pub async fn device_key(
        &mut self,
        seller: SellerId,
        user: UserId,
        device: DeviceId,
    ) -> sqlx::Result<Option<Vec<u8>>> {
        let row: Option<(Vec<u8>,)> = on!(self, |c| {
            sqlx::query_as(
                "SELECT wrapped_key FROM device WHERE seller_id = $1 AND user_id = $2 AND device_id = $3
                   AND revoked_at IS NULL",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(user.as_bytes().as_slice())
            .bind(device.as_bytes().as_slice())
            .fetch_optional(c)
            .await?
        });
        Ok(row.map(|(wrapped,)| wrapped))
    }

    /// Whose phone this is, and its store key, wrapped under the root key.
    pub async fn device_of_seller(
        &mut self,
        seller: SellerId,
        device: DeviceId,
    ) -> sqlx::Result<Option<(UserId, String, Vec<u8>)>> {
        let row: Option<(Vec<u8>, String, Vec<u8>)> = on!(self, |c| {
            sqlx::query_as(
                "SELECT u.user_id, u.name, d.wrapped_key FROM device d
                 JOIN user_account u ON u.user_id = d.user_id AND u.seller_id = d.seller_id
                 WHERE d.seller_id = $1 AND d.device_id = $2",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(device.as_bytes().as_slice())
            .fetch_optional(c)
            .await
        })?;
        row.map(|(user, name, wrapped)| Ok((id(&user)?, name, wrapped))).transpose()
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

    /// Notes that the server heard from a device that is unlocked. In exchanges: after the locks of documents, before
    /// the first event.
    pub async fn hear_from_device(
        &mut self,
        seller: SellerId,
        device: DeviceId,
        now: Timestamp,
    ) -> sqlx::Result<()> {
        on!(self, |c| {
            sqlx::query(
                "UPDATE device SET last_contact_at = $3, unlocked_at = $3 \
                 WHERE seller_id = $1 AND device_id = $2 \
                 AND (last_contact_at <= $4 OR unlocked_at IS NULL OR unlocked_at <= $4)",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(device.as_bytes().as_slice())
            .bind(now.0)
            .bind(now.plus_ms(-CONTACT_EVERY_MS).0)
            .execute(c)
            .await?;
        });
        Ok(())
    }

    /// Whether the last contact of a device that was unlocked is long enough ago to note another.
    pub async fn is_contact_due(
        &mut self,
        seller: SellerId,
        device: DeviceId,
        now: Timestamp,
    ) -> sqlx::Result<bool> {
        let row: Option<(i64, Option<i64>)> = on!(self, |c| {
            sqlx::query_as(
                "SELECT last_contact_at, unlocked_at FROM device WHERE seller_id = $1 AND device_id = $2",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(device.as_bytes().as_slice())
            .fetch_optional(c)
            .await?
        });
        let due = now.plus_ms(-CONTACT_EVERY_MS).0;
        Ok(row.is_some_and(|(last, unlocked)| last <= due || unlocked.is_none_or(|at| at <= due)))
    }

    /// Keeps what a phone told of itself, in place of what it told before.
    pub async fn store_told(&mut self, seller: SellerId, device: DeviceId, told: &Told) -> sqlx::Result<()> {
        let text = json(told)?;
        on!(self, |c| {
            sqlx::query(
                "UPDATE device SET told = $3, last_contact_at = $4 WHERE seller_id = $1 AND device_id = $2",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(device.as_bytes().as_slice())
            .bind(text)
            .bind(told.at.0)
            .execute(c)
            .await?;
        });
        self.phones_changed(seller).await
    }

    /// Keeps for good that the store of a device vanished. False when that is known, or the device is not the seller's.
    pub async fn store_lost(
        &mut self,
        seller: SellerId,
        device: DeviceId,
        lost: &StoreLost,
    ) -> sqlx::Result<bool> {
        let text = json(lost)?;
        let rows = on!(self, |c| {
            sqlx::query(
                "UPDATE device SET lost = $3 WHERE seller_id = $1 AND device_id = $2 AND lost IS NULL",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(device.as_bytes().as_slice())
            .bind(text)
            .execute(c)
            .await?
            .rows_affected()
        });
        Ok(rows == 1)
    }

    /// All phones, those heard of last first. What to worry about is left to the caller, who knows the time.
    pub async fn phones(&mut self, seller: SellerId) -> sqlx::Result<Vec<Phone>> {
        type Row = (
            Vec<u8>,
            String,
            Vec<u8>,
            String,
            i64,
            i64,
            Option<String>,
            Option<String>,
            Option<i64>,
            Option<String>,
            Option<String>,
            Option<i64>,
        );
        let rows: Vec<Row> = on!(self, |c| {
            sqlx::query_as(
                "SELECT d.device_id, d.name, d.user_id, u.name, d.created_at, d.last_contact_at, d.told, d.lost,
                        d.revoked_at, d.revoke_reason, b.name, d.revoke_heard_at
                 FROM device d JOIN user_account u ON u.user_id = d.user_id AND u.seller_id = d.seller_id
                 LEFT JOIN user_account b ON b.user_id = d.revoked_by AND b.seller_id = d.seller_id
                 WHERE d.seller_id = $1 ORDER BY d.last_contact_at DESC, d.device_id",
            )
            .bind(seller.as_bytes().as_slice())
            .fetch_all(c)
            .await?
        });
        let phone = |row: Row| {
            let (device, name, user, technician, since, last_contact, told, lost, at, reason, by, heard) =
                row;
            let revoked = at.map(|at| Revoked {
                at: Timestamp(at),
                by: by.unwrap_or_default(),
                reason: reason.unwrap_or_default(),
                heard_at: heard.map(Timestamp),
            });
            Ok(Phone {
                device: id(&device)?,
                name,
                user: id(&user)?,
                technician,
                since: Timestamp(since),
                last_contact: Timestamp(last_contact),
                told: told.as_deref().map(parsed).transpose()?,
                lost: lost.as_deref().map(parsed).transpose()?,
                revoked,
                worries: Vec::new(),
            })
        };
        rows.into_iter().map(phone).collect()
    }

    /// Has whoever watches the phones read them again. The seller's row stays locked until the commit, as with events.
    pub async fn phones_changed(&mut self, seller: SellerId) -> sqlx::Result<()> {
        on!(self, |c| {
            sqlx::query("UPDATE seller SET phones_version = phones_version + 1 WHERE seller_id = $1")
                .bind(seller.as_bytes().as_slice())
                .execute(c)
                .await?;
        });
        Ok(())
    }

    /// Which state of the phones this transaction sees.
    pub async fn phones_version(&mut self, seller: SellerId) -> sqlx::Result<i64> {
        let (version,): (i64,) = on!(self, |c| {
            sqlx::query_as("SELECT phones_version FROM seller WHERE seller_id = $1")
                .bind(seller.as_bytes().as_slice())
                .fetch_one(c)
                .await?
        });
        Ok(version)
    }
}

fn json(value: &impl Serialize) -> sqlx::Result<String> {
    serde_json::to_string(value).map_err(|refused| sqlx::Error::Encode(Box::new(refused)))
}

fn parsed<T: DeserializeOwned>(text: &str) -> sqlx::Result<T> {
    serde_json::from_str(text).map_err(|refused| sqlx::Error::Decode(Box::new(refused)))
}
