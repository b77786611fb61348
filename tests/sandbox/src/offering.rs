//! What a store offers: a service, how long it takes, and how it is booked.

use serde::Serialize;

use crate::job::Job;

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Offering {
    pub marketplace_id: String,
    pub store_id: String,
    pub asin: String,
    pub scheduling_type: SchedulingType,
    /// How long an appointment is.
    pub minutes: u32,
    pub required_skills: Vec<String>,
    pub location_type: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum SchedulingType {
    /// What is booked is gone: slots show what is left, and an appointment needs one.
    RealTimeScheduling,
    /// Slots show working hours; the seller sorts out who goes.
    NonRealTimeScheduling,
}

impl Offering {
    /// Whether the job is for this.
    pub(crate) fn suits(&self, job: &Job) -> bool {
        let says = |place: &str, wanted: &str| job.text(place) == wanted;
        says("marketplaceId", &self.marketplace_id)
            && says("storeId", &self.store_id)
            && says("scopeOfWork/asin", &self.asin)
    }
}
