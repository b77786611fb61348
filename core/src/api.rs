//! JSON requests and responses of the HTTP API, shared by server and browser. `docs/PROTOCOL.md` has the routes.

mod connection;
mod day;
mod decision;
mod enrolment;
mod event;
mod forwarding;
mod given_up;
mod import;
mod note;
mod phone;
mod place;
mod policy;
mod quarantine;
mod queue;
mod rescue;
mod resume;
mod version;

pub use connection::*;
pub use day::Day;
pub use decision::{Cancel, RequestAnswer, Reschedule, Slot, Slots};
pub use enrolment::*;
pub use event::What;
pub use forwarding::{Call, CallKind, CallState, Forwarding, ForwardingState};
pub use given_up::{GiveUp, GiveUpReason};
pub use import::{ImportColumn, ImportColumns, ImportField, ImportFlaw, ImportReport, Imports};
pub use note::{Note, Notes};
pub use phone::*;
pub use place::{Place, PlaceOf, Places};
pub use policy::*;
pub use quarantine::*;
pub use queue::{Awaited, Imported, QueueName, QueuePage, QueueSize, QueuedJob, Queues};
pub use rescue::{Delivered, DeliveredItem, Delivery};
pub use resume::{Challenge, Resume};
pub use version::{Choice, FieldVersion, FieldVersions, Versions};

use crate::{
    closeout::{CorrectionReason, Eta, Finding, Outcome, Policy, Step},
    decision::OfficeDecision,
    digest::Sha256,
    id::{AppointmentId, DeviceId, JobId, PhotoId, RequestId, ServiceJobId, UserId},
    job::{JobStatus, Standing, Window},
    pii::Pii,
    reason::{ReasonCode, Wish},
    time::Timestamp,
    vault::Key,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What somebody may do. Each role may only what its routes say; an administrator is not also a supervisor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "snake_case")]
pub enum Role {
    Technician,
    Supervisor,
    Administrator,
}

/// `POST /api/sign-in`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SignIn {
    pub name: String,
    pub password: Pii<String>,
    /// The device this browser was given before, so that its store stays readable.
    #[serde(default)]
    pub device: Option<DeviceId>,
}

/// Who is signed in: the answer to `POST /api/sign-in` and `GET /api/me`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct SignedIn {
    pub user: UserId,
    pub name: String,
    pub role: Role,
    /// Technicians only, and only as they sign in: the phone and the key of its store.
    pub device: Option<Device>,
    pub server_time: Timestamp,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct Device {
    pub id: DeviceId,
    pub store_key: Key,
    pub lease: LeaseTerms,
    /// Against which it holds what it is told that visits are held to: a point of P-256, uncompressed, in hex.
    #[serde(default)]
    pub policy_key: Option<String>,
}

/// `GET /api/photos/{photo}/receipt`: the server has the photo on disk. Only this makes a photo *safe*.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct PhotoReceipt {
    pub photo: PhotoId,
    /// Of the envelope, the bytes that travelled.
    pub uploaded_sha256: Sha256,
    /// Of the picture inside.
    pub picture_sha256: Sha256,
    pub safe_at: Timestamp,
}

/// A refusal: `application/problem+json` (RFC 9457) with a stable `code`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct Problem {
    pub status: u16,
    /// Stable, snake case; what a program looks at.
    pub code: String,
    /// What happened, for a person.
    pub title: String,
    /// What to do next.
    pub detail: String,
    /// The field or header that is wrong, where one is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
}

/// `GET /api/board`: everything a supervisor watches, as of one event.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct Board {
    /// Open `GET /api/events` from here.
    #[cfg_attr(feature = "typescript", ts(type = "number"))]
    pub up_to: i64,
    pub server_time: Timestamp,
    /// What visits are held to: the words for the questions and shots that cards name.
    pub policy: Policy,
    pub cards: Vec<Card>,
}

