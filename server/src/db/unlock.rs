//! What is kept of a phone so that it may come back to a session without a password.

use super::{
    Tx, id, on,
    session::barred_by,
    user::{User, role_named},
};
use doorstep_core::{
    api::Barred,
    id::{DeviceId, SellerId},
    time::Timestamp,
};

/// A phone, and what decides whether a proof brings it a session.
#[derive(Clone, Debug)]
pub struct Resumable {
    pub user: User,
    /// Its store key under the root key.
    pub wrapped_key: Vec<u8>,
    /// `None` once somebody has signed out on it.
    pub signed_in_at: Option<Timestamp>,
    pub unlocked_at: Option<Timestamp>,
    pub barred: Option<Barred>,
}

type Row = (Vec<u8>, String, String, String, Vec<u8>, Option<i64>, Option<i64>, Option<i64>, Option<i64>);

impl Tx {
    pub async fn resumable(&mut self, seller: SellerId, device: DeviceId) -> sqlx::Result<Option<Resumable>> {
        let row: Option<Row> = on!(self, |c| {
            sqlx::query_as(
                "SELECT u.user_id, u.name, u.role, u.password_hash, d.wrapped_key, d.signed_in_at, d.unlocked_at,
                        d.revoked_at, u.disabled_at
                 FROM device d JOIN user_account u ON u.user_id = d.user_id AND u.seller_id = d.seller_id
                 WHERE d.seller_id = $1 AND d.device_id = $2",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(device.as_bytes().as_slice())
            .fetch_optional(c)
            .await?
        });
        row.map(|(user, name, role, password_hash, wrapped_key, signed_in, unlocked, revoked, disabled)| {
            let user = User { user: id(&user)?, seller, name, role: role_named(&role)?, password_hash };
            Ok(Resumable {
                user,
                wrapped_key,
                signed_in_at: signed_in.map(Timestamp),
                unlocked_at: unlocked.map(Timestamp),
                barred: barred_by(revoked, disabled),
            })
        })
        .transpose()
    }

    /// Takes a challenge made at `made_at`; false when one of then or later was taken before.
    pub async fn take_challenge(
        &mut self,
        seller: SellerId,
        device: DeviceId,
        made_at: Timestamp,
    ) -> sqlx::Result<bool> {
        let rows = on!(self, |c| {
            sqlx::query(
                "UPDATE device SET resumed_at = $3 WHERE seller_id = $1 AND device_id = $2 AND revoked_at IS NULL \
                 AND (resumed_at IS NULL OR resumed_at < $3)",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(device.as_bytes().as_slice())
            .bind(made_at.0)
            .execute(c)
            .await?
            .rows_affected()
        });
        Ok(rows == 1)
    }

    /// Notes that somebody signed in on a phone by password or code, or, with `None`, that they signed out.
    pub async fn device_signed_in(
        &mut self,
        seller: SellerId,
        device: DeviceId,
        at: Option<Timestamp>,
    ) -> sqlx::Result<()> {
        on!(self, |c| {
            sqlx::query(
                "UPDATE device SET signed_in_at = $3, unlocked_at = $3 WHERE seller_id = $1 AND device_id = $2",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(device.as_bytes().as_slice())
            .bind(at.map(|at| at.0))
            .execute(c)
            .await?;
        });
        Ok(())
    }
}
