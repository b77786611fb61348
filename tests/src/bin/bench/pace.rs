//! How many days the server takes per second.

use crate::{
    day,
    figure::{Better, Figure},
};
use anyhow::{Context as _, ensure};
use doorstep_core::wire::{self, Outcome, SyncReply};
use doorstep_sandbox::Technician;
use doorstep_tests::world::{Engine, MORNING, World};
use serde_json::Number;
use std::time::Instant;

/// Technicians whose days are sent, each once: a day sent twice is nothing new.
const TECHNICIANS: usize = 12;

/// Some third of the best that a shared build machine gave (13 to 21), so that a busy neighbour does not fail it and a lost
/// index does. Nobody asked for a number: 7 days a second are 25,000 technicians who come home within one hour.
const FLOOR: u64 = 7;

/// Exchanges of a whole day (20 documents, 1,200 changes, 280 records) per second: HTTP, check of every change,
/// verdict, events, outbox, commit with fsync on SQLite (WAL, synchronous FULL).
///
/// By the wall clock, one exchange after the other on a runtime of one thread. The parts of an exchange wait for
/// each other, the database's thread and the one that checks changes included, so that never more than one core
/// works, and waiting for the disk counts.
pub(crate) async fn measure() -> anyhow::Result<Figure> {
    // The first of the technicians gets twice the jobs of the others, and stays at home.
    let everybody = (0..=TECHNICIANS)
        .map(|n| Technician::new(&format!("TECHP{n}"), &format!("RESP{n}"), &format!("Pace Sample {n}")));
    let world = World::with_technicians(Engine::Sqlite, 6, 2 * day::JOBS, everybody.collect()).await?;
    world.worker.intake().await?;
    let mut days = Vec::new();
    for n in 1..=TECHNICIANS {
        // All of them work on the same day.
        world.clock.advance_ms(MORNING.since(world.now()));
        let mut phone = world.phone(&format!("TECHP{n}")).await?;
        day::work(&world, &mut phone, 100 + n as u64).await?;
        phone.faults.offline = false;
        phone.faults.hold_syncs = true;
        phone.try_now().await?;
        ensure!(phone.held.len() == 1, "a day is one request");
        let body = phone.held.remove(0);
        days.push(phone.sync_request(body));
    }

    let mut answers = Vec::new();
    #[expect(clippy::disallowed_methods, reason = "the pace is measured by the real clock")]
    let started = Instant::now();
    for day in days {
        answers.push(day.send().await?.error_for_status()?.bytes().await?);
    }
    let seconds = started.elapsed().as_secs_f64();
    for answer in answers {
        let reply: SyncReply = wire::decode(&answer)?;
        let taken = reply.documents.iter().filter(|down| down.outcome == Outcome::Taken).count();
        ensure!(taken == day::JOBS && reply.refused_records.is_empty(), "the server took {taken} documents");
    }
    let pace = (TECHNICIANS as f64 / seconds * 10.0).round() / 10.0;
    Ok(Figure {
        name: "server_exchanges_per_second",
        value: Number::from_f64(pace).context("the exchanges took no time")?,
        unit: "1/s",
        limit: FLOOR.into(),
        better: Better::Higher,
    })
}
