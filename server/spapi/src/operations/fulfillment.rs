//! What was done on a visit: when, by whom, and the documents that show it.

use chrono::{DateTime, Utc};
use reqwest::Method;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::documents::ContentSha256;
use super::{Operation, Rate, Repeat};
use crate::answer::Answer;
use crate::client::{Client, Request};
use crate::error::Error;
use crate::id::{AmazonAppointmentId, ResourceId, ServiceJobId, UploadDestinationId};
use crate::time;

/// `setAppointmentFulfillmentData`. Repeated with the same bytes it is safe; whether another body replaces
/// or adds is not documented, so each body carries the whole of what is wanted.
pub const SET_APPOINTMENT_FULFILLMENT_DATA: Operation = Operation {
    name: "setAppointmentFulfillmentData",
    method: Method::PUT,
    path: "/service/v1/serviceJobs/{serviceJobId}/appointments/{appointmentId}/fulfillment",
    rate: Rate { per_second: 5.0, burst: 20.0 },
    repeat: Repeat::Safe,
};

/// A start and an end, which comes later.
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

/// The body of `setAppointmentFulfillmentData`. The same value gives the same bytes, always.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FulfillmentData {
    /// When the technician was expected to arrive.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub estimated_arrival_time: Option<TimeRange>,
    /// When the work was done: both ends, neither of them in the future.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fulfillment_time: Option<TimeRange>,
    /// Who did it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub appointment_resources: Vec<AppointmentResource>,
    /// The documents that show it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fulfillment_documents: Vec<FulfillmentDocument>,
}

/// A resource that took part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AppointmentResource {
    /// Which one.
    pub resource_id: ResourceId,
}

/// An uploaded document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FulfillmentDocument {
    /// Where it was uploaded to.
    pub upload_destination_id: UploadDestinationId,
    /// What the upload returned.
    pub content_sha256: ContentSha256,
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

    fn refusal(&self) -> Option<(&'static str, &'static str)> {
        let backwards =
            |range: &Option<TimeRange>| range.is_some_and(|range| range.end_time <= range.start_time);
        let is_empty = self.estimated_arrival_time.is_none()
            && self.fulfillment_time.is_none()
            && self.appointment_resources.is_empty()
            && self.fulfillment_documents.is_empty();
        if is_empty {
            Some(("body", "has to hold a time, a resource or a document"))
        } else if backwards(&self.estimated_arrival_time) {
            Some(("estimatedArrivalTime.endTime", "has to be after the start"))
        } else if backwards(&self.fulfillment_time) {
            Some(("fulfillmentTime.endTime", "has to be after the start"))
        } else {
            None
        }
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
        let operation = &SET_APPOINTMENT_FULFILLMENT_DATA;
        let path = operation
            .path_with(&[("serviceJobId", job.as_str()), ("appointmentId", appointment.as_str())])?;
        if let Some((field, why)) = data.refusal() {
            return Err(operation.not_allowed(field, why));
        }
        let request = Request { operation, path, query: String::new(), body: Some(data.to_bytes()) };
        self.call(request).await?.try_map(|_| Ok(()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn range(start: &str, end: &str) -> Option<TimeRange> {
        Some(TimeRange { start_time: time::parse(start).unwrap(), end_time: time::parse(end).unwrap() })
    }

    fn data() -> FulfillmentData {
        FulfillmentData {
            estimated_arrival_time: range("2026-03-05T09:00:00Z", "2026-03-05T09:30:00Z"),
            fulfillment_time: range("2026-03-05T09:10:00.250Z", "2026-03-05T10:00:00+00:00"),
            appointment_resources: vec![AppointmentResource { resource_id: "resource-1".into() }],
            fulfillment_documents: vec![FulfillmentDocument {
                upload_destination_id: "a<->b/c==".into(),
                content_sha256: ContentSha256::of(b"sealed"),
            }],
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
    fn what_amazon_would_refuse_for_its_form_is_not_sent() {
        assert_eq!(data().refusal(), None);
        assert_eq!(FulfillmentData::default().refusal().unwrap().0, "body");
        let backwards = range("2026-03-05T09:00:00Z", "2026-03-05T09:00:00Z");
        let wrong = FulfillmentData { fulfillment_time: backwards, ..data() };
        assert_eq!(wrong.refusal().unwrap().0, "fulfillmentTime.endTime");
        let wrong = FulfillmentData { estimated_arrival_time: backwards, ..data() };
        assert_eq!(wrong.refusal().unwrap().0, "estimatedArrivalTime.endTime");
    }
}
