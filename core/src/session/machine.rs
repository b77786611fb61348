//! The machine itself: which event does what. Exchanges with the server are in `exchange`, what is shown in
//! `view`.

use super::{
    Capture, Edit, Effect, Event, Failure, Holder, Now, Request, Row,
    lane::Lane,
    store::{self, Fresh, Opened, PhotoOutcome, StoredPhoto, StoredRecord},
    visit::LocalVisit,
};
use crate::{
    api::{Day, PhotoReceipt},
    closeout::{RecordFacts, RecordKind, Step},
    document::{Actor, Document, Put},
    id::{AppointmentId, PhotoId, RecordId},
    photo::PhotoFacts,
    pii::Pii,
    record::Content,
    time::{Moment, ServerSeen, Timestamp},
};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// How often the day is asked for while nothing happens.
const POLL_MS: u64 = 60_000;

/// A photo that is about to become durable: put the row and the sealed picture in one transaction.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
pub struct CaptureRow {
    pub capture: Capture,
    pub row: Row,
}

/// The phone's state. See the module above for the contract with the host.
#[derive(Debug)]
pub struct Session {
    pub(super) holder: Holder,
    pub(super) seen: Option<ServerSeen>,
    pub(super) last_contact: Option<Timestamp>,
    pub(super) visits: BTreeMap<AppointmentId, LocalVisit>,
    /// The visits of the last day that was fetched: what the digest is over.
    pub(super) day: BTreeSet<AppointmentId>,
    pub(super) captures: BTreeMap<PhotoId, Capture>,
    pub(super) data: Lane,
    pub(super) photos: Lane,
    pub(super) in_flight: super::exchange::InFlight,
    pub(super) uploading: Option<(PhotoId, u64)>,
    pub(super) want: Want,
    next_poll_ms: u64,
    write: u64,
    /// Writes under way and the visits they belong to.
    pub(super) writing: BTreeMap<u64, Pending>,
    /// Rows of failed writes; they go along with the next write.
    unwritten: Pending,
    pub(super) not_saved: Option<String>,
    pub(super) signed_out: bool,
    pub(super) refused: u32,
    pub(super) unreadable: u32,
}

/// What the data lane does next.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Want {
    pub(super) day: bool,
    pub(super) sync: bool,
    pub(super) list: bool,
}

/// One write: rows to put and keys to delete.
#[derive(Clone, Debug, Default)]
pub(super) struct Pending {
    pub(super) visits: BTreeSet<AppointmentId>,
    pub(super) put: Vec<Row>,
    pub(super) delete: Vec<String>,
}

impl Session {
    /// A session at the start of a page. Feed it `Loaded` with the whole store first.
    pub fn new(holder: Holder) -> Self {
        Self {
            holder,
            seen: None,
            last_contact: None,
            visits: BTreeMap::new(),
            day: BTreeSet::new(),
            captures: BTreeMap::new(),
            data: Lane::Idle,
            photos: Lane::Idle,
            in_flight: Default::default(),
            uploading: None,
            want: Want { day: true, sync: true, list: false },
            next_poll_ms: POLL_MS,
            write: 0,
            writing: BTreeMap::new(),
            unwritten: Pending::default(),
            not_saved: None,
            signed_out: false,
            refused: 0,
            unreadable: 0,
        }
    }

