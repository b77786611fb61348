use doorstep_sandbox::{BackgroundCheck, Rates, Registration};
use serde_json::json;

use crate::planner::refused;
use crate::seller::{Answer, Seller, Visit};

const SOON: &str = "2026-03-05T15:00:00Z";

async fn with_visit() -> (Seller, Visit) {
    let seller = Seller::new().await;
    seller.sandbox.set_rates(Rates::Off);
    let visit = seller.appoint(&seller.unscheduled(), SOON).await;
    (seller, visit)
}

fn technicians(seller: &Seller, visit: &Visit) -> Vec<String> {
    let job = seller.sandbox.job(&visit.job).unwrap();
    let assigned = &job.active_appointment().unwrap().assigned_technicians;
    assigned.iter().map(|technician| technician.technician_id.clone()).collect()
}

fn codes(answer: &Answer) -> Vec<&str> {
    assert_eq!(answer.status, 422, "{}", answer.text);
    answer.body["errors"].as_array().unwrap().iter().map(|error| error["code"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn assigned_resources_are_the_technicians_of_the_appointment_in_place_of_others() {
    let (seller, visit) = with_visit().await;
    let answer = seller.assign(&visit, &["RESA1", "RESB2"]).await;
    assert_eq!((answer.status, &answer.body), (200, &json!({})));
    assert_eq!(technicians(&seller, &visit), ["TECHA1", "TECHB2"]);
    assert_eq!(seller.assign(&visit, &["RESB2"]).await.status, 200);
    assert_eq!(technicians(&seller, &visit), ["TECHB2"]);
}

#[tokio::test]
async fn an_entry_that_names_nobody_is_taken_and_leaves_nobody_assigned() {
    let (seller, visit) = with_visit().await;
    seller.assign(&visit, &["RESA1"]).await;
    let answer = seller.assign_body(&visit, &json!({ "resources": [{}] })).await;
    assert_eq!((answer.status, &answer.body), (200, &json!({})));
    assert!(technicians(&seller, &visit).is_empty());
}

#[tokio::test]
async fn no_entry_at_all_is_invalid_input() {
    let (seller, visit) = with_visit().await;
    for body in [
        json!({ "resources": [] }),
        json!({}),
        json!({ "resources": "RESA1" }),
        json!({ "resources": ["RESA1"] }),
        json!({ "resources": [{ "resourceId": 1 }] }),
    ] {
        let answer = seller.assign_body(&visit, &body).await;
        assert_eq!((answer.error().0, answer.error().1), (400, "InvalidInput"), "{body}");
    }
    let empty = seller.assign_body(&visit, &json!({ "resources": [] })).await;
    assert!(empty.error().2.contains('\u{a0}'), "Amazon joins these words by non-breaking spaces");
    let long = Visit { job: "x".repeat(101), appointment: "y".repeat(101) };
    let answer = seller.assign(&long, &["RESA1"]).await;
    assert_eq!(answer.error().0, 400);
    assert!(answer.error().2.contains("serviceJobId") && answer.error().2.contains("appointmentId"));
}

#[tokio::test]
async fn a_resource_with_another_appointment_is_overbooked_with_a_warning() {
    let (seller, visit) = with_visit().await;
    let mut other = seller.visit();
    let moved = seller.reschedule(&other, &json!({ "startTime": "2026-03-05T15:30:00Z" }), "RS9").await;
    other.appointment = moved.body["appointmentId"].as_str().unwrap().into();
    assert_eq!(seller.assign(&other, &["RESA1"]).await.body, json!({}));
    let answer = seller.assign(&visit, &["RESA1", "RESB2"]).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.body["payload"]["warnings"][0]["code"], "RESOURCES_OVERBOOKED");
    assert_eq!(technicians(&seller, &visit), ["TECHA1", "TECHB2"], "assigned all the same");
    assert_eq!(seller.assign(&visit, &["RESB2"]).await.body, json!({}));
}

#[tokio::test]
async fn each_reason_why_a_resource_cannot_go_has_its_code() {
    let (seller, visit) = with_visit().await;
    let good = seller.resource("RESA1");
    let refused_for = async |code: &str| {
        let answer = seller.assign(&visit, &["RESA1"]).await;
        assert_eq!(codes(&answer), [code]);
        assert!(answer.error().2.contains("RESA1"));
        seller.sandbox.put_resource(good.clone());
    };
    seller.change_resource("RESA1", |resource| resource.location_types.clear());
    refused_for("RESOURCES_MISMATCHED_SERVICE_LOCATION_TYPE").await;
    seller.change_resource("RESA1", |resource| resource.skills.clear());
    refused_for("RESOURCES_MISSING_REQUIRED_SKILLS").await;
    seller.change_resource("RESA1", |resource| resource.stores.clear());
    refused_for("RESOURCES_NOT_AVAILABLE_IN_LOCATION").await;
    seller.change_resource("RESA1", |resource| resource.registration = Registration::NotRegistered);
    refused_for("RESOURCES_NOT_REGISTERED_UNDER_MERCHANT").await;
    seller.change_resource("RESA1", |resource| resource.background_check = BackgroundCheck::Incomplete);
    refused_for("RESOURCES_BACKGROUND_CHECK_INCOMPLETE").await;
    seller.change_resource("RESA1", |resource| resource.schedule.clear());
    refused_for("RESOURCES_NOT_AVAILABLE_IN_TIME_WINDOW").await;
    assert_eq!(seller.assign(&visit, &["RESA1"]).await.status, 200);
}

#[tokio::test]
async fn all_reasons_are_told_at_once_and_nothing_changes() {
    let (seller, visit) = with_visit().await;
    seller.assign(&visit, &["RESB2"]).await;
    seller.change_resource("RESA1", |resource| {
        resource.location_types.clear();
        resource.skills.clear();
        resource.stores.clear();
        resource.registration = Registration::NotRegistered;
        resource.background_check = BackgroundCheck::Incomplete;
        resource.schedule.clear();
    });
    let answer = seller.assign(&visit, &["RESA1", "RESB2", "RESNEW"]).await;
    assert_eq!(
        codes(&answer),
        [
            "RESOURCES_MISMATCHED_SERVICE_LOCATION_TYPE",
            "RESOURCES_MISSING_REQUIRED_SKILLS",
            "RESOURCES_NOT_AVAILABLE_IN_LOCATION",
            "RESOURCES_NOT_REGISTERED_UNDER_MERCHANT",
            "RESOURCES_BACKGROUND_CHECK_INCOMPLETE",
            "RESOURCES_NOT_AVAILABLE_IN_TIME_WINDOW",
        ]
    );
    assert!(!answer.text.contains("RESB2"));
    assert_eq!(technicians(&seller, &visit), ["TECHB2"]);
}

#[tokio::test]
async fn a_break_or_a_shift_that_ends_too_early_is_not_available() {
    let (seller, visit) = with_visit().await;
    seller.reserve("RESA1", "BREAK", "2026-03-05T15:45:00Z", "2026-03-05T16:15:00Z").await;
    assert_eq!(codes(&seller.assign(&visit, &["RESA1"]).await), ["RESOURCES_NOT_AVAILABLE_IN_TIME_WINDOW"]);
    let shift = json!([{ "startTime": "2026-03-05T15:00:00Z", "endTime": "2026-03-05T15:59:00Z" }]);
    assert_eq!(seller.schedule("RESB2", &shift).await.status, 200);
    assert_eq!(codes(&seller.assign(&visit, &["RESB2"]).await), ["RESOURCES_NOT_AVAILABLE_IN_TIME_WINDOW"]);
    let longer = json!([{ "startTime": "2026-03-05T15:00:00Z", "endTime": "2026-03-05T16:00:00Z" }]);
    assert_eq!(seller.schedule("RESB2", &longer).await.status, 200);
    assert_eq!(seller.assign(&visit, &["RESB2"]).await.status, 200);
}

#[tokio::test]
async fn the_job_and_its_appointment_must_be_there_and_active() {
    let (seller, visit) = with_visit().await;
    let nowhere = Visit { job: "nowhere".into(), appointment: visit.appointment.clone() };
    refused(&seller.assign(&nowhere, &["RESA1"]).await, "No job exist");
    let other = Visit { job: visit.job.clone(), appointment: "another".into() };
    refused(&seller.assign(&other, &["RESA1"]).await, "not present in the job");
    seller.sandbox.cancel(&visit.job).unwrap();
    refused(&seller.assign(&visit, &["RESA1"]).await, "jobState : CANCELLED");
}
