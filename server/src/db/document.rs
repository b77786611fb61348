//! Closeout documents: the snapshot, the change rows that are the truth behind it, what was refused, and the sealed
//! records beside them.

use super::{Tx, id, on};
use anyhow::Context as _;
use doorstep_core::{
    digest::Sha256,
    document::{Actor, Document, Hash, admit::Admitted},
    id::{AppointmentId, DeviceId, EpochId, RecordId, SellerId},
    time::{Anchor, Timestamp},
};
use std::collections::BTreeMap;

/// The row of a document.
#[derive(Clone, Debug)]
pub struct StoredDocument {
    pub snapshot: Vec<u8>,
    pub heads: Vec<Hash>,
    pub last_heard: Option<Timestamp>,
    /// When the closeout was handed to the outbox.
    pub closed_at: Option<Timestamp>,
    pub late_changes: i64,
}

/// Which contact brought a change: when it came, and what that told of its epoch's clock.
#[derive(Clone, Copy, Debug)]
pub struct Arrival {
    pub received: Timestamp,
    pub anchor: Option<Anchor>,
}

/// The contact an exchange comes from.
#[derive(Clone, Copy, Debug)]
pub struct Contact {
    pub device: DeviceId,
    pub received: Timestamp,
    /// The page start that sent it, and what the contact tells of its clock. `None` where somebody else brought what a
    /// phone had recorded.
    pub clock: Option<(EpochId, Anchor)>,
}

impl Tx {
    /// Writes the skeleton of a visit's closeout. Repeating it changes nothing.
    ///
    /// # Errors
    /// The database's.
    pub async fn create_document(
        &mut self,
        seller: SellerId,
        appointment: AppointmentId,
        now: Timestamp,
    ) -> anyhow::Result<()> {
        let document = Document::skeleton(appointment).context("making a skeleton")?;
        let (heads, snapshot) = (joined(&document.heads()), document.save());
        on!(self, |c| {
            sqlx::query(
                "INSERT INTO document (appointment_id, seller_id, heads, snapshot) VALUES ($1, $2, $3, $4)
                 ON CONFLICT DO NOTHING",
            )
            .bind(appointment.as_bytes().as_slice())
            .bind(seller.as_bytes().as_slice())
            .bind(heads)
            .bind(snapshot)
            .execute(c)
            .await
            .map(|done| done.rows_affected())
        })?;
        for change in document.changes_since(&[]) {
            on!(self, |c| {
                sqlx::query(
                    "INSERT INTO document_change (appointment_id, change_hash, seller_id, actor, seq, bytes, received_at)
                     VALUES ($1, $2, $3, $4, 1, $5, $6) ON CONFLICT DO NOTHING",
                )
                .bind(appointment.as_bytes().as_slice())
                .bind(change.hash.as_bytes().as_slice())
                .bind(seller.as_bytes().as_slice())
                .bind(Actor::of_skeleton(appointment).to_bytes().as_slice())
                .bind(change.bytes.as_slice())
                .bind(now.0)
                .execute(c)
                .await
                .map(|done| done.rows_affected())
            })?;
        }
        Ok(())
    }

