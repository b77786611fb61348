//! From what technicians recorded to what Amazon is told: the verdict, the instants, and the moment a closeout is
//! handed to the outbox.

pub mod report;

use crate::{
    app::App,
    connection,
    db::{
        Tx,
        document::{Arrival, StoredDocument},
        outbox::{Ends, NewCall},
    },
    policies,
};
use anyhow::Context as _;
use doorstep_core::{
    api::{Assignee, CallKind, CorrectedStep, StepDone, SwitchPosition, What},
    closeout::{self, Closeout, Ending, Eta, Finding, Outcome, Rule, Step},
    decision::OfficeDecision,
    document::{Document, Hash},
    id::{AppointmentId, DeviceId, JobId, PhotoId, RequestId, SellerId},
    job::{NoticeKind, Standing, Window},
    time::{Interval, Moment, Timestamp},
};
use std::collections::{BTreeMap, BTreeSet};

/// A closeout as the server judges it.
#[derive(Clone, Debug)]
pub struct State {
    pub job: JobId,
    pub closeout: Closeout,
    pub steps: Vec<StepDone>,
    pub findings: Vec<Finding>,
    pub questions: u32,
    /// Who was there, by name.
    pub present: Vec<Assignee>,
    /// Nothing is left to be recorded, and nothing stops it.
    pub ready: bool,
    /// How the visit ends, once it is ready.
    pub ending: Ending,
    pub closed_at: Option<Timestamp>,
    pub last_heard: Option<Timestamp>,
    pub late_changes: u32,
    pub refused_changes: u32,
    pub standing: Standing,
    /// What the fields of the closeout are called, where the standard policy has no words or others for them.
    pub names: BTreeMap<String, String>,
    /// What the office decided, oldest first.
    pub decisions: Vec<OfficeDecision>,
    /// The phones that wrote the requests, and the one that said how the visit ended.
    pub askers: BTreeMap<RequestId, DeviceId>,
    pub ender: Option<DeviceId>,
}

/// The closeout of a visit with its verdict. `None` when there is no such visit or it has no document.
///
/// # Errors
/// The database's, or a document on disk that does not read.
pub async fn state(
    app: &App,
    tx: &mut Tx,
    seller: SellerId,
    appointment: AppointmentId,
) -> anyhow::Result<Option<State>> {
    let Some(stored) = tx.load_document(seller, appointment).await? else { return Ok(None) };
    let Some(mut job) = tx.load_job(&app.root_key, seller, appointment).await? else { return Ok(None) };
    let (document, closeout) = read(&stored)?;
    if let Some(finished) = document.source_of(Step::Finished) {
        job.standing.reassigned = tx.is_outsiders(seller, appointment, finished.as_bytes()).await?;
    }
    let steps = steps(tx, seller, appointment, &document, &closeout).await?;
    let findings = closeout::check(&job, &closeout);
    let who = closeout.present(&job.crew);
    let present = job.crew.iter().filter(|member| who.contains(&member.user));
    Ok(Some(State {
        job: job.job,
        present: present.map(|who| Assignee { name: who.name.clone(), linked: who.linked }).collect(),
        ready: closeout.is_over() && closeout::is_ready(&findings),
        steps,
        findings,
        questions: count(job.policy.asked(&closeout.answers).count()),
        names: policies::names(&job.policy),
        ending: closeout.ending(&job),
        askers: closeout.requests.keys().filter_map(|id| Some((*id, document.asker_of(*id)?))).collect(),
        ender: document.ender(),
        closeout,
        standing: job.standing,
        decisions: job.decisions,
        closed_at: stored.closed_at,
        last_heard: stored.last_heard,
        late_changes: u32::try_from(stored.late_changes).unwrap_or(u32::MAX),
        refused_changes: u32::try_from(tx.count_refused(seller, appointment).await?).unwrap_or(u32::MAX),
    }))
}

