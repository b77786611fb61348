//! When requests are made: never too often, and at once when somebody asks.

use crate::world::{Asked, Fate, World};
use doorstep_core::{
    closeout::Answer,
    session::{Event, Failure, Request, Saved},
};

#[test]
fn the_back_off_doubles_with_chance_within_its_bounds() {
    let mut world = World::met(1);
    world.answer(0, 0, "tested", Answer::Yes);
    let mut waits = Vec::new();
    for _ in 0..12 {
        assert!(world.serve(0, Fate::RequestIsLost));
        while world.commit(0) {}
        waits.push(world.view(0).sync.next_try_in_ms.unwrap());
        // The poll of the day comes in between and does not count.
        while world.page(0).asked.is_empty() {
            world.sleep_until_wake(0);
        }
    }
    let mut full = 2_000u64;
    for wait in &waits {
        assert!((full / 2 - 10..=full).contains(wait), "{wait} of {full}: {waits:?}");
        full = (full * 2).min(300_000);
    }
    assert_eq!(full, 300_000);
}

#[test]
fn trying_now_hurries_a_lane_that_waits() {
    let mut world = World::met(1);
    world.answer(0, 0, "tested", Answer::Yes);
    for _ in 0..5 {
        assert!(world.serve(0, Fate::RequestIsLost));
        while world.page(0).asked.is_empty() {
            world.sleep_until_wake(0);
        }
    }
    assert!(world.serve(0, Fate::RequestIsLost));
    assert!(world.page(0).asked.is_empty());
    world.give(0, Event::TryNow);
    assert_eq!(world.page(0).asked.len(), 1);
    world.settle();
    assert_eq!(world.saved(0, 0), Saved::Safe);
}

#[test]
fn a_signed_out_phone_asks_for_nothing_until_somebody_tries() {
    let mut world = World::met(1);
    world.answer(0, 0, "tested", Answer::Yes);
    world.take_photo(0, 0, 1);
    while world.commit(0) {}
    world.page(0).asked.clear();
    world.give(0, Event::Failed { request: Request::Sync, failure: Failure::SignedOut });
    assert!(world.view(0).sync.signed_out);
    world.page(0).asked.retain(|asked| !matches!(asked, Asked::Upload(_)));
    // A wish to be woken at a past moment would spin here: `give` refuses one.
    for _ in 0..50 {
        world.sleep_until_wake(0);
        world.answer(0, 0, "damage", Answer::No);
        while world.commit(0) {}
        assert!(world.page(0).asked.is_empty());
    }
    assert_eq!(world.saved(0, 0), Saved::OnPhone);
    world.give(0, Event::TryNow);
    assert!(!world.view(0).sync.signed_out);
    world.settle();
    assert_eq!(world.saved(0, 0), Saved::Safe);
}

#[test]
fn what_was_recorded_passes_a_link_that_breaks_over_every_day() {
    let mut world = World::met(1);
    world.answer(0, 0, "tested", Answer::Yes);
    while world.commit(0) {}
    world.give(0, Event::TryNow);
    let mut asked = Vec::new();
    while world.saved(0, 0) != Saved::Safe {
        let Some(next) = world.page(0).asked.front().cloned() else {
            world.sleep_until_wake(0);
            continue;
        };
        let fate = if next == Asked::Day { Fate::AnswerIsLost } else { Fate::Arrives };
        asked.push(next);
        assert!(world.serve(0, fate) && asked.len() < 10, "{asked:?}");
        while world.commit(0) {}
    }
    // The day is not forgotten over it.
    world.settle();
    assert!(world.view(0).sync.data.safe && world.view(0).sync.data.last_failure.is_none());
}

#[test]
fn an_idle_phone_asks_once_a_minute() {
    let mut world = World::met(3);
    let before = (world.server.exchanges, world.clock);
    while world.clock < before.1 + 600_000 {
        world.sleep_until_wake(0);
        world.settle();
    }
    let exchanges = world.server.exchanges - before.0;
    assert!((9..=11).contains(&exchanges), "{exchanges} in ten minutes");
}

#[test]
fn one_request_of_a_lane_is_under_way_at_a_time() {
    let mut world = World::met(2);
    for n in 0..20u8 {
        world.note(0, n % 2, "words");
        world.give(0, Event::TryNow);
        assert_eq!(world.page(0).asked.len(), 1);
    }
}

#[test]
fn words_go_before_pictures() {
    let mut world = World::met(1);
    world.take_photo(0, 0, 1);
    assert!(world.page(0).asked.front() == Some(&Asked::Sync));
    assert_eq!(world.page(0).asked.len(), 1);
    assert!(world.serve(0, Fate::Arrives));
    assert!(matches!(world.page(0).asked.front(), Some(Asked::Upload(_))));
}
