//! The rules, one function each, in the order of the visit. To add one: a code in `finding.rs`, a function and
//! its line in `ALL` here, a case in the tests below, a row in `docs/RULES.md`, words in every language of the phone.

mod acceptance;
mod crew;
mod no_show;
mod proof;
mod times;

use super::{Closeout, Finding, Outcome, Rule, Step};
use crate::{
    job::{ArrivalState, Job, JobStatus, NoticeKind},
    time::Moment,
};

pub(super) type Check = fn(&Job, &Closeout) -> Vec<Finding>;

pub(super) const ALL: [Check; 19] = [
    job_is_open,
    appointment_is_active,
    amazon_left_it_as_it_was,
    product_has_arrived,
    crew::technician_is_linked,
    crew::crew_is_known,
    times::steps_are_recorded,
    times::steps_are_in_order,
    times::corrections_are_sound,
    times::pauses_have_ended,
    questions_are_answered,
    proof::shots_are_taken,
    proof::photos_are_acceptable,
    proof::photos_show_something,
    acceptance::serials_are_taken_down,
    acceptance::signature_is_given,
    no_show::no_show_is_proven,
    no_show::reasons_are_valid,
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
        && let Some(started) = closeout.time_of(Step::Started)
        // By the phone's own clock set right: a minute more or less decides nothing here.
        && started < moved.at
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

fn questions_are_answered(job: &Job, closeout: &Closeout) -> Vec<Finding> {
    let mut findings = vec![];
    if !is_served(job, closeout) {
        return findings;
    }
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

/// The work was done: a closeout of a visit where nobody was there, or where somebody has to come again, is not asked for
/// proof of it.
fn is_served(job: &Job, closeout: &Closeout) -> bool {
    !matches!(closeout.outcome, Some(Outcome::NoShow { .. })) && !closeout.wants_another_visit(job)
}

#[cfg(test)]
mod tests;
