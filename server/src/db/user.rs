//! Users and whom of Amazon's people they are.

use super::{Tx, id, on};
use doorstep_core::{
    api::Role,
    id::{SellerId, UserId},
    time::Timestamp,
};

/// A user, for signing in.
#[derive(Clone, Debug)]
pub struct User {
    pub user: UserId,
    pub seller: SellerId,
    pub name: String,
    pub role: Role,
    /// A PHC string.
    pub password_hash: String,
}

/// Which of Amazon's ids a user is linked to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkKind {
    /// `technicianId` of assigned technicians.
    Technician,
    /// `resourceId`, which fulfilment names.
    Resource,
}

impl LinkKind {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Technician => "technician",
            Self::Resource => "resource",
        }
    }
}

/// A role as the database writes it.
pub const fn role_name(role: Role) -> &'static str {
    match role {
        Role::Technician => "technician",
        Role::Supervisor => "supervisor",
        Role::Administrator => "administrator",
    }
}

pub(super) fn role_named(name: &str) -> sqlx::Result<Role> {
    [Role::Technician, Role::Supervisor, Role::Administrator]
        .into_iter()
        .find(|role| role_name(*role) == name)
        .ok_or_else(|| sqlx::Error::Decode("not a role".into()))
}

type Row = (Vec<u8>, Vec<u8>, String, String, String);

impl Tx {
    /// The user of this name, unless disabled. The one query over all sellers: whoever signs in has only a name.
    pub async fn user_named(&mut self, name: &str) -> sqlx::Result<Option<User>> {
        let row: Option<Row> = on!(self, |c| {
            sqlx::query_as(
                "SELECT user_id, seller_id, name, role, password_hash FROM user_account \
                 WHERE name = $1 AND disabled_at IS NULL",
            )
            .bind(name)
            .fetch_optional(c)
            .await?
        });
        row.map(|(user, seller, name, role, password_hash)| {
            Ok(User { user: id(&user)?, seller: id(&seller)?, name, role: role_named(&role)?, password_hash })
        })
        .transpose()
    }

    /// Adds a user; false when the name is taken.
    pub async fn insert_user(&mut self, user: &User, now: Timestamp) -> sqlx::Result<bool> {
        let rows = on!(self, |c| {
            sqlx::query(
                "INSERT INTO user_account (user_id, seller_id, name, role, password_hash, created_at) \
                 VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (name) DO NOTHING",
            )
            .bind(user.user.as_bytes().as_slice())
            .bind(user.seller.as_bytes().as_slice())
            .bind(&user.name)
            .bind(role_name(user.role))
            .bind(&user.password_hash)
            .bind(now.0)
            .execute(c)
            .await?
            .rows_affected()
        });
        Ok(rows == 1)
    }

    /// Says that `amazon_id` is this user; false when it is somebody already.
    pub async fn link_user(
        &mut self,
        seller: SellerId,
        user: UserId,
        kind: LinkKind,
        amazon_id: &str,
    ) -> sqlx::Result<bool> {
        let rows = on!(self, |c| {
            sqlx::query(
                "INSERT INTO user_link (seller_id, kind, amazon_id, user_id) VALUES ($1, $2, $3, $4) \
                 ON CONFLICT (seller_id, kind, amazon_id) DO NOTHING",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(kind.as_str())
            .bind(amazon_id)
            .bind(user.as_bytes().as_slice())
            .execute(c)
            .await?
            .rows_affected()
        });
        Ok(rows == 1)
    }
}
