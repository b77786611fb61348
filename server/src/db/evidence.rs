//! The keys that evidence was sealed to, and the certificates of their destruction. No key itself is here.

use super::{Tx, id, on, photo::sha256};
use crate::evidence::Certificate;
use doorstep_core::{
    evidence::{EvidenceDay, EvidenceKey},
    id::{EvidenceKeyId, SellerId},
    time::Timestamp,
};

type CertificateRow = (i64, i64, Vec<u8>, i64, Option<Vec<u8>>, Option<Vec<u8>>, i64, Vec<u8>, Vec<u8>);

impl Tx {
    /// Notes that phones were given a key.
    pub async fn note_evidence_key(
        &mut self,
        seller: SellerId,
        key: &EvidenceKey,
        now: Timestamp,
    ) -> sqlx::Result<()> {
        on!(self, |c| {
            sqlx::query(
                "INSERT INTO evidence_key (key_id, seller_id, day, made_at) VALUES ($1, $2, $3, $4)
                 ON CONFLICT DO NOTHING",
            )
            .bind(key.id.as_bytes().as_slice())
            .bind(seller.as_bytes().as_slice())
            .bind(key.day.0)
            .bind(now.0)
            .execute(c)
            .await
            .map(|_| ())
        })
    }

    /// The keys whose day has come and whose destruction nothing certifies yet, by day.
    pub async fn uncertified_keys(
        &mut self,
        seller: SellerId,
        now: Timestamp,
    ) -> sqlx::Result<Vec<(EvidenceDay, EvidenceKeyId)>> {
        let rows: Vec<(i64, Vec<u8>)> = on!(self, |c| {
            sqlx::query_as(
                "SELECT k.day, k.key_id FROM evidence_key k WHERE k.seller_id = $1 AND k.day <= $2
                   AND NOT EXISTS (SELECT 1 FROM destruction_certificate d WHERE d.key_id = k.key_id)
                 ORDER BY k.day, k.key_id",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(EvidenceDay::of(now).0)
            .fetch_all(c)
            .await
        })?;
        rows.into_iter().map(|(day, key)| Ok((EvidenceDay(day), id(&key)?))).collect()
    }

    /// How many jobs have their deadline on a day.
    pub async fn jobs_of_day(&mut self, seller: SellerId, day: EvidenceDay) -> sqlx::Result<i64> {
        let (jobs,): (i64,) = on!(self, |c| {
            sqlx::query_as(
                "SELECT COUNT(*) FROM service_job WHERE seller_id = $1 AND expires_at >= $2 AND expires_at < $3",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(day.begins().0)
            .bind(EvidenceDay(day.0 + 1).begins().0)
            .fetch_one(c)
            .await
        })?;
        Ok(jobs)
    }

    /// Appends a certificate. False when its number or its key is certified already.
    pub async fn insert_certificate(
        &mut self,
        seller: SellerId,
        certificate: &Certificate,
    ) -> sqlx::Result<bool> {
        let column = |hash: &Option<doorstep_core::digest::Sha256>| hash.map(|hash| hash.as_bytes().to_vec());
        let rows = on!(self, |c| {
            sqlx::query(
                "INSERT INTO destruction_certificate (seller_id, number, day, key_id, jobs, store_before,
                   store_after, destroyed_at, previous, hash)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(certificate.number)
            .bind(certificate.day.0)
            .bind(certificate.key.as_bytes().as_slice())
            .bind(certificate.jobs)
            .bind(column(&certificate.store_before))
            .bind(column(&certificate.store_after))
            .bind(certificate.destroyed_at.0)
            .bind(certificate.previous.as_bytes().as_slice())
            .bind(certificate.hash.as_bytes().as_slice())
            .execute(c)
            .await
            .map(|done| done.rows_affected())
        })?;
        Ok(rows == 1)
    }

    /// All certificates, by number.
    pub async fn certificates(&mut self, seller: SellerId) -> sqlx::Result<Vec<Certificate>> {
        let rows: Vec<CertificateRow> = on!(self, |c| {
            sqlx::query_as(
                "SELECT number, day, key_id, jobs, store_before, store_after, destroyed_at, previous, hash
                 FROM destruction_certificate WHERE seller_id = $1 ORDER BY number",
            )
            .bind(seller.as_bytes().as_slice())
            .fetch_all(c)
            .await
        })?;
        rows.into_iter()
            .map(|(number, day, key, jobs, before, after, destroyed_at, previous, hash)| {
                Ok(Certificate {
                    number,
                    day: EvidenceDay(day),
                    key: id(&key)?,
                    jobs,
                    store_before: before.as_deref().map(sha256).transpose()?,
                    store_after: after.as_deref().map(sha256).transpose()?,
                    destroyed_at: Timestamp(destroyed_at),
                    previous: sha256(&previous)?,
                    hash: sha256(&hash)?,
                })
            })
            .collect()
    }
}
