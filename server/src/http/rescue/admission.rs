//! Changes and records of a bundle, admitted as the exchange admits them: same checks, same locks, one transaction.
//! Each change stands for itself, so that one which is refused takes no other along but those that follow from it.

use super::{done, refused};
use crate::{
    app::App,
    db::{Tx, document::Contact, quarantine::Aside},
    http::{session::Technician, sync::Exchange},
};
use doorstep_core::{
    api::{Barred, Delivered, DeliveredItem, HeldKind, What as Happened},
    document::{
        Document, Hash,
        admit::{self, Incoming},
    },
    id::{AppointmentId, DeviceId, HeldId, RecordId, SellerId},
    rescue::{CopyRefusal, Item, Kept, What},
    wire::{DocumentUp, HeadsDigest, Outcome, RecordUp},
};
use std::collections::{BTreeMap, BTreeSet};

/// Takes what is in opened copies. Of a bundle that is not `whole`, a change that follows one which was cut off is neither
/// taken nor refused, and not named in the answer: it comes again with what it follows.
///
/// # Errors
/// The database's, and a document that does not load.
pub(super) async fn admit(
    app: &App,
    who: &Technician,
    copies: Vec<(Item, Kept)>,
    whole: bool,
) -> anyhow::Result<Vec<DeliveredItem>> {
    if copies.is_empty() {
        return Ok(Vec::new());
    }
    let contact = Contact { device: who.device, received: app.clock.now(), clock: None };
    let mut exchange = Exchange { app, who, contact, tx: app.db.write().await? };
    let visits: BTreeSet<AppointmentId> = copies.iter().map(|(item, _)| item.appointment()).collect();
    exchange.lock_own(visits.into_iter()).await?;
    if let Some(because) = exchange.tx.barred(who.seller, who.device).await? {
        let delivered = hold(&mut exchange, because, copies).await?;
        exchange.tx.commit().await?;
        app.bell.ring();
        return Ok(delivered);
    }
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
        if !whole && is_early(&mut exchange, item.appointment(), &bytes).await? {
            continue;
        }
        delivered.push(take_change(&mut exchange, item, hash, bytes).await?);
    }
    exchange.tx.commit().await?;
    app.bell.ring();
    Ok(delivered)
}

/// Of a phone or a person who is barred: it is here, and counts once a supervisor says so.
async fn hold(
    exchange: &mut Exchange<'_>,
    because: Barred,
    copies: Vec<(Item, Kept)>,
) -> anyhow::Result<Vec<DeliveredItem>> {
    let (seller, now) = (exchange.who.seller, exchange.contact.received);
    let mut delivered = Vec::new();
    let mut visits = BTreeSet::new();
    for (item, kept) in copies {
        let appointment = item.appointment();
        let Some(visit) = exchange.tx.visit(seller, appointment).await? else {
            delivered.push(refused(&item, "no_document"));
            continue;
        };
        // Amazon may have moved the visit, and its deadline with it, since the phone sealed this.
        if visit.wrapped_key.is_none() {
            delivered.push(refused(&item, CopyRefusal::KeyGone.code()));
            continue;
        }
        let (kind, sealed) = match &kept.what {
            What::Change(bytes) => (HeldKind::Change, bytes),
            What::Record(bytes) => (HeldKind::Record, bytes),
        };
        let aside = Aside {
            item: held_id(&item),
            kind,
            because,
            appointment,
            device: exchange.who.device,
            sealed: Some(sealed),
            expires_at: visit.expires_at,
        };
        let is_new = exchange.tx.hold(seller, &aside, now).await?;
        if is_new {
            visits.insert(appointment);
        }
        delivered.push(done(&item, if is_new { Delivered::Taken } else { Delivered::Already }));
    }
    for appointment in &visits {
        exchange.tx.record_event(seller, *appointment, &Happened::EvidenceHeld, now).await?;
    }
    if !visits.is_empty() {
        exchange.tx.phones_changed(seller).await?;
    }
    Ok(delivered)
}

/// A change's hash is longer than an id: its beginning names it.
fn held_id(item: &Item) -> HeldId {
    let id: [u8; 16] = match item {
        Item::Change(_, hash) => std::array::from_fn(|i| hash.as_bytes()[i]),
        Item::Record(_, record) => *record.as_bytes(),
        Item::Photo(_, photo) => *photo.as_bytes(),
    };
    HeldId::from_bytes(id)
}

