//! Fields that two devices wrote at the same time: every value, so that a person can say which one counts.

use super::{
    Actor, Document, Hash, Put, SchemaError, facts, hash_of, read,
    schema::{ANSWERS, FACTS, STEPS},
};
use crate::{closeout::Step, id::DeviceId};
use automerge::{ObjId, ReadDoc, ScalarValue, Value};

/// A field that holds more than one value.
#[derive(Clone, Debug)]
pub struct Contested {
    /// As findings name it: `steps.arrived`, `answers.tested`, `facts.eta`.
    pub field: String,
    /// In the order in which the document has them; the last is the one it shows.
    pub versions: Vec<Version>,
}

/// One of the values of a contested field.
#[derive(Clone, Debug)]
pub struct Version {
    /// The change that wrote it, which names it.
    pub change: Hash,
    pub device: DeviceId,
    /// Writing this again, knowing the others, settles the field on it.
    pub put: Put,
}

impl Document {
    /// The steps, answers and facts that two devices recorded differently. A value that two devices share is listed once.
    /// Photos and records are not among them: their ids are drawn by one device and never meet.
    ///
    /// # Errors
    /// It does not fit the schema; the field is named.
    pub fn contested(&self) -> Result<Vec<Contested>, SchemaError> {
        let closeout = self.read()?;
        let mut contested = Vec::new();
        for step in closeout.steps.keys() {
            let versions = self.versions(STEPS, step.name(), |value| step_of(*step, value))?;
            contested.extend(versions);
        }
        for question in closeout.answers.keys() {
            let versions = self.versions(ANSWERS, question, |value| answer_to(question, value))?;
            contested.extend(versions);
        }
        for key in closeout.conflicts.iter().filter_map(|field| field.strip_prefix("facts.")) {
            let versions = self.versions(FACTS, key, |value| facts::fact(key, value).map(Put::Fact))?;
            contested.extend(versions);
        }
        Ok(contested)
    }

    fn versions(
        &self,
        map: &'static str,
        key: &str,
        put: impl Fn(&ScalarValue) -> Result<Put, SchemaError>,
    ) -> Result<Option<Contested>, SchemaError> {
        let doc = &self.inner;
        let unreadable = || read::wrong(read::field(map, key), "does not read");
        let values = match doc.get(automerge::ROOT, map) {
            Ok(Some((_, id))) => doc.get_all(&id, key).map_err(|_| unreadable())?,
            _ => return Err(unreadable()),
        };
        let mut distinct: Vec<(ScalarValue, ObjId)> = Vec::new();
        for (value, written) in values {
            let Value::Scalar(scalar) = value else { return Err(unreadable()) };
            // What counts last is what is shown: an equal value before it is the same version.
            distinct.retain(|(known, _)| *known != *scalar);
            distinct.push((scalar.into_owned(), written));
        }
        if distinct.len() < 2 {
            return Ok(None);
        }
        let version = |(value, written): &(ScalarValue, ObjId)| {
            let change = doc.hash_for_opid(written).ok_or_else(unreadable)?;
            let actor = doc
                .get_change_meta_by_hash(&change)
                .and_then(|meta| Actor::from_bytes(meta.actor.to_bytes()));
            let device = actor.ok_or_else(unreadable)?.device;
            Ok(Version { change: hash_of(&change), device, put: put(value)? })
        };
        let versions = distinct.iter().map(version).collect::<Result<_, SchemaError>>()?;
        Ok(Some(Contested { field: read::field(map, key), versions }))
    }
}

fn step_of(step: Step, value: &ScalarValue) -> Result<Put, SchemaError> {
    read::coded(STEPS, step.name(), value).map(|moment| Put::Step(step, moment))
}

fn answer_to(question: &str, value: &ScalarValue) -> Result<Put, SchemaError> {
    read::answer(question, value).map(|answer| Put::Answer(question.to_owned(), answer))
}
