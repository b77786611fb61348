//! Lost requests, lost answers and strange ones.

use crate::{
    server::{Whim, visit},
    world::{Asked, Fate, World},
};
use doorstep_core::{
    closeout::{Answer, Step},
    document::Actor,
    evidence::{EvidenceDay, EvidenceKey, POINT_BYTES, PublicKey},
    id::{DeviceId, EpochId, EvidenceKeyId},
    session::{Event, Saved},
    wire::{self, SyncRequest},
};

#[test]
fn an_exchange_whose_answer_was_lost_is_sent_again_and_changes_nothing() {
    let mut world = World::met(1);
    world.note(0, 0, "once");
    world.answer(0, 0, "tested", Answer::Yes);
    while world.commit(0) {}
    assert!(world.serve(0, Fate::AnswerIsLost));
    let after_first = world.server.documents[&visit(0)].heads();
    assert_eq!(world.saved(0, 0), Saved::OnPhone);
    world.settle();
    assert_eq!(world.saved(0, 0), Saved::Safe);
    assert_eq!(world.server.notes(visit(0)), ["once"]);
    assert_eq!(world.server.refused, 0);
    assert!(world.server.documents[&visit(0)].contains(&after_first[0]));

    // The same after a restart, by another actor.
    world.note(0, 0, "twice");
    while world.commit(0) {}
    assert!(world.serve(0, Fate::AnswerIsLost));
    let page = world.reopen(0);
    world.settle();
    assert_eq!(world.server.notes(visit(0)), ["once", "twice"]);
    assert_eq!(world.saved(page, 0), Saved::Safe);
}

#[test]
fn an_answer_of_an_unknown_version_or_of_somebody_else_is_no_answer() {
    let html = b"<html>Sign in to the hotel's network".to_vec();
    for body in [vec![], vec![2], vec![wire::VERSION], vec![wire::VERSION, 0xff, 0, 9], html] {
        let mut world = World::met(1);
        world.note(0, 0, "kept");
        while world.commit(0) {}
        world.page(0).asked.clear();
        world.give(0, Event::Synced { body });
        assert!(world.page(0).asked.is_empty(), "it is not asked again at once");
        assert!(world.view(0).sync.next_try_in_ms.is_some());
        assert_eq!(world.saved(0, 0), Saved::OnPhone);
        world.settle();
        assert_eq!(world.saved(0, 0), Saved::Safe);
    }
}

#[test]
fn documents_that_differ_are_found_within_two_round_trips() {
    let mut world = World::met(3);
    // Another phone of the same technician wrote.
    let other = Actor { device: DeviceId::from_bytes([8; 16]), epoch: EpochId::from_bytes([1; 8]) };
    let document = world.server.documents.get_mut(&visit(1)).unwrap();
    let put = doorstep_core::document::Put::Answer("tested".to_owned(), Answer::Yes);
    document.edit(other, &[put]).unwrap();
    world.answer(0, 0, "damage", Answer::No);
    let before = world.server.exchanges;
    world.settle();
    assert!(world.server.exchanges - before <= 2);
    assert_eq!(world.shown(0, 1).closeout.answers["tested"], Answer::Yes);
    assert_eq!(world.saved(0, 0), Saved::Safe);
    let page = world.reopen(0);
    assert_eq!(world.shown(page, 1).closeout.answers["tested"], Answer::Yes);
}

#[test]
fn a_server_that_never_agrees_is_not_asked_without_end() {
    for whim in [Whim::Refuses, Whim::RefusesWithout, Whim::IsSilent, Whim::Forgets] {
        let mut world = World::met(2);
        world.server.whims.insert(visit(0), whim);
        world.note(0, 0, "words");
        world.answer(0, 0, "tested", Answer::Yes);
        let before = world.server.exchanges;
        for _ in 0..100 {
            while world.commit(0) {}
            world.serve(0, Fate::Arrives);
        }
        assert!(world.server.exchanges - before < 10, "{}", world.server.exchanges - before);
        assert_eq!(world.saved(0, 0), Saved::OnPhone);
        assert_eq!(world.shown(0, 0).closeout.answers["tested"], Answer::Yes);
        // Other visits are not held up, and the server may change its mind.
        world.server.whims.clear();
        world.give(0, Event::TryNow);
        world.settle();
        assert_eq!(world.saved(0, 0), Saved::Safe);
        assert_eq!(world.server.notes(visit(0)), ["words"]);
    }
}

