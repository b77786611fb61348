//! Policies that the seller has published, what phones were told, what begun visits keep, and which facts say what
//! kind of service a job is.

mod service_type;

use super::{Tx, id, on};
use anyhow::Context as _;
use doorstep_core::{
    api::{PolicyChange, PolicyChanged, PolicyScope, PolicyVersion},
    closeout::Policy,
    digest::Sha256,
    id::{AppointmentId, DeviceId, SellerId, UserId},
    job::ServiceType,
    time::Timestamp,
};
use std::collections::BTreeMap;

/// One published version, without what it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyLine {
    pub scope: PolicyScope,
    pub version: u32,
    pub applies_from: Timestamp,
    /// What it says; `None` where it takes its scope back.
    pub body: Option<Sha256>,
}

/// A service type as the database writes it.
pub const fn service_type_name(service_type: ServiceType) -> &'static str {
    match service_type {
        ServiceType::Standard => "standard",
        ServiceType::HeavyBulk => "heavy_bulk",
        ServiceType::Recurring => "recurring",
    }
}

fn service_type(name: &str) -> sqlx::Result<Option<ServiceType>> {
    if name.is_empty() {
        return Ok(None);
    }
    [ServiceType::Standard, ServiceType::HeavyBulk, ServiceType::Recurring]
        .into_iter()
        .find(|known| service_type_name(*known) == name)
        .map(Some)
        .ok_or_else(|| sqlx::Error::Decode("an unknown service type".into()))
}

fn sha256(column: &[u8]) -> sqlx::Result<Sha256> {
    let bytes = column.try_into().map_err(|_| sqlx::Error::Decode("a SHA-256 of another length".into()))?;
    Ok(Sha256::from_bytes(bytes))
}

fn scope_of(marketplace: String, service: &str, skill: String) -> sqlx::Result<PolicyScope> {
    let named = |text: String| (!text.is_empty()).then_some(text);
    Ok(PolicyScope {
        marketplace: named(marketplace),
        service_type: service_type(service)?,
        skill: named(skill),
    })
}

fn any(text: Option<&String>) -> &str {
    text.map_or("", String::as_str)
}

impl Tx {
    /// Nobody else publishes until the commit.
    pub async fn lock_policies(&mut self) -> sqlx::Result<()> {
        if let Self::Postgres(tx) = self {
            sqlx::query("LOCK TABLE closeout_policy IN EXCLUSIVE MODE").execute(&mut **tx).await?;
        }
        Ok(())
    }

    /// Everything that was ever published, by scope and version.
    pub async fn policy_lines(&mut self, seller: SellerId) -> sqlx::Result<Vec<PolicyLine>> {
        type Row = (String, String, String, i64, i64, Option<Vec<u8>>);
        let rows: Vec<Row> = on!(self, |c| {
            sqlx::query_as(
                "SELECT marketplace_id, service_type, skill, version, applies_from, sha256 FROM closeout_policy \
                 WHERE seller_id = $1 ORDER BY marketplace_id, service_type, skill, version",
            )
            .bind(seller.as_bytes().as_slice())
            .fetch_all(c)
            .await
        })?;
        rows.into_iter()
            .map(|(marketplace, service, skill, version, applies_from, body)| {
                Ok(PolicyLine {
                    scope: scope_of(marketplace, &service, skill)?,
                    version: u32::try_from(version).unwrap_or(u32::MAX),
                    applies_from: Timestamp(applies_from),
                    body: body.as_deref().map(sha256).transpose()?,
                })
            })
            .collect()
    }

    /// The same with what they say and who wrote them.
    ///
    /// # Errors
    /// The database's, or a policy on disk does not read.
    pub async fn policy_versions(&mut self, seller: SellerId) -> anyhow::Result<Vec<PolicyVersion>> {
        type Row = (String, String, String, i64, i64, i64, String, Option<String>);
        let rows: Vec<Row> = on!(self, |c| {
            sqlx::query_as(
                "SELECT p.marketplace_id, p.service_type, p.skill, p.version, p.applies_from, p.written_at, u.name, \
                 b.body FROM closeout_policy p JOIN user_account u ON u.user_id = p.written_by \
                 LEFT JOIN policy_body b ON b.seller_id = p.seller_id AND b.sha256 = p.sha256 \
                 WHERE p.seller_id = $1 ORDER BY p.marketplace_id, p.service_type, p.skill, p.version",
            )
            .bind(seller.as_bytes().as_slice())
            .fetch_all(c)
            .await
        })?;
        rows.into_iter()
            .map(|(marketplace, service, skill, version, applies_from, written_at, by, body)| {
                Ok(PolicyVersion {
                    scope: scope_of(marketplace, &service, skill)?,
                    version: u32::try_from(version).unwrap_or(u32::MAX),
                    applies_from: Timestamp(applies_from),
                    written_at: Timestamp(written_at),
                    by,
                    policy: body.as_deref().map(read).transpose()?,
                })
            })
            .collect()
    }

