//! What the server does not take stays truthful on the phone.

use crate::{
    server::{DEVICE, visit},
    world::{Asked, Fate, World},
};
use doorstep_core::{
    closeout::{Answer, Step},
    document::{Actor, Document, Put, admit::Incoming},
    pii::Pii,
    session::{Event, ParkedKind, Saved},
    wire::{self, SyncRequest},
};

/// The server loses the last of what it had, as after a restore: what builds on it cannot be taken.
fn restore_backup(world: &mut World, backup: Document) {
    world.server.documents.insert(visit(0), backup);
}

#[test]
fn after_a_refusal_the_servers_document_is_taken_and_our_values_are_written_again_by_a_new_actor() {
    let mut world = World::met(1);
    let backup = world.server.documents[&visit(0)].clone();
    world.step(0, 0, Step::Arrived);
    world.settle();
    let first = world.server.documents[&visit(0)].read().unwrap().steps[&Step::Arrived];
    restore_backup(&mut world, backup);
    world.answer(0, 0, "tested", Answer::Yes);
    world.speak(0);
    world.note(0, 0, "kept");
    world.take_photo(0, 0, 1);
    world.settle();

    assert_eq!(world.server.refused, 1);
    let closeout = world.server.documents[&visit(0)].read().unwrap();
    assert_eq!(closeout.steps[&Step::Arrived], first, "the raw moment is kept, not that of the repetition");
    assert_eq!(closeout.answers["tested"], Answer::Yes);
    assert_eq!(closeout.photos.len(), 1);
    assert_eq!(world.server.notes(visit(0)), ["kept"]);
    assert_eq!(closeout.conflicts, Vec::<String>::new());
    assert_eq!(world.view(0).sync.refused, 1);
    assert_eq!(world.saved(0, 0), Saved::Safe);
    // Nothing of the refused changes comes back from the disk.
    let page = world.reopen(0);
    world.step(page, 0, Step::Started);
    world.settle();
    assert_eq!((world.server.refused, world.saved(page, 0)), (1, Saved::Safe));
}

#[test]
fn a_repeated_moment_is_not_tied_to_the_clock_of_the_page_that_repeats_it() {
    let mut world = World::met(1);
    let backup = world.server.documents[&visit(0)].clone();
    world.step(0, 0, Step::Arrived);
    world.settle();
    restore_backup(&mut world, backup);
    let page = world.reopen(0);
    world.note(page, 0, "kept");
    // Refused, and written again.
    while world.server.refused == 0 || !world.page(page).asked.iter().any(|a| *a == Asked::Sync) {
        assert!(world.serve(page, Fate::Arrives));
    }
    let request: SyncRequest = wire::decode(&world.body(page)).unwrap();
    let Some(Incoming::Changes(changes)) = &request.documents[0].incoming else { panic!("no changes") };
    for bytes in changes {
        let change = automerge::Change::from_bytes(bytes.clone()).unwrap();
        let actor = Actor::from_bytes(change.actor_id().to_bytes()).unwrap();
        assert_ne!(actor.epoch, request.epoch);
    }
    world.step(page, 0, Step::Started);
    let steps = world.shown(page, 0).closeout.steps;
    assert_ne!(steps[&Step::Arrived].epoch, request.epoch);
    assert_eq!(steps[&Step::Started].epoch, request.epoch, "the page's clock goes on");
    assert!(steps[&Step::Started].seen.unwrap().monotonic_ms.is_some());
    world.settle();
    assert_eq!(world.saved(page, 0), Saved::Safe);
}

#[test]
fn a_page_killed_within_a_refusal_still_has_its_values() {
    for cut in 0..12 {
        let mut world = World::met(1);
        let backup = world.server.documents[&visit(0)].clone();
        world.step(0, 0, Step::Arrived);
        world.settle();
        restore_backup(&mut world, backup);
        world.note(0, 0, "kept");
        assert!(world.commit(0));
        for at in 0..cut {
            let _ = if at % 2 == 0 { world.serve(0, Fate::Arrives) } else { world.commit(0) };
        }
        let page = world.reopen(0);
        world.settle();
        assert_eq!(world.server.notes(visit(0)), ["kept"], "cut {cut}");
        assert_eq!(world.saved(page, 0), Saved::Safe);
        assert!(world.server.documents[&visit(0)].read().unwrap().steps.contains_key(&Step::Arrived));
    }
}

#[test]
fn a_sequence_number_that_somebody_else_used_does_not_stop_the_visit_for_good() {
    let mut world = World::met(1);
    world.answer(0, 0, "tested", Answer::Yes);
    // The server has another change of the same actor and number, as if a page had been restored from a copy.
    let mut theirs = world.server.documents[&visit(0)].clone();
    let epoch = {
        let request: SyncRequest = wire::decode(&world.body(0)).unwrap();
        request.epoch
    };
    let twin = Actor { device: DEVICE, epoch };
    theirs.edit(twin, &[Put::Answer("damage".to_owned(), Answer::Yes)]).unwrap();
    world.server.documents.insert(visit(0), theirs);
    world.settle();
    let closeout = world.server.documents[&visit(0)].read().unwrap();
    assert_eq!(closeout.answers.len(), 2);
    assert_eq!(world.server.refused, 1);
    assert_eq!(world.saved(0, 0), Saved::Safe);
}

#[test]
fn a_refused_record_is_counted_and_its_text_stays_on_the_phone() {
    let mut world = World::met(1);
    world.server.refused_record_code = Some("record_too_large".to_owned());
    world.note(0, 0, "only here");
    world.settle();
    assert_eq!(world.saved(0, 0), Saved::OnPhone, "the server has not every record of it");
    let sync = world.view(0).sync;
    assert_eq!((sync.refused, sync.changes_to_send), (1, 0));
    let [parked] = &sync.parked[..] else { panic!("{:?}", sync.parked) };
    assert_eq!((parked.kind, parked.code.as_str()), (ParkedKind::Record, "record_too_large"));
    assert!(parked.place.starts_with(&format!("record/{}/", visit(0))));
    let exchanges = world.server.exchanges;
    world.settle();
    assert_eq!(world.server.exchanges, exchanges, "it is not sent again by itself");

    // Neither a restart nor the end of the day takes it away.
    world.server.day.clear();
    let page = world.reopen(0);
    world.settle();
    assert_eq!(world.shown(page, 0).notes, [Pii::new("only here".to_owned())]);
    assert_eq!(world.view(page).sync.refused, 1);

    world.server = {
        let mut server = crate::server::Server::with_visits(1);
        server.documents = std::mem::take(&mut world.server.documents);
        server
    };
    world.give(page, Event::TryNow);
    world.settle();
    assert_eq!(world.server.notes(visit(0)), ["only here"]);
    assert_eq!((world.saved(page, 0), world.view(page).sync.refused), (Saved::Safe, 0));
    assert_eq!(world.view(page).sync.parked, []);
}
