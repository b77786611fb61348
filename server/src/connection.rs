//! What this seller may do at Amazon (the capability profile) and what is only observed: one switch per operation,
//! for all programs or for one. The outbox sends what its switch says and nothing else.

mod program;

pub use program::set_programs;

use crate::{
    app::App,
    db::{
        Tx,
        connection::{NO_PROGRAM, SetSwitch, WaitingCalls, Waits},
    },
};
use doorstep_core::{
    api::{
        CallKind, Connection, ConnectionChanged, OperationSwitch, PositionSet, Program, ProgramPosition,
        SetPosition, SwitchPosition, Waiting, What,
    },
    id::{JobId, SellerId, UserId},
};
use doorstep_spapi::SecretHealth;
use doorstep_spapi::operations::{
    self, Operation, Repeat, appointments, documents, fulfillment, jobs, resources, slots,
};

/// As many waiting visits as a page lists; the counts are of all.
const MOST_WAITING: i64 = 200;
const MOST_CHANGES: i64 = 50;

/// The operations that Doorstep calls today, in the order a closeout needs them.
const USED: [&Operation; 9] = [
    &jobs::GET_SERVICE_JOBS,
    &jobs::GET_SERVICE_JOB,
    &documents::CREATE_UPLOAD_DESTINATION,
    &fulfillment::SET_APPOINTMENT_FULFILLMENT_DATA,
    &jobs::COMPLETE_SERVICE_JOB,
    &slots::GET_APPOINTMENT_SLOTS_BY_JOB,
    &appointments::RESCHEDULE_APPOINTMENT,
    &resources::ASSIGN_APPOINTMENT_RESOURCES,
    &jobs::CANCEL_SERVICE_JOB,
];

/// Why a switch or a program was not set.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    #[error("Amazon has no operation of this name")]
    NoSuchOperation,
    #[error("a read is sent or not allowed: there is nothing of it to observe")]
    ReadIsNotObserved,
    #[error("there is no program of this name")]
    NoSuchProgram,
    #[error("what holds for all programs cannot be taken back")]
    NothingBelow,
    /// Somebody has to say what becomes of calls that wait.
    #[error("{calls} calls of {visits} visits wait: say whether they are sent or left unsent for good")]
    CallsWait { calls: u32, visits: u32 },
    /// Other programs would let go what waits, and nobody is asked there.
    #[error("{calls} calls of {visits} visits wait that would be sent under other programs")]
    ProgramsHold { calls: u32, visits: u32 },
    #[error("{0}")]
    Program(&'static str),
}

/// The operation of Amazon's that a call writes with: the switch it is under.
pub fn operation_of(kind: CallKind) -> &'static Operation {
    match kind {
        CallKind::Document => &documents::CREATE_UPLOAD_DESTINATION,
        CallKind::Fulfilment | CallKind::Eta => &fulfillment::SET_APPOINTMENT_FULFILLMENT_DATA,
        CallKind::Complete => &jobs::COMPLETE_SERVICE_JOB,
        CallKind::Reschedule => &appointments::RESCHEDULE_APPOINTMENT,
        CallKind::Assign => &resources::ASSIGN_APPOINTMENT_RESOURCES,
        CallKind::Cancel => &jobs::CANCEL_SERVICE_JOB,
    }
}

pub fn writes(operation: &Operation) -> bool {
    operation.repeat != Repeat::Read
}

/// Every operation that changes something at Amazon.
pub fn all_writes() -> impl Iterator<Item = &'static Operation> {
    operations::ALL.iter().copied().filter(|operation| writes(operation))
}

/// Of a new connection: it reads, and writes nothing.
fn at_first(operation: &str) -> SwitchPosition {
    let known = operations::ALL.iter().find(|known| known.name == operation);
    if known.is_some_and(|operation| !writes(operation)) {
        SwitchPosition::Send
    } else {
        SwitchPosition::Observe
    }
}

fn own_line(switches: &[SetSwitch], program: &str, operation: &str) -> Option<SwitchPosition> {
    let line = |switch: &&SetSwitch| switch.program == program && switch.operation == operation;
    switches.iter().find(line).map(|switch| switch.position)
}

