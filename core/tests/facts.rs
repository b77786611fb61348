//! Facts in the document: the extension that makes room for them, every kind, several devices, and what is refused.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use automerge::{Automerge, ObjType, ROOT, ReadDoc, ScalarValue, transaction::Transactable};
use doorstep_core::{
    closeout::{
        Acceptance, Answer, Asked, Attempt, AttemptHow, Caption, Closeout, Correction, CorrectionReason, Eta,
        Fact, Look, Outcome, Pause, Presence, Relation, SecondVisitReason, Serial, SerialSource, Step,
        UnsignedReason,
    },
    document::{
        Actor, Document, DocumentError, Put,
        admit::{self, Incoming},
    },
    id::{AppointmentId, DeviceId, EpochId, FactId, Fingerprint, PhotoId, RecordId, RequestId, UserId},
    reason::{ReasonCode, Wish},
    time::{Moment, Timestamp},
};
use serde_json::json;
use std::path::PathBuf;

const VISIT: AppointmentId = AppointmentId::from_bytes([0xa1; 16]);

fn actor(n: u8) -> Actor {
    Actor { device: DeviceId::from_bytes([n; 16]), epoch: EpochId::from_bytes([n; 8]) }
}

fn moment(epoch: u8, minute: u64) -> Moment {
    let wall = Timestamp(1_790_000_000_000 + minute as i64 * 60_000);
    Moment { epoch: EpochId::from_bytes([epoch; 8]), monotonic_ms: minute * 60_000, wall, seen: None }
}

fn user(n: u8) -> UserId {
    UserId::from_bytes([n; 16])
}

fn extended() -> Document {
    let mut document = Document::skeleton(VISIT).unwrap();
    document.extend().unwrap().unwrap();
    document
}

/// One of every kind, and of every way that a kind can be.
fn every_fact() -> Vec<Fact> {
    let (photo, record, id) =
        (PhotoId::from_bytes([0x33; 16]), RecordId::from_bytes([0x44; 16]), FactId::from_bytes([0x66; 8]));
    let at = moment(1, 5);
    let correction =
        Correction { at: Timestamp(1_790_000_060_000), reason: CorrectionReason::ForgotToTap, made: at };
    let signed =
        Acceptance::Signed { record, strokes: 3, ink: 12_345, relation: Relation::Neighbour, photo, at };
    let serial = Serial { record, length: 7, source: SerialSource::Scanned, at };
    let look = Look { luma: 130, sharpness: 77, print: Fingerprint::from_bytes([0x5a; 8]) };
    let asked = Asked { what: Wish::Reschedule, code: ReasonCode::RS11, at, withdrawn: false };
    vec![
        Fact::Correction(Step::Arrived, correction),
        Fact::Pause(id, Pause { began: at, ended: None }),
        Fact::Pause(id, Pause { began: at, ended: Some(moment(1, 9)) }),
        Fact::Eta(Eta { earliest: Timestamp(1_790_000_000_000), latest: Timestamp(1_790_000_900_000), at }),
        Fact::Crew(user(1), Presence { was_there: true }),
        Fact::CrewStep(user(1), Step::Started, at),
        Fact::Acceptance(Acceptance::Unsigned { reason: UnsignedReason::NotHome, at }),
        Fact::Acceptance(signed),
        Fact::Serial("unit".to_owned(), serial),
        Fact::Caption(photo, Caption { record }),
        Fact::Look(photo, look),
        Fact::Attempt(id, Attempt { how: AttemptHow::Rang, at }),
        Fact::Outcome(Outcome::Served),
        Fact::Outcome(Outcome::NoShow { at }),
        Fact::Outcome(Outcome::SecondVisit { reason: SecondVisitReason::Site, at }),
        Fact::Request(RequestId::from_bytes([0x77; 16]), asked),
        Fact::Request(RequestId::from_bytes([0x77; 16]), Asked { withdrawn: true, ..asked }),
    ]
}

/// What the file holds; `made` where it is new and asked for.
fn golden(name: &str, made: &serde_json::Value) -> serde_json::Value {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name);
    if !path.exists() && std::env::var_os("DOORSTEP_GOLDEN").is_some_and(|wish| wish == "write") {
        std::fs::write(&path, format!("{}\n", serde_json::to_string_pretty(made).unwrap())).unwrap();
    }
    serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap()
}