    /// Locks documents until the commit, in order of their ids, and then the lanes of their jobs, in order of theirs.
    /// Everybody who writes a closeout does so before the first event (`record_event` locks the seller's row), so
    /// nobody waits in a circle.
    pub async fn lock_documents(
        &mut self,
        seller: SellerId,
        appointments: &[AppointmentId],
    ) -> sqlx::Result<()> {
        // SQLite's writing transaction has the whole database to itself already.
        if let Self::Postgres(tx) = self {
            let ids: Vec<&[u8]> = appointments.iter().map(|id| id.as_bytes().as_slice()).collect();
            // Rows are locked as they leave the sort.
            sqlx::query(
                "SELECT 1 FROM document WHERE seller_id = $1 AND appointment_id = ANY($2)
                 ORDER BY appointment_id FOR UPDATE",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(&ids)
            .fetch_all(&mut **tx)
            .await?;
            // Settling a closeout asks in its job's lane, which for a later document is after an earlier one's event.
            sqlx::query(
                "SELECT 1 FROM service_job WHERE seller_id = $1 AND job_id IN
                   (SELECT job_id FROM appointment WHERE seller_id = $1 AND appointment_id = ANY($2))
                 ORDER BY job_id FOR NO KEY UPDATE",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(&ids)
            .fetch_all(&mut **tx)
            .await?;
        }
        Ok(())
    }

    pub async fn load_document(
        &mut self,
        seller: SellerId,
        appointment: AppointmentId,
    ) -> sqlx::Result<Option<StoredDocument>> {
        type Columns = (Vec<u8>, Vec<u8>, Option<i64>, Option<i64>, i64);
        let row: Option<Columns> = on!(self, |c| {
            sqlx::query_as(
                "SELECT snapshot, heads, last_heard_at, closed_at, late_changes FROM document
                 WHERE seller_id = $1 AND appointment_id = $2",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(appointment.as_bytes().as_slice())
            .fetch_optional(c)
            .await
        })?;
        Ok(row.map(|(snapshot, heads, last_heard, closed_at, late_changes)| StoredDocument {
            snapshot,
            heads: parted(&heads),
            last_heard: last_heard.map(Timestamp),
            closed_at: closed_at.map(Timestamp),
            late_changes,
        }))
    }

    /// The heads of several documents, for comparing them with a phone's.
    pub async fn heads_of(
        &mut self,
        seller: SellerId,
        appointments: &[AppointmentId],
    ) -> sqlx::Result<BTreeMap<AppointmentId, Vec<Hash>>> {
        let mut heads = BTreeMap::new();
        for appointment in appointments {
            let row: Option<(Vec<u8>,)> = on!(self, |c| {
                sqlx::query_as("SELECT heads FROM document WHERE seller_id = $1 AND appointment_id = $2")
                    .bind(seller.as_bytes().as_slice())
                    .bind(appointment.as_bytes().as_slice())
                    .fetch_optional(c)
                    .await
            })?;
            if let Some((joined,)) = row {
                heads.insert(*appointment, parted(&joined));
            }
        }
        Ok(heads)
    }

    /// Keeps what was admitted: the change rows and the new snapshot, together.
    pub async fn store_admitted(
        &mut self,
        seller: SellerId,
        appointment: AppointmentId,
        contact: &Contact,
        admitted: &Admitted,
    ) -> sqlx::Result<()> {
        for new in &admitted.new {
            let clock = contact.clock.filter(|(epoch, _)| new.actor.epoch == *epoch);
            let anchor = clock.map(|(_, anchor)| anchor.0);
            on!(self, |c| {
                sqlx::query(
                    "INSERT INTO document_change (appointment_id, change_hash, seller_id, actor, seq, bytes,
                                                  device_id, received_at, anchor_ms)
                     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
                )
                .bind(appointment.as_bytes().as_slice())
                .bind(new.change.hash.as_bytes().as_slice())
                .bind(seller.as_bytes().as_slice())
                .bind(new.actor.to_bytes().as_slice())
                .bind(i64::try_from(new.seq).unwrap_or(i64::MAX))
                .bind(new.change.bytes.as_slice())
                .bind(contact.device.as_bytes().as_slice())
                .bind(contact.received.0)
                .bind(anchor)
                .execute(c)
                .await
                .map(|done| done.rows_affected())
            })?;
        }
        let heads = joined(&admitted.document.heads());
        on!(self, |c| {
            sqlx::query(
                "UPDATE document SET heads = $3, snapshot = $4, last_heard_at = $5,
                        late_changes = late_changes + CASE WHEN closed_at IS NULL THEN 0 ELSE $6 END
                 WHERE seller_id = $1 AND appointment_id = $2",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(appointment.as_bytes().as_slice())
            .bind(heads)
            .bind(admitted.saved.as_slice())
            .bind(contact.received.0)
            .bind(i64::try_from(admitted.new.len()).unwrap_or(i64::MAX))
            .execute(c)
            .await
            .map(|done| done.rows_affected())
        })?;
        Ok(())
    }

    /// The closeout is handed to the outbox: its document is frozen.
    pub async fn close_document(
        &mut self,
        seller: SellerId,
        appointment: AppointmentId,
        now: Timestamp,
    ) -> sqlx::Result<()> {
        on!(self, |c| {
            sqlx::query(
                "UPDATE document SET closed_at = $3
                 WHERE seller_id = $1 AND appointment_id = $2 AND closed_at IS NULL",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(appointment.as_bytes().as_slice())
            .bind(now.0)
            .execute(c)
            .await
            .map(|done| done.rows_affected())
        })?;
        Ok(())
    }

    /// Whether anybody recorded anything of a visit that was not handed over yet.
    pub async fn is_recorded(&mut self, seller: SellerId, appointment: AppointmentId) -> sqlx::Result<bool> {
        let (count,): (i64,) = on!(self, |c| {
            sqlx::query_as(
                "SELECT COUNT(*) FROM document_change h JOIN document d ON d.appointment_id = h.appointment_id
                   AND d.seller_id = h.seller_id AND d.closed_at IS NULL
                 WHERE h.seller_id = $1 AND h.appointment_id = $2 AND h.device_id IS NOT NULL",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(appointment.as_bytes().as_slice())
            .fetch_one(c)
            .await
        })?;
        Ok(count > 0)
    }

    /// How a change came to the server.
    pub async fn arrival_of(
        &mut self,
        seller: SellerId,
        appointment: AppointmentId,
        change: &Hash,
    ) -> sqlx::Result<Option<Arrival>> {
        let row: Option<(i64, Option<i64>)> = on!(self, |c| {
            sqlx::query_as(
                "SELECT received_at, anchor_ms FROM document_change
                 WHERE seller_id = $1 AND appointment_id = $2 AND change_hash = $3",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(appointment.as_bytes().as_slice())
            .bind(change.as_bytes().as_slice())
            .fetch_optional(c)
            .await
        })?;
        Ok(row
            .map(|(received, anchor)| Arrival { received: Timestamp(received), anchor: anchor.map(Anchor) }))
    }

    /// Keeps refused bytes aside. True when they were not there yet.
    pub async fn keep_refused(
        &mut self,
        seller: SellerId,
        appointment: AppointmentId,
        contact: &Contact,
        bytes: &[u8],
        reason: &str,
    ) -> sqlx::Result<bool> {
        let hash = Sha256::of(bytes);
        // Named by what it is, so that a repeated exchange keeps one copy.
        let name =
            Sha256::of(&[contact.device.as_bytes(), appointment.as_bytes(), &hash.as_bytes()[..]].concat());
        let kept = on!(self, |c| {
            sqlx::query(
                "INSERT INTO refused_change (refused_id, seller_id, appointment_id, device_id, bytes_hash, bytes,
                                             reason, received_at)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING",
            )
            .bind(&name.as_bytes()[..16])
            .bind(seller.as_bytes().as_slice())
            .bind(appointment.as_bytes().as_slice())
            .bind(contact.device.as_bytes().as_slice())
            .bind(hash.as_bytes().as_slice())
            .bind(bytes)
            .bind(reason)
            .bind(contact.received.0)
            .execute(c)
            .await
            .map(|done| done.rows_affected())
        })?;
        Ok(kept == 1)
    }

    pub async fn count_refused(&mut self, seller: SellerId, appointment: AppointmentId) -> sqlx::Result<i64> {
        let (count,): (i64,) = on!(self, |c| {
            sqlx::query_as("SELECT count(*) FROM refused_change WHERE seller_id = $1 AND appointment_id = $2")
                .bind(seller.as_bytes().as_slice())
                .bind(appointment.as_bytes().as_slice())
                .fetch_one(c)
                .await
        })?;
        Ok(count)
    }

    /// Keeps a sealed record until its job's buyer data expires. Repeating it changes nothing. False when the
    /// visit is not the seller's.
    pub async fn store_record(
        &mut self,
        seller: SellerId,
        appointment: AppointmentId,
        contact: &Contact,
        record: RecordId,
        sealed: &[u8],
    ) -> sqlx::Result<bool> {
        let known: Option<(i64,)> = on!(self, |c| {
            sqlx::query_as(
                "SELECT j.expires_at FROM appointment a
                 JOIN service_job j ON j.job_id = a.job_id AND j.seller_id = a.seller_id
                 WHERE a.seller_id = $1 AND a.appointment_id = $2",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(appointment.as_bytes().as_slice())
            .fetch_optional(c)
            .await
        })?;
        let Some((expires_at,)) = known else { return Ok(false) };
        on!(self, |c| {
            sqlx::query(
                "INSERT INTO sealed_record (record_id, seller_id, appointment_id, device_id, sealed, expires_at,
                                            received_at)
                 VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING",
            )
            .bind(record.as_bytes().as_slice())
            .bind(seller.as_bytes().as_slice())
            .bind(appointment.as_bytes().as_slice())
            .bind(contact.device.as_bytes().as_slice())
            .bind(sealed)
            .bind(expires_at)
            .bind(contact.received.0)
            .execute(c)
            .await
            .map(|done| done.rows_affected())
        })?;
        Ok(true)
    }

    /// The sealed records of a visit.
    pub async fn records_of(
        &mut self,
        seller: SellerId,
        appointment: AppointmentId,
    ) -> sqlx::Result<Vec<(RecordId, Option<Vec<u8>>)>> {
        let rows: Vec<(Vec<u8>, Option<Vec<u8>>)> = on!(self, |c| {
            sqlx::query_as(
                "SELECT record_id, sealed FROM sealed_record WHERE seller_id = $1 AND appointment_id = $2
                 ORDER BY record_id",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(appointment.as_bytes().as_slice())
            .fetch_all(c)
            .await
        })?;
        rows.into_iter().map(|(record, sealed)| Ok((id(&record)?, sealed))).collect()
    }
}

pub(super) fn joined(heads: &[Hash]) -> Vec<u8> {
    heads.iter().flat_map(|head| *head.as_bytes()).collect()
}

fn parted(joined: &[u8]) -> Vec<Hash> {
    joined.as_chunks::<32>().0.iter().map(|head| Hash::from_bytes(*head)).collect()
}
