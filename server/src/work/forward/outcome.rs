//! What becomes of a call after its request failed. Pure: the verdict comes from the Services API client, time and
//! the length of the pause from the caller.

use crate::{
    db::outbox::{Claim, Counts, Settlement, Task, reads_back},
    entropy::Entropy,
};
use doorstep_core::{
    api::{CallKind, What},
    time::Timestamp,
};
use doorstep_spapi::{Effect, Error, Remark, Verdict};

/// After this many attempts a call is parked for a person: with the pauses below about a day after the first (24
/// hours on the average, never more than 48), so that no outage of a night fills the board with work. What Amazon
/// refuses is parked at once, and being asked to wait is no attempt.
pub(super) const MOST_ATTEMPTS: i64 = 295;
/// So often a completion is sent that Amazon refuses for the job's state while it shows the job as open: the report
/// before it may take a while to be seen there, but not longer than some minutes.
pub(super) const MOST_REFUSALS: i64 = 6;
/// So often a visit's photos are sent again to new destinations because Amazon does not know the old ones.
pub(super) const MOST_MENDS: i64 = 12;
const FIRST_PAUSE_MS: i64 = 2_000;
const LONGEST_PAUSE_MS: i64 = 600_000;
/// Amazon's words are for a line on a screen.
const LONGEST_REASON: usize = 400;

/// The longest pause before the attempt after this one: doubles from 2 s to 10 min.
pub(super) fn longest_pause_ms(attempts: i64) -> i64 {
    let doublings = u32::try_from(attempts.saturating_sub(1).clamp(0, 20)).unwrap_or(0);
    (FIRST_PAUSE_MS << doublings).min(LONGEST_PAUSE_MS)
}

/// A pause with full jitter: anything from 1 ms to the longest, so that calls that failed together do not come back
/// together.
pub(super) fn pause_ms(attempts: i64, entropy: &dyn Entropy) -> i64 {
    let longest = longest_pause_ms(attempts).unsigned_abs();
    let drawn = u64::from_be_bytes(entropy.bytes()) % longest;
    1 + i64::try_from(drawn).unwrap_or(0)
}

/// What the Services API client says of a failure, and nothing more of it.
#[derive(Clone, Debug)]
pub(super) struct Failure {
    pub(super) verdict: Verdict,
    pub(super) effect: Effect,
    /// For a person.
    pub(super) words: String,
}

impl Failure {
    /// Amazon said no, and nothing happened.
    pub(super) fn is_certain_refusal(&self) -> bool {
        self.effect == Effect::None && matches!(self.verdict, Verdict::GiveUp { .. })
    }
}

impl From<&Error> for Failure {
    fn from(error: &Error) -> Self {
        Self { verdict: error.verdict(), effect: error.effect(), words: words(error) }
    }
}

/// What Amazon adds to a success. In these calls it can quote ids, times and hashes only.
pub(super) fn notes(warnings: &[Remark]) -> Option<String> {
    let said = said(warnings);
    (!said.is_empty())
        .then(|| format!("Amazon notes: {}", said.join("; ")).chars().take(LONGEST_REASON).collect())
}

/// Amazon's words. What we send in these calls is ids, times and hashes, so that is all they can quote. Where an
/// authorisation is missing they say little: then it is what an operator can do about it.
fn words(error: &Error) -> String {
    let said = said(error.remarks());
    let words = match error.advice() {
        Some(advice) if error.is_about_authorisation() => advice.to_owned(),
        _ if said.is_empty() => error.to_string(),
        _ => said.join("; "),
    };
    words.chars().take(LONGEST_REASON).collect()
}

fn said(remarks: &[Remark]) -> Vec<String> {
    let words = |remark: &Remark| {
        if remark.message.is_empty() { remark.code.clone() } else { remark.message.clone() }
    };
    remarks.iter().take(3).map(words).collect()
}

/// The moment and the measures of a decision.
#[derive(Clone, Copy, Debug)]
pub(super) struct Timing {
    pub(super) now: Timestamp,
    /// How long after it was sent a lost request may still take effect.
    pub(super) fence_ms: i64,
    /// The pause drawn for this attempt.
    pub(super) pause_ms: i64,
}

