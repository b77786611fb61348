//! `GET /api/day`: the visits of the signed-in technician near now.

mod lines;

use super::{problem::Refusal, session::Technician, unlocked::Unlocked};
use crate::{app::App, connection, evidence, policies};
use anyhow::Context as _;
use axum::{
    Json,
    extract::State,
    http::HeaderMap,
    response::{IntoResponse as _, Response},
};
use doorstep_core::{
    api::{Day, PolicyStatement, SignedPolicy, SwitchPosition},
    closeout::Policy,
    id::AppointmentId,
    job::{Job, NoticeKind},
};
use std::collections::{BTreeMap, BTreeSet};

/// As one object, or in lines where they are asked for (`docs/PROTOCOL.md`).
pub async fn day(
    State(app): State<App>,
    Unlocked(who): Unlocked,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let day = day_of(&app, &who).await?;
    if !lines::are_wanted(&headers) {
        return Ok(Json(day).into_response());
    }
    Ok(lines::of(day, &lines::held(&headers))?.into_response())
}

async fn day_of(app: &App, who: &Technician) -> anyhow::Result<Day> {
    let now = app.clock.now();
    let (from, to) = app.settings.day_around(now);
    let mut tx = app.db.read().await?;
    let is_contact_due = tx.is_contact_due(who.seller, who.device, now).await?;
    let mut jobs = Vec::new();
    let mut deadlines = Vec::new();
    for appointment in tx.day_of(who.seller, who.user, from, to).await? {
        let Some(mut job) = tx.load_job(&app.root_key, who.seller, appointment).await? else { continue };
        job.me = Some(who.user);
        // Somebody else goes there now: what was recorded stays in reach, whom it was for does not.
        if !tx.is_assigned(who.seller, who.user, appointment).await? {
            job.standing.reassigned = true;
            (job.buyer, job.address) = (None, None);
        } else {
            job.standing.notices.retain(|notice| notice.kind != NoticeKind::Reassigned);
        }
        deadlines.push(tx.visit(who.seller, appointment).await?.map(|visit| visit.expires_at));
        jobs.push(job);
    }
    let mut closing = BTreeMap::new();
    let mut begun = BTreeSet::new();
    for job in &jobs {
        if tx.held_policy(who.seller, job.appointment).await?.is_some() {
            begun.insert(job.appointment);
        }
        let (_, position) = connection::of_job(app, &mut tx, job.job).await?;
        if position != SwitchPosition::Send {
            closing.insert(job.appointment, position);
        }
    }
    // A new key is a row of its own, and an in-memory database has one connection.
    drop(tx);
    if is_contact_due {
        let mut tx = app.db.write().await?;
        tx.hear_from_device(who.seller, who.device, now).await?;
        tx.commit().await?;
    }
    for (job, deadline) in jobs.iter_mut().zip(deadlines) {
        if let Some(deadline) = deadline {
            job.evidence = evidence::key_for(app, deadline).await?;
        }
    }
    let told = |job: &&Job| !begun.contains(&job.appointment);
    let told: Vec<(AppointmentId, Policy)> =
        jobs.iter().filter(told).map(|job| (job.appointment, job.policy.clone())).collect();
    // On record before the phone has it: what it begins with is what it is held to.
    policies::hand_out(app, who.device, &told, now).await?;
    let policies = signed(app, &jobs)?;
    Ok(Day { server_time: now, jobs, closing, lease: app.settings.lease_terms(), policies, begun })
}

/// Each policy once, with the visits that are held to it.
fn signed(app: &App, jobs: &[Job]) -> anyhow::Result<Vec<SignedPolicy>> {
    let mut statements: Vec<PolicyStatement> = Vec::new();
    for job in jobs {
        match statements.iter_mut().find(|statement| statement.policy == job.policy) {
            Some(statement) => statement.visits.push(job.appointment),
            None => {
                statements.push(PolicyStatement { visits: vec![job.appointment], policy: job.policy.clone() })
            }
        }
    }
    let sign = |statement: &PolicyStatement| {
        let text = serde_json::to_string(statement).context("writing a policy")?;
        Ok(SignedPolicy { signature: app.policy_key.sign(&text), text })
    };
    statements.iter().map(sign).collect()
}
