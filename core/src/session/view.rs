//! What the screens show, computed from the state and nothing else.

use super::{
    LaneState, Now, PhotoState, Saved, Session, SyncState, View, Visit, VisitPhoto,
    lane::Lane,
    store::{self, PhotoOutcome},
    visit::{LocalVisit, content_of},
};
use crate::{
    api::SwitchPosition,
    closeout::{self, Acceptance, Closeout, RecordKind},
    evidence::SEALED_OVERHEAD_BYTES,
    id::{AppointmentId, PhotoId, RecordId},
    photo::{ENVELOPE_HEADER, PhotoFacts},
    pii::Pii,
    record::Content,
    time::{CLOCK_TOLERANCE_MS, ServerSeen},
};
use std::collections::BTreeMap;

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
        let notes = notes.filter_map(|(id, _)| text_of(visit, *id)).collect();
        let serials = closeout.serials.iter();
        let serials =
            serials.filter_map(|(slot, serial)| Some((slot.clone(), text_of(visit, serial.record)?)));
        let captions = closeout.captions.iter();
        let captions =
            captions.filter_map(|(photo, caption)| Some((*photo, text_of(visit, caption.record)?)));
        let signer = match closeout.acceptance {
            Some(Acceptance::Signed { record, .. }) => text_of(visit, record),
            _ => None,
        };
        let photos = closeout.proof().map(|(photo, facts)| VisitPhoto {
            photo: *photo,
            shot: facts.shot.clone(),
            state: self.photo_state(visit, *photo, facts.size),
        });
        Some(Visit {
            ready: !waiting_for_document && closeout::is_ready(&findings),
            findings,
            notes,
            serials: serials.collect(),
            captions: captions.collect(),
            signer,
            present: closeout.present(&job.crew).into_iter().collect(),
            ending: closeout.ending(&job),
            photos: photos.collect(),
            waiting_for_document,
            opens_offline: !waiting_for_document && self.opens_offline(appointment, visit),
            closing: self.closing.get(&appointment).copied().unwrap_or(SwitchPosition::Send),
            state: self.saved(appointment, visit, &closeout),
            hidden: job.policy.hidden(&closeout.answers),
            closeout,
            job,
        })
    }

    /// What a failed write held is not on disk, even where something older is.
    fn opens_offline(&self, appointment: AppointmentId, visit: &LocalVisit) -> bool {
        visit.job_kept && visit.document_kept && !self.unwritten.puts(&store::job_key(appointment))
    }

    fn photo_state(&self, visit: &LocalVisit, photo: PhotoId, size: u32) -> PhotoState {
        match visit.outcomes.get(&photo) {
            Some(PhotoOutcome::Safe(_)) => PhotoState::Safe,
            Some(PhotoOutcome::Refused { code, detail }) => {
                PhotoState::Refused { code: code.clone(), detail: detail.clone() }
            }
            None => match self.uploading {
                Some((uploading, offset)) if uploading == photo => {
                    let whole = u64::from(size) + SEALED_OVERHEAD_BYTES;
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
            && closeout.records.is_empty()
            && closeout.facts().is_empty();
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
        let waiting = self.waiting_photos();
        let overdue =
            waiting.values().filter(|facts| now.reading.wall.since(facts.taken.wall) >= OVERDUE_MS).count();
        let refused: usize = self.visits.values().map(LocalVisit::refused_records).sum();
        let (data, photos_lane) = (self.data_state(now, changes, refused), self.photo_lane(now));
        let tries = [self.data.next_try_ms(), self.photos.next_try_ms()];
        SyncState {
            changes_to_send: count(changes),
            photos_to_send: count(photos + self.captures.len()),
            photos_overdue: count(overdue),
            photos_safe: count(
                self.outcomes().filter(|outcome| matches!(outcome, PhotoOutcome::Safe(_))).count(),
            ),
            data,
            photos: photos_lane,
            photos_take_ms: self.pace.takes_ms(self.bytes_to_send()),
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
            parked: self.parked(),
            unreadable: self.unreadable,
        }
    }
}

impl Session {
    fn data_state(&self, now: &Now, changes: usize, refused_records: usize) -> LaneState {
        LaneState {
            safe: changes == 0 && refused_records == 0 && self.unreadable == 0,
            activity: self.data.activity(),
            next_try_in_ms: Self::in_ms(now, &self.data),
            // An answer says nothing of what still waits.
            last_success: self
                .data_taken
                .or(self.last_contact.or(self.seen.map(|seen| seen.wall)).filter(|_| changes == 0)),
            oldest_unsent: self.visits.values().filter_map(LocalVisit::oldest_change).min(),
            last_failure: self.data_failure.clone(),
        }
    }

    fn photo_lane(&self, now: &Now) -> LaneState {
        let waiting = self.waiting_photos();
        let refused = self.outcomes().any(|outcome| matches!(outcome, PhotoOutcome::Refused { .. }));
        // The server's moment, by the clock this phone shows.
        let error_ms = self.seen.map_or(0, |seen| seen.wall.since(seen.server));
        let receipts = self.outcomes().filter_map(|outcome| match outcome {
            PhotoOutcome::Safe(receipt) => Some(receipt.safe_at.plus_ms(error_ms)),
            PhotoOutcome::Refused { .. } => None,
        });
        LaneState {
            safe: waiting.is_empty() && !refused && self.unreadable == 0,
            activity: self.photos.activity(),
            next_try_in_ms: Self::in_ms(now, &self.photos),
            last_success: self.photo_taken.or(receipts.max()),
            oldest_unsent: waiting.values().map(|facts| facts.taken.wall).min(),
            last_failure: self.photo_failure.clone(),
        }
    }

    fn in_ms(now: &Now, lane: &Lane) -> Option<u64> {
        lane.next_try_ms().map(|at| at.saturating_sub(now.reading.monotonic_ms))
    }

    fn outcomes(&self) -> impl Iterator<Item = &PhotoOutcome> {
        self.visits.values().flat_map(|visit| visit.outcomes.values())
    }

    /// The photos only this phone has.
    fn waiting_photos(&self) -> BTreeMap<PhotoId, PhotoFacts> {
        let captured = self.captures.values().map(|capture| (capture.photo, capture.facts.clone()));
        let mut waiting: BTreeMap<_, _> = captured.collect();
        for visit in self.visits.values() {
            let to_send = visit.photos_to_send(self.holder.device);
            let Some(closeout) = visit.closeout().filter(|_| !to_send.is_empty()) else { continue };
            let facts = |photo| closeout.photos.get(&photo).map(|known| (photo, known.facts.clone()));
            waiting.extend(to_send.into_iter().filter_map(facts));
        }
        waiting
    }

    fn bytes_to_send(&self) -> u64 {
        let whole = |facts: &PhotoFacts| u64::from(facts.size) + ENVELOPE_HEADER.len() as u64;
        let all: u64 = self.waiting_photos().values().map(whole).sum();
        all.saturating_sub(self.uploading.map_or(0, |(_, offset)| offset))
    }
}

/// A photo that is not sent by then has waited into its third day.
const OVERDUE_MS: i64 = 2 * 86_400_000;

impl SyncState {
    fn clock_off(seen: Option<ServerSeen>) -> Option<i64> {
        let error = seen.map(|seen| seen.wall.since(seen.server))?;
        (error.unsigned_abs() > CLOCK_TOLERANCE_MS.unsigned_abs()).then_some(error / 60_000)
    }
}

/// The words in a record, opened with the job's key: of a signature, who signed.
fn text_of(visit: &LocalVisit, record: RecordId) -> Option<Pii<String>> {
    match content_of(visit, record)? {
        Content::Note(text) | Content::Serial(text) | Content::Caption(text) => Some(text),
        Content::Signature(signature) => Some(Pii::new(signature.expose().signer.clone())),
        Content::Position(_) | Content::PositionOf(..) => None,
    }
}
