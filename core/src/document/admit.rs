//! Admission of changes from a device: everything that can be checked is checked before and after applying, and
//! a document only ever takes a whole, valid step.
//!
//! Hostile changes make automerge panic, inflate, or save what no longer loads. So: weigh, check who wrote and in
//! which order, apply to a copy behind a panic boundary, save the copy, load it, read it; only then is it taken.

use super::{Actor, Change, Document, Hash, hash_of, weigh};
use crate::{closeout::Closeout, id::DeviceId};
use std::{
    collections::{BTreeMap, BTreeSet},
    panic::{AssertUnwindSafe, catch_unwind},
};

/// What a device sent for one document.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Incoming {
    /// Single changes, dependencies first.
    Changes(#[serde(deserialize_with = "crate::wire::changes")] Vec<Vec<u8>>),
    /// The device's whole document, of which the new changes are taken.
    Save(Vec<u8>),
}

/// Why changes were refused. `code` is stable; the text is for an operator.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("{0}")]
    Overweight(#[from] weigh::Overweight),
    #[error("does not decode: {0}")]
    Undecodable(String),
    #[error("re-encoding gives other bytes")]
    NotCanonical,
    #[error("carries an author, which devices do not set")]
    Author,
    #[error("written by an actor that is not of this device")]
    ForeignActor,
    #[error("speaks of an actor nobody knows")]
    UnknownActor,
    #[error("number {found} of its actor, after {last}")]
    Sequence { last: u64, found: u64 },
    #[error("depends on a change nobody has")]
    MissingDependency,
    #[error("operations are numbered from {found}, after {limit}")]
    OperationCounter { limit: u64, found: u64 },
    #[error("more than {MAX_CHANGES} changes")]
    TooMany,
    #[error("the document has no room for more than {MAX_DOCUMENT_BYTES} bytes")]
    Full,
    #[error("automerge stopped on it: {0}")]
    Stopped(String),
    #[error("the document would not fit the schema: {0}")]
    Schema(String),
    #[error("the document would change the skeleton")]
    Skeleton,
}

impl Refusal {
    /// Stable, for the phone and the console.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Overweight(_) => "change_overweight",
            Self::Undecodable(_) | Self::NotCanonical => "change_undecodable",
            Self::Author | Self::ForeignActor | Self::UnknownActor => "change_foreign_actor",
            Self::Sequence { .. } => "change_out_of_sequence",
            Self::MissingDependency => "change_without_dependency",
            Self::OperationCounter { .. } => "change_counter",
            Self::TooMany | Self::Full => "document_full",
            Self::Stopped(_) => "change_breaks_document",
            Self::Schema(_) | Self::Skeleton => "change_breaks_schema",
        }
    }
}

/// Changes of one exchange for one document.
pub const MAX_CHANGES: usize = 5_000;
/// One change or one save, in bytes.
pub const MAX_INCOMING_BYTES: usize = weigh::MAX_BYTES;
/// A document on disk.
pub const MAX_DOCUMENT_BYTES: usize = 512 * 1024;

