//! One visit as the phone holds it: the job, the open document, and what of it the server has.

use super::store::{PhotoOutcome, RecordState, StoredRecord};
use crate::{
    closeout::Closeout,
    document::{Document, Hash, Put},
    id::{DeviceId, PhotoId, RecordId},
    job::Job,
    record::Content,
    time::Timestamp,
    wire::HeadsDigest,
};
use std::collections::{BTreeMap, BTreeSet};

/// A change that the server may not have, on its way to disk or there.
#[derive(Debug)]
pub(super) struct ChangeRow {
    pub(super) key: String,
    /// By the phone's wall clock, where the row says.
    pub(super) made: Option<Timestamp>,
}

#[derive(Debug, Default)]
pub(super) struct LocalVisit {
    pub(super) job: Option<Job>,
    /// A row of the job is on disk.
    pub(super) job_kept: bool,
    /// A row of the document is on disk.
    pub(super) document_kept: bool,
    /// `None` until the server's skeleton has come.
    pub(super) document: Option<Document>,
    /// The heads last known from the server, sorted.
    pub(super) server_heads: Vec<Hash>,
    pub(super) base_rows: BTreeSet<String>,
    pub(super) change_rows: BTreeMap<Hash, ChangeRow>,
    /// Changes read from the store before their base was.
    pub(super) early_changes: Vec<Vec<u8>>,
    pub(super) records: BTreeMap<RecordId, StoredRecord>,
    pub(super) outcomes: BTreeMap<PhotoId, PhotoOutcome>,
    /// The heads at which the server refused, for good: nothing is sent until they move.
    pub(super) refused_at: Option<Vec<Hash>>,
    /// Why, by the server's code.
    pub(super) refused_code: String,
    /// Our values were written again after a refusal. If the server refuses those too, writing them once more
    /// would never end.
    pub(super) replayed: bool,
}

impl LocalVisit {
    pub(super) fn known(&self) -> HeadsDigest {
        HeadsDigest::of(&self.server_heads)
    }

    pub(super) fn closeout(&self) -> Option<Closeout> {
        self.document.as_ref()?.read().ok()
    }

    /// Changes that were read before there was a document join it. Returns how many do not.
    pub(super) fn join_early_changes(&mut self) -> u32 {
        let Some(document) = &mut self.document else { return 0 };
        let early = std::mem::take(&mut self.early_changes);
        if document.apply_own(&early).is_ok() {
            return 0;
        }
        // One damaged row must not hide the others.
        let mut damaged = 0;
        for change in early {
            damaged += u32::from(document.apply_own(&[change]).is_err());
        }
        damaged
    }

    /// Somebody asks to try at once: what the server refused may be taken now.
    pub(super) fn try_refused_again(&mut self) {
        self.refused_at = None;
        for record in self.records.values_mut() {
            if matches!(record.state, RecordState::Refused(_)) {
                record.state = RecordState::Unsent;
            }
        }
    }

    pub(super) fn refused_records(&self) -> usize {
        self.records.values().filter(|record| matches!(record.state, RecordState::Refused(_))).count()
    }

    /// Changes only this phone has.
    pub(super) fn unsent_changes(&self) -> usize {
        match &self.document {
            Some(document) if document.heads() != self.server_heads => {
                document.changes_since(&self.server_heads).len()
            }
            _ => 0,
        }
    }

    /// When the oldest change that only this phone has was made.
    pub(super) fn oldest_change(&self) -> Option<Timestamp> {
        // Rows that another tab's base covers may be there still.
        if self.unsent_changes() == 0 {
            return None;
        }
        self.change_rows.values().filter_map(|row| row.made).min()
    }

    pub(super) fn unsent_records(&self) -> impl Iterator<Item = (&RecordId, &StoredRecord)> {
        self.records.iter().filter(|(_, record)| record.state == RecordState::Unsent)
    }

    /// The heads an exchange would bring the server to; `None` when the server has everything or refused it.
    pub(super) fn news_at(&self) -> Option<Vec<Hash>> {
        let heads = match &self.document {
            Some(document) => document.heads(),
            // Changes whose base is gone: the server's document makes them whole again.
            None if self.early_changes.is_empty() => return None,
            None => Vec::new(),
        };
        let is_known = self.document.is_some() && heads == self.server_heads;
        (!is_known && self.refused_at.as_ref() != Some(&heads)).then_some(heads)
    }

    /// Whether an exchange could bring something up.
    pub(super) fn has_something_to_send(&self) -> bool {
        self.news_at().is_some() || self.unsent_records().next().is_some()
    }

    /// The photos this phone has to upload: in the closeout, still proof, taken here, neither safe nor refused.
    pub(super) fn photos_to_send(&self, device: DeviceId) -> Vec<PhotoId> {
        let Some(closeout) = self.closeout() else { return Vec::new() };
        let waits = |photo: &PhotoId| !self.outcomes.contains_key(photo) && self.is_held_by(device, *photo);
        closeout.proof().map(|(photo, _)| *photo).filter(waits).collect()
    }

    /// Whether the picture of a photo lies on this device, and not on another technician's.
    pub(super) fn is_held_by(&self, device: DeviceId, photo: PhotoId) -> bool {
        self.document.as_ref().and_then(|document| document.holder_of(photo)) == Some(device)
    }

    /// Nothing is only here. What does not read may hold anything, so it is not safe.
    pub(super) fn is_safe(&self, device: DeviceId) -> bool {
        let is_whole = match &self.document {
            Some(document) => {
                self.change_rows.keys().all(|hash| document.contains(hash)) && document.read().is_ok()
            }
            None => self.change_rows.is_empty(),
        };
        is_whole
            && self.early_changes.is_empty()
            && self.unsent_changes() == 0
            && self.records.values().all(|record| record.state == RecordState::Sent)
            && self.photos_to_send(device).is_empty()
            && !self.outcomes.values().any(|outcome| matches!(outcome, PhotoOutcome::Refused { .. }))
    }

    /// What `mine` says and `theirs` does not, as values to write again.
    pub(super) fn replay(mine: &Closeout, theirs: &Closeout) -> Vec<Put> {
        let mut puts = Vec::new();
        for (step, moment) in mine.steps.iter().filter(|(step, _)| mine.is_of_crew(**step).is_none()) {
            if theirs.steps.get(step) != Some(moment) {
                puts.push(Put::Step(*step, *moment));
            }
        }
        for (question, answer) in &mine.answers {
            if theirs.answers.get(question) != Some(answer) {
                puts.push(Put::Answer(question.clone(), *answer));
            }
        }
        for (id, photo) in &mine.photos {
            if !theirs.photos.contains_key(id) {
                puts.push(Put::Photo(*id, photo.facts.clone()));
            }
            if photo.removed && !theirs.photos.get(id).is_some_and(|photo| photo.removed) {
                puts.push(Put::RemovePhoto(*id));
            }
        }
        for (record, facts) in &mine.records {
            if !theirs.records.contains_key(record) {
                puts.push(Put::Record(*record, *facts));
            }
        }
        let known = theirs.facts();
        // Where theirs has no room for facts there is nothing to write them into: they stay on this phone.
        let facts = mine.facts().into_iter().filter(|fact| theirs.takes_facts && !known.contains(fact));
        puts.extend(facts.map(Put::Fact));
        puts
    }
}

/// What is in a record of a visit, opened with the job's key.
pub(super) fn content_of(visit: &LocalVisit, id: RecordId) -> Option<Content> {
    let record = visit.records.get(&id)?;
    Content::open(&visit.job.as_ref()?.key, id, &record.sealed).ok()
}
