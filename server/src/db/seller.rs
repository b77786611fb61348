//! The seller this server works for: one row, made at first use.

use super::{Tx, id, on};
use doorstep_core::{id::SellerId, time::Timestamp};

/// The row.
#[derive(Clone, Debug)]
pub struct Seller {
    pub seller: SellerId,
    pub marketplace_id: String,
    /// Opens with the right root key only, so that a wrong one is noticed at the start.
    pub key_check: Vec<u8>,
}

impl Tx {
    pub async fn seller(&mut self) -> sqlx::Result<Option<Seller>> {
        let row: Option<(Vec<u8>, String, Vec<u8>)> = on!(self, |c| {
            sqlx::query_as(
                "SELECT seller_id, marketplace_id, key_check FROM seller ORDER BY created_at LIMIT 1",
            )
            .fetch_optional(c)
            .await?
        });
        row.map(|(seller, marketplace_id, key_check)| {
            Ok(Seller { seller: id(&seller)?, marketplace_id, key_check })
        })
        .transpose()
    }

    /// Two processes that start at once on an empty database must not make two sellers.
    pub async fn lock_sellers(&mut self) -> sqlx::Result<()> {
        if let Self::Postgres(tx) = self {
            sqlx::query("LOCK TABLE seller IN EXCLUSIVE MODE").execute(&mut **tx).await?;
        }
        Ok(())
    }

    pub async fn insert_seller(&mut self, row: &Seller, time_zone: &str, now: Timestamp) -> sqlx::Result<()> {
        on!(self, |c| {
            sqlx::query(
                "INSERT INTO seller (seller_id, marketplace_id, time_zone, key_check, created_at) \
                 VALUES ($1, $2, $3, $4, $5)",
            )
            .bind(row.seller.as_bytes().as_slice())
            .bind(&row.marketplace_id)
            .bind(time_zone)
            .bind(&row.key_check)
            .bind(now.0)
            .execute(c)
            .await?;
        });
        Ok(())
    }
}
