//! What a technician records of a visit, and the verdict on it.

pub mod fact;
pub mod finding;
pub mod policy;
mod rules;
mod visit;

pub use fact::{
    ALIKE_WITHIN_BITS, Acceptance, Asked, Attempt, AttemptHow, BLURRED_BELOW, Caption, Correction,
    CorrectionReason, DARK_BELOW, Eta, Fact, Look, Outcome, Pause, Presence, Relation, SecondVisitReason,
    Serial, SerialSource, UnsignedReason,
};
pub use finding::{Finding, Rule, Severity};
pub use policy::{
    Answer, Condition, DOOR_SHOT, Flaw, Need, NoShowTerms, Policy, PolicyFlaw, Question, SIGNATURE_SHOT,
    SerialWanted, Shot,
};
pub use visit::Ending;

use crate::{
    id::{AppointmentId, FactId, PhotoId, RecordId, RequestId, UserId},
    job::Job,
    photo::PhotoFacts,
    time::Moment,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The steps of a visit, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "snake_case")]
pub enum Step {
    OnMyWay,
    Arrived,
    Started,
    Finished,
}

impl Step {
    pub const ALL: [Self; 4] = [Self::OnMyWay, Self::Arrived, Self::Started, Self::Finished];

    /// The name it has in documents, events and findings.
    pub const fn name(self) -> &'static str {
        match self {
            Self::OnMyWay => "on_my_way",
            Self::Arrived => "arrived",
            Self::Started => "started",
            Self::Finished => "finished",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|step| step.name() == name)
    }
}

/// What a sealed record holds. The document knows this and the length, never the content.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "snake_case")]
pub enum RecordKind {
    /// Where a step was recorded, a photo taken or a pause begun; which photo or pause, only the record tells.
    Position,
    /// Free text of the technician's.
    Note,
    /// The strokes of a signature and the signer's name.
    Signature,
    /// A serial number.
    Serial,
    /// Words to a photo.
    Caption,
}

/// The document's knowledge of a sealed record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct RecordFacts {
    pub kind: RecordKind,
    /// Of the content, in bytes of UTF-8.
    pub length: u32,
    /// The step a position belongs to; without one it is of something else.
    pub step: Option<Step>,
}

/// A proof photo in a closeout.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct Photo {
    pub facts: PhotoFacts,
    /// Taken out by the technician. It stays on record and does not count as proof.
    pub removed: bool,
}

/// The closeout of one appointment, as read from its document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct Closeout {
    pub appointment: AppointmentId,
    /// Of a crew, the first *on my way*, *arrived* and *started* of anybody's, and the last *finished*.
    pub steps: BTreeMap<Step, Moment>,
    /// By the question's id in the policy.
    pub answers: BTreeMap<String, Answer>,
    pub photos: BTreeMap<PhotoId, Photo>,
    pub records: BTreeMap<RecordId, RecordFacts>,
    /// Fields that two devices wrote at the same time. All values are kept; the one shown is not the only one.
    pub conflicts: Vec<String>,
    /// The document has room for what follows. Where it has not, all of it is empty and cannot be recorded.
    #[serde(default)]
    pub takes_facts: bool,
    #[serde(default)]
    pub corrections: BTreeMap<Step, Correction>,
    #[serde(default)]
    pub pauses: BTreeMap<FactId, Pause>,
    #[serde(default)]
    pub eta: Option<Eta>,
    /// Who was there, where it was said.
    #[serde(default)]
    pub crew: BTreeMap<UserId, Presence>,
    /// Each person's own steps, where two or more are on the visit.
    #[serde(default)]
    pub crew_steps: BTreeMap<UserId, BTreeMap<Step, Moment>>,
    #[serde(default)]
    pub acceptance: Option<Acceptance>,
    /// By the slot in the policy.
    #[serde(default)]
    pub serials: BTreeMap<String, Serial>,
    #[serde(default)]
    pub captions: BTreeMap<PhotoId, Caption>,
    #[serde(default)]
    pub looks: BTreeMap<PhotoId, Look>,
    #[serde(default)]
    pub attempts: BTreeMap<FactId, Attempt>,
    #[serde(default)]
    pub outcome: Option<Outcome>,
    #[serde(default)]
    pub requests: BTreeMap<RequestId, Asked>,
}

impl Closeout {
    pub fn new(appointment: AppointmentId) -> Self {
        Self {
            appointment,
            steps: BTreeMap::new(),
            answers: BTreeMap::new(),
            photos: BTreeMap::new(),
            records: BTreeMap::new(),
            conflicts: Vec::new(),
            takes_facts: false,
            corrections: BTreeMap::new(),
            pauses: BTreeMap::new(),
            eta: None,
            crew: BTreeMap::new(),
            crew_steps: BTreeMap::new(),
            acceptance: None,
            serials: BTreeMap::new(),
            captions: BTreeMap::new(),
            looks: BTreeMap::new(),
            attempts: BTreeMap::new(),
            outcome: None,
            requests: BTreeMap::new(),
        }
    }

    /// The photos that count as proof.
    pub fn proof(&self) -> impl Iterator<Item = (&PhotoId, &PhotoFacts)> {
        self.photos.iter().filter(|(_, photo)| !photo.removed).map(|(id, photo)| (id, &photo.facts))
    }

    pub fn is_finished(&self) -> bool {
        self.steps.contains_key(&Step::Finished)
    }
}

/// Everything that is to be said about a closeout, in the order of the visit; empty when there is nothing.
/// Never only the first finding: the technician walks back through the house once.
pub fn check(job: &Job, closeout: &Closeout) -> Vec<Finding> {
    rules::ALL.iter().flat_map(|rule| rule(job, closeout)).collect()
}

/// Amazon has no reason to refuse: no finding stops it.
pub fn is_ready(findings: &[Finding]) -> bool {
    findings.iter().all(|finding| finding.severity != Severity::Stop)
}
