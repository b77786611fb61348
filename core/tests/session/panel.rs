//! What the phone says about itself: how each lane stands, and which visits need no network any more.

use crate::world::{Asked, Fate, World, photo};
use doorstep_core::{
    closeout::Answer,
    session::{Activity, Event, Failure, Request, Saved},
    time::Timestamp,
};

fn wall(world: &World) -> Timestamp {
    Timestamp(1_790_000_000_000 + world.clock as i64)
}

#[test]
fn a_visit_opens_offline_when_its_job_and_its_document_are_on_disk_and_not_before() {
    let mut world = World::new(2);
    world.open();
    while world.view(0).visits.len() < 2 || world.shown(0, 0).waiting_for_document {
        assert!(world.serve(0, Fate::Arrives));
        assert!(world.view(0).visits.iter().all(|visit| !visit.opens_offline));
    }
    assert!(!world.shown(0, 1).waiting_for_document);
    assert!((0..2).all(|n| !world.shown(0, n).opens_offline), "shown is not kept");
    while world.commit(0) {}
    assert!((0..2).all(|n| world.shown(0, n).opens_offline));
    let page = world.reopen(0);
    assert!((0..2).all(|n| world.shown(page, n).opens_offline), "without a word from the server");
    // An exchange writes the document anew: the verdict does not waver meanwhile.
    world.answer(page, 0, "tested", Answer::Yes);
    while world.serve(page, Fate::Arrives) {
        assert!(world.shown(page, 0).opens_offline);
    }
}

#[test]
fn a_visit_that_the_disk_did_not_take_does_not_open_offline() {
    let mut world = World::new(1);
    world.open();
    for _ in 0..8 {
        world.serve(0, Fate::Arrives);
        world.fail_write(0);
    }
    assert!(!world.shown(0, 0).waiting_for_document);
    assert!(!world.shown(0, 0).opens_offline);
    assert!(world.disk.is_empty());
    world.give(0, Event::TryNow);
    world.settle();
    assert!(world.shown(0, 0).opens_offline);
}

#[test]
fn the_data_lane_says_what_waits_since_when_why_and_when_it_goes_on() {
    let mut world = World::met(2);
    let rest = world.view(0).sync.data;
    assert!(rest.safe && rest.last_success.is_some() && rest.oldest_unsent.is_none());
    assert_eq!((rest.activity, rest.next_try_in_ms, rest.last_failure), (Activity::Resting, None, None));

    world.answer(0, 0, "tested", Answer::Yes);
    let recorded = wall(&world);
    world.clock += 60_000;
    world.note(0, 1, "later");
    assert_eq!(world.view(0).sync.data.activity, Activity::UnderWay);
    while world.commit(0) {}
    assert!(world.serve(0, Fate::RequestIsLost));
    let waits = world.view(0).sync.data;
    assert!(!waits.safe);
    assert_eq!(waits.last_success, None, "that the server has answered before says nothing of what waits");
    assert_eq!((waits.activity, waits.last_failure), (Activity::Waiting, Some(Failure::Unreachable)));
    assert!(waits.next_try_in_ms.is_some());
    assert_eq!(waits.oldest_unsent, Some(recorded));

    // The disk knows how old it is.
    let page = world.reopen(0);
    assert_eq!(world.view(page).sync.data.oldest_unsent, Some(recorded));
    world.settle();
    let sent = world.view(page).sync.data;
    assert!(sent.safe && sent.last_success > Some(recorded));
    assert_eq!((sent.activity, sent.oldest_unsent, sent.last_failure), (Activity::Resting, None, None));
}

#[test]
fn a_row_that_the_server_s_word_covers_is_not_the_oldest_of_what_waits() {
    let mut world = World::met(2);
    world.answer(0, 0, "tested", Answer::Yes);
    while world.commit(0) {}
    let row = |(key, value): (&String, &Vec<u8>)| (key.clone(), value.clone());
    let sent: Vec<_> = world.disk.iter().filter(|(key, _)| key.starts_with("change/")).map(row).collect();
    world.settle();
    // A tab that was killed between two writes left it there.
    world.disk.extend(sent);
    let page = world.reopen(0);
    assert_eq!((world.rows("change/"), world.view(page).sync.data.oldest_unsent), (1, None));
    world.answer(page, 1, "tested", Answer::Yes);
    let recorded = wall(&world);
    assert_eq!(world.view(page).sync.data.oldest_unsent, Some(recorded));
}

