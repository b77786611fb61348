//! What was done on a visit: when, by whom, and the documents that show it.

use chrono::{DateTime, Utc};
use reqwest::Method;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::appointments::APPOINTMENT;
use super::documents::ContentSha256;
use super::jobs::JOB;
use super::{Body, Operation, Rate, Repeat, no_misfits};
use crate::answer::Answer;
use crate::call::Draft;
use crate::client::Client;
use crate::error::Error;
use crate::id::{AmazonAppointmentId, ResourceId, ServiceJobId, UploadDestinationId};
use crate::schema::{Field, Schema};
use crate::time;

/// `setAppointmentFulfillmentData`. Repeated with the same bytes it is safe; whether another body replaces
/// or adds is not documented, so each body carries the whole of what is wanted.
pub const SET_APPOINTMENT_FULFILLMENT_DATA: Operation = Operation {
    name: "setAppointmentFulfillmentData",
    method: Method::PUT,
    path: "/service/v1/serviceJobs/{serviceJobId}/appointments/{appointmentId}/fulfillment",
    rate: Rate::USUAL,
    repeat: Repeat::Safe,
    parameters: &[JOB, APPOINTMENT],
    body: Some(Body::of::<FulfillmentData>(&Schema::Object(&[
        Field::optional(
            "estimatedArrivalTime",
            &Schema::Object(&[
                Field::required("startTime", &Schema::Time),
                Field::required("endTime", &Schema::Time),
            ]),
        ),
        Field::optional(
            "fulfillmentTime",
            &Schema::Object(&[
                Field::optional("startTime", &Schema::Time),
                Field::optional("endTime", &Schema::Time),
            ]),
        ),
        Field::optional("appointmentResources", &RESOURCES),
        Field::optional(
            "fulfillmentDocuments",
            &Schema::list(&Schema::Object(&[
                Field::optional("uploadDestinationId", &Schema::TEXT),
                Field::optional("contentSha256", &Schema::TEXT),
            ])),
        ),
    ]))),
    misfits: no_misfits,
};

/// The schema of a list of [`AppointmentResource`].
pub(super) const RESOURCES: Schema =
    Schema::list(&Schema::Object(&[Field::optional("resourceId", &Schema::TEXT)]));

/// A start and an end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TimeRange {
    /// The start.
    #[serde(with = "time::iso")]
    pub start_time: DateTime<Utc>,
    /// The end.
    #[serde(with = "time::iso")]
    pub end_time: DateTime<Utc>,
}

/// When the work was done. The model lets either end be absent; Amazon wants both, the end after the start, and
/// neither of them in the future.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FulfillmentTime {
    /// The start.
    #[serde(default, with = "time::iso_option", skip_serializing_if = "Option::is_none")]
    pub start_time: Option<DateTime<Utc>>,
    /// The end.
    #[serde(default, with = "time::iso_option", skip_serializing_if = "Option::is_none")]
    pub end_time: Option<DateTime<Utc>>,
}

impl From<TimeRange> for FulfillmentTime {
    fn from(range: TimeRange) -> Self {
        Self { start_time: Some(range.start_time), end_time: Some(range.end_time) }
    }
}

/// The body of `setAppointmentFulfillmentData`. Amazon refuses an empty one. The same value gives the same bytes, always.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FulfillmentData {
    /// When the technician was expected to arrive.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub estimated_arrival_time: Option<TimeRange>,
    /// When the work was done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fulfillment_time: Option<FulfillmentTime>,
    /// Who did it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub appointment_resources: Option<Vec<AppointmentResource>>,
    /// The documents that show it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fulfillment_documents: Option<Vec<FulfillmentDocument>>,
}

/// A resource that takes or took part.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AppointmentResource {
    /// Which one. The model lets it be absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resource_id: Option<ResourceId>,
}

impl From<ResourceId> for AppointmentResource {
    fn from(resource: ResourceId) -> Self {
        Self { resource_id: Some(resource) }
    }
}

