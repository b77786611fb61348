//! A service job as Amazon sends it: every field of the model, all of them optional as the model has them.
//!
//! Unknown fields and enum values survive a round trip. Whatever belongs to a person is [`Pii`] and cannot
//! be printed. Operations `getServiceJobs` and `getServiceJobByServiceJobId`.

mod appointment;
mod buyer;
mod item;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

pub use appointment::{Appointment, AppointmentStatus, AppointmentTime, Poa, PoaType, Technician};
pub use buyer::{Address, Buyer, MoneyAmount, Payment, ServiceLocation, ServiceLocationType};
pub use item::{AssociatedItem, ItemDelivery, ItemDeliveryPromise, ItemStatus, LinkedAsset, ScopeOfWork};

use crate::id::{MarketplaceId, OrderId, SellerId, ServiceJobId, ServiceJobProviderId, StoreId};
use crate::lenient;
use crate::open_enum::open_enum;
use crate::redacted::Other;
use crate::time;

open_enum! {
    /// `serviceJobStatus`.
    JobStatus {
        /// Waits to be done; the guide's prose calls it NotServiced.
        NotServiced = "NOT_SERVICED",
        /// Will not be done any more.
        Cancelled = "CANCELLED",
        /// Done, and Amazon was told so.
        Completed = "COMPLETED",
        /// Waits for an appointment.
        PendingSchedule = "PENDING_SCHEDULE",
        /// Cannot be done; wants a person.
        NotFulfillable = "NOT_FULFILLABLE",
        /// Held by Amazon; wants a person.
        Hold = "HOLD",
        /// The buyer's payment failed; wants a person.
        PaymentDeclined = "PAYMENT_DECLINED",
    }
}

/// One service job.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ServiceJob {
    /// When the job was created.
    #[serde(default, with = "time::iso_option", skip_serializing_if = "Option::is_none")]
    pub create_time: Option<DateTime<Utc>>,
    /// Amazon's identifier of the job.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service_job_id: Option<ServiceJobId>,
    /// Where the job stands at Amazon.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service_job_status: Option<JobStatus>,
    /// What is to be done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope_of_work: Option<ScopeOfWork>,
    /// Whose order it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seller: Option<Seller>,
    /// Who does the work. The guide's examples call the field `serviceProvider`.
    #[serde(default, alias = "serviceProvider", skip_serializing_if = "Option::is_none")]
    pub service_job_provider: Option<ServiceJobProvider>,
    /// When the buyer would like it done, best first.
    #[serde(default, deserialize_with = "lenient::list", skip_serializing_if = "Vec::is_empty")]
    pub preferred_appointment_times: Vec<AppointmentTime>,
    /// All visits, past ones included.
    #[serde(default, deserialize_with = "lenient::list", skip_serializing_if = "Vec::is_empty")]
    pub appointments: Vec<Appointment>,
    /// The order of the service itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service_order_id: Option<OrderId>,
    /// The orders of the products that the service is for.
    #[serde(default, deserialize_with = "lenient::list", skip_serializing_if = "Vec::is_empty")]
    pub product_order_ids: Vec<OrderId>,
    /// The shipments of those products.
    #[serde(default, deserialize_with = "lenient::list", skip_serializing_if = "Vec::is_empty")]
    pub tracking_ids: Vec<String>,
    /// The marketplace the job was sold in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub marketplace_id: Option<MarketplaceId>,
    /// Amazon's identifier of the region scope.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub store_id: Option<StoreId>,
    /// Who ordered it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub buyer: Option<Buyer>,
    /// The products that the service is for.
    #[serde(default, deserialize_with = "lenient::list", skip_serializing_if = "Vec::is_empty")]
    pub associated_items: Vec<AssociatedItem>,
    /// Where it is to be done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service_location: Option<ServiceLocation>,
    /// What is to be paid on the spot.
    #[serde(default, deserialize_with = "lenient::list", skip_serializing_if = "Vec::is_empty")]
    pub payments: Vec<Payment>,
    /// What the model does not know.
    #[serde(flatten)]
    pub other: Other,
}

/// `seller`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Seller {
    /// Amazon's identifier of the seller.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seller_id: Option<SellerId>,
    /// What the model does not know.
    #[serde(flatten)]
    pub other: Other,
}

/// `serviceJobProvider`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ServiceJobProvider {
    /// Amazon's identifier of the provider. The guide's examples call the field `serviceProviderId`.
    #[serde(default, alias = "serviceProviderId", skip_serializing_if = "Option::is_none")]
    pub service_job_provider_id: Option<ServiceJobProviderId>,
    /// What the model does not know.
    #[serde(flatten)]
    pub other: Other,
}
