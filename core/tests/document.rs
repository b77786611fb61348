//! Closeout documents on several devices: whatever order they exchange in, they end alike and keep everything.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use automerge::{Automerge, ROOT, ReadDoc};
use doorstep_core::{
    closeout::{Answer, RecordFacts, RecordKind, Step},
    digest::Sha256,
    document::{
        Actor, Document, Put,
        admit::{self, Incoming},
    },
    id::{AppointmentId, DeviceId, EpochId, PhotoId, RecordId},
    photo::{MediaType, PhotoFacts},
    time::{Moment, Timestamp},
};
use proptest::prelude::*;

const VISIT: AppointmentId = AppointmentId::from_bytes([0xa1; 16]);

fn actor(device: usize) -> Actor {
    let n = device as u8 + 1;
    Actor { device: DeviceId::from_bytes([n; 16]), epoch: EpochId::from_bytes([n; 8]) }
}

fn moment(n: u64) -> Moment {
    let wall = Timestamp(1_790_000_000_000 + n as i64);
    Moment { epoch: EpochId::from_bytes([1; 8]), monotonic_ms: n, wall, seen: None }
}

fn facts(n: u8) -> PhotoFacts {
    PhotoFacts {
        shot: "after".to_owned(),
        sha256: Sha256::of(&[n]),
        size: 400_000,
        width: 2048,
        height: 1536,
        media: MediaType::Jpeg,
        taken: moment(u64::from(n)),
    }
}

fn any_put() -> impl Strategy<Value = Put> {
    let answer = prop::sample::select(vec![Answer::Yes, Answer::No, Answer::NotApplicable]);
    let step = prop::sample::select(Step::ALL.to_vec());
    prop_oneof![
        (step, 0..4u64).prop_map(|(step, n)| Put::Step(step, moment(n))),
        (0..3u8, answer).prop_map(|(n, answer)| Put::Answer(format!("q{n}"), answer)),
        (0..4u8).prop_map(|n| Put::Photo(PhotoId::from_bytes([n; 16]), facts(n))),
        (0..4u8).prop_map(|n| Put::RemovePhoto(PhotoId::from_bytes([n; 16]))),
        any::<[u8; 16]>().prop_map(|id| {
            let facts = RecordFacts { kind: RecordKind::Note, length: 4, step: None };
            Put::Record(RecordId::from_bytes(id), facts)
        }),
    ]
}

#[derive(Clone, Debug)]
enum Deed {
    Edit(usize, Vec<Put>),
    /// One device takes what another has, as changes or as a save.
    Take {
        from: usize,
        to: usize,
        as_save: bool,
    },
    Reload(usize),
    /// A device exchanges with the server, which admits what it brings.
    Meet(usize),
}

fn any_deed() -> impl Strategy<Value = Deed> {
    prop_oneof![
        4 => (0..3usize, prop::collection::vec(any_put(), 1..4)).prop_map(|(n, puts)| Deed::Edit(n, puts)),
        2 => (0..3usize, 0..3usize, any::<bool>())
            .prop_map(|(from, to, as_save)| Deed::Take { from, to, as_save }),
        1 => (0..3usize).prop_map(Deed::Reload),
        2 => (0..3usize).prop_map(Deed::Meet),
    ]
}

fn take(from: &Document, to: &mut Document, as_save: bool) {
    if as_save {
        to.merge(&mut Document::load(&from.save()).unwrap()).unwrap();
    } else {
        let changes: Vec<_> =
            from.changes_since(&to.heads()).into_iter().map(|change| change.bytes).collect();
        to.apply_own(&changes).unwrap();
    }
}

