//! Sessions of browsers.

use super::{Tx, id, on, user::role_named};
use doorstep_core::{
    api::{Barred, Role},
    digest::Sha256,
    id::{DeviceId, SellerId, UserId},
    time::Timestamp,
};

/// A session that has not expired.
#[derive(Clone, Debug)]
pub struct Session {
    pub user: UserId,
    pub seller: SellerId,
    pub name: String,
    pub role: Role,
    pub device: Option<DeviceId>,
    /// Whoever has it has to prove that the phone is unlocked.
    pub proves: bool,
    /// Why it grants nothing any more; evidence may still come with it.
    pub barred: Option<Barred>,
}

type Row = (Vec<u8>, Vec<u8>, String, String, Option<Vec<u8>>, i64, Option<i64>, Option<i64>);

pub(super) fn barred_by(revoked: Option<i64>, disabled: Option<i64>) -> Option<Barred> {
    match (revoked, disabled) {
        (Some(_), _) => Some(Barred::PhoneRevoked),
        (None, Some(_)) => Some(Barred::UserDisabled),
        (None, None) => None,
    }
}

impl Tx {
    /// Whose session has this token. The token is the proof of the seller as well.
    pub async fn session(&mut self, token_hash: &Sha256, now: Timestamp) -> sqlx::Result<Option<Session>> {
        let row: Option<Row> = on!(self, |c| {
            sqlx::query_as(
                "SELECT u.user_id, u.seller_id, u.name, u.role, s.device_id, s.proves, u.disabled_at, d.revoked_at \
                 FROM web_session s JOIN user_account u ON u.user_id = s.user_id AND u.seller_id = s.seller_id \
                 LEFT JOIN device d ON d.device_id = s.device_id AND d.seller_id = s.seller_id \
                 WHERE s.token_hash = $1 AND s.expires_at > $2",
            )
            .bind(token_hash.as_bytes().as_slice())
            .bind(now.0)
            .fetch_optional(c)
            .await?
        });
        row.map(|(user, seller, name, role, device, proves, disabled, revoked)| {
            let device = device.map(|device| id(&device)).transpose()?;
            Ok(Session {
                user: id(&user)?,
                seller: id(&seller)?,
                name,
                role: role_named(&role)?,
                device,
                proves: proves != 0,
                barred: barred_by(revoked, disabled),
            })
        })
        .transpose()
    }

    pub async fn insert_session(
        &mut self,
        token_hash: &Sha256,
        session: &Session,
        now: Timestamp,
        expires_at: Timestamp,
    ) -> sqlx::Result<()> {
        on!(self, |c| {
            sqlx::query(
                "INSERT INTO web_session (token_hash, seller_id, user_id, device_id, created_at, expires_at, proves) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7)",
            )
            .bind(token_hash.as_bytes().as_slice())
            .bind(session.seller.as_bytes().as_slice())
            .bind(session.user.as_bytes().as_slice())
            .bind(session.device.as_ref().map(|device| device.as_bytes().as_slice()))
            .bind(now.0)
            .bind(expires_at.0)
            .bind(i64::from(session.proves))
            .execute(c)
            .await?;
        });
        Ok(())
    }

    pub async fn delete_session(&mut self, seller: SellerId, token_hash: &Sha256) -> sqlx::Result<()> {
        on!(self, |c| {
            sqlx::query("DELETE FROM web_session WHERE seller_id = $1 AND token_hash = $2")
                .bind(seller.as_bytes().as_slice())
                .bind(token_hash.as_bytes().as_slice())
                .execute(c)
                .await?;
        });
        Ok(())
    }

    pub async fn delete_expired_sessions(&mut self, seller: SellerId, now: Timestamp) -> sqlx::Result<u64> {
        Ok(on!(self, |c| {
            sqlx::query("DELETE FROM web_session WHERE seller_id = $1 AND expires_at <= $2")
                .bind(seller.as_bytes().as_slice())
                .bind(now.0)
                .execute(c)
                .await?
                .rows_affected()
        }))
    }
}
