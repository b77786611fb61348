//! What a day costs on the wire.

use crate::{
    day::{self, FinalRecord},
    figure::Figure,
};
use anyhow::ensure;
use doorstep_tests::world::World;
use flate2::{Compression, write::DeflateEncoder};
use std::io::Write as _;

/// Round trips that a day may take.
const ROUND_TRIPS: u64 = 1;
/// Bytes that an exchange with nothing new may take, up plus down.
const NOTHING_NEW_BYTES: u64 = 1_800;

pub(crate) async fn measure() -> anyhow::Result<Vec<Figure>> {
    let world = World::new(5, day::JOBS).await?;
    world.worker.intake().await?;
    let mut phone = world.phone("TECHA1").await?;
    let records = day::work(&world, &mut phone, 1).await?;

    phone.faults.offline = false;
    let before = (phone.synced_bytes, phone.sent["sync"]);
    phone.try_now().await?;
    let left = phone.view().sync;
    ensure!(left.changes_to_send == 0 && left.refused == 0, "the server has not taken all: {left:?}");
    let (up, down) = (phone.synced_bytes.0 - before.0.0, phone.synced_bytes.1 - before.0.1);
    let trips = u64::from(phone.sent["sync"] - before.1);
    let (limit, deflated) = limit(&records)?;
    eprintln!("day: {up} B up, {down} B down; final records {deflated} B deflated, limit {limit} B");

    let before = (phone.synced_bytes, phone.sent["sync"]);
    phone.try_now().await?;
    ensure!(phone.sent["sync"] == before.1 + 1, "asking with nothing new takes one request");
    let quiet = (phone.synced_bytes.0 - before.0.0) + (phone.synced_bytes.1 - before.0.1);
    Ok(vec![
        Figure::at_most("sync_day_bytes", up + down, "B", limit),
        Figure::at_most("sync_day_round_trips", trips, "requests", ROUND_TRIPS),
        Figure::at_most("sync_nothing_new_bytes", quiet, "B", NOTHING_NEW_BYTES),
    ])
}

/// The part of their length that notes deflate to, all together. Of 20,986 bytes, as many as the notes have, the text
/// of the GPL takes 34 % and this repository's documents take 42 %. The figure hangs on this: each note is sealed by
/// itself and cannot gain from the others, the limit can. Notes from a few templates, at 16 %, break the limit
/// (54,685 bytes against 49,555).
const PROSE: std::ops::Range<f64> = 0.34..0.42;

/// 1.8 times the final records as one JSON array, deflated once; and the deflated size.
fn limit(records: &[FinalRecord]) -> anyhow::Result<(u64, usize)> {
    let notes: Vec<&str> = records.iter().flat_map(FinalRecord::notes).collect();
    let notes = notes.join("\n");
    let share = deflated(notes.as_bytes())? as f64 / notes.len() as f64;
    eprintln!("notes: {} B, deflated to {:.0} %", notes.len(), share * 100.0);
    ensure!(PROSE.contains(&share), "the notes are not like prose");
    let deflated = deflated(&serde_json::to_vec(records)?)?;
    Ok((deflated as u64 * 18 / 10, deflated))
}

fn deflated(bytes: &[u8]) -> anyhow::Result<usize> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?.len())
}
