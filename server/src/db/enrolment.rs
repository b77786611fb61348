//! Codes that make a browser a phone, and phones that cease to be ones.

use super::{Tx, id, on, user::User, user::role_named};
use doorstep_core::{
    api::TechnicianAccount,
    digest::Sha256,
    id::{DeviceId, SellerId, UserId},
    time::Timestamp,
};

/// A code that was made.
#[derive(Clone, Debug)]
pub struct Code<'a> {
    pub hash: Sha256,
    pub user: UserId,
    pub name: &'a str,
    pub made_by: UserId,
    pub expires_at: Timestamp,
}

impl Tx {
    /// Keeps a code, and forgets those whose time is over.
    pub async fn insert_code(
        &mut self,
        seller: SellerId,
        code: &Code<'_>,
        now: Timestamp,
    ) -> sqlx::Result<()> {
        on!(self, |c| {
            sqlx::query("DELETE FROM enrolment_code WHERE seller_id = $1 AND expires_at <= $2")
                .bind(seller.as_bytes().as_slice())
                .bind(now.0)
                .execute(c)
                .await?;
        });
        on!(self, |c| {
            sqlx::query(
                "INSERT INTO enrolment_code (code_hash, seller_id, user_id, name, made_by, made_at, expires_at)
                 VALUES ($1, $2, $3, $4, $5, $6, $7)",
            )
            .bind(code.hash.as_bytes().as_slice())
            .bind(seller.as_bytes().as_slice())
            .bind(code.user.as_bytes().as_slice())
            .bind(code.name)
            .bind(code.made_by.as_bytes().as_slice())
            .bind(now.0)
            .bind(code.expires_at.0)
            .execute(c)
            .await?;
        });
        Ok(())
    }

    /// Uses a code up: whose phone this is now, and what it is called. `None` when there is no such code any more.
    pub async fn take_code(
        &mut self,
        seller: SellerId,
        hash: &Sha256,
        now: Timestamp,
    ) -> sqlx::Result<Option<(User, String)>> {
        let row: Option<(Vec<u8>, String)> = on!(self, |c| {
            sqlx::query_as(
                "DELETE FROM enrolment_code WHERE seller_id = $1 AND code_hash = $2 AND expires_at > $3
                 RETURNING user_id, name",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(hash.as_bytes().as_slice())
            .bind(now.0)
            .fetch_optional(c)
            .await?
        });
        let Some((user, phone)) = row else { return Ok(None) };
        let row: Option<(String, String, String)> = on!(self, |c| {
            sqlx::query_as(
                "SELECT name, role, password_hash FROM user_account
                 WHERE seller_id = $1 AND user_id = $2 AND disabled_at IS NULL",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(&user)
            .fetch_optional(c)
            .await?
        });
        row.map(|(name, role, password_hash)| {
            let user = User { user: id(&user)?, seller, name, role: role_named(&role)?, password_hash };
            Ok((user, phone))
        })
        .transpose()
    }

    /// Gives a phone the name the office calls it by.
    pub async fn name_device(&mut self, seller: SellerId, device: DeviceId, name: &str) -> sqlx::Result<()> {
        on!(self, |c| {
            sqlx::query("UPDATE device SET name = $3 WHERE seller_id = $1 AND device_id = $2")
                .bind(seller.as_bytes().as_slice())
                .bind(device.as_bytes().as_slice())
                .bind(name)
                .execute(c)
                .await?;
        });
        self.phones_changed(seller).await
    }

    /// Takes a phone off the list. `None` when there is no such phone; false when it was taken off before.
    pub async fn revoke_device(
        &mut self,
        seller: SellerId,
        device: DeviceId,
        (by, reason): (UserId, &str),
        now: Timestamp,
    ) -> sqlx::Result<Option<bool>> {
        let rows = on!(self, |c| {
            sqlx::query(
                "UPDATE device SET revoked_at = $3, revoked_by = $4, revoke_reason = $5
                 WHERE seller_id = $1 AND device_id = $2 AND revoked_at IS NULL",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(device.as_bytes().as_slice())
            .bind(now.0)
            .bind(by.as_bytes().as_slice())
            .bind(reason)
            .execute(c)
            .await?
            .rows_affected()
        });
        let known: Option<(i64,)> = on!(self, |c| {
            sqlx::query_as("SELECT created_at FROM device WHERE seller_id = $1 AND device_id = $2")
                .bind(seller.as_bytes().as_slice())
                .bind(device.as_bytes().as_slice())
                .fetch_optional(c)
                .await?
        });
        self.phones_changed(seller).await?;
        Ok(known.map(|_| rows == 1))
    }

    /// Notes that a revoked phone was told so. True the first time.
    pub async fn revocation_heard(
        &mut self,
        seller: SellerId,
        device: DeviceId,
        now: Timestamp,
    ) -> sqlx::Result<bool> {
        let rows = on!(self, |c| {
            sqlx::query(
                "UPDATE device SET revoke_heard_at = $3
                 WHERE seller_id = $1 AND device_id = $2 AND revoked_at IS NOT NULL AND revoke_heard_at IS NULL",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(device.as_bytes().as_slice())
            .bind(now.0)
            .execute(c)
            .await?
            .rows_affected()
        });
        if rows == 1 {
            self.phones_changed(seller).await?;
        }
        Ok(rows == 1)
    }

    /// All technicians by name.
    pub async fn technicians(&mut self, seller: SellerId) -> sqlx::Result<Vec<TechnicianAccount>> {
        let rows: Vec<(Vec<u8>, String, Option<i64>)> = on!(self, |c| {
            sqlx::query_as(
                "SELECT user_id, name, disabled_at FROM user_account
                 WHERE seller_id = $1 AND role = 'technician' ORDER BY name",
            )
            .bind(seller.as_bytes().as_slice())
            .fetch_all(c)
            .await?
        });
        let account = |(user, name, disabled): (Vec<u8>, String, Option<i64>)| {
            Ok(TechnicianAccount { user: id(&user)?, name, enabled: disabled.is_none() })
        };
        rows.into_iter().map(account).collect()
    }

    /// Lets somebody in again or bars them. False when there is no such user. What they have signed in to ends with it.
    pub async fn set_user_enabled(
        &mut self,
        seller: SellerId,
        user: UserId,
        disabled_at: Option<Timestamp>,
    ) -> sqlx::Result<bool> {
        let rows = on!(self, |c| {
            sqlx::query("UPDATE user_account SET disabled_at = $3 WHERE seller_id = $1 AND user_id = $2")
                .bind(seller.as_bytes().as_slice())
                .bind(user.as_bytes().as_slice())
                .bind(disabled_at.map(|at| at.0))
                .execute(c)
                .await?
                .rows_affected()
        });
        self.phones_changed(seller).await?;
        Ok(rows == 1)
    }

    /// Who has this name, barred or not.
    pub async fn user_id_named(&mut self, seller: SellerId, name: &str) -> sqlx::Result<Option<UserId>> {
        let row: Option<(Vec<u8>,)> = on!(self, |c| {
            sqlx::query_as("SELECT user_id FROM user_account WHERE seller_id = $1 AND name = $2")
                .bind(seller.as_bytes().as_slice())
                .bind(name)
                .fetch_optional(c)
                .await?
        });
        row.map(|(user,)| id(&user)).transpose()
    }
}
