//! Capacity in spans of equal capacity.

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
use crate::schema::Schema;
use crate::{lenient, time};

/// `getRangeSlotCapacity`.
pub const GET_RANGE_SLOT_CAPACITY: Operation = Operation {
    name: "getRangeSlotCapacity",
    method: Method::POST,
    path: "/service/v1/serviceResources/{resourceId}/capacity/range",
    rate: Rate::USUAL,
    repeat: Repeat::Read,
    parameters: PARAMETERS,
    body: Some(Body::of::<RangeSlotCapacityQuery>(&Schema::Object(&[CAPACITY_TYPES, START, END]))),
    misfits: misfits_of::<RangeSlotCapacity>,
};

/// The body of `getRangeSlotCapacity`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RangeSlotCapacityQuery {
    /// Which capacities; the scheduled one when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capacity_types: Option<Vec<CapacityType>>,
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
pub struct RangeSlotCapacity {
    /// The resource.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resource_id: Option<ResourceId>,
    /// One entry for each kind of capacity.
    #[serde(default, deserialize_with = "lenient::list", skip_serializing_if = "Vec::is_empty")]
    pub capacities: Vec<RangeCapacity>,
    /// The token of the next page; none on the last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_page_token: Option<String>,
    /// What the model does not know.
    #[serde(flatten)]
    pub other: Other,
}

/// The capacity of one kind.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RangeCapacity {
    /// Which kind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capacity_type: Option<CapacityType>,
    /// The spans in which it is the same.
    #[serde(default, deserialize_with = "lenient::list", skip_serializing_if = "Vec::is_empty")]
    pub slots: Vec<RangeSlot>,
    /// What the model does not know.
    #[serde(flatten)]
    pub other: Other,
}

/// A span of equal capacity.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RangeSlot {
    /// Its start.
    #[serde(default, with = "time::iso_option", skip_serializing_if = "Option::is_none")]
    pub start_date_time: Option<DateTime<Utc>>,
    /// Its end.
    #[serde(default, with = "time::iso_option", skip_serializing_if = "Option::is_none")]
    pub end_date_time: Option<DateTime<Utc>>,
    /// How many appointments fit beside each other.
    #[serde(default, deserialize_with = "lenient::optional_signed", skip_serializing_if = "Option::is_none")]
    pub capacity: Option<i64>,
    /// What the model does not know.
    #[serde(flatten)]
    pub other: Other,
}

impl Client {
    /// `getRangeSlotCapacity`: one page of a resource's capacity in spans. `page_token` is what the page before gave.
    pub async fn get_range_slot_capacity(
        &self,
        resource: &ResourceId,
        marketplace: &MarketplaceId,
        query: &RangeSlotCapacityQuery,
        page_token: Option<&str>,
    ) -> Result<Answer<RangeSlotCapacity>, Error> {
        let draft = Draft::of(&GET_RANGE_SLOT_CAPACITY)
            .with(RESOURCE.name, resource.as_str())
            .with(Parameter::MARKETPLACE.name, marketplace.as_str())
            .maybe(NEXT_PAGE.name, page_token)
            .body(query);
        self.perform(draft, lenient::typed).await
    }
}
