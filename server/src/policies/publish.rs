//! Publishing a version, and what it would do.

use super::{Held, in_force};
use crate::{
    app::App,
    db::{Tx, policy::PolicyLine},
};
use doorstep_core::{
    api::{PolicyChanged, PolicyPreview, PolicyScope, PreviewPolicy, PreviewedVisit, WritePolicy},
    closeout::{self, Closeout, Policy, PolicyFlaw, Step},
    digest::Sha256,
    evidence::EvidenceKey,
    id::{AppointmentId, EpochId, JobId, ServiceJobId, UserId},
    job::{Job, JobStatus, LocationType, Standing, Window},
    time::{Moment, Timestamp},
    vault::Key,
};

/// A marketplace's id and a skill are shorter.
const LONGEST_NAME: usize = 200;
const MOST_VERSIONS: usize = 2_000;
/// As far as the office plans: the technicians' day and a half.
const AHEAD_MS: i64 = 36 * 3_600_000;

/// Why a policy was not published.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    #[error("the policy has a flaw at {}", .0.field)]
    Flawed(PolicyFlaw),
    #[error("the name in {0} does not fit")]
    Scope(&'static str),
    #[error("version {last} of this scope was published meanwhile")]
    Overtaken { last: u32 },
    #[error("nothing is published for this scope")]
    NothingToTakeBack,
    #[error("there are more versions than fit")]
    TooMany,
}

fn refuse_scope(scope: &PolicyScope) -> Result<(), Refused> {
    let fits = |name: &Option<String>| {
        name.as_ref().is_none_or(|name| {
            (1..=LONGEST_NAME).contains(&name.chars().count())
                && name.trim() == name
                && !name.chars().any(char::is_control)
        })
    };
    if !fits(&scope.marketplace) {
        return Err(Refused::Scope("scope.marketplace"));
    }
    if !fits(&scope.skill) {
        return Err(Refused::Scope("scope.skill"));
    }
    Ok(())
}

/// Publishes the next version of a scope, with its line in the audit, all or nothing. Answers its number.
///
/// # Errors
/// The database's. What may not be is the inner refusal, and changes nothing.
pub async fn publish(app: &App, wish: &WritePolicy, by: UserId) -> anyhow::Result<Result<u32, Refused>> {
    if let Err(refused) = refuse_scope(&wish.scope) {
        return Ok(Err(refused));
    }
    if let Some(flaw) = wish.policy.as_ref().and_then(|policy| policy.flaws().into_iter().next()) {
        return Ok(Err(Refused::Flawed(flaw)));
    }
    let (seller, now) = (app.seller, app.clock.now());
    let mut tx = app.db.write().await?;
    tx.lock_policies().await?;
    let lines = tx.policy_lines(seller).await?;
    let own = || lines.iter().filter(|line| line.scope == wish.scope);
    let last = own().map(|line| line.version).max().unwrap_or(0);
    if last != wish.after {
        return Ok(Err(Refused::Overtaken { last }));
    }
    if wish.policy.is_none() && last == 0 {
        return Ok(Err(Refused::NothingToTakeBack));
    }
    if lines.len() >= MOST_VERSIONS {
        return Ok(Err(Refused::TooMany));
    }
    let version = last.saturating_add(1);
    let body = match &wish.policy {
        Some(policy) => Some(tx.keep_policy_body(seller, &Policy { version, ..policy.clone() }).await?),
        None => None,
    };
    let (scope, applies_from) = (wish.scope.clone(), wish.applies_from);
    let line = PolicyLine { scope: scope.clone(), version, applies_from, body };
    tx.insert_policy(seller, &line, by, now).await?;
    let what = if body.is_some() {
        PolicyChanged::Published { scope, version, applies_from }
    } else {
        PolicyChanged::TakenBack { scope, version, applies_from }
    };
    tx.record_policy_change(seller, by, &what, now).await?;
    tx.commit().await?;
    Ok(Ok(version))
}

/// What publishing would do to the visits of the coming day and a half, and what it asks of each. Writes nothing.
///
/// # Errors
/// The database's. A scope that does not fit is the inner refusal.
pub async fn preview(
    app: &App,
    tx: &mut Tx,
    wish: &PreviewPolicy,
) -> anyhow::Result<Result<PolicyPreview, Refused>> {
    if let Err(refused) = refuse_scope(&wish.scope) {
        return Ok(Err(refused));
    }
    let seller = app.seller;
    let now = app.clock.now();
    let mut lines = tx.policy_lines(seller).await?;
    let own = lines.iter().filter(|line| line.scope == wish.scope);
    let version = own.map(|line| line.version).max().unwrap_or(0).saturating_add(1);
    let this = PolicyLine {
        scope: wish.scope.clone(),
        version,
        applies_from: wish.applies_from,
        // Only to be told from the others: it is not kept.
        body: Some(Sha256::of(&[])),
    };
    lines.push(this.clone());
    let (from, _) = app.settings.day_around(now);
    let mut visits = Vec::new();
    for appointment in tx.board_appointments(seller, from, now.plus_ms(AHEAD_MS)).await? {
        let Some(job) = tx.load_job(&app.root_key, seller, appointment).await? else { continue };
        let held = Held {
            marketplace: &job.marketplace,
            service_type: job.service_type,
            skills: &job.skills,
            at: job.window.start,
        };
        let begun = tx.held_policy(seller, appointment).await?.is_some();
        visits.push(PreviewedVisit {
            appointment,
            service_job_id: job.service_job_id.clone(),
            title: job.title.clone(),
            window: job.window,
            time_zone: job.time_zone.clone(),
            begun,
            affected: !begun && in_force(&lines, &held) == Some(&this),
        });
    }
    let policy = Policy { version, ..wish.policy.clone() };
    let flaws = policy.flaws();
    Ok(Ok(PolicyPreview { flaws, visits, findings: asked_of_a_visit(policy, now) }))
}

/// What is said of a visit whose steps are recorded and nothing else.
fn asked_of_a_visit(policy: Policy, now: Timestamp) -> Vec<closeout::Finding> {
    let appointment = AppointmentId::from_bytes([0; 16]);
    let job = Job {
        appointment,
        job: JobId::from_bytes([0; 16]),
        service_job_id: ServiceJobId::new("preview"),
        status: JobStatus::NotServiced,
        appointment_active: true,
        title: String::new(),
        quantity: 1,
        skills: vec![],
        window: Window { start: now, end: now },
        time_zone: "UTC".to_owned(),
        buyer: None,
        address: None,
        items: vec![],
        technician_linked: true,
        policy,
        // Seals nothing: the job lives for this verdict alone.
        key: Key::from_bytes([0; 32]),
        standing: Standing::default(),
        evidence: None::<EvidenceKey>,
        marketplace: String::new(),
        service_type: Default::default(),
        location: LocationType::InHome,
        assets: vec![],
        crew: vec![],
        me: None,
        decisions: vec![],
    };
    let mut closeout = Closeout::new(appointment);
    for (n, step) in (0_u64..).zip(Step::ALL) {
        let moment = Moment { epoch: EpochId::from_bytes([0; 8]), monotonic_ms: n, wall: now, seen: None };
        closeout.steps.insert(step, moment);
    }
    closeout::check(&job, &closeout)
}
