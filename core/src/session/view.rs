//! What the screens show, computed from the state and nothing else.

use super::{
    Now, PhotoState, Saved, Session, SyncState, View, Visit, VisitPhoto,
    store::PhotoOutcome,
    visit::{LocalVisit, note_text},
};
use crate::{
    api::SwitchPosition,
    closeout::{self, Closeout, RecordKind},
    id::{AppointmentId, PhotoId},
    photo::ENVELOPE_HEADER,
    time::{CLOCK_TOLERANCE_MS, ServerSeen},
};

impl Session {
    /// A snapshot of all that is known.
    pub fn view(&self, now: &Now) -> View {
        let mut visits: Vec<Visit> =
            self.visits.iter().filter_map(|(id, visit)| self.show(*id, visit)).collect();
        visits.sort_by_key(|visit| (visit.job.window.start, visit.job.appointment));
        View { visits, sync: self.sync_state(now) }
    }

    fn show(&self, appointment: AppointmentId, visit: &LocalVisit) -> Option<Visit> {
        let job = visit.job.clone()?;
        let read = visit.closeout();
        let waiting_for_document = read.is_none();
        let closeout = read.unwrap_or_else(|| Closeout::new(appointment));
        let findings = closeout::check(&job, &closeout);
        let notes = closeout.records.iter().filter(|(_, facts)| facts.kind == RecordKind::Note);
        let notes = notes.filter_map(|(id, _)| note_text(visit, *id)).collect();
        let photos = closeout.proof().map(|(photo, facts)| VisitPhoto {
            photo: *photo,
            shot: facts.shot.clone(),
            state: self.photo_state(visit, *photo, facts.size),
        });
        Some(Visit {
            ready: !waiting_for_document && closeout::is_ready(&findings),
            findings,
            notes,
            photos: photos.collect(),
            waiting_for_document,
            closing: self.closing.get(&appointment).copied().unwrap_or(SwitchPosition::Send),
            state: self.saved(appointment, visit, &closeout),
            closeout,
            job,
        })
    }

    fn photo_state(&self, visit: &LocalVisit, photo: PhotoId, size: u32) -> PhotoState {
        match visit.outcomes.get(&photo) {
            Some(PhotoOutcome::Safe(_)) => PhotoState::Safe,
            Some(PhotoOutcome::Refused { code, detail }) => {
                PhotoState::Refused { code: code.clone(), detail: detail.clone() }
            }
            None => match self.uploading {
                Some((uploading, offset)) if uploading == photo => {
                    let whole = u64::from(size) + ENVELOPE_HEADER.len() as u64;
                    // Never 100: only a receipt says that it arrived.
                    PhotoState::Uploading {
                        percent: (offset.saturating_mul(100) / whole.max(1)).min(99) as u8,
                    }
                }
                _ if visit.is_held_by(self.holder.device, photo) => PhotoState::OnPhone,
                _ => PhotoState::Elsewhere,
            },
        }
    }

    fn saved(&self, appointment: AppointmentId, visit: &LocalVisit, closeout: &Closeout) -> Saved {
        let untouched = closeout.steps.is_empty()
            && closeout.answers.is_empty()
            && closeout.photos.is_empty()
            && closeout.records.is_empty();
        let is_in_write = self.writing.as_ref().is_some_and(|(_, write)| write.visits.contains(&appointment));
        if untouched {
            Saved::Untouched
        } else if is_in_write || self.queued.visits.contains(&appointment) {
            Saved::Saving
        } else if self.unwritten.visits.contains(&appointment) {
            Saved::NotSaved
        } else if visit.is_safe(self.holder.device) {
            Saved::Safe
        } else {
            Saved::OnPhone
        }
    }

    fn sync_state(&self, now: &Now) -> SyncState {
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        let changes: usize =
            self.visits.values().map(|visit| visit.unsent_changes() + visit.unsent_records().count()).sum();
        let photos: usize =
            self.visits.values().map(|visit| visit.photos_to_send(self.holder.device).len()).sum();
        let refused: usize = self.visits.values().map(LocalVisit::refused_records).sum();
        let tries = [self.data.next_try_ms(), self.photos.next_try_ms()];
        SyncState {
            changes_to_send: count(changes),
            photos_to_send: count(photos + self.captures.len()),
            busy: self.data.is_in_flight() || self.photos.is_in_flight(),
            next_try_in_ms: tries
                .into_iter()
                .flatten()
                .min()
                .map(|at| at.saturating_sub(now.reading.monotonic_ms)),
            last_contact: self.last_contact.or(self.seen.map(|seen| seen.wall)),
            signed_out: self.signed_out,
            not_saved: self.not_saved.clone(),
            clock_off_minutes: SyncState::clock_off(self.seen),
            refused: self.refused.saturating_add(count(refused)),
            unreadable: self.unreadable,
        }
    }
}

impl SyncState {
    fn clock_off(seen: Option<ServerSeen>) -> Option<i64> {
        let error = seen.map(|seen| seen.wall.since(seen.server))?;
        (error.unsigned_abs() > CLOCK_TOLERANCE_MS.unsigned_abs()).then_some(error / 60_000)
    }
}
