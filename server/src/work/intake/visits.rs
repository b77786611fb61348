//! Bringing the visits of a job up to date, and noticing what Amazon did to them meanwhile.

use super::place::{Place, Sent, places};
use crate::{
    app::App,
    db::{
        Tx,
        intake::{StoredJob, StoredVisit},
    },
};
use doorstep_core::{
    api::{CallKind, What},
    id::AppointmentId,
    job::NoticeKind,
    time::Timestamp,
};
use std::collections::BTreeMap;

/// What intake made of the job itself.
pub(super) struct Change<'a> {
    pub(super) job: &'a StoredJob,
    /// As it was; `None` for a job that is new.
    pub(super) before: Option<&'a StoredJob>,
    /// Something about the job changed that a person sees.
    pub(super) seen: bool,
}

/// What is told of the visits of one job, each thing once.
#[derive(Default)]
struct Told {
    changed: Vec<AppointmentId>,
    noticed: Vec<(AppointmentId, NoticeKind)>,
    parked: Vec<(AppointmentId, CallKind)>,
}

/// Brings the job's visits up to date and says what happened to each.
pub(super) async fn take_in(
    app: &App,
    tx: &mut Tx,
    change: &Change<'_>,
    sent: &[Sent],
    now: Timestamp,
) -> anyhow::Result<Vec<(AppointmentId, What)>> {
    let (seller, job) = (app.seller, change.job.job);
    let stored = tx.visits_of(seller, job).await?;
    let mut told = Told::default();
    if change.seen {
        told.changed = stored.iter().map(|visit| visit.appointment).collect();
    }
    let mut events = Vec::new();
    let mut after: BTreeMap<AppointmentId, StoredVisit> =
        stored.iter().map(|visit| (visit.appointment, visit.clone())).collect();
    let mut placed = Vec::new();
    for (place, sent) in places(&stored, sent).into_iter().zip(sent) {
        match (place, sent.window) {
            (Place::Nowhere, _) => {}
            (Place::New, None) => {
                tracing::error!(job = %job, "an appointment without a time was not taken in");
            }
            (Place::New, Some(window)) => {
                let appointment = AppointmentId::from_bytes(app.entropy.bytes());
                let visit = StoredVisit {
                    appointment,
                    amazon_id: sent.amazon_id.clone(),
                    status: sent.status.clone(),
                    window,
                    handed_over: false,
                };
                tx.insert_visit(seller, job, &visit).await?;
                tx.replace_assigned(seller, appointment, &sent.technicians).await?;
                tx.create_document(seller, appointment, now).await?;
                events.push((appointment, What::JobTakenIn));
                if change.job.buyer_expired_at.is_some()
                    && visit.status == "ACTIVE"
                    && change.job.wrapped_key.is_some()
                    && tx.give_notice(seller, appointment, NoticeKind::AfterDeadline, None, now).await?
                {
                    told.noticed.push((appointment, NoticeKind::AfterDeadline));
                }
            }
            (Place::Visit(appointment), window) => {
                placed.push(appointment);
                let Some(visit) = after.get_mut(&appointment) else { continue };
                visit.amazon_id.clone_from(&sent.amazon_id);
                visit.status.clone_from(&sent.status);
                visit.window = window.unwrap_or(visit.window);
                reassign(app, tx, appointment, &sent.technicians, &mut told, now).await?;
            }
        }
    }
    for before in &stored {
        let Some(visit) = after.get_mut(&before.appointment) else { continue };
        // A job that is shown with other visits and not with this one: nobody is to go there.
        let is_gone = !placed.contains(&before.appointment) && !sent.is_empty();
        if is_gone && before.status == "ACTIVE" && !before.handed_over {
            "CANCELLED".clone_into(&mut visit.status);
        }
        if visit != before {
            tx.update_visit(seller, visit).await?;
        }
        // A new id of Amazon's alone is nothing that a person sees.
        let visible = visit.status != before.status || visit.window != before.window;
        if visible && !told.changed.contains(&before.appointment) {
            told.changed.push(before.appointment);
        }
        notice(app, tx, change, before, visit, &mut told, now).await?;
    }
    let noticed = |appointment: &AppointmentId| told.noticed.iter().any(|(other, _)| other == appointment);
    events.extend(
        told.changed
            .iter()
            .filter(|appointment| !noticed(appointment))
            .map(|appointment| (*appointment, What::JobChanged)),
    );
    events.extend(
        told.noticed.into_iter().map(|(appointment, notice)| (appointment, What::Noticed { notice })),
    );
    events
        .extend(told.parked.into_iter().map(|(appointment, call)| (appointment, What::CallParked { call })));
    Ok(events)
}

