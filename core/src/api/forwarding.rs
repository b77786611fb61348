//! How far what Amazon is told of a visit is.

use crate::{id::CallId, time::Timestamp};
use serde::{Deserialize, Serialize};

/// How far the closeout is on its way to Amazon.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct Forwarding {
    pub state: ForwardingState,
    pub calls: Vec<Call>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "snake_case")]
pub enum ForwardingState {
    /// Nothing is to be sent yet.
    NotStarted,
    /// Calls are under way or due.
    Sending,
    /// The job is completed at Amazon.
    Sent,
    /// A call needs a person.
    Parked,
    /// Calls wait for an administrator to switch sending on.
    Observed,
    /// This seller may not close the job through Doorstep: all is kept here, and the job is closed in Amazon's app.
    Kept,
    /// An administrator decided that some of it is never sent.
    Left,
    /// The visit is reported at Amazon, and the job goes on: it wants another visit.
    Reported,
}

/// One call to Amazon in the outbox.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct Call {
    /// What `POST /api/calls/{call}/retry` names.
    pub id: CallId,
    pub kind: CallKind,
    pub state: CallState,
    pub attempts: u32,
    /// When it is tried next, while it waits.
    pub next_try: Option<Timestamp>,
    /// Amazon's words or ours on why it is not done; of a call that is done, what Amazon notes about it.
    pub reason: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "snake_case")]
pub enum CallKind {
    /// One photo: `createServiceDocumentUploadDestination` and the PUT.
    Document,
    /// `setAppointmentFulfillmentData`.
    Fulfilment,
    /// `completeServiceJobByServiceJobId`.
    Complete,
    /// `rescheduleAppointmentForServiceJobByServiceJobId`.
    Reschedule,
    /// `assignAppointmentResources`, after a move.
    Assign,
    /// `cancelServiceJobByServiceJobId`.
    Cancel,
    /// `setAppointmentFulfillmentData` with the expected arrival alone.
    Eta,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "snake_case")]
pub enum CallState {
    /// Waits for earlier calls or for its time.
    Ready,
    /// On its way; nobody knows the outcome yet.
    Sent,
    /// The outcome was lost; Amazon is asked what happened before anything is sent again.
    Unknown,
    Done,
    /// Refused or given up; needs a person.
    Parked,
    /// Prepared, and not sent while its operation is only observed.
    Observed,
    /// Kept, and not sent while its operation is not allowed to this seller.
    NotAllowed,
    /// Not sent, and never will be: an administrator said so, or the buyer's data expired before.
    Left,
}

impl CallKind {
    pub const ALL: [Self; 7] = [
        Self::Document,
        Self::Fulfilment,
        Self::Complete,
        Self::Reschedule,
        Self::Assign,
        Self::Cancel,
        Self::Eta,
    ];
}
