//! What is to be done, and the products it is to be done with.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::id::OrderId;
use crate::lenient;
use crate::open_enum::open_enum;
use crate::redacted::{Other, Pii};
use crate::time;

open_enum! {
    /// `itemStatus`: where a product is on its way to the buyer.
    ItemStatus {
        /// Ordered.
        Active = "ACTIVE",
        /// Will not come.
        Cancelled = "CANCELLED",
        /// On its way.
        Shipped = "SHIPPED",
        /// There.
        Delivered = "DELIVERED",
    }
}

/// The service that was sold.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ScopeOfWork {
    /// The service's catalogue number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asin: Option<String>,
    /// The service's title.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// How many times it is to be done.
    #[serde(
        default,
        deserialize_with = "lenient::optional_integer",
        skip_serializing_if = "Option::is_none"
    )]
    pub quantity: Option<u64>,
    /// What the technician has to be able to do.
    #[serde(default, deserialize_with = "lenient::list", skip_serializing_if = "Vec::is_empty")]
    pub required_skills: Vec<String>,
    /// What the model does not know.
    #[serde(flatten)]
    pub other: Other,
}

/// A product that the service is for.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AssociatedItem {
    /// The product's catalogue number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asin: Option<String>,
    /// The product's title.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// How many there are.
    #[serde(
        default,
        deserialize_with = "lenient::optional_integer",
        skip_serializing_if = "Option::is_none"
    )]
    pub quantity: Option<u64>,
    /// The product's order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order_id: Option<OrderId>,
    /// Where the product is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item_status: Option<ItemStatus>,
    /// The product's brand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub brand_name: Option<String>,
    /// When it is to arrive.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item_delivery: Option<ItemDelivery>,
    /// What the product goes into, such as the buyer's car.
    #[serde(default, deserialize_with = "lenient::list", skip_serializing_if = "Vec::is_empty")]
    pub linked_assets: Vec<LinkedAsset>,
    /// What the model does not know.
    #[serde(flatten)]
    pub other: Other,
}

/// `itemDelivery`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ItemDelivery {
    /// The day Amazon expects.
    #[serde(default, with = "time::iso_option", skip_serializing_if = "Option::is_none")]
    pub estimated_delivery_date: Option<DateTime<Utc>>,
    /// The window Amazon promised the buyer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item_delivery_promise: Option<ItemDeliveryPromise>,
    /// What the model does not know.
    #[serde(flatten)]
    pub other: Other,
}

/// `itemDeliveryPromise`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ItemDeliveryPromise {
    /// From.
    #[serde(default, with = "time::iso_option", skip_serializing_if = "Option::is_none")]
    pub start_time: Option<DateTime<Utc>>,
    /// To.
    #[serde(default, with = "time::iso_option", skip_serializing_if = "Option::is_none")]
    pub end_time: Option<DateTime<Utc>>,
    /// What the model does not know.
    #[serde(flatten)]
    pub other: Other,
}

/// Something of the buyer's that the product goes into. Its name and attributes may be a licence plate.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LinkedAsset {
    /// The kind of thing, such as `VEHICLE`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asset_type: Option<String>,
    /// Its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asset_name: Option<Pii<String>>,
    /// Whatever else is known of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub additional_attributes: Option<Pii<BTreeMap<String, Value>>>,
    /// What the model does not know.
    #[serde(flatten)]
    pub other: Other,
}
