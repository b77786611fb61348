//! What the office decides of a visit that is not simply completed: it is moved, or its job is cancelled. A decision is
//! a row and a call in the outbox, written together; Amazon's codes are checked before, since it refuses a wrong one
//! when nobody is there any more.

use crate::{
    app::App,
    closing, connection,
    db::{
        Tx,
        decision::{StoredDecision, Verdict},
        job::Visit,
        outbox::NewCall,
    },
};
use doorstep_core::{
    api::{CallKind, What},
    decision::{DecisionState, DeclineReason},
    id::{AppointmentId, DecisionId, JobId, RequestId, UserId},
    job::JobStatus,
    reason::{self, ReasonCode, Wish},
    time::Timestamp,
};

/// Amazon takes appointments up to so far ahead.
const FURTHEST_MS: i64 = 365 * 24 * 3_600_000;
/// Why calls are left that another decision takes the place of.
const REPLACED: &str = "The office decided otherwise.";
const REPORTS: [CallKind; 3] = [CallKind::Document, CallKind::Fulfilment, CallKind::Complete];

/// Why a decision is not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    #[error("there is no such visit")]
    NoSuchVisit,
    #[error("there is no such request, or it was taken back")]
    NoSuchRequest,
    #[error("the request is decided")]
    Decided,
    #[error("the job has no visit yet")]
    NoVisit,
    #[error("the job is closed at Amazon")]
    JobClosed,
    #[error("the visit is not active at Amazon")]
    NotActive,
    #[error("Amazon has not confirmed the job")]
    Imported,
    #[error("the job is being completed")]
    BeingCompleted,
    #[error("an earlier decision is on its way to Amazon")]
    UnderWay,
    #[error("the code is not one of those that hold here")]
    Code { valid: Vec<ReasonCode> },
    #[error("a move wants a time")]
    TimeMissing,
    #[error("the time is not ahead")]
    TimeOver,
    #[error("the time is too far ahead")]
    TimeTooFar,
    #[error("the visit is at that time already")]
    SameTime,
    #[error("the buyer's data has expired")]
    Expired,
}

/// What a supervisor approves.
#[derive(Clone, Debug)]
pub struct Approval {
    pub by: UserId,
    /// What it answers; `None` where nobody in the field had asked.
    pub request: Option<RequestId>,
    pub wish: Wish,
    pub code: String,
    /// Of a move.
    pub start: Option<Timestamp>,
}

/// The visit by which a job is cancelled: the active one, or else the last.
///
/// # Errors
/// The database's.
pub async fn visit_of(app: &App, tx: &mut Tx, job: JobId) -> sqlx::Result<Option<AppointmentId>> {
    let visits = tx.visits_of(app.seller, job).await?;
    let active = visits.iter().rev().find(|visit| visit.status == "ACTIVE");
    Ok(active.or(visits.last()).map(|visit| visit.appointment))
}

/// The codes that hold for a visit's job; empty for both once its facts have expired.
///
/// # Errors
/// The database's, or the sealed job does not read.
pub async fn codes(app: &App, tx: &mut Tx, visit: &Visit, wish: Wish) -> anyhow::Result<Vec<ReasonCode>> {
    let Some(job) = tx.load_job(&app.root_key, app.seller, visit.appointment).await? else {
        return Ok(Vec::new());
    };
    Ok(reason::valid(&visit.marketplace_id, job.service_type, wish))
}

/// Writes an approval down and puts what follows into the outbox. The caller has locked the document, and commits
/// only what is not refused.
///
/// # Errors
/// The database's, or the sealed job does not read.
pub async fn approve(
    app: &App,
    tx: &mut Tx,
    appointment: AppointmentId,
    approval: Approval,
    now: Timestamp,
) -> anyhow::Result<Result<(), Refused>> {
    let seller = app.seller;
    let Some(visit) = tx.visit(seller, appointment).await? else { return Ok(Err(Refused::NoSuchVisit)) };
    if let Err(refused) = check(app, tx, &visit, &approval, now).await? {
        return Ok(Err(refused));
    }
    // What is not under way yet gives way. Of the reports of a visit only a cancellation makes an end.
    let (kind, given_up): (_, &[CallKind]) = match approval.wish {
        Wish::Cancel => (CallKind::Cancel, &CallKind::ALL),
        Wish::Reschedule => {
            (CallKind::Reschedule, &[CallKind::Reschedule, CallKind::Assign, CallKind::Cancel, CallKind::Eta])
        }
    };
    let version = tx.count_decisions(seller, visit.job).await? + 1;
    if tx.is_being_completed(seller, visit.job).await? {
        return Ok(Err(Refused::BeingCompleted));
    }
    tx.drop_calls(seller, visit.job, given_up, REPLACED, now).await?;
    if tx.has_open_decision(seller, visit.job).await? {
        return Ok(Err(Refused::UnderWay));
    }
    let decision = DecisionId::from_bytes(app.entropy.bytes());
    let verdict = match (approval.wish, approval.start) {
        (Wish::Reschedule, Some(start)) => Verdict::Reschedule {
            code: approval.code,
            start,
            resources: tx.resources_of(seller, appointment).await?,
        },
        (Wish::Reschedule, None) => return Ok(Err(Refused::TimeMissing)),
        (Wish::Cancel, _) => Verdict::Cancel { code: approval.code },
    };
    let stored = StoredDecision {
        decision,
        job: visit.job,
        appointment,
        request: approval.request,
        what: approval.wish,
        verdict,
        moved_to: None,
        by: approval.by,
        at: now,
    };
    tx.put_decision(seller, &stored).await?;
    // A visit at which nobody was is over: what comes after the move is another one, with a closeout of its own.
    if approval.wish == Wish::Reschedule && closing::is_no_show(tx, seller, appointment).await? {
        tx.close_document(seller, appointment, now).await?;
    }
    let (program, _) = connection::of_job(app, tx, visit.job).await?;
    let decision = Some(decision);
    let new =
        NewCall { job: visit.job, appointment, kind, program: &program, version, photo: None, decision };
    tx.enqueue_call(seller, &new, now).await?;
    tx.record_event(seller, appointment, &What::Approved { wish: approval.wish }, now).await?;
    Ok(Ok(()))
}

