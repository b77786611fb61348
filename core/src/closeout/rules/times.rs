//! When things happened.

use crate::{
    closeout::{Closeout, Finding, Outcome, Rule, Step},
    job::Job,
    time::Moment,
};

/// A phone's clock may run a little ahead of the moment at which a correction was made.
const AHEAD_MS: i64 = 60_000;

/// Being on the way may go unrecorded; the fulfilment time needs the other three. Of a visit where nobody was there
/// nothing but the arrival can be known.
pub(super) fn steps_are_recorded(_: &Job, closeout: &Closeout) -> Vec<Finding> {
    let wanted: &[Step] = match closeout.outcome {
        Some(Outcome::NoShow { .. }) => &[Step::Arrived],
        _ => &[Step::Arrived, Step::Started, Step::Finished],
    };
    wanted
        .iter()
        .filter(|step| !closeout.steps.contains_key(step))
        .map(|step| Finding::stop(Rule::StepMissing, field_of(*step)))
        .collect()
}

/// Judged only where it is certain: within one page start by the monotonic clock. Across page starts the server
/// places both within their intervals, in order. Against every earlier step, not only the one before: what was
/// recorded too soon is said of all that came of it, at once. What somebody corrected is judged by what they said.
pub(super) fn steps_are_in_order(_: &Job, closeout: &Closeout) -> Vec<Finding> {
    let said = |step: &Step| closeout.corrections.contains_key(step);
    let follows = |step: Step, at: &Moment| {
        let tapped = closeout.steps.range(..step).filter(|(earlier, _)| !said(earlier));
        said(&step) || tapped.into_iter().all(|(_, earlier)| at.is_before(earlier) != Some(true))
    };
    let out_of_order = closeout.steps.iter().filter(|(step, at)| !follows(**step, at));
    out_of_order.map(|(step, _)| Finding::stop(Rule::StepOutOfOrder, field_of(*step))).collect()
}

pub(super) fn corrections_are_sound(_: &Job, closeout: &Closeout) -> Vec<Finding> {
    let mut findings = vec![];
    for (step, correction) in &closeout.corrections {
        if correction.at.since(correction.made.corrected()) > AHEAD_MS {
            findings.push(Finding::stop(Rule::CorrectionInFuture, field_of(*step)));
        }
    }
    for step in closeout.steps.keys() {
        let earlier = closeout.steps.range(..*step).map(|(earlier, _)| earlier);
        let is_judged = |earlier: &Step| {
            closeout.corrections.contains_key(step) || closeout.corrections.contains_key(earlier)
        };
        let before = |earlier: &Step| closeout.time_of(*step) < closeout.time_of(*earlier);
        if earlier.into_iter().any(|earlier| is_judged(earlier) && before(earlier)) {
            findings.push(Finding::stop(Rule::CorrectionOutOfOrder, field_of(*step)));
        }
    }
    findings
}

/// Whoever has finished does not pause any more.
pub(super) fn pauses_have_ended(_: &Job, closeout: &Closeout) -> Vec<Finding> {
    let is_open = closeout.pauses.values().any(|pause| pause.ended.is_none());
    if closeout.is_finished() && is_open { vec![Finding::stop(Rule::PauseOpen, "pauses")] } else { vec![] }
}

pub(super) fn field_of(step: Step) -> String {
    ["steps.", step.name()].concat()
}
