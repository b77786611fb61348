//! Changes and records of a bundle, admitted as the exchange admits them: same checks, same locks, one transaction.
//! Each change stands for itself, so that one which is refused takes no other along but those that follow from it.

use super::{done, refused};
use crate::{
    app::App,
    db::document::Contact,
    http::{session::Technician, sync::Exchange},
};
use doorstep_core::{
    api::{Delivered, DeliveredItem},
    document::{
        Hash,
        admit::{self, Incoming},
    },
    id::{AppointmentId, RecordId},
    rescue::{Item, Kept, What},
    wire::{DocumentUp, HeadsDigest, Outcome, RecordUp},
};
use std::collections::{BTreeMap, BTreeSet};

/// Takes what is in opened copies.
///
/// # Errors
/// The database's, and a document that does not load.
pub(super) async fn admit(
    app: &App,
    who: &Technician,
    copies: Vec<(Item, Kept)>,
) -> anyhow::Result<Vec<DeliveredItem>> {
    if copies.is_empty() {
        return Ok(Vec::new());
    }
    let contact = Contact { device: who.device, received: app.clock.now(), clock: None };
    let mut exchange = Exchange { app, who, contact, tx: app.db.write().await? };
    let visits: BTreeSet<AppointmentId> = copies.iter().map(|(item, _)| item.appointment()).collect();
    exchange.lock_own(visits.into_iter()).await?;
    let mut delivered = Vec::new();
    let mut changes = BTreeMap::new();
    // Records first, as in an exchange: a closeout that is complete is handed over with all that it names.
    for (item, kept) in copies {
        match (item, kept.what) {
            (Item::Record(appointment, record), What::Record(sealed)) => {
                delivered.push(take_record(&mut exchange, appointment, record, &sealed).await?);
            }
            (Item::Change(_, hash), What::Change(bytes)) => {
                changes.insert(hash, (item, bytes));
            }
            // An opened copy is what its name says.
            (Item::Change(..) | Item::Record(..) | Item::Photo(..), _) => {}
        }
    }
    for (item, hash, bytes) in in_order(changes) {
        delivered.push(take_change(&mut exchange, item, hash, bytes).await?);
    }
    exchange.tx.commit().await?;
    app.bell.ring();
    Ok(delivered)
}

async fn take_record(
    exchange: &mut Exchange<'_>,
    appointment: AppointmentId,
    record: RecordId,
    sealed: &[u8],
) -> anyhow::Result<DeliveredItem> {
    let item = Item::Record(appointment, record);
    let known = exchange.tx.records_of(exchange.who.seller, appointment).await?;
    if known.iter().any(|(known, _)| *known == record) {
        return Ok(done(&item, Delivered::Already));
    }
    let Some(up) = RecordUp::new(record, sealed) else { return Ok(refused(&item, "record_damaged")) };
    Ok(match exchange.take_record(appointment, &up).await? {
        None => done(&item, Delivered::Taken),
        Some(code) => refused(&item, code),
    })
}

async fn take_change(
    exchange: &mut Exchange<'_>,
    item: Item,
    hash: Hash,
    bytes: Vec<u8>,
) -> anyhow::Result<DeliveredItem> {
    let appointment = item.appointment();
    if exchange.tx.arrival_of(exchange.who.seller, appointment, &hash).await?.is_some() {
        return Ok(done(&item, Delivered::Already));
    }
    let incoming = Incoming::Changes(vec![bytes]);
    // What the phone knew of the server is not asked here: nothing is sent back.
    let up = DocumentUp { appointment, known: HeadsDigest::of(&[]), incoming: None, records: Vec::new() };
    Ok(match exchange.take_document(&up, &incoming).await?.outcome {
        Outcome::Taken => done(&item, Delivered::Taken),
        Outcome::Refused(code) => refused(&item, &code),
    })
}

/// Each change after those of the bundle that it follows. One that does not read comes last, and is refused with its
/// reason.
fn in_order(mut changes: BTreeMap<Hash, (Item, Vec<u8>)>) -> Vec<(Item, Hash, Vec<u8>)> {
    let follows: BTreeMap<Hash, Vec<Hash>> = changes
        .iter()
        .map(|(hash, (_, bytes))| (*hash, admit::describe(bytes).map_or(vec![*hash], |(_, follows)| follows)))
        .collect();
    let mut ordered = Vec::with_capacity(changes.len());
    loop {
        let free = |hash: &&Hash| {
            follows.get(*hash).is_some_and(|all| !all.iter().any(|one| changes.contains_key(one)))
        };
        let ready: Vec<Hash> = changes.keys().filter(free).copied().collect();
        if ready.is_empty() {
            break;
        }
        for hash in ready {
            ordered.extend(changes.remove(&hash).map(|(item, bytes)| (item, hash, bytes)));
        }
    }
    ordered.extend(changes.into_iter().map(|(hash, (item, bytes))| (item, hash, bytes)));
    ordered
}
