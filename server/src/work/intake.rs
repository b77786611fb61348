//! Taking service jobs in: `getServiceJobs` with an overlapping cursor, page by page, marketplace by marketplace.
//!
//! Amazon's pages are no snapshot and its clock is not ours, so each run reaches back behind the one before and
//! may see a job twice; a job that has not changed changes nothing here. The cursor moves only after the last page.

mod confirm;
mod imported;
pub(super) mod job;
mod page;
mod pause;
mod place;
pub(super) mod visits;

pub use confirm::Confirmation;
pub(crate) use imported::{FromFile, take_in_from_file};

use super::Worker;
use crate::{app::App, db::intake_age::Progress};
use doorstep_core::time::Timestamp;
use doorstep_spapi::{MarketplaceId, Query, Since, operations::jobs::GET_SERVICE_JOBS};
pub(super) use page::{Pages, Trouble, take_in_page, told};
use pause::after_failure;
use std::time::Duration;

/// How far the first intake reaches back.
const FIRST_REACH_MS: i64 = 30 * 86_400_000;

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
    pages: Pages,
}

impl Worker {
    /// Takes in everything that changed at Amazon since the last intake, in every marketplace, due or not.
    ///
    /// # Errors
    /// The database fails, or Amazon refuses in a way that waiting does not cure. What was committed before is
    /// kept, the cursor stays, and the next intake begins anew. The other marketplaces are taken in all the same.
    pub async fn intake(&self) -> anyhow::Result<Intake> {
        if !self.may_read(&GET_SERVICE_JOBS).await? {
            return Ok(Intake::default());
        }
        let mut whole = Intake::default();
        let mut refused = None;
        for marketplace in self.app.settings.marketplaces() {
            match self.intake_of(&marketplace).await {
                Ok(intake) => whole.add(intake),
                Err(error) => refused = refused.or(Some(error)),
            }
        }
        refused.map_or(Ok(whole), Err)
    }

    /// Takes in the marketplaces whose time has come, and answers when the next one's comes. What goes wrong is in
    /// their progress; the log tells of it once.
    ///
    /// # Errors
    /// The database fails.
    pub async fn intake_due(&self) -> anyhow::Result<Timestamp> {
        let app = &self.app;
        let mut next = app.clock.now().plus_ms(app.settings.intake_every_ms);
        if !self.may_read(&GET_SERVICE_JOBS).await? {
            return Ok(next);
        }
        for marketplace in app.settings.marketplaces() {
            let progress = app.db.read().await?.intake_progress(app.seller, marketplace.as_str()).await?;
            let due_at = if progress.next_try_at <= app.clock.now() {
                if let Err(error) = self.intake_of(&marketplace).await {
                    // Told where its progress was written down; a database that is away fails below.
                    tracing::debug!(error = format!("{error:#}"), "intake failed");
                }
                app.db.read().await?.intake_progress(app.seller, marketplace.as_str()).await?.next_try_at
            } else {
                progress.next_try_at
            };
            next = next.min(due_at);
        }
        Ok(next)
    }

    /// Takes one marketplace in and writes down how it went.
    async fn intake_of(&self, marketplace: &MarketplaceId) -> anyhow::Result<Intake> {
        let app = &self.app;
        let outcome = self.run_intake(marketplace).await;
        let now = app.clock.now();
        let mut tx = app.db.write().await?;
        let before = tx.intake_progress(app.seller, marketplace.as_str()).await?;
        let mut progress = before.clone();
        progress.age.tried_at = Some(now);
        match &outcome {
            Ok((began, Intake { end: End::Complete, .. }, _)) => {
                progress.age.as_of = Some(*began);
                progress.age.failing_since = None;
                progress.age.reason = None;
                progress.failures = 0;
                progress.next_try_at = now.plus_ms(app.settings.intake_every_ms);
            }
            Ok((_, Intake { end: End::Paused { after }, .. }, words)) => {
                fail(app, &mut progress, words.as_deref().unwrap_or_default(), *after, now);
            }
            Err(trouble) => fail(app, &mut progress, &trouble.to_string(), None, now),
        }
        tx.put_intake_progress(app.seller, &progress, now).await?;
        tx.commit().await?;
        tell(&before, &progress);
        let (_, intake, _) = outcome?;
        if intake.changed > 0 {
            tracing::info!(
                marketplace = marketplace.as_str(),
                pages = intake.pages,
                jobs = intake.jobs,
                taken_in = intake.taken_in,
                changed = intake.changed,
                "intake"
            );
        }
        Ok(intake)
    }

