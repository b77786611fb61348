//! Jobs from a file on the way that every job takes, and what becomes of them once Amazon gives them itself.

use super::{
    job::{self, Outcome},
    place::Sent,
};
use crate::{
    app::App,
    db::{Tx, intake::StoredVisit},
    import::IMPORTED_VISIT,
};
use anyhow::Context as _;
use doorstep_core::{api::What, id::AppointmentId, time::Timestamp};
use doorstep_spapi::ServiceJob;

/// What a line of a file did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FromFile {
    New,
    Changed,
    Unchanged,
    /// Amazon has given the job itself: a file says nothing about it any more.
    Known,
}

/// Takes a job in as a file has it, and marks it. The caller holds the intake's lock.
pub(crate) async fn take_in_from_file(
    app: &App,
    tx: &mut Tx,
    sent: &ServiceJob,
    now: Timestamp,
    events: &mut Vec<(AppointmentId, What)>,
) -> anyhow::Result<FromFile> {
    let service_job = sent.service_job_id.as_ref().context("a line of a file without the job's id")?;
    let before = tx.stored_job(app.seller, service_job.as_str()).await?;
    if let Some(before) = &before
        && !tx.is_imported(app.seller, before.job).await?
    {
        return Ok(FromFile::Known);
    }
    let told = match job::write(app, tx, sent, now).await? {
        Outcome::Unchanged => return Ok(FromFile::Unchanged),
        Outcome::Changed(told) => told,
        Outcome::WithoutId | Outcome::Buried => return Ok(FromFile::Known),
    };
    let stored = tx.stored_job(app.seller, service_job.as_str()).await?.context("a job just taken in")?;
    tx.mark_imported(app.seller, stored.job, now).await?;
    events.extend(told.into_iter().map(|(visit, what)| match what {
        What::JobTakenIn | What::JobChanged => (visit, What::JobImported),
        other => (visit, other),
    }));
    Ok(if before.is_none() { FromFile::New } else { FromFile::Changed })
}

/// Amazon gives a job itself that may have come from a file: then the mark goes, and the visit of the file becomes the
/// one of Amazon's that it must be. One that Amazon has nothing for was never to happen. Gives the visits that were
/// there; none when the job had no mark.
pub(super) async fn confirm(
    app: &App,
    tx: &mut Tx,
    sent: &ServiceJob,
    now: Timestamp,
) -> anyhow::Result<Vec<AppointmentId>> {
    let Some(service_job) = &sent.service_job_id else { return Ok(Vec::new()) };
    let Some(job) = tx.imported_named(app.seller, service_job.as_str()).await? else { return Ok(Vec::new()) };
    tx.confirm_imported(app.seller, job, now).await?;
    let stored = tx.visits_of(app.seller, job).await?;
    if let Some(visit) = stored.iter().find(|visit| visit.amazon_id == IMPORTED_VISIT) {
        let sent: Vec<Sent> = sent.appointments.iter().filter_map(Sent::read).collect();
        let known = |amazon_id: &str| stored.iter().any(|visit| visit.amazon_id == amazon_id);
        let is = match same_visit(visit, &sent).filter(|sent| !known(&sent.amazon_id)) {
            // Its time as well: what the file had was never Amazon's, so Amazon has not moved the visit.
            Some(sent) => StoredVisit {
                amazon_id: sent.amazon_id.clone(),
                window: sent.window.unwrap_or(visit.window),
                ..visit.clone()
            },
            None => StoredVisit { status: "CANCELLED".to_owned(), ..visit.clone() },
        };
        tx.update_visit(app.seller, &is).await?;
    }
    Ok(stored.into_iter().map(|visit| visit.appointment).collect())
}

/// Says of each of these visits that Amazon has confirmed it, instead of that it has changed.
pub(super) fn tell(outcome: Outcome, confirmed: Vec<AppointmentId>) -> Outcome {
    let told = match outcome {
        outcome if confirmed.is_empty() => return outcome,
        Outcome::Changed(told) => told,
        Outcome::Unchanged => Vec::new(),
        other => return other,
    };
    let mut events: Vec<(AppointmentId, What)> =
        confirmed.iter().map(|visit| (*visit, What::JobConfirmed)).collect();
    events.extend(
        told.into_iter().filter(|(visit, what)| *what != What::JobChanged || !confirmed.contains(visit)),
    );
    Outcome::Changed(events)
}

/// The appointment at the file's time, or else the one that is still to happen, or else the only one there is.
fn same_visit<'s>(visit: &StoredVisit, sent: &'s [Sent]) -> Option<&'s Sent> {
    let only = |wanted: &dyn Fn(&Sent) -> bool| {
        let mut found = sent.iter().filter(|sent| wanted(sent));
        found.next().filter(|_| found.next().is_none())
    };
    let holds = |sent: &Sent| sent.status != "CANCELLED";
    let starts = |sent: &Sent| sent.window.is_some_and(|window| window.start == visit.window.start);
    only(&|sent| holds(sent) && starts(sent))
        .or_else(|| only(&|sent| sent.status == "ACTIVE"))
        .or_else(|| only(&holds))
}
