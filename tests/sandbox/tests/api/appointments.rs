use doorstep_sandbox::{AppointmentStatus, JobStatus};
use serde_json::{Value, json};

use crate::planner::refused;
use crate::seller::{JOBS, Seller, Visit};

const SOON: &str = "2026-03-05T15:00:00Z";

fn at(start: &str) -> Value {
    json!({ "startTime": start })
}

#[tokio::test]
async fn an_added_appointment_makes_a_job_one_that_is_to_be_done() {
    let seller = Seller::new().await;
    let job = seller.unscheduled();
    let visit = seller.appoint(&job, SOON).await;
    assert!(visit.appointment.starts_with(&format!("{job}_")));
    let body = &seller.get(&format!("{JOBS}/{job}")).await.body["payload"];
    assert_eq!(body["serviceJobStatus"], "NOT_SERVICED");
    let appointment = &body["appointments"][0];
    assert_eq!(appointment["appointmentId"], visit.appointment);
    assert_eq!(appointment["appointmentStatus"], "ACTIVE");
    let time = json!({ "startTime": "2026-03-05T15:00:00.000Z", "durationInMinutes": 60 });
    assert_eq!(appointment["appointmentTime"], time, "the configured duration");
    assert!(appointment.get("assignedTechnicians").is_none(), "nobody goes yet");
}

#[tokio::test]
async fn a_job_has_one_active_appointment_at_most() {
    let seller = Seller::new().await;
    let job = seller.unscheduled();
    seller.appoint(&job, SOON).await;
    refused(&seller.add(&job, &at("2026-03-06T15:00:00Z")).await, "already has an active");
}

#[tokio::test]
async fn an_appointment_starts_in_utc_in_the_future_and_within_365_days() {
    let seller = Seller::new().await;
    let job = seller.unscheduled();
    let cases = [
        ("2026-03-05T10:00:00.000+05:30", "not in UTC"),
        ("2026-03-05T10-00:00.000Z", "Could not parse"),
        ("2026-03-02T18:00:00Z", "in the future"),
        ("2026-03-01T18:00:00Z", "in the future"),
        ("2027-03-02T18:00:01Z", "365 days"),
    ];
    for (start, part) in cases {
        refused(&seller.add(&job, &at(start)).await, part);
    }
    assert!(seller.sandbox.job(&job).unwrap().appointments.is_empty());
    assert_eq!(seller.add(&job, &at("2027-03-02T18:00:00Z")).await.status, 200);
}

#[tokio::test]
async fn a_duration_is_the_configured_one_or_left_out() {
    let seller = Seller::new().await;
    let job = seller.unscheduled();
    let other = json!({ "startTime": SOON, "durationInMinutes": 90 });
    refused(&seller.add(&job, &other).await, "60 minutes");
    let same = json!({ "startTime": SOON, "durationInMinutes": 60 });
    assert_eq!(seller.add(&job, &same).await.status, 200);
}

#[tokio::test]
async fn a_body_without_a_start_is_invalid_input() {
    let seller = Seller::new().await;
    let job = seller.unscheduled();
    for (time, name) in [
        (json!({}), "startTime"),
        (Value::Null, "appointmentTime"),
        (json!({ "startTime": 5 }), "startTime"),
        (json!({ "startTime": SOON, "durationInMinutes": "60" }), "durationInMinutes"),
    ] {
        let answer = seller.add(&job, &time).await;
        assert_eq!((answer.error().0, answer.error().1), (400, "InvalidInput"), "{time}");
        assert!(answer.error().2.contains(name), "{time}: {}", answer.text);
    }
    let impossible = seller.add(&"x".repeat(101), &at(SOON)).await;
    assert_eq!((impossible.error().0, impossible.error().1), (400, "InvalidInput"));
}

#[tokio::test]
async fn only_a_job_that_is_open_and_the_sellers_own_gets_an_appointment() {
    let seller = Seller::new().await;
    refused(&seller.add("nobody", &at(SOON)).await, "No job exist");
    let job = seller.unscheduled();
    for status in [
        JobStatus::Cancelled,
        JobStatus::Completed,
        JobStatus::Hold,
        JobStatus::NotFulfillable,
        JobStatus::PaymentDeclined,
    ] {
        seller.change_job(&job, |job| job.service_job_status = status);
        refused(&seller.add(&job, &at(SOON)).await, &format!("jobState : {}", status.name()));
    }
    seller.change_job(&job, |job| {
        job.facts.insert("seller".into(), json!({ "sellerId": "A1ANOTHERSELLER" }));
    });
    let foreign = seller.add(&job, &at(SOON)).await;
    assert_eq!((foreign.error().0, foreign.error().1), (403, "UnauthorizedAction"));
    assert_eq!(seller.get(&format!("{JOBS}/{job}")).await.status, 403);
}

