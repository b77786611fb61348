//! What a rule has to say about a closeout.

use serde::{Deserialize, Serialize};

/// One thing that is missing or doubtful.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct Finding {
    pub rule: Rule,
    pub severity: Severity,
    /// Where to mend it: `steps.started`, `answers.<question>`, `photos.<shot>`, `photos`, `job`, `product`,
    /// `clock`, `crew`, `crew.<user>`, `pauses`, `serials.<slot>`, `acceptance`, `outcome`, `attempts`,
    /// `requests.<id>`.
    pub field: String,
    /// How many are wanted or how far it is off, where the rule counts: photos, attempts, or minutes of a clock and of
    /// waiting.
    #[cfg_attr(feature = "typescript", ts(type = "number | null"))]
    pub amount: Option<i64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Nothing is sent to Amazon while it stands.
    Stop,
    /// Worth knowing; sends all the same.
    Warn,
}

/// Stable codes. The words for each are in the phone's dictionaries, one per rule and language by its type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// The job is no longer open at Amazon.
    JobClosed,
    /// The visit was moved or cancelled at Amazon.
    AppointmentMoved,
    /// Amazon does not show the job any more.
    JobVanished,
    /// The visit was moved after the work had begun.
    MovedDuringWork,
    /// Amazon has given the visit to somebody else than who recorded it.
    VisitReassigned,
    /// What is to be worked on is not at the buyer's yet.
    ProductNotArrived,
    /// The technician has no resource id, so Amazon cannot be told who did the work.
    TechnicianUnlinked,
    StepMissing,
    /// A step was recorded before one it must follow.
    StepOutOfOrder,
    AnswerMissing,
    /// The policy wants another answer before the technician leaves.
    AnswerUnacceptable,
    /// A shot of the policy has too few photos.
    ShotMissing,
    /// There are too few photos in all.
    TooFewPhotos,
    PhotoTooLarge,
    PhotoEmpty,
    /// The phone's clock is off; the server's time is used.
    ClockOff,
    /// Two devices recorded different values for one field.
    Conflict,
    /// A corrected time is later than the moment it was said at.
    CorrectionInFuture,
    /// With what was corrected, a step is before one it must follow.
    CorrectionOutOfOrder,
    /// The work is finished, and a pause of it is not.
    PauseOpen,
    /// Somebody said that nobody was there.
    CrewEmpty,
    /// Somebody who was there has no resource id at Amazon.
    CrewUnlinked,
    SignatureMissing,
    /// Nothing, or hardly anything, was drawn.
    SignatureEmpty,
    SerialMissing,
    PhotoDark,
    PhotoBlurred,
    /// A photo shows what another one of this visit shows.
    PhotoIdentical,
    /// The technician has not waited as long as the policy wants.
    NoShowTooEarly,
    /// The buyer was not tried to be reached as often as the policy wants.
    AttemptsMissing,
    DoorPhotoMissing,
    /// Amazon does not take this reason for this marketplace and kind of service.
    ReasonInvalid,
}

impl Rule {
    /// All rules there are.
    pub const ALL: [Self; 32] = [
        Self::JobClosed,
        Self::AppointmentMoved,
        Self::JobVanished,
        Self::MovedDuringWork,
        Self::VisitReassigned,
        Self::ProductNotArrived,
        Self::TechnicianUnlinked,
        Self::StepMissing,
        Self::StepOutOfOrder,
        Self::AnswerMissing,
        Self::AnswerUnacceptable,
        Self::ShotMissing,
        Self::TooFewPhotos,
        Self::PhotoTooLarge,
        Self::PhotoEmpty,
        Self::ClockOff,
        Self::Conflict,
        Self::CorrectionInFuture,
        Self::CorrectionOutOfOrder,
        Self::PauseOpen,
        Self::CrewEmpty,
        Self::CrewUnlinked,
        Self::SignatureMissing,
        Self::SignatureEmpty,
        Self::SerialMissing,
        Self::PhotoDark,
        Self::PhotoBlurred,
        Self::PhotoIdentical,
        Self::NoShowTooEarly,
        Self::AttemptsMissing,
        Self::DoorPhotoMissing,
        Self::ReasonInvalid,
    ];
}

impl Finding {
    pub(super) fn stop(rule: Rule, field: impl Into<String>) -> Self {
        Self { rule, severity: Severity::Stop, field: field.into(), amount: None }
    }

    pub(super) fn warn(rule: Rule, field: impl Into<String>) -> Self {
        Self { rule, severity: Severity::Warn, field: field.into(), amount: None }
    }

    pub(super) fn amount(mut self, amount: i64) -> Self {
        self.amount = Some(amount);
        self
    }
}
