//! Taking one service job in.

use super::{
    imported,
    place::Sent,
    visits::{self, Change},
};
use crate::{
    app::App,
    db::{
        Tx,
        intake::{JobColumns, StoredJob},
    },
    seal,
    service_job::{self, Facts},
};
use anyhow::Context as _;
use doorstep_core::{
    api::What,
    id::{AppointmentId, JobId},
    time::Timestamp,
    vault::{self, Key},
};
use doorstep_spapi::ServiceJob;
use std::collections::BTreeMap;

pub(in crate::work) enum Outcome {
    Unchanged,
    /// What to tell about the job's visits.
    Changed(Vec<(AppointmentId, What)>),
    WithoutId,
    /// Of this job's buyer nothing may be kept any more, and nobody is to go there.
    Buried,
}

/// What there is of a job's secrets after this intake.
struct Kept {
    wrapped_key: Option<Vec<u8>>,
    sealed: Option<Vec<u8>>,
    expires_at: Timestamp,
    buyer_expired_at: Option<Timestamp>,
    rekeyed_at: Option<Timestamp>,
}

/// Takes a job in as Amazon sent it.
pub(in crate::work) async fn take_in(
    app: &App,
    tx: &mut Tx,
    sent: &ServiceJob,
    now: Timestamp,
) -> anyhow::Result<Outcome> {
    let confirmed = imported::confirm(app, tx, sent, now).await?;
    let outcome = write(app, tx, sent, now).await?;
    Ok(imported::tell(outcome, confirmed))
}

/// Writes a job, whoever sent it. A job that is already here as sent changes nothing.
pub(super) async fn write(
    app: &App,
    tx: &mut Tx,
    sent: &ServiceJob,
    now: Timestamp,
) -> anyhow::Result<Outcome> {
    let Some(service_job) = sent.service_job_id.as_ref().filter(|id| !id.as_str().is_empty()) else {
        return Ok(Outcome::WithoutId);
    };
    let json = serde_json::to_vec(sent).context("writing a service job as JSON")?;
    let content_hash = app.root_key.fingerprint(&json);
    let stored = tx.stored_job(app.seller, service_job.as_str()).await?;
    if let Some(stored) = stored.as_ref()
        && stored.content_hash == content_hash
        && !stored.vanished
    {
        tx.note_seen(app.seller, stored.job, now).await?;
        return Ok(Outcome::Unchanged);
    }

    let by_id: BTreeMap<String, Sent> =
        sent.appointments.iter().filter_map(Sent::read).map(|sent| (sent.amazon_id.clone(), sent)).collect();
    let appointments: Vec<Sent> = by_id.into_values().collect();
    let facts = columns(sent);
    let (row, before, seen) = match stored {
        Some(stored) => {
            let kept = keep(app, tx, sent, &appointments, &stored, &json, now).await?;
            let known = if kept.sealed.is_some() { facts_of(app, &stored)? } else { None };
            let seen = stored.facts != facts
                || stored.vanished
                || known.is_some_and(|before| before != service_job::facts(sent));
            let row = StoredJob {
                facts,
                wrapped_key: kept.wrapped_key,
                sealed: kept.sealed,
                expires_at: kept.expires_at,
                content_hash,
                buyer_expired_at: kept.buyer_expired_at,
                rekeyed_at: kept.rekeyed_at,
                vanished: false,
                job: stored.job,
            };
            tx.update_job(app.seller, &row, now).await?;
            (row, Some(stored), seen)
        }
        None => {
            let job = JobId::from_bytes(app.entropy.bytes());
            let grave = seal::tombstone(&app.root_key, service_job.as_str());
            let buried = tx.tombstone(app.seller, grave.as_bytes()).await?;
            let Some(kept) = first_kept(app, sent, &appointments, job, buried, &json, now)? else {
                return Ok(Outcome::Buried);
            };
            let row = StoredJob {
                job,
                facts,
                wrapped_key: kept.wrapped_key,
                sealed: kept.sealed,
                expires_at: kept.expires_at,
                content_hash,
                buyer_expired_at: kept.buyer_expired_at,
                rekeyed_at: kept.rekeyed_at,
                vanished: false,
            };
            let marketplace = sent.marketplace_id.as_ref().map(|id| id.as_str().to_owned());
            let marketplace = marketplace.unwrap_or_else(|| app.settings.marketplace().as_str().to_owned());
            let time_zone = &app.settings.time_zone;
            tx.insert_job(app.seller, &row, service_job.as_str(), &marketplace, time_zone, now).await?;
            (row, None, false)
        }
    };
    if let Some(created) = sent.create_time {
        tx.note_creation(app.seller, row.job, created.into()).await?;
    }
    let change = Change { job: &row, before: before.as_ref(), seen };
    let mut events = visits::take_in(app, tx, &change, &appointments, now).await?;
    // Whoever is about to end an order sees what is left of it.
    let joined = before.as_ref().is_none_or(|before| before.facts != row.facts);
    if joined && row.facts.service_order.is_some() {
        for visit in tx.visits_of_siblings(app.seller, row.job).await? {
            if !events.iter().any(|(told, _)| *told == visit) {
                events.push((visit, What::JobChanged));
            }
        }
    }
    Ok(Outcome::Changed(events))
}

