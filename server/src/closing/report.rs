//! The report of a visit: written down when the closeout is handed over, and from then on the same, whatever is
//! recorded or assigned later. So it can be repeated when its reply was lost, and says nothing that nobody judged.

use super::{read, state, steps};
use crate::{
    app::App,
    connection,
    db::{Tx, outbox::Ends},
};
use anyhow::Context as _;
use doorstep_core::{
    api::CallKind,
    closeout::{Ending, Step},
    id::{AppointmentId, PhotoId, ResourceId, SellerId, UserId},
    job::Window,
    time::Timestamp,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// What `setAppointmentFulfillmentData` says, whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fulfilment {
    pub start: Timestamp,
    pub end: Timestamp,
    /// Who was there.
    pub present: BTreeSet<UserId>,
    /// Under which ids Amazon knows those, as they were when it was last asked for.
    pub resources: Vec<ResourceId>,
    pub photos: Vec<PhotoId>,
    /// What was said on the way.
    pub expected: Option<Window>,
}

/// What Amazon is told of a closeout. `repeats`: a reply was lost, so it names whom it named then; else they are
/// named as they are linked now.
///
/// # Errors
/// As `state`; or the closeout has no start or end, which the rules do not let through.
pub async fn fulfilment(
    tx: &mut Tx,
    seller: SellerId,
    appointment: AppointmentId,
    repeats: bool,
) -> anyhow::Result<Fulfilment> {
    let mut wanted = match tx.report(seller, appointment).await? {
        Some(kept) => serde_json::from_str(&kept).context("reading a report")?,
        // Handed over by a server that did not write it down.
        None => drawn_up(tx, seller, appointment).await?,
    };
    if !repeats {
        wanted.resources = tx.resources_of_users(seller, wanted.present.iter().copied()).await?;
    }
    Ok(wanted)
}

/// Writes the report down, as it is to stay.
///
/// # Errors
/// The database's.
pub async fn keep(
    tx: &mut Tx,
    seller: SellerId,
    appointment: AppointmentId,
    report: &Fulfilment,
) -> anyhow::Result<()> {
    tx.keep_report(seller, appointment, &serde_json::to_string(report)?).await?;
    Ok(())
}

/// The report of what is recorded by now.
pub(super) async fn drawn_up(
    tx: &mut Tx,
    seller: SellerId,
    appointment: AppointmentId,
) -> anyhow::Result<Fulfilment> {
    let stored = tx.load_document(seller, appointment).await?.context("the visit has no document")?;
    let (document, closeout) = read(&stored)?;
    let steps = steps(tx, seller, appointment, &document, &closeout).await?;
    let at = |wanted: Step| {
        let found = steps.iter().find(|done| done.step == wanted);
        found.map(|done| done.at).with_context(|| format!("the closeout has no step {}", wanted.name()))
    };
    let (start, end) = whole_seconds(at(Step::Started)?, at(Step::Finished)?);
    // Who was there, where somebody said so; else those that Amazon has assigned.
    let present = closeout.present(&tx.crew(seller, appointment).await?);
    let resources = tx.resources_of_users(seller, present.iter().copied()).await?;
    let photos = closeout.proof().map(|(photo, _)| *photo).collect();
    Ok(Fulfilment { start, end, present, resources, photos, expected: closeout.eta.and_then(super::window) })
}

/// Hands a closeout over once more, as it is now. When a person has a call tried again and Amazon certainly has no
/// report of the visit, a photo that it refused may have been taken out, or taken again. What could not be handed over
/// now, or would end otherwise, leaves the report as it is. The caller has locked the document.
///
/// # Errors
/// As `state`.
pub async fn renew(
    app: &App,
    tx: &mut Tx,
    seller: SellerId,
    appointment: AppointmentId,
    now: Timestamp,
) -> anyhow::Result<()> {
    if tx.report(seller, appointment).await?.is_none()
        || tx.fulfilment_may_be_known(seller, appointment).await?
    {
        return Ok(());
    }
    let Some(state) = state(app, tx, seller, appointment).await? else { return Ok(()) };
    let completes =
        tx.calls_of(seller, appointment).await?.iter().any(|call| call.kind == CallKind::Complete);
    let ends = match state.ending {
        Ending::Complete if completes => Ends::Job,
        Ending::FulfilOnly if !completes => Ends::Visit,
        _ => return Ok(()),
    };
    let report = drawn_up(tx, seller, appointment).await?;
    let safe = tx.safe_photos(seller, appointment).await?;
    if !state.ready || !report.photos.iter().all(|photo| safe.contains(photo)) {
        return Ok(());
    }
    keep(tx, seller, appointment, &report).await?;
    tx.leave_documents_but(seller, state.job, appointment, &report.photos, now).await?;
    let (program, _) = connection::of_job(app, tx, state.job).await?;
    tx.enqueue_closeout(seller, state.job, appointment, &program, &report.photos, ends, now).await?;
    Ok(())
}

/// Amazon wants an end after the start, and neither in the future: both are rounded down, and where two wide
/// intervals left them in one second the start goes back by one.
fn whole_seconds(start: Timestamp, end: Timestamp) -> (Timestamp, Timestamp) {
    let end = Timestamp(end.0 - end.0.rem_euclid(1000));
    let start = Timestamp(start.0 - start.0.rem_euclid(1000));
    (start.min(end.plus_ms(-1000)), end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amazon_gets_whole_seconds_with_the_end_after_the_start() {
        let seconds = |start, end| whole_seconds(Timestamp(start), Timestamp(end));
        assert_eq!(seconds(1_500, 9_900), (Timestamp(1_000), Timestamp(9_000)));
        assert_eq!(seconds(9_100, 9_900), (Timestamp(8_000), Timestamp(9_000)));
        assert_eq!(seconds(9_900, 9_100), (Timestamp(8_000), Timestamp(9_000)));
    }
}
