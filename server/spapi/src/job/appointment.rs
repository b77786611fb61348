//! The visits of a job and what Amazon holds as proof of them.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::id::{AmazonAppointmentId, TechnicianId};
use crate::lenient;
use crate::open_enum::open_enum;
use crate::redacted::{Other, Pii};
use crate::time;

open_enum! {
    /// `appointmentStatus`.
    AppointmentStatus {
        /// Planned; a job has at most one of these.
        Active = "ACTIVE",
        /// Moved or dropped.
        Cancelled = "CANCELLED",
        /// Done.
        Completed = "COMPLETED",
    }
}

open_enum! {
    /// `poaType`: the kind of proof of appointment.
    PoaType {
        /// A stand-in for a missing signature.
        NoSignatureDummyPos = "NO_SIGNATURE_DUMMY_POS",
        /// The buyer signed.
        CustomerSignature = "CUSTOMER_SIGNATURE",
        /// A stand-in for a receipt.
        DummyReceipt = "DUMMY_RECEIPT",
        /// A receipt.
        PoaReceipt = "POA_RECEIPT",
    }
}

/// One visit.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Appointment {
    /// Amazon's identifier of the visit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub appointment_id: Option<AmazonAppointmentId>,
    /// Where the visit stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub appointment_status: Option<AppointmentStatus>,
    /// When it is to happen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub appointment_time: Option<AppointmentTime>,
    /// Who is to come.
    #[serde(default, deserialize_with = "lenient::list", skip_serializing_if = "Vec::is_empty")]
    pub assigned_technicians: Vec<Technician>,
    /// The visit that took this one's place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rescheduled_appointment_id: Option<AmazonAppointmentId>,
    /// The proof that Amazon holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub poa: Option<Poa>,
    /// What the model does not know.
    #[serde(flatten)]
    pub other: Other,
}

/// A start and a length.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AppointmentTime {
    /// The start.
    #[serde(with = "time::iso")]
    pub start_time: DateTime<Utc>,
    /// The length in minutes. Read from a number or from text, written as a number.
    #[serde(deserialize_with = "lenient::integer")]
    pub duration_in_minutes: u32,
    /// What the model does not know.
    #[serde(flatten)]
    pub other: Other,
}

impl AppointmentTime {
    /// The end: start and duration added.
    pub fn end_time(&self) -> DateTime<Utc> {
        self.start_time
            .checked_add_signed(TimeDelta::minutes(i64::from(self.duration_in_minutes)))
            .unwrap_or(DateTime::<Utc>::MAX_UTC)
    }
}

/// A person assigned to a visit.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Technician {
    /// Amazon's identifier of the person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub technician_id: Option<TechnicianId>,
    /// The person's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Pii<String>>,
    /// What the model does not know.
    #[serde(flatten)]
    pub other: Other,
}

/// Proof of appointment: the only part of fulfilment data that can be read back.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Poa {
    /// The window of the visit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub appointment_time: Option<AppointmentTime>,
    /// Who came.
    #[serde(default, deserialize_with = "lenient::list", skip_serializing_if = "Vec::is_empty")]
    pub technicians: Vec<Technician>,
    /// Who uploaded the proof.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uploading_technician: Option<TechnicianId>,
    /// When it was uploaded.
    #[serde(default, with = "time::iso_option", skip_serializing_if = "Option::is_none")]
    pub upload_time: Option<DateTime<Utc>>,
    /// What kind of proof it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub poa_type: Option<PoaType>,
    /// What the model does not know.
    #[serde(flatten)]
    pub other: Other,
}
