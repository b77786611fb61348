//! A buyer who was not there, and what the office is asked for.

use super::proof;
use crate::{
    closeout::{Closeout, DOOR_SHOT, Finding, Outcome, Rule, Step},
    job::Job,
    reason,
};

const MINUTE_MS: i64 = 60_000;

/// Amazon's code for a no-show is disputed without evidence that somebody waited and tried.
pub(super) fn no_show_is_proven(job: &Job, closeout: &Closeout) -> Vec<Finding> {
    let Some(Outcome::NoShow { at }) = closeout.outcome else { return vec![] };
    let terms = &job.policy.no_show;
    let mut findings = vec![];
    if let Some(arrived) = closeout.steps.get(&Step::Arrived) {
        let said = closeout.corrections.get(&Step::Arrived).map(|correction| correction.at);
        let waited = match said {
            None if arrived.epoch == at.epoch => {
                i64::try_from(at.monotonic_ms.saturating_sub(arrived.monotonic_ms)).unwrap_or(i64::MAX)
            }
            // Across page starts by the clocks set right.
            said => at.corrected().since(said.unwrap_or(arrived.corrected())),
        };
        let lacking = i64::from(terms.wait_minutes) * MINUTE_MS - waited.max(0);
        if lacking > 0 {
            let minutes = (lacking + MINUTE_MS - 1) / MINUTE_MS;
            findings.push(Finding::stop(Rule::NoShowTooEarly, "outcome").amount(minutes));
        }
    }
    let tried = i64::try_from(closeout.attempts.len()).unwrap_or(i64::MAX);
    let lacking = i64::from(terms.attempts) - tried;
    if lacking > 0 {
        findings.push(Finding::stop(Rule::AttemptsMissing, "attempts").amount(lacking));
    }
    if terms.door_photo && !closeout.proof().any(|(_, facts)| facts.shot == DOOR_SHOT) {
        findings.push(Finding::stop(Rule::DoorPhotoMissing, proof::field_of(DOOR_SHOT)));
    }
    findings
}

/// Amazon refuses a code that is not valid for the marketplace and the kind of service. For a marketplace whose codes
/// nobody knows nothing can be said, and what is answered nobody can take back.
pub(super) fn reasons_are_valid(job: &Job, closeout: &Closeout) -> Vec<Finding> {
    let is_refused = |what, code| {
        let codes = reason::valid(&job.marketplace, job.service_type, what);
        !codes.is_empty() && !codes.contains(&code)
    };
    let invalid =
        closeout.open_requests(&job.decisions).filter(|(_, asked)| is_refused(asked.what, asked.code));
    invalid
        .map(|(id, _)| Finding::stop(Rule::ReasonInvalid, ["requests.", &id.to_string()].concat()))
        .collect()
}
