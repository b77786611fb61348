//! Evidence of phones and people who are barred: here, and of no effect until a supervisor has decided.

use super::{Tx, id, on};
use doorstep_core::{
    api::{Barred, Decision, Held, HeldKind},
    id::{AppointmentId, DeviceId, HeldId, PhotoId, SellerId, UserId},
    time::Timestamp,
};
use std::collections::BTreeSet;

/// What is put aside.
#[derive(Clone, Debug)]
pub struct Aside<'a> {
    pub item: HeldId,
    pub kind: HeldKind,
    pub because: Barred,
    pub appointment: AppointmentId,
    pub device: DeviceId,
    /// Of a change or a record: as it came.
    pub sealed: Option<&'a [u8]>,
    pub expires_at: Timestamp,
}

/// What became of a decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decided {
    /// It is made; of what.
    Now {
        kind: HeldKind,
        appointment: AppointmentId,
    },
    /// Somebody was faster.
    Before,
    Absent,
}

const fn kind_name(kind: HeldKind) -> &'static str {
    match kind {
        HeldKind::Photo => "photo",
        HeldKind::Change => "change",
        HeldKind::Record => "record",
    }
}

fn kind_named(name: &str) -> sqlx::Result<HeldKind> {
    [HeldKind::Photo, HeldKind::Change, HeldKind::Record]
        .into_iter()
        .find(|kind| kind_name(*kind) == name)
        .ok_or_else(|| sqlx::Error::Decode("quarantine.kind holds an unknown kind".into()))
}

const fn because_name(because: Barred) -> &'static str {
    match because {
        Barred::PhoneRevoked => "phone_revoked",
        Barred::UserDisabled => "user_disabled",
    }
}

impl Tx {
    /// Whether what comes from this device is to be held. `None` for one in good standing.
    pub async fn barred(&mut self, seller: SellerId, device: DeviceId) -> sqlx::Result<Option<Barred>> {
        let row: Option<(Option<i64>, Option<i64>)> = on!(self, |c| {
            sqlx::query_as(
                "SELECT d.revoked_at, u.disabled_at FROM device d
                 JOIN user_account u ON u.user_id = d.user_id AND u.seller_id = d.seller_id
                 WHERE d.seller_id = $1 AND d.device_id = $2",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(device.as_bytes().as_slice())
            .fetch_optional(c)
            .await
        })?;
        Ok(match row {
            Some((Some(_), _)) => Some(Barred::PhoneRevoked),
            Some((None, Some(_))) => Some(Barred::UserDisabled),
            _ => None,
        })
    }

    /// Puts evidence aside. False when it was put aside before.
    pub async fn hold(&mut self, seller: SellerId, aside: &Aside<'_>, now: Timestamp) -> sqlx::Result<bool> {
        let rows = on!(self, |c| {
            sqlx::query(
                "INSERT INTO quarantine (item_id, seller_id, appointment_id, device_id, kind, because, sealed,
                                         expires_at, received_at)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING",
            )
            .bind(aside.item.as_bytes().as_slice())
            .bind(seller.as_bytes().as_slice())
            .bind(aside.appointment.as_bytes().as_slice())
            .bind(aside.device.as_bytes().as_slice())
            .bind(kind_name(aside.kind))
            .bind(because_name(aside.because))
            .bind(aside.sealed)
            .bind(aside.expires_at.0)
            .bind(now.0)
            .execute(c)
            .await
            .map(|done| done.rows_affected())
        })?;
        Ok(rows == 1)
    }

