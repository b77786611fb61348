//! Photos: on disk before they count, safe only by the right receipt.

use crate::{
    server::visit,
    world::{Asked, Fate, World, photo},
};
use doorstep_core::{
    digest::Sha256,
    session::{Edit, Event, Failure, PhotoState, Request, Saved},
};

fn state(world: &mut World, page: usize, number: u32) -> PhotoState {
    let shown = world.shown(page, 0);
    shown.photos.into_iter().find(|shown| shown.photo == photo(number)).unwrap().state
}

#[test]
fn a_capture_without_its_entry_joins_after_a_restart_once() {
    let mut world = World::met(1);
    world.shoot(0, 0, 1);
    // The page died between the commit and the word of it.
    let page = world.reopen(0);
    assert_eq!(world.shown(page, 0).photos.len(), 1);
    // And again before the entry was on disk.
    let page = world.reopen(page);
    while world.commit(page) {}
    assert_eq!((world.rows("capture/"), world.rows("change/")), (0, 1));
    let page = world.reopen(page);
    assert!(world.page(page).writes.is_empty());
    world.settle();
    assert_eq!(world.saved(page, 0), Saved::Safe);
    assert_eq!(world.server.documents[&visit(0)].read().unwrap().photos.len(), 1);
    assert_eq!(world.server.documents[&visit(0)].changes_since(&[]).len(), 2);
}

#[test]
fn a_capture_waits_for_the_skeleton_and_counts_as_unsent() {
    let mut world = World::met(1);
    let capture = world.shoot(0, 0, 1);
    let (rows, capture_row) = (world.disk.clone(), format!("capture/{}", photo(1)));
    world.disk.retain(|key, _| *key == capture_row || key.starts_with("photo/"));
    let page = world.reopen(0);
    assert_eq!(world.view(page).sync.photos_to_send, 1);
    world.give(page, Event::Captured { capture });
    assert!(world.disk.contains_key(&capture_row));
    world.settle();
    assert_eq!(world.saved(page, 0), Saved::Safe);
    assert_eq!(world.rows("capture/"), 0);
    assert!(rows.len() > 3);
}

#[test]
fn a_receipt_for_other_bytes_makes_no_photo_safe_and_is_not_asked_for_at_once() {
    let mut world = World::met(1);
    world.take_photo(0, 0, 1);
    while world.commit(0) {}
    assert!(world.serve(0, Fate::Arrives));
    let mut waits = Vec::new();
    for _ in 0..4 {
        assert_eq!(world.page(0).asked.pop_front(), Some(Asked::Upload(photo(1))));
        let mut receipt = world.server.keep_photo(photo(1), b"picture 1");
        receipt.picture_sha256 = Sha256::of(b"another picture");
        world.give(0, Event::Uploaded { receipt });
        assert_eq!(state(&mut world, 0, 1), PhotoState::OnPhone);
        while world.commit(0) {}
        assert_eq!(world.saved(0, 0), Saved::OnPhone);
        waits.push(world.view(0).sync.next_try_in_ms.unwrap());
        while world.page(0).asked.is_empty() {
            world.sleep_until_wake(0);
        }
    }
    assert!(waits[3] > 2 * waits[0], "{waits:?}");
    world.settle();
    assert_eq!(state(&mut world, 0, 1), PhotoState::Safe);
    let page = world.reopen(0);
    assert_eq!(state(&mut world, page, 1), PhotoState::Safe);
}

#[test]
fn progress_never_says_a_hundred_and_a_stranger_s_progress_is_not_ours() {
    let mut world = World::met(1);
    world.take_photo(0, 0, 1);
    while world.commit(0) {}
    assert!(world.serve(0, Fate::Arrives));
    world.give(0, Event::UploadProgressed { photo: photo(2), offset: 5 });
    assert_eq!(state(&mut world, 0, 1), PhotoState::Uploading { percent: 0 });
    world.give(0, Event::UploadProgressed { photo: photo(1), offset: u64::MAX });
    assert_eq!(state(&mut world, 0, 1), PhotoState::Uploading { percent: 99 });
    assert_ne!(world.saved(0, 0), Saved::Safe);
}

