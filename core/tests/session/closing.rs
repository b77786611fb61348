//! What the phone says of closeouts that are not sent to Amazon.

use crate::{server::visit, world::World};
use doorstep_core::{api::SwitchPosition, session::Event};

#[test]
fn what_becomes_of_a_closeout_is_known_without_a_network_as_the_last_day_told_it() {
    let mut world = World::new(2);
    world.server.closing.insert(visit(1), SwitchPosition::NotAllowed);
    world.open();
    world.settle();
    let page = world.reopen(0);
    assert_eq!(world.shown(page, 0).closing, SwitchPosition::Send);
    assert_eq!(world.shown(page, 1).closing, SwitchPosition::NotAllowed);

    world.server.closing = [(visit(0), SwitchPosition::Observe)].into();
    world.settle();
    world.give(page, Event::TryNow);
    world.settle();
    let page = world.reopen(page);
    assert_eq!(world.shown(page, 0).closing, SwitchPosition::Observe);
    assert_eq!(world.shown(page, 1).closing, SwitchPosition::Send);
    assert_eq!(world.view(page).sync.unreadable, 0);
}