#[test]
fn a_document_is_extended_once_whoever_asks_and_by_the_same_bytes_for_good() {
    let mut old = Document::skeleton(VISIT).unwrap();
    old.edit(actor(1), &[Put::Answer("tested".to_owned(), Answer::Yes)]).unwrap();
    let mut new = Document::skeleton(VISIT).unwrap();
    let (late, early) = (old.extend().unwrap().unwrap(), new.extend().unwrap().unwrap());
    assert_eq!(late, early, "the same whatever the document holds");
    assert_eq!((old.extend().unwrap(), new.extend().unwrap()), (None, None));
    let made = json!({ "change": hex::encode(&late.bytes), "document": hex::encode(new.save()) });
    assert_eq!(golden("extension.v1.json", &made), made);
    // A phone that recorded meanwhile, in a document without room, takes it like any other change.
    let mut phone = Document::skeleton(VISIT).unwrap();
    phone.edit(actor(2), &[Put::Step(Step::Arrived, moment(2, 1))]).unwrap();
    phone.merge(&mut old).unwrap();
    let closeout = phone.read().unwrap();
    assert!(closeout.takes_facts);
    assert_eq!((closeout.answers.len(), closeout.steps.len(), closeout.conflicts.len()), (1, 1, 0));
    assert!(Document::load(&phone.save()).unwrap().takes_facts());
}

#[test]
fn a_document_without_room_says_so_and_stays_as_it_was() {
    let mut document = Document::skeleton(VISIT).unwrap();
    let heads = document.heads();
    let refused = document.edit(actor(1), &[Put::Fact(Fact::Outcome(Outcome::Served))]);
    assert!(matches!(refused, Err(DocumentError::Lacks("facts"))));
    assert_eq!(document.heads(), heads);
    let serial = Serial {
        record: RecordId::from_bytes([1; 16]),
        length: 1,
        source: SerialSource::Typed,
        at: moment(1, 1),
    };
    assert!(extended().edit(actor(1), &[Put::Fact(Fact::Serial(String::new(), serial))]).is_err());
    assert!(!document.read().unwrap().takes_facts);
}

#[test]
fn every_kind_of_fact_comes_back_and_makes_the_same_change_for_good() {
    let mut document = extended();
    let mut changes = Vec::new();
    for fact in every_fact() {
        let change = document.edit(actor(1), &[Put::Fact(fact.clone())]).unwrap().unwrap();
        changes.push(hex::encode(&change.bytes));
        assert!(document.read().unwrap().facts().contains(&fact), "{fact:?}");
    }
    assert_eq!(golden("facts.v1.json", &json!(changes)), json!(changes));
    let closeout = document.read().unwrap();
    let shown = serde_json::to_value(&closeout).unwrap();
    assert_eq!(golden("closeout.v2.json", &shown), shown);
    assert_eq!(serde_json::from_value::<Closeout>(shown).unwrap(), closeout);
    // What one closeout says, written into another, makes the other the same.
    let mut other = extended();
    let puts: Vec<Put> = closeout.facts().into_iter().map(Put::Fact).collect();
    other.edit(actor(2), &puts).unwrap();
    assert_eq!(other.read().unwrap().facts(), closeout.facts());
    let bytes = changes.iter().map(|change| hex::decode(change).unwrap()).collect();
    let admitted = admit::admit(&extended(), actor(1).device, &Incoming::Changes(bytes)).unwrap();
    assert_eq!(admitted.closeout, closeout);
}

#[test]
fn two_phones_that_record_their_own_steps_never_conflict() {
    let (mut one, mut two) = (extended(), extended());
    let steps = [Step::OnMyWay, Step::Arrived, Step::Started, Step::Finished];
    for (n, step) in (0u64..).zip(steps) {
        one.edit(actor(1), &[Put::Fact(Fact::CrewStep(user(1), step, moment(1, 10 + n)))]).unwrap();
        two.edit(actor(2), &[Put::Fact(Fact::CrewStep(user(2), step, moment(2, 12 + 2 * n)))]).unwrap();
    }
    one.merge(&mut two).unwrap();
    let closeout = one.read().unwrap();
    assert_eq!(closeout.conflicts, Vec::<String>::new());
    // The first start, and the last finish.
    assert_eq!(closeout.steps[&Step::OnMyWay], moment(1, 10));
    assert_eq!(closeout.steps[&Step::Started], moment(1, 12));
    assert_eq!(closeout.steps[&Step::Finished], moment(2, 18));
    assert_eq!(closeout.is_of_crew(Step::Finished), Some(user(2)));
    assert_eq!(one.source_of(Step::Finished), one.source_of_crew_step(user(2), Step::Finished));
    assert_ne!(one.source_of(Step::Finished), None);
    // A step from before there were two counts among theirs.
    one.edit(actor(1), &[Put::Step(Step::Started, moment(1, 11))]).unwrap();
    assert_eq!(one.read().unwrap().steps[&Step::Started], moment(1, 11));
    let recordings = one.recordings(Step::Started).unwrap();
    assert_eq!(recordings.len(), 3);
    // Whoever was not there, as is said now, sets no time; what they recorded stays.
    let mut alone = one.clone();
    alone.edit(actor(1), &[Put::Fact(Fact::Crew(user(2), Presence { was_there: false }))]).unwrap();
    let closeout = alone.read().unwrap();
    assert_eq!(closeout.steps[&Step::Finished], moment(1, 13));
    assert_eq!((closeout.crew_steps.len(), alone.recordings(Step::Finished).unwrap().len()), (2, 1));
    assert_eq!(alone.source_of(Step::Finished), one.source_of_crew_step(user(1), Step::Finished));
    assert_eq!(one.source_of(Step::Started), Some(recordings[0].1));
}

