//! The exchange with the server: what goes up, and what its answer means.

use super::{
    Effect, Failure, Now, Request, Session,
    machine::Out,
    store::{self, Base},
    visit::LocalVisit,
};
use crate::{
    document::{Document, Hash, admit::Incoming},
    id::{AppointmentId, EpochId, RecordId},
    wire::{self, DocumentDown, DocumentUp, Known, Outcome, RecordUp, SyncReply, SyncRequest},
};
use std::collections::BTreeMap;

/// What the request under way carries, so that its answer is about exactly that.
#[derive(Clone, Debug, Default)]
pub(super) struct InFlight {
    /// The heads each document was sent at.
    documents: BTreeMap<AppointmentId, Vec<Hash>>,
    records: Vec<(AppointmentId, RecordId)>,
    listed: bool,
}

impl Session {
    pub(super) fn start_sync(&mut self, now: &Now, out: &mut Out) {
        let mut in_flight = InFlight { listed: self.want.list, ..InFlight::default() };
        let mut documents = Vec::new();
        for (appointment, visit) in &self.visits {
            let moved = visit.document.as_ref().filter(|document| visit.is_to_be_sent(document));
            let incoming = moved.map(|document| {
                in_flight.documents.insert(*appointment, document.heads());
                shorter(document, &visit.server_heads)
            });
            let unsent = visit.unsent_records().filter_map(|(record, stored)| {
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
            known: self.want.list.then(|| self.list()),
            documents,
        };
        self.want.sync = false;
        match wire::encode(&request) {
            Ok(body) => {
                self.in_flight = in_flight;
                out.effects.push(Effect::Sync { body });
            }
            Err(error) => {
                self.data.failed(now);
                self.not_saved = Some(error.to_string());
            }
        }
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
        let sent = std::mem::take(&mut self.in_flight);
        self.contact(now, out, reply.server_time);

        for (appointment, record) in &sent.records {
            // A refused record is kept aside by the server like a refused change: it is not sent again.
            self.mark_sent(out, *appointment, *record);
        }
        self.refused += u32::try_from(reply.refused_records.len()).unwrap_or(u32::MAX);
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
        self.drop_finished_visits(out);
    }

    fn unreachable(&mut self, now: &Now, out: &mut Out) {
        self.fail(now, out, Request::Sync, Failure::Unreachable);
    }

    fn mark_sent(&mut self, out: &mut Out, appointment: AppointmentId, record: RecordId) {
        let Some(visit) = self.visits.get_mut(&appointment) else { return };
        let Some(stored) = visit.records.get_mut(&record) else { return };
        stored.sent = true;
        match store::seal(
            &self.holder.store_key,
            &mut out.fresh,
            store::record_key(appointment, record),
            stored,
        ) {
            Ok(row) => out.pending.put.push(row),
            Err(reason) => self.not_saved = Some(reason),
        }
    }

    fn take_document(&mut self, now: &Now, out: &mut Out, down: DocumentDown, sent: Option<&Vec<Hash>>) {
        let appointment = down.appointment;
        let theirs = match down.save.as_deref().map(Document::load) {
            None => None,
            Some(Ok(document)) => Some(document),
            Some(Err(_)) => return self.unreachable(now, out),
        };
        match (down.outcome, theirs) {
            (Outcome::Taken, None) => {
                let Some(sent) = sent else { return };
                self.rebase(out, appointment, sent.clone());
            }
            (Outcome::Taken, Some(mut theirs)) => {
                let heads = theirs.heads();
                let visit = self.visits.entry(appointment).or_default();
                match &mut visit.document {
                    None => visit.document = Some(theirs),
                    Some(mine) => {
                        if mine.merge(&mut theirs).is_err() {
                            return self.replay(out, appointment, theirs);
                        }
                    }
                }
                self.rebase(out, appointment, heads);
            }
            (Outcome::Refused(_), Some(theirs)) => {
                self.refused += 1;
                self.replay(out, appointment, theirs);
            }
            (Outcome::Refused(_), None) => {
                // The server has no document for us to go on with: what we have stays, and is not sent again
                // until something changes or somebody asks.
                self.refused += 1;
                if let Some(visit) = self.visits.get_mut(&appointment) {
                    visit.refused_at = sent.cloned();
                }
            }
        }
    }

    /// The server has everything under `heads`: one new base row stands for the rows it covers.
    fn rebase(&mut self, out: &mut Out, appointment: AppointmentId, heads: Vec<Hash>) {
        let Some(visit) = self.visits.get_mut(&appointment) else { return };
        let Some(document) = &visit.document else { return };
        visit.server_heads = heads;
        visit.refused_at = None;
        let base = Base { server_heads: visit.server_heads.clone(), document: document.save() };
        let place = store::base_key(appointment, &base);
        match store::seal(&self.holder.store_key, &mut out.fresh, place.clone(), &base) {
            Ok(row) => out.pending.put.push(row),
            Err(reason) => {
                self.not_saved = Some(reason);
                return;
            }
        }
        let mut covered = std::mem::take(&mut visit.base_rows);
        covered.remove(&place);
        out.pending.delete.extend(covered);
        visit.base_rows.insert(place);
        out.pending.delete.extend(std::mem::take(&mut visit.change_rows).into_values());
    }

    /// Our changes cannot be merged. The server's document is taken, and our values are written again into it by
    /// an actor that has no history.
    fn replay(&mut self, out: &mut Out, appointment: AppointmentId, theirs: Document) {
        self.holder.epoch = EpochId::from_bytes(out.fresh.bytes());
        // The new epoch's clock has met no server yet.
        if let Some(seen) = &mut self.seen {
            seen.monotonic_ms = None;
        }
        let Some(visit) = self.visits.get_mut(&appointment) else { return };
        let puts = match (visit.closeout(), theirs.read()) {
            (Some(mine), Ok(theirs)) => LocalVisit::replay(&mine, &theirs),
            _ => Vec::new(),
        };
        let heads = theirs.heads();
        visit.document = Some(theirs);
        self.rebase(out, appointment, heads);
        self.put(out, appointment, &puts);
    }
}

/// The changes or the whole save, whichever has fewer bytes before the common compression.
fn shorter(document: &Document, server_heads: &[Hash]) -> Incoming {
    let changes: Vec<Vec<u8>> =
        document.changes_since(server_heads).into_iter().map(|change| change.bytes).collect();
    let save = document.save_for_wire();
    if changes.iter().map(Vec::len).sum::<usize>() <= save.len() {
        Incoming::Changes(changes)
    } else {
        Incoming::Save(save)
    }
}
