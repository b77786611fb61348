//! The closeout document: the CRDT behind a typed door. Nobody else touches automerge.
//!
//! One document per appointment. The server makes its skeleton, so no two devices ever create the same map.
//! Maps are keyed by id, values are whole (a moment, a photo's facts), and nothing in it is personal: those
//! values are sealed records beside it, which the document names.

pub mod admit;
mod edit;
mod facts;
mod read;
mod schema;
mod versions;
mod weigh;

pub use edit::Put;
pub use read::SchemaError;
pub use versions::{Contested, Version};

use crate::{
    closeout::{Closeout, Step},
    digest::Sha256,
    id::{AppointmentId, DeviceId, EpochId, PhotoId, RequestId, UserId},
    time::Moment,
};
use automerge::{ActorId, Automerge, AutomergeError, ChangeHash, SaveOptions};
use std::{collections::BTreeSet, sync::OnceLock};

/// Who writes: one page start on one phone. Two pages with one actor would number their changes alike and could
/// never merge again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Actor {
    pub device: DeviceId,
    pub epoch: EpochId,
}

impl Actor {
    pub const BYTES: usize = 24;

    pub fn to_bytes(self) -> [u8; Self::BYTES] {
        let mut bytes = [0; Self::BYTES];
        bytes[..16].copy_from_slice(self.device.as_bytes());
        bytes[16..].copy_from_slice(self.epoch.as_bytes());
        bytes
    }

    /// From the bytes of a change's actor; `None` when they are no actor of ours.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (device, epoch) = bytes.split_at_checked(16)?;
        Some(Self { device: device.try_into().ok()?, epoch: epoch.try_into().ok()? })
    }

    /// The server as the author of a skeleton. Fixed, so that making it twice gives the same bytes.
    pub fn of_skeleton(appointment: AppointmentId) -> Self {
        let mut epoch = [0; 8];
        epoch.copy_from_slice(&appointment.as_bytes()[..8]);
        Self { device: DeviceId::from_bytes([0; 16]), epoch: EpochId::from_bytes(epoch) }
    }
}

impl From<Actor> for ActorId {
    fn from(actor: Actor) -> Self {
        Self::from(&actor.to_bytes()[..])
    }
}