/// The program's own line, or else the one for all, or else that of a new connection.
fn effective(switches: &[SetSwitch], program: &str, operation: &str) -> SwitchPosition {
    own_line(switches, program, operation)
        .or_else(|| own_line(switches, NO_PROGRAM, operation))
        .unwrap_or_else(|| at_first(operation))
}

/// What becomes of a whole closeout: what its most held back operation says.
fn closing(switches: &[SetSwitch], program: &str) -> SwitchPosition {
    let calls = [CallKind::Document, CallKind::Fulfilment, CallKind::Complete];
    let positions = calls.map(|kind| effective(switches, program, operation_of(kind).name));
    positions.into_iter().min().unwrap_or(SwitchPosition::Observe)
}

/// Where the switch of an operation stands for jobs of no program: what intake and read-back ask before they send.
///
/// # Errors
/// The database's.
pub async fn position(tx: &mut Tx, seller: SellerId, operation: &Operation) -> sqlx::Result<SwitchPosition> {
    Ok(effective(&tx.switches(seller).await?, NO_PROGRAM, operation.name))
}

/// The program of a job and what becomes of its closeouts.
///
/// # Errors
/// The database's, or the sealed job does not read.
pub async fn of_job(app: &App, tx: &mut Tx, job: JobId) -> anyhow::Result<(String, SwitchPosition)> {
    let switches = tx.switches(app.seller).await?;
    let program = program::of(app, tx, job).await?.unwrap_or_default();
    let closing = closing(&switches, &program);
    Ok((program, closing))
}

/// All that `GET /api/connection` shows.
///
/// # Errors
/// The database's.
pub async fn load(app: &App, tx: &mut Tx) -> anyhow::Result<Connection> {
    let switches = tx.switches(app.seller).await?;
    let programs = tx.programs(app.seller).await?;
    let waiting = tx.waiting_calls(app.seller).await?;
    Ok(Connection {
        server_time: app.clock.now(),
        marketplace_id: app.settings.marketplace_id.clone(),
        operations: in_order().map(|operation| show(operation, &switches, &programs, &waiting)).collect(),
        programs,
        waiting: tx.waiting_visits(app.seller, MOST_WAITING).await?,
        changes: tx.connection_changes(app.seller, MOST_CHANGES).await?,
        last_intake: tx.last_intake(app.seller).await?,
        secret_advice: SecretHealth::at(app.settings.amazon.lwa_secret_issued, app.clock.now().to_utc())
            .advice(),
    })
}

/// Those in use first.
fn in_order() -> impl Iterator<Item = &'static Operation> {
    let others = operations::ALL.iter().copied().filter(|operation| !is_used(operation));
    USED.into_iter().chain(others)
}

fn is_used(operation: &Operation) -> bool {
    USED.iter().any(|used| used.name == operation.name)
}

fn show(
    operation: &'static Operation,
    switches: &[SetSwitch],
    programs: &[Program],
    waiting: &[WaitingCalls],
) -> OperationSwitch {
    let own = |program: &str| own_line(switches, program, operation.name);
    // A call is under its program's line where there is one.
    let under = |line: &str| {
        let mine = waiting.iter().filter(|waiting| waiting.operation == operation.name);
        let mine = mine.filter(|waiting| {
            if line == NO_PROGRAM {
                own(&waiting.program).is_none() || waiting.program == NO_PROGRAM
            } else {
                waiting.program == line
            }
        });
        mine.fold((0, 0), |(calls, visits), waiting| (calls + waiting.calls, visits + waiting.visits))
    };
    let count = |n: i64| u32::try_from(n).unwrap_or(u32::MAX);
    let lines = programs.iter().filter_map(|program| {
        let position = own(&program.name)?;
        let (calls, visits) = under(&program.name);
        let (waiting_calls, waiting_visits) = (count(calls), count(visits));
        Some(ProgramPosition { program: program.name.clone(), position, waiting_calls, waiting_visits })
    });
    let (calls, visits) = under(NO_PROGRAM);
    OperationSwitch {
        operation: operation.name.to_owned(),
        writes: writes(operation),
        used: is_used(operation),
        position: effective(switches, NO_PROGRAM, operation.name),
        programs: lines.collect(),
        waiting_calls: count(calls),
        waiting_visits: count(visits),
    }
}

