//! Taking service jobs in: `getServiceJobs` with an overlapping cursor, page by page.
//!
//! Amazon's pages are no snapshot and its clock is not ours, so each run reaches back behind the one before and
//! may see a job twice; a job that has not changed changes nothing here. The cursor moves only after the last page.

mod job;
mod visits;

use super::Worker;
use crate::app::App;
use anyhow::{bail, ensure};
use doorstep_core::{api::What, id::AppointmentId, time::Timestamp};
use doorstep_spapi::{JobPage, Query, Since, Verdict};
use std::{collections::HashSet, time::Duration};

/// How far the first intake reaches back.
const FIRST_REACH_MS: i64 = 30 * 86_400_000;
/// The most that Amazon gives.
const PAGE_SIZE: u8 = 20;
/// A query of more pages than this is not believed.
const MOST_PAGES: u32 = 5_000;

/// What one intake did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Intake {
    pub pages: u32,
    /// Jobs read, changed or not.
    pub jobs: u32,
    /// Visits seen for the first time.
    pub taken_in: u32,
    /// Jobs that had changed.
    pub changed: u32,
    /// Jobs that could not be read, which the log names.
    pub unreadable: u32,
    pub end: End,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum End {
    /// The last page is in and the cursor has moved.
    #[default]
    Complete,
    /// Amazon makes us wait; the next intake goes on at the page this one stopped before.
    Paused { after: Option<Duration> },
}

/// An intake under way: where it goes on after Amazon made it wait.
#[derive(Debug)]
pub(super) struct Unfinished {
    /// What the cursor becomes.
    began: Timestamp,
    since: Timestamp,
    token: Option<String>,
    /// Tokens used: one that comes again would go round in circles.
    used: HashSet<String>,
}

impl Worker {
    /// Takes in everything that changed at Amazon since the last intake.
    ///
    /// # Errors
    /// The database fails, or Amazon refuses in a way that waiting does not cure. What was committed before is
    /// kept, the cursor stays, and the next intake begins anew.
    pub async fn intake(&self) -> anyhow::Result<Intake> {
        let app = &self.app;
        let marketplace = &app.settings.marketplace_id;
        // Held for the whole run: one intake at a time.
        let mut unfinished = self.unfinished.lock().await;
        let mut run = match unfinished.take() {
            Some(run) => run,
            None => Unfinished::begin(app).await?,
        };
        let mut intake = Intake::default();
        loop {
            let query = Query {
                page_size: Some(PAGE_SIZE),
                page_token: run.token.clone(),
                ..Query::new(app.settings.marketplace(), Since::LastUpdated(run.since.to_utc()))
            };
            let page = match self.amazon.get_service_jobs(&query).await {
                Ok(answer) => answer.value,
                Err(error) => match error.verdict() {
                    Verdict::Retry { after } => {
                        tracing::warn!(%error, "intake waits for Amazon");
                        *unfinished = run.token.is_some().then_some(run);
                        return Ok(Intake { end: End::Paused { after }, ..intake });
                    }
                    Verdict::ReadBack | Verdict::GiveUp { .. } => return Err(error.into()),
                },
            };
            let next = page.next_page_token.clone();
            take_in_page(app, page, &mut intake).await?;
            let Some(next) = next else { break };
            ensure!(intake.pages < MOST_PAGES, "getServiceJobs does not come to an end");
            if !run.used.insert(next.clone()) {
                bail!("getServiceJobs gave the same page token twice");
            }
            run.token = Some(next);
        }
        let mut tx = app.db.write().await?;
        tx.move_intake_cursor(app.seller, marketplace, run.began, app.clock.now()).await?;
        tx.commit().await?;
        Ok(intake)
    }
}

impl Unfinished {
    async fn begin(app: &App) -> anyhow::Result<Self> {
        let began = app.clock.now();
        let cursor = app.db.read().await?.intake_cursor(app.seller, &app.settings.marketplace_id).await?;
        let since = match cursor {
            Some(cursor) => cursor.plus_ms(-app.settings.intake_overlap_ms),
            None => began.plus_ms(-FIRST_REACH_MS),
        };
        Ok(Self { began, since, token: None, used: HashSet::new() })
    }
}

/// One page, one transaction.
async fn take_in_page(app: &App, page: JobPage, intake: &mut Intake) -> anyhow::Result<()> {
    for unreadable in &page.unreadable {
        let service_job = unreadable.service_job_id.as_ref().map_or("", |id| id.as_str());
        tracing::error!(
            service_job,
            field = unreadable.field,
            "a service job cannot be read and was not taken in"
        );
    }
    let now = app.clock.now();
    let mut tx = app.db.write().await?;
    tx.lock_intake(app.seller).await?;
    let mut events: Vec<(AppointmentId, What)> = Vec::new();
    let (mut jobs, mut changed, mut unreadable) = (0, 0, page.unreadable.len());
    for job in &page.jobs {
        jobs += 1;
        match job::take_in(app, &mut tx, job, now).await? {
            job::Outcome::Unchanged => {}
            job::Outcome::Changed(of_this_job) => {
                changed += 1;
                events.extend(of_this_job);
            }
            job::Outcome::WithoutId => {
                tracing::error!("a service job without an id was not taken in");
                unreadable += 1;
            }
        }
    }
    // Last, since an event locks the seller's row: whoever holds a visit while waiting for that row would
    // otherwise wait for us, and we for them.
    for (appointment, what) in &events {
        tx.record_event(app.seller, *appointment, what, now).await?;
    }
    tx.commit().await?;
    if !events.is_empty() {
        app.bell.ring();
    }
    let taken_in = events.iter().filter(|(_, what)| *what == What::JobTakenIn).count();
    intake.pages += 1;
    intake.jobs += jobs;
    intake.changed += changed;
    intake.taken_in += u32::try_from(taken_in).unwrap_or(u32::MAX);
    intake.unreadable += u32::try_from(unreadable).unwrap_or(u32::MAX);
    Ok(())
}
