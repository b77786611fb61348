//! One request of each operation that the model allows, with made-up ids: to see what a body looks like, and to try
//! what holds for every request alike.

use serde_json::{Value, json};

use super::Operation;

/// The arguments and the body of a request, as `Client::call_by_name` takes them.
#[derive(Clone, Debug, PartialEq)]
pub struct Example {
    /// Path and query parameters by Amazon's names.
    pub arguments: Vec<(String, String)>,
    /// The body, where the operation has one.
    pub body: Option<Value>,
}

impl Operation {
    /// A request of this operation. Amazon knows none of its ids.
    pub fn example(&self) -> Example {
        let since = (self.name == "getServiceJobs").then_some(("createdAfter", "2026-03-01T00:00:00Z"));
        let required = self.parameters.iter().filter(|parameter| parameter.required);
        let arguments = required.map(|parameter| (parameter.name, argument(parameter.name))).chain(since);
        Example {
            arguments: arguments.map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
            body: self.body.is_some().then(|| body(self.name)),
        }
    }
}

fn argument(name: &str) -> &'static str {
    match name {
        "marketplaceIds" => "ATVPDKIKX0DER",
        "cancellationReasonCode" => "V1",
        "asin" => "B000000001",
        _ => "MADE-UP-1",
    }
}

fn body(operation: &str) -> Value {
    let (from, until) = ("2026-03-05T09:00:00Z", "2026-03-05T11:00:00Z");
    let range = json!({ "startTime": from, "endTime": until });
    match operation {
        "addAppointmentForServiceJobByServiceJobId" => json!({ "appointmentTime": { "startTime": from } }),
        "rescheduleAppointmentForServiceJobByServiceJobId" => {
            json!({ "appointmentTime": { "startTime": from }, "rescheduleReasonCode": "R1" })
        }
        "assignAppointmentResources" => json!({ "resources": [{ "resourceId": "MADE-UP-1" }] }),
        "setAppointmentFulfillmentData" => {
            json!({ "fulfillmentTime": range, "appointmentResources": [{ "resourceId": "MADE-UP-1" }] })
        }
        "getRangeSlotCapacity" | "getFixedSlotCapacity" => {
            json!({ "startDateTime": from, "endDateTime": until })
        }
        "updateSchedule" => json!({ "schedules": [range] }),
        "createReservation" | "updateReservation" => json!({
            "resourceId": "MADE-UP-1",
            "reservation": { "type": "VACATION", "availability": range },
        }),
        "createServiceDocumentUploadDestination" => json!({ "contentType": "PNG", "contentLength": 1 }),
        _ => json!({}),
    }
}
