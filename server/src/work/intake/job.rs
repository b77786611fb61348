//! Taking one service job in.

use super::visits::{Place, Sent, places};
use crate::{
    app::App,
    db::{
        Tx,
        intake::{JobColumns, StoredJob, StoredVisit},
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

pub(super) enum Outcome {
    Unchanged,
    /// What to tell about the job's visits.
    Changed(Vec<(AppointmentId, What)>),
    WithoutId,
}

/// Writes a job as Amazon sent it. A job that is already here as sent changes nothing.
pub(super) async fn take_in(
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
    if stored.as_ref().is_some_and(|stored| stored.content_hash == content_hash) {
        return Ok(Outcome::Unchanged);
    }

    let by_id: BTreeMap<String, Sent> =
        sent.appointments.iter().filter_map(Sent::read).map(|sent| (sent.amazon_id.clone(), sent)).collect();
    let appointments: Vec<Sent> = by_id.into_values().collect();
    let facts = columns(sent);
    let deadline = deadline(app, sent, &appointments, stored.as_ref(), now);
    let (job, seen) = match stored {
        Some(stored) => {
            let before = if deadline > now { facts_of(app, &stored)? } else { None };
            let seen =
                stored.facts != facts || before.is_some_and(|before| before != service_job::facts(sent));
            let (wrapped_key, sealed) = match key_of(app, &stored)? {
                Some(key) if deadline > now => {
                    (stored.wrapped_key, Some(seal_job(app, &key, stored.job, &json)?))
                }
                // Buyer data whose time is over never comes back.
                _ => (None, None),
            };
            let row = StoredJob { facts, wrapped_key, sealed, expires_at: deadline, content_hash, ..stored };
            tx.update_job(app.seller, &row, now).await?;
            (row.job, seen)
        }
        None => {
            let job = JobId::from_bytes(app.entropy.bytes());
            let key = Key::from_bytes(app.entropy.bytes());
            let lives = deadline > now;
            let wrapped_key = lives
                .then(|| app.root_key.wrap(&seal::job_key_place(job), &key, &*app.entropy))
                .transpose()?;
            let sealed = lives.then(|| seal_job(app, &key, job, &json)).transpose()?;
            let row = StoredJob { job, facts, wrapped_key, sealed, expires_at: deadline, content_hash };
            let marketplace = sent.marketplace_id.as_ref().map(|id| id.as_str());
            let marketplace = marketplace.unwrap_or(&app.settings.marketplace_id);
            let time_zone = &app.settings.time_zone;
            tx.insert_job(app.seller, &row, service_job.as_str(), marketplace, time_zone, now).await?;
            (job, false)
        }
    };
    if let Some(created) = sent.create_time {
        tx.note_creation(app.seller, job, created.into()).await?;
    }
    Ok(Outcome::Changed(take_in_visits(app, tx, job, &appointments, seen, now).await?))
}

/// Brings the job's visits up to date and says what happened to each. `seen`: something about the job itself
/// changed that a person sees.
async fn take_in_visits(
    app: &App,
    tx: &mut Tx,
    job: JobId,
    sent: &[Sent],
    seen: bool,
    now: Timestamp,
) -> anyhow::Result<Vec<(AppointmentId, What)>> {
    let stored = tx.visits_of(app.seller, job).await?;
    let mut changed: Vec<AppointmentId> =
        if seen { stored.iter().map(|visit| visit.appointment).collect() } else { Vec::new() };
    let mut events = Vec::new();
    for (place, sent) in places(&stored, sent).into_iter().zip(sent) {
        match (place, sent.window) {
            (Place::Nowhere, _) => {}
            (Place::New, None) => {
                tracing::error!(job = %job, "an appointment without a time was not taken in");
            }
            (Place::New, Some(window)) => {
                let appointment = AppointmentId::from_bytes(app.entropy.bytes());
                let visit = StoredVisit {
                    appointment,
                    amazon_id: sent.amazon_id.clone(),
                    status: sent.status.clone(),
                    window,
                    handed_over: false,
                };
                tx.insert_visit(app.seller, job, &visit).await?;
                tx.replace_assigned(app.seller, appointment, &sent.technicians).await?;
                tx.create_document(app.seller, appointment, now).await?;
                events.push((appointment, What::JobTakenIn));
            }
            (Place::Visit(appointment), window) => {
                let Some(before) = stored.iter().find(|visit| visit.appointment == appointment) else {
                    continue;
                };
                let after = StoredVisit {
                    amazon_id: sent.amazon_id.clone(),
                    status: sent.status.clone(),
                    window: window.unwrap_or(before.window),
                    ..before.clone()
                };
                let reassigned = tx.assigned(app.seller, appointment).await? != sent.technicians;
                if after != *before {
                    tx.update_visit(app.seller, &after).await?;
                }
                if reassigned {
                    tx.replace_assigned(app.seller, appointment, &sent.technicians).await?;
                }
                // A new id of Amazon's alone is nothing that a person sees.
                let visible = reassigned || after.status != before.status || after.window != before.window;
                if visible && !changed.contains(&appointment) {
                    changed.push(appointment);
                }
            }
        }
    }
    events.extend(changed.into_iter().map(|appointment| (appointment, What::JobChanged)));
    Ok(events)
}

/// When the buyer's data has to be gone: so many days after the visit ends, or after the job was made where there
/// is none. When the job ends before its visit, that counts; once it has ended, nothing prolongs.
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
    let ends = |active: bool| {
        let ends = visits.iter().filter(move |visit| !active || visit.status == "ACTIVE");
        ends.filter_map(|visit| visit.window).map(|window| window.end).max()
    };
    let end = ends(true).or_else(|| ends(false));
    let end = end.unwrap_or_else(|| sent.create_time.map_or(now, Timestamp::from));
    let status = sent.service_job_status.as_ref().map_or("", |status| status.as_str());
    if !has_ended(status) {
        return app.settings.retention_deadline(end);
    }
    let deadline = app.settings.retention_deadline(end.min(now));
    match stored {
        Some(stored) if has_ended(&stored.facts.status) => deadline.min(stored.expires_at),
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