    /// Takes one event. The effects are to be performed in order; each that asks for a report gets one.
    pub fn handle(&mut self, now: &Now, event: Event) -> Vec<Effect> {
        let mut out = Out { fresh: Fresh::of(now), pending: Pending::default(), effects: vec![] };
        match event {
            Event::Loaded { rows } => self.load(&mut out, rows),
            Event::Edited { appointment, edit } => self.edit(now, &mut out, appointment, edit),
            Event::Captured { capture } => self.attach(&mut out, capture),
            Event::Written { write } => {
                self.writing.remove(&write);
                if self.writing.is_empty() && self.unwritten.put.is_empty() {
                    self.not_saved = None;
                }
            }
            Event::WriteFailed { write, reason } => {
                if let Some(failed) = self.writing.remove(&write) {
                    self.unwritten.take(failed);
                }
                self.not_saved = Some(reason);
            }
            Event::TryNow => {
                self.data.hurry();
                self.photos.hurry();
                self.want.day = true;
                // Somebody may have signed in again meanwhile.
                self.signed_out = false;
                self.visits.values_mut().for_each(|visit| visit.refused_at = None);
                out.pending.take(std::mem::take(&mut self.unwritten));
            }
            Event::Woken => {}
            Event::DayFetched { day } => self.take_day(now, &mut out, day),
            Event::Synced { body } => self.take_reply(now, &mut out, &body),
            Event::Failed { request, failure } => self.fail(now, &mut out, request, failure),
            Event::UploadProgressed { photo, offset } => self.uploading = Some((photo, offset)),
            Event::Uploaded { receipt } => self.take_receipt(now, &mut out, receipt),
        }
        self.flush(&mut out);
        self.drive(now, &mut out);
        out.effects.push(Effect::Show);
        out.effects
    }

    /// Prepares the row that makes a picture durable together with its capture.
    ///
    /// # Errors
    /// The reason in words, when the row cannot be sealed.
    pub fn capture(
        &self,
        now: &Now,
        appointment: AppointmentId,
        photo: PhotoId,
        facts: impl FnOnce(Moment) -> PhotoFacts,
    ) -> Result<CaptureRow, String> {
        let capture = Capture { photo, appointment, facts: facts(self.moment(now)) };
        let mut fresh = Fresh::of(now);
        let row = store::seal(&self.holder.store_key, &mut fresh, store::capture_key(photo), &capture)?;
        Ok(CaptureRow { capture, row })
    }

    pub(super) fn actor(&self) -> Actor {
        Actor { device: self.holder.device, epoch: self.holder.epoch }
    }

    fn moment(&self, now: &Now) -> Moment {
        Moment {
            epoch: self.holder.epoch,
            monotonic_ms: now.reading.monotonic_ms,
            wall: now.reading.wall,
            seen: self.seen,
        }
    }

    fn load(&mut self, out: &mut Out, rows: Vec<Row>) {
        let mut touched = BTreeSet::new();
        for row in rows {
            match store::open(&self.holder.store_key, &row) {
                None if row.key.starts_with("photo/") => {}
                None => self.unreadable += 1,
                Some(Opened::Job(job)) => {
                    self.day.insert(job.appointment);
                    let visit = self.visits.entry(job.appointment).or_default();
                    visit.job = Some(*job);
                }
                Some(Opened::Base(appointment, base)) => {
                    let visit = self.visits.entry(appointment).or_default();
                    match Document::load(&base.document) {
                        Err(_) => self.unreadable += 1,
                        Ok(mut document) => {
                            visit.base_rows.insert(row.key);
                            visit.server_heads.extend(base.server_heads);
                            visit.document = Some(match visit.document.take() {
                                None => document,
                                // Two tabs each wrote a base: together they are the document.
                                Some(mut mine) => match mine.merge(&mut document) {
                                    Ok(()) => mine,
                                    Err(_) => {
                                        self.unreadable += 1;
                                        mine
                                    }
                                },
                            });
                            touched.insert(appointment);
                        }
                    }
                }
                Some(Opened::Change(appointment, bytes)) => {
                    let visit = self.visits.entry(appointment).or_default();
                    if let Some(hash) = row.key.rsplit('/').next().and_then(|hash| hash.parse().ok()) {
                        visit.change_rows.insert(hash, row.key);
                    }
                    visit.early_changes.push(bytes);
                    touched.insert(appointment);
                }
                Some(Opened::Record(appointment, id, record)) => {
                    self.visits.entry(appointment).or_default().records.insert(id, record);
                }
                Some(Opened::Capture(capture)) => {
                    self.captures.insert(capture.photo, capture);
                }
                Some(Opened::Photo(photo, stored)) => {
                    let visit = self.visits.entry(stored.appointment).or_default();
                    visit.outcomes.insert(photo, stored.outcome);
                }
                // Its monotonic time belonged to the page that wrote it.
                Some(Opened::Seen(seen)) if self.seen.is_none() => {
                    self.seen = Some(ServerSeen { monotonic_ms: None, ..seen });
                }
                Some(Opened::Seen(_)) => {}
            }
        }
        for appointment in touched {
            let Some(visit) = self.visits.get_mut(&appointment) else { continue };
            let Some(document) = &mut visit.document else { continue };
            let early = std::mem::take(&mut visit.early_changes);
            if document.apply_own(&early).is_err() {
                // One damaged row must not hide the others.
                self.unreadable +=
                    early.iter().filter(|c| document.apply_own(&[c.to_vec()]).is_err()).count() as u32;
            }
            visit.server_heads = document.heads_under(&visit.server_heads);
        }
        // Photos that were durable when the page died, and had not joined their closeout.
        for capture in self.captures.values().cloned().collect::<Vec<_>>() {
            self.attach(out, capture);
        }
    }

