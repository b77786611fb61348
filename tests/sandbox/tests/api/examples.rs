//! What Amazon's published examples show of each operation, as facts: status, codes and the shape of the
//! body, with the sandbox brought into the state that each example supposes.

use doorstep_sandbox::{Job, JobStatus, Rates};
use reqwest::Method;
use serde_json::{Value, json};

use crate::planner::{STORE, US, reservation};
use crate::seller::{ALL, Answer, DOCUMENTS, JOBS, Seller, Visit};

/// What a body is.
#[derive(Debug, PartialEq)]
enum Shape {
    /// No body at all.
    Nothing,
    /// `{}`
    Empty,
    /// `{"payload": {…}}` with these fields, sorted.
    Payload(Vec<&'static str>),
    /// `{"payload": […]}`
    PayloadList,
    /// An object with these fields, sorted.
    Bare(Vec<&'static str>),
    /// `{"errors": […]}` with these codes.
    Errors(Vec<&'static str>),
    /// `[…]` with these codes.
    List(Vec<&'static str>),
}

use Shape::{Bare, Empty, Errors, List, Nothing, Payload, PayloadList};

const INPUT: &str = "InvalidInput";

#[track_caller]
fn shows(answer: &Answer, status: u16, shape: &Shape) {
    assert_eq!(answer.status, status, "{}", answer.text);
    let keys = |value: &Value, wanted: &[&str]| {
        let mut keys: Vec<&str> = value.as_object().unwrap().keys().map(String::as_str).collect();
        keys.sort_unstable();
        assert_eq!(keys, wanted, "{}", answer.text);
    };
    let codes = |errors: &Value, wanted: &[&str]| {
        let codes: Vec<&str> =
            errors.as_array().unwrap().iter().map(|e| e["code"].as_str().unwrap()).collect();
        assert_eq!(codes, wanted, "{}", answer.text);
        let said = |error: &Value| !error["message"].as_str().unwrap().is_empty();
        assert!(errors.as_array().unwrap().iter().all(said));
    };
    match shape {
        Nothing => assert_eq!(answer.text, ""),
        Empty => assert_eq!(answer.body, json!({})),
        Payload(fields) => {
            keys(&answer.body, &["payload"]);
            keys(&answer.body["payload"], fields);
        }
        PayloadList => {
            keys(&answer.body, &["payload"]);
            assert!(answer.body["payload"].is_array());
        }
        Bare(fields) => keys(&answer.body, fields),
        Errors(wanted) => {
            keys(&answer.body, &["errors"]);
            codes(&answer.body["errors"], wanted);
        }
        List(wanted) => codes(&answer.body, wanted),
    }
}

async fn seller() -> Seller {
    let seller = Seller::new().await;
    seller.sandbox.set_rates(Rates::Off);
    seller
}

fn long() -> String {
    "x".repeat(101)
}

fn foreign(job: &mut Job) {
    job.facts.insert("seller".into(), json!({ "sellerId": "A1ANOTHERSELLER" }));
}

#[tokio::test]
async fn get_service_jobs_and_one_of_them() {
    let seller = seller().await;
    let all = seller.list(&format!("{ALL}&pageSize=5")).await;
    shows(&all, 200, &Payload(vec!["jobs", "nextPageToken", "totalResultSize"]));
    let middle = all.body["payload"]["nextPageToken"].as_str().unwrap();
    let middle: String = url::form_urlencoded::byte_serialize(middle.as_bytes()).collect();
    let middle = seller.list(&format!("{ALL}&pageSize=5&pageToken={middle}")).await;
    shows(&middle, 200, &Payload(vec!["jobs", "nextPageToken", "previousPageToken", "totalResultSize"]));
    shows(&seller.list(&format!("{US}&createdAfter=TEST_CASE_400")).await, 400, &Errors(vec![INPUT]));
    let one = seller.get(&format!("{JOBS}/{}", seller.unscheduled())).await;
    assert!(one.status == 200 && one.body["payload"]["serviceJobId"].is_string());
    shows(&seller.get(&format!("{JOBS}/{}", long())).await, 400, &Payload(vec![]));
}

#[tokio::test]
async fn cancel_service_job() {
    let seller = seller().await;
    let job = seller.visit().job;
    shows(&seller.cancel(&long(), "S1").await, 400, &Errors(vec![INPUT]));
    shows(&seller.cancel(&long(), "").await, 400, &Errors(vec![INPUT]));
    shows(&seller.cancel(&job, "INV1").await, 422, &Errors(vec![INPUT]));
    shows(&seller.cancel("invalidJobId", "S1").await, 422, &Errors(vec![INPUT]));
    shows(&seller.cancel(&job, "S1").await, 200, &Empty);
    seller.change_job(&job, |job| job.service_job_status = JobStatus::Completed);
    shows(&seller.cancel(&job, "S1").await, 422, &Errors(vec![INPUT]));
    seller.change_job(&job, foreign);
    shows(&seller.cancel(&job, "S1").await, 403, &Errors(vec!["UnauthorizedAction"]));
}

#[tokio::test]
async fn complete_service_job() {
    let seller = seller().await;
    let (visit, body) = (seller.visit(), seller.whole_body().await);
    seller.fulfil(&visit, &body).await;
    shows(&seller.complete(&visit.job).await, 200, &Empty);
    shows(&seller.complete(&long()).await, 400, &Errors(vec![INPUT]));
    shows(&seller.complete("invalidJobId").await, 422, &Errors(vec![INPUT]));
}

#[tokio::test]
async fn add_appointment() {
    let seller = seller().await;
    let job = seller.unscheduled();
    let start = |start: &str| json!({ "startTime": start });
    let soon = start("2026-03-05T10:00:00.000Z");
    for bad in ["2026-03-05T10:00:00.000+05:30", "2026-03-05T10-00:00.000Z", "2019-01-01T10:00:00.000Z"] {
        shows(&seller.add(&job, &start(bad)).await, 422, &Errors(vec![INPUT]));
    }
    shows(&seller.add(&long(), &soon).await, 400, &Errors(vec![INPUT]));
    shows(&seller.add(&job, &soon).await, 200, &Bare(vec!["appointmentId"]));
    shows(&seller.add(&job, &soon).await, 422, &Errors(vec![INPUT]));
    seller.change_job(&job, |job| job.appointments.clear());
    let whole = json!({ "startTime": "2026-03-05T10:00:00.000Z", "durationInMinutes": 60 });
    shows(&seller.add(&job, &whole).await, 200, &Bare(vec!["appointmentId"]));
    seller.change_job(&job, foreign);
    shows(&seller.add(&job, &soon).await, 403, &Errors(vec!["UnauthorizedAction"]));
}

#[tokio::test]
async fn reschedule_appointment() {
    let seller = seller().await;
    let start = |start: &str| json!({ "startTime": start });
    let soon = start("2026-03-05T10:00:00.000Z");
    let visit = seller.appoint(&seller.unscheduled(), "2026-03-04T10:00:00Z").await;
    for bad in ["2026-03-05T10-00:00.000Z", "2028-01-01T10:00:00.000Z"] {
        shows(&seller.reschedule(&visit, &start(bad), "RS4").await, 422, &Errors(vec![INPUT]));
    }
    shows(&seller.reschedule(&visit, &soon, "U1").await, 422, &Errors(vec![INPUT]));
    let moved = seller.reschedule(&visit, &soon, "RS4").await;
    shows(&moved, 200, &Bare(vec!["appointmentId"]));
    let appointment = moved.body["appointmentId"].as_str().unwrap().to_owned();
    let visit = Visit { appointment, ..visit };
    seller.assign(&visit, &["RESA1"]).await;
    let unassigned = seller.reschedule(&visit, &soon, "RS4").await;
    shows(&unassigned, 200, &Bare(vec!["appointmentId", "warnings"]));
    assert_eq!(unassigned.body["warnings"][0]["code"], "RESOURCES_UNASSIGNED");
    seller.change_job(&visit.job, |job| job.service_job_status = JobStatus::Completed);
    shows(&seller.reschedule(&visit, &soon, "RS4").await, 422, &Errors(vec![INPUT]));
}

#[tokio::test]
async fn assign_resources() {
    let seller = seller().await;
    let visit = seller.appoint(&seller.unscheduled(), "2026-03-05T10:00:00Z").await;
    shows(&seller.assign(&visit, &["RESA1", "RESB2"]).await, 200, &Empty);
    shows(&seller.assign_body(&visit, &json!({ "resources": [{}] })).await, 200, &Empty);
    shows(&seller.assign_body(&visit, &json!({ "resources": [] })).await, 400, &Errors(vec![INPUT]));
    let other = Visit { job: long(), appointment: visit.appointment.clone() };
    shows(&seller.assign(&other, &["RESA1"]).await, 400, &Errors(vec![INPUT]));
    let other = Visit { job: "invalidJobId".into(), appointment: visit.appointment.clone() };
    shows(&seller.assign(&other, &["RESA1"]).await, 422, &Errors(vec![INPUT]));
    seller.reserve("RESA1", "APPOINTMENT", "2026-03-05T10:00:00Z", "2026-03-05T11:00:00Z").await;
    let overbooked = seller.assign(&visit, &["RESA1", "RESB2"]).await;
    shows(&overbooked, 200, &Payload(vec!["warnings"]));
    seller.change_job(&visit.job, |job| job.service_job_status = JobStatus::Completed);
    shows(&seller.assign(&visit, &["RESA1"]).await, 422, &Errors(vec![INPUT]));
}

#[tokio::test]
async fn set_fulfilment_data() {
    let seller = seller().await;
    let visit = seller.visit();
    let whole = seller.whole_body().await;
    shows(&seller.fulfil(&visit, &whole).await, 204, &Nothing);
    let past = json!({ "startTime": "2000-01-01T09:00:00.000Z", "endTime": "2000-01-01T09:30:00.000Z" });
    shows(&seller.fulfil(&visit, &json!({ "estimatedArrivalTime": past })).await, 204, &Nothing);
    let parts = ["fulfillmentTime", "appointmentResources", "fulfillmentDocuments"];
    for left_out in parts {
        let mut body = whole.clone();
        body.as_object_mut().unwrap().remove(left_out);
        shows(&seller.fulfil(&visit, &body).await, 204, &Nothing);
        shows(&seller.fulfil(&visit, &json!({ left_out: whole[left_out] })).await, 204, &Nothing);
    }
    shows(&seller.fulfil(&visit, &json!({})).await, 400, &List(vec![INPUT]));
    let nowhere = Visit { job: "invalidJobId".into(), appointment: visit.appointment.clone() };
    shows(&seller.fulfil(&nowhere, &whole).await, 422, &List(vec![INPUT]));
    let elsewhere = Visit { job: visit.job.clone(), appointment: "invalidAppointmentId".into() };
    shows(&seller.fulfil(&elsewhere, &whole).await, 422, &List(vec![INPUT]));
    // A time without length is not what these are refused for: Amazon looks at its order last.
    let instant = json!({ "startTime": "2022-01-03T13:18:10.668Z", "endTime": "2022-01-03T13:18:10.668Z" });
    let nobody = json!({ "fulfillmentTime": instant, "appointmentResources": [{ "resourceId": "nobody" }] });
    let answer = seller.fulfil(&visit, &nobody).await;
    shows(&answer, 422, &List(vec![INPUT]));
    assert!(answer.text.contains("does not exist or is deleted"));
    for (field, start, end) in [
        ("fulfillmentTime", "2026-01-01T10:00:00.000+05:30", "2026-01-03T13:18:10.668Z"),
        ("fulfillmentTime", "2026-01-01T10-00:00.000Z", "2026-01-03T13:18:10.668Z"),
        ("fulfillmentTime", "9999-01-01T10:00:00.000Z", "2026-01-03T13:18:10.668Z"),
        ("estimatedArrivalTime", "2026-01-01T10-00:00.000Z", "2000-01-01T10:30:00.000Z"),
    ] {
        let body = json!({ field: { "startTime": start, "endTime": end } });
        shows(&seller.fulfil(&visit, &body).await, 422, &List(vec![INPUT]));
    }
    let unknown = json!([{ "uploadDestinationId": "unknown", "contentSha256": "x" }]);
    let body = json!({ "fulfillmentDocuments": unknown });
    shows(&seller.fulfil(&visit, &body).await, 422, &List(vec![INPUT]));
    let mut documents = whole["fulfillmentDocuments"].clone();
    documents[0]["contentSha256"] = json!("z06EuBzgzc7GiDNVqcxMqYEr7n0BCS9EtNN7szHe0RT=");
    let body = json!({ "fulfillmentDocuments": documents });
    shows(&seller.fulfil(&visit, &body).await, 422, &List(vec![INPUT]));
}

#[tokio::test]
async fn capacity_in_ranges_and_slots() {
    let seller = seller().await;
    let body = |extra: Value| {
        let mut body = json!({
            "capacityTypes": ["SCHEDULED_CAPACITY", "AVAILABLE_CAPACITY"],
            "startDateTime": "2026-04-04T00:00:00Z",
            "endDateTime": "2026-04-04T02:00:00Z",
        });
        body.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
        body
    };
    seller.reserve("RESA1", "BREAK", "2026-04-04T00:00:00Z", "2026-04-04T01:00:00Z").await;
    let range = seller.capacity("range", "RESA1", &body(json!({}))).await;
    shows(&range, 200, &Bare(vec!["capacities", "resourceId"]));
    let slot = |start: &str, end: &str, capacity: u64| {
        json!({ "startDateTime": format!("2026-04-04T{start}:00Z"),
                "endDateTime": format!("2026-04-04T{end}:00Z"), "capacity": capacity })
    };
    let expected = json!([
        { "capacityType": "SCHEDULED_CAPACITY", "slots": [slot("00:00", "02:00", 1)] },
        { "capacityType": "AVAILABLE_CAPACITY",
          "slots": [slot("00:00", "01:00", 0), slot("01:00", "02:00", 1)] },
    ]);
    assert_eq!(range.body["capacities"], expected);
    let quarter = json!({ "endDateTime": "2026-07-03T00:00:00Z" });
    let paged = seller.capacity("range", "RESA1", &body(quarter)).await;
    shows(&paged, 200, &Bare(vec!["capacities", "nextPageToken", "resourceId"]));
    let half = body(json!({ "slotDuration": 30 }));
    let fixed = seller.capacity("fixed", "RESA1", &half).await;
    shows(&fixed, 200, &Bare(vec!["capacities", "resourceId", "slotDuration"]));
    assert_eq!(fixed.body["capacities"].as_array().unwrap().len(), 4);
    for (form, bad) in [
        ("range", json!({ "startDateTime": "2026-0" })),
        ("fixed", json!({ "slotDuration": 400 })),
        ("fixed", json!({ "endDateTime": "2026-04-03T00:00:00Z" })),
    ] {
        let answer = seller.capacity(form, "RESA1", &body(bad)).await;
        shows(&answer, 400, &Errors(vec![INPUT]));
        assert!(answer.details().contains("errors: ["), "what is wrong is in the details");
        shows(&seller.capacity(form, "nobody", &body(json!({}))).await, 400, &Errors(vec![INPUT]));
    }
}

#[tokio::test]
async fn schedules_and_reservations() {
    let seller = seller().await;
    let records = |from: &str| {
        json!([{
            "startTime": format!("2026-04-01T{from}:00:00.00-07"),
            "endTime": "2026-04-01T23:59:00.00-07",
            "recurrence": { "endTime": "2026-04-06T23:59:00.00-07", "daysOfWeek": ["MONDAY", "WEDNESDAY"] },
        }])
    };
    seller.change_resource("RESA1", |resource| resource.schedule.clear());
    shows(&seller.schedule("RESA1", &records("00")).await, 200, &Empty);
    shows(&seller.schedule("RESA1", &records("12")).await, 200, &PayloadList);
    shows(&seller.schedule("nobody", &records("00")).await, 200, &Errors(vec![INPUT]));

    let (ten, eleven) = ("2026-04-01T10:00:00.00-07", "2026-04-01T11:00:00.00-07");
    let created = seller.reserve("RESA1", "BREAK", ten, eleven).await;
    shows(&created, 200, &Payload(vec!["reservation"]));
    let id = created.body["payload"]["reservation"]["reservationId"].as_str().unwrap();
    shows(&seller.reserve("nobody", "BREAK", ten, eleven).await, 200, &Errors(vec![INPUT]));
    let path = |id: &str| format!("/service/v1/reservation/{id}?{US}");
    let body = |resource| reservation(resource, "BREAK", ten, eleven);
    shows(&seller.send(Method::PUT, &path(id), &body("nobody")).await, 200, &Errors(vec![INPUT]));
    let updated = seller.send(Method::PUT, &path(id), &body("RESA1")).await;
    shows(&updated, 200, &Payload(vec!["reservation"]));
    let id = updated.body["payload"]["reservation"]["reservationId"].as_str().unwrap();
    let delete = async |id: &str| Answer::of(seller.request(Method::DELETE, &path(id))).await;
    shows(&delete("invalid-reservation").await, 400, &Errors(vec![INPUT]));
    shows(&delete(id).await, 204, &Nothing);
    shows(&delete(id).await, 404, &Errors(vec![INPUT]));
}

#[tokio::test]
async fn slots_of_a_service_and_of_a_job() {
    let seller = seller().await;
    let job = seller.unscheduled();
    let report = Payload(vec!["appointmentSlots", "endTime", "schedulingType", "startTime"]);
    for path in [
        format!("/service/v1/appointmentSlots?asin=B0TESTSV04&storeId={STORE}&{US}"),
        format!("{JOBS}/{job}/appointmentSlots?{US}"),
    ] {
        shows(&seller.get(&path).await, 200, &report);
        let range = "startTime=2026-04-04T00:00:00Z&endTime=2026-04-04T02:00:00Z";
        let answer = seller.get(&format!("{path}&{range}")).await;
        shows(&answer, 200, &report);
        assert_eq!(answer.body["payload"]["appointmentSlots"].as_array().unwrap().len(), 2);
        for bad in
            ["endTime=20-26-04-04T01:00:00Z", "startTime=2026-04-04T05:00:00Z&endTime=2026-04-04T02:00:00Z"]
        {
            shows(&seller.get(&format!("{path}&{bad}")).await, 400, &Errors(vec![INPUT]));
        }
    }
}

#[tokio::test]
async fn create_upload_destination() {
    let seller = seller().await;
    let body = json!({
        "contentType": "PNG", "contentLength": 1_386_437, "contentMD5": "97WrSKv9ffHkDopCdB32mw==",
    });
    let fields = Payload(vec!["encryptionDetails", "uploadDestinationId", "url"]);
    shows(&seller.post(DOCUMENTS, &body).await, 200, &fields);
    shows(&seller.post(DOCUMENTS, &json!({})).await, 400, &Errors(vec![INPUT]));
    shows(&seller.post(DOCUMENTS, &json!({ "contentType": "PNG" })).await, 400, &Errors(vec![INPUT]));
    let unknown = json!({ "contentType": "PNGr", "contentLength": 1_386_437 });
    shows(&seller.post(DOCUMENTS, &unknown).await, 422, &Errors(vec![INPUT]));
}
