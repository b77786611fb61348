//! Reading: strict, since what does not read here must not be committed on the server.

use super::facts;
use super::schema::{
    self, ANSWERS, FACTS, MAPS, MAX_ENTRIES, MAX_KEY_BYTES, PHOTOS, RECORDS, REMOVED, SCHEMA, STEPS,
};
use crate::{
    closeout::{Answer, Closeout, Photo, Step},
    id::{AppointmentId, PhotoId, RequestId, UserId},
    time::Moment,
};
use automerge::{Automerge, ChangeHash, ObjId, ObjType, ROOT, ReadDoc, ScalarValue, Value};
use std::collections::BTreeSet;

/// A document does not have the shape of a closeout.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {problem}")]
pub struct SchemaError {
    pub field: String,
    pub problem: &'static str,
}

pub(super) fn wrong(field: impl Into<String>, problem: &'static str) -> SchemaError {
    SchemaError { field: field.into(), problem }
}

pub(super) fn closeout(doc: &Automerge) -> Result<Closeout, SchemaError> {
    for key in doc.keys(ROOT) {
        if key != "schema" && key != "appointment" && key != FACTS && !MAPS.contains(&key.as_str()) {
            return Err(wrong(key, "is not part of a closeout"));
        }
    }
    match scalar(doc, &ROOT, "schema") {
        Some(ScalarValue::Uint(SCHEMA)) => {}
        Some(ScalarValue::Uint(_)) => {
            return Err(wrong("schema", "is a version this software does not know"));
        }
        _ => return Err(wrong("schema", "is missing")),
    }
    let appointment = match scalar(doc, &ROOT, "appointment") {
        Some(ScalarValue::Bytes(bytes)) => AppointmentId::try_from(&bytes[..]).ok(),
        _ => None,
    };
    let appointment = appointment.ok_or_else(|| wrong("appointment", "is no appointment id"))?;
    for key in ["schema", "appointment"].into_iter().chain(MAPS).chain([FACTS]) {
        let values = doc.get_all(ROOT, key).map_err(|_| wrong(key, "does not read"))?;
        match values.as_slice() {
            [] if key == FACTS => {}
            [] => return Err(wrong(key, "is missing")),
            [(_, id)] if schema::is_of_skeleton(id, appointment, key) => {}
            _ => return Err(wrong(key, "is not the skeleton's")),
        }
    }
    let mut closeout = Closeout::new(appointment);
    let mut conflicts = Vec::new();

    for (key, value) in entries(doc, STEPS, &mut conflicts)? {
        let step = Step::named(&key).ok_or_else(|| wrong(field(STEPS, &key), "is no step"))?;
        closeout.steps.insert(step, coded(STEPS, &key, &value)?);
    }
    for (key, value) in entries(doc, ANSWERS, &mut conflicts)? {
        let answer = answer(&key, &value)?;
        closeout.answers.insert(key, answer);
    }
    let mut removed = BTreeSet::<PhotoId>::new();
    for (key, value) in entries(doc, REMOVED, &mut conflicts)? {
        if value != ScalarValue::Boolean(true) {
            return Err(wrong(field(REMOVED, &key), "is not true"));
        }
        removed.insert(key.parse().map_err(|_| wrong(field(REMOVED, &key), "is no photo id"))?);
    }
    for (key, value) in entries(doc, PHOTOS, &mut conflicts)? {
        let photo = key.parse().map_err(|_| wrong(field(PHOTOS, &key), "is no photo id"))?;
        let facts: crate::photo::PhotoFacts = coded(PHOTOS, &key, &value)?;
        if facts.shot.len() > MAX_KEY_BYTES {
            return Err(wrong(field(PHOTOS, &key), "names a shot that is too long"));
        }
        closeout.photos.insert(photo, Photo { facts, removed: removed.contains(&photo) });
    }
    for (key, value) in entries(doc, RECORDS, &mut conflicts)? {
        let record = key.parse().map_err(|_| wrong(field(RECORDS, &key), "is no record id"))?;
        closeout.records.insert(record, coded(RECORDS, &key, &value)?);
    }
    closeout.takes_facts = matches!(doc.get(ROOT, FACTS), Ok(Some(_)));
    if closeout.takes_facts {
        for (key, value) in entries(doc, FACTS, &mut conflicts)? {
            closeout.take(facts::fact(&key, &value)?);
        }
        closeout.derive_steps();
    }
    closeout.conflicts = conflicts;
    Ok(closeout)
}

