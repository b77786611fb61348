//! Pages of `getServiceJobs`, each taken in by a transaction of its own.

use super::{Intake, job};
use crate::{app::App, work::closeout::settle_each};
use anyhow::anyhow;
use doorstep_core::{api::What, id::AppointmentId};
use doorstep_spapi::{Client, JobPage, Query, Verdict};
use std::{collections::HashSet, time::Duration};

/// The most that Amazon gives.
const PAGE_SIZE: u8 = 20;
/// A query of more pages than this is not believed.
const MOST_PAGES: u32 = 5_000;

/// Why there is no next page.
#[derive(Debug)]
pub(in crate::work) enum Trouble {
    /// It passes; the same page can be asked for again.
    Wait {
        after: Option<Duration>,
        words: String,
    },
    Refused(anyhow::Error),
}

/// How far a query has been read.
#[derive(Debug, Default)]
pub(in crate::work) struct Pages {
    token: Option<String>,
    /// Tokens used: one that comes again would go round in circles.
    used: HashSet<String>,
    read: u32,
    last: bool,
}

impl Pages {
    pub(in crate::work) fn is_last(&self) -> bool {
        self.last
    }

    /// There is a page to go on from.
    pub(super) fn have_begun(&self) -> bool {
        self.token.is_some()
    }

    pub(in crate::work) async fn next(&mut self, amazon: &Client, query: &Query) -> Result<JobPage, Trouble> {
        let query = Query { page_size: Some(PAGE_SIZE), page_token: self.token.clone(), ..query.clone() };
        let page = match amazon.get_service_jobs(&query).await {
            Ok(answer) => answer.value,
            Err(error) => {
                return Err(match error.verdict() {
                    Verdict::Retry { after } => Trouble::Wait { after, words: error.to_string() },
                    Verdict::ReadBack | Verdict::GiveUp { .. } => Trouble::Refused(error.into()),
                });
            }
        };
        self.read += 1;
        match page.next_page_token.clone() {
            None => self.last = true,
            Some(_) if self.read >= MOST_PAGES => {
                return Err(Trouble::Refused(anyhow!("getServiceJobs does not come to an end")));
            }
            Some(next) => {
                if !self.used.insert(next.clone()) {
                    return Err(Trouble::Refused(anyhow!("getServiceJobs gave the same page token twice")));
                }
                self.token = Some(next);
            }
        }
        Ok(page)
    }
}

/// One page, one transaction. Then closeouts that waited for what Amazon changed are settled.
pub(in crate::work) async fn take_in_page(
    app: &App,
    page: JobPage,
    intake: &mut Intake,
) -> anyhow::Result<()> {
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
    let known: Vec<&str> =
        page.jobs.iter().filter_map(|job| Some(job.service_job_id.as_ref()?.as_str())).collect();
    tx.lock_lanes_of(app.seller, &known).await?;
    let mut events: Vec<(AppointmentId, What)> = Vec::new();
    let (mut jobs, mut changed, mut unreadable) = (0, 0, page.unreadable.len());
    for job in &page.jobs {
        jobs += 1;
        match job::take_in(app, &mut tx, job, now).await? {
            job::Outcome::Unchanged | job::Outcome::Buried => {}
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
    let taken_in = events.iter().filter(|(_, what)| *what == What::JobTakenIn).count();
    told(app, events).await;
    intake.pages += 1;
    intake.jobs += jobs;
    intake.changed += changed;
    intake.taken_in += u32::try_from(taken_in).unwrap_or(u32::MAX);
    intake.unreadable += u32::try_from(unreadable).unwrap_or(u32::MAX);
    Ok(())
}

/// After the commit of what Amazon changed: a closeout that was finished while its job was on hold, or its visit
/// somebody else's, may be ready now. In transactions of their own: documents are locked before jobs.
pub(in crate::work) async fn told(app: &App, events: Vec<(AppointmentId, What)>) {
    if events.is_empty() {
        return;
    }
    let mut visits: Vec<AppointmentId> = events
        .into_iter()
        .filter(|(_, what)| *what != What::JobTakenIn)
        .map(|(appointment, _)| appointment)
        .collect();
    visits.sort_unstable();
    visits.dedup();
    settle_each(app, &visits).await;
    app.bell.ring();
}
