//! `POST /api/rescue`: what a phone recorded, brought by whoever could not read it: the phone itself while it is locked,
//! another phone, or the office with a file.

mod admission;
mod bundle;

use super::{
    problem::Refusal,
    session::{Bringer, SignedInUser, Technician},
    uploads::{self, Lanes},
};
use crate::{app::App, seal};
pub(super) use admission::{Released, admit_released, hold_again};
use anyhow::Context as _;
use axum::{Extension, Json, body::Body, extract::State};
use bundle::{Bundle, Next};
use doorstep_core::{
    api::{Delivered, DeliveredItem, Delivery},
    id::DeviceId,
    rescue::{CopyRefusal, Item, Kept},
    vault::Key,
};

/// Takes a bundle as it comes: photos one by one, and all changes and records in one transaction at its end.
///
/// # Errors
/// It is no bundle, or too large. Everything else is an outcome of an item.
pub async fn deliver(
    State(app): State<App>,
    Extension(lanes): Extension<Lanes>,
    who: Bringer,
    body: Body,
) -> Result<Json<Delivery>, Refusal> {
    // Whoever brings it may go away meanwhile: what has arrived is taken all the same.
    let taking = tokio::spawn(async move { take(&app, &lanes, &who, body).await });
    taking.await.context("taking a bundle")?.map(Json)
}

async fn take(app: &App, lanes: &Lanes, who: &Bringer, body: Body) -> Result<Delivery, Refusal> {
    let mut bundle = Bundle::open(body).await?;
    // Who is barred brings what their own phone recorded, and nothing for anybody else.
    if let Some(barred) = who.barred.filter(|_| who.user.device != Some(bundle.device())) {
        return Err(Refusal::phone_revoked(barred));
    }
    let owner = Owner::of(app, &who.user, bundle.device()).await?;
    let mut items = Vec::new();
    let mut copies = Vec::new();
    let whole = loop {
        let (item, bytes) = match bundle.next().await? {
            Next::Item(item, bytes) => (item, bytes),
            Next::End => break true,
            Next::Cut => break false,
        };
        match (&owner, item) {
            (None, _) => items.push(refused(&item, CopyRefusal::NoSuchDevice.code())),
            (Some(owner), Item::Photo(appointment, photo)) => {
                let taken =
                    uploads::deliver(app, lanes, &owner.technician, (appointment, photo), &bytes).await;
                items.push(match taken {
                    Ok(true) => done(&item, Delivered::Taken),
                    Ok(false) => done(&item, Delivered::Already),
                    // Our own trouble is not the photo's: it is to come again.
                    Err(refusal) if refusal.problem().status >= 500 => return Err(refusal),
                    Err(refusal) => refused(&item, &refusal.problem().code),
                });
            }
            (Some(owner), _) => match owner.open(app, &item, &bytes)? {
                Ok(kept) => copies.push((item, kept)),
                Err(refusal) => items.push(refused(&item, refusal.code())),
            },
        }
    };
    if let Some(owner) = &owner {
        items.extend(admission::admit(app, &owner.technician, copies, whole).await?);
    }
    let name = owner.map(|owner| owner.technician.name);
    Ok(Delivery { device: bundle.device(), name, whole, items })
}

fn done(item: &Item, outcome: Delivered) -> DeliveredItem {
    DeliveredItem { place: item.place(), outcome, code: None }
}

fn refused(item: &Item, code: &str) -> DeliveredItem {
    DeliveredItem { place: item.place(), outcome: Delivered::Refused, code: Some(code.to_owned()) }
}

/// Whose phone recorded what is in a bundle.
struct Owner {
    technician: Technician,
    store_key: Key,
}

impl Owner {
    async fn of(app: &App, who: &SignedInUser, device: DeviceId) -> Result<Option<Self>, Refusal> {
        let seller = who.seller;
        let mut tx = app.db.read().await?;
        let Some((user, name, wrapped)) = tx.device_of_seller(seller, device).await? else {
            return Ok(None);
        };
        let store_key = app
            .root_key
            .unwrap(&seal::device_key_place(device), &wrapped)
            .with_context(|| format!("unwrapping the key of device {device}"))?;
        Ok(Some(Self { technician: Technician { user, device, seller, name }, store_key }))
    }

    /// Both seals of a copy.
    fn open(&self, app: &App, item: &Item, copy: &[u8]) -> anyhow::Result<Result<Kept, CopyRefusal>> {
        let sealed = match doorstep_core::rescue::read(copy) {
            Ok(sealed) => sealed,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let Some(pair) = app.evidence.pair(sealed.key, app.clock.now())? else {
            return Ok(Err(CopyRefusal::KeyGone));
        };
        let device = self.technician.device;
        let inside = pair.open_copy(&sealed, device, item);
        Ok(inside.and_then(|inside| Kept::open(&self.store_key, device, item, &inside)))
    }
}
