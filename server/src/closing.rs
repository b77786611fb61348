//! From what technicians recorded to what Amazon is told: the verdict, the instants, and the moment a closeout is
//! handed to the outbox.

use crate::{
    app::App,
    connection,
    db::{
        Tx,
        document::{Arrival, StoredDocument},
        outbox::Ends,
    },
};
use anyhow::Context as _;
use doorstep_core::{
    api::{StepDone, SwitchPosition, What},
    closeout::{self, Closeout, Finding, Step},
    document::Document,
    id::{AppointmentId, JobId, PhotoId, ResourceId, SellerId},
    job::Standing,
    time::{Interval, Moment, Timestamp},
};
use std::collections::BTreeSet;

/// A closeout as the server judges it.
#[derive(Clone, Debug)]
pub struct State {
    pub job: JobId,
    pub closeout: Closeout,
    pub steps: Vec<StepDone>,
    pub findings: Vec<Finding>,
    pub questions: u32,
    /// Finished, and nothing stops it.
    pub ready: bool,
    pub closed_at: Option<Timestamp>,
    pub last_heard: Option<Timestamp>,
    pub late_changes: u32,
    pub refused_changes: u32,
    pub standing: Standing,
}

/// What `setAppointmentFulfillmentData` says, whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fulfilment {
    pub start: Timestamp,
    pub end: Timestamp,
    pub resources: Vec<ResourceId>,
    /// In order of their ids, so that the body is the same every time.
    pub photos: Vec<PhotoId>,
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
    Ok(Some(State {
        job: job.job,
        ready: closeout.is_finished() && closeout::is_ready(&findings),
        steps: steps.iter().map(|(step, interval, at)| done(*step, *interval, *at)).collect(),
        findings,
        questions: count(job.policy.questions.len()),
        closeout,
        standing: job.standing,
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
    if state.closed_at.is_some() || !state.ready {
        return Ok(());
    }
    // A job from a file is sent nothing about before Amazon has confirmed it.
    if tx.is_imported(seller, state.job).await? {
        return Ok(());
    }
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
    tx.enqueue_closeout(seller, state.job, appointment, &program, &photos, Ends::Job, now).await?;
    let what = match position {
        SwitchPosition::Send => What::ReadyToSend,
        SwitchPosition::Observe => What::CloseoutObserved,
        SwitchPosition::NotAllowed => What::CloseoutKept,
    };
    tx.record_event(seller, appointment, &what, now).await?;
    Ok(())
}

/// What Amazon is told of a closeout.
///
/// # Errors
/// As `state`; or the closeout has no start or end, which the rules do not let through.
pub async fn fulfilment(
    tx: &mut Tx,
    seller: SellerId,
    appointment: AppointmentId,
) -> anyhow::Result<Fulfilment> {
    let stored = tx.load_document(seller, appointment).await?.context("the visit has no document")?;
    let (document, closeout) = read(&stored)?;
    let steps = steps(tx, seller, appointment, &document, &closeout).await?;
    let at = |wanted: Step| {
        let found = steps.iter().find(|(step, ..)| *step == wanted);
        found.map(|(_, _, at)| *at).with_context(|| format!("the closeout has no step {}", wanted.name()))
    };
    let (start, end) = whole_seconds(at(Step::Started)?, at(Step::Finished)?);
    Ok(Fulfilment {
        start,
        end,
        resources: tx.resources_of(seller, appointment).await?,
        photos: closeout.proof().map(|(photo, _)| *photo).collect(),
    })
}

/// Amazon wants an end after the start, and neither in the future: both are rounded down, and where two wide
/// intervals left them in one second the start goes back by one.
fn whole_seconds(start: Timestamp, end: Timestamp) -> (Timestamp, Timestamp) {
    let end = Timestamp(end.0 - end.0.rem_euclid(1000));
    let start = Timestamp(start.0 - start.0.rem_euclid(1000));
    (start.min(end.plus_ms(-1000)), end)
}

fn read(stored: &StoredDocument) -> anyhow::Result<(Document, Closeout)> {
    let document = Document::load(&stored.snapshot).context("loading a document")?;
    let closeout = document.read().context("reading a document")?;
    Ok((document, closeout))
}

/// Each recorded step with the interval it lies in and the instant taken from it.
async fn steps(
    tx: &mut Tx,
    seller: SellerId,
    appointment: AppointmentId,
    document: &Document,
    closeout: &Closeout,
) -> anyhow::Result<Vec<(Step, Interval, Timestamp)>> {
    let mut steps = Vec::new();
    let mut earlier: Option<Timestamp> = None;
    for (step, moment) in &closeout.steps {
        let change = document.source_of(*step).context("a step without a change")?;
        let arrival = tx.arrival_of(seller, appointment, &change).await?.context("a change without a row")?;
        let interval = moment.interval(arrival.anchor, arrival.received);
        let instant = moment.instant(arrival.anchor, arrival.received);
        // Steps follow each other: where a wide interval leaves room, a later step is not before an earlier one.
        let instant = earlier.map_or(instant, |earlier| instant.max(earlier.min(interval.latest)));
        earlier = Some(instant);
        steps.push((*step, interval, instant));
    }
    Ok(steps)
}

/// One recorded step by itself, with no regard to those before it.
pub fn step_done(step: Step, moment: &Moment, arrival: &Arrival) -> StepDone {
    let (anchor, received) = (arrival.anchor, arrival.received);
    done(step, moment.interval(anchor, received), moment.instant(anchor, received))
}

fn done(step: Step, interval: Interval, at: Timestamp) -> StepDone {
    StepDone { step, at, within_ms: interval.latest.since(interval.earliest) }
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
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
