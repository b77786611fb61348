//! Who wrote, in which order, on top of what.

use crate::{VISIT, actor, admit_changes, admit_save, assert_sound, chunk::Change, filled, skeleton};
use doorstep_core::{
    closeout::Answer,
    document::{
        Actor, Document, Put,
        admit::{self, Incoming, Refusal},
    },
    id::DeviceId,
};

/// The first honest change, with something else about it.
fn altered(n: usize, alter: impl FnOnce(&mut Change)) -> Result<admit::Admitted, Refusal> {
    let (_, changes) = filled();
    let mut before = skeleton();
    before.apply_own(&changes[..n]).unwrap();
    let mut change = Change::parse(&changes[n]);
    alter(&mut change);
    admit_changes(&before, vec![change.build()])
}

fn answer(question: &str) -> Put {
    Put::Answer(question.to_owned(), Answer::Yes)
}

#[test]
fn only_actors_of_the_device_may_write() {
    let foreign = DeviceId::from_bytes([8; 16]);
    for hostile in [
        Actor { device: foreign, ..actor(1) },
        Actor { device: DeviceId::from_bytes([0; 16]), ..actor(1) },
        Actor::of_skeleton(VISIT),
    ] {
        let mut document = skeleton();
        let change = document.edit(hostile, &[answer("a")]).unwrap().unwrap();
        let refused = admit_changes(&skeleton(), vec![change.bytes]).unwrap_err();
        assert_eq!(refused, Refusal::ForeignActor);
        assert_eq!(admit_save(&skeleton(), document.save_for_wire()).unwrap_err(), Refusal::ForeignActor);
    }
    for bytes in [vec![], vec![7; 16], vec![7; 23], vec![7; 25], vec![7; 200]] {
        assert_eq!(altered(0, |change| change.actor = bytes).unwrap_err(), Refusal::ForeignActor);
    }
    let ours = filled().1[..1].to_vec();
    let refused = admit::admit(&skeleton(), foreign, &Incoming::Changes(ours)).unwrap_err();
    assert_eq!(refused, Refusal::ForeignActor);
}

#[test]
fn an_actor_that_nobody_knows_is_not_spoken_of() {
    let refused = altered(1, |change| change.others.push(vec![9; 24])).unwrap_err();
    assert!(matches!(refused, Refusal::UnknownActor | Refusal::NotCanonical), "{refused:?}");
}

#[test]
fn a_gap_and_a_repetition_in_the_sequence_are_refused() {
    for seq in [0, 1, 3, 5, 1 << 40, u64::MAX / 2] {
        let refused = altered(3, |change| change.seq = seq).unwrap_err();
        assert_eq!(refused, Refusal::Sequence { last: 3, found: seq });
    }
}

#[test]
fn one_number_for_two_different_changes_is_refused() {
    let (before, _) = filled();
    let mut twin = skeleton();
    let change = twin.edit(actor(1), &[answer("twin")]).unwrap().unwrap();
    let refused = admit_changes(&before, vec![change.bytes.clone()]).unwrap_err();
    assert_eq!(refused, Refusal::Sequence { last: 7, found: 1 });
    // Within one exchange as well.
    let (_, changes) = filled();
    let refused = admit_changes(&skeleton(), vec![changes[0].clone(), change.bytes]).unwrap_err();
    assert_eq!(refused, Refusal::Sequence { last: 1, found: 1 });
}

#[test]
fn a_change_sent_twice_in_one_exchange_counts_once() {
    let (_, changes) = filled();
    let twice = vec![changes[0].clone(), changes[0].clone(), changes[1].clone()];
    let admitted = admit_changes(&skeleton(), twice).unwrap();
    assert_eq!(admitted.new.len(), 2);
    assert_sound(&admitted);
}

#[test]
fn a_change_without_what_it_depends_on_is_refused() {
    let (_, changes) = filled();
    let refused = admit_changes(&skeleton(), changes[1..].to_vec()).unwrap_err();
    assert_eq!(refused, Refusal::Sequence { last: 0, found: 2 });
    let refused = altered(0, |change| change.deps = vec![vec![5; 32]]).unwrap_err();
    assert_eq!(refused, Refusal::MissingDependency);
    let refused = admit_changes(&skeleton(), vec![changes[1].clone(), changes[0].clone()]).unwrap_err();
    assert_eq!(refused, Refusal::Sequence { last: 0, found: 2 });

    let mut other = skeleton();
    let unknown = other.edit(actor(2), &[answer("unknown")]).unwrap().unwrap();
    let next = other.edit(actor(3), &[answer("next")]).unwrap().unwrap();
    let refused = admit_changes(&skeleton(), vec![next.bytes.clone()]).unwrap_err();
    assert_eq!(refused, Refusal::MissingDependency);
    admit_changes(&skeleton(), vec![unknown.bytes, next.bytes]).unwrap();
}