/// Moves a switch, decides what becomes of the calls that waited for it, writes the audit and tells the board, all
/// or nothing. `by` is `None` for the command line.
///
/// # Errors
/// The database's. What may not be is the inner refusal, and changes nothing.
pub async fn set(
    app: &App,
    operation: &str,
    wish: &SetPosition,
    by: Option<UserId>,
) -> anyhow::Result<Result<PositionSet, Refused>> {
    let Some(known) = operations::ALL.iter().find(|known| known.name == operation) else {
        return Ok(Err(Refused::NoSuchOperation));
    };
    if !writes(known) && wish.position == Some(SwitchPosition::Observe) {
        return Ok(Err(Refused::ReadIsNotObserved));
    }
    let program = wish.program.as_deref().unwrap_or(NO_PROGRAM);
    if wish.position.is_none() && program == NO_PROGRAM {
        return Ok(Err(Refused::NothingBelow));
    }
    let (seller, now) = (app.seller, app.clock.now());
    let mut tx = app.db.write().await?;
    // Switches before lanes, as claims do.
    tx.lock_switches().await?;
    if program != NO_PROGRAM && !tx.programs(seller).await?.iter().any(|known| known.name == program) {
        return Ok(Err(Refused::NoSuchProgram));
    }
    let before = tx.switches(seller).await?;
    tx.set_switch(seller, program, operation, wish.position, now).await?;
    let after = tx.switches(seller).await?;
    let (from, to) = (effective(&before, program, operation), effective(&after, program, operation));
    let moved = |of: &str| (effective(&before, of, operation), effective(&after, of, operation));
    // Only the visits whose own position this changes: a program with a line of its own is not concerned.
    let waits: Vec<(Waits, bool)> = tx
        .visits_waiting_for(seller, operation)
        .await?
        .into_iter()
        .map(|(waits, program)| (waits, moved(&program)))
        .filter(|(_, (from, to))| from != to)
        .map(|(waits, (_, to))| (waits, to == SwitchPosition::Send))
        .collect();
    if wish.waiting.is_none() && waits.iter().any(|(_, is_released)| *is_released) {
        let (calls, visits) = count_held(&mut tx, app, operation, &waits).await?;
        return Ok(Err(Refused::CallsWait { calls, visits }));
    }
    let mut set = PositionSet { released: 0, left: 0 };
    let mut told = Vec::with_capacity(waits.len());
    for (visit, is_released) in &waits {
        let mut what = What::ConnectionChanged;
        if *is_released {
            if wish.waiting == Some(Waiting::Leave) || !visit.is_open {
                set.left += tx.leave_calls(seller, visit.job, visit.appointment, operation, now).await?;
                what = What::CallsLeft;
            } else {
                set.released +=
                    tx.release_calls(seller, visit.job, visit.appointment, operation, now).await?;
            }
        }
        told.push((visit.appointment, what));
    }
    // After all lanes: the first event locks the seller's row.
    for (appointment, what) in told {
        tx.record_event(seller, appointment, &what, now).await?;
    }
    if from != to || !waits.is_empty() || own_line(&before, program, operation) != wish.position {
        let change = ConnectionChanged::Position {
            operation: operation.to_owned(),
            program: wish.program.clone(),
            from,
            to,
            released: set.released,
            left: set.left,
        };
        tx.record_connection_change(seller, by, &change, now).await?;
    }
    tx.commit().await?;
    tracing::info!(operation, program, from = ?from, to = ?to, released = set.released, left = set.left, user = ?by, "a switch was moved");
    app.bell.ring();
    Ok(Ok(set))
}

async fn count_held(
    tx: &mut Tx,
    app: &App,
    operation: &str,
    waits: &[(Waits, bool)],
) -> sqlx::Result<(u32, u32)> {
    let mut calls = 0;
    for (visit, _) in waits.iter().filter(|(_, is_released)| *is_released) {
        calls += tx.count_ready(app.seller, visit.appointment, operation).await?;
    }
    Ok((calls, u32::try_from(waits.len()).unwrap_or(u32::MAX)))
}

/// Switches every write on. For set-ups whose Amazon is a sandbox.
///
/// # Errors
/// The database's, or calls wait for somebody's decision.
pub async fn allow_all_writes(app: &App) -> anyhow::Result<()> {
    for operation in all_writes() {
        let wish = SetPosition { position: Some(SwitchPosition::Send), program: None, waiting: None };
        set(app, operation.name, &wish, None).await??;
    }
    Ok(())
}
