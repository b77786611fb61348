//! Service jobs and visits, as those who work with them read them. `intake.rs` writes them.

use super::{Tx, id, on};
use crate::{
    policies::{self, Held},
    seal::{self, RootKey},
    service_job,
};
use anyhow::Context as _;
use doorstep_core::{
    api::Assignee,
    id::{AmazonAppointmentId, AppointmentId, JobId, ResourceId, SellerId, ServiceJobId, UserId},
    job::{Job, JobStatus, Standing, Window},
    time::Timestamp,
    vault::{self, Key},
};

/// A visit and its job without the buyer's data.
#[derive(Clone, Debug)]
pub struct Visit {
    pub appointment: AppointmentId,
    pub amazon_appointment: AmazonAppointmentId,
    /// Amazon's word: `ACTIVE`, `CANCELLED`, `COMPLETED` or another.
    pub appointment_status: String,
    pub window: Window,
    pub job: JobId,
    pub service_job: ServiceJobId,
    pub marketplace_id: String,
    pub status: JobStatus,
    pub title: String,
    pub quantity: u32,
    pub time_zone: String,
    /// When the buyer's data has to be gone; photos and records of the visit take the same deadline.
    pub expires_at: Timestamp,
    /// Of what is recorded; `None` once it has gone.
    pub wrapped_key: Option<Vec<u8>>,
    /// The buyer's data has gone for good, whatever is recorded since.
    pub buyer_expired: bool,
}

impl Visit {
    pub fn is_active(&self) -> bool {
        self.appointment_status == "ACTIVE"
    }

    /// The job's data key; `None` once the buyer's data has expired.
    ///
    /// # Errors
    /// The root key is another one.
    pub fn key(&self, root: &RootKey) -> anyhow::Result<Option<Key>> {
        open_key(root, self.job, self.wrapped_key.as_deref())
    }
}

fn open_key(root: &RootKey, job: JobId, wrapped: Option<&[u8]>) -> anyhow::Result<Option<Key>> {
    wrapped
        .map(|wrapped| root.unwrap(&seal::job_key_place(job), wrapped))
        .transpose()
        .with_context(|| format!("unwrapping the key of job {job}"))
}

type VisitRow = (
    Vec<u8>,
    String,
    String,
    i64,
    i64,
    Vec<u8>,
    String,
    String,
    String,
    String,
    i64,
    String,
    i64,
    Option<Vec<u8>>,
    Option<i64>,
);

