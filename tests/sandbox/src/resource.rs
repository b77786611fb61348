//! Who or what does the work: a technician, or a store with its bays.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::job::{AssignedTechnician, Technician};
use crate::schedule::Availability;

/// A resource that the seller set up with Amazon, and what Amazon knows about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Resource {
    pub resource_id: String,
    /// As appointments name it.
    pub technician_id: String,
    pub name: String,
    pub skills: BTreeSet<String>,
    /// The stores whose area it covers.
    pub stores: BTreeSet<String>,
    /// `IN_HOME`, `IN_STORE`, `ONLINE`.
    pub location_types: BTreeSet<String>,
    /// Whether it works for this merchant.
    pub registration: Registration,
    pub background_check: BackgroundCheck,
    /// Where two records overlap, the later one counts.
    pub schedule: Vec<Availability>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Registration {
    Registered,
    NotRegistered,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum BackgroundCheck {
    Complete,
    Incomplete,
}

impl Resource {
    /// Registered and checked, without skills, places or schedule.
    pub fn of(technician: &Technician) -> Self {
        Self {
            resource_id: technician.resource_id.clone(),
            technician_id: technician.id.clone(),
            name: technician.name.clone(),
            skills: BTreeSet::new(),
            stores: BTreeSet::new(),
            location_types: BTreeSet::new(),
            registration: Registration::Registered,
            background_check: BackgroundCheck::Complete,
            schedule: Vec::new(),
        }
    }

    /// As an appointment names it.
    pub(crate) fn assigned(&self) -> AssignedTechnician {
        AssignedTechnician { technician_id: self.technician_id.clone(), name: self.name.clone() }
    }
}
