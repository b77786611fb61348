//! What a document may look like after a change: a closeout, on the skeleton the server made.

use crate::{actor, admit_changes, admit_save, assert_sound, moment, skeleton};
use automerge::{
    Automerge, AutomergeError, ObjId, ObjType, ROOT, ReadDoc, ScalarValue,
    transaction::{Transactable, Transaction},
};
use doorstep_core::{
    closeout::{Answer, Step},
    document::{
        Document, Put,
        admit::{MAX_DOCUMENT_BYTES, Refusal},
    },
    id::AppointmentId,
    time::{Moment, Timestamp},
};

pub(crate) fn changes_beyond_skeleton(document: &Automerge) -> Vec<Vec<u8>> {
    let known = Automerge::load(&skeleton().save()).unwrap().get_heads();
    document.get_changes(&known).iter().map(|change| change.raw_bytes().to_vec()).collect()
}

/// A phone that writes with automerge itself, past our typed door.
fn refusal(
    write: impl Fn(&mut Transaction<'_>, &dyn Fn(&str) -> ObjId) -> Result<(), AutomergeError>,
) -> Refusal {
    let mut document = Automerge::load(&skeleton().save()).unwrap();
    document.set_actor(actor(1).into());
    let maps = document.clone();
    let map = |name: &str| maps.get(ROOT, name).unwrap().unwrap().1;
    let mut tx = document.transaction();
    write(&mut tx, &map).unwrap();
    tx.commit();
    let changes = changes_beyond_skeleton(&document);
    assert_eq!(changes.len(), 1);
    let options = automerge::SaveOptions { deflate: false, retain_orphans: false };
    let by_save = admit_save(&skeleton(), document.save_with_options(options)).unwrap_err();
    let by_changes = admit_changes(&skeleton(), changes).unwrap_err();
    assert_eq!(by_changes.code(), by_save.code());
    by_changes
}

fn assert_schema(refusal: &Refusal, field: &str) {
    match refusal {
        Refusal::Schema(words) => assert!(words.starts_with(field), "{words} is not about {field}"),
        other => panic!("{other:?} instead of {field}"),
    }
}

#[test]
fn a_map_or_value_that_is_not_of_a_closeout_is_refused() {
    assert_schema(&refusal(|tx, _| tx.put(ROOT, "buyer", "a name")), "buyer");
    assert_schema(&refusal(|tx, _| tx.put_object(ROOT, "more", ObjType::Map).map(drop)), "more");
    assert_schema(&refusal(|tx, _| tx.put_object(ROOT, "list", ObjType::List).map(drop)), "list");
}

#[test]
fn the_skeleton_can_be_neither_replaced_nor_deleted() {
    for map in ["steps", "answers", "photos", "removed", "records"] {
        assert_schema(&refusal(|tx, _| tx.put_object(ROOT, map, ObjType::Map).map(drop)), map);
        assert_schema(&refusal(|tx, _| tx.delete(ROOT, map)), map);
        assert_schema(&refusal(|tx, _| tx.put(ROOT, map, 1)), map);
    }
    let other = AppointmentId::from_bytes([9; 16]).as_bytes().to_vec();
    assert_schema(&refusal(|tx, _| tx.put(ROOT, "appointment", ScalarValue::Bytes(other.clone()))), "schema");
    let schema = |value: ScalarValue| refusal(move |tx, _| tx.put(ROOT, "schema", value.clone()));
    assert_schema(&schema(ScalarValue::Uint(2)), "schema");
    assert_schema(&schema(ScalarValue::Int(1)), "schema");
    assert_schema(&refusal(|tx, _| tx.delete(ROOT, "schema")), "schema");
    assert_schema(&refusal(|tx, _| tx.delete(ROOT, "appointment")), "appointment");
}

#[test]
fn a_map_beside_the_skeletons_one_is_refused() {
    // Written without having seen the skeleton's: automerge keeps both.
    let mut document = Automerge::new().with_actor(actor(1).into());
    let mut tx = document.transaction();
    tx.put_object(ROOT, "steps", ObjType::Map).unwrap();
    tx.commit();
    let changes = document.get_changes(&[]).iter().map(|change| change.raw_bytes().to_vec()).collect();
    assert_schema(&admit_changes(&skeleton(), changes).unwrap_err(), "steps");
}

#[test]
fn a_value_of_another_type_is_refused() {
    let odd = || {
        let counter = ScalarValue::counter(1);
        let bytes = ScalarValue::Bytes(vec![1, 2, 3]);
        let coded = ScalarValue::Bytes(vec![9; 60]);
        let unknown = ScalarValue::Unknown { type_code: 12, bytes: vec![1] };
        let text = ScalarValue::Str("maybe".into());
        let time = ScalarValue::Timestamp(1);
        [
            ScalarValue::Null,
            ScalarValue::Int(1),
            ScalarValue::F64(0.5),
            text,
            time,
            counter,
            bytes,
            coded,
            unknown,
        ]
    };
    let keys =
        [("steps", "arrived"), ("answers", "tested"), ("photos", ID), ("removed", ID), ("records", ID)];
    for (map, key) in keys {
        for value in odd() {
            let found = refusal(|tx, maps| tx.put(maps(map), key, value.clone()));
            assert_schema(&found, &format!("{map}.{key}"));
        }
        for kind in [ObjType::Map, ObjType::List, ObjType::Text, ObjType::Table] {
            let found = refusal(|tx, maps| tx.put_object(maps(map), key, kind).map(drop));
            assert_schema(&found, &format!("{map}.{key}"));
        }
    }
}

const ID: &str = "0123456789abcdef0123456789abcdef";

#[test]
fn counters_texts_lists_and_marks_are_refused() {
    let text = refusal(|tx, maps| {
        let text = tx.put_object(maps("answers"), "tested", ObjType::Text)?;
        tx.splice_text(&text, 0, 0, "yes")?;
        let bold = automerge::marks::Mark::new("bold".to_owned(), true, 0, 3);
        tx.mark(&text, bold, automerge::marks::ExpandMark::Both)
    });
    assert_schema(&text, "answers.tested");
    let list = refusal(|tx, maps| {
        let list = tx.put_object(maps("photos"), ID, ObjType::List)?;
        tx.insert(&list, 0, "one")
    });
    assert_schema(&list, "photos");
    let counter = refusal(|tx, maps| {
        let answers = maps("answers");
        tx.put(&answers, "tested", ScalarValue::counter(1))?;
        tx.increment(&answers, "tested", 5)
    });
    assert_schema(&counter, "answers.tested");
}

#[test]
fn keys_that_are_no_steps_or_ids_are_refused() {
    let bytes = ScalarValue::Bytes(vec![1]);
    assert_schema(&refusal(|tx, maps| tx.put(maps("steps"), "left", bytes.clone())), "steps.left");
    let upper = ID.to_uppercase();
    assert_schema(&refusal(|tx, maps| tx.put(maps("removed"), upper.as_str(), true)), "removed");
    let long = "q".repeat(65);
    assert_schema(&refusal(|tx, maps| tx.put(maps("answers"), long.as_str(), "yes")), "answers");
}

#[test]
fn more_entries_than_a_closeout_can_have_are_refused() {
    let write = |count: usize| {
        let mut document = Automerge::load(&skeleton().save()).unwrap();
        document.set_actor(actor(1).into());
        let answers = document.get(ROOT, "answers").unwrap().unwrap().1;
        let mut tx = document.transaction();
        for n in 0..count {
            tx.put(&answers, format!("q{n}"), "yes").unwrap();
        }
        tx.commit();
        admit_changes(&skeleton(), changes_beyond_skeleton(&document))
    };
    assert_sound(&write(499).unwrap());
    assert_schema(&write(501).unwrap_err(), "answers");
    assert!(matches!(write(20_001).unwrap_err(), Refusal::Overweight(_)));
}

#[test]
fn the_typed_door_writes_nothing_that_would_not_be_admitted() {
    let mut document = skeleton();
    for n in 0..500 {
        document.edit(actor(1), &[Put::Answer(format!("q{n}"), Answer::Yes)]).unwrap();
    }
    let heads = document.heads();
    document.edit(actor(1), &[Put::Answer("one more".to_owned(), Answer::Yes)]).unwrap_err();
    document.edit(actor(1), &[Put::Answer("q".repeat(65), Answer::Yes)]).unwrap_err();
    assert_eq!(document.heads(), heads);
    // What is there can still be changed, and other maps have room of their own.
    let puts = [Put::Answer("q7".to_owned(), Answer::No), Put::Step(Step::Arrived, moment(1))];
    document.edit(actor(1), &puts).unwrap().unwrap();
    let changes =
        document.changes_since(&skeleton().heads()).into_iter().map(|change| change.bytes).collect();
    assert_eq!(admit_changes(&skeleton(), changes).unwrap().closeout, document.read().unwrap());
}

#[test]
fn a_document_grows_to_its_limit_and_no_further() {
    let mut document = skeleton();
    // The history of a step written over and over, in values that do not compress.
    let odd = |n: u64| Moment { wall: Timestamp(n.wrapping_mul(0x9e37_79b9_7f4a_7c15) as i64), ..moment(n) };
    let refused = (0..).find_map(|round| {
        let puts: Vec<Put> = (0..5_000).map(|n| Put::Step(Step::Arrived, odd(round * 5_000 + n))).collect();
        let change = document.clone().edit(actor(1), &puts).unwrap().unwrap();
        match admit_changes(&document, vec![change.bytes]) {
            Ok(admitted) => {
                assert!(admitted.saved.len() <= MAX_DOCUMENT_BYTES);
                document = admitted.document;
                None
            }
            Err(refused) => Some(refused),
        }
    });
    assert_eq!(refused, Some(Refusal::Full));
    assert_eq!(Document::load(&document.save()).unwrap().read(), document.read());
}