/// What is kept of a job that is here already. Buyer data whose time is over never comes back; a visit that was
/// scheduled after that gets another key, for what is recorded of it.
async fn keep(
    app: &App,
    tx: &mut Tx,
    sent: &ServiceJob,
    visits: &[Sent],
    stored: &StoredJob,
    json: &[u8],
    now: Timestamp,
) -> anyhow::Result<Kept> {
    let deadline = deadline(app, sent, visits, Some(stored), now);
    let kept = Kept {
        wrapped_key: None,
        sealed: None,
        expires_at: deadline,
        buyer_expired_at: stored.buyer_expired_at,
        rekeyed_at: stored.rekeyed_at,
    };
    if let (Some(key), true) = (key_of(app, stored)?, deadline > now) {
        let sealed = match stored.buyer_expired_at {
            None => Some(seal_job(app, &key, stored.job, json)?),
            Some(_) => None,
        };
        return Ok(Kept { wrapped_key: stored.wrapped_key.clone(), sealed, ..kept });
    }
    let buyer_expired_at = Some(stored.buyer_expired_at.unwrap_or(now));
    let Some(expires_at) = later_visit(app, sent, visits, now) else {
        return Ok(Kept { buyer_expired_at, ..kept });
    };
    // What was recorded under the first key goes with it, if it has not gone yet.
    tx.erase_job(app.seller, stored.job, now).await?;
    let wrapped_key = Some(new_key(app, stored.job)?.0);
    Ok(Kept { wrapped_key, sealed: None, expires_at, buyer_expired_at, rekeyed_at: Some(now) })
}

/// What is kept of a job that comes for the first time, or whose row has gone. `None` where nothing is.
fn first_kept(
    app: &App,
    sent: &ServiceJob,
    visits: &[Sent],
    job: JobId,
    buried: Option<Timestamp>,
    json: &[u8],
    now: Timestamp,
) -> anyhow::Result<Option<Kept>> {
    if buried.is_some() {
        let Some(expires_at) = later_visit(app, sent, visits, now) else { return Ok(None) };
        let wrapped_key = Some(new_key(app, job)?.0);
        let (buyer_expired_at, rekeyed_at) = (buried, Some(now));
        return Ok(Some(Kept { wrapped_key, sealed: None, expires_at, buyer_expired_at, rekeyed_at }));
    }
    let expires_at = deadline(app, sent, visits, None, now);
    if expires_at <= now {
        let buyer_expired_at = Some(now);
        let rekeyed_at = None;
        return Ok(Some(Kept { wrapped_key: None, sealed: None, expires_at, buyer_expired_at, rekeyed_at }));
    }
    let (wrapped_key, key) = new_key(app, job)?;
    let sealed = Some(seal_job(app, &key, job, json)?);
    let wrapped_key = Some(wrapped_key);
    Ok(Some(Kept { wrapped_key, sealed, expires_at, buyer_expired_at: None, rekeyed_at: None }))
}

/// The deadline of what is recorded of an active visit of an open job; `None` where there is none, or it is over too.
fn later_visit(app: &App, sent: &ServiceJob, visits: &[Sent], now: Timestamp) -> Option<Timestamp> {
    let status = sent.service_job_status.as_ref().map_or("", |status| status.as_str());
    let active = visits.iter().filter(|visit| visit.status == "ACTIVE");
    let end = active.filter_map(|visit| visit.window).map(|window| window.end).max()?;
    let deadline = app.settings.retention_deadline(end);
    (!has_ended(status) && deadline > now).then_some(deadline)
}

