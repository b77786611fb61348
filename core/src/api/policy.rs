//! What visits are held to, as the office writes it and as phones are told.

use crate::{
    closeout::{Finding, Policy, PolicyFlaw},
    digest::Sha256,
    id::{AppointmentId, ServiceJobId},
    job::{ServiceType, Window},
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

/// Which jobs a policy is for; `None` is any. Of several that fit a job the one that names most wins, then the one
/// that names a skill, then a service type, then a marketplace; of two skills the first by alphabet.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct PolicyScope {
    pub marketplace: Option<String>,
    pub service_type: Option<ServiceType>,
    /// One of `scopeOfWork.requiredSkills`.
    pub skill: Option<String>,
}

/// One published version. None of them is ever changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct PolicyVersion {
    pub scope: PolicyScope,
    /// From 1, within its scope.
    pub version: u32,
    /// It is for visits that start from here on.
    pub applies_from: Timestamp,
    pub written_at: Timestamp,
    pub by: String,
    /// `None` takes the scope back: what is wider holds.
    pub policy: Option<Policy>,
}

/// A policy that ships with Doorstep.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct StandardPolicy {
    /// Stable; `any` holds where no other does.
    pub name: String,
    pub policy: Policy,
}

/// `GET /api/policies`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct Policies {
    pub server_time: Timestamp,
    pub marketplaces: Vec<String>,
    /// By scope, then by version.
    pub versions: Vec<PolicyVersion>,
    pub standards: Vec<StandardPolicy>,
    /// The last changes, newest first.
    pub changes: Vec<PolicyChange>,
}

/// `POST /api/policies`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WritePolicy {
    #[serde(default)]
    pub scope: PolicyScope,
    pub applies_from: Timestamp,
    /// The last version of the scope that the writer has seen; 0 for none. Another one refuses.
    pub after: u32,
    /// Its `version` is not read. `None` takes the scope back.
    pub policy: Option<Policy>,
}

/// The answer to `POST /api/policies`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct PolicyWritten {
    pub version: u32,
}

/// `POST /api/policies/preview`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PreviewPolicy {
    #[serde(default)]
    pub scope: PolicyScope,
    pub applies_from: Timestamp,
    pub policy: Policy,
}

/// The answer to `POST /api/policies/preview`: nothing is published by it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct PolicyPreview {
    /// With one of them it is not published.
    pub flaws: Vec<PolicyFlaw>,
    /// The visits of the coming day and a half.
    pub visits: Vec<PreviewedVisit>,
    /// What is said of a visit whose steps are recorded and nothing else.
    pub findings: Vec<Finding>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct PreviewedVisit {
    pub appointment: AppointmentId,
    pub service_job_id: ServiceJobId,
    pub title: String,
    pub window: Window,
    pub time_zone: String,
    /// It keeps what it was begun under.
    pub begun: bool,
    /// This policy would hold for it, and does not now.
    pub affected: bool,
}

/// A fact of a job that says what kind of service it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "snake_case")]
pub enum ServiceTypeFact {
    // In the order in which they decide.
    /// `scopeOfWork.asin`.
    Asin,
    /// One of `scopeOfWork.requiredSkills`.
    Skill,
    /// `storeId`.
    Store,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ServiceTypeMark {
    pub fact: ServiceTypeFact,
    pub value: String,
    pub service_type: ServiceType,
}

/// `GET` and `PUT /api/policies/service-types`: all marks, in place of those before.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ServiceTypes {
    pub marks: Vec<ServiceTypeMark>,
}

/// One line of the audit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct PolicyChange {
    #[cfg_attr(feature = "typescript", ts(type = "number"))]
    pub id: i64,
    pub at: Timestamp,
    pub by: String,
    pub what: PolicyChanged,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum PolicyChanged {
    Published { scope: PolicyScope, version: u32, applies_from: Timestamp },
    TakenBack { scope: PolicyScope, version: u32, applies_from: Timestamp },
    ServiceTypes { marks: Vec<ServiceTypeMark> },
}

/// The answer to `PUT /api/samples`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct SampleKept {
    /// Of the picture as it is kept, which is not the one that was sent.
    pub sha256: Sha256,
}

/// A statement of the server's that a phone can check: part of `GET /api/day`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct SignedPolicy {
    /// JSON of a [`PolicyStatement`], as it was signed.
    pub text: String,
    /// ECDSA with P-256 and SHA-256 over the text's UTF-8: r and s in hex.
    pub signature: String,
}

/// These visits are held to this policy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct PolicyStatement {
    pub visits: Vec<AppointmentId>,
    pub policy: Policy,
}