/// A cancellation that Amazon did not take makes no end of the reports that gave way to it: they go.
///
/// # Errors
/// The database's.
pub async fn resume_reports(app: &App, tx: &mut Tx, job: JobId, now: Timestamp) -> sqlx::Result<()> {
    tx.resume_reports(app.seller, job, REPLACED, now).await
}

/// A cancellation that is tried again has the reports give way once more that are not under way.
///
/// # Errors
/// The database's.
pub async fn drop_reports(
    app: &App,
    tx: &mut Tx,
    appointment: AppointmentId,
    now: Timestamp,
) -> sqlx::Result<()> {
    let Some(visit) = tx.visit(app.seller, appointment).await? else { return Ok(()) };
    tx.drop_calls(app.seller, visit.job, &REPORTS, REPLACED, now).await?;
    Ok(())
}

/// Writes down that a request is declined, and hands over what waited for that. The caller has locked the document.
///
/// # Errors
/// The database's, or a document that does not read.
pub async fn decline(
    app: &App,
    tx: &mut Tx,
    asked: &Request,
    by: UserId,
    reason: DeclineReason,
    now: Timestamp,
) -> anyhow::Result<()> {
    let stored = StoredDecision {
        decision: DecisionId::from_bytes(app.entropy.bytes()),
        job: asked.job,
        appointment: asked.appointment,
        request: Some(asked.request),
        what: asked.wish,
        verdict: Verdict::Declined(reason),
        moved_to: None,
        by,
        at: now,
    };
    tx.put_decision(app.seller, &stored).await?;
    tx.record_event(app.seller, asked.appointment, &What::Declined { wish: asked.wish }, now).await?;
    closing::settle(app, tx, app.seller, asked.appointment, now).await
}

/// A request that waits for the office.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    pub job: JobId,
    pub appointment: AppointmentId,
    pub request: RequestId,
    pub wish: Wish,
    pub code: ReasonCode,
}

/// A technician's request, as far as it waits for an answer.
///
/// # Errors
/// The database's, or a document that does not read.
pub async fn request_of(
    app: &App,
    tx: &mut Tx,
    appointment: AppointmentId,
    request: RequestId,
) -> anyhow::Result<Result<Request, Refused>> {
    let Some(state) = closing::state(app, tx, app.seller, appointment).await? else {
        return Ok(Err(Refused::NoSuchVisit));
    };
    let Some(asked) = state.closeout.requests.get(&request).filter(|asked| !asked.withdrawn) else {
        return Ok(Err(Refused::NoSuchRequest));
    };
    let last = state.decisions.iter().rev().find(|decision| decision.request == Some(request));
    let waits =
        matches!(last.map(|last| last.state), None | Some(DecisionState::Stuck | DecisionState::Dropped));
    if !waits {
        return Ok(Err(Refused::Decided));
    }
    Ok(Ok(Request { job: state.job, appointment, request, wish: asked.what, code: asked.code }))
}

async fn check(
    app: &App,
    tx: &mut Tx,
    visit: &Visit,
    approval: &Approval,
    now: Timestamp,
) -> anyhow::Result<Result<(), Refused>> {
    if matches!(visit.status, JobStatus::Completed | JobStatus::Cancelled) {
        return Ok(Err(Refused::JobClosed));
    }
    if tx.is_imported(app.seller, visit.job).await? {
        return Ok(Err(Refused::Imported));
    }
    if visit.wrapped_key.is_none() {
        return Ok(Err(Refused::Expired));
    }
    let valid = codes(app, tx, visit, approval.wish).await?;
    if !valid.iter().any(|code| code.as_str() == approval.code) {
        return Ok(Err(Refused::Code { valid }));
    }
    if approval.wish == Wish::Cancel {
        return Ok(Ok(()));
    }
    Ok(match approval.start {
        _ if !visit.is_active() => Err(Refused::NotActive),
        None => Err(Refused::TimeMissing),
        Some(start) if start == visit.window.start => Err(Refused::SameTime),
        Some(start) if start <= now => Err(Refused::TimeOver),
        Some(start) if start > now.plus_ms(FURTHEST_MS) => Err(Refused::TimeTooFar),
        Some(_) => Ok(()),
    })
}
