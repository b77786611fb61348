//! What a technician's phone holds: the visits near now.

use super::{LeaseTerms, SignedPolicy, SwitchPosition};
use crate::{id::AppointmentId, job::Job, time::Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// `GET /api/day`: the visits of the signed-in technician near now.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct Day {
    pub server_time: Timestamp,
    pub jobs: Vec<Job>,
    /// What becomes of the closeout of each visit: sent, only observed, or kept here because the job is closed in
    /// Amazon's own app. A visit without an entry is sent.
    #[serde(default)]
    #[cfg_attr(feature = "typescript", ts(as = "BTreeMap<String, SwitchPosition>"))]
    pub closing: BTreeMap<AppointmentId, SwitchPosition>,
    #[serde(default)]
    pub lease: LeaseTerms,
    /// What the visits are held to, each in one of them.
    #[serde(default)]
    pub policies: Vec<SignedPolicy>,
    /// The visits that the server knows to be begun: these are held to what it says, whatever is published. Of any
    /// other that is begun on the phone, the phone keeps what it has.
    #[serde(default)]
    pub begun: BTreeSet<AppointmentId>,
}
