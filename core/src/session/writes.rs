//! What goes to disk: one write at a time, all that an event changed in it, and nothing of a failed one forgotten.

use super::{
    Effect, RescueCopy, Row, Session,
    store::{self, Fresh},
};
use crate::{id::AppointmentId, time::Timestamp};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// One write: what becomes of each row, and the visits whose closeouts it keeps.
#[derive(Clone, Debug, Default)]
pub(super) struct Pending {
    pub(super) visits: BTreeSet<AppointmentId>,
    /// By key: the value to put, or `None` to delete. The last word about a key counts.
    rows: BTreeMap<String, Option<Vec<u8>>>,
    /// By the key of the row each is a copy of: what to put, or `None` where the server has it.
    copies: BTreeMap<String, Option<RescueCopy>>,
}

/// What one event leads to, collected.
#[derive(Debug)]
pub(super) struct Out {
    pub(super) fresh: Fresh,
    /// When the event came, by the phone's wall clock.
    pub(super) wall: Timestamp,
    pub(super) pending: Pending,
    pub(super) effects: Vec<Effect>,
}

impl Session {
    /// A row for the write of this event.
    pub(super) fn keep<T: Serialize>(&mut self, out: &mut Out, place: String, value: &T) {
        match store::seal(&self.holder.store_key, &mut out.fresh, place, value) {
            Ok(row) => out.pending.put(row),
            Err(reason) => self.not_saved = Some(reason),
        }
    }

    /// A write is on disk: what it holds of a visit needs no network any more.
    pub(super) fn written(&mut self, write: &Pending) {
        for key in write.put_keys() {
            let mut parts = key.split('/');
            let (kind, id) = (parts.next(), parts.next().and_then(|id| id.parse().ok()));
            let Some(visit) = id.and_then(|id: AppointmentId| self.visits.get_mut(&id)) else { continue };
            visit.job_kept |= kind == Some("job");
            visit.document_kept |= kind == Some("base");
        }
    }

    /// One write for all that events changed, when none is under way.
    pub(super) fn flush(&mut self, out: &mut Out) {
        self.queued.take(std::mem::take(&mut out.pending));
        if self.writing.is_some() || self.queued.rows.is_empty() {
            return;
        }
        let mut whole = std::mem::take(&mut self.unwritten);
        whole.take(std::mem::take(&mut self.queued));
        self.write += 1;
        out.effects.insert(0, whole.effect(self.write));
        self.writing = Some((self.write, whole));
    }
}

impl Pending {
    pub(super) fn put(&mut self, row: Row) {
        self.rows.insert(row.key, Some(row.value));
    }

    pub(super) fn delete(&mut self, key: String) {
        self.copies.remove(&key);
        self.rows.insert(key, None);
    }

    pub(super) fn put_copy(&mut self, copy: RescueCopy) {
        self.copies.insert(copy.place.clone(), Some(copy));
    }

    /// The server has what this row holds; the row itself stays.
    pub(super) fn let_copy_go(&mut self, key: String) {
        self.copies.insert(key, None);
    }

    pub(super) fn take(&mut self, later: Self) {
        self.visits.extend(later.visits);
        self.copies.retain(|key, _| later.rows.get(key).is_none_or(Option::is_some));
        self.copies.extend(later.copies);
        self.rows.extend(later.rows);
    }

    pub(super) fn take_before(&mut self, mut earlier: Self) {
        earlier.take(std::mem::take(self));
        *self = earlier;
    }

    /// Whether a value under this key is on its way.
    pub(super) fn puts(&self, key: &str) -> bool {
        self.rows.get(key).is_some_and(Option::is_some)
    }

    /// The keys that values were put under.
    pub(super) fn put_keys(&self) -> impl Iterator<Item = &str> {
        self.rows.iter().filter(|(_, value)| value.is_some()).map(|(key, _)| key.as_str())
    }

    fn effect(&self, write: u64) -> Effect {
        let (mut put, mut delete) = (Vec::new(), Vec::new());
        let (mut copies, mut let_go) = (Vec::new(), Vec::new());
        for (key, value) in &self.rows {
            match value {
                Some(value) => put.push(Row { key: key.clone(), value: value.clone() }),
                None => delete.push(key.clone()),
            }
        }
        for (key, copy) in &self.copies {
            match copy {
                Some(copy) => copies.push(copy.clone()),
                None => let_go.push(key.clone()),
            }
        }
        Effect::Write { write, put, delete, copies, let_go }
    }
}
