//! Where a phone was as a step was recorded or a photo taken: beside it, and never in its place.

use crate::{
    server::visit,
    world::{World, photo},
};
use doorstep_core::{
    closeout::{RecordKind, Step},
    pii::Pii,
    record::Position,
    session::{Edit, Saved},
};

#[test]
fn a_position_stays_with_its_step_makes_none_and_changes_no_verdict() {
    let mut world = World::met(2);
    let position = Position { latitude: -1.5, longitude: 2.5, accuracy: 40.0 };
    world.edit(0, 0, Edit::Step { step: Step::Arrived, position: Some(Pii::new(position)) });
    world.edit(0, 1, Edit::Step { step: Step::Arrived, position: None });
    // What arrived in between is older than what comes now, and neither takes the other's place.
    world.edit(0, 0, Edit::Step { step: Step::Started, position: Some(Pii::new(position)) });
    world.edit(0, 1, Edit::Step { step: Step::Started, position: None });
    world.settle();

    let [with, without] = [0, 1].map(|n| world.server.documents[&visit(n)].read().unwrap());
    assert_eq!(with.steps.keys().collect::<Vec<_>>(), [&Step::Arrived, &Step::Started]);
    assert_eq!(without.steps.keys().collect::<Vec<_>>(), [&Step::Arrived, &Step::Started]);
    let mut of: Vec<_> = with.records.values().map(|facts| (facts.kind, facts.step)).collect();
    of.sort_by_key(|(_, step)| *step);
    let positions = [Step::Arrived, Step::Started].map(|step| (RecordKind::Position, Some(step)));
    assert_eq!(of, positions, "each with the step it was known at");
    assert!(without.records.is_empty(), "where nobody knows, nothing is said");
    assert_eq!(world.shown(0, 0).findings, world.shown(0, 1).findings);
    assert_eq!([0, 1].map(|n| world.saved(0, n)), [Saved::Safe; 2]);
}

#[test]
fn the_place_of_a_photo_is_a_record_that_only_its_reader_links_to_it() {
    let mut world = World::met(2);
    let position = Position { latitude: -1.5, longitude: 2.5, accuracy: 40.0 };
    for n in 0..2 {
        world.take_photo(0, n, u32::from(n) * 2 + 1);
    }
    world.edit(0, 0, Edit::Place { photo: photo(1), position: Pii::new(position) });
    world.settle();

    let [with, without] = [0, 1].map(|n| world.server.documents[&visit(n)].read().unwrap());
    let of: Vec<_> = with.records.values().map(|facts| (facts.kind, facts.step, facts.length)).collect();
    assert_eq!(of, [(RecordKind::Position, None, 0)]);
    assert!(without.records.is_empty());
    assert_eq!(world.shown(0, 0).findings, world.shown(0, 1).findings);
    assert!(world.shown(0, 0).notes.is_empty());
    assert_eq!([0, 1].map(|n| world.saved(0, n)), [Saved::Safe; 2]);
}