    /// Publishes a version. The caller has locked (`lock_policies`) and counted.
    pub async fn insert_policy(
        &mut self,
        seller: SellerId,
        line: &PolicyLine,
        by: UserId,
        now: Timestamp,
    ) -> sqlx::Result<()> {
        on!(self, |c| {
            sqlx::query(
                "INSERT INTO closeout_policy (seller_id, marketplace_id, service_type, skill, version, applies_from, \
                 sha256, written_at, written_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(any(line.scope.marketplace.as_ref()))
            .bind(line.scope.service_type.map_or("", service_type_name))
            .bind(any(line.scope.skill.as_ref()))
            .bind(i64::from(line.version))
            .bind(line.applies_from.0)
            .bind(line.body.as_ref().map(|body| body.as_bytes().as_slice()))
            .bind(now.0)
            .bind(by.as_bytes().as_slice())
            .execute(c)
            .await
            .map(|_| ())
        })
    }

    /// Keeps what a policy says, and answers what it is known by.
    ///
    /// # Errors
    /// The database's.
    pub async fn keep_policy_body(&mut self, seller: SellerId, policy: &Policy) -> anyhow::Result<Sha256> {
        let body = serde_json::to_string(policy).context("writing a policy")?;
        let known_by = Sha256::of(body.as_bytes());
        let there: Option<(i64,)> = on!(self, |c| {
            sqlx::query_as("SELECT CAST(1 AS BIGINT) FROM policy_body WHERE seller_id = $1 AND sha256 = $2")
                .bind(seller.as_bytes().as_slice())
                .bind(known_by.as_bytes().as_slice())
                .fetch_optional(c)
                .await
        })?;
        if there.is_some() {
            return Ok(known_by);
        }
        // The seller's row first, as with the first event: two that keep the same two never wait in a circle.
        if let Self::Postgres(tx) = self {
            sqlx::query("SELECT 1 FROM seller WHERE seller_id = $1 FOR NO KEY UPDATE")
                .bind(seller.as_bytes().as_slice())
                .execute(&mut **tx)
                .await?;
        }
        on!(self, |c| {
            sqlx::query(
                "INSERT INTO policy_body (seller_id, sha256, body) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(known_by.as_bytes().as_slice())
            .bind(body)
            .execute(c)
            .await
            .map(|_| ())
        })?;
        Ok(known_by)
    }

    /// What is known by this.
    ///
    /// # Errors
    /// The database's, or there is none, or it does not read.
    pub async fn policy_body(&mut self, seller: SellerId, known_by: &Sha256) -> anyhow::Result<Policy> {
        let row: Option<(String,)> = on!(self, |c| {
            sqlx::query_as("SELECT body FROM policy_body WHERE seller_id = $1 AND sha256 = $2")
                .bind(seller.as_bytes().as_slice())
                .bind(known_by.as_bytes().as_slice())
                .fetch_optional(c)
                .await
        })?;
        let (body,) = row.with_context(|| format!("no policy {known_by}"))?;
        read(&body)
    }

    /// What a begun visit keeps.
    pub async fn held_policy(
        &mut self,
        seller: SellerId,
        appointment: AppointmentId,
    ) -> sqlx::Result<Option<Sha256>> {
        let row: Option<(Vec<u8>,)> = on!(self, |c| {
            sqlx::query_as("SELECT sha256 FROM held_policy WHERE seller_id = $1 AND appointment_id = $2")
                .bind(seller.as_bytes().as_slice())
                .bind(appointment.as_bytes().as_slice())
                .fetch_optional(c)
                .await
        })?;
        row.map(|(known_by,)| sha256(&known_by)).transpose()
    }

    /// From now on the visit is held to this, whatever is published; the first word counts. What phones were told of it
    /// is not needed any more.
    pub async fn hold_policy(
        &mut self,
        seller: SellerId,
        appointment: AppointmentId,
        known_by: &Sha256,
        now: Timestamp,
    ) -> sqlx::Result<()> {
        on!(self, |c| {
            sqlx::query(
                "INSERT INTO held_policy (seller_id, appointment_id, sha256, held_at) VALUES ($1, $2, $3, $4) \
                 ON CONFLICT DO NOTHING",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(appointment.as_bytes().as_slice())
            .bind(known_by.as_bytes().as_slice())
            .bind(now.0)
            .execute(c)
            .await
            .map(|_| ())
        })?;
        on!(self, |c| {
            sqlx::query("DELETE FROM policy_handout WHERE seller_id = $1 AND appointment_id = $2")
                .bind(seller.as_bytes().as_slice())
                .bind(appointment.as_bytes().as_slice())
                .execute(c)
                .await
                .map(|_| ())
        })
    }

    /// What a phone was last told of each visit.
    pub async fn policies_handed_to(
        &mut self,
        seller: SellerId,
        device: DeviceId,
    ) -> sqlx::Result<BTreeMap<AppointmentId, Sha256>> {
        let rows: Vec<(Vec<u8>, Vec<u8>)> = on!(self, |c| {
            sqlx::query_as(
                "SELECT appointment_id, sha256 FROM policy_handout WHERE seller_id = $1 AND device_id = $2 \
                 ORDER BY at",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(device.as_bytes().as_slice())
            .fetch_all(c)
            .await
        })?;
        rows.iter().map(|(appointment, known_by)| Ok((id(appointment)?, sha256(known_by)?))).collect()
    }

    /// What a phone had last been told of a visit by an instant.
    pub async fn policy_handed_by(
        &mut self,
        seller: SellerId,
        appointment: AppointmentId,
        device: DeviceId,
        by: Timestamp,
    ) -> sqlx::Result<Option<Sha256>> {
        let row: Option<(Vec<u8>,)> = on!(self, |c| {
            sqlx::query_as(
                "SELECT sha256 FROM policy_handout WHERE seller_id = $1 AND appointment_id = $2 \
                 AND device_id = $3 AND at <= $4 ORDER BY at DESC LIMIT 1",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(appointment.as_bytes().as_slice())
            .bind(device.as_bytes().as_slice())
            .bind(by.0)
            .fetch_optional(c)
            .await
        })?;
        row.map(|(known_by,)| sha256(&known_by)).transpose()
    }

    /// A phone is being told what a visit is held to.
    pub async fn hand_policy(
        &mut self,
        seller: SellerId,
        appointment: AppointmentId,
        device: DeviceId,
        known_by: &Sha256,
        now: Timestamp,
    ) -> sqlx::Result<()> {
        on!(self, |c| {
            sqlx::query(
                "INSERT INTO policy_handout (seller_id, appointment_id, device_id, at, sha256) \
                 VALUES ($1, $2, $3, $4, $5) ON CONFLICT (seller_id, appointment_id, device_id, at) \
                 DO UPDATE SET sha256 = excluded.sha256",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(appointment.as_bytes().as_slice())
            .bind(device.as_bytes().as_slice())
            .bind(now.0)
            .bind(known_by.as_bytes().as_slice())
            .execute(c)
            .await
            .map(|_| ())
        })
    }

    /// Adds a line to the audit. The caller has locked (`lock_policies`).
    ///
    /// # Errors
    /// The database's.
    pub async fn record_policy_change(
        &mut self,
        seller: SellerId,
        by: UserId,
        what: &PolicyChanged,
        now: Timestamp,
    ) -> anyhow::Result<()> {
        let what = serde_json::to_string(what).context("writing a change")?;
        on!(self, |c| {
            sqlx::query(
                "INSERT INTO policy_change (seller_id, change_id, at, user_id, what) \
                 SELECT $1, COALESCE(MAX(change_id), 0) + 1, $2, $3, $4 FROM policy_change WHERE seller_id = $1",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(now.0)
            .bind(by.as_bytes().as_slice())
            .bind(what)
            .execute(c)
            .await
            .map(|_| ())
        })?;
        Ok(())
    }

    /// The last lines of the audit, newest first.
    ///
    /// # Errors
    /// The database's, or a line on disk does not read.
    pub async fn policy_changes(&mut self, seller: SellerId, most: i64) -> anyhow::Result<Vec<PolicyChange>> {
        let rows: Vec<(i64, i64, String, String)> = on!(self, |c| {
            sqlx::query_as(
                "SELECT h.change_id, h.at, u.name, h.what FROM policy_change h \
                 JOIN user_account u ON u.user_id = h.user_id \
                 WHERE h.seller_id = $1 ORDER BY h.change_id DESC LIMIT $2",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(most)
            .fetch_all(c)
            .await
        })?;
        rows.into_iter()
            .map(|(change, at, by, what)| {
                let what = serde_json::from_str(&what).context("reading a change of policies")?;
                Ok(PolicyChange { id: change, at: Timestamp(at), by, what })
            })
            .collect()
    }
}

/// What a policy is known by: the SHA-256 of how it is written.
///
/// # Errors
/// Never in practice: a policy is plain data.
pub fn known_by(policy: &Policy) -> anyhow::Result<Sha256> {
    Ok(Sha256::of(&serde_json::to_vec(policy).context("writing a policy")?))
}

fn read(body: &str) -> anyhow::Result<Policy> {
    serde_json::from_str(body).context("reading a policy")
}