/// One visit on the board. No buyer data: the board does not need it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct Card {
    pub appointment: AppointmentId,
    pub job: JobId,
    pub service_job_id: ServiceJobId,
    pub status: JobStatus,
    pub appointment_active: bool,
    pub title: String,
    pub window: Window,
    pub time_zone: String,
    pub technicians: Vec<Assignee>,
    pub steps: Vec<StepDone>,
    pub answered: u32,
    pub questions: u32,
    /// Who was there, as far as is known: those assigned, unless the technicians say otherwise.
    #[serde(default)]
    pub present: Vec<Assignee>,
    #[serde(default)]
    pub eta: Option<Eta>,
    /// How the visit ended, where that was said.
    #[serde(default)]
    pub outcome: Option<Outcome>,
    /// Whose phone said so, by name.
    #[serde(default)]
    pub outcome_by: Option<String>,
    /// How many notes there are: `GET /api/visits/{appointment}/notes` has them.
    #[serde(default)]
    pub notes: u32,
    /// How many places are recorded: `GET /api/visits/{appointment}/places` has them.
    #[serde(default)]
    pub places: u32,
    pub photos: Vec<CardPhoto>,
    pub findings: Vec<Finding>,
    /// The closeout is finished and nothing stops it.
    pub ready: bool,
    pub forwarding: Forwarding,
    /// When the server last heard anything of this closeout.
    pub last_heard: Option<Timestamp>,
    /// Changes that arrived after the closeout was handed to Amazon, and therefore were not sent.
    pub late_changes: u32,
    /// Changes the server refused and kept aside.
    pub refused_changes: u32,
    pub standing: Standing,
    /// What the office decided, oldest first.
    #[serde(default)]
    pub decisions: Vec<OfficeDecision>,
    /// What the fields of its closeout are called, where the standard policy has no words or others for them:
    /// `answers.damage` and its text.
    #[serde(default)]
    pub names: BTreeMap<String, String>,
    /// What technicians ask the office to do with the visit, and have not taken back.
    #[serde(default)]
    pub requests: Vec<CardRequest>,
}

/// A technician's request on a card.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct CardRequest {
    /// What `POST /api/visits/{appointment}/requests/{request}` names.
    pub request: RequestId,
    pub what: Wish,
    pub code: ReasonCode,
    /// Who asks, by name; `None` where the phone is not known any more.
    #[serde(default)]
    pub by: Option<String>,
    /// By the phone's clock set right.
    pub at: Timestamp,
    /// It waits for the office: nothing was decided, or what was decided did not come about.
    pub open: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct Assignee {
    /// The user's name, or Amazon's technician id where nobody is linked to it.
    pub name: String,
    pub linked: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct StepDone {
    pub step: Step,
    pub at: Timestamp,
    /// How wide the interval is that `at` was taken from, in milliseconds.
    #[cfg_attr(feature = "typescript", ts(type = "number"))]
    pub within_ms: i64,
    /// `at` is what a technician said, and not the tap.
    #[serde(default)]
    pub corrected: Option<CorrectedStep>,
}

/// Why a step has another time than it was tapped at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct CorrectedStep {
    pub tapped: Timestamp,
    pub reason: CorrectionReason,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct CardPhoto {
    pub photo: PhotoId,
    pub shot: String,
    /// True when `GET /api/photos/{photo}/thumbnail` has it.
    pub safe: bool,
    /// It is here and does not count until a supervisor decides: it came from a phone or a person who is barred.
    #[serde(default)]
    pub held: bool,
}

/// One message of `GET /api/events` (server-sent events; the SSE id is `id`).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct Change {
    #[cfg_attr(feature = "typescript", ts(type = "number"))]
    pub id: i64,
    pub at: Timestamp,
    pub what: What,
    /// The card as it is now; it replaces the one on the board.
    pub card: Card,
}

/// `POST /api/jobs/{job}/read-again`: what will happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct PlannedReading {
    /// Not before this is Amazon asked; what it answers comes with the events.
    pub due_at: Timestamp,
}

/// `GET /api/intake`: how current the jobs of one marketplace are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct IntakeAge {
    pub marketplace_id: String,
    /// Everything that Amazon showed by then is here. `None` before the first whole intake.
    pub as_of: Option<Timestamp>,
    /// When Amazon was last asked, with whatever outcome.
    pub tried_at: Option<Timestamp>,
    /// Since when no intake has succeeded, while none does.
    pub failing_since: Option<Timestamp>,
    /// Why the last one failed.
    pub reason: Option<String>,
}