/// Gives the visit to those whom Amazon names. What others recorded before stays theirs to bring.
async fn reassign(
    app: &App,
    tx: &mut Tx,
    appointment: AppointmentId,
    technicians: &[String],
    told: &mut Told,
    now: Timestamp,
) -> anyhow::Result<()> {
    let seller = app.seller;
    let before = tx.assigned(seller, appointment).await?;
    if before == technicians {
        return Ok(());
    }
    let gone: Vec<&str> = before.iter().filter(|id| !technicians.contains(id)).map(String::as_str).collect();
    let come: Vec<&str> = technicians.iter().filter(|id| !before.contains(id)).map(String::as_str).collect();
    tx.replace_assigned(seller, appointment, technicians).await?;
    tx.note_former(seller, appointment, &gone, &come, now).await?;
    if !told.changed.contains(&appointment) {
        told.changed.push(appointment);
    }
    if tx.has_outsiders_work(seller, appointment).await? {
        if tx.give_notice(seller, appointment, NoticeKind::Reassigned, None, now).await? {
            told.noticed.push((appointment, NoticeKind::Reassigned));
        }
    } else {
        tx.withdraw_notice(seller, appointment, NoticeKind::Reassigned).await?;
    }
    Ok(())
}

/// Notes what Amazon did to one visit, and takes back what does not hold any more.
async fn notice(
    app: &App,
    tx: &mut Tx,
    change: &Change<'_>,
    before: &StoredVisit,
    after: &StoredVisit,
    told: &mut Told,
    now: Timestamp,
) -> anyhow::Result<()> {
    let (seller, appointment) = (app.seller, before.appointment);
    tx.withdraw_notice(seller, appointment, NoticeKind::Vanished).await?;
    let cancelled = change.job.facts.status == "CANCELLED";
    let was_cancelled = change.before.is_some_and(|before| before.facts.status == "CANCELLED");
    let was_open = before.status == "ACTIVE" && !was_cancelled;

    let mut given = Vec::new();
    if cancelled && was_open {
        given.push((NoticeKind::Cancelled, None));
    } else if !cancelled && after.status == "CANCELLED" && was_open {
        given.push((NoticeKind::CalledOff, None));
    }
    if after.status == "ACTIVE" && !cancelled && after.window != before.window {
        let back = tx
            .notices(seller, appointment)
            .await?
            .iter()
            .any(|notice| notice.kind == NoticeKind::Moved && notice.before == Some(after.window));
        if back {
            tx.withdraw_notice(seller, appointment, NoticeKind::Moved).await?;
        } else {
            given.push((NoticeKind::Moved, Some(before.window)));
        }
    }
    // Another key since the last intake: a visit that came after the deadline of the one before.
    let rekeyed = change.before.is_some_and(|before| before.rekeyed_at != change.job.rekeyed_at);
    if rekeyed && after.status == "ACTIVE" {
        given.push((NoticeKind::AfterDeadline, None));
    }
    if !cancelled {
        tx.withdraw_notice(seller, appointment, NoticeKind::Cancelled).await?;
    }
    if cancelled || after.status == "ACTIVE" {
        tx.withdraw_notice(seller, appointment, NoticeKind::CalledOff).await?;
    }
    for (kind, window) in given {
        if tx.give_notice(seller, appointment, kind, window, now).await? {
            told.noticed.push((appointment, kind));
        }
        if let Some(reason) = parks(kind) {
            told.parked.extend(tx.park_ready(seller, change.job.job, appointment, reason, now).await?);
        }
    }
    Ok(())
}

/// Why nothing more of a visit is sent without a person, where that follows.
pub(in crate::work) const fn parks(kind: NoticeKind) -> Option<&'static str> {
    match kind {
        NoticeKind::Cancelled => Some("The job was cancelled at Amazon."),
        NoticeKind::CalledOff => Some("The visit was called off at Amazon."),
        NoticeKind::Vanished => Some("Amazon does not show the job any more."),
        NoticeKind::Moved | NoticeKind::Reassigned | NoticeKind::AfterDeadline => None,
    }
}