/// Hands a closeout to the outbox once it is finished, nothing stops it and every photo of it is safe. Called in
/// the transaction of whatever may have been the last piece; does nothing when it was not, or was done before. The
/// caller has locked the document (`Tx::lock_documents`).
///
/// # Errors
/// As `state`.
pub async fn settle(
    app: &App,
    tx: &mut Tx,
    seller: SellerId,
    appointment: AppointmentId,
    now: Timestamp,
) -> anyhow::Result<()> {
    let Some(state) = state(app, tx, seller, appointment).await? else { return Ok(()) };
    // A job from a file is sent nothing about before Amazon has confirmed it.
    if state.closed_at.is_some() || tx.is_imported(seller, state.job).await? {
        return Ok(());
    }
    if is_being_moved(&state) {
        return Ok(());
    }
    expect(app, tx, appointment, &state, now).await?;
    if !state.ready {
        return Ok(());
    }
    // Nobody was there, or the office is asked first: nothing is sent before it has decided.
    let ends = match state.ending {
        Ending::Complete => Ends::Job,
        Ending::FulfilOnly => Ends::Visit,
        Ending::Nothing => return Ok(()),
    };
    let photos: Vec<PhotoId> = state.closeout.proof().map(|(photo, _)| *photo).collect();
    let safe: BTreeSet<PhotoId> = tx.safe_photos(seller, appointment).await?.into_iter().collect();
    if !photos.iter().all(|photo| safe.contains(photo)) {
        return Ok(());
    }
    let (program, position) = connection::of_job(app, tx, state.job).await?;
    // What the office decided goes first; if Amazon refuses that, this comes by again.
    if tx.has_open_decision(seller, state.job).await? {
        return Ok(());
    }
    tx.close_document(seller, appointment, now).await?;
    let report = report::drawn_up(tx, seller, appointment).await?;
    report::keep(tx, seller, appointment, &report).await?;
    tx.enqueue_closeout(seller, state.job, appointment, &program, &photos, ends, now).await?;
    let what = match position {
        SwitchPosition::Send if ends == Ends::Visit => What::VisitReported,
        SwitchPosition::Send => What::ReadyToSend,
        SwitchPosition::Observe => What::CloseoutObserved,
        SwitchPosition::NotAllowed => What::CloseoutKept,
    };
    tx.record_event(seller, appointment, &what, now).await?;
    Ok(())
}

/// Amazon has moved the visit, intake has not read where to, and the work was begun before: the notice that intake
/// gives will stop it, and the visit has another id by then.
fn is_being_moved(state: &State) -> bool {
    let Some(moved) = state.decisions.iter().rfind(|decision| decision.is_moved()) else { return false };
    let is_read = state.standing.notice(NoticeKind::Moved).is_some_and(|notice| notice.at >= moved.at);
    !is_read && state.closeout.time_of(Step::Started).is_some_and(|started| started < moved.at)
}

/// Has Amazon told when the technician expects to be there, as long as nobody is.
async fn expect(
    app: &App,
    tx: &mut Tx,
    appointment: AppointmentId,
    state: &State,
    now: Timestamp,
) -> anyhow::Result<()> {
    let Some(expected) = state.closeout.eta.and_then(window) else { return Ok(()) };
    let is_there = state.closeout.steps.keys().any(|step| *step > Step::OnMyWay);
    let is_open =
        state.findings.iter().all(|finding| !matches!(finding.rule, Rule::JobClosed | Rule::JobVanished));
    if is_there || !is_open || expected.end <= now {
        return Ok(());
    }
    let (program, _) = connection::of_job(app, tx, state.job).await?;
    // Said twice is one call, and what was said before gives way.
    let version = expected.start.0.wrapping_mul(1_440) + expected.end.since(expected.start) / 60_000;
    let new = NewCall {
        job: state.job,
        appointment,
        kind: CallKind::Eta,
        program: &program,
        version,
        photo: None,
        decision: None,
    };
    tx.replace_eta(app.seller, &new, now).await?;
    Ok(())
}