#[test]
fn facts_that_two_phones_wrote_at_once_are_named_and_can_be_settled() {
    let (mut one, mut two) = (extended(), extended());
    one.edit(actor(1), &[Put::Fact(Fact::Outcome(Outcome::NoShow { at: moment(1, 30) }))]).unwrap();
    two.edit(actor(2), &[Put::Fact(Fact::Outcome(Outcome::Served))]).unwrap();
    one.merge(&mut two).unwrap();
    assert_eq!(one.read().unwrap().conflicts, ["facts.outcome"]);
    let contested = one.contested().unwrap();
    assert_eq!(
        (contested.len(), contested[0].field.as_str(), contested[0].versions.len()),
        (1, "facts.outcome", 2)
    );
    one.edit(actor(3), &[contested[0].versions[0].put.clone()]).unwrap();
    assert!(one.contested().unwrap().is_empty());
    assert_eq!(
        Some(&one.read().unwrap().facts()),
        match &contested[0].versions[0].put {
            Put::Fact(fact) => Some(vec![fact.clone()]),
            _ => None,
        }
        .as_ref()
    );
}

/// What a device of `actor(1)` would have written with automerge at hand.
fn forged(from: &Document, write: impl FnOnce(&mut automerge::transaction::Transaction<'_>)) -> Vec<u8> {
    let mut doc = Automerge::load(&from.save()).unwrap();
    doc.set_actor(automerge::ActorId::from(&actor(1).to_bytes()[..]));
    let mut tx = doc.transaction();
    write(&mut tx);
    tx.commit();
    doc.get_last_local_change().unwrap().raw_bytes().to_vec()
}

fn refused(document: &Document, change: Vec<u8>) -> &'static str {
    admit::admit(document, actor(1).device, &Incoming::Changes(vec![change])).unwrap_err().code()
}

#[test]
fn a_device_can_neither_make_room_nor_take_it_away() {
    let skeleton = Document::skeleton(VISIT).unwrap();
    let own = forged(&skeleton, |tx| drop(tx.put_object(ROOT, "facts", ObjType::Map).unwrap()));
    assert_eq!(refused(&skeleton, own), "change_breaks_schema");
    let over = forged(&extended(), |tx| drop(tx.put_object(ROOT, "facts", ObjType::Map).unwrap()));
    assert_eq!(refused(&extended(), over), "change_breaks_schema");
    let scalar = forged(&skeleton, |tx| tx.put(ROOT, "facts", 1).unwrap());
    assert_eq!(refused(&skeleton, scalar), "change_breaks_schema");
    let gone = forged(&extended(), |tx| tx.delete(ROOT, "facts").unwrap());
    assert_eq!(refused(&extended(), gone), "change_breaks_schema");
    // The server's own change, brought by a device to a document that has not got it.
    let extension = Document::skeleton(VISIT).unwrap().extend().unwrap().unwrap();
    assert_eq!(refused(&skeleton, extension.bytes), "change_foreign_actor");
}

#[test]
fn facts_that_are_none_of_their_kind_are_refused() {
    let document = extended();
    let hostile = |key: &str, value: ScalarValue| {
        forged(&document, |tx| {
            let facts = tx.get(ROOT, "facts").unwrap().unwrap().1;
            tx.put(facts, key, value).unwrap();
        })
    };
    // A true value, taken from an honest change.
    let mut honest = extended();
    honest.edit(actor(1), &[Put::Fact(Fact::Outcome(Outcome::Served))]).unwrap();
    let raw = Automerge::load(&honest.save()).unwrap();
    let facts = raw.get(ROOT, "facts").unwrap().unwrap().1;
    let value = raw.get(&facts, "outcome").unwrap().unwrap().0.into_scalar().unwrap();
    admit::admit(&document, actor(1).device, &Incoming::Changes(vec![hostile("outcome", value.clone())]))
        .unwrap();
    let keys = [
        "eta",
        "outcome/",
        "outcome/1",
        "pause/6666666666666666",
        "correction/arrived",
        "crew",
        "",
        "serial/",
    ];
    for key in keys {
        assert_eq!(refused(&document, hostile(key, value.clone())), "change_breaks_schema", "{key}");
    }
    let values = [
        ScalarValue::Bytes(vec![1]),
        ScalarValue::Bytes(vec![2, 10, 0]),
        ScalarValue::Bytes(vec![1, 10, 0, 0]),
    ];
    for wrong in
        values.into_iter().chain([ScalarValue::Str("served".into()), ScalarValue::Bytes(vec![1, 99])])
    {
        assert_eq!(refused(&document, hostile("outcome", wrong)), "change_breaks_schema");
    }
    let long = format!("serial/{}", "x".repeat(60));
    assert_eq!(refused(&document, hostile(&long, value)), "change_breaks_schema");
}