pub(super) fn source_of(doc: &Automerge, step: Step) -> Option<ChangeHash> {
    source(doc, STEPS, step.name())
}

pub(super) fn source_of_photo(doc: &Automerge, photo: PhotoId) -> Option<ChangeHash> {
    source(doc, PHOTOS, &photo.to_string())
}

pub(super) fn source_of_crew_step(doc: &Automerge, user: UserId, step: Step) -> Option<ChangeHash> {
    source(doc, FACTS, &facts::crew_step_key(user, step))
}

pub(super) fn source_of_correction(doc: &Automerge, step: Step) -> Option<ChangeHash> {
    source(doc, FACTS, &facts::correction_key(step))
}

pub(super) fn source_of_request(doc: &Automerge, request: RequestId) -> Option<ChangeHash> {
    source(doc, FACTS, &facts::request_key(request))
}

pub(super) fn source_of_outcome(doc: &Automerge) -> Option<ChangeHash> {
    source(doc, FACTS, "outcome")
}

/// A step as it was recorded for the visit, whatever a crew recorded.
pub(super) fn common_step(doc: &Automerge, step: Step) -> Option<Moment> {
    let (_, steps) = doc.get(ROOT, STEPS).ok()??;
    coded(STEPS, step.name(), &scalar(doc, &steps, step.name())?).ok()
}

fn source(doc: &Automerge, map: &str, key: &str) -> Option<ChangeHash> {
    let (_, map) = doc.get(ROOT, map).ok()??;
    let (_, written) = doc.get(&map, key).ok()??;
    doc.hash_for_opid(&written)
}

/// The scalars of one map of the skeleton. Notes which fields hold more than one value.
fn entries(
    doc: &Automerge,
    map: &str,
    conflicts: &mut Vec<String>,
) -> Result<Vec<(String, ScalarValue)>, SchemaError> {
    let id = match doc.get_all(ROOT, map).map_err(|_| wrong(map, "does not read"))?.as_slice() {
        [(Value::Object(ObjType::Map), id)] => id.clone(),
        [] => return Err(wrong(map, "is missing")),
        _ => return Err(wrong(map, "is not the skeleton's map")),
    };
    let mut entries = Vec::new();
    for key in doc.keys(&id) {
        if key.len() > MAX_KEY_BYTES || entries.len() == MAX_ENTRIES {
            return Err(wrong(map, "holds more than a closeout can"));
        }
        let values = doc.get_all(&id, key.as_str()).map_err(|_| wrong(field(map, &key), "does not read"))?;
        let mut distinct = Vec::new();
        for (value, _) in &values {
            match value {
                Value::Scalar(scalar) if !distinct.contains(scalar) => distinct.push(scalar.clone()),
                Value::Scalar(_) => {}
                Value::Object(_) => return Err(wrong(field(map, &key), "is not a plain value")),
            }
        }
        if distinct.len() > 1 {
            conflicts.push(field(map, &key));
        }
        let winner = scalar(doc, &id, &key).ok_or_else(|| wrong(field(map, &key), "does not read"))?;
        entries.push((key, winner));
    }
    Ok(entries)
}

fn scalar(doc: &Automerge, map: &ObjId, key: &str) -> Option<ScalarValue> {
    match doc.get(map, key).ok()?? {
        (Value::Scalar(scalar), _) => Some(scalar.into_owned()),
        (Value::Object(_), _) => None,
    }
}

pub(super) fn answer(question: &str, value: &ScalarValue) -> Result<Answer, SchemaError> {
    let answer = match value {
        ScalarValue::Str(name) => Answer::named(name),
        _ => None,
    };
    answer.ok_or_else(|| wrong(field(ANSWERS, question), "is no answer"))
}

pub(super) fn coded<T: serde::de::DeserializeOwned>(
    map: &str,
    key: &str,
    value: &ScalarValue,
) -> Result<T, SchemaError> {
    let ScalarValue::Bytes(bytes) = value else { return Err(wrong(field(map, key), "is not a coded value")) };
    schema::decode(bytes).ok_or_else(|| wrong(field(map, key), "does not decode"))
}

pub(super) fn field(map: &str, key: &str) -> String {
    format!("{map}.{key}")
}
