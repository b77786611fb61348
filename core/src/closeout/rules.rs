//! The rules, one function each, in the order of the visit. To add one: a code in `finding.rs`, a function and
//! its line in `ALL` here, a case in the tests below, words in `web/src/words.ts`.

use super::{Closeout, Finding, Rule, SIGNATURE_SHOT, Step};
use crate::{
    job::{ArrivalState, Job, JobStatus, NoticeKind},
    photo::PHOTO_LIMIT_BYTES,
    time::Moment,
};

pub(super) type Check = fn(&Job, &Closeout) -> Vec<Finding>;

pub(super) const ALL: [Check; 11] = [
    job_is_open,
    appointment_is_active,
    amazon_left_it_as_it_was,
    product_has_arrived,
    technician_is_linked,
    steps_are_recorded,
    steps_are_in_order,
    questions_are_answered,
    shots_are_taken,
    photos_are_acceptable,
    clocks_and_devices_agree,
];

/// Amazon answers a completed or cancelled job's fulfilment with a refusal.
fn job_is_open(job: &Job, _: &Closeout) -> Vec<Finding> {
    match job.status {
        JobStatus::NotServiced => vec![],
        _ => vec![Finding::stop(Rule::JobClosed, "job")],
    }
}

fn appointment_is_active(job: &Job, _: &Closeout) -> Vec<Finding> {
    if job.appointment_active { vec![] } else { vec![Finding::stop(Rule::AppointmentMoved, "job")] }
}

/// What Amazon did to the visit while somebody worked on it: nothing is sent until a supervisor has accepted what was
/// recorded. A job that vanished has nobody to send it to.
fn amazon_left_it_as_it_was(job: &Job, closeout: &Closeout) -> Vec<Finding> {
    let standing = &job.standing;
    let mut findings = vec![];
    if standing.notice(NoticeKind::Vanished).is_some() {
        findings.push(Finding::stop(Rule::JobVanished, "job"));
    }
    if let Some(moved) = standing.open_notice(NoticeKind::Moved)
        && let Some(started) = closeout.steps.get(&Step::Started)
        // By the phone's own clock set right: a minute more or less decides nothing here.
        && started.corrected() < moved.at
    {
        findings.push(Finding::stop(Rule::MovedDuringWork, "job"));
    }
    let accepted = standing.notice(NoticeKind::Reassigned).is_some_and(|notice| notice.accepted_at.is_some());
    if standing.reassigned && !accepted {
        findings.push(Finding::stop(Rule::VisitReassigned, "job"));
    }
    findings
}

/// Told, not stopped: Amazon learns of a delivery late, and the technician sees what is there. Whoever has finished
/// had something to work on.
fn product_has_arrived(job: &Job, closeout: &Closeout) -> Vec<Finding> {
    match job.standing.arrival {
        Some(arrival) if arrival.state != ArrivalState::Delivered && !closeout.is_finished() => {
            vec![Finding::warn(Rule::ProductNotArrived, "product")]
        }
        _ => vec![],
    }
}

/// Amazon takes fulfilment without resources, but then cannot know who was there: told, not stopped, since the
/// technician at the door cannot mend it.
fn technician_is_linked(job: &Job, _: &Closeout) -> Vec<Finding> {
    if job.technician_linked { vec![] } else { vec![Finding::warn(Rule::TechnicianUnlinked, "job")] }
}

/// Being on the way may go unrecorded; the fulfilment time needs the other three.
fn steps_are_recorded(_: &Job, closeout: &Closeout) -> Vec<Finding> {
    [Step::Arrived, Step::Started, Step::Finished]
        .into_iter()
        .filter(|step| !closeout.steps.contains_key(step))
        .map(|step| Finding::stop(Rule::StepMissing, field_of(step)))
        .collect()
}

/// Judged only where it is certain: within one page start by the monotonic clock. Across page starts the server
/// places both within their intervals, in order. Against every earlier step, not only the one before: what was
/// recorded too soon is said of all that came of it, at once.
fn steps_are_in_order(_: &Job, closeout: &Closeout) -> Vec<Finding> {
    let follows = |step: Step, at: &Moment| {
        closeout.steps.range(..step).all(|(_, earlier)| at.is_before(earlier) != Some(true))
    };
    let out_of_order = closeout.steps.iter().filter(|(step, at)| !follows(**step, at));
    out_of_order.map(|(step, _)| Finding::stop(Rule::StepOutOfOrder, field_of(*step))).collect()
}

fn questions_are_answered(job: &Job, closeout: &Closeout) -> Vec<Finding> {
    let mut findings = vec![];
    for question in job.policy.asked(&closeout.answers) {
        let field = format!("answers.{}", question.id);
        match closeout.answers.get(&question.id) {
            None => findings.push(Finding::stop(Rule::AnswerMissing, field)),
            Some(answer) if !question.accepts.contains(answer) => {
                findings.push(Finding::stop(Rule::AnswerUnacceptable, field));
            }
            Some(_) => {}
        }
    }
    findings
}

fn shots_are_taken(job: &Job, closeout: &Closeout) -> Vec<Finding> {
    let mut findings = vec![];
    let mut missing = 0;
    for shot in job.policy.wanted(&closeout.answers) {
        let taken = closeout.proof().filter(|(_, facts)| facts.shot == shot.id).count();
        let wanted = i64::from(shot.minimum) - i64::try_from(taken).unwrap_or(i64::MAX);
        if wanted > 0 {
            missing += wanted;
            findings.push(Finding::stop(Rule::ShotMissing, format!("photos.{}", shot.id)).amount(wanted));
        }
    }
    // Said only for what the missing shots would not bring anyway.
    let all = closeout.proof().filter(|(_, facts)| facts.shot != SIGNATURE_SHOT).count();
    let all = i64::try_from(all).unwrap_or(i64::MAX);
    let wanted = i64::from(job.policy.minimum_photos) - all - missing;
    if wanted > 0 {
        findings.push(Finding::stop(Rule::TooFewPhotos, "photos").amount(wanted));
    }
    findings
}

/// Amazon's limits for `contentLength`: 1 to 5,242,880 bytes.
fn photos_are_acceptable(_: &Job, closeout: &Closeout) -> Vec<Finding> {
    closeout
        .proof()
        .filter_map(|(_, facts)| match u64::from(facts.size) {
            0 => Some(Finding::stop(Rule::PhotoEmpty, format!("photos.{}", facts.shot))),
            size if size > PHOTO_LIMIT_BYTES => {
                Some(Finding::stop(Rule::PhotoTooLarge, format!("photos.{}", facts.shot)))
            }
            _ => None,
        })
        .collect()
}

fn clocks_and_devices_agree(_: &Job, closeout: &Closeout) -> Vec<Finding> {
    let mut findings = vec![];
    let moments = closeout.steps.values().chain(closeout.proof().map(|(_, facts)| &facts.taken));
    let worst = moments
        .filter(|moment| moment.clock_is_off())
        .filter_map(Moment::clock_error_ms)
        .max_by_key(|error| error.unsigned_abs());
    if let Some(error) = worst {
        findings.push(Finding::warn(Rule::ClockOff, "clock").amount(error / 60_000));
    }
    findings.extend(closeout.conflicts.iter().map(|field| Finding::warn(Rule::Conflict, field.as_str())));
    findings
}

fn field_of(step: Step) -> String {
    format!("steps.{}", step.name())
}

#[cfg(test)]
mod tests;