fn number_of_changes(document: &Document) -> usize {
    document.changes_since(&[]).len()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn devices_that_exchange_in_any_order_end_alike(deeds in prop::collection::vec(any_deed(), 0..25)) {
        let skeleton = Document::skeleton(VISIT).unwrap();
        let mut devices = vec![skeleton.clone(); 3];
        // No device passes on another's changes to the server here: each is bound to its own.
        let mut server = skeleton.clone();
        let mut own: Vec<Vec<Vec<u8>>> = vec![vec![]; 3];
        let mut edits = 0;
        for deed in deeds {
            match deed {
                Deed::Edit(n, puts) => {
                    let before = number_of_changes(&devices[n]);
                    let change = devices[n].edit(actor(n), &puts).unwrap();
                    let after = number_of_changes(&devices[n]);
                    prop_assert_eq!(after - before, usize::from(change.is_some()), "one change per edit");
                    if let Some(change) = change {
                        prop_assert_eq!(Sha256::of(&[]) == change.hash, false);
                        own[n].push(change.bytes);
                        edits += 1;
                    }
                }
                Deed::Take { from, to, as_save } => {
                    let theirs = devices[from].clone();
                    take(&theirs, &mut devices[to], as_save);
                }
                Deed::Reload(n) => {
                    let (save, heads) = (devices[n].save(), devices[n].heads());
                    devices[n] = Document::load(&save).unwrap();
                    prop_assert_eq!(devices[n].heads(), heads);
                }
                Deed::Meet(n) => {
                    let incoming = Incoming::Changes(own[n].clone());
                    // Refused only while a change of another device that it builds on is missing.
                    match admit::admit(&server, actor(n).device, &incoming) {
                        Ok(admitted) => server = admitted.document,
                        Err(refusal) => {
                            let codes = ["change_without_dependency", "change_foreign_actor"];
                            prop_assert!(codes.contains(&refusal.code()), "{}", refusal);
                        }
                    }
                    take(&server, &mut devices[n], true);
                }
            }
        }
        for (from, to) in [(0, 1), (1, 2), (2, 0), (0, 1)] {
            let theirs = devices[from].clone();
            take(&theirs, &mut devices[to], edits % 2 == 0);
        }
        prop_assert_eq!(number_of_changes(&devices[0]), edits + 1);
        let closeout = devices[0].read().unwrap();
        for device in &devices[1..] {
            prop_assert_eq!(device.heads(), devices[0].heads());
            prop_assert_eq!(&device.read().unwrap(), &closeout);
        }
        // What the server has is part of it.
        let mut all = devices[0].clone();
        all.merge(&mut server).unwrap();
        prop_assert_eq!(all.heads(), devices[0].heads());
        prop_assert_eq!(all.heads_under(&server.heads()), server.heads());
    }

    #[test]
    fn what_lies_under_two_sets_of_heads_is_their_union(first in 0..6usize, second in 0..6usize) {
        let mut document = Document::skeleton(VISIT).unwrap();
        let mut states = vec![document.heads()];
        for n in 0..5u64 {
            let mut side = document.clone();
            side.edit(actor(1), &[Put::Step(Step::Arrived, moment(n))]).unwrap();
            document.edit(actor(0), &[Put::Step(Step::Started, moment(n))]).unwrap();
            document.merge(&mut side).unwrap();
            states.push(document.heads());
        }
        let united = [states[first].clone(), states[second].clone()].concat();
        prop_assert_eq!(document.heads_under(&united), states[first.max(second)].clone());
        // Heads nobody knows cover nothing.
        prop_assert_eq!(document.heads_under(&[Sha256::of(b"unknown")]), vec![]);
    }
}

#[test]
fn values_that_two_devices_wrote_at_once_are_all_kept_and_named() {
    let mut first = Document::skeleton(VISIT).unwrap();
    let mut second = first.clone();
    first.edit(actor(0), &[Put::Step(Step::Arrived, moment(1))]).unwrap();
    second.edit(actor(1), &[Put::Step(Step::Arrived, moment(2))]).unwrap();
    // The same by both is no conflict.
    first.edit(actor(0), &[Put::Answer("tested".to_owned(), Answer::Yes)]).unwrap();
    second.edit(actor(1), &[Put::Answer("tested".to_owned(), Answer::Yes)]).unwrap();
    first.merge(&mut second).unwrap();
    let closeout = first.read().unwrap();
    assert_eq!(closeout.conflicts, ["steps.arrived"]);
    assert!([moment(1), moment(2)].contains(&closeout.steps[&Step::Arrived]));
    let raw = Automerge::load(&first.save()).unwrap();
    let (_, steps) = raw.get(ROOT, "steps").unwrap().unwrap();
    assert_eq!(raw.get_all(&steps, "arrived").unwrap().len(), 2);
    assert!(first.contains(&first.source_of(Step::Arrived).unwrap()));

    // Each value is named by the change that wrote it, with the device; the one shown is the last.
    let contested = first.contested().unwrap();
    assert_eq!(contested.len(), 1);
    assert_eq!(contested[0].field, "steps.arrived");
    let versions = &contested[0].versions;
    let devices: Vec<_> = versions.iter().map(|version| version.device).collect();
    assert_eq!(
        (versions.len(), devices.contains(&actor(0).device), devices.contains(&actor(1).device)),
        (2, true, true)
    );
    assert_eq!(first.source_of(Step::Arrived), versions.last().map(|version| version.change));

    // Choosing the other settles it on that one.
    let mut chosen = first.clone();
    let Put::Step(Step::Arrived, other) = versions[0].put.clone() else { panic!("a step") };
    chosen.edit(actor(2), &[versions[0].put.clone()]).unwrap();
    assert_eq!(chosen.read().unwrap().steps[&Step::Arrived], other);
    assert!(chosen.contested().unwrap().is_empty());

    // Whoever writes after seeing both settles it.
    let settled = first.edit(actor(0), &[Put::Step(Step::Arrived, moment(3))]).unwrap().unwrap();
    assert_eq!(first.read().unwrap().conflicts, Vec::<String>::new());
    assert_eq!(first.source_of(Step::Arrived), Some(settled.hash));
}

