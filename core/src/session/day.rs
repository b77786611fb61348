//! The day as the server tells it: visits come, and leave when nothing of them is only here.

use super::{Now, Session, machine::POLL_MS, store, writes::Out};
use crate::{
    api::Day,
    id::AppointmentId,
    time::{ServerSeen, Timestamp},
};
use std::collections::BTreeSet;

impl Session {
    pub(super) fn take_day(&mut self, now: &Now, out: &mut Out, day: Day) {
        self.data.succeeded();
        self.data_failure = None;
        self.want.day = false;
        self.want.records_first = false;
        self.want.sync = true;
        self.next_poll_ms = now.reading.monotonic_ms + POLL_MS;
        self.contact(now, out, day.server_time);
        self.day = day.jobs.iter().map(|job| job.appointment).collect();
        for mut job in day.jobs {
            let appointment = job.appointment;
            let visit = self.visits.entry(appointment).or_default();
            // Begun here, and the server does not know: what it was begun under holds, whatever was published since.
            if !day.begun.contains(&appointment)
                && let Some(known) = &visit.job
                && visit.closeout().is_some_and(|closeout| !closeout.steps.is_empty())
            {
                job.policy = known.policy.clone();
            }
            if visit.job.as_ref() != Some(&job) {
                visit.job = Some(job.clone());
                self.keep(out, store::job_key(appointment), &job);
            }
        }
        if self.closing != day.closing {
            self.closing = day.closing;
            let closing = self.closing.clone();
            self.keep(out, store::CLOSING_KEY.to_owned(), &closing);
        }
        self.drop_finished_visits(out);
    }

    /// Visits that left the day leave the phone, once nothing of them is only here.
    pub(super) fn drop_finished_visits(&mut self, out: &mut Out) {
        let captured: BTreeSet<AppointmentId> = self.captures.values().map(|c| c.appointment).collect();
        let gone: Vec<AppointmentId> = self
            .visits
            .iter()
            .filter(|(id, visit)| {
                !self.day.contains(id) && !captured.contains(id) && visit.is_safe(self.holder.device)
            })
            .map(|(id, _)| *id)
            .collect();
        for appointment in gone {
            let Some(visit) = self.visits.remove(&appointment) else { continue };
            let photos = visit.closeout().map_or_else(Vec::new, |c| c.photos.keys().copied().collect());
            let rows = &mut out.pending;
            rows.delete(store::job_key(appointment));
            visit.base_rows.into_iter().for_each(|key| rows.delete(key));
            visit.change_rows.into_values().for_each(|row| rows.delete(row.key));
            visit.records.keys().for_each(|record| rows.delete(store::record_key(appointment, *record)));
            for photo in visit.outcomes.keys().copied().chain(photos) {
                rows.delete(store::photo_key(photo));
                rows.delete(store::evidence_key(photo));
                rows.delete(store::photo_state_key(photo));
            }
        }
    }

    /// The server has answered: its time is an anchor for ours.
    pub(super) fn contact(&mut self, now: &Now, out: &mut Out, server: Timestamp) {
        self.signed_out = false;
        self.last_contact = Some(now.reading.wall);
        let seen =
            ServerSeen { server, wall: now.reading.wall, monotonic_ms: Some(now.reading.monotonic_ms) };
        self.seen = Some(seen);
        self.keep(out, store::SEEN_KEY.to_owned(), &seen);
    }
}
