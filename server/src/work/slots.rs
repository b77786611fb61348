//! Reading when a job could be done, for a supervisor who is about to move its visit.

use super::Worker;
use crate::db::decision::SlotRequest;
use doorstep_core::{
    api::{Slot, What},
    time::Timestamp,
};
use doorstep_spapi::{
    AppointmentSlot, MarketplaceId, ServiceJobId, SlotWindow, Verdict,
    operations::slots::GET_APPOINTMENT_SLOTS_BY_JOB,
};

const SETTLING_MS: i64 = 30_000;
/// A supervisor waits for this: after so many failures they are told.
const MOST_ATTEMPTS: i64 = 3;
const PAUSE_MS: i64 = 2_000;
/// Two weeks, as Amazon lists them by itself.
const AHEAD_MS: i64 = 14 * 24 * 3_600_000;
/// As many as anybody looks through.
const MOST_SLOTS: usize = 200;

impl Worker {
    /// Reads the slots of every job for which somebody waits, and answers how many it asked for.
    ///
    /// # Errors
    /// The database fails. What Amazon refuses is no error.
    pub async fn read_slots(&self) -> anyhow::Result<usize> {
        if !self.may_read(&GET_APPOINTMENT_SLOTS_BY_JOB).await? {
            return Ok(0);
        }
        let app = &self.app;
        let mut read = 0;
        loop {
            let mut tx = app.db.write().await?;
            let lease_ms = app.settings.amazon_timeout_ms.saturating_add(SETTLING_MS);
            let Some(request) = tx.claim_slots(app.seller, app.clock.now(), lease_ms).await? else {
                return Ok(read);
            };
            tx.commit().await?;
            self.read_slots_of(request).await?;
            read += 1;
        }
    }

    async fn read_slots_of(&self, request: SlotRequest) -> anyhow::Result<()> {
        let app = &self.app;
        let now = app.clock.now();
        let job = ServiceJobId::new(request.service_job.as_str());
        let marketplace = MarketplaceId::new(request.marketplace.as_str());
        let window =
            SlotWindow { start_time: Some(now.to_utc()), end_time: Some(now.plus_ms(AHEAD_MS).to_utc()) };
        let answer = self.amazon.get_appointment_slots_by_job(&job, &marketplace, window).await;
        let mut tx = app.db.write().await?;
        match answer {
            Ok(answer) => {
                let mut slots: Vec<Slot> = answer.value.appointment_slots.iter().filter_map(free).collect();
                slots.sort_unstable_by_key(|slot| slot.start);
                slots.truncate(MOST_SLOTS);
                tx.put_slots(app.seller, request.job, Ok(&slots), app.clock.now()).await?;
            }
            Err(error) => match error.verdict() {
                Verdict::Retry { .. } if request.attempts < MOST_ATTEMPTS => {
                    let due_at = app.clock.now().plus_ms(PAUSE_MS);
                    tx.ask_for_slots_at(app.seller, request.job, due_at).await?;
                    tx.commit().await?;
                    return Ok(());
                }
                _ => {
                    tracing::warn!(job = %request.job, %error, "the slots of a job cannot be read");
                    let said = error.remarks().first().map(|remark| remark.message.clone());
                    let words = said.filter(|words| !words.is_empty()).unwrap_or_else(|| error.to_string());
                    tx.put_slots(app.seller, request.job, Err(&words), app.clock.now()).await?;
                }
            },
        }
        // Whoever waits for them asks again when the board hears of it.
        for visit in tx.visits_of(app.seller, request.job).await? {
            tx.record_event(app.seller, visit.appointment, &What::SlotsRead, app.clock.now()).await?;
        }
        tx.commit().await?;
        app.bell.ring();
        Ok(())
    }
}

/// A slot that somebody can still be booked for.
fn free(slot: &AppointmentSlot) -> Option<Slot> {
    let (start, end) = (Timestamp::from(slot.start_time?), Timestamp::from(slot.end_time?));
    let capacity = slot.capacity.map(|capacity| u32::try_from(capacity).unwrap_or(u32::MAX));
    (capacity != Some(0) && end > start).then_some(Slot { start, end, capacity })
}
