//! Reading one job again: when a supervisor asks, when Amazon refused a call for the state the job is in, and when a
//! comparison missed it. Only this says that a job has vanished.

use super::{
    Worker,
    intake::{job, told, visits},
};
use crate::{app::App, db::reading::ReadRequest};
use anyhow::Context as _;
use doorstep_core::{api::What, id::AppointmentId, job::NoticeKind};
use doorstep_spapi::{ServiceJob, ServiceJobId, Verdict, operations::jobs::GET_SERVICE_JOB};

/// How much longer than a request may take it is held: time to write its answer down.
const SETTLING_MS: i64 = 30_000;
/// After this many failures nobody waits for the answer any more; the next comparison asks anew.
const MOST_ATTEMPTS: i64 = 12;
const FIRST_PAUSE_MS: i64 = 5_000;
const LONGEST_PAUSE_MS: i64 = 300_000;

impl Worker {
    /// Reads every job that is to be read now, and answers how many it asked for.
    ///
    /// # Errors
    /// The database fails. What Amazon refuses is no error.
    pub async fn read_due(&self) -> anyhow::Result<usize> {
        if !self.may_read(&GET_SERVICE_JOB).await? {
            return Ok(0);
        }
        let app = &self.app;
        let mut read = 0;
        loop {
            let mut tx = app.db.write().await?;
            let lease_ms = app.settings.amazon_timeout_ms.saturating_add(SETTLING_MS);
            let Some(request) = tx.claim_read(app.seller, app.clock.now(), lease_ms).await? else {
                return Ok(read);
            };
            tx.commit().await?;
            self.read(request).await?;
            read += 1;
        }
    }

    async fn read(&self, request: ReadRequest) -> anyhow::Result<()> {
        let app = &self.app;
        let name = ServiceJobId::new(request.service_job.as_str());
        match self.amazon.get_service_job(&name).await {
            Ok(answer) => self.take_read(&request, answer.value).await,
            Err(error) if error.says_absent() => {
                let mut events = vanish(app, &request).await?;
                if events.is_empty() {
                    // Known before: whoever asked sees that it was asked for.
                    events = self.tell_refused(&request).await?;
                }
                told(app, events).await;
                Ok(())
            }
            Err(error) => {
                let now = app.clock.now();
                match error.verdict() {
                    Verdict::Retry { after } if request.attempts < MOST_ATTEMPTS => {
                        let asked = after.and_then(|after| i64::try_from(after.as_millis()).ok());
                        let doubled =
                            FIRST_PAUSE_MS << u32::try_from(request.attempts.clamp(1, 10)).unwrap_or(1);
                        let pause = asked.unwrap_or(doubled.min(LONGEST_PAUSE_MS));
                        let mut tx = app.db.write().await?;
                        tx.read_again_at(app.seller, &request, now.plus_ms(pause)).await?;
                        Ok(tx.commit().await?)
                    }
                    _ => {
                        tracing::error!(job = %request.job, %error, "a job cannot be read again");
                        let events = self.tell_refused(&request).await?;
                        told(app, events).await;
                        Ok(())
                    }
                }
            }
        }
    }

    /// Nothing came of it; a person who asked is told.
    async fn tell_refused(&self, request: &ReadRequest) -> anyhow::Result<Vec<(AppointmentId, What)>> {
        let app = &self.app;
        let now = app.clock.now();
        let mut tx = app.db.write().await?;
        tx.close_read(app.seller, request).await?;
        let mut events = Vec::new();
        if request.asked_by.is_some() {
            for visit in tx.visits_of(app.seller, request.job).await? {
                tx.record_event(app.seller, visit.appointment, &What::ReadRefused, now).await?;
                events.push((visit.appointment, What::ReadRefused));
            }
        }
        tx.commit().await?;
        Ok(events)
    }

    async fn take_read(&self, request: &ReadRequest, sent: ServiceJob) -> anyhow::Result<()> {
        let app = &self.app;
        let now = app.clock.now();
        let mut tx = app.db.write().await?;
        tx.lock_intake(app.seller).await?;
        let is_same =
            sent.service_job_id.as_ref().is_some_and(|id| id.as_str() == request.service_job.as_str());
        let outcome = if is_same {
            job::take_in(app, &mut tx, &sent, now).await?
        } else {
            tracing::error!(job = %request.job, "Amazon answered with another job; it was not taken in");
            job::Outcome::WithoutId
        };
        let events = match outcome {
            job::Outcome::Changed(events) if !events.is_empty() => events,
            // Whoever asked sees that it was done.
            _ if request.asked_by.is_some() => {
                let visits = tx.visits_of(app.seller, request.job).await?;
                visits.into_iter().map(|visit| (visit.appointment, What::ReadAgain)).collect()
            }
            _ => Vec::new(),
        };
        tx.close_read(app.seller, request).await?;
        for (appointment, what) in &events {
            tx.record_event(app.seller, *appointment, what, now).await?;
        }
        tx.commit().await?;
        told(app, events).await;
        Ok(())
    }
}

/// Amazon does not have the job any more: its visits say so, what was recorded stays, and nothing more is sent.
async fn vanish(app: &App, request: &ReadRequest) -> anyhow::Result<Vec<(AppointmentId, What)>> {
    let (job, now) = (request.job, app.clock.now());
    let mut tx = app.db.write().await?;
    tx.lock_intake(app.seller).await?;
    let mut events = Vec::new();
    for appointment in tx.note_vanished(app.seller, job, now).await? {
        if tx.give_notice(app.seller, appointment, NoticeKind::Vanished, None, now).await? {
            events.push((appointment, What::Noticed { notice: NoticeKind::Vanished }));
        }
        let reason = visits::parks(NoticeKind::Vanished).context("a job that vanished parks its calls")?;
        for (appointment, call) in tx.park_ready(app.seller, job, appointment, reason, now).await? {
            events.push((appointment, What::CallParked { call }));
        }
    }
    tx.close_read(app.seller, request).await?;
    for (appointment, what) in &events {
        tx.record_event(app.seller, *appointment, what, now).await?;
    }
    tx.commit().await?;
    tracing::warn!(%job, visits = events.len(), "Amazon does not show a job any more");
    Ok(events)
}