/// Whether a visit ended with nobody at home.
///
/// # Errors
/// As `state`.
pub async fn is_no_show(tx: &mut Tx, seller: SellerId, appointment: AppointmentId) -> anyhow::Result<bool> {
    let Some(stored) = tx.load_document(seller, appointment).await? else { return Ok(false) };
    let (_, closeout) = read(&stored)?;
    Ok(stored.closed_at.is_none() && matches!(closeout.outcome, Some(Outcome::NoShow { .. })))
}

/// The expected arrival of a visit, as Amazon is told it: whole seconds, the end after the start.
///
/// # Errors
/// As `state`.
pub async fn expected(
    tx: &mut Tx,
    seller: SellerId,
    appointment: AppointmentId,
) -> anyhow::Result<Option<Window>> {
    let Some(stored) = tx.load_document(seller, appointment).await? else { return Ok(None) };
    let (_, closeout) = read(&stored)?;
    Ok(closeout.eta.and_then(window))
}

fn window(eta: Eta) -> Option<Window> {
    let second = |at: Timestamp| Timestamp(at.0 - at.0.rem_euclid(1000));
    let window = Window { start: second(eta.earliest), end: second(eta.latest) };
    (window.end > window.start).then_some(window)
}

fn read(stored: &StoredDocument) -> anyhow::Result<(Document, Closeout)> {
    let document = Document::load(&stored.snapshot).context("loading a document")?;
    let closeout = document.read().context("reading a document")?;
    Ok((document, closeout))
}

/// Each recorded step with the instant that counts for it: what a technician said, or else the one taken from the
/// interval it lies in. Of a crew, the first of each step and the last *finished*.
async fn steps(
    tx: &mut Tx,
    seller: SellerId,
    appointment: AppointmentId,
    document: &Document,
    closeout: &Closeout,
) -> anyhow::Result<Vec<StepDone>> {
    let mut steps = Vec::new();
    let mut earlier: Option<Timestamp> = None;
    for step in closeout.steps.keys().copied() {
        let mut recorded = Vec::new();
        for (moment, change) in document.recordings(step).context("reading a document")? {
            let arrival = arrival(tx, seller, appointment, &change).await?;
            recorded.push((
                moment.instant(arrival.anchor, arrival.received),
                moment.interval(arrival.anchor, arrival.received),
            ));
        }
        let counts = match step {
            Step::Finished => recorded.into_iter().max_by_key(|(at, _)| *at),
            _ => recorded.into_iter().min_by_key(|(at, _)| *at),
        };
        let (instant, interval) = counts.context("a step without a change")?;
        let mut done = done(step, interval, instant);
        if let (Some(said), Some(change)) =
            (closeout.corrections.get(&step), document.source_of_correction(step))
        {
            // Never later than the phone can have known.
            let received = arrival(tx, seller, appointment, &change).await?.received;
            let corrected = CorrectedStep { tapped: instant, reason: said.reason };
            done = StepDone { step, at: said.at.min(received), within_ms: 0, corrected: Some(corrected) };
        } else {
            // Steps follow each other: where a wide interval leaves room, a later step is not before an earlier one.
            done.at = earlier.map_or(instant, |earlier| instant.max(earlier.min(interval.latest)));
        }
        earlier = Some(done.at);
        steps.push(done);
    }
    Ok(steps)
}

async fn arrival(
    tx: &mut Tx,
    seller: SellerId,
    appointment: AppointmentId,
    change: &Hash,
) -> anyhow::Result<Arrival> {
    tx.arrival_of(seller, appointment, change).await?.context("a change without a row")
}

/// One recorded step by itself, with no regard to those before it.
pub fn step_done(step: Step, moment: &Moment, arrival: &Arrival) -> StepDone {
    let (anchor, received) = (arrival.anchor, arrival.received);
    done(step, moment.interval(anchor, received), moment.instant(anchor, received))
}

fn done(step: Step, interval: Interval, at: Timestamp) -> StepDone {
    StepDone { step, at, within_ms: interval.latest.since(interval.earliest), corrected: None }
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
