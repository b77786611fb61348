//! Who comes: the resources of an appointment.

use reqwest::Method;
use serde::{Deserialize, Serialize};

use super::appointments::APPOINTMENT;
use super::fulfillment::{AppointmentResource, RESOURCES};
use super::jobs::JOB;
use super::{Body, Operation, Rate, Repeat, no_misfits};
use crate::answer::Answer;
use crate::call::Draft;
use crate::client::Client;
use crate::error::Error;
use crate::id::{AmazonAppointmentId, ServiceJobId};
use crate::schema::{Field, Schema};

/// `assignAppointmentResources`. It overwrites whoever was assigned, so it may be repeated.
pub const ASSIGN_APPOINTMENT_RESOURCES: Operation = Operation {
    name: "assignAppointmentResources",
    method: Method::PUT,
    path: "/service/v1/serviceJobs/{serviceJobId}/appointments/{appointmentId}/resources",
    // Amazon's own kits have 5 and 20 here and so send too much.
    rate: Rate { per_second: 1.0, burst: 2.0 },
    repeat: Repeat::Safe,
    parameters: &[JOB, APPOINTMENT],
    body: Some(Body::of::<AssignAppointmentResources>(&Schema::Object(&[Field::required(
        "resources",
        &RESOURCES,
    )]))),
    misfits: no_misfits,
};

/// The body of `assignAppointmentResources`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AssignAppointmentResources {
    /// Everybody who is to come. Amazon refuses an empty list.
    pub resources: Vec<AppointmentResource>,
}

impl Client {
    /// `assignAppointmentResources`: says who comes to an active appointment, in place of whoever was to. Skills,
    /// coverage and background checks are grounds for a refusal, with a code for each; a resource that has too much
    /// to do already is the warning `RESOURCES_OVERBOOKED`.
    pub async fn assign_appointment_resources(
        &self,
        job: &ServiceJobId,
        appointment: &AmazonAppointmentId,
        resources: &AssignAppointmentResources,
    ) -> Result<Answer<()>, Error> {
        let draft = Draft::of(&ASSIGN_APPOINTMENT_RESOURCES)
            .with(JOB.name, job.as_str())
            .with(APPOINTMENT.name, appointment.as_str())
            .body(resources);
        self.perform_plainly(draft).await
    }
}