    fn edit(&mut self, now: &Now, out: &mut Out, appointment: AppointmentId, edit: Edit) {
        let moment = self.moment(now);
        let Some(visit) = self.visits.get_mut(&appointment) else { return };
        let Some(job) = &visit.job else { return };
        let mut puts = Vec::new();
        let mut record = |step: Option<Step>, content: Content| {
            let id = RecordId::from_bytes(out.fresh.bytes());
            match content.seal(&job.key, id) {
                Ok(sealed) => {
                    let stored = StoredRecord { sealed, sent: false };
                    let place = store::record_key(appointment, id);
                    match store::seal(&self.holder.store_key, &mut out.fresh, place, &stored) {
                        Ok(row) => out.pending.put.push(row),
                        Err(reason) => self.not_saved = Some(reason),
                    }
                    visit.records.insert(id, stored);
                    let kind = match content {
                        Content::Position(_) => RecordKind::Position,
                        Content::Note(_) => RecordKind::Note,
                    };
                    puts.push(Put::Record(id, RecordFacts { kind, length: content.length(), step }));
                }
                Err(error) => self.not_saved = Some(error.to_string()),
            }
        };
        match edit {
            Edit::Step { step, position } => {
                if let Some(position) = position {
                    record(Some(step), Content::Position(position));
                }
                puts.push(Put::Step(step, moment));
            }
            Edit::Answer { question, answer } => puts.push(Put::Answer(question, answer)),
            Edit::Note { text } => record(None, Content::Note(text)),
            Edit::RemovePhoto { photo } => puts.push(Put::RemovePhoto(photo)),
        }
        self.put(out, appointment, &puts);
    }

    /// A capture joins its closeout; its row goes in the write that keeps the change.
    pub(super) fn attach(&mut self, out: &mut Out, capture: Capture) {
        let Some(visit) = self.visits.get(&capture.appointment) else {
            self.captures.insert(capture.photo, capture);
            return;
        };
        let Some(closeout) = visit.closeout() else {
            // No document yet: the capture row keeps the photo until there is one.
            self.captures.insert(capture.photo, capture);
            return;
        };
        self.captures.remove(&capture.photo);
        if !closeout.photos.contains_key(&capture.photo) {
            self.put(out, capture.appointment, &[Put::Photo(capture.photo, capture.facts)]);
        }
        out.pending.delete.push(store::capture_key(capture.photo));
    }

    /// Writes values into a document and its change into the store.
    pub(super) fn put(&mut self, out: &mut Out, appointment: AppointmentId, puts: &[Put]) {
        let actor = self.actor();
        let Some(visit) = self.visits.get_mut(&appointment) else { return };
        let Some(document) = &mut visit.document else { return };
        match document.edit(actor, puts) {
            Ok(Some(change)) => {
                let place = store::change_key(appointment, &change.hash);
                match store::seal(&self.holder.store_key, &mut out.fresh, place.clone(), &change.bytes) {
                    Ok(row) => out.pending.put.push(row),
                    Err(reason) => self.not_saved = Some(reason),
                }
                visit.change_rows.insert(change.hash, place);
                out.pending.visits.insert(appointment);
                self.want.sync = true;
            }
            Ok(None) => {}
            Err(error) => self.not_saved = Some(error.to_string()),
        }
    }