#[test]
fn a_refused_photo_holds_neither_the_others_nor_its_own_place_on_the_phone() {
    let mut world = World::met(1);
    world.take_photo(0, 0, 1);
    world.take_photo(0, 0, 2);
    while world.commit(0) {}
    while !world.page(0).asked.iter().any(|asked| matches!(asked, Asked::Upload(_))) {
        assert!(world.serve(0, Fate::Arrives));
    }
    let Some(Asked::Upload(first)) = world.page(0).asked.pop_front() else { panic!("no upload") };
    let refused =
        Failure::Refused { code: "photo_not_jpeg_or_png".to_owned(), detail: "Take it again.".to_owned() };
    world.give(0, Event::Failed { request: Request::Upload { photo: first }, failure: refused });
    world.settle();
    assert_eq!(world.server.photos.len(), 1);
    assert_eq!(world.saved(0, 0), Saved::OnPhone, "one photo is only here");
    world.server.day.clear();
    let page = world.reopen(0);
    world.settle();
    assert_eq!(world.view(page).visits.len(), 1);
    assert_eq!(world.rows("photo/"), 2);
    // Taken out, it is no proof any more.
    world.edit(page, 0, Edit::RemovePhoto { photo: first });
    while world.commit(page) {}
    assert_eq!(world.shown(page, 0).photos.len(), 1);
}

#[test]
fn a_photo_that_always_fails_does_not_hold_the_others() {
    let mut world = World::met(1);
    (1..4).for_each(|number| world.take_photo(0, 0, number));
    while world.commit(0) {}
    let mut first = None;
    for _ in 0..40 {
        match world.page(0).asked.front().cloned() {
            Some(Asked::Upload(photo)) => {
                let stuck = *first.get_or_insert(photo);
                let fate = if photo == stuck { Fate::RequestIsLost } else { Fate::Arrives };
                world.serve(0, fate);
            }
            Some(_) => drop(world.serve(0, Fate::Arrives)),
            None => world.sleep_until_wake(0),
        }
        while world.commit(0) {}
    }
    assert_eq!(world.server.photos.len(), 2);
}

#[test]
fn what_is_sealed_for_the_server_stays_until_its_receipt_and_what_can_be_read_until_the_visit_goes() {
    let mut world = World::met(1);
    world.take_photo(0, 0, 1);
    let (evidence, picture) = (format!("evidence/{}", photo(1)), format!("photo/{}", photo(1)));
    // The host puts it beside the picture, in the transaction of the capture.
    world.disk.insert(evidence.clone(), b"sealed for the server".to_vec());
    while world.commit(0) {}
    let page = world.reopen(0);
    assert_eq!(world.view(page).sync.unreadable, 0, "it is not one of the phone's own rows");
    assert!(world.serve(page, Fate::AnswerIsLost) && world.disk.contains_key(&evidence));
    world.settle();
    assert_eq!(world.saved(page, 0), Saved::Safe);
    assert!(!world.disk.contains_key(&evidence));
    assert!(world.disk.contains_key(&picture));
}

#[test]
fn a_photo_that_waits_into_its_third_day_is_counted_until_it_is_sent() {
    let mut world = World::met(1);
    world.take_photo(0, 0, 1);
    while world.commit(0) {}
    world.clock += 2 * 86_400_000 - 60_000;
    assert_eq!(world.view(0).sync.photos_overdue, 0);
    world.clock += 120_000;
    assert_eq!(world.view(0).sync.photos_overdue, 1);
    world.settle();
    assert_eq!((world.view(0).sync.photos_overdue, world.view(0).sync.photos_to_send), (0, 0));
}
