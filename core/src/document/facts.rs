//! Facts in the document: one map for all kinds, keyed by kind and what each is about.
//!
//! The map came later than the others. The server adds it to a document with one change of its own, the *extension*,
//! for phones that say they can read it; nobody else may.

use super::{
    Actor, Change, Document, DocumentError, SchemaError, hash_of, read,
    schema::{self, FACTS},
};
use crate::{
    closeout::{
        Acceptance, Asked, Attempt, Caption, Correction, Eta, Fact, Look, Outcome, Pause, Presence, Serial,
        Step,
    },
    id::{AppointmentId, RequestId, UserId},
    time::Moment,
};
use automerge::{
    Automerge, ObjType, ROOT, ReadDoc, ScalarValue,
    transaction::{CommitOptions, Transactable},
};
use serde::{Deserialize, Serialize};

/// A fact as it is coded; its key says what it is about. Append only.
#[derive(Serialize, Deserialize)]
enum Coded {
    Correction(Correction),
    Pause(Pause),
    Eta(Eta),
    Crew(Presence),
    CrewStep(Moment),
    Acceptance(Acceptance),
    Serial(Serial),
    Caption(Caption),
    Look(Look),
    Attempt(Attempt),
    Outcome(Outcome),
    Request(Asked),
}

impl Document {
    /// Whether the document has room for facts.
    pub fn takes_facts(&self) -> bool {
        matches!(self.inner.get(ROOT, FACTS), Ok(Some(_)))
    }

    /// Adds the map of facts, by the change that is the same whoever makes it. `None` when it is there already. For
    /// the server alone: a device's change of the skeleton is refused.
    ///
    /// # Errors
    /// It does not fit the schema, or automerge's.
    pub fn extend(&mut self) -> Result<Option<Change>, DocumentError> {
        if self.takes_facts() {
            return Ok(None);
        }
        let appointment = self.read().map_err(|_| DocumentError::Lacks("the skeleton"))?.appointment;
        let change = extension(appointment)?;
        let hash = hash_of(&change.hash());
        let bytes = change.raw_bytes().to_vec();
        self.apply(vec![change]).map_err(DocumentError::Edit)?;
        Ok(Some(Change { hash, bytes }))
    }
}

/// The second change of the skeleton's actor, on the skeleton alone.
fn extension(appointment: AppointmentId) -> Result<automerge::Change, DocumentError> {
    let mut doc = Automerge::new().with_actor(Actor::of_skeleton(appointment).into());
    schema::create(&mut doc, appointment)?;
    let mut tx = doc.transaction();
    tx.put_object(ROOT, FACTS, ObjType::Map).map_err(DocumentError::Edit)?;
    let (hash, _) = tx.commit_with(CommitOptions::default().with_time(0));
    let change = hash.and_then(|hash| doc.get_change_by_hash(&hash));
    change.ok_or(DocumentError::Lacks("the change it just made"))
}

/// The key and the value of a fact.
pub(super) fn code(fact: &Fact) -> Result<(String, ScalarValue), DocumentError> {
    let (key, coded) = match fact {
        Fact::Correction(step, value) => (correction_key(*step), Coded::Correction(*value)),
        Fact::Pause(id, value) => (keyed("pause", &id.to_string()), Coded::Pause(*value)),
        Fact::Eta(value) => ("eta".to_owned(), Coded::Eta(*value)),
        Fact::Crew(user, value) => (keyed("crew", &user.to_string()), Coded::Crew(*value)),
        Fact::CrewStep(user, step, value) => (crew_step_key(*user, *step), Coded::CrewStep(*value)),
        Fact::Acceptance(value) => ("acceptance".to_owned(), Coded::Acceptance(*value)),
        Fact::Serial(slot, _) if slot.is_empty() => return Err(DocumentError::Lacks("a slot")),
        Fact::Serial(slot, value) => (keyed("serial", slot), Coded::Serial(*value)),
        Fact::Caption(photo, value) => (keyed("caption", &photo.to_string()), Coded::Caption(*value)),
        Fact::Look(photo, value) => (keyed("look", &photo.to_string()), Coded::Look(*value)),
        Fact::Attempt(id, value) => (keyed("attempt", &id.to_string()), Coded::Attempt(*value)),
        Fact::Outcome(value) => ("outcome".to_owned(), Coded::Outcome(*value)),
        Fact::Request(id, value) => (keyed("request", &id.to_string()), Coded::Request(*value)),
    };
    Ok((key, schema::encode(&coded)?))
}

pub(super) fn correction_key(step: Step) -> String {
    keyed("correction", step.name())
}

pub(super) fn crew_step_key(user: UserId, step: Step) -> String {
    keyed(&keyed("crew_step", &user.to_string()), step.name())
}

pub(super) fn request_key(request: RequestId) -> String {
    keyed("request", &request.to_string())
}

fn keyed(kind: &str, about: &str) -> String {
    [kind, about].join("/")
}

/// Reads a fact: the kind in its key and the one in its value must be the same.
pub(super) fn fact(key: &str, value: &ScalarValue) -> Result<Fact, SchemaError> {
    let coded = read::coded(FACTS, key, value)?;
    read_as(key, coded).ok_or_else(|| read::wrong(read::field(FACTS, key), "is no fact of its kind"))
}

fn read_as(key: &str, coded: Coded) -> Option<Fact> {
    let (kind, about) = key.split_once('/').unwrap_or((key, ""));
    Some(match (kind, coded) {
        ("correction", Coded::Correction(value)) => Fact::Correction(Step::named(about)?, value),
        ("pause", Coded::Pause(value)) => Fact::Pause(about.parse().ok()?, value),
        ("eta", Coded::Eta(value)) if key == kind => Fact::Eta(value),
        ("crew", Coded::Crew(value)) => Fact::Crew(about.parse().ok()?, value),
        ("crew_step", Coded::CrewStep(value)) => {
            let (user, step) = about.split_once('/')?;
            Fact::CrewStep(user.parse().ok()?, Step::named(step)?, value)
        }
        ("acceptance", Coded::Acceptance(value)) if key == kind => Fact::Acceptance(value),
        ("serial", Coded::Serial(value)) if !about.is_empty() => Fact::Serial(about.to_owned(), value),
        ("caption", Coded::Caption(value)) => Fact::Caption(about.parse().ok()?, value),
        ("look", Coded::Look(value)) => Fact::Look(about.parse().ok()?, value),
        ("attempt", Coded::Attempt(value)) => Fact::Attempt(about.parse().ok()?, value),
        ("outcome", Coded::Outcome(value)) if key == kind => Fact::Outcome(value),
        ("request", Coded::Request(value)) => Fact::Request(about.parse().ok()?, value),
        _ => return None,
    })
}