    fn take_day(&mut self, now: &Now, out: &mut Out, day: Day) {
        self.data.succeeded();
        self.want.day = false;
        self.want.sync = true;
        self.next_poll_ms = now.reading.monotonic_ms + POLL_MS;
        self.contact(now, out, day.server_time);
        self.day = day.jobs.iter().map(|job| job.appointment).collect();
        for job in day.jobs {
            let appointment = job.appointment;
            let visit = self.visits.entry(appointment).or_default();
            if visit.job.as_ref() != Some(&job) {
                match store::seal(&self.holder.store_key, &mut out.fresh, store::job_key(appointment), &job) {
                    Ok(row) => out.pending.put.push(row),
                    Err(reason) => self.not_saved = Some(reason),
                }
                visit.job = Some(job);
            }
        }
        self.drop_finished_visits(out);
    }

    /// Visits that left the day leave the phone, once nothing of them is only here.
    pub(super) fn drop_finished_visits(&mut self, out: &mut Out) {
        let captured: BTreeSet<AppointmentId> = self.captures.values().map(|c| c.appointment).collect();
        let gone: Vec<AppointmentId> = self
            .visits
            .iter()
            .filter(|(id, visit)| !self.day.contains(id) && !captured.contains(id) && visit.is_safe())
            .map(|(id, _)| *id)
            .collect();
        for appointment in gone {
            let Some(visit) = self.visits.remove(&appointment) else { continue };
            let photos = visit.closeout().map_or_else(Vec::new, |c| c.photos.keys().copied().collect());
            let delete = &mut out.pending.delete;
            delete.push(store::job_key(appointment));
            delete.extend(visit.base_rows);
            delete.extend(visit.change_rows.into_values());
            delete.extend(visit.records.keys().map(|record| store::record_key(appointment, *record)));
            for photo in photos {
                delete.push(store::photo_key(photo));
                delete.push(store::photo_state_key(photo));
            }
        }
    }

    fn take_receipt(&mut self, now: &Now, out: &mut Out, receipt: PhotoReceipt) {
        self.photos.succeeded();
        self.uploading = None;
        let taken = self.visits.iter().find_map(|(appointment, visit)| {
            visit.closeout()?.photos.get(&receipt.photo).map(|photo| (*appointment, photo.facts.sha256))
        });
        let Some((appointment, sha256)) = taken else { return };
        if sha256 == receipt.picture_sha256 {
            self.settle_photo(out, appointment, receipt.photo, PhotoOutcome::Safe(receipt));
        } else {
            // A receipt for other bytes is no receipt: the photo stays here and is tried again.
            self.photos.failed(now);
        }
    }

    fn settle_photo(
        &mut self,
        out: &mut Out,
        appointment: AppointmentId,
        photo: PhotoId,
        outcome: PhotoOutcome,
    ) {
        let stored = StoredPhoto { appointment, outcome: outcome.clone() };
        match store::seal(&self.holder.store_key, &mut out.fresh, store::photo_state_key(photo), &stored) {
            Ok(row) => out.pending.put.push(row),
            Err(reason) => self.not_saved = Some(reason),
        }
        if let Some(visit) = self.visits.get_mut(&appointment) {
            visit.outcomes.insert(photo, outcome);
        }
        self.drop_finished_visits(out);
    }

