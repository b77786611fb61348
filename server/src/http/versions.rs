//! `GET` and `POST /api/visits/{appointment}/versions`: what two phones recorded differently, and a supervisor's word
//! on which of it counts.

use super::{
    extract::{Json, PathId},
    problem::Refusal,
    session::Supervisor,
};
use crate::{
    app::App,
    closing,
    db::{Tx, document::StoredDocument},
};
use anyhow::Context as _;
use axum::{
    extract::State,
    http::{StatusCode, header},
    response::IntoResponse,
};
use doorstep_core::{
    api::{Choice, FieldVersion, FieldVersions, Versions, What},
    document::{Actor, Contested, Document, Put, Version},
    id::{AppointmentId, DeviceId, EpochId, SellerId},
};

/// Every value of the fields that hold more than one.
///
/// # Errors
/// There is no such visit, or its buyer's data has expired.
pub async fn versions(
    State(app): State<App>,
    who: Supervisor,
    PathId(appointment): PathId<AppointmentId>,
) -> Result<impl IntoResponse, Refusal> {
    let mut tx = app.db.read().await?;
    let stored = tx.load_document(who.seller, appointment).await?.ok_or_else(no_such_visit)?;
    let mut fields = Vec::new();
    for Contested { field, versions } in contested(&stored)?.1 {
        let mut shown = Vec::with_capacity(versions.len());
        for version in &versions {
            shown.push(show(&mut tx, who.seller, appointment, version).await?);
        }
        fields.push(FieldVersions { field, versions: shown });
    }
    Ok(([(header::CACHE_CONTROL, "no-store")], axum::Json(Versions { fields })))
}

/// Has one of the values count. Phones learn of it with their next exchange, like of any other change.
///
/// # Errors
/// There is no such visit; nothing is left to choose there; the closeout was handed over already.
pub async fn choose(
    State(app): State<App>,
    who: Supervisor,
    PathId(appointment): PathId<AppointmentId>,
    Json(choice): Json<Choice>,
) -> Result<impl IntoResponse, Refusal> {
    let now = app.clock.now();
    let mut tx = app.db.write().await?;
    tx.lock_documents(who.seller, &[appointment]).await?;
    let stored = tx.load_document(who.seller, appointment).await?.ok_or_else(no_such_visit)?;
    if stored.closed_at.is_some() {
        return Err(Refusal::conflict(
            "closeout_handed_over",
            "This closeout was handed over already",
            "What was handed over stays as it is; the other value stays on record.",
        ));
    }
    let (mut document, contested) = contested(&stored)?;
    let of_field = contested.into_iter().find(|one| one.field == choice.field);
    let version = of_field.and_then(|one| one.versions.into_iter().find(|one| one.change == choice.change));
    let Some(version) = version else {
        return Err(Refusal::conflict(
            "nothing_to_choose",
            "There is nothing to choose here any more",
            "Somebody has recorded it anew, or chosen before you; the job shows what counts.",
        )
        .field("change"));
    };
    // The server's own hand: no phone is all zeros, and a hand is used once.
    let actor =
        Actor { device: DeviceId::from_bytes([0; 16]), epoch: EpochId::from_bytes(app.entropy.bytes()) };
    let change =
        document.edit(actor, &[version.put]).context("writing a choice")?.context("a choice writes")?;
    tx.store_choice(who.seller, appointment, &version.change, actor, &change, &document).await?;
    let what = What::VersionChosen { field: choice.field };
    tx.record_event(who.seller, appointment, &what, now).await?;
    closing::settle(&app, &mut tx, who.seller, appointment, now).await?;
    tx.commit().await?;
    tracing::info!(user = %who.user, %appointment, "one of several recorded values was chosen");
    app.bell.ring();
    Ok((StatusCode::NO_CONTENT, [(header::CACHE_CONTROL, "no-store")]))
}

fn contested(stored: &StoredDocument) -> anyhow::Result<(Document, Vec<Contested>)> {
    let document = Document::load(&stored.snapshot).context("loading a document")?;
    let contested = document.contested().context("reading a document")?;
    Ok((document, contested))
}

async fn show(
    tx: &mut Tx,
    seller: SellerId,
    appointment: AppointmentId,
    version: &Version,
) -> anyhow::Result<FieldVersion> {
    let arrival =
        tx.arrival_of(seller, appointment, &version.change).await?.context("a change without a row")?;
    let mut shown = FieldVersion {
        change: version.change,
        technician: tx.technician_of(seller, version.device).await?,
        received_at: arrival.received,
        step: None,
        answer: None,
    };
    match &version.put {
        Put::Step(step, moment) => shown.step = Some(closing::step_done(*step, moment, &arrival)),
        Put::Answer(_, answer) => shown.answer = Some(*answer),
        Put::Photo(..) | Put::RemovePhoto(_) | Put::Record(..) | Put::Fact(_) => {}
    }
    Ok(shown)
}

fn no_such_visit() -> Refusal {
    Refusal::not_found("no_such_visit", "There is no such visit", "Reload the page.")
}
