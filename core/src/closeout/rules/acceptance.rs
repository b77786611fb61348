//! What the buyer and the product have to say.

use super::is_served;
use crate::{
    closeout::{Acceptance, Closeout, Finding, Need, Rule},
    job::Job,
};

/// A signature that is shorter than a twentieth of the pad's width is a touch by mistake.
const LEAST_INK: u32 = 500;

/// A buyer who does not sign is an answer too, with its reason.
pub(super) fn signature_is_given(job: &Job, closeout: &Closeout) -> Vec<Finding> {
    match closeout.acceptance {
        Some(Acceptance::Signed { strokes, ink, photo, .. }) => {
            // An empty pad is wrong whoever asked for it, and so is one whose picture was taken out again.
            let is_shown = closeout.proof().any(|(id, _)| *id == photo);
            if strokes == 0 || ink < LEAST_INK {
                vec![Finding::stop(Rule::SignatureEmpty, "acceptance")]
            } else if !is_shown && job.policy.signature == Need::Required && is_served(job, closeout) {
                vec![Finding::stop(Rule::SignatureMissing, "acceptance")]
            } else {
                vec![]
            }
        }
        None if job.policy.signature == Need::Required && is_served(job, closeout) => {
            vec![Finding::stop(Rule::SignatureMissing, "acceptance")]
        }
        Some(Acceptance::Unsigned { .. }) | None => vec![],
    }
}

pub(super) fn serials_are_taken_down(job: &Job, closeout: &Closeout) -> Vec<Finding> {
    if !is_served(job, closeout) {
        return vec![];
    }
    let is_missing = |slot: &str| closeout.serials.get(slot).is_none_or(|serial| serial.length == 0);
    let wanted = job.policy.serials.iter().filter(|serial| serial.required && is_missing(&serial.id));
    wanted.map(|serial| Finding::stop(Rule::SerialMissing, ["serials.", &serial.id].concat())).collect()
}
