//! What the phone says of its disk is true, whenever the page dies.

use crate::{
    server::visit,
    world::{Fate, World},
};
use doorstep_core::{
    closeout::{Answer, Step},
    pii::Pii,
    record::Position,
    session::{Edit, Event, Saved},
};

#[test]
fn nothing_is_saved_on_the_phone_before_the_disk_has_it() {
    let mut world = World::met(1);
    assert_eq!(world.saved(0, 0), Saved::Untouched);
    world.answer(0, 0, "tested", Answer::Yes);
    assert_eq!(world.saved(0, 0), Saved::Saving);
    // A second edit while the first is being written is still only on the screen when the first is done.
    world.answer(0, 0, "damage", Answer::No);
    assert!(world.commit(0));
    assert_eq!(world.saved(0, 0), Saved::Saving);
    assert!(world.commit(0));
    assert_eq!(world.saved(0, 0), Saved::OnPhone);
    assert_eq!(world.page(0).writes.len(), 0);
}

#[test]
fn a_failed_write_is_shown_and_goes_along_with_the_next() {
    let mut world = World::met(2);
    world.note(0, 0, "first");
    assert!(world.fail_write(0));
    assert_eq!(world.saved(0, 0), Saved::NotSaved);
    assert_eq!(world.saved(0, 1), Saved::Untouched);
    assert_eq!(world.view(0).sync.not_saved.as_deref(), Some("the disk is full"));
    assert!(world.page(0).writes.is_empty(), "a full disk is not tried again by itself");

    world.note(0, 1, "second");
    assert_eq!((world.saved(0, 0), world.saved(0, 1)), (Saved::Saving, Saved::Saving));
    assert!(world.fail_write(0));
    assert_eq!((world.saved(0, 0), world.saved(0, 1)), (Saved::NotSaved, Saved::NotSaved));

    world.answer(0, 1, "tested", Answer::Yes);
    assert!(world.commit(0));
    assert_eq!((world.saved(0, 0), world.saved(0, 1)), (Saved::OnPhone, Saved::OnPhone));
    assert_eq!(world.view(0).sync.not_saved, None);
    let page = world.reopen(0);
    assert_eq!(world.shown(page, 0).notes, [Pii::new("first".to_owned())]);
    assert_eq!(world.shown(page, 1).notes, [Pii::new("second".to_owned())]);
    assert_eq!(world.shown(page, 1).closeout.answers.len(), 1);
}

#[test]
fn trying_now_writes_again_what_could_not_be_written() {
    let mut world = World::met(1);
    world.note(0, 0, "first");
    assert!(world.fail_write(0));
    world.give(0, Event::TryNow);
    assert!(world.commit(0));
    assert_eq!(world.saved(0, 0), Saved::OnPhone);
}

#[test]
fn a_visit_that_is_on_disk_stays_so_when_another_cannot_be_written() {
    let mut world = World::met(2);
    world.note(0, 0, "kept");
    assert!(world.commit(0));
    world.note(0, 1, "not kept");
    assert!(world.fail_write(0));
    assert_eq!((world.saved(0, 0), world.saved(0, 1)), (Saved::OnPhone, Saved::NotSaved));
}

#[test]
fn one_write_is_under_way_at_a_time_and_the_last_word_about_a_row_counts() {
    let mut world = World::met(1);
    world.note(0, 0, "a note");
    // The exchange that makes its change row needless is answered before the row is on disk.
    while world.serve(0, Fate::Arrives) {}
    assert_eq!(world.page(0).writes.len(), 1);
    assert!(world.fail_write(0));
    world.settle();
    assert_eq!(world.saved(0, 0), Saved::Safe);
    assert_eq!((world.rows("change/"), world.rows("base/")), (0, 1));
    let page = world.reopen(0);
    world.settle();
    assert_eq!(world.saved(page, 0), Saved::Safe);
    assert_eq!(world.server.notes(visit(0)), ["a note"]);
}