/// Decides what becomes of a claimed call whose request failed.
pub(super) fn after_failure(claim: &Claim, failure: Failure, timing: Timing) -> Settlement {
    let Timing { now, fence_ms, pause_ms } = timing;
    let Failure { verdict, effect, words } = failure;
    let asked = match &verdict {
        Verdict::Retry { after } => {
            after.map(|after| i64::try_from(after.as_millis()).unwrap_or(LONGEST_PAUSE_MS))
        }
        Verdict::ReadBack | Verdict::GiveUp { .. } => None,
    };
    let later = now.plus_ms(asked.unwrap_or(pause_ms).max(1));
    let is_last = claim.attempts >= MOST_ATTEMPTS;
    let lost = effect == Effect::Unknown && claim.kind != CallKind::Document;
    let lost_at = lost.then_some(claim.sent_at);
    if let Verdict::GiveUp { .. } = verdict {
        return Settlement::Parked { reason: words, lost_at };
    }
    if claim.task == Task::ReadBack {
        // The question failed, not the call: it stays unknown until it is answered.
        return if is_last {
            Settlement::Parked { reason: words, lost_at: None }
        } else {
            Settlement::Doubtful { due_at: later, reason: Some(words) }
        };
    }
    match (verdict, claim.kind) {
        // Read back before anything else, however many attempts it were: the job may be complete.
        (_, kind) if lost && reads_back(kind) => {
            Settlement::Lost { due_at: claim.sent_at.plus_ms(fence_ms).max(later), reason: Some(words) }
        }
        _ if is_last => Settlement::Parked { reason: words, lost_at },
        // Repeated with the same bytes, but not while the first may still be under way.
        _ if lost => {
            Settlement::Lost { due_at: claim.sent_at.plus_ms(fence_ms).max(later), reason: Some(words) }
        }
        (Verdict::ReadBack, kind) if reads_back(kind) => {
            Settlement::Doubtful { due_at: now, reason: Some(words) }
        }
        // An unused destination has no effect and the same bytes at the same place have it once, so a document does
        // not wait for the fence.
        (Verdict::Retry { after: Some(_) }, _) if effect == Effect::None => {
            Settlement::Again { due_at: later, counts: Counts::No, reason: Some(words) }
        }
        _ => Settlement::Again { due_at: later, counts: Counts::Yes, reason: Some(words) },
    }
}

/// What supervisors are told of a settled call.
pub(super) fn told(claim: &Claim, settlement: &Settlement) -> Option<What> {
    match (settlement, claim.kind, claim.photo) {
        (Settlement::Parked { .. }, call, _) => Some(What::CallParked { call }),
        (Settlement::Done { .. }, CallKind::Document, Some(photo)) => Some(What::DocumentSent { photo }),
        (Settlement::Done { .. }, CallKind::Fulfilment, _) => Some(What::FulfilmentSent),
        (Settlement::Done { .. }, CallKind::Complete, _) => Some(What::Completed),
        (Settlement::Done { .. }, CallKind::Reschedule, _) => Some(What::Rescheduled),
        (Settlement::Done { .. }, CallKind::Assign, _) => Some(What::TechniciansAssigned),
        (Settlement::Done { .. }, CallKind::Cancel, _) => Some(What::JobCancelled),
        (Settlement::Done { .. }, CallKind::Eta, _) => Some(What::EtaSent),
        _ => None,
    }
}

/// For the log.
pub(super) const fn outcome_name(settlement: &Settlement) -> &'static str {
    match settlement {
        Settlement::Done { .. } => "done",
        Settlement::Again { .. } => "again",
        Settlement::Lost { .. } => "lost",
        Settlement::Doubtful { .. } => "doubtful",
        Settlement::Parked { .. } => "parked",
    }
}

