//! What is known of a visit beyond its steps, answers and photos. Each is one value in the document, written whole.
//! Nothing here is personal: what is lies in sealed records, which these name.

use crate::{
    id::{FactId, Fingerprint, PhotoId, RecordId, RequestId, UserId},
    reason::{ReasonCode, Wish},
    time::{Moment, Timestamp},
};
use serde::{Deserialize, Serialize};

use super::Step;

/// The time that counts for a step, said by the technician. The moment of the tap stays beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct Correction {
    pub at: Timestamp,
    pub reason: CorrectionReason,
    /// When it was said.
    pub made: Moment,
}

/// Append only, like all that documents hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "snake_case")]
pub enum CorrectionReason {
    ForgotToTap,
    TappedTooEarly,
    PhoneWasOff,
    WrongClock,
    Other,
}

/// An interruption of the work. It does not shorten the time that Amazon is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct Pause {
    pub began: Moment,
    pub ended: Option<Moment>,
}

/// When the technician expects to arrive, said on the way (`estimatedArrivalTime`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct Eta {
    pub earliest: Timestamp,
    pub latest: Timestamp,
    pub at: Moment,
}

/// Whether somebody was at the visit, whoever was assigned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct Presence {
    pub was_there: bool,
}

/// Who signed, as seen from the buyer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "snake_case")]
pub enum Relation {
    Buyer,
    Household,
    Neighbour,
    Representative,
    Other,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "snake_case")]
pub enum UnsignedReason {
    Refused,
    NotHome,
    CannotSign,
}

/// What the buyer says to the work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum Acceptance {
    Signed {
        /// Holds the strokes and the signer's name.
        record: RecordId,
        strokes: u16,
        /// The length of all strokes, in ten-thousandths of the pad's width.
        ink: u32,
        relation: Relation,
        /// The drawn picture, of the shot [`super::SIGNATURE_SHOT`].
        photo: PhotoId,
        at: Moment,
    },
    Unsigned {
        reason: UnsignedReason,
        at: Moment,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "snake_case")]
pub enum SerialSource {
    Scanned,
    Typed,
}

/// A serial number that was taken down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct Serial {
    pub record: RecordId,
    /// In bytes of UTF-8; 0 where it was taken back.
    pub length: u16,
    pub source: SerialSource,
    pub at: Moment,
}

/// Words to a photo.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct Caption {
    pub record: RecordId,
}

/// A photo with less mean brightness than this is dark.
pub const DARK_BELOW: u8 = 30;
/// A photo with less sharpness than this is blurred.
pub const BLURRED_BELOW: u8 = 10;
/// Photos whose prints differ in no more bits than these show the same.
pub const ALIKE_WITHIN_BITS: u32 = 3;

/// How a photo looks to a machine, measured where it was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct Look {
    /// Mean brightness, 0 to 255.
    pub luma: u8,
    /// Variance of the Laplacian, scaled to 0 to 255.
    pub sharpness: u8,
    /// Difference hash: pictures of one thing differ in few bits.
    pub print: Fingerprint,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "snake_case")]
pub enum AttemptHow {
    Called,
    Wrote,
    Rang,
}

/// An attempt to reach the buyer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct Attempt {
    pub how: AttemptHow,
    pub at: Moment,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "snake_case")]
pub enum SecondVisitReason {
    PartsMissing,
    MoreWork,
    AnotherTrade,
    Site,
    Other,
}

/// How the visit ended. Without one it is served once it is finished.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    Served,
    /// Nobody was there.
    NoShow {
        at: Moment,
    },
    /// Somebody has to come again.
    SecondVisit {
        reason: SecondVisitReason,
        at: Moment,
    },
}

/// What the technician asks the office to do with the visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct Asked {
    pub what: Wish,
    pub code: ReasonCode,
    pub at: Moment,
    /// The technician has taken it back.
    pub withdrawn: bool,
}

/// One fact with what it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fact {
    Correction(Step, Correction),
    Pause(FactId, Pause),
    Eta(Eta),
    Crew(UserId, Presence),
    /// A step of one person's, where two or more are on the visit.
    CrewStep(UserId, Step, Moment),
    Acceptance(Acceptance),
    /// By the slot in the policy.
    Serial(String, Serial),
    Caption(PhotoId, Caption),
    Look(PhotoId, Look),
    Attempt(FactId, Attempt),
    Outcome(Outcome),
    Request(RequestId, Asked),
}