#[test]
fn a_photo_taken_out_on_one_device_and_kept_on_another_is_taken_out_and_on_record() {
    let photo = PhotoId::from_bytes([3; 16]);
    let mut first = Document::skeleton(VISIT).unwrap();
    first.edit(actor(0), &[Put::Photo(photo, facts(3))]).unwrap();
    let mut second = first.clone();
    first.edit(actor(0), &[Put::RemovePhoto(photo)]).unwrap();
    second.edit(actor(1), &[Put::Photo(photo, facts(3))]).unwrap();
    first.merge(&mut second).unwrap();
    let closeout = first.read().unwrap();
    assert!(closeout.photos[&photo].removed);
    assert_eq!((closeout.proof().count(), closeout.photos.len()), (0, 1));
}

#[test]
fn an_edit_that_changes_nothing_is_no_change() {
    let mut document = Document::skeleton(VISIT).unwrap();
    let put = [Put::Answer("tested".to_owned(), Answer::Yes)];
    assert!(document.edit(actor(0), &put).unwrap().is_some());
    let heads = document.heads();
    assert_eq!(document.edit(actor(0), &put).unwrap(), None);
    assert_eq!(document.edit(actor(0), &[]).unwrap(), None);
    assert_eq!(document.heads(), heads);
}

#[test]
fn a_change_that_waits_for_another_is_not_in_the_save() {
    let mut document = Document::skeleton(VISIT).unwrap();
    let mut behind = document.clone();
    let first = document.edit(actor(0), &[Put::Step(Step::Arrived, moment(1))]).unwrap().unwrap();
    let second = document.edit(actor(0), &[Put::Step(Step::Started, moment(2))]).unwrap().unwrap();
    behind.apply_own(&[second.bytes]).unwrap();
    assert!(!behind.contains(&second.hash));
    assert_eq!(Document::load(&behind.save()).unwrap().heads(), Document::skeleton(VISIT).unwrap().heads());
    behind.apply_own(&[first.bytes]).unwrap();
    assert_eq!(behind.heads(), document.heads());
}

#[test]
fn a_photo_is_held_by_the_device_that_took_it() {
    let appointment = AppointmentId::from_bytes([1; 16]);
    let device = |n| DeviceId::from_bytes([n; 16]);
    let actor = |n| Actor { device: device(n), epoch: EpochId::from_bytes([n; 8]) };
    let moment =
        Moment { epoch: EpochId::from_bytes([2; 8]), monotonic_ms: 1, wall: Timestamp(1), seen: None };
    let facts = PhotoFacts {
        shot: "after".to_owned(),
        sha256: Sha256::of(b"a picture"),
        size: 9,
        width: 1,
        height: 1,
        media: MediaType::Jpeg,
        taken: moment,
    };
    let (mine, theirs) = (PhotoId::from_bytes([3; 16]), PhotoId::from_bytes([4; 16]));
    let mut document = Document::skeleton(appointment).unwrap();
    document.edit(actor(2), &[Put::Photo(mine, facts.clone())]).unwrap();
    document.edit(actor(5), &[Put::Photo(theirs, facts)]).unwrap();
    let document = Document::load(&document.save()).unwrap();
    assert_eq!(document.holder_of(mine), Some(device(2)));
    assert_eq!(document.holder_of(theirs), Some(device(5)));
    assert_eq!(document.holder_of(PhotoId::from_bytes([6; 16])), None);
}
