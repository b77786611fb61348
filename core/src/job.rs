//! A service job and its visit as the phone holds them: facts of Amazon's, read-only.

use crate::{
    closeout::Policy,
    decision::OfficeDecision,
    evidence::EvidenceKey,
    id::{AppointmentId, JobId, ServiceJobId, UserId},
    pii::Pii,
    time::Timestamp,
    vault::Key,
};
use serde::{Deserialize, Serialize};

/// `serviceJobStatus`. A status Amazon adds later is kept as its text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, type = "string"))]
#[serde(from = "String", into = "String")]
pub enum JobStatus {
    NotServiced,
    Cancelled,
    Completed,
    PendingSchedule,
    NotFulfillable,
    Hold,
    PaymentDeclined,
    Other(String),
}

impl JobStatus {
    pub fn as_str(&self) -> &str {
        match self {
            Self::NotServiced => "NOT_SERVICED",
            Self::Cancelled => "CANCELLED",
            Self::Completed => "COMPLETED",
            Self::PendingSchedule => "PENDING_SCHEDULE",
            Self::NotFulfillable => "NOT_FULFILLABLE",
            Self::Hold => "HOLD",
            Self::PaymentDeclined => "PAYMENT_DECLINED",
            Self::Other(text) => text,
        }
    }
}

impl From<String> for JobStatus {
    fn from(text: String) -> Self {
        match text.as_str() {
            "NOT_SERVICED" => Self::NotServiced,
            "CANCELLED" => Self::Cancelled,
            "COMPLETED" => Self::Completed,
            "PENDING_SCHEDULE" => Self::PendingSchedule,
            "NOT_FULFILLABLE" => Self::NotFulfillable,
            "HOLD" => Self::Hold,
            "PAYMENT_DECLINED" => Self::PaymentDeclined,
            _ => Self::Other(text),
        }
    }
}

impl From<JobStatus> for String {
    fn from(status: JobStatus) -> Self {
        status.as_str().to_owned()
    }
}

/// When the buyer expects the technician.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct Window {
    pub start: Timestamp,
    pub end: Timestamp,
}

/// Who the technician visits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct Buyer {
    pub name: Pii<String>,
    pub phone: Option<Pii<String>>,
}

/// Where: the lines of the address in the order they are written, then the parts Amazon names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct Address {
    pub lines: Vec<Pii<String>>,
    pub city: Option<Pii<String>>,
    pub state_or_region: Option<Pii<String>>,
    pub postal_code: Option<Pii<String>>,
    pub country_code: Option<String>,
}

/// What is installed or assembled (`associatedItems`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct Item {
    pub title: String,
    pub quantity: u32,
    /// `itemStatus`; `DELIVERED` means it is at the buyer's.
    pub status: Option<String>,
}

/// One visit with all a technician needs for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct Job {
    pub appointment: AppointmentId,
    pub job: JobId,
    pub service_job_id: ServiceJobId,
    pub status: JobStatus,
    /// False once the visit was moved or cancelled at Amazon.
    pub appointment_active: bool,
    pub title: String,
    pub quantity: u32,
    pub skills: Vec<String>,
    pub window: Window,
    /// IANA name, such as `America/Los_Angeles`. Times are shown in it.
    pub time_zone: String,
    /// `None` once the buyer's data has expired.
    pub buyer: Option<Buyer>,
    pub address: Option<Address>,
    pub items: Vec<Item>,
    /// True when the signed-in technician is linked to a `resourceId` of Amazon's, which fulfilment names.
    pub technician_linked: bool,
    pub policy: Policy,
    /// Seals the records of this job.
    pub key: Key,
    /// After what was there before, so that a phone's row without it is the beginning of one with it.
    #[serde(default)]
    pub standing: Standing,
    /// What its evidence is sealed to; `None` on the last day of its data. Last, as `standing` was before it.
    #[serde(default)]
    pub evidence: Option<EvidenceKey>,
    /// Amazon's id of the marketplace it was ordered in. This and all that follows came in one version of the row.
    #[serde(default)]
    pub marketplace: String,
    #[serde(default)]
    pub service_type: ServiceType,
    #[serde(default)]
    pub location: LocationType,
    /// What the buyer linked to the job: the models and serials that are known already.
    #[serde(default)]
    pub assets: Vec<Asset>,
    /// Who of the technician's colleagues may be named as having been there, the technician included.
    #[serde(default)]
    pub crew: Vec<CrewMember>,
    /// Who holds the phone.
    #[serde(default)]
    pub me: Option<UserId>,
    /// What the office decided of it, oldest first.
    #[serde(default)]
    pub decisions: Vec<OfficeDecision>,
}

