//! Writing: targeted puts, one change per edit.

use super::{Actor, Change, DocumentError, facts, hash_of, schema};
use crate::{
    closeout::{Answer, Fact, RecordFacts, Step},
    id::{PhotoId, RecordId},
    photo::PhotoFacts,
    time::Moment,
};
use automerge::{
    Automerge, ObjId, ROOT, ReadDoc, ScalarValue,
    transaction::{CommitOptions, Transactable},
};

/// One value to write.
#[derive(Clone, Debug)]
pub enum Put {
    Step(Step, Moment),
    Answer(String, Answer),
    Photo(PhotoId, PhotoFacts),
    RemovePhoto(PhotoId),
    Record(RecordId, RecordFacts),
    Fact(Fact),
}

pub(super) fn apply(
    doc: &mut Automerge,
    actor: Actor,
    puts: &[Put],
) -> Result<Option<Change>, DocumentError> {
    // Coded before the transaction is open: nothing in it fails for a reason of ours.
    let mut writes = Vec::with_capacity(puts.len());
    for put in puts {
        let (map, key, value) = match put {
            Put::Step(step, moment) => (schema::STEPS, step.name().to_owned(), schema::encode(moment)?),
            Put::Answer(question, answer) => {
                (schema::ANSWERS, question.clone(), ScalarValue::Str(answer.name().into()))
            }
            Put::Photo(photo, facts) => (schema::PHOTOS, photo.to_string(), schema::encode(facts)?),
            Put::RemovePhoto(photo) => (schema::REMOVED, photo.to_string(), ScalarValue::Boolean(true)),
            Put::Fact(fact) => {
                let (key, value) = facts::code(fact)?;
                (schema::FACTS, key, value)
            }
            Put::Record(record, facts) => (schema::RECORDS, record.to_string(), schema::encode(facts)?),
        };
        let object = object(doc, map)?;
        // What no longer reads must not be written, not even on the phone that wrote it.
        let is_full =
            || doc.length(&object) >= schema::MAX_ENTRIES && !matches!(doc.get(&object, &key), Ok(Some(_)));
        if key.len() > schema::MAX_KEY_BYTES || is_full() {
            return Err(DocumentError::Full(map));
        }
        writes.push((object, key, value));
    }
    doc.set_actor(actor.into());
    let mut tx = doc.transaction();
    for (map, key, value) in writes {
        // A transaction dropped on the way out of an error is rolled back.
        tx.put(map, key, value).map_err(DocumentError::Edit)?;
    }
    let (hash, _) = tx.commit_with(CommitOptions::default().with_time(0));
    let Some(hash) = hash else { return Ok(None) };
    let change = doc.get_change_by_hash(&hash).ok_or(DocumentError::Lacks("the change it just made"))?;
    Ok(Some(Change { hash: hash_of(&hash), bytes: change.raw_bytes().to_vec() }))
}

fn object(doc: &Automerge, map: &'static str) -> Result<ObjId, DocumentError> {
    match doc.get(ROOT, map).map_err(DocumentError::Edit)? {
        Some((value, id)) if value.is_object() => Ok(id),
        _ => Err(DocumentError::Lacks(map)),
    }
}
