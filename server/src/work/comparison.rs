//! Comparing what is here with what Amazon shows, so that no update that was lost on the way hides a visit: every hour
//! the visits around today, then the open jobs that were not seen for a day, and the other jobs of orders that are new.
//!
//! What a comparison misses is not gone: pages are no snapshot. It is read by its name, and that decides.

use super::{
    Worker,
    intake::{Intake, Pages, Trouble, take_in_page},
};
use doorstep_core::{job::Window, time::Timestamp};
use doorstep_spapi::{
    MarketplaceId, OrderId, Query, Since, job::JobStatus, operations::jobs::GET_SERVICE_JOBS,
};
use std::collections::HashSet;

const EVERY_MS: i64 = 3_600_000;
const DAY_MS: i64 = 24 * 3_600_000;
/// Visits of so long before and after now.
const AROUND_MS: i64 = 2 * DAY_MS;
/// Jobs made this long ago are still found by the time of their visit: as far ahead as Amazon lets visits be.
const REACH_MS: i64 = 366 * DAY_MS;
/// An open job that Amazon has not shown for so long is looked for.
const UNSEEN_MS: i64 = DAY_MS;
/// So many jobs are read by name after one comparison; the longest unseen first, the others an hour later.
const MOST_READ: i64 = 200;
/// What Amazon takes in one query.
const ORDERS: i64 = 20;

const OPEN: [JobStatus; 5] = [
    JobStatus::NotServiced,
    JobStatus::PendingSchedule,
    JobStatus::Hold,
    JobStatus::NotFulfillable,
    JobStatus::PaymentDeclined,
];

/// What one comparison did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Comparison {
    /// Jobs that had changed though no intake said so.
    pub changed: u32,
    /// Jobs that Amazon did not show, and that are read by name now.
    pub missed: u32,
}

impl Worker {
    /// Compares the marketplaces whose hour is over, and looks for the other jobs of orders that are new.
    ///
    /// # Errors
    /// The database fails, or Amazon refuses; where it only makes us wait the comparison is left for later.
    pub async fn compare_due(&self) -> anyhow::Result<Comparison> {
        if !self.may_read(&GET_SERVICE_JOBS).await? {
            return Ok(Comparison::default());
        }
        let app = &self.app;
        let mut whole = Comparison::default();
        for marketplace in app.settings.marketplaces() {
            self.read_orders(&marketplace, &mut whole).await?;
            let now = app.clock.now();
            let progress = app.db.read().await?.intake_progress(app.seller, marketplace.as_str()).await?;
            // Not before the first intake, and not while Amazon is away.
            let due = progress.compared_at.is_none_or(|at| at.plus_ms(EVERY_MS) <= now);
            if !due || progress.age.as_of.is_none() || progress.failures > 0 {
                continue;
            }
            if self.compare(&marketplace, now, &mut whole).await? {
                let mut tx = app.db.write().await?;
                let mut progress = tx.intake_progress(app.seller, marketplace.as_str()).await?;
                progress.compared_at = Some(now);
                tx.put_intake_progress(app.seller, &progress, now).await?;
                tx.commit().await?;
            }
        }
        if whole.changed > 0 || whole.missed > 0 {
            tracing::info!(changed = whole.changed, missed = whole.missed, "compared with Amazon");
        }
        Ok(whole)
    }

    /// False when Amazon makes us wait.
    async fn compare(
        &self,
        marketplace: &MarketplaceId,
        now: Timestamp,
        whole: &mut Comparison,
    ) -> anyhow::Result<bool> {
        let app = &self.app;
        let around = Window { start: now.plus_ms(-AROUND_MS), end: now.plus_ms(AROUND_MS) };
        let made = Since::Created(now.plus_ms(-REACH_MS).to_utc());
        let by_time = Query {
            schedule_start: Some(around.start.to_utc()),
            schedule_end: Some(around.end.to_utc()),
            ..Query::new(marketplace.clone(), made)
        };
        let Some(shown) = self.read_all(&by_time, whole).await? else { return Ok(false) };
        let here = app.db.read().await?.jobs_around(app.seller, marketplace.as_str(), around).await?;
        let mut missed: Vec<_> =
            here.into_iter().filter(|(_, name)| !shown.contains(name.as_str())).map(|(job, _)| job).collect();

        let unseen = now.plus_ms(-UNSEEN_MS);
        let old = app.db.read().await?.unseen_jobs(app.seller, marketplace.as_str(), unseen, 1).await?;
        if !old.is_empty() {
            let open = Query { statuses: OPEN.to_vec(), ..Query::new(marketplace.clone(), made) };
            if self.read_all(&open, whole).await?.is_none() {
                return Ok(false);
            }
            let mut tx = app.db.read().await?;
            missed.extend(tx.unseen_jobs(app.seller, marketplace.as_str(), unseen, MOST_READ).await?);
        }
        missed.sort_unstable();
        missed.dedup();
        let mut tx = app.db.write().await?;
        for job in &missed {
            tx.ask_to_read(app.seller, *job, None, now, now).await?;
        }
        tx.commit().await?;
        if !missed.is_empty() {
            app.bell.ring();
        }
        whole.missed += u32::try_from(missed.len()).unwrap_or(u32::MAX);
        Ok(true)
    }

    /// The other jobs of orders that came with new jobs: they may be older than intake reaches.
    async fn read_orders(&self, marketplace: &MarketplaceId, whole: &mut Comparison) -> anyhow::Result<()> {
        let app = &self.app;
        loop {
            let now = app.clock.now();
            let mut tx = app.db.read().await?;
            let orders = tx.unread_orders(app.seller, marketplace.as_str(), ORDERS).await?;
            drop(tx);
            if orders.is_empty() {
                return Ok(());
            }
            // The model takes digits and hyphens; another order cannot be asked for.
            let is_allowed = |order: &&String| order.bytes().all(|b| b.is_ascii_digit() || b == b'-');
            let asked: Vec<OrderId> =
                orders.iter().filter(is_allowed).map(|order| OrderId::from(order.as_str())).collect();
            if !asked.is_empty() {
                let made = Since::Created(now.plus_ms(-REACH_MS).to_utc());
                let query = Query { service_order_ids: asked, ..Query::new(marketplace.clone(), made) };
                if self.read_all(&query, whole).await?.is_none() {
                    return Ok(());
                }
            }
            let mut tx = app.db.write().await?;
            for order in &orders {
                tx.note_order_read(app.seller, order, now).await?;
            }
            tx.commit().await?;
        }
    }

    /// Takes in every page of a query and gives the names of the jobs it showed; `None` when Amazon makes us wait.
    async fn read_all(
        &self,
        query: &Query,
        whole: &mut Comparison,
    ) -> anyhow::Result<Option<HashSet<String>>> {
        let mut pages = Pages::default();
        let mut shown = HashSet::new();
        let mut intake = Intake::default();
        while !pages.is_last() {
            let page = match pages.next(&self.amazon, query).await {
                Ok(page) => page,
                Err(Trouble::Wait { .. }) => return Ok(None),
                Err(Trouble::Refused(error)) => return Err(error),
            };
            let names = page.jobs.iter().filter_map(|job| job.service_job_id.as_ref());
            let unreadable = page.unreadable.iter().filter_map(|job| job.service_job_id.as_ref());
            shown.extend(names.chain(unreadable).map(|id| id.as_str().to_owned()));
            take_in_page(&self.app, page, &mut intake).await?;
        }
        whole.changed += intake.changed;
        Ok(Some(shown))
    }
}