impl Job {
    /// The office has moved the visit since, and intake has seen it at its new time.
    pub fn was_moved_since(&self, at: Timestamp) -> bool {
        self.decisions.iter().any(|decision| decision.is_moved() && decision.at > at)
            && self.standing.notice(NoticeKind::Moved).is_some_and(|notice| notice.at > at)
    }
}

/// Which of Amazon's tables holds for a job (`serviceType`, or the seller's own mapping where Amazon sends none).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "snake_case")]
pub enum ServiceType {
    #[default]
    Standard,
    HeavyBulk,
    Recurring,
}

/// Where the service is given (`serviceLocationType`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "snake_case")]
pub enum LocationType {
    #[default]
    InHome,
    InStore,
    Online,
}

/// A thing the work is done on or for, as Amazon describes it (`linkedAssets`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct Asset {
    pub kind: String,
    /// Names and values, in Amazon's words. A value may be a licence plate.
    pub facts: Vec<(String, Pii<String>)>,
}

/// Somebody who may have been at a visit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct CrewMember {
    pub user: UserId,
    pub name: String,
    /// Amazon knows them by a `resourceId`.
    pub linked: bool,
    /// Amazon has given them the visit.
    pub assigned: bool,
}

/// What Amazon did to a visit after somebody had seen it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "snake_case")]
pub enum NoticeKind {
    /// The whole job was cancelled.
    Cancelled,
    /// This visit was called off; the job goes on.
    CalledOff,
    /// The visit has another time.
    Moved,
    /// Somebody recorded work who is not assigned any more.
    Reassigned,
    /// Amazon does not show the job any more.
    Vanished,
    /// The visit was scheduled after the buyer's data had expired, and that does not come back.
    AfterDeadline,
}

impl NoticeKind {
    pub const ALL: [Self; 6] = [
        Self::Cancelled,
        Self::CalledOff,
        Self::Moved,
        Self::Reassigned,
        Self::Vanished,
        Self::AfterDeadline,
    ];

    /// The name it has in events and in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Cancelled => "cancelled",
            Self::CalledOff => "called_off",
            Self::Moved => "moved",
            Self::Reassigned => "reassigned",
            Self::Vanished => "vanished",
            Self::AfterDeadline => "after_deadline",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// One thing that Amazon did to a visit, as long as it holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct Notice {
    pub kind: NoticeKind,
    /// When the server learned of it, which is later than it happened.
    pub at: Timestamp,
    /// Of a visit that was moved: when it was to be before.
    pub before: Option<Window>,
    /// When a supervisor said that what was recorded counts all the same.
    pub accepted_at: Option<Timestamp>,
}

/// Where the products are that a visit is for, from their `itemStatus`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "snake_case")]
pub enum ArrivalState {
    /// All of them are at the buyer's.
    Delivered,
    /// At least one is not there yet.
    Awaited,
    /// At least one was cancelled.
    NotComing,
}

/// Whether there is something to work on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct Arrival {
    pub state: ArrivalState,
    /// When the last of them is to be there (`itemDelivery`); of one day Amazon expects, start and end are the same.
    pub expected: Option<Window>,
}

/// Another job of the same service order, still open at Amazon. Ending the last one ends the order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct Sibling {
    pub job: JobId,
    pub service_job_id: ServiceJobId,
    pub title: String,
    pub status: JobStatus,
    /// Of its visit; `None` while it has none.
    pub window: Option<Window>,
}

/// How a visit stands at Amazon, beyond its time and its status. No buyer data.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase", default)]
pub struct Standing {
    /// In the order they came.
    pub notices: Vec<Notice>,
    /// Whoever recorded this, the technician who holds the phone or the one who finished, is not assigned any more.
    pub reassigned: bool,
    /// The buyer's data has expired; name and address are in Amazon's own app only.
    pub buyer_expired: bool,
    /// `None` where Amazon says nothing about products.
    pub arrival: Option<Arrival>,
    /// When the buyer would like it done, best first.
    pub preferred: Vec<Window>,
    /// By their time.
    pub siblings: Vec<Sibling>,
    /// The job came from a file and Amazon has not confirmed it: nothing is sent about it before. Last, as
    /// `Job::standing` is.
    pub imported: bool,
}

impl Standing {
    pub fn notice(&self, kind: NoticeKind) -> Option<&Notice> {
        self.notices.iter().find(|notice| notice.kind == kind)
    }

    /// The notice, unless a supervisor has accepted what was recorded.
    pub fn open_notice(&self, kind: NoticeKind) -> Option<&Notice> {
        self.notice(kind).filter(|notice| notice.accepted_at.is_none())
    }
}
