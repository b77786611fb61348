//! Schedules: when a resource is available, and the records that schedules and reservations are made of.

mod record;

use reqwest::Method;
use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use record::{AvailabilityRecord, DayOfWeek, RecordRemark, Recurrence, RemarkLevel};

use super::{Body, Operation, Parameter, Rate, Repeat};
use crate::answer::Answer;
use crate::call::Draft;
use crate::client::Client;
use crate::error::Error;
use crate::id::{MarketplaceId, ResourceId};
use crate::lenient;
use crate::redacted::Other;
use crate::schema::{Field, Schema};

pub(super) use record::AVAILABILITY;

/// `updateSchedule`. It overwrites the whole schedule, so it may be repeated. A schedule cannot be cleared.
pub const UPDATE_SCHEDULE: Operation = Operation {
    name: "updateSchedule",
    method: Method::PUT,
    path: "/service/v1/serviceResources/{resourceId}/schedules",
    rate: Rate::USUAL,
    repeat: Repeat::Safe,
    parameters: &[RESOURCE, Parameter::MARKETPLACE],
    body: Some(Body::of::<UpdateSchedule>(&Schema::Object(&[Field::required(
        "schedules",
        &Schema::list(&AVAILABILITY),
    )]))),
    misfits: |value| value.map(records).and_then(Result::err).into_iter().collect(),
};

const RESOURCE: Parameter = Parameter::path("resourceId");

/// The body of `updateSchedule`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UpdateSchedule {
    /// The normal working hours, all of them.
    pub schedules: Vec<AvailabilityRecord>,
}

/// A record that Amazon had something to say about.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UpdateScheduleRecord {
    /// The record itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub availability: Option<AvailabilityRecord>,
    /// What is odd about it, such as `ScheduleOverride`. Also among the warnings of the [`Answer`].
    #[serde(default, deserialize_with = "lenient::list", skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<RecordRemark>,
    /// What is wrong about it. In a success these are warnings by their level, and among those of the [`Answer`].
    #[serde(default, deserialize_with = "lenient::list", skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<RecordRemark>,
    /// What the model does not know.
    #[serde(flatten)]
    pub other: Other,
}

impl Client {
    /// `updateSchedule`: says when a resource is available, in place of all that was said before. The value has the
    /// records that there is something to say about.
    pub async fn update_schedule(
        &self,
        resource: &ResourceId,
        marketplace: &MarketplaceId,
        schedule: &UpdateSchedule,
    ) -> Result<Answer<Vec<UpdateScheduleRecord>>, Error> {
        let draft = Draft::of(&UPDATE_SCHEDULE)
            .with(RESOURCE.name, resource.as_str())
            .with(Parameter::MARKETPLACE.name, marketplace.as_str())
            .body(schedule);
        self.perform_maybe(draft, records).await.map(|answer| answer.map(Option::unwrap_or_default))
    }
}

fn records(value: Value) -> Result<Vec<UpdateScheduleRecord>, String> {
    match value {
        Value::Object(fields) if fields.is_empty() => Ok(Vec::new()),
        value => lenient::typed(value),
    }
}