    /// What waits for a supervisor, the oldest first.
    pub async fn held(&mut self, seller: SellerId, most: i64) -> sqlx::Result<Vec<Held>> {
        type Row = (Vec<u8>, String, String, Vec<u8>, String, String, i64, Vec<u8>);
        let rows: Vec<Row> = on!(self, |c| {
            sqlx::query_as(
                "SELECT q.item_id, q.kind, q.because, q.appointment_id, j.title, u.name, q.received_at, q.device_id
                 FROM quarantine q
                 JOIN appointment a ON a.appointment_id = q.appointment_id AND a.seller_id = q.seller_id
                 JOIN service_job j ON j.job_id = a.job_id AND j.seller_id = q.seller_id
                 JOIN device d ON d.device_id = q.device_id AND d.seller_id = q.seller_id
                 JOIN user_account u ON u.user_id = d.user_id AND u.seller_id = q.seller_id
                 WHERE q.seller_id = $1 AND q.decision IS NULL ORDER BY q.received_at, q.item_id LIMIT $2",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(most)
            .fetch_all(c)
            .await
        })?;
        let held = |(item, kind, because, appointment, title, technician, received, device): Row| {
            let because = match because.as_str() {
                "phone_revoked" => Barred::PhoneRevoked,
                _ => Barred::UserDisabled,
            };
            Ok(Held {
                item: id(&item)?,
                kind: kind_named(&kind)?,
                because,
                appointment: id(&appointment)?,
                title,
                technician,
                received_at: Timestamp(received),
                device: id(&device)?,
            })
        };
        rows.into_iter().map(held).collect()
    }

    pub async fn count_held(&mut self, seller: SellerId) -> sqlx::Result<i64> {
        let (count,): (i64,) = on!(self, |c| {
            sqlx::query_as("SELECT COUNT(*) FROM quarantine WHERE seller_id = $1 AND decision IS NULL")
                .bind(seller.as_bytes().as_slice())
                .fetch_one(c)
                .await
        })?;
        Ok(count)
    }

    /// The photos of a visit that are here and do not count.
    pub async fn held_photos(
        &mut self,
        seller: SellerId,
        appointment: AppointmentId,
    ) -> sqlx::Result<BTreeSet<PhotoId>> {
        let rows: Vec<(Vec<u8>,)> = on!(self, |c| {
            sqlx::query_as(
                "SELECT item_id FROM quarantine WHERE seller_id = $1 AND appointment_id = $2 AND kind = 'photo'
                   AND (decision IS NULL OR decision <> 'release')",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(appointment.as_bytes().as_slice())
            .fetch_all(c)
            .await
        })?;
        rows.into_iter().map(|(photo,)| id(&photo)).collect()
    }

    /// Of which visit something is held, so that its document can be locked before the decision.
    pub async fn visit_of_held(
        &mut self,
        seller: SellerId,
        item: HeldId,
    ) -> sqlx::Result<Option<AppointmentId>> {
        let row: Option<(Vec<u8>,)> = on!(self, |c| {
            sqlx::query_as("SELECT appointment_id FROM quarantine WHERE seller_id = $1 AND item_id = $2")
                .bind(seller.as_bytes().as_slice())
                .bind(item.as_bytes().as_slice())
                .fetch_optional(c)
                .await
        })?;
        row.map(|(appointment,)| id(&appointment)).transpose()
    }

    /// The changes and records of a visit that a supervisor has let count, of whose phone each is, as they came.
    pub async fn released(
        &mut self,
        seller: SellerId,
        appointment: AppointmentId,
    ) -> sqlx::Result<Vec<(HeldId, HeldKind, DeviceId, Vec<u8>)>> {
        type Row = (Vec<u8>, String, Vec<u8>, Vec<u8>);
        let rows: Vec<Row> = on!(self, |c| {
            sqlx::query_as(
                "SELECT item_id, kind, device_id, sealed FROM quarantine
                 WHERE seller_id = $1 AND appointment_id = $2 AND decision = 'release' AND sealed IS NOT NULL
                 ORDER BY item_id",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(appointment.as_bytes().as_slice())
            .fetch_all(c)
            .await
        })?;
        let read =
            |(item, kind, device, sealed): Row| Ok((id(&item)?, kind_named(&kind)?, id(&device)?, sealed));
        rows.into_iter().map(read).collect()
    }

    /// Whether somebody has seen to it that a thing never counts.
    pub async fn is_rejected(&mut self, seller: SellerId, item: HeldId) -> sqlx::Result<bool> {
        let (count,): (i64,) = on!(self, |c| {
            sqlx::query_as(
                "SELECT COUNT(*) FROM quarantine WHERE seller_id = $1 AND item_id = $2 AND decision = 'reject'",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(item.as_bytes().as_slice())
            .fetch_one(c)
            .await
        })?;
        Ok(count > 0)
    }

    /// Takes a release back that came to nothing.
    pub async fn hold_again(&mut self, seller: SellerId, item: HeldId) -> sqlx::Result<()> {
        on!(self, |c| {
            sqlx::query(
                "UPDATE quarantine SET decision = NULL, reason = NULL, decided_by = NULL, decided_at = NULL
                 WHERE seller_id = $1 AND item_id = $2 AND decision = 'release'",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(item.as_bytes().as_slice())
            .execute(c)
            .await
            .map(|_| ())
        })
    }

    /// Decides about one thing, once.
    pub async fn decide(
        &mut self,
        seller: SellerId,
        item: HeldId,
        (decision, reason, by): (Decision, &str, UserId),
        now: Timestamp,
    ) -> sqlx::Result<Decided> {
        let decision = match decision {
            Decision::Release => "release",
            Decision::Reject => "reject",
        };
        let row: Option<(String, Vec<u8>)> = on!(self, |c| {
            sqlx::query_as(
                "UPDATE quarantine SET decision = $3, reason = $4, decided_by = $5, decided_at = $6
                 WHERE seller_id = $1 AND item_id = $2 AND decision IS NULL RETURNING kind, appointment_id",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(item.as_bytes().as_slice())
            .bind(decision)
            .bind(reason)
            .bind(by.as_bytes().as_slice())
            .bind(now.0)
            .fetch_optional(c)
            .await
        })?;
        Ok(match row {
            Some((kind, appointment)) => {
                Decided::Now { kind: kind_named(&kind)?, appointment: id(&appointment)? }
            }
            None if self.visit_of_held(seller, item).await?.is_some() => Decided::Before,
            None => Decided::Absent,
        })
    }
}
