//! The machine itself: which event does what. Exchanges with the server are in `exchange`, what is shown in
//! `view`.

use super::{
    Capture, Edit, Effect, Event, Failure, Holder, Now, Request, Row,
    lane::Lane,
    store::{self, Fresh, Opened, PhotoOutcome, RecordState, StoredPhoto, StoredRecord},
    visit::LocalVisit,
};
use crate::{
    api::{Day, PhotoReceipt},
    closeout::RecordFacts,
    document::{Actor, Document, Put},
    id::{AppointmentId, EpochId, PhotoId, RecordId},
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
    /// Of the actor this page writes as: the page's own epoch, until the server refuses that actor's changes.
    pub(super) actor_epoch: EpochId,
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
    /// The photo whose upload failed last.
    after_photo: Option<PhotoId>,
    pub(super) want: Want,
    next_poll_ms: u64,
    write: u64,
    /// The write under way, one at a time: two that finish in either order could undo each other.
    pub(super) writing: Option<(u64, Pending)>,
    /// What changed since; the next write takes it.
    pub(super) queued: Pending,
    /// What failed writes held; the next write takes it too.
    pub(super) unwritten: Pending,
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

/// One write: what becomes of each row, and the visits whose closeouts it keeps.
#[derive(Clone, Debug, Default)]
pub(super) struct Pending {
    pub(super) visits: BTreeSet<AppointmentId>,
    /// By key: the value to put, or `None` to delete. The last word about a key counts.
    rows: BTreeMap<String, Option<Vec<u8>>>,
}

impl Session {
    /// A session at the start of a page. Feed it `Loaded` with the whole store first.
    pub fn new(holder: Holder) -> Self {
        Self {
            actor_epoch: holder.epoch,
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
            after_photo: None,
            want: Want { day: true, sync: true, list: false },
            next_poll_ms: POLL_MS,
            write: 0,
            writing: None,
            queued: Pending::default(),
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
                // It took all that failed before along.
                if self.writing.take_if(|(number, _)| *number == write).is_some() {
                    self.not_saved = None;
                }
            }
            Event::WriteFailed { write, reason } => {
                if let Some((_, failed)) = self.writing.take_if(|(number, _)| *number == write) {
                    self.unwritten.take(failed);
                    self.not_saved = Some(reason);
                }
            }
            Event::TryNow => {
                self.data.hurry();
                self.photos.hurry();
                self.want.day = true;
                // Somebody may have signed in again meanwhile.
                self.signed_out = false;
                self.visits.values_mut().for_each(LocalVisit::try_refused_again);
                self.queued.take_before(std::mem::take(&mut self.unwritten));
            }
            Event::Woken => {}
            Event::DayFetched { day } => self.take_day(now, &mut out, day),
            Event::Synced { body } => self.take_reply(now, &mut out, &body),
            Event::Failed { request, failure } => self.fail(now, &mut out, request, failure),
            Event::UploadProgressed { photo, offset } => {
                if let Some((uploading, at)) = &mut self.uploading
                    && *uploading == photo
                {
                    *at = offset;
                }
            }
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
        Actor { device: self.holder.device, epoch: self.actor_epoch }
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
                    // What the server has it does not lose: another tab may tell of it late.
                    let records = &mut self.visits.entry(appointment).or_default().records;
                    if records.get(&id).is_none_or(|known| known.state != RecordState::Sent) {
                        records.insert(id, record);
                    }
                }
                Some(Opened::Capture(capture)) => {
                    self.captures.insert(capture.photo, capture);
                }
                Some(Opened::Photo(photo, stored)) => {
                    let visit = self.visits.entry(stored.appointment).or_default();
                    if !matches!(visit.outcomes.get(&photo), Some(PhotoOutcome::Safe(_))) {
                        visit.outcomes.insert(photo, stored.outcome);
                    }
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
            self.unreadable += visit.join_early_changes();
            if let Some(document) = &visit.document {
                visit.server_heads = document.heads_under(&visit.server_heads);
            }
        }
        // Photos that were durable when the page died, and had not joined their closeout.
        for capture in self.captures.values().cloned().collect::<Vec<_>>() {
            self.attach(out, capture);
        }
    }

    /// Nothing happens to a visit whose document has not come: the screen offers nothing there.
    fn edit(&mut self, now: &Now, out: &mut Out, appointment: AppointmentId, edit: Edit) {
        let moment = self.moment(now);
        let Some(visit) = self.visits.get(&appointment) else { return };
        let Some(job) = visit.job.as_ref().filter(|_| visit.closeout().is_some()) else { return };
        let content = match &edit {
            Edit::Step { step, position } => position.clone().map(|at| (Some(*step), Content::Position(at))),
            Edit::Note { text } => Some((None, Content::Note(text.clone()))),
            Edit::Answer { .. } | Edit::RemovePhoto { .. } => None,
        };
        let mut puts = Vec::new();
        let mut record = None;
        if let Some((step, content)) = content {
            let id = RecordId::from_bytes(out.fresh.bytes());
            match content.seal(&job.key, id) {
                Ok(sealed) => record = Some((id, StoredRecord { sealed, state: RecordState::Unsent })),
                Err(error) => return self.not_saved = Some(error.to_string()),
            }
            puts.push(Put::Record(id, RecordFacts { kind: content.kind(), length: content.length(), step }));
        }
        match edit {
            Edit::Step { step, .. } => puts.push(Put::Step(step, moment)),
            Edit::Answer { question, answer } => puts.push(Put::Answer(question, answer)),
            Edit::Note { .. } => {}
            Edit::RemovePhoto { photo } => puts.push(Put::RemovePhoto(photo)),
        }
        // The document first: a record it does not name would never be seen again.
        if self.put(out, appointment, &puts)
            && let Some((id, stored)) = record
        {
            self.keep(out, store::record_key(appointment, id), &stored);
            if let Some(visit) = self.visits.get_mut(&appointment) {
                visit.records.insert(id, stored);
            }
        }
    }

    /// A capture joins its closeout; its row goes in the write that keeps the change.
    pub(super) fn attach(&mut self, out: &mut Out, capture: Capture) {
        let closeout = self.visits.get(&capture.appointment).and_then(LocalVisit::closeout);
        let joined = closeout.is_some_and(|closeout| {
            closeout.photos.contains_key(&capture.photo)
                || self.put(out, capture.appointment, &[Put::Photo(capture.photo, capture.facts.clone())])
        });
        if joined {
            self.captures.remove(&capture.photo);
            out.pending.delete(store::capture_key(capture.photo));
        } else {
            // No document yet, or no room in it: the capture row keeps the photo.
            self.captures.insert(capture.photo, capture);
        }
    }

    /// Writes values into a document and its change into the store. False when the document did not take them.
    pub(super) fn put(&mut self, out: &mut Out, appointment: AppointmentId, puts: &[Put]) -> bool {
        let actor = self.actor();
        let Some(visit) = self.visits.get_mut(&appointment) else { return false };
        let Some(document) = &mut visit.document else { return false };
        match document.edit(actor, puts) {
            Ok(Some(change)) => {
                let place = store::change_key(appointment, &change.hash);
                visit.change_rows.insert(change.hash, place.clone());
                out.pending.visits.insert(appointment);
                self.keep(out, place, &change.bytes);
                self.want.sync = true;
                true
            }
            Ok(None) => true,
            Err(error) => {
                self.not_saved = Some(error.to_string());
                false
            }
        }
    }

    /// A row for the write of this event.
    pub(super) fn keep<T: Serialize>(&mut self, out: &mut Out, place: String, value: &T) {
        match store::seal(&self.holder.store_key, &mut out.fresh, place, value) {
            Ok(row) => out.pending.put(row),
            Err(reason) => self.not_saved = Some(reason),
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
                visit.job = Some(job.clone());
                self.keep(out, store::job_key(appointment), &job);
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
            let rows = &mut out.pending;
            rows.delete(store::job_key(appointment));
            visit.base_rows.into_iter().for_each(|key| rows.delete(key));
            visit.change_rows.into_values().for_each(|key| rows.delete(key));
            visit.records.keys().for_each(|record| rows.delete(store::record_key(appointment, *record)));
            for photo in visit.outcomes.keys().copied().chain(photos) {
                rows.delete(store::photo_key(photo));
                rows.delete(store::photo_state_key(photo));
            }
        }
    }

    fn take_receipt(&mut self, now: &Now, out: &mut Out, receipt: PhotoReceipt) {
        self.uploading = None;
        let taken = self.visits.iter().find_map(|(appointment, visit)| {
            visit.closeout()?.photos.get(&receipt.photo).map(|photo| (*appointment, photo.facts.sha256))
        });
        let Some((appointment, sha256)) = taken else { return self.photos.succeeded() };
        if sha256 == receipt.picture_sha256 {
            self.photos.succeeded();
            self.settle_photo(out, appointment, receipt.photo, PhotoOutcome::Safe(receipt));
        } else {
            // A receipt for other bytes is no receipt: the photo stays here and is tried again.
            self.after_photo = Some(receipt.photo);
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
        self.keep(out, store::photo_state_key(photo), &stored);
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
                self.after_photo = Some(photo);
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
        self.keep(out, store::SEEN_KEY.to_owned(), &seen);
    }

    /// One write for all that events changed, when none is under way.
    fn flush(&mut self, out: &mut Out) {
        self.queued.take(std::mem::take(&mut out.pending));
        if self.writing.is_some() || self.queued.rows.is_empty() {
            return;
        }
        let mut whole = std::mem::take(&mut self.unwritten);
        whole.take(std::mem::take(&mut self.queued));
        self.write += 1;
        let (put, delete) = whole.effect();
        out.effects.insert(0, Effect::Write { write: self.write, put, delete });
        self.writing = Some((self.write, whole));
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
            let data_has_turn = self.data.is_in_flight() || (to_send && self.data == Lane::Idle);
            if !data_has_turn
                && let Some((photo, appointment)) = self.next_photo()
                && self.photos.start(now)
            {
                self.uploading = Some((photo, 0));
                out.effects.push(Effect::Upload { photo, appointment });
            }
        }
        let waits = [self.data.next_try_ms(), self.photos.next_try_ms(), Some(self.next_poll_ms)];
        // A lane whose time has come waits for something else: to be signed in, or for the other lane.
        let ahead = waits.into_iter().flatten().filter(|at| *at > now.reading.monotonic_ms);
        if let Some(monotonic_ms) = ahead.min() {
            out.effects.push(Effect::Wake { monotonic_ms });
        }
    }

    /// The next photo after the one tried last, round and round: one that fails does not hold the others.
    fn next_photo(&self) -> Option<(PhotoId, AppointmentId)> {
        let all = || {
            self.visits.iter().flat_map(|(appointment, visit)| {
                visit.photos_to_send().into_iter().map(|photo| (photo, *appointment))
            })
        };
        all().find(|(photo, _)| self.after_photo != Some(*photo)).or_else(|| all().next())
    }
}

impl Pending {
    pub(super) fn put(&mut self, row: Row) {
        self.rows.insert(row.key, Some(row.value));
    }

    pub(super) fn delete(&mut self, key: String) {
        self.rows.insert(key, None);
    }

    fn take(&mut self, later: Self) {
        self.visits.extend(later.visits);
        self.rows.extend(later.rows);
    }

    fn take_before(&mut self, mut earlier: Self) {
        earlier.take(std::mem::take(self));
        *self = earlier;
    }

    fn effect(&self) -> (Vec<Row>, Vec<String>) {
        let (mut put, mut delete) = (Vec::new(), Vec::new());
        for (key, value) in &self.rows {
            match value {
                Some(value) => put.push(Row { key: key.clone(), value: value.clone() }),
                None => delete.push(key.clone()),
            }
        }
        (put, delete)
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
        (error.unsigned_abs() > crate::time::CLOCK_TOLERANCE_MS.unsigned_abs()).then_some(error / 60_000)
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