/// What became of a thing that a supervisor has let count.
pub(in crate::http) enum Released {
    /// It counts, or will with what it follows.
    Counts,
    /// It follows a change that somebody has rejected.
    AfterRejected,
    /// It is as it came, and cannot be taken: the code says why.
    Refused(String),
}

/// Admits what a supervisor has let count of a visit, in the transaction of the decision, and answers what became of
/// `asked`. A change that follows one which is still held waits for that one. Unless `asked` counts, nothing is to be
/// committed.
///
/// # Errors
/// The database's, and a document that does not load.
pub(in crate::http) async fn admit_released(
    app: &App,
    mut tx: Tx,
    seller: SellerId,
    appointment: AppointmentId,
    asked: HeldId,
) -> anyhow::Result<(Tx, Released)> {
    let mut answer = Released::Counts;
    let mut asked_change = None;
    let mut by_device: BTreeMap<DeviceId, Vec<(HeldId, HeldKind, Vec<u8>)>> = BTreeMap::new();
    for (item, kind, device, sealed) in tx.released(seller, appointment).await? {
        by_device.entry(device).or_default().push((item, kind, sealed));
    }
    for (device, released) in by_device {
        let Some((user, name, _)) = tx.device_of_seller(seller, device).await? else { continue };
        let who = Technician { user, device, seller, name };
        let contact = Contact { device, received: app.clock.now(), clock: None };
        let mut exchange = Exchange { app, who: &who, contact, tx };
        let mut changes = BTreeMap::new();
        for (held, kind, sealed) in released {
            let outcome = if kind == HeldKind::Record {
                let record = RecordId::from_bytes(*held.as_bytes());
                take_record(&mut exchange, appointment, record, &sealed).await?.code
            } else {
                match admit::describe(&sealed) {
                    Ok((hash, _)) => {
                        asked_change = asked_change.or((held == asked).then_some(hash));
                        changes.insert(hash, (Item::Change(appointment, hash), sealed));
                        None
                    }
                    Err(refusal) => Some(refusal.code().to_owned()),
                }
            };
            if let Some(code) = outcome.filter(|_| held == asked) {
                answer = Released::Refused(code);
            }
        }
        for (item, hash, bytes) in in_order(changes) {
            let is_asked = asked_change == Some(hash);
            let Ok((_, follows)) = admit::describe(&bytes) else { continue };
            let mut waits = false;
            for before in &follows {
                if exchange.tx.arrival_of(seller, appointment, before).await?.is_some() {
                    continue;
                }
                waits = true;
                let name = held_id(&Item::Change(appointment, *before));
                if is_asked && exchange.tx.is_rejected(seller, name).await? {
                    answer = Released::AfterRejected;
                }
            }
            if waits {
                continue;
            }
            let taken = take_change(&mut exchange, item, hash, bytes).await?;
            if let Some(code) = taken.code.filter(|_| is_asked) {
                answer = Released::Refused(code);
            }
        }
        tx = exchange.tx;
    }
    Ok((tx, answer))
}

/// A change of a visit was rejected: what was let count and follows it can never count, and is held again, so that
/// somebody decides who knows that.
///
/// # Errors
/// The database's.
pub(in crate::http) async fn hold_again(
    tx: &mut Tx,
    seller: SellerId,
    appointment: AppointmentId,
    rejected: HeldId,
) -> sqlx::Result<()> {
    for (held, kind, _, sealed) in tx.released(seller, appointment).await? {
        let Ok((_, follows)) = admit::describe(&sealed) else { continue };
        let is_after = |before: &Hash| held_id(&Item::Change(appointment, *before)) == rejected;
        if kind == HeldKind::Change && follows.iter().any(is_after) {
            tx.hold_again(seller, held).await?;
        }
    }
    Ok(())
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

/// Whether a change follows one that the server does not have.
async fn is_early(
    exchange: &mut Exchange<'_>,
    appointment: AppointmentId,
    bytes: &[u8],
) -> anyhow::Result<bool> {
    let Ok((_, follows)) = admit::describe(bytes) else { return Ok(false) };
    let Some(stored) = exchange.tx.load_document(exchange.who.seller, appointment).await? else {
        return Ok(false);
    };
    let document = Document::load(&stored.snapshot)?;
    Ok(follows.iter().any(|hash| !document.contains(hash)))
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
