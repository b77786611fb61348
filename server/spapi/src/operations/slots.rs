//! Slots: when an appointment could be.

use chrono::{DateTime, Utc};
use reqwest::Method;
use serde::{Deserialize, Serialize};

use super::jobs::JOB;
use super::{Operation, Parameter, Rate, Repeat, misfits_of};
use crate::answer::Answer;
use crate::call::Draft;
use crate::client::Client;
use crate::error::Error;
use crate::id::{MarketplaceId, ServiceJobId, StoreId};
use crate::open_enum::open_enum;
use crate::redacted::Other;
use crate::schema::Schema;
use crate::{lenient, time};

/// `getAppointmentSlots`.
pub const GET_APPOINTMENT_SLOTS: Operation = Operation {
    name: "getAppointmentSlots",
    method: Method::GET,
    path: "/service/v1/appointmentSlots",
    rate: Rate { per_second: 20.0, burst: 40.0 },
    repeat: Repeat::Read,
    parameters: &[
        Parameter::required("asin", &Schema::TEXT),
        Parameter::required("storeId", &Schema::IDENTIFIER),
        Parameter::MARKETPLACE,
        START,
        END,
    ],
    body: None,
    misfits: misfits_of::<AppointmentSlotReport>,
};

/// `getAppointmmentSlotsByJobId`: three m, as Amazon has it.
pub const GET_APPOINTMENT_SLOTS_BY_JOB: Operation = Operation {
    name: "getAppointmmentSlotsByJobId",
    method: Method::GET,
    path: "/service/v1/serviceJobs/{serviceJobId}/appointmentSlots",
    rate: Rate::USUAL,
    repeat: Repeat::Read,
    parameters: &[JOB, Parameter::MARKETPLACE, START, END],
    body: None,
    misfits: misfits_of::<AppointmentSlotReport>,
};

const START: Parameter = Parameter::optional("startTime", &Schema::TimeByName);
const END: Parameter = Parameter::optional("endTime", &Schema::TimeByName);

open_enum! {
    /// `schedulingType`.
    SchedulingType {
        /// The slots are held in Amazon's inventory.
        RealTimeScheduling = "REAL_TIME_SCHEDULING",
        /// The slots follow from the seller's working hours.
        NonRealTimeScheduling = "NON_REAL_TIME_SCHEDULING",
    }
}

/// The span to look for slots in. Amazon wants both ends or neither, at most 90 days apart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SlotWindow {
    /// `startTime`.
    pub start_time: Option<DateTime<Utc>>,
    /// `endTime`.
    pub end_time: Option<DateTime<Utc>>,
}

/// Which slots there are.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AppointmentSlotReport {
    /// What stands behind the slots.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scheduling_type: Option<SchedulingType>,
    /// From when on they are listed.
    #[serde(default, with = "time::iso_option", skip_serializing_if = "Option::is_none")]
    pub start_time: Option<DateTime<Utc>>,
    /// Until when.
    #[serde(default, with = "time::iso_option", skip_serializing_if = "Option::is_none")]
    pub end_time: Option<DateTime<Utc>>,
    /// The slots. One may be gone by the time it is booked.
    #[serde(default, deserialize_with = "lenient::list", skip_serializing_if = "Vec::is_empty")]
    pub appointment_slots: Vec<AppointmentSlot>,
    /// What the model does not know.
    #[serde(flatten)]
    pub other: Other,
}

/// One slot.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AppointmentSlot {
    /// Its start.
    #[serde(default, with = "time::iso_option", skip_serializing_if = "Option::is_none")]
    pub start_time: Option<DateTime<Utc>>,
    /// Its end.
    #[serde(default, with = "time::iso_option", skip_serializing_if = "Option::is_none")]
    pub end_time: Option<DateTime<Utc>>,
    /// How many resources it can still be booked for; 0 when it is full.
    #[serde(
        default,
        deserialize_with = "lenient::optional_integer",
        skip_serializing_if = "Option::is_none"
    )]
    pub capacity: Option<u64>,
    /// What the model does not know.
    #[serde(flatten)]
    pub other: Other,
}

impl Client {
    /// `getAppointmentSlots`: when a service, by its catalogue number, could be done at a store.
    pub async fn get_appointment_slots(
        &self,
        asin: &str,
        store: &StoreId,
        marketplace: &MarketplaceId,
        window: SlotWindow,
    ) -> Result<Answer<AppointmentSlotReport>, Error> {
        let draft = Draft::of(&GET_APPOINTMENT_SLOTS)
            .with("asin", asin)
            .with("storeId", store.as_str())
            .with(Parameter::MARKETPLACE.name, marketplace.as_str())
            .time(START.name, window.start_time)
            .time(END.name, window.end_time);
        self.perform(draft, lenient::typed).await
    }

    /// `getAppointmmentSlotsByJobId`: when a job could be done.
    pub async fn get_appointment_slots_by_job(
        &self,
        job: &ServiceJobId,
        marketplace: &MarketplaceId,
        window: SlotWindow,
    ) -> Result<Answer<AppointmentSlotReport>, Error> {
        let draft = Draft::of(&GET_APPOINTMENT_SLOTS_BY_JOB)
            .with(JOB.name, job.as_str())
            .with(Parameter::MARKETPLACE.name, marketplace.as_str())
            .time(START.name, window.start_time)
            .time(END.name, window.end_time);
        self.perform(draft, lenient::typed).await
    }
}
