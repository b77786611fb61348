//! Amazon's identifiers, one type each, so that none can stand in for another.
//!
//! They are opaque: Amazon's examples embed `_`, `<->`, `/`, `+` and `=` in them, and their lengths vary
//! between the model's definitions and its paths. Whatever text came in goes out again.

use std::fmt;

use serde::{Deserialize, Serialize};

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Takes the text as it is.
            pub fn new(text: impl Into<String>) -> Self {
                Self(text.into())
            }

            /// The text as Amazon wrote it.
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// The text itself.
            pub fn into_string(self) -> String {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str(&self.0)
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.to_owned())
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self(text)
            }
        }
    )*};
}

ids! {
    /// `serviceJobId`: one job.
    ServiceJobId
    /// `appointmentId`: one visit as Amazon counts it; rescheduling may mint a new one.
    AmazonAppointmentId
    /// `serviceOrderId`, and `orderId` of an associated item.
    OrderId
    /// `technicianId`: a person assigned to an appointment.
    TechnicianId
    /// `resourceId`: what assignments, schedules and fulfilment data name.
    ResourceId
    /// `reservationId`: changing a reservation gives it another one.
    ReservationId
    /// `uploadDestinationId`: the name of an uploaded document in fulfilment data.
    UploadDestinationId
    /// `marketplaceId`, for example `ATVPDKIKX0DER`.
    MarketplaceId
    /// `sellerId`.
    SellerId
    /// `serviceJobProviderId`: who does the work, usually the seller.
    ServiceJobProviderId
    /// `storeId`: Amazon's identifier of a region scope.
    StoreId
}
