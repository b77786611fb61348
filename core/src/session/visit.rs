//! One visit as the phone holds it: the job, the open document, and what of it the server has.

use super::store::{PhotoOutcome, StoredRecord};
use crate::{
    closeout::Closeout,
    document::{Document, Hash, Put},
    id::{PhotoId, RecordId},
    job::Job,
    wire::HeadsDigest,
};
use std::collections::{BTreeMap, BTreeSet};

#[derive(Debug, Default)]
pub(super) struct LocalVisit {
    pub(super) job: Option<Job>,
    /// `None` until the server's skeleton has come.
    pub(super) document: Option<Document>,
    /// The heads last known from the server, sorted.
    pub(super) server_heads: Vec<Hash>,
    pub(super) base_rows: BTreeSet<String>,
    pub(super) change_rows: BTreeMap<Hash, String>,
    /// Changes read from the store before their base was.
    pub(super) early_changes: Vec<Vec<u8>>,
    pub(super) records: BTreeMap<RecordId, StoredRecord>,
    pub(super) outcomes: BTreeMap<PhotoId, PhotoOutcome>,
    /// The heads at which the server refused, for good: nothing is sent until they move.
    pub(super) refused_at: Option<Vec<Hash>>,
}

impl LocalVisit {
    pub(super) fn known(&self) -> HeadsDigest {
        HeadsDigest::of(&self.server_heads)
    }

    pub(super) fn closeout(&self) -> Option<Closeout> {
        self.document.as_ref()?.read().ok()
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

    pub(super) fn unsent_records(&self) -> impl Iterator<Item = (&RecordId, &StoredRecord)> {
        self.records.iter().filter(|(_, record)| !record.sent)
    }

    /// Whether the document has changes the server lacks and has not refused.
    pub(super) fn is_to_be_sent(&self, document: &Document) -> bool {
        let heads = document.heads();
        heads != self.server_heads && self.refused_at.as_ref() != Some(&heads)
    }

    /// Whether an exchange could bring something up.
    pub(super) fn has_something_to_send(&self) -> bool {
        self.document.as_ref().is_some_and(|document| self.is_to_be_sent(document))
            || self.unsent_records().next().is_some()
    }

    /// The next photo to upload: in the closeout, still proof, neither safe nor refused.
    pub(super) fn photos_to_send(&self) -> Vec<PhotoId> {
        self.closeout().map_or_else(Vec::new, |closeout| {
            closeout.proof().map(|(photo, _)| *photo).filter(|id| !self.outcomes.contains_key(id)).collect()
        })
    }

    /// Nothing is only here.
    pub(super) fn is_safe(&self) -> bool {
        self.unsent_changes() == 0
            && self.unsent_records().next().is_none()
            && self.photos_to_send().is_empty()
            && !self.outcomes.values().any(|outcome| matches!(outcome, PhotoOutcome::Refused { .. }))
    }

    /// What `mine` says and `theirs` does not, as values to write again.
    pub(super) fn replay(mine: &Closeout, theirs: &Closeout) -> Vec<Put> {
        let mut puts = Vec::new();
        for (step, moment) in &mine.steps {
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
        puts
    }
}
