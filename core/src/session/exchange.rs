//! The exchange with the server: what goes up, and what its answer means.

use super::{
    Failure, Now, Request, Session,
    store::{self, Base, RecordState},
    visit::LocalVisit,
    writes::Out,
};
use crate::{
    document::{
        Document, Hash,
        admit::{Incoming, MAX_INCOMING_BYTES},
    },
    id::{AppointmentId, EpochId, RecordId},
    wire::{self, DocumentDown, DocumentUp, Known, Outcome, RecordUp, SyncReply, SyncRequest},
};
use std::collections::{BTreeMap, BTreeSet};

/// What the request under way carries, so that its answer is about exactly that.
#[derive(Clone, Debug, Default)]
pub(super) struct InFlight {
    /// The heads each document was sent at. None where its changes were sent without it.
    documents: BTreeMap<AppointmentId, Vec<Hash>>,
    records: Vec<(AppointmentId, RecordId)>,
    listed: bool,
}

impl Session {
    /// The body of the request that `Effect::Sync` asks for. Made when its turn has come and not before: what was
    /// recorded while another tab was speaking goes along, and what that tab has sent does not go again.
    ///
    /// # Errors
    /// The reason in words, when it cannot be written. The request has then failed.
    pub fn exchange(&mut self, now: &Now) -> Result<Vec<u8>, String> {
        // Who has nothing yet need not be asked what.
        let listed = self.want.list || self.visits.values().all(|visit| visit.document.is_none());
        let mut in_flight = InFlight { listed, ..InFlight::default() };
        let mut documents = Vec::new();
        let mut room = Room(REQUEST_BYTES);
        for (appointment, visit) in &self.visits {
            let incoming = visit.news().filter(|(_, incoming)| room.takes(weight(incoming)));
            let incoming = incoming.map(|(heads, incoming)| {
                in_flight.documents.insert(*appointment, heads);
                incoming
            });
            let unsent = visit.unsent_records().filter(|(_, stored)| room.takes(stored.sealed.len()));
            let unsent = unsent.filter_map(|(record, stored)| {
                in_flight.records.push((*appointment, *record));
                RecordUp::new(*record, &stored.sealed)
            });
            let records: Vec<RecordUp> = unsent.collect();
            if incoming.is_some() || !records.is_empty() {
                documents.push(DocumentUp {
                    appointment: *appointment,
                    known: visit.known(),
                    incoming,
                    records,
                });
            }
        }
        let request = SyncRequest {
            epoch: self.holder.epoch,
            reading: now.reading,
            digest: self.digest(),
            known: listed.then(|| self.list()),
            documents,
        };
        self.want.sync = false;
        let body = wire::encode(&request).map_err(|error| error.to_string());
        match &body {
            Ok(_) => self.in_flight = in_flight,
            Err(reason) => self.not_saved = Some(reason.clone()),
        }
        body
    }

    /// Over the documents of the day, with the heads last known from the server.
    fn digest(&self) -> crate::digest::Sha256 {
        wire::digest_of(self.day.iter().filter_map(|id| {
            let visit = self.visits.get(id)?;
            visit.document.as_ref().map(|_| (id, visit.server_heads.as_slice()))
        }))
    }

    fn list(&self) -> Vec<Known> {
        let held = self.visits.iter().filter(|(_, visit)| visit.document.is_some());
        held.map(|(id, visit)| Known { appointment: *id, heads: visit.known() }).collect()
    }