#[test]
fn a_page_killed_at_any_effect_loses_nothing_that_was_called_saved() {
    // The whole story takes some forty effects; it is cut after each of them.
    for cut in 0..60 {
        let mut world = World::new(1);
        let mut page = world.open();
        let mut secured = Vec::new();
        let mut left = cut;
        let mut next = 0;
        while left > 0 {
            left -= 1;
            let stepped = match left % 3 {
                0 => world.commit(page),
                1 => world.serve(page, Fate::Arrives),
                _ => false,
            };
            let waits = world.view(page).visits.first().is_none_or(|shown| shown.waiting_for_document);
            if !stepped && !waits {
                if next % 3 == 2 {
                    world.take_photo(page, 0, next);
                } else {
                    world.note(page, 0, &format!("note {next}"));
                }
                next += 1;
            }
            if matches!(
                world.view(page).visits.first().map(|shown| shown.state),
                Some(Saved::OnPhone | Saved::Safe)
            ) {
                secured = (0..next).collect();
            }
        }
        page = world.reopen(page);
        world.settle();
        let notes = world.server.notes(visit(0));
        for n in secured {
            if n % 3 == 2 {
                assert!(world.server.photos.contains(&crate::world::photo(n)), "photo {n}, cut {cut}");
            } else {
                let count = notes.iter().filter(|note| **note == format!("note {n}")).count();
                assert_eq!(count, 1, "note {n}, cut {cut}");
            }
        }
        if next > 0 {
            let state = world.saved(page, 0);
            assert!(matches!(state, Saved::Safe | Saved::Untouched), "{state:?}, cut {cut}");
        }
    }
}

#[test]
fn nothing_is_recorded_for_a_visit_whose_document_has_not_come() {
    let mut world = World::new(1);
    let page = world.open();
    // The day comes, the exchange does not.
    assert!(world.serve(page, Fate::Arrives));
    world.serve(page, Fate::RequestIsLost);
    while world.commit(page) {}
    let before = world.disk.clone();
    assert!(world.shown(page, 0).waiting_for_document);
    world.note(page, 0, "too early");
    let position = Position { latitude: 1.0, longitude: 2.0, accuracy: 3.0 };
    world.edit(page, 0, Edit::Step { step: Step::Arrived, position: Some(Pii::new(position)) });
    assert!(world.page(page).writes.is_empty());
    assert_eq!(world.disk, before);
    assert_eq!(world.view(page).sync.changes_to_send, 0);
    assert!(!world.shown(page, 0).ready);
}

#[test]
fn a_note_too_long_to_be_sent_is_not_half_recorded() {
    let mut world = World::met(1);
    world.note(0, 0, &"x".repeat(64_001));
    assert!(world.page(0).writes.is_empty());
    assert!(world.view(0).sync.not_saved.is_some());
    assert!(world.shown(0, 0).closeout.records.is_empty());
    let longest = "🚪".repeat(16_000);
    world.note(0, 0, &longest);
    world.settle();
    assert_eq!(world.server.notes(visit(0)), [longest]);
}

#[test]
fn a_row_that_does_not_open_is_counted_and_left_where_it_is() {
    let mut world = World::met(2);
    world.note(0, 0, "kept");
    while world.commit(0) {}
    let key = world.disk.keys().find(|key| key.starts_with("record/")).unwrap().clone();
    world.disk.get_mut(&key).unwrap()[20] ^= 1;
    world.disk.insert("strange".to_owned(), vec![1, 2, 3]);
    let page = world.reopen(0);
    world.settle();
    assert_eq!(world.view(page).sync.unreadable, 2);
    assert!(world.disk.contains_key(&key) && world.disk.contains_key("strange"));
    assert_eq!(world.shown(page, 0).closeout.records.len(), 1);
}

#[test]
fn changes_whose_base_does_not_open_are_made_whole_by_the_servers_document() {
    let mut world = World::met(1);
    world.answer(0, 0, "tested", Answer::Yes);
    world.note(0, 0, "kept");
    while world.commit(0) {}
    let base = world.disk.keys().find(|key| key.starts_with("base/")).unwrap().clone();
    world.disk.get_mut(&base).unwrap()[30] ^= 1;
    let page = world.reopen(0);
    world.settle();
    assert_eq!(world.server.documents[&visit(0)].read().unwrap().answers["tested"], Answer::Yes);
    assert_eq!(world.server.notes(visit(0)), ["kept"]);
    assert_eq!(world.saved(page, 0), Saved::Safe);
}

#[test]
fn a_visit_leaves_the_phone_when_nothing_of_it_is_only_there() {
    let mut world = World::met(2);
    world.note(0, 0, "a note");
    world.take_photo(0, 0, 1);
    while world.commit(0) {}
    let mut page = world.reopen(0);
    // The visit leaves the day before the phone had a network.
    let left = world.server.day.remove(0);
    assert!(world.serve(page, Fate::Arrives));
    while world.commit(page) {}
    assert_eq!(world.view(page).visits.len(), 2);
    world.server.day.insert(0, left);
    world.settle();
    assert_eq!(world.saved(page, 0), Saved::Safe);
    world.server.day.remove(0);
    page = world.reopen(page);
    world.settle();
    assert_eq!(world.view(page).visits.len(), 1);
    let of_visit = |key: &&String| key.contains(&visit(0).to_string());
    assert_eq!(world.disk.keys().find(of_visit), None);
    assert_eq!(world.rows("photo"), 0, "neither the picture nor what is known of it");
}
