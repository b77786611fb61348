//! Which facts of a job say what kind of service it is, and the sample pictures of policies.

use super::{service_type, service_type_name};
use crate::db::{Tx, on};
use doorstep_core::{
    api::{ServiceTypeFact, ServiceTypeMark},
    digest::Sha256,
    id::{SellerId, UserId},
    time::Timestamp,
};

const FACTS: [ServiceTypeFact; 3] = [ServiceTypeFact::Asin, ServiceTypeFact::Skill, ServiceTypeFact::Store];

const fn fact_name(fact: ServiceTypeFact) -> &'static str {
    match fact {
        ServiceTypeFact::Asin => "asin",
        ServiceTypeFact::Skill => "skill",
        ServiceTypeFact::Store => "store",
    }
}

impl Tx {
    /// Those that decide first before the others.
    pub async fn service_type_marks(&mut self, seller: SellerId) -> sqlx::Result<Vec<ServiceTypeMark>> {
        let rows: Vec<(String, String, String)> = on!(self, |c| {
            sqlx::query_as(
                "SELECT kind, value, service_type FROM service_type_mark WHERE seller_id = $1 ORDER BY kind, value",
            )
            .bind(seller.as_bytes().as_slice())
            .fetch_all(c)
            .await
        })?;
        rows.into_iter()
            .map(|(kind, value, name)| {
                let unknown = |what: &str| sqlx::Error::Decode(format!("an unknown {what}").into());
                Ok(ServiceTypeMark {
                    fact: FACTS
                        .into_iter()
                        .find(|fact| fact_name(*fact) == kind)
                        .ok_or_else(|| unknown("fact"))?,
                    value,
                    service_type: service_type(&name)?.ok_or_else(|| unknown("service type"))?,
                })
            })
            .collect()
    }

    /// Puts these in place of those before.
    pub async fn set_service_type_marks(
        &mut self,
        seller: SellerId,
        marks: &[ServiceTypeMark],
    ) -> sqlx::Result<()> {
        on!(self, |c| {
            sqlx::query("DELETE FROM service_type_mark WHERE seller_id = $1")
                .bind(seller.as_bytes().as_slice())
                .execute(c)
                .await
                .map(|_| ())
        })?;
        for mark in marks {
            on!(self, |c| {
                sqlx::query(
                    "INSERT INTO service_type_mark (seller_id, kind, value, service_type) VALUES ($1, $2, $3, $4)",
                )
                .bind(seller.as_bytes().as_slice())
                .bind(fact_name(mark.fact))
                .bind(mark.value.as_str())
                .bind(service_type_name(mark.service_type))
                .execute(c)
                .await
                .map(|_| ())
            })?;
        }
        Ok(())
    }

    /// Keeps a sample picture.
    pub async fn keep_sample(
        &mut self,
        seller: SellerId,
        jpeg: &[u8],
        by: UserId,
        now: Timestamp,
    ) -> sqlx::Result<Sha256> {
        let known_by = Sha256::of(jpeg);
        on!(self, |c| {
            sqlx::query(
                "INSERT INTO policy_sample (seller_id, sha256, picture, added_at, added_by) \
                 VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(known_by.as_bytes().as_slice())
            .bind(jpeg)
            .bind(now.0)
            .bind(by.as_bytes().as_slice())
            .execute(c)
            .await
            .map(|_| ())
        })?;
        Ok(known_by)
    }

    /// A sample picture, as JPEG.
    pub async fn sample(&mut self, seller: SellerId, known_by: &Sha256) -> sqlx::Result<Option<Vec<u8>>> {
        let row: Option<(Vec<u8>,)> = on!(self, |c| {
            sqlx::query_as("SELECT picture FROM policy_sample WHERE seller_id = $1 AND sha256 = $2")
                .bind(seller.as_bytes().as_slice())
                .bind(known_by.as_bytes().as_slice())
                .fetch_optional(c)
                .await
        })?;
        Ok(row.map(|(picture,)| picture))
    }
}
