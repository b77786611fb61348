//! Every operation by its name, in every shape that Amazon answers it with: what goes out, and what comes of it.

mod shape;

use doorstep_spapi::operations;
use serde_json::{Value, json};

use crate::fake::{Fake, reply};
use shape::{Call, Shape, anywhere, error, play, refused, taken, warned};

/// The shapes of each operation that are its own.
fn table() -> Vec<(Call, Vec<Shape>)> {
    let job = || json!({ "serviceJobId": "J1", "serviceJobStatus": "WAITING", "appointments": [] });
    let page = || json!({ "payload": { "totalResultSize": 1, "nextPageToken": "n%3D", "jobs": [job()] } });
    let slots = || {
        json!({ "payload": {
            "schedulingType": "REAL_TIME_SCHEDULING", "startTime": "2026-03-05T08:00:00Z", "endTime": "2026-03-05T9:0:00Z",
            "appointmentSlots": [{ "startTime": "2026-03-05T08:00:00Z", "endTime": "2026-03-05T09:00:00Z", "capacity": 0 }]
        } })
    };
    let span = || json!({ "startDateTime": "2026-03-05T08:00:00Z", "endDateTime": "2026-03-06T08:00:00Z" });
    let reservation = || {
        json!({ "resourceId": "R1", "reservation": { "type": "BREAK", "availability": {
            "startTime": "2026-03-05T10:00:00.00-07", "endTime": "2026-03-05T11:00:00.00-07"
        } } })
    };
    let reserved = || {
        json!({ "resourceId": "R1", "reservation": { "type": "BREAK", "availability": {
            "startTime": "2026-03-05T17:00:00Z", "endTime": "2026-03-05T18:00:00Z"
        } } })
    };
    let unknown_resource = || {
        let error = json!({ "message": "No such resource", "code": "InvalidInput" });
        refused(200, json!({ "errors": [error] }), json!([error]))
    };
    let overridden = || json!({ "code": "ScheduleOverride", "message": "An earlier schedule is gone." });
    let record = || json!({ "startTime": "2026-03-05T08:00:00Z", "endTime": "2026-03-05T09:00:00Z" });
    vec![
        (
            Call {
                operation: "getServiceJobs",
                parameters: &[
                    ("marketplaceIds", "M1"),
                    ("createdAfter", "2026-01-01T00:00:00+05:30"),
                    ("serviceJobStatus", "HOLD,COMPLETED"),
                    ("pageSize", "20"),
                ],
                body: None,
                sent: "GET /service/v1/serviceJobs?serviceJobStatus=HOLD,COMPLETED&pageSize=20\
                       &createdAfter=2025-12-31T18%3A30%3A00Z&marketplaceIds=M1",
                sent_body: None,
            },
            vec![
                taken(200, page()),
                taken(200, json!({ "jobs": [job()] })),
                warned(
                    json!({ "payload": { "jobs": [{ "appointments": "none" }] } }),
                    &["unreadable_answer"],
                ),
            ],
        ),
        (
            Call {
                operation: "getServiceJobByServiceJobId",
                parameters: &[("serviceJobId", "J<->1/+=")],
                body: None,
                sent: "GET /service/v1/serviceJobs/J%3C-%3E1%2F%2B%3D",
                sent_body: None,
            },
            vec![
                taken(200, json!({ "payload": {} })),
                taken(200, json!({ "payload": job() })),
                refused(400, json!({ "payload": {} }), json!([])),
            ],
        ),
        (
            Call {
                operation: "cancelServiceJobByServiceJobId",
                parameters: &[("serviceJobId", "J1"), ("cancellationReasonCode", "V1_2")],
                body: None,
                sent: "PUT /service/v1/serviceJobs/J1/cancellations?cancellationReasonCode=V1_2",
                sent_body: None,
            },
            vec![taken(200, json!({})), taken(204, Value::Null)],
        ),
        (
            Call {
                operation: "completeServiceJobByServiceJobId",
                parameters: &[("serviceJobId", "J1")],
                body: None,
                sent: "PUT /service/v1/serviceJobs/J1/completions",
                sent_body: None,
            },
            vec![taken(200, json!({}))],
        ),
        (
            Call {
                operation: "addAppointmentForServiceJobByServiceJobId",
                parameters: &[("serviceJobId", "J1")],
                body: Some(
                    json!({ "appointmentTime": { "startTime": "2026-03-05T10:00:00+05:30", "durationInMinutes": 60.0 } }),
                ),
                sent: "POST /service/v1/serviceJobs/J1/appointments",
                sent_body: Some(
                    json!({ "appointmentTime": { "startTime": "2026-03-05T04:30:00Z", "durationInMinutes": 60 } }),
                ),
            },
            vec![taken(200, json!({ "appointmentId": "J1_1" }))],
        ),
        (
            Call {
                operation: "rescheduleAppointmentForServiceJobByServiceJobId",
                parameters: &[("serviceJobId", "J1"), ("appointmentId", "J1_1")],
                body: Some(
                    json!({ "appointmentTime": { "startTime": "2026-03-05T10:00:00.5Z" }, "rescheduleReasonCode": "" }),
                ),
                sent: "POST /service/v1/serviceJobs/J1/appointments/J1_1",
                sent_body: Some(
                    json!({ "appointmentTime": { "startTime": "2026-03-05T10:00:00.500Z" }, "rescheduleReasonCode": "" }),
                ),
            },
            vec![warned(
                json!({ "appointmentId": "J1_2", "warnings": [{ "code": "RESOURCES_UNASSIGNED", "message": "T1" }] }),
                &["RESOURCES_UNASSIGNED"],
            )],
        ),
        (
            Call {
                operation: "assignAppointmentResources",
                parameters: &[("serviceJobId", "J1"), ("appointmentId", "J1_1")],
                body: Some(json!({ "resources": [{ "resourceId": "R1" }, {}] })),
                sent: "PUT /service/v1/serviceJobs/J1/appointments/J1_1/resources",
                sent_body: Some(json!({ "resources": [{ "resourceId": "R1" }, {}] })),
            },
            vec![
                taken(200, json!({})),
                warned(
                    json!({ "payload": { "warnings": [{ "code": "RESOURCES_OVERBOOKED", "message": "m" }] } }),
                    &["RESOURCES_OVERBOOKED"],
                ),
                warned(
                    json!({ "warnings": [{ "code": "RESOURCES_OVERBOOKED" }] }),
                    &["RESOURCES_OVERBOOKED"],
                ),
            ],
        ),
        (
            Call {
                operation: "setAppointmentFulfillmentData",
                parameters: &[("serviceJobId", "J1"), ("appointmentId", "J1_1")],
                body: Some(json!({
                    "estimatedArrivalTime": { "startTime": "2026-03-05T10:00:00Z", "endTime": "2026-03-05T09:00:00Z" },
                    "fulfillmentTime": {},
                    "fulfillmentDocuments": [{ "uploadDestinationId": "a<->b+c/d==", "contentSha256": "no hash" }]
                })),
                sent: "PUT /service/v1/serviceJobs/J1/appointments/J1_1/fulfillment",
                sent_body: Some(json!({
                    "estimatedArrivalTime": { "startTime": "2026-03-05T10:00:00Z", "endTime": "2026-03-05T09:00:00Z" },
                    "fulfillmentTime": {},
                    "fulfillmentDocuments": [{ "uploadDestinationId": "a<->b+c/d==", "contentSha256": "no hash" }]
                })),
            },
            vec![
                taken(204, Value::Null),
                taken(200, json!("")),
                refused(400, json!([error("Nothing to take.")]), json!([error("Nothing to take.")])),
                refused(200, json!([error("Malware.")]), json!([error("Malware.")])),
            ],
        ),
        (
            Call {
                operation: "getAppointmentSlots",
                parameters: &[
                    ("asin", "B000000001"),
                    ("storeId", "s 1"),
                    ("marketplaceIds", "M1"),
                    ("endTime", "20-26"),
                ],
                body: None,
                sent: "GET /service/v1/appointmentSlots?asin=B000000001&storeId=s%201&marketplaceIds=M1&endTime=20-26",
                sent_body: None,
            },
            vec![taken(200, slots())],
        ),
        (
            Call {
                operation: "getAppointmmentSlotsByJobId",
                parameters: &[
                    ("serviceJobId", "J1"),
                    ("marketplaceIds", "M1"),
                    ("startTime", "2026-03-05T08:00:00"),
                ],
                body: None,
                sent: "GET /service/v1/serviceJobs/J1/appointmentSlots?marketplaceIds=M1&startTime=2026-03-05T08%3A00%3A00Z",
                sent_body: None,
            },
            vec![taken(200, slots())],
        ),
        (
            Call {
                operation: "getRangeSlotCapacity",
                parameters: &[("resourceId", "R1"), ("marketplaceIds", "M1"), ("nextPageToken", "Mj%3D")],
                body: Some(span()),
                sent: "POST /service/v1/serviceResources/R1/capacity/range?marketplaceIds=M1&nextPageToken=Mj%253D",
                sent_body: Some(span()),
            },
            vec![taken(
                200,
                json!({ "resourceId": "R1", "nextPageToken": "Mk%3D", "capacities": [{ "capacityType": "AVAILABLE_CAPACITY",
                    "slots": [{ "startDateTime": "2026-03-05T08:00:00Z", "endDateTime": "2026-03-05T09:00:00Z", "capacity": "1" }] }] }),
            )],
        ),
        (
            Call {
                operation: "getFixedSlotCapacity",
                parameters: &[("resourceId", "R1"), ("marketplaceIds", "M1")],
                body: Some(json!({
                    "startDateTime": "2026-03-05T08:00:00Z", "endDateTime": "2026-03-06T08:00:00Z", "slotDuration": 400,
                    "capacityTypes": ["RESERVED_CAPACITY"]
                })),
                sent: "POST /service/v1/serviceResources/R1/capacity/fixed?marketplaceIds=M1",
                sent_body: Some(json!({
                    "startDateTime": "2026-03-05T08:00:00Z", "endDateTime": "2026-03-06T08:00:00Z", "slotDuration": 400,
                    "capacityTypes": ["RESERVED_CAPACITY"]
                })),
            },
            vec![taken(
                200,
                json!({ "resourceId": "R1", "slotDuration": 30, "capacities": [{ "startDateTime": "2026-03-05T08:00:00Z",
                    "scheduledCapacity": 1, "availableCapacity": 0, "encumberedCapacity": 1, "reservedCapacity": 0 }] }),
            )],
        ),
        (
            Call {
                operation: "updateSchedule",
                parameters: &[("resourceId", "R1"), ("marketplaceIds", "M1")],
                body: Some(json!({ "schedules": [record()] })),
                sent: "PUT /service/v1/serviceResources/R1/schedules?marketplaceIds=M1",
                sent_body: Some(json!({ "schedules": [record()] })),
            },
            vec![
                taken(200, json!({})),
                warned(
                    json!({ "payload": [{ "availability": record(), "warnings": [overridden()] }] }),
                    &["ScheduleOverride"],
                ),
                unknown_resource(),
                refused(
                    200,
                    json!({ "payload": [{ "availability": record(), "errors": [error("Too short.")] }] }),
                    json!([error("Too short.")]),
                ),
            ],
        ),
        (
            Call {
                operation: "createReservation",
                parameters: &[("marketplaceIds", "M1")],
                body: Some(reservation()),
                sent: "POST /service/v1/reservation?marketplaceIds=M1",
                sent_body: Some(reserved()),
            },
            vec![
                taken(200, json!({ "payload": { "reservation": { "reservationId": "457" } } })),
                taken(
                    200,
                    json!({ "payload": { "reservation": { "reservationId": "457", "type": "Time-off", "availability": record() } } }),
                ),
                unknown_resource(),
            ],
        ),
        (
            Call {
                operation: "updateReservation",
                parameters: &[("reservationId", "456"), ("marketplaceIds", "M1")],
                body: Some(reservation()),
                sent: "PUT /service/v1/reservation/456?marketplaceIds=M1",
                sent_body: Some(reserved()),
            },
            vec![
                taken(200, json!({ "payload": { "reservation": { "reservationId": "457" } } })),
                unknown_resource(),
            ],
        ),
        (
            Call {
                operation: "cancelReservation",
                parameters: &[("reservationId", "456"), ("marketplaceIds", "M1")],
                body: None,
                sent: "DELETE /service/v1/reservation/456?marketplaceIds=M1",
                sent_body: None,
            },
            vec![taken(204, Value::Null), taken(200, json!({})), taken(200, json!(""))],
        ),
        (
            Call {
                operation: "createServiceDocumentUploadDestination",
                parameters: &[],
                body: Some(
                    json!({ "contentType": "PNG", "contentLength": 5.0, "contentMD5": "AAAAAAAAAAAAAAAAAAAA\\z==" }),
                ),
                sent: "POST /service/v1/documents",
                sent_body: Some(
                    json!({ "contentType": "PNG", "contentLength": 5, "contentMD5": "AAAAAAAAAAAAAAAAAAAA\\z==" }),
                ),
            },
            vec![
                taken(
                    200,
                    json!({ "payload": { "uploadDestinationId": "a<->b==", "url": "https://store.example/put?X-Amz-Expires=300",
                        "encryptionDetails": { "standard": "AES", "initializationVector": "AAAAAAAAAAAAAAAAAAAAAA==",
                            "key": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=" } } }),
                ),
                warned(json!({ "payload": { "uploadDestinationId": "a" } }), &["unreadable_answer"]),
            ],
        ),
    ]
}

#[tokio::test]
async fn every_operation_is_called_by_its_name_and_answered_in_every_shape() {
    let table = table();
    for operation in operations::ALL {
        assert_eq!(table.iter().filter(|(call, _)| call.operation == operation.name).count(), 1);
    }
    for (call, shapes) in table {
        for shape in shapes.into_iter().chain(anywhere()) {
            play(&call, shape).await;
        }
    }
}

#[tokio::test]
async fn a_name_that_is_none_sends_nothing() {
    let (fake, client) = Fake::answering(reply(200, "{}")).await;
    let error = client.call_by_name("getAppointmentSlotsByJobId", &[], None).await.unwrap_err();
    assert_eq!(error.not_allowed().unwrap().0, "operation");
    assert!(fake.asked().is_empty() && fake.logins().is_empty());
}
