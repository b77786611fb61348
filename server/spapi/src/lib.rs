//! A client of Amazon's Services API v1.
//!
//! One call is one request: nothing is repeated inside, no redirect is followed. A call that may not be sent yet
//! stands in line for as long as [`Settings::patience`] allows, which is not at all by default, and otherwise says
//! how long to wait. What to do after a failure is the error's
//! [`Verdict`]: *retry*, *read back*, or *give up*; nothing outside this crate looks at an HTTP status.
//! Personal data and secrets are [`Pii`] and [`Secret`] and cannot be printed.
//!
//! Operations live in [`operations`], one file per group as Amazon groups them.

mod answer;
mod call;
pub mod cipher;
mod client;
mod clock;
mod endpoint;
mod error;
mod id;
pub mod job;
mod lenient;
mod login;
mod open_enum;
pub mod operations;
mod pace;
mod redacted;
mod schema;
pub mod time;
pub mod tokens;
mod uri;

pub use answer::{Answer, Remark};
pub use client::{Client, ContentMd5, Over, PageTokenEncoding, Settings, SignedContentType};
pub use clock::{Clock, Sleep};
pub use endpoint::{Endpoint, LoginEndpoint, Region, SettingsError};
pub use error::{Effect, Error, Verdict};
pub use id::{
    AmazonAppointmentId, MarketplaceId, OrderId, ReservationId, ResourceId, SellerId, ServiceJobId,
    ServiceJobProviderId, StoreId, TechnicianId, UploadDestinationId,
};
pub use job::ServiceJob;
pub use login::{Credentials, SecretHealth};
pub use operations::appointments::{
    AddAppointment, AppointmentTimeInput, RescheduleAppointment, SetAppointment,
};
pub use operations::capacity::{
    CapacityType, FixedSlotCapacity, FixedSlotCapacityQuery, RangeSlotCapacity, RangeSlotCapacityQuery,
};
pub use operations::documents::{ContentSha256, ContentType, Destination, UploadDocument};
pub use operations::fulfillment::{
    AppointmentResource, FulfillmentData, FulfillmentDocument, FulfillmentTime, TimeRange,
};
pub use operations::jobs::{JobPage, JobVisits, Query, Since, SortField, SortOrder, UnreadableJob};
pub use operations::reservations::{
    NewReservation, Reservation, ReservationRecord, ReservationRequest, ReservationType,
};
pub use operations::resources::AssignAppointmentResources;
pub use operations::schedules::{
    AvailabilityRecord, DayOfWeek, Recurrence, UpdateSchedule, UpdateScheduleRecord,
};
pub use operations::slots::{AppointmentSlot, AppointmentSlotReport, SchedulingType, SlotWindow};
pub use pace::Queue;
pub use redacted::{Other, Pii, Secret};
pub use tokens::{Restricted, RestrictedPath};
