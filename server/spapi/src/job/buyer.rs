//! The buyer, the place and the payments: personal data throughout.

use serde::{Deserialize, Serialize};
use serde_json::Number;

use crate::open_enum::open_enum;
use crate::redacted::{Other, Pii};

open_enum! {
    /// `serviceLocationType`.
    ServiceLocationType {
        /// At the buyer's address.
        InHome = "IN_HOME",
        /// At the provider's store.
        InStore = "IN_STORE",
        /// Remotely.
        Online = "ONLINE",
    }
}

/// Who ordered the job.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Buyer {
    /// Amazon's identifier of the person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub buyer_id: Option<Pii<String>>,
    /// The person's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Pii<String>>,
    /// The person's phone number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<Pii<String>>,
    /// Whether the person is a Prime member.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_prime_member: Option<Pii<bool>>,
    /// What the model does not know.
    #[serde(flatten)]
    pub other: Other,
}

/// Where a job is done.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ServiceLocation {
    /// The kind of place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service_location_type: Option<ServiceLocationType>,
    /// The address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<Address>,
    /// What the model does not know.
    #[serde(flatten)]
    pub other: Other,
}

/// A postal address. The model requires `name` and `addressLine1`; here nothing is, so that a job with a
/// poor address still arrives.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Address {
    /// The person, business or institution there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Pii<String>>,
    /// The first line of the street address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address_line1: Option<Pii<String>>,
    /// The second line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address_line2: Option<Pii<String>>,
    /// The third line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address_line3: Option<Pii<String>>,
    /// The city.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub city: Option<Pii<String>>,
    /// The county.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub county: Option<Pii<String>>,
    /// The district.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub district: Option<Pii<String>>,
    /// The state or region.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state_or_region: Option<Pii<String>>,
    /// The postal code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub postal_code: Option<Pii<String>>,
    /// The country in two letters (ISO 3166-1).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country_code: Option<Pii<String>>,
    /// A phone number at the address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<Pii<String>>,
    /// What the model does not know.
    #[serde(flatten)]
    pub other: Other,
}

/// What is to be paid on the spot, and how.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Payment {
    /// How much.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<MoneyAmount>,
    /// By what means.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instrument: Option<Pii<String>>,
    /// What the model does not know.
    #[serde(flatten)]
    pub other: Other,
}

/// An amount of money.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MoneyAmount {
    /// The number as Amazon wrote it: [`MoneyAmount::decimal`] is the way to look at it.
    pub value: Number,
    /// The currency in three letters (ISO 4217).
    pub currency: String,
    /// What the model does not know.
    #[serde(flatten)]
    pub other: Other,
}

impl MoneyAmount {
    /// The value in decimal digits, such as `149.9`: never through binary arithmetic, and exact up to the
    /// fifteen digits that a JSON number carries.
    pub fn decimal(&self) -> String {
        self.value.to_string()
    }
}
