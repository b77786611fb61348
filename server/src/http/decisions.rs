//! What a supervisor decides of visits that are not simply completed: `GET /api/visits/{appointment}/slots`,
//! `POST /api/visits/{appointment}/requests/{request}`, `POST /api/visits/{appointment}/reschedule`,
//! `POST /api/jobs/{job}/cancel`.

use super::{
    extract::{Json, PathId, PathIds},
    problem::Refusal,
    session::Supervisor,
};
use crate::{
    app::App,
    decisions::{self, Approval, Refused},
};
use axum::{
    extract::State,
    http::{HeaderName, StatusCode, header},
    response::IntoResponse,
};
use doorstep_core::{
    api::{Cancel, RequestAnswer, Reschedule, Slots},
    id::{AppointmentId, JobId, RequestId},
    job::JobStatus,
    reason::{ReasonCode, Wish},
};

/// Slots older than this are read again.
const FRESH_MS: i64 = 60_000;
const NO_STORE: [(HeaderName, &str); 1] = [(header::CACHE_CONTROL, "no-store")];

/// When a visit could be, and the codes that a decision about it takes. The worker asks Amazon; this answers what it
/// has heard.
///
/// # Errors
/// There is no such visit.
pub async fn slots(
    State(app): State<App>,
    who: Supervisor,
    PathId(appointment): PathId<AppointmentId>,
) -> Result<impl IntoResponse, Refusal> {
    let now = app.clock.now();
    let mut tx = app.db.read().await?;
    let visit = tx.visit(who.seller, appointment).await?.ok_or_else(no_such_visit)?;
    let mut heard = tx.slot_reading(who.seller, visit.job).await?;
    let job = tx.load_job(&app.root_key, who.seller, appointment).await?;
    let names = |codes: Vec<ReasonCode>| codes.iter().map(|code| code.as_str().to_owned()).collect();
    let reschedule_codes = names(decisions::codes(&app, &mut tx, &visit, Wish::Reschedule).await?);
    let cancel_codes = names(decisions::codes(&app, &mut tx, &visit, Wish::Cancel).await?);
    let siblings = tx.siblings(who.seller, visit.job).await?;
    drop(tx);
    let is_open = !matches!(visit.status, JobStatus::Completed | JobStatus::Cancelled);
    let is_stale = heard.tried_at.is_none_or(|at| now.since(at) > FRESH_MS);
    if is_open && is_stale && !heard.reading {
        let mut tx = app.db.write().await?;
        tx.ask_for_slots(who.seller, visit.job, now).await?;
        tx.commit().await?;
        heard.reading = true;
        app.bell.ring();
    }
    heard.slots.retain(|slot| slot.start > now && slot.start != visit.window.start);
    let mut preferred = job.map(|job| job.standing.preferred).unwrap_or_default();
    preferred.retain(|window| window.start > now && window.start != visit.window.start);
    let slots = Slots {
        server_time: now,
        time_zone: visit.time_zone,
        reading: heard.reading,
        as_of: heard.read_at,
        refusal: heard.refusal,
        slots: heard.slots,
        preferred,
        reschedule_codes,
        cancel_codes,
        siblings,
    };
    Ok((NO_STORE, axum::Json(slots)))
}

/// Answers a technician's request: what is approved goes to Amazon, and the phone hears of either.
///
/// # Errors
/// As `reschedule`; or the request was taken back or decided meanwhile.
pub async fn decide(
    State(app): State<App>,
    who: Supervisor,
    PathIds(appointment, request): PathIds<AppointmentId, RequestId>,
    Json(answer): Json<RequestAnswer>,
) -> Result<impl IntoResponse, Refusal> {
    let now = app.clock.now();
    let mut tx = app.db.write().await?;
    tx.lock_documents(who.seller, &[appointment]).await?;
    let asked =
        decisions::request_of(&app, &mut tx, appointment, request).await?.map_err(|why| refusal(&why))?;
    match answer {
        RequestAnswer::Approve { code, start } => {
            let code = code.unwrap_or_else(|| asked.code.as_str().to_owned());
            let approval = Approval { by: who.user, request: Some(request), wish: asked.wish, code, start };
            decisions::approve(&app, &mut tx, appointment, approval, now)
                .await?
                .map_err(|why| refusal(&why))?;
        }
        RequestAnswer::Decline { reason } => {
            decisions::decline(&app, &mut tx, &asked, who.user, reason, now).await?;
        }
    }
    tx.commit().await?;
    tracing::info!(user = %who.user, %appointment, wish = ?asked.wish, "a technician's request is answered");
    app.bell.ring();
    Ok((StatusCode::NO_CONTENT, NO_STORE))
}