    /// The run itself: when it began, what it did, and why it waits.
    async fn run_intake(
        &self,
        marketplace: &MarketplaceId,
    ) -> anyhow::Result<(Timestamp, Intake, Option<String>)> {
        let app = &self.app;
        // Held for the whole run: one intake at a time.
        let mut unfinished = self.unfinished.lock().await;
        let mut run = match unfinished.remove(marketplace.as_str()) {
            Some(run) => run,
            None => Unfinished::begin(app, marketplace).await?,
        };
        let mut intake = Intake::default();
        let query = Query::new(marketplace.clone(), Since::LastUpdated(run.since.to_utc()));
        while !run.pages.is_last() {
            let page = match run.pages.next(&self.amazon, &query).await {
                Ok(page) => page,
                Err(Trouble::Wait { after, words }) => {
                    let began = run.began;
                    if run.pages.have_begun() {
                        unfinished.insert(marketplace.as_str().to_owned(), run);
                    }
                    return Ok((began, Intake { end: End::Paused { after }, ..intake }, Some(words)));
                }
                Err(Trouble::Refused(error)) => return Err(error),
            };
            take_in_page(app, page, &mut intake).await?;
        }
        let mut tx = app.db.write().await?;
        tx.move_intake_cursor(app.seller, marketplace.as_str(), run.began, app.clock.now()).await?;
        tx.commit().await?;
        Ok((run.began, intake, None))
    }
}

impl Intake {
    fn add(&mut self, other: Self) {
        self.pages += other.pages;
        self.jobs += other.jobs;
        self.taken_in += other.taken_in;
        self.changed += other.changed;
        self.unreadable += other.unreadable;
        if other.end != End::Complete {
            self.end = other.end;
        }
    }
}

impl Unfinished {
    async fn begin(app: &App, marketplace: &MarketplaceId) -> anyhow::Result<Self> {
        let began = app.clock.now();
        let cursor = app.db.read().await?.intake_cursor(app.seller, marketplace.as_str()).await?;
        let since = match cursor {
            Some(cursor) => cursor.plus_ms(-app.settings.intake_overlap_ms),
            None => began.plus_ms(-FIRST_REACH_MS),
        };
        Ok(Self { began, since, pages: Pages::default() })
    }
}

fn fail(app: &App, progress: &mut Progress, words: &str, asked: Option<Duration>, now: Timestamp) {
    progress.failures = progress.failures.saturating_add(1);
    progress.age.failing_since = progress.age.failing_since.or(Some(now));
    progress.age.reason = Some(words.chars().take(LONGEST_REASON).collect());
    let pause = after_failure(progress.failures, asked, app.settings.intake_every_ms, &*app.entropy);
    progress.next_try_at = now.plus_ms(pause);
}

/// For a line on a screen.
const LONGEST_REASON: usize = 300;

/// The log tells of what changes, not every minute of what stays.
fn tell(before: &Progress, after: &Progress) {
    let marketplace = &after.age.marketplace_id;
    match (&before.age.reason, &after.age.reason) {
        (was, Some(reason)) if was.as_ref() != Some(reason) => {
            tracing::error!(marketplace, reason, "jobs cannot be taken in from Amazon");
        }
        (Some(_), None) => tracing::info!(marketplace, "jobs are taken in from Amazon again"),
        _ => {}
    }
}