impl Tx {
    /// A visit and its job, without the buyer's data.
    pub async fn visit(
        &mut self,
        seller: SellerId,
        appointment: AppointmentId,
    ) -> sqlx::Result<Option<Visit>> {
        let row: Option<VisitRow> = on!(self, |c| {
            sqlx::query_as(
                "SELECT a.appointment_id, a.amazon_appointment_id, a.status, a.starts_at, a.ends_at, j.job_id, \
                 j.service_job_id, j.marketplace_id, j.status, j.title, j.quantity, j.time_zone, j.expires_at, \
                 j.wrapped_key, j.buyer_expired_at \
                 FROM appointment a JOIN service_job j ON j.job_id = a.job_id AND j.seller_id = a.seller_id \
                 WHERE a.seller_id = $1 AND a.appointment_id = $2",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(appointment.as_bytes().as_slice())
            .fetch_optional(c)
            .await?
        });
        let Some(row) = row else { return Ok(None) };
        Ok(Some(Visit {
            appointment: id(&row.0)?,
            amazon_appointment: AmazonAppointmentId::new(row.1),
            appointment_status: row.2,
            window: Window { start: Timestamp(row.3), end: Timestamp(row.4) },
            job: id(&row.5)?,
            service_job: ServiceJobId::new(row.6),
            marketplace_id: row.7,
            status: JobStatus::from(row.8),
            title: row.9,
            quantity: u32::try_from(row.10).unwrap_or(u32::MAX),
            time_zone: row.11,
            expires_at: Timestamp(row.12),
            wrapped_key: row.13,
            buyer_expired: row.14.is_some(),
        }))
    }

    /// All a technician needs for a visit, as one who is assigned to it. `None` when there is no such visit, or when its key is destroyed:
    /// nothing can be recorded under it any more.
    ///
    /// # Errors
    /// The database fails, the root key is another one, or what is sealed cannot be read.
    pub async fn load_job(
        &mut self,
        root: &RootKey,
        seller: SellerId,
        appointment: AppointmentId,
    ) -> anyhow::Result<Option<Job>> {
        let Some(visit) = self.visit(seller, appointment).await? else { return Ok(None) };
        let Some(key) = visit.key(root)? else { return Ok(None) };
        let sealed = self.sealed_job(seller, visit.job).await?;
        let facts = match sealed {
            Some(sealed) => {
                let json = vault::open(&key, &seal::job_place(visit.job), &sealed)
                    .with_context(|| format!("opening job {}", visit.job))?;
                service_job::facts(&service_job::read(&json)?)
            }
            None => service_job::Facts::default(),
        };
        let marks = self.service_type_marks(seller).await?;
        let service_type = policies::of_marks(&marks, &facts);
        let policy = match self.held_policy(seller, appointment).await? {
            Some(known_by) => self.policy_body(seller, &known_by).await?,
            None => {
                let (marketplace, skills) = (&visit.marketplace_id, &facts.skills);
                let held = Held { marketplace, service_type, skills, at: visit.window.start };
                self.policy_for(seller, &held).await?
            }
        };
        let technician_linked = !self.resources_of(seller, appointment).await?.is_empty();
        Ok(Some(Job {
            appointment,
            job: visit.job,
            service_job_id: visit.service_job.clone(),
            appointment_active: visit.is_active(),
            status: visit.status,
            title: visit.title,
            quantity: visit.quantity,
            skills: facts.skills,
            window: visit.window,
            time_zone: visit.time_zone,
            buyer: facts.buyer,
            address: facts.address,
            items: facts.items,
            technician_linked,
            policy,
            key,
            standing: Standing {
                notices: self.notices(seller, appointment).await?,
                reassigned: false,
                buyer_expired: visit.buyer_expired,
                arrival: facts.arrival,
                preferred: facts.preferred,
                siblings: self.siblings(seller, visit.job).await?,
                imported: self.is_imported(seller, visit.job).await?,
            },
            evidence: None,
            marketplace: visit.marketplace_id,
            service_type,
            location: facts.location,
            assets: facts.assets,
            crew: self.crew(seller, appointment).await?,
            me: None,
            decisions: self.decisions_of(seller, appointment).await?,
        }))
    }

    /// The whole job as Amazon sent it, sealed under its key; `None` once it has expired.
    pub async fn sealed_job(&mut self, seller: SellerId, job: JobId) -> sqlx::Result<Option<Vec<u8>>> {
        let row: Option<(Option<Vec<u8>>,)> = on!(self, |c| {
            sqlx::query_as("SELECT sealed FROM service_job WHERE seller_id = $1 AND job_id = $2")
                .bind(seller.as_bytes().as_slice())
                .bind(job.as_bytes().as_slice())
                .fetch_optional(c)
                .await?
        });
        Ok(row.and_then(|(sealed,)| sealed))
    }

    /// A job's data key; `None` when there is no such job or its buyer's data has expired.
    ///
    /// # Errors
    /// The database fails, or the root key is another one.
    pub async fn job_key(
        &mut self,
        root: &RootKey,
        seller: SellerId,
        job: JobId,
    ) -> anyhow::Result<Option<Key>> {
        let row: Option<(Option<Vec<u8>>,)> = on!(self, |c| {
            sqlx::query_as("SELECT wrapped_key FROM service_job WHERE seller_id = $1 AND job_id = $2")
                .bind(seller.as_bytes().as_slice())
                .bind(job.as_bytes().as_slice())
                .fetch_optional(c)
                .await?
        });
        open_key(root, job, row.and_then(|(wrapped,)| wrapped).as_deref())
    }

    /// The visits of a technician that touch `from..=to`, earliest first: those that are to happen or were to before
    /// Amazon moved them, those of cancelled jobs, and those that the technician has begun to record and that are not
    /// handed over, even when they are somebody else's by now.
    pub async fn day_of(
        &mut self,
        seller: SellerId,
        user: UserId,
        from: Timestamp,
        to: Timestamp,
    ) -> sqlx::Result<Vec<AppointmentId>> {
        let rows: Vec<(Vec<u8>,)> = on!(self, |c| {
            sqlx::query_as(
                "SELECT a.appointment_id \
                 FROM appointment a JOIN service_job j ON j.job_id = a.job_id AND j.seller_id = a.seller_id \
                 WHERE a.seller_id = $1 \
                 AND ((a.ends_at >= $3 AND a.starts_at <= $4) OR EXISTS (SELECT 1 FROM visit_notice n \
                   WHERE n.seller_id = $1 AND n.appointment_id = a.appointment_id AND n.kind = 'moved' \
                   AND n.before_ends_at >= $3 AND n.before_starts_at <= $4)) \
                 AND ((EXISTS (SELECT 1 FROM assignment s JOIN user_link l ON l.seller_id = s.seller_id \
                     AND l.kind = 'technician' AND l.amazon_id = s.technician_id \
                     WHERE s.seller_id = $1 AND s.appointment_id = a.appointment_id AND l.user_id = $2) \
                   AND (a.status = 'ACTIVE' OR j.status = 'CANCELLED' \
                     OR EXISTS (SELECT 1 FROM visit_notice n WHERE n.seller_id = $1 \
                       AND n.appointment_id = a.appointment_id AND n.kind = 'called_off'))) \
                   OR EXISTS (SELECT 1 FROM document d JOIN document_change h \
                     ON h.appointment_id = d.appointment_id AND h.seller_id = d.seller_id \
                     JOIN device v ON v.device_id = h.device_id AND v.seller_id = h.seller_id AND v.user_id = $2 \
                     WHERE d.seller_id = $1 AND d.appointment_id = a.appointment_id AND d.closed_at IS NULL)) \
                 ORDER BY a.starts_at, a.appointment_id",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(user.as_bytes().as_slice())
            .bind(from.0)
            .bind(to.0)
            .fetch_all(c)
            .await?
        });
        rows.iter().map(|(appointment,)| id(appointment)).collect()
    }

    /// The visits that touch `from..=to`, or did before Amazon moved them, earliest first, for the board: all but
    /// those that Amazon called off while their job goes on and nobody had begun to record.
    pub async fn board_appointments(
        &mut self,
        seller: SellerId,
        from: Timestamp,
        to: Timestamp,
    ) -> sqlx::Result<Vec<AppointmentId>> {
        let rows: Vec<(Vec<u8>,)> = on!(self, |c| {
            sqlx::query_as(
                "SELECT a.appointment_id \
                 FROM appointment a JOIN service_job j ON j.job_id = a.job_id AND j.seller_id = a.seller_id \
                 WHERE a.seller_id = $1 \
                 AND ((a.ends_at >= $2 AND a.starts_at <= $3) OR EXISTS (SELECT 1 FROM visit_notice n \
                   WHERE n.seller_id = $1 AND n.appointment_id = a.appointment_id AND n.kind = 'moved' \
                   AND n.before_ends_at >= $2 AND n.before_starts_at <= $3)) \
                 AND (a.status <> 'CANCELLED' OR j.status = 'CANCELLED' \
                   OR EXISTS (SELECT 1 FROM document_change h WHERE h.seller_id = $1 \
                     AND h.appointment_id = a.appointment_id AND h.device_id IS NOT NULL)) \
                 ORDER BY a.starts_at, a.appointment_id",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(from.0)
            .bind(to.0)
            .fetch_all(c)
            .await?
        });
        rows.iter().map(|(appointment,)| id(appointment)).collect()
    }

    /// Whether the user is one of the technicians Amazon has assigned to the visit.
    pub async fn is_assigned(
        &mut self,
        seller: SellerId,
        user: UserId,
        appointment: AppointmentId,
    ) -> sqlx::Result<bool> {
        let row: Option<(i64,)> = on!(self, |c| {
            sqlx::query_as(
                "SELECT COUNT(*) FROM assignment s JOIN user_link l ON l.seller_id = s.seller_id \
                 AND l.kind = 'technician' AND l.amazon_id = s.technician_id \
                 WHERE s.seller_id = $1 AND s.appointment_id = $2 AND l.user_id = $3",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(appointment.as_bytes().as_slice())
            .bind(user.as_bytes().as_slice())
            .fetch_optional(c)
            .await?
        });
        Ok(row.is_some_and(|(count,)| count > 0))
    }

    /// Who is to come: users by name, and by Amazon's id those nobody is linked to. Users first.
    pub async fn assignees(
        &mut self,
        seller: SellerId,
        appointment: AppointmentId,
    ) -> sqlx::Result<Vec<Assignee>> {
        let rows: Vec<(String, Option<String>)> = on!(self, |c| {
            sqlx::query_as(
                "SELECT s.technician_id, u.name FROM assignment s \
                 LEFT JOIN user_link l ON l.seller_id = s.seller_id AND l.kind = 'technician' \
                   AND l.amazon_id = s.technician_id \
                 LEFT JOIN user_account u ON u.user_id = l.user_id AND u.seller_id = s.seller_id \
                 WHERE s.seller_id = $1 AND s.appointment_id = $2 ORDER BY s.technician_id",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(appointment.as_bytes().as_slice())
            .fetch_all(c)
            .await?
        });
        let mut assignees: Vec<Assignee> = rows
            .into_iter()
            .map(|(technician, name)| match name {
                Some(name) => Assignee { name, linked: true },
                None => Assignee { name: technician, linked: false },
            })
            .collect();
        // A user with two ids of Amazon's is one person.
        assignees.sort_by(|a, b| b.linked.cmp(&a.linked).then_with(|| a.name.cmp(&b.name)));
        assignees.dedup();
        Ok(assignees)
    }

    /// The resource ids of the assigned technicians who are linked to one: what fulfilment names.
    pub async fn resources_of(
        &mut self,
        seller: SellerId,
        appointment: AppointmentId,
    ) -> sqlx::Result<Vec<ResourceId>> {
        let rows: Vec<(String,)> = on!(self, |c| {
            sqlx::query_as(
                "SELECT DISTINCT r.amazon_id FROM assignment s \
                 JOIN user_link t ON t.seller_id = s.seller_id AND t.kind = 'technician' \
                   AND t.amazon_id = s.technician_id \
                 JOIN user_link r ON r.seller_id = s.seller_id AND r.kind = 'resource' AND r.user_id = t.user_id \
                 WHERE s.seller_id = $1 AND s.appointment_id = $2 ORDER BY r.amazon_id",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(appointment.as_bytes().as_slice())
            .fetch_all(c)
            .await?
        });
        Ok(rows.into_iter().map(|(resource,)| ResourceId::new(resource)).collect())
    }
}
