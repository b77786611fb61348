//! What the seller may do at Amazon, operation by operation, and what would be sent if it might.

use super::CallKind;
use crate::{
    digest::Sha256,
    id::{AppointmentId, CallId, PhotoId, ServiceJobId},
    job::{JobStatus, Window},
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

/// Where the switch of one operation stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "snake_case")]
pub enum SwitchPosition {
    /// Amazon or the program does not let this seller use it: what it would report is kept here, and done at Amazon
    /// in Amazon's own app.
    NotAllowed,
    /// Prepared and shown, not sent.
    Observe,
    Send,
}

/// What becomes of calls that waited while their operation was not sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "snake_case")]
pub enum Waiting {
    /// They are sent now, but for those of jobs that are no longer open at Amazon.
    Send,
    /// They are never sent, nor is what comes after them in their visit.
    Leave,
}

/// `PUT /api/connection/operations/{operation}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SetPosition {
    /// `None` takes a program's own line back: then what is set for all programs holds.
    pub position: Option<SwitchPosition>,
    /// `None` for all programs without a line of their own.
    #[serde(default)]
    pub program: Option<String>,
    /// Has to be said when the operation is switched on while calls wait.
    #[serde(default)]
    pub waiting: Option<Waiting>,
}

/// The answer to `PUT /api/connection/operations/{operation}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct PositionSet {
    /// So many calls are due now.
    pub released: u32,
    /// So many calls are never sent.
    pub left: u32,
}

/// A program of Amazon's, and the facts of a job that say it is of it. A job whose facts name several takes the
/// service's ASIN before a skill before the store.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Program {
    pub name: String,
    /// `scopeOfWork.asin`.
    #[serde(default)]
    pub asins: Vec<String>,
    /// `scopeOfWork.requiredSkills`.
    #[serde(default)]
    pub skills: Vec<String>,
    /// `storeId`.
    #[serde(default)]
    pub stores: Vec<String>,
}

/// `PUT /api/connection/programs`: all programs, in place of those before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SetPrograms {
    pub programs: Vec<Program>,
}

/// `GET /api/connection`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct Connection {
    pub server_time: Timestamp,
    pub marketplace_id: String,
    pub operations: Vec<OperationSwitch>,
    pub programs: Vec<Program>,
    /// The visits with calls that wait, oldest first.
    pub waiting: Vec<WaitingVisit>,
    /// The last changes, newest first.
    pub changes: Vec<ConnectionChange>,
    /// When Amazon's jobs were last taken in whole.
    pub last_intake: Option<Timestamp>,
    /// What is to be done about the age of the client secret, once something is.
    pub secret_advice: Option<String>,
}

/// One operation of the Services API and where its switch stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct OperationSwitch {
    /// Amazon's name of it.
    pub operation: String,
    /// It changes something at Amazon. A read is never observed: it is sent or not allowed.
    pub writes: bool,
    /// Doorstep calls it today.
    pub used: bool,
    /// For all programs without a line of their own.
    pub position: SwitchPosition,
    pub programs: Vec<ProgramPosition>,
    /// Calls under this switch that wait for it.
    pub waiting_calls: u32,
    /// Visits that these calls are of.
    pub waiting_visits: u32,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct ProgramPosition {
    pub program: String,
    pub position: SwitchPosition,
    pub waiting_calls: u32,
    pub waiting_visits: u32,
}

/// A visit with calls that wait for a switch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct WaitingVisit {
    pub appointment: AppointmentId,
    pub service_job_id: ServiceJobId,
    pub title: String,
    pub status: JobStatus,
    pub window: Window,
    pub time_zone: String,
    pub program: Option<String>,
    pub calls: u32,
}

/// One line of the audit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct ConnectionChange {
    #[cfg_attr(feature = "typescript", ts(type = "number"))]
    pub id: i64,
    pub at: Timestamp,
    /// The administrator's name; `None` for the server's command line.
    pub by: Option<String>,
    pub what: ConnectionChanged,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum ConnectionChanged {
    Position {
        operation: String,
        program: Option<String>,
        from: SwitchPosition,
        to: SwitchPosition,
        /// Calls that became due by it.
        released: u32,
        /// Calls that are never sent.
        left: u32,
    },
    Programs {
        programs: Vec<Program>,
    },
}

/// `GET /api/observed`: the requests that wait, as they would be sent, in their order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct Observed {
    pub requests: Vec<ObservedRequest>,
    /// There are more; ask for one visit.
    pub more: bool,
}

/// One request as it would be sent, without what signs it in. No buyer data: these calls carry none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct ObservedRequest {
    pub call: CallId,
    pub kind: CallKind,
    pub appointment: AppointmentId,
    pub service_job_id: ServiceJobId,
    /// Amazon's name of it.
    pub operation: String,
    pub position: SwitchPosition,
    pub method: String,
    /// Without the host.
    pub path: String,
    pub query: String,
    /// JSON. What only an earlier answer of Amazon's will tell stands in it in angle quotes: `‹…›`.
    pub body: Option<String>,
    /// What is put, encrypted, to where the answer says.
    pub upload: Option<ObservedUpload>,
    /// Why nothing could be sent, whatever the switch.
    pub refused: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct ObservedUpload {
    pub photo: PhotoId,
    pub content_type: String,
    /// In bytes, before encryption.
    #[cfg_attr(feature = "typescript", ts(type = "number"))]
    pub size: u64,
    /// Of the picture, before encryption.
    pub sha256: Sha256,
}