/// Whether a refused fulfilment blames a document that another upload would mend: unknown, run out, or never
/// uploaded. Amazon says so in words only.
pub(super) fn blames_a_destination(words: &str) -> bool {
    let words = words.to_lowercase();
    let subject =
        ["document", "upload destination", "uploaddestination"].iter().any(|part| words.contains(part));
    let complaint = ["not exist", "expired", "not uploaded", "not been uploaded", "no document was uploaded"];
    subject && complaint.iter().any(|part| words.contains(part))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entropy::SystemEntropy;
    use doorstep_core::id::{AppointmentId, CallId, JobId};
    use std::time::Duration;

    const LAST: i64 = MOST_ATTEMPTS;
    const SENT: Timestamp = Timestamp(1_000_000);
    const TIMING: Timing = Timing { now: Timestamp(1_005_000), fence_ms: 120_000, pause_ms: 700 };

    fn claim(kind: CallKind, task: Task, attempts: i64) -> Claim {
        Claim {
            id: CallId::from_bytes([1; 16]),
            task,
            job: JobId::from_bytes([2; 16]),
            appointment: AppointmentId::from_bytes([3; 16]),
            kind,
            photo: None,
            decision: None,
            version: 1,
            number: attempts,
            attempts,
            refusals: 0,
            sent_at: SENT,
            lost_at: None,
            body_hash: None,
            reason: None,
        }
    }

    fn failure(verdict: Verdict, effect: Effect) -> Failure {
        Failure { verdict, effect, words: "Made up.".to_owned() }
    }

    fn shown(settlement: Settlement) -> String {
        match settlement {
            Settlement::Done { .. } => "done".to_owned(),
            Settlement::Again { due_at, counts, .. } => {
                format!("again +{} {counts:?}", due_at.since(TIMING.now))
            }
            Settlement::Lost { due_at, .. } => format!("lost, sent +{}", due_at.since(SENT)),
            Settlement::Doubtful { due_at, .. } => format!("doubtful +{}", due_at.since(TIMING.now)),
            Settlement::Parked { lost_at, .. } => {
                format!("parked{}", if lost_at.is_some() { ", lost" } else { "" })
            }
        }
    }

    #[test]
    fn every_failure_has_its_settlement_for_each_kind_of_call() {
        let retry = || Verdict::Retry { after: None };
        let wait = |seconds| Verdict::Retry { after: Some(Duration::from_secs(seconds)) };
        let give_up = || Verdict::GiveUp { code: "InvalidInput".to_owned() };
        let kinds = [CallKind::Document, CallKind::Fulfilment, CallKind::Complete];
        let table = [
            (retry(), Effect::None, 1, ["again +700 Yes"; 3]),
            (wait(9), Effect::None, 1, ["again +9000 No"; 3]),
            (wait(9), Effect::None, LAST - 1, ["again +9000 No"; 3]),
            (retry(), Effect::Unknown, 1, ["again +700 Yes", "lost, sent +120000", "lost, sent +120000"]),
            (
                wait(300),
                Effect::Unknown,
                1,
                ["again +300000 Yes", "lost, sent +305000", "lost, sent +305000"],
            ),
            (
                Verdict::ReadBack,
                Effect::Unknown,
                1,
                ["again +700 Yes", "lost, sent +120000", "lost, sent +120000"],
            ),
            (Verdict::ReadBack, Effect::None, 1, ["again +700 Yes", "again +700 Yes", "doubtful +0"]),
            (give_up(), Effect::None, 1, ["parked"; 3]),
            (give_up(), Effect::Unknown, 1, ["parked", "parked, lost", "parked, lost"]),
            (retry(), Effect::None, LAST - 1, ["again +700 Yes"; 3]),
            (retry(), Effect::None, LAST, ["parked"; 3]),
            (retry(), Effect::Unknown, LAST, ["parked", "parked, lost", "lost, sent +120000"]),
            (Verdict::ReadBack, Effect::None, LAST, ["parked"; 3]),
        ];
        for (row, (verdict, effect, attempts, expected)) in table.into_iter().enumerate() {
            for (kind, expected) in kinds.into_iter().zip(expected) {
                let settled = after_failure(
                    &claim(kind, Task::Send, attempts),
                    failure(verdict.clone(), effect),
                    TIMING,
                );
                assert_eq!(shown(settled), expected, "row {row}, {kind:?}");
            }
        }
    }

    #[test]
    fn a_question_that_fails_is_asked_again_until_a_person_has_to() {
        let asked = |attempts, verdict| {
            let claim = claim(CallKind::Complete, Task::ReadBack, attempts);
            shown(after_failure(&claim, failure(verdict, Effect::None), TIMING))
        };
        assert_eq!(asked(2, Verdict::Retry { after: None }), "doubtful +700");
        assert_eq!(asked(2, Verdict::Retry { after: Some(Duration::from_secs(4)) }), "doubtful +4000");
        assert_eq!(asked(LAST, Verdict::Retry { after: None }), "parked");
        assert_eq!(asked(2, Verdict::GiveUp { code: "unreadable_answer".to_owned() }), "parked");
    }

    #[test]
    fn pauses_double_from_two_seconds_to_ten_minutes() {
        let longest: Vec<i64> = (1..=12).map(|attempts| longest_pause_ms(attempts) / 1000).collect();
        assert_eq!(longest, [2, 4, 8, 16, 32, 64, 128, 256, 512, 600, 600, 600]);
        for attempts in [i64::MIN, 0, i64::MAX] {
            assert!((2_000..=600_000).contains(&longest_pause_ms(attempts)));
        }
        for attempts in 1..=12 {
            for _ in 0..200 {
                assert!((1..=longest_pause_ms(attempts)).contains(&pause_ms(attempts, &SystemEntropy)));
            }
        }
    }

    #[test]
    fn a_call_is_tried_for_about_a_day_before_it_is_parked() {
        let hour = 3_600_000;
        let longest: i64 = (1..MOST_ATTEMPTS).map(longest_pause_ms).sum();
        // Pauses are drawn evenly between nothing and the longest.
        assert!((23 * hour..=25 * hour).contains(&(longest / 2)), "{}", longest / 2);
        assert!(longest <= 48 * hour, "{longest}");
    }

    #[test]
    fn what_amazon_notes_about_a_success_is_kept_short() {
        let remark = |code: &str, message: &str| Remark {
            code: code.to_owned(),
            message: message.to_owned(),
            details: Some("never shown".to_owned()),
        };
        assert_eq!(notes(&[]), None);
        let two = [remark("RESOURCES_OVERBOOKED", "The resource is overbooked"), remark("OTHER", "")];
        assert_eq!(notes(&two).unwrap(), "Amazon notes: The resource is overbooked; OTHER");
        assert_eq!(notes(&[remark("LONG", &"word ".repeat(200))]).unwrap().chars().count(), LONGEST_REASON);
    }

    #[test]
    fn a_document_to_upload_again_is_told_from_other_refusals() {
        for words in [
            "Input document id does not exist",
            "The upload destination expired before a document was uploaded",
            "No document was uploaded to the upload destination",
        ] {
            assert!(blames_a_destination(words), "{words}");
        }
        for words in [
            "Job does not exist",
            "Document failed to meet sanity check: its Sha256 differs",
            "The access token has expired",
            "Fulfillment data can not be updated",
        ] {
            assert!(!blames_a_destination(words), "{words}");
        }
    }
}