/// Has a visit moved at Amazon, and whoever was to come assigned again.
///
/// # Errors
/// The code or the time is none that Amazon takes, or something else is under way.
pub async fn reschedule(
    State(app): State<App>,
    who: Supervisor,
    PathId(appointment): PathId<AppointmentId>,
    Json(wish): Json<Reschedule>,
) -> Result<impl IntoResponse, Refusal> {
    let approval = Approval {
        by: who.user,
        request: None,
        wish: Wish::Reschedule,
        code: wish.code,
        start: Some(wish.start),
    };
    approve(&app, &who, appointment, approval).await
}

/// Has a job cancelled at Amazon.
///
/// # Errors
/// As `reschedule`.
pub async fn cancel(
    State(app): State<App>,
    who: Supervisor,
    PathId(job): PathId<JobId>,
    Json(wish): Json<Cancel>,
) -> Result<impl IntoResponse, Refusal> {
    let mut tx = app.db.read().await?;
    let appointment = decisions::visit_of(&app, &mut tx, job).await?;
    drop(tx);
    let Some(appointment) = appointment else { return Err(refusal(&Refused::NoVisit)) };
    let approval = Approval { by: who.user, request: None, wish: Wish::Cancel, code: wish.code, start: None };
    approve(&app, &who, appointment, approval).await
}

async fn approve(
    app: &App,
    who: &Supervisor,
    appointment: AppointmentId,
    approval: Approval,
) -> Result<impl IntoResponse + use<>, Refusal> {
    let now = app.clock.now();
    let wish = approval.wish;
    let mut tx = app.db.write().await?;
    tx.lock_documents(who.seller, &[appointment]).await?;
    decisions::approve(app, &mut tx, appointment, approval, now).await?.map_err(|why| refusal(&why))?;
    tx.commit().await?;
    tracing::info!(user = %who.user, %appointment, ?wish, "the office decided about a visit");
    app.bell.ring();
    Ok((StatusCode::NO_CONTENT, NO_STORE))
}

fn no_such_visit() -> Refusal {
    Refusal::not_found("no_such_visit", "There is no such visit", "Reload the page.")
}

fn refusal(why: &Refused) -> Refusal {
    match why {
        Refused::NoSuchVisit => no_such_visit(),
        Refused::NoSuchRequest => Refusal::not_found(
            "no_such_request",
            "There is no such request",
            "The technician may have taken it back. Reload the page.",
        ),
        Refused::Decided => Refusal::conflict(
            "request_decided",
            "This request is decided",
            "Somebody was faster; the board shows what was decided.",
        ),
        Refused::NoVisit => Refusal::not_found(
            "no_such_job",
            "There is no such job with a visit",
            "Reload the page. A job without a visit is cancelled in Amazon’s app.",
        ),
        Refused::JobClosed => Refusal::conflict(
            "job_closed",
            "This job is closed at Amazon",
            "Nothing of it can be moved or cancelled any more.",
        ),
        Refused::NotActive => Refusal::conflict(
            "visit_not_active",
            "This visit is not active at Amazon",
            "Have the job read again; the board then shows where the visit is.",
        ),
        Refused::Imported => Refusal::conflict(
            "job_not_confirmed",
            "Amazon has not confirmed this job",
            "Nothing is sent about it before. Decide it in Amazon’s app.",
        ),
        Refused::BeingCompleted => Refusal::conflict(
            "closeout_under_way",
            "The closeout of this job is on its way to Amazon",
            "A job that is done is neither moved nor cancelled.",
        ),
        Refused::UnderWay => Refusal::conflict(
            "decision_under_way",
            "An earlier decision is on its way to Amazon",
            "Wait for Amazon’s answer; the board shows it.",
        ),
        Refused::Code { valid } if valid.is_empty() => Refusal::bad_request(
            "reason_invalid",
            "Amazon takes no reason for this in this marketplace",
            "Decide it in Amazon’s app.",
        )
        .field("code"),
        Refused::Code { valid } => {
            let valid: Vec<&str> = valid.iter().map(|code| code.as_str()).collect();
            Refusal::bad_request(
                "reason_invalid",
                "Amazon does not take this reason here",
                format!("It takes {}.", valid.join(", ")),
            )
            .field("code")
        }
        Refused::TimeMissing => {
            Refusal::bad_request("time_missing", "A visit is moved to a time", "Choose one.").field("start")
        }
        Refused::TimeOver => {
            Refusal::bad_request("time_over", "This time is not ahead", "Choose a later one.").field("start")
        }
        Refused::TimeTooFar => Refusal::bad_request(
            "time_too_far",
            "This time is more than a year ahead",
            "Choose an earlier one.",
        )
        .field("start"),
        Refused::SameTime => {
            Refusal::bad_request("same_time", "The visit is at this time already", "Choose another one.")
                .field("start")
        }
        Refused::Expired => Refusal::conflict(
            "visit_expired",
            "The buyer's data has expired",
            "Nothing of this visit can be sent any more. Look the job up at Amazon.",
        ),
    }
}
