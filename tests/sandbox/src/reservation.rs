//! What takes capacity away from a resource without being a job: breaks, leaves, travel.

use serde::Serialize;

use crate::schedule::Availability;

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Reservation {
    pub reservation_id: String,
    #[serde(skip)]
    pub resource_id: String,
    #[serde(rename = "type")]
    pub kind: ReservationKind,
    pub availability: Availability,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ReservationKind {
    Appointment,
    Travel,
    Vacation,
    Break,
    Training,
}

impl ReservationKind {
    pub(crate) fn named(name: &str) -> Option<Self> {
        match name {
            "APPOINTMENT" => Some(Self::Appointment),
            "TRAVEL" => Some(Self::Travel),
            "VACATION" => Some(Self::Vacation),
            "BREAK" => Some(Self::Break),
            "TRAINING" => Some(Self::Training),
            _ => None,
        }
    }
}
