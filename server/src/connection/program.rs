//! Programs of Amazon's, and what a job of one is known by.

use super::Refused;
use crate::{
    app::App,
    db::{
        Tx,
        connection::{Mark, NO_PROGRAM},
    },
    seal, service_job,
};
use anyhow::Context as _;
use doorstep_core::{
    api::{ConnectionChanged, Program, What},
    id::{JobId, UserId},
    vault,
};
use doorstep_spapi::ServiceJob;
use std::collections::BTreeSet;

const MOST_PROGRAMS: usize = 50;
const MOST_MARKS: usize = 500;
const LONGEST_NAME: usize = 60;
const LONGEST_MARK: usize = 200;

/// `None` when the facts of the job are gone.
pub(super) async fn of(app: &App, tx: &mut Tx, job: JobId) -> anyhow::Result<Option<String>> {
    let marks = tx.program_marks(app.seller).await?;
    if marks.is_empty() {
        return Ok(Some(NO_PROGRAM.to_owned()));
    }
    let Some(key) = tx.job_key(&app.root_key, app.seller, job).await? else { return Ok(None) };
    let Some(sealed) = tx.sealed_job(app.seller, job).await? else { return Ok(None) };
    let json = vault::open(&key, &seal::job_place(job), &sealed).context("opening a job")?;
    Ok(Some(match_marks(&marks, &service_job::read(&json)?)))
}

/// The first mark of a job's facts decides; marks come in the order in which they do.
fn match_marks(marks: &[(Mark, String, String)], job: &ServiceJob) -> String {
    let scope = job.scope_of_work.as_ref();
    let has = |mark: Mark, value: &str| match mark {
        Mark::Asin => scope.and_then(|scope| scope.asin.as_deref()) == Some(value),
        Mark::Skill => scope.is_some_and(|scope| scope.required_skills.iter().any(|skill| skill == value)),
        Mark::Store => job.store_id.as_ref().is_some_and(|store| store.as_str() == value),
    };
    let found = marks.iter().find(|(mark, value, _)| has(*mark, value));
    found.map_or_else(String::new, |(_, _, program)| program.clone())
}

/// Puts these programs in place of those before; calls that are not done go under the program their job is of now.
///
/// # Errors
/// The database's. What may not be is the inner refusal, and changes nothing.
pub async fn set_programs(
    app: &App,
    programs: &[Program],
    by: Option<UserId>,
) -> anyhow::Result<Result<(), Refused>> {
    let programs: Vec<Program> = programs.iter().map(tidied).collect();
    if let Some(refused) = refusal(&programs) {
        return Ok(Err(refused));
    }
    let (seller, now) = (app.seller, app.clock.now());
    let mut tx = app.db.write().await?;
    tx.lock_switches().await?;
    let held = tx.ready_calls(seller, true).await?;
    tx.set_programs(seller, &programs).await?;
    for job in tx.jobs_with_ready_calls(seller).await? {
        if let Some(program) = of(app, &mut tx, job).await? {
            tx.set_call_program(seller, job, &program).await?;
        }
    }
    // What is held goes by somebody's word about it, and never because its program became another.
    let mut would_go = tx.ready_calls(seller, false).await?;
    would_go.retain(|call, _| held.contains_key(call));
    if !would_go.is_empty() {
        let visits: BTreeSet<_> = would_go.values().collect();
        return Ok(Err(Refused::ProgramsHold { calls: count(would_go.len()), visits: count(visits.len()) }));
    }
    for visit in tx.waiting_visits(seller, i64::MAX).await? {
        tx.record_event(seller, visit.appointment, &What::ConnectionChanged, now).await?;
    }
    let programs = tx.programs(seller).await?;
    tx.record_connection_change(seller, by, &ConnectionChanged::Programs { programs }, now).await?;
    tx.commit().await?;
    app.bell.ring();
    Ok(Ok(()))
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

fn tidied(program: &Program) -> Program {
    let list = |values: &[String]| {
        let values = values.iter().map(|value| value.trim().to_owned()).filter(|value| !value.is_empty());
        values.collect::<BTreeSet<_>>().into_iter().collect()
    };
    Program {
        name: program.name.trim().to_owned(),
        asins: list(&program.asins),
        skills: list(&program.skills),
        stores: list(&program.stores),
    }
}

fn refusal(programs: &[Program]) -> Option<Refused> {
    let fits = |text: &str, longest: usize| {
        (1..=longest).contains(&text.chars().count()) && !text.chars().any(char::is_control)
    };
    let names: BTreeSet<&str> = programs.iter().map(|program| program.name.as_str()).collect();
    let marks = |program: &Program| {
        let values = |mark: Mark, values: &[String]| {
            values.iter().map(|value| (mark, value.clone())).collect::<Vec<_>>()
        };
        [
            values(Mark::Asin, &program.asins),
            values(Mark::Skill, &program.skills),
            values(Mark::Store, &program.stores),
        ]
        .concat()
    };
    let all: Vec<(Mark, String)> = programs.iter().flat_map(marks).collect();
    let distinct: BTreeSet<_> = all.iter().collect();
    let why = if programs.len() > MOST_PROGRAMS || all.len() > MOST_MARKS {
        "There are more programs or marks than fit."
    } else if !names.iter().all(|name| fits(name, LONGEST_NAME)) {
        "A program's name takes 1 to 60 characters."
    } else if names.len() != programs.len() {
        "Two programs have one name."
    } else if programs.iter().any(|program| marks(program).is_empty()) {
        "A program needs an ASIN, a skill or a store that its jobs are known by."
    } else if !all.iter().all(|(_, value)| fits(value, LONGEST_MARK)) {
        "An ASIN, a skill or a store takes 1 to 200 characters."
    } else if distinct.len() != all.len() {
        "One ASIN, skill or store stands in two programs."
    } else {
        return None;
    };
    Some(Refused::Program(why))
}