    pub(super) fn take_reply(&mut self, now: &Now, out: &mut Out, body: &[u8]) {
        let reply: SyncReply = match wire::decode(body) {
            Ok(reply) => reply,
            // Not our server's words: as good as no answer.
            Err(_) => return self.unreachable(now, out),
        };
        self.data.succeeded();
        self.data_failure = None;
        let sent = std::mem::take(&mut self.in_flight);
        if !sent.documents.is_empty() || !sent.records.is_empty() {
            self.data_taken = Some(now.reading.wall);
        }
        self.contact(now, out, reply.server_time);

        let mut refused: BTreeMap<RecordId, String> = reply.refused_records.into_iter().collect();
        for (appointment, record) in &sent.records {
            let state = refused.remove(record).map_or(RecordState::Sent, RecordState::Refused);
            self.mark_record(out, *appointment, *record, state);
        }
        let answered: BTreeSet<AppointmentId> = reply.documents.iter().map(|down| down.appointment).collect();
        for down in reply.documents {
            let sent_heads = sent.documents.get(&down.appointment);
            self.take_document(now, out, down, sent_heads);
        }
        // Captures may have waited for a skeleton that came just now.
        for capture in self.captures.values().cloned().collect::<Vec<_>>() {
            if self.visits.get(&capture.appointment).is_some_and(|visit| visit.document.is_some()) {
                self.attach(out, capture);
            }
        }
        if reply.list_wanted && !sent.listed {
            self.want.list = true;
            self.want.sync = true;
            // The days may differ, not the documents.
            self.want.day = true;
        } else {
            self.want.list = false;
        }
        if sent.documents.keys().any(|appointment| !self.day.contains(appointment)) {
            // Taken of a visit that was somebody else's by now: it may be on the day again, with what became of it.
            self.want.day = true;
        }
        self.drop_finished_visits(out);
        if !sent.documents.keys().all(|appointment| answered.contains(appointment)) {
            // Sent and not answered: asking again at once would be as useless, and never end.
            self.unreachable(now, out);
        }
    }

    fn unreachable(&mut self, now: &Now, out: &mut Out) {
        self.fail(now, out, Request::Sync, Failure::Unreachable);
    }

    fn mark_record(
        &mut self,
        out: &mut Out,
        appointment: AppointmentId,
        record: RecordId,
        state: RecordState,
    ) {
        let Some(visit) = self.visits.get_mut(&appointment) else { return };
        let Some(stored) = visit.records.get_mut(&record) else { return };
        stored.state = state;
        let stored = stored.clone();
        let key = store::record_key(appointment, record);
        if stored.state == RecordState::Sent {
            out.pending.let_copy_go(key.clone());
        }
        self.keep(out, key, &stored);
    }

    fn take_document(&mut self, now: &Now, out: &mut Out, down: DocumentDown, sent: Option<&Vec<Hash>>) {
        let appointment = down.appointment;
        let theirs = match down.save.as_deref().map(Document::load) {
            None => None,
            Some(Ok(document)) => Some(document),
            Some(Err(_)) => return self.unreachable(now, out),
        };
        let taken = down.outcome == Outcome::Taken;
        match (down.outcome, theirs) {
            (Outcome::Taken, None) => {
                let Some(sent) = sent else { return };
                self.rebase(out, appointment, sent.clone());
            }
            (Outcome::Taken, Some(mut theirs)) => {
                let heads = theirs.heads();
                let visit = self.visits.entry(appointment).or_default();
                match &mut visit.document {
                    None => {
                        visit.document = Some(theirs);
                        self.unreadable += visit.join_early_changes();
                    }
                    Some(mine) => {
                        if mine.merge(&mut theirs).is_err() {
                            return self.replay(out, appointment, theirs, sent);
                        }
                    }
                }
                self.rebase(out, appointment, heads);
            }
            (Outcome::Refused(code), Some(theirs)) => {
                self.refused = self.refused.saturating_add(1);
                self.note_refusal(appointment, code);
                self.replay(out, appointment, theirs, sent);
            }
            (Outcome::Refused(code), None) => {
                // The server has no document for us to go on with: what we have stays, and is not sent again
                // until something changes or somebody asks.
                self.refused = self.refused.saturating_add(1);
                self.note_refusal(appointment, code);
                if let Some(visit) = self.visits.get_mut(&appointment) {
                    visit.refused_at = sent.cloned();
                }
            }
        }
        let news = self.visits.get(&appointment).and_then(LocalVisit::news_at);
        if taken && news.is_some() && news.as_ref() == sent {
            // Taken, it says, and yet it has not what was sent: not asked again at once.
            self.unreachable(now, out);
        }
    }

    fn note_refusal(&mut self, appointment: AppointmentId, code: String) {
        if let Some(visit) = self.visits.get_mut(&appointment) {
            visit.refused_code = code;
        }
    }