#[tokio::test]
async fn a_slot_that_is_taken_is_refused_unless_the_buyer_prefers_it() {
    let seller = Seller::new().await;
    let job = seller.unscheduled();
    for resource in ["RESA1", "RESB2"] {
        let whole_week = ("2026-03-03T00:00:00Z", "2026-03-10T00:00:00Z");
        let answer = seller.reserve(resource, "VACATION", whole_week.0, whole_week.1).await;
        assert_eq!(answer.status, 200);
    }
    refused(&seller.add(&job, &at(SOON)).await, "not available");
    let preferred = seller.sandbox.job(&job).unwrap().facts["preferredAppointmentTimes"][0].clone();
    assert_eq!(seller.add(&job, &at(preferred["startTime"].as_str().unwrap())).await.status, 200);
}

#[tokio::test]
async fn a_rescheduled_appointment_is_cancelled_and_names_the_new_one() {
    let seller = Seller::new().await;
    let old = seller.appoint(&seller.unscheduled(), SOON).await;
    let answer = seller.reschedule(&old, &at("2026-03-06T16:00:00Z"), "RS6").await;
    assert_eq!((answer.status, answer.body.get("warnings")), (200, None), "nobody was assigned");
    let new_id = answer.body["appointmentId"].as_str().unwrap();
    assert_ne!(new_id, old.appointment);
    let job = seller.sandbox.job(&old.job).unwrap();
    assert_eq!(job.service_job_status, JobStatus::NotServiced);
    assert_eq!(job.appointments[0].appointment_status, AppointmentStatus::Cancelled);
    assert_eq!(job.appointments[0].rescheduled_appointment_id.as_deref(), Some(new_id));
    let active = job.active_appointment().unwrap();
    assert_eq!(active.appointment_id, new_id);
    assert_eq!(
        active.appointment_time.start_time,
        "2026-03-06T16:00:00Z".parse::<chrono::DateTime<chrono::Utc>>().unwrap()
    );
    refused(&seller.reschedule(&old, &at(SOON), "RS6").await, "not active");
}

#[tokio::test]
async fn rescheduling_unassigns_the_technicians_with_a_warning() {
    let seller = Seller::new().await;
    let visit = seller.visit();
    seller.sandbox.assign(&visit.job, &["TECHA1", "TECHB2"]).unwrap();
    let answer = seller.reschedule(&visit, &at(SOON), "RS11").await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.body["warnings"][0]["code"], "RESOURCES_UNASSIGNED");
    assert!(answer.body["warnings"][0]["message"].as_str().unwrap().contains("TECHA1,TECHB2"));
    let job = seller.sandbox.job(&visit.job).unwrap();
    assert!(job.active_appointment().unwrap().assigned_technicians.is_empty());
}

#[tokio::test]
async fn a_reschedule_needs_a_reason() {
    let seller = Seller::new().await;
    let visit = seller.visit();
    let path = format!("{JOBS}/{}/appointments/{}", visit.job, visit.appointment);
    let none = seller.post(&path, &json!({ "appointmentTime": at(SOON) })).await;
    assert_eq!((none.error().0, none.error().1), (400, "InvalidInput"));
}

#[tokio::test]
async fn a_reschedule_obeys_the_same_rules_of_time_and_status() {
    let seller = Seller::new().await;
    let visit = seller.visit();
    refused(&seller.reschedule(&visit, &at("2026-03-05T10-00:00.000Z"), "RS6").await, "Could not parse");
    refused(&seller.reschedule(&visit, &at("2027-06-01T10:00:00.000Z"), "RS6").await, "365 days");
    refused(&seller.reschedule(&visit, &at("2026-03-01T10:00:00.000Z"), "RS6").await, "in the future");
    let elsewhere = Visit { job: visit.job.clone(), appointment: "another".into() };
    refused(&seller.reschedule(&elsewhere, &at(SOON), "RS6").await, "not present in the job");
    seller.sandbox.cancel(&visit.job).unwrap();
    refused(&seller.reschedule(&visit, &at(SOON), "RS6").await, "jobState : CANCELLED");
    let long = Visit { job: "x".repeat(101), appointment: "y".repeat(101) };
    let answer = seller.reschedule(&long, &at(SOON), "RS6").await;
    assert_eq!((answer.error().0, answer.error().1), (400, "InvalidInput"));
    assert!(answer.error().2.contains("serviceJobId, appointmentId"));
}

#[tokio::test]
async fn a_visit_may_move_within_its_own_time() {
    let seller = Seller::new().await;
    let job = seller.unscheduled();
    // One technician is away, so that the visit is all that fits.
    seller.reserve("RESB2", "VACATION", "2026-03-05T00:00:00Z", "2026-03-06T00:00:00Z").await;
    let visit = seller.appoint(&job, SOON).await;
    assert_eq!(seller.reschedule(&visit, &at("2026-03-05T15:30:00Z"), "RS6").await.status, 200);
}