#[test]
fn more_than_one_message_takes_goes_up_in_several() {
    let mut world = World::met(4);
    // Notes that do not compress, as sealed ones never do: some 1.3 MB.
    for n in 0..24u32 {
        let text: String = (0..1_700)
            .map(|i| {
                doorstep_core::digest::Sha256::of(&(n * 10_000 + i).to_be_bytes()).to_string()[..32]
                    .to_owned()
            })
            .collect();
        world.note(0, (n % 4) as u8, &text);
        while world.commit(0) {}
    }
    let page = world.reopen(0);
    let mut exchanges = 0;
    while let Some(asked) = world.page(page).asked.front().cloned() {
        if asked == Asked::Sync {
            let body = world.body(page);
            assert!(body.len() <= wire::MAX_MESSAGE_BYTES);
            let request: SyncRequest = wire::decode(&body).unwrap();
            exchanges += usize::from(!request.documents.is_empty());
        }
        world.serve(page, Fate::Arrives);
        while world.commit(page) {}
    }
    assert!((2..=6).contains(&exchanges), "{exchanges}");
    assert_eq!((0..4).map(|n| world.server.notes(visit(n)).len()).sum::<usize>(), 24);
    assert!((0..4).all(|n| world.saved(page, n) == Saved::Safe));
}

#[test]
fn a_day_made_offline_and_reopened_goes_up_in_one_exchange() {
    let mut world = World::met(20);
    for n in 0..20 {
        world.step(0, n, Step::Started);
        for round in 0..10 {
            world.note(0, n, &format!("Visit {n}, note {round}"));
            let answer = if round % 2 == 0 { Answer::Yes } else { Answer::No };
            world.answer(0, n, "tested", answer);
        }
        world.step(0, n, Step::Finished);
    }
    while world.commit(0) {}
    let page = world.reopen(0);
    let before = world.server.exchanges;
    world.settle();
    assert_eq!(world.server.exchanges - before, 1);
    for n in 0..20 {
        assert_eq!(world.saved(page, n), Saved::Safe);
        assert_eq!(world.server.notes(visit(n)).len(), 10);
    }
}

#[test]
fn what_is_recorded_during_an_exchange_keeps_its_row_and_its_rescue_copy_until_its_own_receipt() {
    let mut world = World::new(1);
    world.server.day[0].evidence = Some(EvidenceKey {
        day: EvidenceDay(30_000),
        id: EvidenceKeyId::from_bytes([1; 16]),
        public: PublicKey::from_bytes([4; POINT_BYTES]),
    });
    world.open();
    world.settle();
    world.answer(0, 0, "tested", Answer::Yes);
    world.speak(0);
    world.answer(0, 0, "damage", Answer::No);
    while world.commit(0) {}
    assert_eq!((world.rows("change/"), world.outbox.len()), (2, 2));
    assert!(world.serve(0, Fate::Arrives));
    while world.commit(0) {}
    // The first is answered; of the second the server has nothing.
    assert_eq!((world.rows("change/"), world.outbox.len()), (1, 1));
    let later = world.outbox.first().cloned().unwrap();
    assert!(world.disk.contains_key(&later));
    // A page that starts now still owes nothing else, and sends it.
    let page = world.reopen(0);
    assert_eq!(world.view(page).sync.changes_to_send, 1);
    world.settle();
    assert_eq!(world.server.documents[&visit(0)].read().unwrap().answers.len(), 2);
    assert_eq!((world.rows("change/"), world.outbox.len(), world.saved(page, 0)), (0, 0, Saved::Safe));
}