    /// The server has everything under `heads`: one new base row stands for the rows it covers. A row whose change
    /// the document does not hold, since another tab's row that it follows has not come yet, stays, and so does one
    /// that the server lacks, made while it was asked: its rescue copy goes only with the row.
    fn rebase(&mut self, out: &mut Out, appointment: AppointmentId, heads: Vec<Hash>) {
        let Some(visit) = self.visits.get_mut(&appointment) else { return };
        let Some(document) = &visit.document else { return };
        visit.server_heads = heads;
        visit.refused_at = None;
        visit.replayed = false;
        let base = Base { server_heads: visit.server_heads.clone(), document: document.save() };
        let place = store::base_key(appointment, &base);
        let row = match store::seal(&self.holder.store_key, &mut out.fresh, place.clone(), &base) {
            Ok(row) => row,
            Err(reason) => return self.not_saved = Some(reason),
        };
        std::mem::take(&mut visit.base_rows).into_iter().for_each(|key| out.pending.delete(key));
        let waiting = document.changes_since(&visit.server_heads);
        let covered = visit.change_rows.extract_if(.., |hash, _| {
            document.contains(hash) && waiting.iter().all(|change| change.hash != *hash)
        });
        covered.for_each(|(_, row)| out.pending.delete(row.key));
        out.pending.put(row);
        visit.base_rows.insert(place);
    }

    /// Our changes cannot be merged. The server's document is taken, and our values are written again into it by
    /// an actor that has no history. If that was refused too, or either side does not read, what we have stays
    /// here and is not sent until it changes or somebody asks.
    fn replay(
        &mut self,
        out: &mut Out,
        appointment: AppointmentId,
        theirs: Document,
        sent: Option<&Vec<Hash>>,
    ) {
        let Some(visit) = self.visits.get_mut(&appointment) else { return };
        if visit.document.is_none() {
            // Changes without their base were all there was. Their rows stay.
            visit.document = Some(theirs.clone());
            self.unreadable += visit.join_early_changes();
            return self.rebase(out, appointment, theirs.heads());
        }
        let (Some(mine), Ok(read), false) = (visit.closeout(), theirs.read(), visit.replayed) else {
            visit.refused_at = sent.cloned();
            return;
        };
        // The actor is new, the page's clock is not: moments go on in its epoch, and so does the request. The server
        // then ties no repeated moment, which may come from another page start, to the clock of this one.
        self.actor_epoch = EpochId::from_bytes(out.fresh.bytes());
        let puts = LocalVisit::replay(&mine, &read);
        let heads = theirs.heads();
        // Refused changes must not come back from their rows.
        std::mem::take(&mut visit.change_rows).into_values().for_each(|row| out.pending.delete(row.key));
        visit.document = Some(theirs);
        self.rebase(out, appointment, heads);
        if let Some(visit) = self.visits.get_mut(&appointment) {
            visit.replayed = !puts.is_empty();
        }
        self.put(out, appointment, &puts);
    }
}

/// What of a request does not compress away, at most: the rest goes in the next one, so that a week without a
/// network does not add up to a message that nobody takes.
const REQUEST_BYTES: usize = wire::MAX_MESSAGE_BYTES / 2;

struct Room(usize);

impl Room {
    /// The first item always fits: each is far smaller than a message.
    fn takes(&mut self, bytes: usize) -> bool {
        let fits = self.0 == REQUEST_BYTES || bytes <= self.0;
        if fits {
            self.0 = self.0.saturating_sub(bytes);
        }
        fits
    }
}

fn weight(incoming: &Incoming) -> usize {
    match incoming {
        Incoming::Changes(changes) => changes.iter().map(Vec::len).sum(),
        Incoming::Save(save) => save.len(),
    }
}

impl LocalVisit {
    /// What the server lacks of the document and has not refused, and the heads it brings the server to.
    fn news(&self) -> Option<(Vec<Hash>, Incoming)> {
        let heads = self.news_at()?;
        let incoming = match &self.document {
            Some(document) => shorter(document, &self.server_heads),
            None => Incoming::Changes(self.early_changes.clone()),
        };
        Some((heads, incoming))
    }
}

/// The changes or the whole save, whichever has fewer bytes before the common compression.
fn shorter(document: &Document, server_heads: &[Hash]) -> Incoming {
    let changes: Vec<Vec<u8>> =
        document.changes_since(server_heads).into_iter().map(|change| change.bytes).collect();
    let save = document.save_for_wire();
    if changes.iter().map(Vec::len).sum::<usize>() <= save.len() || save.len() > MAX_INCOMING_BYTES {
        Incoming::Changes(changes)
    } else {
        Incoming::Save(save)
    }
}
