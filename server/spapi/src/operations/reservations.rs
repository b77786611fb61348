//! Reservations: what takes a resource's capacity away.

use reqwest::Method;
use serde::{Deserialize, Serialize};

use super::schedules::{AVAILABILITY, AvailabilityRecord, RecordRemark};
use super::{Body, Operation, Parameter, Rate, Repeat, misfits_of, no_misfits};
use crate::answer::Answer;
use crate::call::Draft;
use crate::client::Client;
use crate::error::Error;
use crate::id::{MarketplaceId, ReservationId, ResourceId};
use crate::lenient;
use crate::open_enum::open_enum;
use crate::redacted::Other;
use crate::schema::{Field, Schema};

/// `createReservation`. Reservations cannot be listed, so a lost answer is settled by the reserved capacity.
pub const CREATE_RESERVATION: Operation = Operation {
    name: "createReservation",
    method: Method::POST,
    path: "/service/v1/reservation",
    rate: Rate::USUAL,
    repeat: Repeat::ReadBack,
    parameters: &[Parameter::MARKETPLACE],
    body: Some(Body::of::<ReservationRequest>(&REQUEST)),
    misfits: misfits_of::<ReservationRecord>,
};

/// `updateReservation`. It gives the reservation another id, and the old one is dead: sent twice, the second one
/// names nothing.
pub const UPDATE_RESERVATION: Operation = Operation {
    name: "updateReservation",
    method: Method::PUT,
    path: "/service/v1/reservation/{reservationId}",
    rate: Rate::USUAL,
    repeat: Repeat::ReadBack,
    parameters: &[RESERVATION, Parameter::MARKETPLACE],
    body: Some(Body::of::<ReservationRequest>(&REQUEST)),
    misfits: misfits_of::<ReservationRecord>,
};

/// `cancelReservation`. Whether one or two of them arrive, the reservation is gone.
pub const CANCEL_RESERVATION: Operation = Operation {
    name: "cancelReservation",
    method: Method::DELETE,
    path: "/service/v1/reservation/{reservationId}",
    rate: Rate::USUAL,
    repeat: Repeat::Safe,
    parameters: &[RESERVATION, Parameter::MARKETPLACE],
    body: None,
    misfits: no_misfits,
};

const RESERVATION: Parameter = Parameter::path("reservationId");

const REQUEST: Schema = Schema::Object(&[
    Field::required("resourceId", &Schema::TEXT),
    Field::required(
        "reservation",
        &Schema::Object(&[
            Field::optional("reservationId", &Schema::TEXT),
            Field::required("type", &Schema::Choice(ReservationType::WORDS)),
            Field::required("availability", &AVAILABILITY),
        ]),
    ),
]);

open_enum! {
    /// `type` of a reservation.
    ReservationType {
        /// An appointment, whose length is Amazon's to say.
        Appointment = "APPOINTMENT",
        /// On the way.
        Travel = "TRAVEL",
        /// On leave.
        Vacation = "VACATION",
        /// On a break.
        Break = "BREAK",
        /// In training.
        Training = "TRAINING",
    }
}

/// The body of `createReservation` and `updateReservation`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ReservationRequest {
    /// Whose capacity it takes.
    pub resource_id: ResourceId,
    /// What it is.
    pub reservation: NewReservation,
}

/// A reservation to be made, or as it is to be.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NewReservation {
    /// The reservation that this one takes the place of. With it, the model calls creating an update.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reservation_id: Option<ReservationId>,
    /// What it is for.
    #[serde(rename = "type")]
    pub kind: ReservationType,
    /// When, and how much it takes.
    pub availability: AvailabilityRecord,
}

/// What making or changing a reservation answers.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ReservationRecord {
    /// The reservation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reservation: Option<Reservation>,
    /// What is odd about it. Also among the warnings of the [`Answer`].
    #[serde(default, deserialize_with = "lenient::list", skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<RecordRemark>,
    /// What is wrong about it. In a success these are warnings by their level, and among those of the [`Answer`].
    #[serde(default, deserialize_with = "lenient::list", skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<RecordRemark>,
    /// What the model does not know.
    #[serde(flatten)]
    pub other: Other,
}

/// A reservation as Amazon answers it. The model requires `type` and `availability`, its own words say that only
/// the id comes back, and its example has a type that was not asked for: go by the id alone.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Reservation {
    /// The reservation from now on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reservation_id: Option<ReservationId>,
    /// What it is for.
    #[serde(rename = "type", default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<ReservationType>,
    /// When, and how much it takes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub availability: Option<AvailabilityRecord>,
    /// What the model does not know.
    #[serde(flatten)]
    pub other: Other,
}

impl Client {
    /// `createReservation`: takes capacity of a resource away for a while.
    pub async fn create_reservation(
        &self,
        marketplace: &MarketplaceId,
        request: &ReservationRequest,
    ) -> Result<Answer<ReservationRecord>, Error> {
        let draft = Draft::of(&CREATE_RESERVATION)
            .with(Parameter::MARKETPLACE.name, marketplace.as_str())
            .body(request);
        self.perform(draft, lenient::typed).await
    }

    /// `updateReservation`: changes a reservation, which gets another id.
    pub async fn update_reservation(
        &self,
        reservation: &ReservationId,
        marketplace: &MarketplaceId,
        request: &ReservationRequest,
    ) -> Result<Answer<ReservationRecord>, Error> {
        let draft = Draft::of(&UPDATE_RESERVATION)
            .with(RESERVATION.name, reservation.as_str())
            .with(Parameter::MARKETPLACE.name, marketplace.as_str())
            .body(request);
        self.perform(draft, lenient::typed).await
    }

    /// `cancelReservation`: gives the capacity back.
    pub async fn cancel_reservation(
        &self,
        reservation: &ReservationId,
        marketplace: &MarketplaceId,
    ) -> Result<Answer<()>, Error> {
        let draft = Draft::of(&CANCEL_RESERVATION)
            .with(RESERVATION.name, reservation.as_str())
            .with(Parameter::MARKETPLACE.name, marketplace.as_str());
        self.perform_plainly(draft).await
    }
}