#[test]
fn operations_are_numbered_on_from_what_the_writer_knew() {
    for start in [1, 2, 5, 9, 1 << 20, u64::from(u32::MAX), 1 << 40, i64::MAX as u64] {
        let refused = altered(0, |change| change.start_op = start).unwrap_err();
        assert!(
            matches!(refused, Refusal::OperationCounter { .. } | Refusal::Undecodable(_)),
            "{start}: {refused:?}"
        );
    }
}

#[test]
fn two_operations_of_one_actor_never_have_one_name() {
    let mut first = skeleton();
    let one = first.edit(actor(1), &[answer("a"), answer("b")]).unwrap().unwrap();
    let before = admit_changes(&skeleton(), vec![one.bytes]).unwrap().document;
    // The second change of the same actor, made as if it had never seen its own first.
    let mut change = Change::parse(&skeleton().edit(actor(1), &[answer("c")]).unwrap().unwrap().bytes);
    change.seq = 2;
    let refused = admit_changes(&before, vec![change.build()]).unwrap_err();
    assert_eq!(refused, Refusal::OperationCounter { limit: 9, found: 8 });
}

#[test]
fn authors_and_footers_are_refused() {
    for footer in [vec![0], vec![1, 2, 3], vec![0xff; 40]] {
        let refused = altered(0, |change| change.extra = footer).unwrap_err();
        assert!(matches!(refused, Refusal::Author | Refusal::NotCanonical), "{refused:?}");
    }
    let mut document = automerge::Automerge::load(&skeleton().save()).unwrap();
    document.set_actor(actor(1).into());
    document.set_author(Some(automerge::Author::from(&[9u8; 16][..])));
    let mut tx = document.transaction();
    automerge::transaction::Transactable::put(&mut tx, automerge::ROOT, "x", 1).unwrap();
    tx.commit();
    let changes = crate::shape::changes_beyond_skeleton(&document);
    assert_eq!(admit_changes(&skeleton(), changes).unwrap_err(), Refusal::Author);
}

#[test]
fn another_encoding_of_a_change_is_refused() {
    // A run of one value coded as a literal run, or with a number longer than it need be.
    let (_, changes) = filled();
    let honest = Change::parse(&changes[0]);
    let mut refused = 0;
    for at in 0..honest.columns.len() {
        let mut hostile = honest.clone();
        let column = &mut hostile.columns[at].1;
        match column.as_slice() {
            [0x7f, value] => *column = vec![1, *value],
            [1, value] => *column = vec![0x7f, *value],
            _ => continue,
        }
        admit_changes(&skeleton(), vec![hostile.build()]).unwrap_err();
        refused += 1;
    }
    assert!(refused > 0);
    // An empty column more.
    let refused = altered(0, |change| change.columns.push((200 << 4, vec![]))).unwrap_err();
    assert!(matches!(refused, Refusal::NotCanonical | Refusal::Undecodable(_)), "{refused:?}");
}

#[test]
fn five_thousand_changes_take_a_time_that_grows_with_their_number_only() {
    let mut document = skeleton();
    let mut changes = Vec::new();
    for n in 0..5_000u32 {
        let value = if n / 40 % 2 == 0 { Answer::Yes } else { Answer::No };
        let put = Put::Answer(format!("q{}", n % 40), value);
        changes.push(document.edit(actor(1), &[put]).unwrap().unwrap().bytes);
    }
    let time = |changes: &[Vec<u8>]| {
        let before = crate::cpu_ms();
        let admitted = admit_changes(&skeleton(), changes.to_vec()).unwrap();
        assert_eq!(admitted.new.len(), changes.len());
        crate::cpu_ms().zip(before).map(|(after, before)| after - before)
    };
    let (some, all) = (time(&changes[..1_250]), time(&changes));
    // Four times as many: quadratic would be sixteen times as long.
    if let Some((some, all)) = some.zip(all) {
        assert!(all < 9 * some.max(30), "{some} ms, then {all} ms");
    }
    assert_eq!(Document::load(&document.save()).unwrap().read().unwrap(), document.read().unwrap());
}
