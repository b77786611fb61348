//! A service job as the sandbox holds it: what the rules look at is typed, the rest is as Amazon sends it.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::clock;
use crate::schedule::Span;

/// `ServiceJob` of the model.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Job {
    pub service_job_id: String,
    pub service_job_status: JobStatus,
    #[serde(serialize_with = "clock::serialize")]
    pub create_time: DateTime<Utc>,
    /// What `lastUpdatedAfter` compares with. Amazon does not send it.
    #[serde(skip)]
    pub last_updated: DateTime<Utc>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub appointments: Vec<Appointment>,
    /// Every other field, by Amazon's name, including ones the model does not have.
    #[serde(flatten)]
    pub facts: Map<String, Value>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum JobStatus {
    NotServiced,
    Cancelled,
    Completed,
    PendingSchedule,
    NotFulfillable,
    Hold,
    PaymentDeclined,
}

impl JobStatus {
    pub(crate) const ALL: [Self; 7] = [
        Self::NotServiced,
        Self::Cancelled,
        Self::Completed,
        Self::PendingSchedule,
        Self::NotFulfillable,
        Self::Hold,
        Self::PaymentDeclined,
    ];

    /// Whether the job still wants something done.
    pub fn is_open(self) -> bool {
        matches!(self, Self::NotServiced | Self::PendingSchedule | Self::Hold | Self::PaymentDeclined)
    }

    /// Amazon's name, as in queries and messages.
    pub fn name(self) -> &'static str {
        match self {
            Self::NotServiced => "NOT_SERVICED",
            Self::Cancelled => "CANCELLED",
            Self::Completed => "COMPLETED",
            Self::PendingSchedule => "PENDING_SCHEDULE",
            Self::NotFulfillable => "NOT_FULFILLABLE",
            Self::Hold => "HOLD",
            Self::PaymentDeclined => "PAYMENT_DECLINED",
        }
    }
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Appointment {
    pub appointment_id: String,
    pub appointment_status: AppointmentStatus,
    pub appointment_time: AppointmentTime,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub assigned_technicians: Vec<AssignedTechnician>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rescheduled_appointment_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub poa: Option<Value>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum AppointmentStatus {
    Active,
    Cancelled,
    Completed,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AppointmentTime {
    #[serde(serialize_with = "clock::serialize")]
    pub start_time: DateTime<Utc>,
    pub duration_in_minutes: u32,
}

impl AppointmentTime {
    /// The end of the window.
    pub fn end_time(&self) -> DateTime<Utc> {
        self.start_time + TimeDelta::minutes(self.duration_in_minutes.into())
    }

    pub(crate) fn span(&self) -> Span {
        Span::of(self.start_time, self.duration_in_minutes)
    }
}

/// `Technician` of the model, as an appointment names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AssignedTechnician {
    pub technician_id: String,
    pub name: String,
}

/// Someone the seller registered with Amazon. Jobs name technicians, fulfilment names resources; the two ids
/// differ here so that a client that mixes them up is found out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Technician {
    pub id: String,
    pub name: String,
    pub resource_id: String,
}

impl Technician {
    pub fn new(id: &str, resource_id: &str, name: &str) -> Self {
        Self { id: id.into(), name: name.into(), resource_id: resource_id.into() }
    }
}

impl From<&Technician> for AssignedTechnician {
    fn from(technician: &Technician) -> Self {
        Self { technician_id: technician.id.clone(), name: technician.name.clone() }
    }
}

impl Job {
    /// The appointment a technician would go to, if there is one. Amazon allows one at most.
    pub fn active_appointment(&self) -> Option<&Appointment> {
        self.appointments.iter().find(|a| a.appointment_status == AppointmentStatus::Active)
    }

    pub(crate) fn active_appointment_mut(&mut self) -> Option<&mut Appointment> {
        self.appointments.iter_mut().find(|a| a.appointment_status == AppointmentStatus::Active)
    }

    /// A fact that is text; empty when it is absent.
    pub(crate) fn text(&self, pointer: &str) -> &str {
        self.fact(pointer).and_then(Value::as_str).unwrap_or_default()
    }

    pub(crate) fn fact(&self, pointer: &str) -> Option<&Value> {
        let mut steps = pointer.split('/');
        let first = self.facts.get(steps.next()?)?;
        steps.try_fold(first, |value, step| value.get(step))
    }
}