/// Stored or received bytes are not a document of ours.
/// automerge's own words are the source, not part of the message: they are for an operator's log.
#[derive(Debug, thiserror::Error)]
pub enum DocumentError {
    #[error("the document does not load")]
    Load(#[source] AutomergeError),
    #[error("the document lacks {0}")]
    Lacks(&'static str),
    #[error("there is no more room for {0}")]
    Full(&'static str),
    #[error("a value cannot be coded")]
    Code(#[source] postcard::Error),
    #[error("the edit does not apply")]
    Edit(#[source] AutomergeError),
}

/// The hash of a change, which names it everywhere.
pub type Hash = Sha256;

/// One change as it is stored and sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    pub hash: Hash,
    pub bytes: Vec<u8>,
}

/// An open document.
#[derive(Clone)]
pub struct Document {
    inner: Automerge,
    /// What it says, once somebody has asked. Each change of `inner` takes it away: a screen asks for every visit
    /// whenever anything happens, and most visits are as they were.
    said: OnceLock<Result<Closeout, SchemaError>>,
}

impl std::fmt::Debug for Document {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Document").field("heads", &self.heads()).finish_non_exhaustive()
    }
}

impl Document {
    /// The empty closeout of an appointment, byte for byte the same every time.
    ///
    /// # Errors
    /// None that can be caused from outside; automerge's are passed on.
    pub fn skeleton(appointment: AppointmentId) -> Result<Self, DocumentError> {
        let mut inner = Automerge::new().with_actor(Actor::of_skeleton(appointment).into());
        schema::create(&mut inner, appointment)?;
        Ok(Self::of(inner))
    }

    fn of(inner: Automerge) -> Self {
        Self { inner, said: OnceLock::new() }
    }

    /// # Errors
    /// The bytes are not a whole, valid save of ours.
    pub fn load(bytes: &[u8]) -> Result<Self, DocumentError> {
        let inner = Automerge::load(bytes).map_err(DocumentError::Load)?;
        Ok(Self::of(inner))
    }

    /// The whole document, compressed, for storing.
    pub fn save(&self) -> Vec<u8> {
        self.save_as(true)
    }

    /// The whole document, uncompressed, for a message that is compressed as one.
    pub fn save_for_wire(&self) -> Vec<u8> {
        self.save_as(false)
    }

    /// Without changes that wait for one they depend on: a save is what the document says.
    fn save_as(&self, deflate: bool) -> Vec<u8> {
        self.inner.save_with_options(SaveOptions { deflate, retain_orphans: false })
    }

    /// Sorted.
    pub fn heads(&self) -> Vec<Hash> {
        let mut heads: Vec<_> = self.inner.get_heads().iter().map(hash_of).collect();
        heads.sort_unstable();
        heads
    }

    /// All changes that are not among the ancestors of `heads`, dependencies first.
    pub fn changes_since(&self, heads: &[Hash]) -> Vec<Change> {
        let have: Vec<ChangeHash> = heads.iter().map(|hash| ChangeHash(*hash.as_bytes())).collect();
        self.inner
            .get_changes(&have)
            .into_iter()
            .map(|change| Change { hash: hash_of(&change.hash()), bytes: change.raw_bytes().to_vec() })
            .collect()
    }

    pub fn contains(&self, hash: &Hash) -> bool {
        self.inner.get_change_meta_by_hash(&ChangeHash(*hash.as_bytes())).is_some()
    }

    /// Applies changes from a store this side wrote itself. What comes from others goes through `admit`.
    ///
    /// # Errors
    /// A change is damaged. The document is unchanged then.
    pub fn apply_own(&mut self, changes: &[Vec<u8>]) -> Result<(), DocumentError> {
        let mut parsed = Vec::with_capacity(changes.len());
        for bytes in changes {
            parsed.push(
                automerge::Change::from_bytes(bytes.clone()).map_err(|e| DocumentError::Load(e.into()))?,
            );
        }
        self.apply(parsed).map_err(DocumentError::Load)
    }

    fn apply(&mut self, changes: Vec<automerge::Change>) -> Result<(), AutomergeError> {
        self.said.take();
        self.inner.apply_changes(changes)
    }

    /// Takes all changes of `other`.
    ///
    /// # Errors
    /// The two have used one actor for different changes.
    pub fn merge(&mut self, other: &mut Self) -> Result<(), DocumentError> {
        self.said.take();
        self.inner.merge(&mut other.inner).map(drop).map_err(DocumentError::Load)
    }

    /// What the document says.
    ///
    /// # Errors
    /// It does not fit the schema; the field is named.
    pub fn read(&self) -> Result<Closeout, SchemaError> {
        self.said.get_or_init(|| read::closeout(&self.inner)).clone()
    }

    /// The change that wrote the value a step has now.
    pub fn source_of(&self, step: Step) -> Option<Hash> {
        let of = self.read().ok()?.is_of_crew(step);
        let hash = match of {
            Some(user) => read::source_of_crew_step(&self.inner, user, step),
            None => read::source_of(&self.inner, step),
        };
        hash.map(|hash| hash_of(&hash))
    }

    /// The change that wrote a person's own step.
    pub fn source_of_crew_step(&self, user: UserId, step: Step) -> Option<Hash> {
        read::source_of_crew_step(&self.inner, user, step).map(|hash| hash_of(&hash))
    }

    /// Every recording of a step that counts, with the change that wrote it: the visit's own, and each person's of a
    /// crew who was there.
    ///
    /// # Errors
    /// It does not fit the schema; the field is named.
    pub fn recordings(&self, step: Step) -> Result<Vec<(Moment, Hash)>, SchemaError> {
        let closeout = self.read()?;
        let common = read::common_step(&self.inner, step).zip(read::source_of(&self.inner, step));
        let common = common.map(|(moment, hash)| (moment, hash_of(&hash)));
        let of_crew = closeout
            .crew_steps
            .iter()
            .filter(|(user, _)| closeout.crew.get(user).is_none_or(|presence| presence.was_there))
            .filter_map(|(user, steps)| Some((*steps.get(&step)?, self.source_of_crew_step(*user, step)?)));
        Ok(common.into_iter().chain(of_crew).collect())
    }

    /// The change that corrected a step.
    pub fn source_of_correction(&self, step: Step) -> Option<Hash> {
        read::source_of_correction(&self.inner, step).map(|hash| hash_of(&hash))
    }

    /// The device that put a photo into the closeout: the one that holds its picture.
    pub fn holder_of(&self, photo: PhotoId) -> Option<DeviceId> {
        self.device_of(read::source_of_photo(&self.inner, photo)?)
    }

    /// The device that wrote a request to the office as it is now.
    pub fn asker_of(&self, request: RequestId) -> Option<DeviceId> {
        self.device_of(read::source_of_request(&self.inner, request)?)
    }

    /// The device that said how the visit ended.
    pub fn ender(&self) -> Option<DeviceId> {
        self.device_of(read::source_of_outcome(&self.inner)?)
    }

    #[inline]
    fn device_of(&self, change: ChangeHash) -> Option<DeviceId> {
        let change = self.inner.get_change_meta_by_hash(&change)?;
        Actor::from_bytes(change.actor.to_bytes()).map(|actor| actor.device)
    }

    /// Writes values as one change. `None` when there was nothing to write.
    ///
    /// # Errors
    /// The document lacks a part of the skeleton.
    pub fn edit(&mut self, actor: Actor, puts: &[Put]) -> Result<Option<Change>, DocumentError> {
        self.said.take();
        edit::apply(&mut self.inner, actor, puts)
    }

    /// The heads of what lies under `heads`: the same, less those that are ancestors of others. Sorted.
    pub fn heads_under(&self, heads: &[Hash]) -> Vec<Hash> {
        let above: BTreeSet<Hash> = self.changes_since(heads).into_iter().map(|change| change.hash).collect();
        let under: Vec<automerge::Change> = self
            .inner
            .get_changes(&[])
            .into_iter()
            .filter(|change| !above.contains(&hash_of(&change.hash())))
            .collect();
        let inner: BTreeSet<Hash> = under.iter().flat_map(|change| change.deps()).map(hash_of).collect();
        let mut heads: Vec<Hash> = under.iter().map(|change| hash_of(&change.hash())).collect();
        heads.retain(|hash| !inner.contains(hash));
        heads.sort_unstable();
        heads
    }
}

fn hash_of(hash: &ChangeHash) -> Hash {
    Hash::from_bytes(hash.0)
}
