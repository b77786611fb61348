//! What a supervisor sees of a visit. Nothing about the buyer.

use crate::{app::App, closing, db::Tx};
use doorstep_core::{
    api::{Call, CallKind, CallState, Card, CardPhoto, CardRequest, Forwarding, ForwardingState},
    closeout::{Closeout, RecordKind},
    decision::{DecisionState, OfficeDecision},
    id::AppointmentId,
    job::{JobStatus, Standing},
};
use std::collections::{BTreeMap, BTreeSet};

/// The card of a visit as the transaction sees it. `None` when there is no such visit.
///
/// # Errors
/// The database's, or a document that does not read.
pub async fn load(app: &App, tx: &mut Tx, appointment: AppointmentId) -> anyhow::Result<Option<Card>> {
    let Some(visit) = tx.visit(app.seller, appointment).await? else { return Ok(None) };
    let state = closing::state(app, tx, app.seller, appointment).await?;
    let safe: BTreeSet<_> = tx.safe_photos(app.seller, appointment).await?.into_iter().collect();
    let held = tx.held_photos(app.seller, appointment).await?;
    let calls = tx.calls_of(app.seller, appointment).await?;
    let mut card = Card {
        appointment,
        job: visit.job,
        service_job_id: visit.service_job.clone(),
        appointment_active: visit.is_active(),
        technicians: tx.assignees(app.seller, appointment).await?,
        status: visit.status,
        title: visit.title,
        window: visit.window,
        time_zone: visit.time_zone,
        steps: Vec::new(),
        answered: 0,
        questions: 0,
        present: Vec::new(),
        eta: None,
        outcome: None,
        outcome_by: None,
        notes: 0,
        places: 0,
        photos: Vec::new(),
        findings: Vec::new(),
        ready: false,
        forwarding: Forwarding { state: forwarding(&calls), calls },
        last_heard: None,
        late_changes: 0,
        refused_changes: 0,
        standing: Standing {
            notices: tx.notices(app.seller, appointment).await?,
            buyer_expired: visit.buyer_expired,
            siblings: tx.siblings(app.seller, visit.job).await?,
            imported: tx.is_imported(app.seller, visit.job).await?,
            ..Standing::default()
        },
        decisions: tx.decisions_of(app.seller, appointment).await?,
        names: BTreeMap::new(),
        requests: Vec::new(),
    };
    // Without a state the key is gone and what was recorded with it: the rest of the card stays.
    if let Some(state) = state {
        let photo = |(photo, facts): (&_, &doorstep_core::photo::PhotoFacts)| CardPhoto {
            photo: *photo,
            shot: facts.shot.clone(),
            safe: safe.contains(photo),
            held: held.contains(photo),
        };
        card.requests = requests(&state.closeout, &card.decisions, &card.status);
        for request in &mut card.requests {
            if let Some(device) = state.askers.get(&request.request) {
                request.by = tx.technician_of(app.seller, *device).await?;
            }
        }
        if let Some(device) = state.ender {
            card.outcome_by = tx.technician_of(app.seller, device).await?;
        }
        card.notes = count(&state.closeout, RecordKind::Note);
        card.places = count(&state.closeout, RecordKind::Position);
        card.photos = state.closeout.proof().map(photo).collect();
        card.answered = u32::try_from(state.closeout.answers.len()).unwrap_or(u32::MAX);
        card.questions = state.questions;
        card.present = state.present;
        card.eta = state.closeout.eta;
        card.outcome = state.closeout.outcome;
        card.standing = state.standing;
        card.names = state.names;
        card.steps = state.steps;
        card.findings = state.findings;
        card.ready = state.ready;
        card.last_heard = state.last_heard;
        card.late_changes = state.late_changes;
        card.refused_changes = state.refused_changes;
    }
    Ok(Some(card))
}

fn count(closeout: &Closeout, kind: RecordKind) -> u32 {
    let of_kind = closeout.records.values().filter(|facts| facts.kind == kind);
    u32::try_from(of_kind.count()).unwrap_or(u32::MAX)
}

/// What the technicians ask, oldest first. Of a job that is closed at Amazon nothing can be decided any more.
fn requests(closeout: &Closeout, decisions: &[OfficeDecision], status: &JobStatus) -> Vec<CardRequest> {
    let is_closed = matches!(status, JobStatus::Completed | JobStatus::Cancelled);
    let asked = closeout.requests.iter().filter(|(_, asked)| !asked.withdrawn);
    let mut requests: Vec<CardRequest> = asked
        .map(|(request, asked)| {
            let last = decisions.iter().rev().find(|decision| decision.request == Some(*request));
            let waits = matches!(
                last.map(|decision| decision.state),
                None | Some(DecisionState::Stuck | DecisionState::Dropped)
            );
            CardRequest {
                request: *request,
                what: asked.what,
                code: asked.code,
                by: None,
                at: asked.at.corrected(),
                open: waits && !is_closed,
            }
        })
        .collect();
    requests.sort_by_key(|request| (request.at, request.request));
    requests
}

