//! Capacity in slots of one length.

use chrono::{DateTime, Utc};
use reqwest::Method;
use serde::{Deserialize, Serialize};

use super::{CAPACITY_TYPES, CapacityType, END, NEXT_PAGE, PARAMETERS, RESOURCE, START};
use crate::answer::Answer;
use crate::call::Draft;
use crate::client::Client;
use crate::error::Error;
use crate::id::{MarketplaceId, ResourceId};
use crate::operations::{Body, Operation, Parameter, Rate, Repeat, misfits_of};
use crate::redacted::Other;
use crate::schema::{Field, Schema};
use crate::{lenient, time};

/// `getFixedSlotCapacity`.
pub const GET_FIXED_SLOT_CAPACITY: Operation = Operation {
    name: "getFixedSlotCapacity",
    method: Method::POST,
    path: "/service/v1/serviceResources/{resourceId}/capacity/fixed",
    rate: Rate::USUAL,
    repeat: Repeat::Read,
    parameters: PARAMETERS,
    body: Some(Body::of::<FixedSlotCapacityQuery>(&Schema::Object(&[
        CAPACITY_TYPES,
        Field::optional("slotDuration", &Schema::Number { least: None, most: None, multiple_of: Some(5) }),
        START,
        END,
    ]))),
    misfits: misfits_of::<FixedSlotCapacity>,
};

/// The body of `getFixedSlotCapacity`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FixedSlotCapacityQuery {
    /// Which capacities; the scheduled one when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capacity_types: Option<Vec<CapacityType>>,
    /// The length of a slot in minutes: a multiple of 5, and Amazon wants 5 to 360.
    #[serde(default, deserialize_with = "lenient::optional_signed", skip_serializing_if = "Option::is_none")]
    pub slot_duration: Option<i32>,
    /// From when on.
    #[serde(with = "time::iso")]
    pub start_date_time: DateTime<Utc>,
    /// Until when.
    #[serde(with = "time::iso")]
    pub end_date_time: DateTime<Utc>,
}

/// One page of the capacity of a resource.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FixedSlotCapacity {
    /// The resource.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resource_id: Option<ResourceId>,
    /// The length of a slot in minutes.
    #[serde(default, deserialize_with = "lenient::optional_signed", skip_serializing_if = "Option::is_none")]
    pub slot_duration: Option<i64>,
    /// The slots.
    #[serde(default, deserialize_with = "lenient::list", skip_serializing_if = "Vec::is_empty")]
    pub capacities: Vec<FixedSlot>,
    /// The token of the next page; none on the last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_page_token: Option<String>,
    /// What the model does not know.
    #[serde(flatten)]
    pub other: Other,
}

/// One slot, with the capacities that were asked for.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FixedSlot {
    /// Its start.
    #[serde(default, with = "time::iso_option", skip_serializing_if = "Option::is_none")]
    pub start_date_time: Option<DateTime<Utc>>,
    /// What the schedule gives.
    #[serde(default, deserialize_with = "lenient::optional_signed", skip_serializing_if = "Option::is_none")]
    pub scheduled_capacity: Option<i64>,
    /// What is left for reservations.
    #[serde(default, deserialize_with = "lenient::optional_signed", skip_serializing_if = "Option::is_none")]
    pub available_capacity: Option<i64>,
    /// What Amazon's jobs, appointments and orders take.
    #[serde(default, deserialize_with = "lenient::optional_signed", skip_serializing_if = "Option::is_none")]
    pub encumbered_capacity: Option<i64>,
    /// What breaks, leave and the like take.
    #[serde(default, deserialize_with = "lenient::optional_signed", skip_serializing_if = "Option::is_none")]
    pub reserved_capacity: Option<i64>,
    /// What the model does not know.
    #[serde(flatten)]
    pub other: Other,
}

impl Client {
    /// `getFixedSlotCapacity`: one page of a resource's capacity in slots of one length. `page_token` is what the
    /// page before gave.
    pub async fn get_fixed_slot_capacity(
        &self,
        resource: &ResourceId,
        marketplace: &MarketplaceId,
        query: &FixedSlotCapacityQuery,
        page_token: Option<&str>,
    ) -> Result<Answer<FixedSlotCapacity>, Error> {
        let draft = Draft::of(&GET_FIXED_SLOT_CAPACITY)
            .with(RESOURCE.name, resource.as_str())
            .with(Parameter::MARKETPLACE.name, marketplace.as_str())
            .maybe(NEXT_PAGE.name, page_token)
            .body(query);
        self.perform(draft, lenient::typed).await
    }
}
