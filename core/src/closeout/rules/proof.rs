//! Photos.

use super::is_served;
use crate::{
    closeout::{ALIKE_WITHIN_BITS, BLURRED_BELOW, Closeout, DARK_BELOW, Finding, Rule, SIGNATURE_SHOT},
    id::PhotoId,
    job::Job,
    photo::{PHOTO_LIMIT_BYTES, PhotoFacts},
};

pub(super) fn shots_are_taken(job: &Job, closeout: &Closeout) -> Vec<Finding> {
    let mut findings = vec![];
    let mut missing = 0;
    if !is_served(job, closeout) {
        return findings;
    }
    for shot in job.policy.wanted(&closeout.answers) {
        let taken = closeout.proof().filter(|(_, facts)| facts.shot == shot.id).count();
        let wanted = i64::from(shot.minimum) - i64::try_from(taken).unwrap_or(i64::MAX);
        if wanted > 0 {
            missing += wanted;
            findings.push(Finding::stop(Rule::ShotMissing, field_of(&shot.id)).amount(wanted));
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
pub(super) fn photos_are_acceptable(job: &Job, closeout: &Closeout) -> Vec<Finding> {
    judged(job, closeout)
        .into_iter()
        .filter_map(|(_, facts)| match u64::from(facts.size) {
            0 => Some(Finding::stop(Rule::PhotoEmpty, field_of(&facts.shot))),
            size if size > PHOTO_LIMIT_BYTES => {
                Some(Finding::stop(Rule::PhotoTooLarge, field_of(&facts.shot)))
            }
            _ => None,
        })
        .collect()
}

/// Told, not stopped: a machine does not know what is to be seen, and whoever stands there does.
pub(super) fn photos_show_something(job: &Job, closeout: &Closeout) -> Vec<Finding> {
    let mut findings = vec![];
    let mut before: Vec<(&PhotoId, &PhotoFacts)> = vec![];
    let mut photos = judged(job, closeout);
    photos.sort_by_key(|(id, facts)| (facts.taken.corrected(), **id));
    for (id, facts) in photos {
        if facts.shot == SIGNATURE_SHOT {
            continue;
        }
        let look = closeout.looks.get(id);
        if look.is_some_and(|look| look.luma < DARK_BELOW) {
            findings.push(Finding::warn(Rule::PhotoDark, field_of(&facts.shot)));
        } else if look.is_some_and(|look| look.sharpness < BLURRED_BELOW) {
            // What is dark has no edges either: one word is enough.
            findings.push(Finding::warn(Rule::PhotoBlurred, field_of(&facts.shot)));
        }
        let is_alike = |(other, earlier): &(&PhotoId, &PhotoFacts)| {
            let prints = look.zip(closeout.looks.get(other));
            let are_close = prints.is_some_and(|(one, other)| {
                let (one, other) = (one.print.as_bytes(), other.print.as_bytes());
                let bits = one.iter().zip(other).map(|(one, other)| (one ^ other).count_ones()).sum::<u32>();
                bits <= ALIKE_WITHIN_BITS
            });
            earlier.sha256 == facts.sha256 || are_close
        };
        if before.iter().any(is_alike) {
            findings.push(Finding::warn(Rule::PhotoIdentical, field_of(&facts.shot)));
        }
        before.push((id, facts));
    }
    findings
}

/// The photos somebody can see and take again: not those of a shot that the answers hide. They stay proof.
#[inline(never)]
fn judged<'a>(job: &Job, closeout: &'a Closeout) -> Vec<(&'a PhotoId, &'a PhotoFacts)> {
    let hidden = job.policy.hidden(&closeout.answers);
    closeout.proof().filter(|(_, facts)| !hidden.contains(&field_of(&facts.shot))).collect()
}

pub(super) fn field_of(shot: &str) -> String {
    ["photos.", shot].concat()
}