#[test]
fn the_photo_lane_stands_for_itself() {
    let mut world = World::met(1);
    world.take_photo(0, 0, 1);
    let taken = world.view(0).sync.photos.oldest_unsent.unwrap();
    world.clock += 5_000;
    world.take_photo(0, 0, 2);
    while world.commit(0) {}
    while world.page(0).asked.front() == Some(&Asked::Sync) {
        assert!(world.serve(0, Fate::Arrives));
        while world.commit(0) {}
    }
    assert!(world.serve(0, Fate::RequestIsLost));
    let sync = world.view(0).sync;
    assert!(sync.data.safe && sync.data.last_failure.is_none(), "words do not wait for pictures");
    assert!(!sync.photos.safe);
    assert_eq!((sync.photos.activity, sync.photos.oldest_unsent), (Activity::Waiting, Some(taken)));
    assert_eq!((sync.photos.last_success, sync.photos_safe), (None, 0));
    world.settle();
    let sync = world.view(0).sync;
    assert!(sync.photos.safe && sync.photos.last_success.is_some());
    assert_eq!((sync.photos_safe, sync.photos.oldest_unsent, sync.photos.last_failure), (2, None, None));
    // The receipts say it after a restart.
    let page = world.reopen(0);
    assert!(world.view(page).sync.photos.last_success.is_some());
}

#[test]
fn a_lane_with_something_refused_is_not_safe_and_says_why() {
    let mut world = World::met(1);
    world.take_photo(0, 0, 1);
    while world.commit(0) {}
    assert!(world.serve(0, Fate::Arrives));
    world.page(0).asked.clear();
    let failure =
        Failure::Refused { code: "photo_damaged".to_owned(), detail: "It does not open.".to_owned() };
    let request = Request::Upload { photo: photo(1) };
    world.give(0, Event::Failed { request, failure: failure.clone() });
    let sync = world.view(0).sync;
    assert_eq!((sync.photos.safe, sync.photos.last_failure), (false, Some(failure)));
    assert!(sync.data.safe);

    world.server.refused_record_code = Some("record_too_large".to_owned());
    world.note(0, 0, "refused");
    world.settle();
    assert!(!world.view(0).sync.data.safe);
    assert_eq!(world.saved(0, 0), Saved::OnPhone);
}

#[test]
fn how_long_the_photos_take_is_said_from_what_was_measured() {
    let mut world = World::met(1);
    for number in 1..=3 {
        world.take_photo(0, 0, number);
    }
    while world.commit(0) {}
    while world.page(0).asked.front() == Some(&Asked::Sync) {
        assert!(world.serve(0, Fate::Arrives));
        while world.commit(0) {}
    }
    let Some(Asked::Upload(first)) = world.page(0).asked.pop_front() else { panic!("no upload") };
    let envelope = doorstep_core::photo::envelope(b"picture 1").len() as u64;
    assert_eq!(world.view(0).sync.photos_take_ms, None);
    // What the server had before says nothing of the link.
    world.clock += 1_000;
    world.give(0, Event::UploadProgressed { photo: first, offset: 2 });
    assert_eq!(world.view(0).sync.photos_take_ms, None);
    world.clock += 4_000;
    world.give(0, Event::UploadProgressed { photo: first, offset: 7 });
    // Five bytes in five seconds.
    let said = world.view(0).sync.photos_take_ms.unwrap();
    let true_ms = (3 * envelope - 7) * 1_000;
    assert!(said.abs_diff(true_ms) < true_ms / 50, "{said} for {true_ms}");
    world.give(0, Event::Failed { request: Request::Upload { photo: first }, failure: Failure::Unreachable });
    world.settle();
    assert_eq!(world.view(0).sync.photos_take_ms, Some(0));
}