    pub(super) fn fail(&mut self, now: &Now, out: &mut Out, request: Request, failure: Failure) {
        if failure == Failure::SignedOut {
            self.signed_out = true;
        }
        match request {
            Request::Day | Request::Sync => {
                self.in_flight = Default::default();
                self.want.sync = true;
                self.data.failed(now);
            }
            Request::Upload { photo } => {
                self.uploading = None;
                self.photos.failed(now);
                if let Failure::Refused { code, detail } = failure {
                    let of = self.visits.iter().find(|(_, visit)| visit.photos_to_send().contains(&photo));
                    if let Some(appointment) = of.map(|(id, _)| *id) {
                        // One refused photo does not hold the others.
                        self.photos.succeeded();
                        self.settle_photo(out, appointment, photo, PhotoOutcome::Refused { code, detail });
                    }
                }
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
        match store::seal(&self.holder.store_key, &mut out.fresh, store::SEEN_KEY.to_owned(), &seen) {
            Ok(row) => out.pending.put.push(row),
            Err(reason) => self.not_saved = Some(reason),
        }
    }

    /// One write for all that an event changed.
    fn flush(&mut self, out: &mut Out) {
        let mut pending = std::mem::take(&mut out.pending);
        if pending.put.is_empty() && pending.delete.is_empty() {
            return;
        }
        let mut whole = std::mem::take(&mut self.unwritten);
        // A failed write's deletions come first, so that they cannot undo a later put.
        pending.delete.retain(|key| !pending.put.iter().any(|row| row.key == *key));
        whole.take(pending);
        self.write += 1;
        out.effects.insert(
            0,
            Effect::Write { write: self.write, put: whole.put.clone(), delete: whole.delete.clone() },
        );
        self.writing.insert(self.write, whole);
    }

    /// Starts what may start: the day, then changes, then photos.
    fn drive(&mut self, now: &Now, out: &mut Out) {
        if now.reading.monotonic_ms >= self.next_poll_ms {
            self.next_poll_ms = now.reading.monotonic_ms + POLL_MS;
            self.want.day = true;
        }
        if !self.signed_out {
            let to_send = self.want.sync || self.visits.values().any(LocalVisit::has_something_to_send);
            if self.want.day {
                if self.data.start(now) {
                    out.effects.push(Effect::FetchDay);
                }
            } else if to_send && self.data.start(now) {
                self.start_sync(now, out);
            }
            // Words before pictures: a photo starts while no change waits for its turn.
            let data_is_quiet = !self.data.is_in_flight() && !(to_send && self.data == Lane::Idle);
            if data_is_quiet && let Some((photo, appointment)) = self.next_photo() {
                if self.photos.start(now) {
                    self.uploading = Some((photo, 0));
                    out.effects.push(Effect::Upload { photo, appointment });
                }
            }
        }
        let waits = [self.data.next_try_ms(), self.photos.next_try_ms(), Some(self.next_poll_ms)];
        if let Some(monotonic_ms) = waits.into_iter().flatten().min() {
            out.effects.push(Effect::Wake { monotonic_ms });
        }
    }

    fn next_photo(&self) -> Option<(PhotoId, AppointmentId)> {
        self.visits
            .iter()
            .find_map(|(appointment, visit)| Some((*visit.photos_to_send().first()?, *appointment)))
    }
}

impl Pending {
    fn take(&mut self, later: Self) {
        self.put.retain(|row| {
            !later.put.iter().any(|new| new.key == row.key) && !later.delete.contains(&row.key)
        });
        self.delete.retain(|key| !later.put.iter().any(|new| new.key == *key));
        self.visits.extend(later.visits);
        self.put.extend(later.put);
        self.delete.extend(later.delete);
    }
}

/// What one event leads to, collected.
#[derive(Debug)]
pub(super) struct Out {
    pub(super) fresh: Fresh,
    pub(super) pending: Pending,
    pub(super) effects: Vec<Effect>,
}

impl super::SyncState {
    pub(super) fn clock_off(seen: Option<ServerSeen>) -> Option<i64> {
        let error = seen.map(|seen| seen.wall.since(seen.server))?;
        (error.abs() > crate::time::CLOCK_TOLERANCE_MS).then_some(error / 60_000)
    }
}

/// The text of a note in a visit, opened with the job's key.
pub(super) fn note_text(visit: &LocalVisit, id: RecordId) -> Option<Pii<String>> {
    let record = visit.records.get(&id)?;
    match Content::open(&visit.job.as_ref()?.key, id, &record.sealed) {
        Ok(Content::Note(text)) => Some(text),
        Ok(Content::Position(_)) | Err(_) => None,
    }
}