/// The result of an admission.
#[derive(Debug)]
pub struct Admitted {
    pub document: Document,
    pub closeout: Closeout,
    /// `document`, saved.
    pub saved: Vec<u8>,
    /// The changes the document did not have, with their actor and number.
    pub new: Vec<NewChange>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewChange {
    pub change: Change,
    pub actor: Actor,
    pub seq: u64,
}

/// Checks what `device` sent and applies it to a copy of `document`.
///
/// # Errors
/// Any of the refusals; `document` is untouched and nothing of the exchange counts.
pub fn admit(document: &Document, device: DeviceId, incoming: &Incoming) -> Result<Admitted, Refusal> {
    // Weighed first, since decoding is where the harm is done.
    match incoming {
        Incoming::Changes(changes) if changes.len() > MAX_CHANGES => return Err(Refusal::TooMany),
        Incoming::Changes(changes) => changes.iter().try_for_each(|bytes| weigh::change(bytes))?,
        Incoming::Save(bytes) => weigh::save(bytes)?,
    }
    catch_unwind(AssertUnwindSafe(|| admit_weighed(document, device, incoming)))
        .unwrap_or_else(|panic| Err(Refusal::Stopped(words_of(&*panic))))
}

/// The name of a single change and of those it follows, for putting changes in order before they are admitted.
///
/// # Errors
/// It weighs too much, or does not decode.
pub fn describe(bytes: &[u8]) -> Result<(Hash, Vec<Hash>), Refusal> {
    weigh::change(bytes)?;
    let change = catch_unwind(|| automerge::Change::from_bytes(bytes.to_vec()))
        .map_err(|panic| Refusal::Stopped(words_of(&*panic)))?
        .map_err(|e| Refusal::Undecodable(e.to_string()))?;
    Ok((hash_of(&change.hash()), change.deps().iter().map(hash_of).collect()))
}

fn admit_weighed(document: &Document, device: DeviceId, incoming: &Incoming) -> Result<Admitted, Refusal> {
    let mut seen = BTreeSet::new();
    let mut new: Vec<automerge::Change> = decode(incoming)?;
    // A change that is repeated is one change.
    new.retain(|change| {
        let hash = hash_of(&change.hash());
        !document.contains(&hash) && seen.insert(hash)
    });
    if new.len() > MAX_CHANGES {
        return Err(Refusal::TooMany);
    }
    for change in &new {
        // A hash is of canonical bytes: two encodings of one change must not have two names.
        let again: automerge::Change = change.decode().into();
        if again.hash() != change.hash() || again.raw_bytes() != change.raw_bytes() {
            return Err(Refusal::NotCanonical);
        }
    }
    let facts = check(document, device, &new)?;

    let mut copy = document.clone();
    copy.apply(new).map_err(|e| Refusal::Stopped(e.to_string()))?;
    let saved = copy.save();
    if saved.len() > MAX_DOCUMENT_BYTES {
        return Err(Refusal::Full);
    }
    // What is committed is what loads, not what was in memory.
    let document_after = Document::load(&saved).map_err(|e| Refusal::Stopped(words(&e)))?;
    if document_after.heads() != copy.heads() {
        return Err(Refusal::Stopped("it saves to something else".to_owned()));
    }
    let closeout = document_after.read().map_err(|e| Refusal::Schema(e.to_string()))?;
    let before = document.read().map_err(|e| Refusal::Schema(e.to_string()))?;
    // The room for facts may come, by the server's change; it does not go.
    if closeout.appointment != before.appointment || (before.takes_facts && !closeout.takes_facts) {
        return Err(Refusal::Skeleton);
    }
    Ok(Admitted { document: document_after, closeout, saved, new: facts })
}

fn decode(incoming: &Incoming) -> Result<Vec<automerge::Change>, Refusal> {
    match incoming {
        Incoming::Changes(changes) => changes
            .iter()
            .map(|bytes| {
                automerge::Change::from_bytes(bytes.clone()).map_err(|e| Refusal::Undecodable(e.to_string()))
            })
            .collect(),
        Incoming::Save(bytes) => {
            let sent = Document::load(bytes).map_err(|e| Refusal::Undecodable(words(&e)))?;
            Ok(sent.inner.get_changes(&[]))
        }
    }
}

fn check(
    document: &Document,
    device: DeviceId,
    new: &[automerge::Change],
) -> Result<Vec<NewChange>, Refusal> {
    let known = document.inner.get_changes(&[]);
    // Of each actor the last sequence number and operation, of each change the last operation.
    let mut actors: BTreeMap<Vec<u8>, (u64, u64)> = BTreeMap::new();
    let mut max_ops: BTreeMap<Hash, u64> = BTreeMap::new();
    for change in &known {
        let last = actors.entry(change.actor_id().to_bytes().to_vec()).or_default();
        *last = (last.0.max(change.seq()), last.1.max(change.max_op()));
        max_ops.insert(hash_of(&change.hash()), change.max_op());
    }
    let mut facts = Vec::with_capacity(new.len());
    for change in new {
        if change.author().is_some() || !change.extra_bytes().is_empty() {
            return Err(Refusal::Author);
        }
        let bytes = change.actor_id().to_bytes().to_vec();
        let actor = Actor::from_bytes(&bytes).filter(|actor| actor.device == device);
        let actor = actor.ok_or(Refusal::ForeignActor)?;
        if change.other_actor_ids().iter().any(|other| !actors.contains_key(other.to_bytes())) {
            return Err(Refusal::UnknownActor);
        }
        let (last_seq, last_op) = actors.entry(bytes).or_default();
        if change.seq() != *last_seq + 1 {
            return Err(Refusal::Sequence { last: *last_seq, found: change.seq() });
        }
        // Operations are numbered on from everything the writer knew: from its own last one, or two operations
        // would have one name, and from those of what it depends on.
        let mut limit = *last_op;
        for dependency in change.deps() {
            let max_op = max_ops.get(&hash_of(dependency)).ok_or(Refusal::MissingDependency)?;
            limit = limit.max(*max_op);
        }
        let start = change.start_op().get();
        if change.is_empty() || start != limit + 1 || change.len() as u64 > weigh::MAX_RUN {
            return Err(Refusal::OperationCounter { limit, found: start });
        }
        (*last_seq, *last_op) = (change.seq(), change.max_op());
        let hash = hash_of(&change.hash());
        max_ops.insert(hash, change.max_op());
        let change_bytes = change.raw_bytes().to_vec();
        facts.push(NewChange { change: Change { hash, bytes: change_bytes }, actor, seq: change.seq() });
    }
    Ok(facts)
}

/// An error and what lies behind it, for an operator.
fn words(error: &dyn std::error::Error) -> String {
    error.source().map_or_else(|| error.to_string(), |source| format!("{error}: {source}"))
}

fn words_of(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().copied().map(str::to_owned);
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "a panic".to_owned())
}