fn forwarding(calls: &[Call]) -> ForwardingState {
    let has = |kind: CallKind| calls.iter().any(|call| call.kind == kind);
    let done = |call: &Call| call.state == CallState::Done;
    let is_report =
        |call: &&Call| matches!(call.kind, CallKind::Document | CallKind::Fulfilment | CallKind::Complete);
    // A photo may be taken out of a report that is sent; where all is left unsent, the report is as well.
    let taken_out = |call: &Call| call.kind == CallKind::Document && call.state == CallState::Left;
    // What is told beside a report, and what was decided, is no part of it; it counts while it is not done.
    let open = calls.iter().filter(|call| {
        !taken_out(call) && (is_report(call) || !(done(call) || call.state == CallState::Left))
    });
    let calls: Vec<&Call> = open.collect();
    if calls.is_empty() {
        ForwardingState::NotStarted
    } else if calls.iter().any(|call| call.state == CallState::Parked) {
        ForwardingState::Parked
    } else if calls.iter().any(|call| matches!(call.state, CallState::Sent | CallState::Unknown)) {
        ForwardingState::Sending
    } else if calls.iter().any(|call| call.state == CallState::NotAllowed) {
        ForwardingState::Kept
    } else if calls.iter().any(|call| call.state == CallState::Observed) {
        ForwardingState::Observed
    } else if calls.iter().any(|call| call.state == CallState::Ready) {
        ForwardingState::Sending
    } else if calls.iter().any(|call| call.state == CallState::Left) {
        ForwardingState::Left
    } else if has(CallKind::Complete) {
        ForwardingState::Sent
    } else {
        ForwardingState::Reported
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use doorstep_core::id::CallId;

    #[test]
    fn a_closeout_is_sent_when_all_its_calls_are_and_parked_when_one_is() {
        let state = |states: &[CallState]| {
            let call = |state| Call {
                id: CallId::from_bytes([1; 16]),
                kind: CallKind::Complete,
                state,
                attempts: 1,
                next_try: None,
                reason: None,
            };
            forwarding(&states.iter().copied().map(call).collect::<Vec<_>>())
        };
        use CallState::{Done, Left, NotAllowed, Observed, Parked, Ready, Sent, Unknown};
        assert_eq!(state(&[]), ForwardingState::NotStarted);
        assert_eq!(state(&[Done, Ready]), ForwardingState::Sending);
        assert_eq!(state(&[Done, Sent]), ForwardingState::Sending);
        assert_eq!(state(&[Done, Unknown, Ready]), ForwardingState::Sending);
        assert_eq!(state(&[Done, Done]), ForwardingState::Sent);
        assert_eq!(state(&[Parked, Sent]), ForwardingState::Parked);
        assert_eq!(state(&[Observed, Observed]), ForwardingState::Observed);
        assert_eq!(state(&[Done, Sent, Observed]), ForwardingState::Sending);
        assert_eq!(state(&[Done, Observed, Ready]), ForwardingState::Observed);
        assert_eq!(state(&[Done, Observed, NotAllowed]), ForwardingState::Kept);
        assert_eq!(state(&[Parked, NotAllowed]), ForwardingState::Parked);
        assert_eq!(state(&[Ready, Left]), ForwardingState::Sending);
        assert_eq!(state(&[Done, Left]), ForwardingState::Left);
    }

    #[test]
    fn a_visit_is_reported_when_its_job_goes_on_and_what_was_decided_is_no_report() {
        let state = |calls: &[(CallKind, CallState)]| {
            let call = |(kind, state)| Call {
                id: CallId::from_bytes([1; 16]),
                kind,
                state,
                attempts: 1,
                next_try: None,
                reason: None,
            };
            forwarding(&calls.iter().copied().map(call).collect::<Vec<_>>())
        };
        use CallKind::{Assign, Cancel, Document, Eta, Fulfilment, Reschedule};
        use CallState::{Done, Parked, Ready};
        let reported = [(Document, Done), (Fulfilment, Done)];
        assert_eq!(state(&reported), ForwardingState::Reported);
        assert_eq!(state(&[reported[1], (Reschedule, Ready)]), ForwardingState::Sending);
        assert_eq!(state(&[reported[1], (Reschedule, Done), (Assign, Done)]), ForwardingState::Reported);
        assert_eq!(state(&[(Eta, Done)]), ForwardingState::NotStarted);
        assert_eq!(state(&[(Cancel, Done)]), ForwardingState::NotStarted);
        assert_eq!(state(&[(Cancel, Parked)]), ForwardingState::Parked);
    }
}