/// An uploaded document. The model lets either part be absent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FulfillmentDocument {
    /// Where it was uploaded to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub upload_destination_id: Option<UploadDestinationId>,
    /// What the upload returned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content_sha256: Option<ContentSha256>,
}

impl FulfillmentData {
    /// The body as it is sent. Whoever has to repeat a request keeps a hash of this.
    pub fn to_bytes(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("a struct of strings and lists is always JSON")
    }

    /// The SHA-256 of [`FulfillmentData::to_bytes`].
    pub fn sha256(&self) -> [u8; 32] {
        Sha256::digest(self.to_bytes()).into()
    }
}

impl Client {
    /// `setAppointmentFulfillmentData`: tells Amazon what was done on an active appointment. A refused
    /// document shows up here, and nowhere else, as a refusal that says what was wrong with it.
    pub async fn set_fulfillment_data(
        &self,
        job: &ServiceJobId,
        appointment: &AmazonAppointmentId,
        data: &FulfillmentData,
    ) -> Result<Answer<()>, Error> {
        let draft = Draft::of(&SET_APPOINTMENT_FULFILLMENT_DATA)
            .with(JOB.name, job.as_str())
            .with(APPOINTMENT.name, appointment.as_str())
            .body(data);
        self.perform_plainly(draft).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::PageTokenEncoding;

    fn range(start: &str, end: &str) -> Option<TimeRange> {
        Some(TimeRange { start_time: time::parse(start).unwrap(), end_time: time::parse(end).unwrap() })
    }

    fn data() -> FulfillmentData {
        FulfillmentData {
            estimated_arrival_time: range("2026-03-05T09:00:00Z", "2026-03-05T09:30:00Z"),
            fulfillment_time: range("2026-03-05T09:10:00.250Z", "2026-03-05T10:00:00+00:00").map(Into::into),
            appointment_resources: Some(vec![ResourceId::from("resource-1").into()]),
            fulfillment_documents: Some(vec![FulfillmentDocument {
                upload_destination_id: Some("a<->b/c==".into()),
                content_sha256: Some(ContentSha256::of(b"sealed")),
            }]),
        }
    }

    #[test]
    fn the_body_is_the_models_and_the_same_bytes_each_time() {
        let expected = concat!(
            r#"{"estimatedArrivalTime":{"startTime":"2026-03-05T09:00:00Z","endTime":"2026-03-05T09:30:00Z"},"#,
            r#""fulfillmentTime":{"startTime":"2026-03-05T09:10:00.250Z","endTime":"2026-03-05T10:00:00Z"},"#,
            r#""appointmentResources":[{"resourceId":"resource-1"}],"#,
            r#""fulfillmentDocuments":[{"uploadDestinationId":"a<->b/c==","#,
            r#""contentSha256":"ydADa+1nRLzfaS/JgNhxfX5fWk9Ogma0qEmCYC+xzQk="}]}"#
        );
        let written = String::from_utf8(data().to_bytes()).unwrap();
        assert_eq!(written, expected);
        assert_eq!(data().to_bytes(), data().to_bytes());
        let reread: FulfillmentData = serde_json::from_str(&written).unwrap();
        assert_eq!(reread.sha256(), data().sha256());
    }

    #[test]
    fn what_only_prose_forbids_is_amazons_to_refuse() {
        let visit = |data: &FulfillmentData| {
            Draft::of(&SET_APPOINTMENT_FULFILLMENT_DATA)
                .with(JOB.name, "J1")
                .with(APPOINTMENT.name, "A1")
                .body(data)
                .finish(PageTokenEncoding::default())
                .unwrap()
                .body
                .unwrap()
        };
        assert_eq!(visit(&FulfillmentData::default()), b"{}");
        let backwards = range("2026-03-05T09:00:00Z", "2026-03-05T08:00:00Z");
        let wrong = FulfillmentData { estimated_arrival_time: backwards, ..data() };
        assert_eq!(visit(&wrong), wrong.to_bytes(), "what is sent is what is hashed");
    }
}
