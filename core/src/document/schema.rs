//! Version 1 of the document's shape, and how values are coded in it.
//!
//! ```text
//! root { schema: 1, appointment: bytes,
//!        steps:   { <step>: Moment },          answers: { <question>: text },
//!        photos:  { <photo id>: PhotoFacts },  removed: { <photo id>: true },
//!        records: { <record id>: RecordFacts },
//!        facts:   { <kind>[/<about>]: Fact }   added later, where a phone can read it }
//! ```
//! A moment and facts are written whole or not at all, so each is one scalar: a version byte and postcard.

use super::{Actor, DocumentError};
use crate::id::AppointmentId;
use automerge::{
    Automerge, AutomergeError, ObjId, ObjType, ROOT, ScalarValue,
    transaction::{CommitOptions, Transactable},
};
use serde::{Serialize, de::DeserializeOwned};

pub(super) const SCHEMA: u64 = 1;
pub(super) const STEPS: &str = "steps";
pub(super) const ANSWERS: &str = "answers";
pub(super) const PHOTOS: &str = "photos";
pub(super) const REMOVED: &str = "removed";
pub(super) const RECORDS: &str = "records";
/// Added by the extension.
pub(super) const FACTS: &str = "facts";
pub(super) const MAPS: [&str; 5] = [STEPS, ANSWERS, PHOTOS, REMOVED, RECORDS];

const VALUE_VERSION: u8 = 1;

/// The operation that wrote an entry of the skeleton or its extension: their fields in order, from 1, by the skeleton's
/// actor. Whatever
/// else stands under such a key was put there by a device.
pub(super) fn is_of_skeleton(id: &ObjId, appointment: AppointmentId, key: &str) -> bool {
    let fields = ["schema", "appointment"].into_iter().chain(MAPS).chain([FACTS]);
    let counter = fields.zip(1u64..).find(|(field, _)| *field == key).map(|(_, counter)| counter);
    matches!(id, ObjId::Id(found, actor, _)
        if Some(*found) == counter && actor.to_bytes() == Actor::of_skeleton(appointment).to_bytes())
}

/// What a document may hold, far above any real visit and far below what hurts.
pub(super) const MAX_ENTRIES: usize = 500;
pub(super) const MAX_KEY_BYTES: usize = 64;

pub(super) fn create(doc: &mut Automerge, appointment: AppointmentId) -> Result<(), DocumentError> {
    let mut write = || -> Result<(), AutomergeError> {
        let mut tx = doc.transaction();
        tx.put(ROOT, "schema", ScalarValue::Uint(SCHEMA))?;
        tx.put(ROOT, "appointment", ScalarValue::Bytes(appointment.as_bytes().to_vec()))?;
        for map in MAPS {
            tx.put_object(ROOT, map, ObjType::Map)?;
        }
        // Time zero: the change is the same whenever it is made, and costs no bytes.
        tx.commit_with(CommitOptions::default().with_time(0));
        Ok(())
    };
    write().map_err(DocumentError::Edit)
}

pub(super) fn encode<T: Serialize>(value: &T) -> Result<ScalarValue, DocumentError> {
    postcard::to_extend(value, vec![VALUE_VERSION]).map(ScalarValue::Bytes).map_err(DocumentError::Code)
}

/// `None` when the bytes are no value of this version, or longer than the value.
pub(super) fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Option<T> {
    let (&version, rest) = bytes.split_first()?;
    if version != VALUE_VERSION {
        return None;
    }
    match postcard::take_from_bytes(rest) {
        Ok((value, [])) => Some(value),
        _ => None,
    }
}
