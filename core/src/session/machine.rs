//! The machine itself: which event does what, and what starts next.

use super::{
    Capture, Effect, Event, Failure, Holder, Now, Request,
    lane::Lane,
    pace::Pace,
    store::{self, Fresh, PhotoOutcome, StoredChange},
    visit::{ChangeRow, LocalVisit},
    writes::{Out, Pending},
};
use crate::{
    api::SwitchPosition,
    document::{Actor, Put},
    id::{AppointmentId, EpochId, PhotoId},
    rescue::{Item, What},
    time::{Moment, ServerSeen, Timestamp},
};
use std::collections::{BTreeMap, BTreeSet};

/// How often the day is asked for while nothing happens.
pub(super) const POLL_MS: u64 = 60_000;

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
    /// What becomes of closeouts that are not sent to Amazon.
    pub(super) closing: BTreeMap<AppointmentId, SwitchPosition>,
    pub(super) captures: BTreeMap<PhotoId, Capture>,
    pub(super) data: Lane,
    pub(super) photos: Lane,
    /// How the last request of each lane failed.
    pub(super) data_failure: Option<Failure>,
    pub(super) photo_failure: Option<Failure>,
    /// When the server last took something of each lane, by the phone's wall clock, since this page started.
    pub(super) data_taken: Option<Timestamp>,
    pub(super) photo_taken: Option<Timestamp>,
    pub(super) pace: Pace,
    pub(super) in_flight: super::exchange::InFlight,
    pub(super) uploading: Option<(PhotoId, u64)>,
    /// The photo whose upload failed last.
    pub(super) after_photo: Option<PhotoId>,
    pub(super) want: Want,
    pub(super) next_poll_ms: u64,
    pub(super) write: u64,
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
    /// The day did not come when it was last asked for. A link that lets an exchange through and breaks over a whole
    /// day must not hold up what was recorded: that goes next.
    pub(super) records_first: bool,
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
            closing: BTreeMap::new(),
            captures: BTreeMap::new(),
            data: Lane::Idle,
            photos: Lane::Idle,
            data_failure: None,
            photo_failure: None,
            data_taken: None,
            photo_taken: None,
            pace: Pace::default(),
            in_flight: Default::default(),
            uploading: None,
            after_photo: None,
            want: Want { day: true, sync: true, list: false, records_first: false },
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
        let fresh = Fresh::of(now);
        let wall = now.reading.wall;
        let mut out = Out { fresh, wall, pending: Pending::default(), effects: vec![] };
        match event {
            Event::Loaded { rows } => self.load(&mut out, rows),
            Event::Edited { appointment, edit } => self.edit(now, &mut out, appointment, edit),
            Event::Captured { capture } => self.attach(&mut out, capture),
            Event::Written { write } => {
                // It took all that failed before along.
                if let Some((_, kept)) = self.writing.take_if(|(number, _)| *number == write) {
                    self.not_saved = None;
                    self.written(&kept);
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
                    self.pace.progressed(now, offset);
                }
            }
            Event::Uploaded { receipt } => self.take_receipt(now, &mut out, receipt),
        }
        self.flush(&mut out);
        self.drive(now, &mut out);
        out.effects.push(Effect::Show);
        out.effects
    }

    pub(super) fn actor(&self) -> Actor {
        Actor { device: self.holder.device, epoch: self.actor_epoch }
    }

    pub(super) fn moment(&self, now: &Now) -> Moment {
        Moment {
            epoch: self.holder.epoch,
            monotonic_ms: now.reading.monotonic_ms,
            wall: now.reading.wall,
            seen: self.seen,
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
                let made = Some(out.wall);
                visit.change_rows.insert(change.hash, ChangeRow { key: place.clone(), made });
                out.pending.visits.insert(appointment);
                let item = Item::Change(appointment, change.hash);
                self.keep_copy(out, item, What::Change(change.bytes.clone()));
                self.keep(out, place, &StoredChange { bytes: change.bytes, made });
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

    pub(super) fn fail(&mut self, now: &Now, out: &mut Out, request: Request, failure: Failure) {
        if failure == Failure::SignedOut {
            self.signed_out = true;
        }
        match request {
            Request::Day | Request::Sync => {
                self.want.records_first = request == Request::Day;
                self.in_flight = Default::default();
                self.data_failure = Some(failure);
                self.want.sync = true;
                self.data.failed(now);
            }
            Request::Upload { photo } => {
                self.uploading = None;
                self.after_photo = Some(photo);
                self.photos.failed(now);
                self.pace.failed();
                self.photo_failure = Some(failure.clone());
                if let Failure::Refused { code, detail } = failure {
                    let of = self
                        .visits
                        .iter()
                        .find(|(_, visit)| visit.photos_to_send(self.holder.device).contains(&photo));
                    if let Some(appointment) = of.map(|(id, _)| *id) {
                        // One refused photo does not hold the others.
                        self.photos.succeeded();
                        self.settle_photo(out, appointment, photo, PhotoOutcome::Refused { code, detail });
                    }
                }
            }
        }
    }

    /// Starts what may start: the day, then changes, then photos.
    fn drive(&mut self, now: &Now, out: &mut Out) {
        if now.reading.monotonic_ms >= self.next_poll_ms {
            self.next_poll_ms = now.reading.monotonic_ms + POLL_MS;
            self.want.day = true;
        }
        if !self.signed_out {
            let unsent = self.visits.values().any(LocalVisit::has_something_to_send);
            let to_send = self.want.sync || unsent;
            if self.want.day && !(unsent && self.want.records_first) {
                if self.data.start(now) {
                    out.effects.push(Effect::FetchDay);
                }
            } else if to_send && self.data.start(now) {
                out.effects.push(Effect::Sync);
            }
            // Words before pictures: a photo starts while no change waits for its turn.
            let data_has_turn = self.data.is_in_flight() || (to_send && self.data == Lane::Idle);
            if !data_has_turn
                && let Some((photo, appointment)) = self.next_photo()
                && self.photos.start(now)
            {
                self.uploading = Some((photo, 0));
                self.pace.started(now);
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
}
