//! Appointments of a job: make one, move it.

use chrono::{DateTime, Utc};
use reqwest::Method;
use serde::{Deserialize, Serialize};

use super::jobs::JOB;
use super::{Body, Operation, Parameter, Rate, Repeat, misfits_of};
use crate::answer::Answer;
use crate::call::Draft;
use crate::client::Client;
use crate::error::Error;
use crate::id::{AmazonAppointmentId, ServiceJobId};
use crate::redacted::Other;
use crate::schema::{Field, Schema};
use crate::{lenient, time};

/// `addAppointmentForServiceJobByServiceJobId`. A job has at most one active appointment, so a lost answer is
/// settled by whether it has this one.
pub const ADD_APPOINTMENT: Operation = Operation {
    name: "addAppointmentForServiceJobByServiceJobId",
    method: Method::POST,
    path: "/service/v1/serviceJobs/{serviceJobId}/appointments",
    rate: Rate::USUAL,
    repeat: Repeat::ReadBack,
    parameters: &[JOB],
    body: Some(Body::of::<AddAppointment>(&Schema::Object(&[APPOINTMENT_TIME]))),
    misfits: misfits_of::<SetAppointment>,
};

/// `rescheduleAppointmentForServiceJobByServiceJobId`. A lost answer is settled by the appointment that the job
/// has now: its time, and the `rescheduledAppointmentId` of the one before.
pub const RESCHEDULE_APPOINTMENT: Operation = Operation {
    name: "rescheduleAppointmentForServiceJobByServiceJobId",
    method: Method::POST,
    path: "/service/v1/serviceJobs/{serviceJobId}/appointments/{appointmentId}",
    rate: Rate::USUAL,
    repeat: Repeat::ReadBack,
    parameters: &[JOB, APPOINTMENT],
    body: Some(Body::of::<RescheduleAppointment>(&Schema::Object(&[
        APPOINTMENT_TIME,
        Field::required("rescheduleReasonCode", &Schema::TEXT),
    ]))),
    misfits: misfits_of::<SetAppointment>,
};

pub(super) const APPOINTMENT: Parameter = Parameter::path("appointmentId");

const APPOINTMENT_TIME: Field = Field::required(
    "appointmentTime",
    &Schema::Object(&[
        Field::required("startTime", &Schema::Time),
        Field::optional("durationInMinutes", &Schema::Integer { least: None, most: None }),
    ]),
);

/// The body of `addAppointmentForServiceJobByServiceJobId`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AddAppointment {
    /// When it is to be.
    pub appointment_time: AppointmentTimeInput,
}

/// The body of `rescheduleAppointmentForServiceJobByServiceJobId`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RescheduleAppointment {
    /// When it is to be now.
    pub appointment_time: AppointmentTimeInput,
    /// Why, out of Amazon's table for the marketplace and the kind of service.
    pub reschedule_reason_code: String,
}

/// When an appointment is to be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AppointmentTimeInput {
    /// The start: in the future, and at most 365 days ahead.
    #[serde(with = "time::iso")]
    pub start_time: DateTime<Utc>,
    /// The length in minutes. It may be left out; when it is there, Amazon wants the length that is configured.
    #[serde(default, deserialize_with = "lenient::optional_signed", skip_serializing_if = "Option::is_none")]
    pub duration_in_minutes: Option<i64>,
}

/// What making or moving an appointment answers. Its warnings, such as `RESOURCES_UNASSIGNED` with the technicians
/// that are to be assigned again, are those of the [`Answer`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SetAppointment {
    /// The appointment. Moving one usually mints another id, but the guide shows the same one too.
    pub appointment_id: AmazonAppointmentId,
    /// What the model does not know.
    #[serde(flatten)]
    pub other: Other,
}

impl Client {
    /// `addAppointmentForServiceJobByServiceJobId`: makes an appointment for a job that has no active one.
    pub async fn add_appointment(
        &self,
        job: &ServiceJobId,
        appointment: &AddAppointment,
    ) -> Result<Answer<SetAppointment>, Error> {
        let draft = Draft::of(&ADD_APPOINTMENT).with(JOB.name, job.as_str()).body(appointment);
        self.perform(draft, lenient::typed).await
    }

    /// `rescheduleAppointmentForServiceJobByServiceJobId`: moves an active appointment. Whoever was assigned to it
    /// may have to be assigned again.
    pub async fn reschedule_appointment(
        &self,
        job: &ServiceJobId,
        appointment: &AmazonAppointmentId,
        to: &RescheduleAppointment,
    ) -> Result<Answer<SetAppointment>, Error> {
        let draft = Draft::of(&RESCHEDULE_APPOINTMENT)
            .with(JOB.name, job.as_str())
            .with(APPOINTMENT.name, appointment.as_str())
            .body(to);
        self.perform(draft, lenient::typed).await
    }
}