fn new_key(app: &App, job: JobId) -> anyhow::Result<(Vec<u8>, Key)> {
    let key = Key::from_bytes(app.entropy.bytes());
    Ok((app.root_key.wrap(&seal::job_key_place(job), &key, &*app.entropy)?, key))
}

/// When the buyer's data has to be gone: so many days after the visit ends, or after the job was made where there
/// never was one. When the job ends before its visit, that counts; once it has ended, nothing prolongs, and neither does
/// a visit that was called off.
fn deadline(
    app: &App,
    sent: &ServiceJob,
    visits: &[Sent],
    stored: Option<&StoredJob>,
    now: Timestamp,
) -> Timestamp {
    // What is over is over, whatever Amazon says now.
    if let Some(stored) = stored
        && (stored.wrapped_key.is_none() || stored.expires_at <= now)
    {
        return stored.expires_at.min(now);
    }
    let latest = |counts: fn(&Sent) -> bool| {
        let windows = visits.iter().filter(|visit| counts(visit)).filter_map(|visit| visit.window);
        windows.map(|window| window.end).max()
    };
    let status = sent.service_job_status.as_ref().map_or("", |status| status.as_str());
    let made = sent.create_time.map_or(now, Timestamp::from);
    let standing =
        latest(|visit| visit.status == "ACTIVE").or_else(|| latest(|visit| visit.status != "CANCELLED"));
    let end = standing.or_else(|| latest(|_| true));
    if !has_ended(status) {
        match (standing, end) {
            (Some(end), _) => return app.settings.retention_deadline(end),
            (None, None) => return app.settings.unappointed_deadline(made),
            // All were called off: as if the job had ended.
            (None, Some(_)) => {}
        }
    }
    let deadline = app.settings.retention_deadline(end.unwrap_or(made).min(now));
    match stored {
        Some(stored) if standing.is_none() || has_ended(&stored.facts.status) => {
            deadline.min(stored.expires_at)
        }
        _ => deadline,
    }
}

fn has_ended(status: &str) -> bool {
    matches!(status, "COMPLETED" | "CANCELLED")
}

fn columns(sent: &ServiceJob) -> JobColumns {
    let scope = sent.scope_of_work.as_ref();
    let title =
        scope.and_then(|scope| scope.title.as_deref()).map(str::trim).filter(|title| !title.is_empty());
    let quantity = scope.and_then(|scope| scope.quantity).unwrap_or(1);
    JobColumns {
        status: sent.service_job_status.as_ref().map_or("NOT_SERVICED", |status| status.as_str()).to_owned(),
        title: title.unwrap_or("Service without a title").to_owned(),
        quantity: u32::try_from(quantity).unwrap_or(u32::MAX),
        service_order: sent
            .service_order_id
            .as_ref()
            .map(|id| id.as_str().to_owned())
            .filter(|id| !id.is_empty()),
    }
}

fn key_of(app: &App, stored: &StoredJob) -> anyhow::Result<Option<Key>> {
    let unwrapped = stored
        .wrapped_key
        .as_ref()
        .map(|wrapped| app.root_key.unwrap(&seal::job_key_place(stored.job), wrapped));
    unwrapped.transpose().with_context(|| format!("unwrapping the key of job {}", stored.job))
}

/// What a technician saw of the job until now.
fn facts_of(app: &App, stored: &StoredJob) -> anyhow::Result<Option<Facts>> {
    let (Some(key), Some(sealed)) = (key_of(app, stored)?, &stored.sealed) else { return Ok(None) };
    let json = vault::open(&key, &seal::job_place(stored.job), sealed)
        .with_context(|| format!("opening job {}", stored.job))?;
    Ok(Some(service_job::facts(&service_job::read(&json)?)))
}

fn seal_job(app: &App, key: &Key, job: JobId, json: &[u8]) -> anyhow::Result<Vec<u8>> {
    Ok(vault::seal(key, &seal::job_place(job), app.entropy.bytes(), json)?)
}
