//! Two tabs on one disk.

use crate::{
    server::visit,
    world::{Fate, World},
};
use doorstep_core::{
    closeout::{Answer, Step},
    session::Saved,
    wire::{self, SyncRequest},
};

fn two_tabs() -> World {
    let mut world = World::met(2);
    world.open();
    world.settle();
    world
}

#[test]
fn what_one_tab_records_the_other_shows() {
    let mut world = two_tabs();
    world.note(0, 0, "from the first");
    world.step(1, 0, Step::Arrived);
    while world.commit(0) | world.commit(1) | world.hear(0) | world.hear(1) {}
    for page in [0, 1] {
        let shown = world.shown(page, 0);
        assert_eq!((shown.notes.len(), shown.closeout.steps.len()), (1, 1));
        assert_eq!(shown.closeout.conflicts, Vec::<String>::new());
    }
    world.settle();
    assert_eq!(world.server.notes(visit(0)), ["from the first"]);
    assert_eq!((world.saved(0, 0), world.saved(1, 0)), (Saved::Safe, Saved::Safe));
}

#[test]
fn two_tabs_that_never_hear_each_other_lose_nothing() {
    let mut world = two_tabs();
    for n in 0..6 {
        world.note(n % 2, 0, &format!("note {n}"));
        world.take_photo(n % 2, 1, n as u32);
        world.commit(n % 2);
        if n > 2 {
            world.serve(n % 2, Fate::Arrives);
        }
    }
    while world.commit(0) | world.commit(1) {}
    world.kill(0);
    world.kill(1);
    let page = world.open();
    world.settle();
    assert_eq!(world.server.notes(visit(0)).len(), 6);
    assert_eq!(world.server.photos.len(), 6);
    assert_eq!(world.server.refused, 0);
    assert_eq!((world.saved(page, 0), world.saved(page, 1)), (Saved::Safe, Saved::Safe));
}

#[test]
fn two_tabs_that_answer_differently_keep_both_answers_and_say_so() {
    let mut world = two_tabs();
    world.answer(0, 0, "tested", Answer::Yes);
    world.answer(1, 0, "tested", Answer::No);
    world.settle();
    let closeout = world.server.documents[&visit(0)].read().unwrap();
    assert_eq!(closeout.conflicts, ["answers.tested"]);
    assert_eq!(world.shown(0, 0).closeout, closeout);
    assert_eq!(world.shown(1, 0).closeout, closeout);
    assert_eq!(world.rows("change/"), 0);
}

#[test]
fn bases_of_two_tabs_are_together_what_the_server_has() {
    let mut world = two_tabs();
    world.note(0, 0, "from the first");
    world.note(1, 0, "from the second");
    // Each has its own exchange, and its own base, before it hears of the other.
    for page in [0, 1] {
        while world.commit(page) | world.serve(page, Fate::Arrives) {}
    }
    world.kill(0);
    world.kill(1);
    let page = world.open();
    assert_eq!(world.view(page).sync.changes_to_send, 0, "the server has both");
    assert_eq!(world.shown(page, 0).notes.len(), 2);
    world.settle();
    assert_eq!(world.saved(page, 0), Saved::Safe);
}

#[test]
fn rows_heard_before_the_disk_was_read_are_not_lost() {
    let mut world = two_tabs();
    world.kill(1);
    world.note(0, 0, "early");
    let rows: Vec<_> = world.page(0).writes.front().unwrap().put.clone();
    let disk = std::mem::take(&mut world.disk);
    let page = world.open();
    // Another tab's rows come first, then the whole disk.
    world.give(page, doorstep_core::session::Event::Loaded { rows });
    let rows = disk
        .iter()
        .map(|(key, value)| doorstep_core::session::Row { key: key.clone(), value: value.clone() });
    world.give(page, doorstep_core::session::Event::Loaded { rows: rows.collect() });
    world.disk = disk;
    assert_eq!(world.shown(page, 0).notes.len(), 1);
    world.settle();
    assert_eq!(world.server.notes(visit(0)), ["early"]);
}

#[test]
fn a_change_that_follows_one_not_heard_yet_keeps_its_row() {
    let mut world = two_tabs();
    world.note(0, 0, "one");
    assert!(world.commit(0));
    world.note(0, 0, "two");
    let second: Vec<_> = world.page(0).writes.front().unwrap().put.clone();
    // The second tab hears of the second row only, and then exchanges.
    world.give(1, doorstep_core::session::Event::Loaded { rows: second });
    assert!(world.commit(0));
    world.step(1, 0, Step::Arrived);
    while world.commit(1) | world.serve(1, Fate::Arrives) {}
    world.kill(0);
    world.kill(1);
    let page = world.open();
    world.settle();
    assert_eq!(world.server.notes(visit(0)), ["one", "two"]);
    assert_eq!(world.server.refused, 0);
    assert_eq!(world.saved(page, 0), Saved::Safe);
}

#[test]
fn a_tab_says_what_there_is_to_say_when_its_turn_comes() {
    let mut world = two_tabs();
    world.answer(0, 0, "tested", Answer::Yes);
    while world.commit(0) | world.hear(1) {}
    // Both wait to speak now. The first has its turn, and the second hears what came of it.
    assert!(world.serve(0, Fate::Arrives));
    world.note(1, 1, "made while the other spoke");
    while world.commit(0) | world.hear(1) {}
    let request: SyncRequest = wire::decode(&world.body(1)).unwrap();
    let said: Vec<_> = request.documents.iter().map(|up| up.appointment).collect();
    assert_eq!(said, [visit(1)], "what the first has sent does not go again, what was made since goes along");
    assert_eq!(request.documents[0].records.len(), 1);
    world.settle();
    assert_eq!(world.server.notes(visit(1)), ["made while the other spoke"]);
    assert_eq!((world.saved(0, 0), world.saved(1, 1)), (Saved::Safe, Saved::Safe));
}
