use chrono::TimeDelta;
use doorstep_sandbox::{AppointmentStatus, JobStatus};
use serde_json::json;

use crate::seller::Seller;

#[tokio::test]
async fn a_fulfilled_job_is_completed_once() {
    let seller = Seller::new().await;
    let (visit, body) = (seller.visit(), seller.whole_body().await);
    assert_eq!(seller.fulfil(&visit, &body).await.status, 204);
    seller.sandbox.clock().advance(TimeDelta::minutes(1));
    let first = seller.complete(&visit.job).await;
    assert_eq!((first.status, &first.body), (200, &json!({})));
    let job = seller.sandbox.job(&visit.job).unwrap();
    assert_eq!(job.service_job_status, JobStatus::Completed);
    assert_eq!(job.appointments[0].appointment_status, AppointmentStatus::Completed);
    assert_eq!(job.last_updated, seller.sandbox.clock().now());

    let second = seller.complete(&visit.job).await;
    assert_eq!((second.error().0, second.error().1), (422, "InvalidInput"));
    assert!(second.error().2.contains("jobState : COMPLETED"));
    assert_eq!(seller.sandbox.completions(&visit.job), 1);

    let late = seller.fulfil(&visit, &body).await;
    assert_eq!((late.bare_error().0, late.bare_error().1), (422, "InvalidInput"));
    assert!(late.bare_error().2.contains("jobState : COMPLETED"));
}

#[tokio::test]
async fn a_job_without_proof_is_not_completed() {
    let seller = Seller::new().await;
    let visit = seller.visit();
    let nothing = seller.complete(&visit.job).await;
    assert_eq!((nothing.error().0, nothing.error().1), (422, "InvalidInput"));
    let times_only = json!({ "fulfillmentTime": seller.past_hour() });
    assert_eq!(seller.fulfil(&visit, &times_only).await.status, 204);
    let no_documents = seller.complete(&visit.job).await;
    assert_eq!((no_documents.error().0, no_documents.error().1), (422, "InvalidInput"));
    assert_eq!(seller.sandbox.completions(&visit.job), 0);
}

#[tokio::test]
async fn only_a_known_job_with_an_active_appointment_is_completed() {
    let seller = Seller::new().await;
    let unknown = seller.complete("nobody").await;
    assert_eq!((unknown.error().0, unknown.error().1), (422, "InvalidInput"));
    assert!(unknown.error().2.contains("not found"));

    let jobs = seller.sandbox.jobs();
    let unscheduled = jobs.iter().find(|j| j.service_job_status == JobStatus::PendingSchedule).unwrap();
    let answer = seller.complete(&unscheduled.service_job_id).await;
    assert_eq!((answer.error().0, answer.error().1), (422, "InvalidInput"));
    assert!(answer.error().2.contains("PENDING_SCHEDULE"));

    let mut job = seller.sandbox.job(&seller.visit().job).unwrap();
    job.appointments.clear();
    let id = job.service_job_id.clone();
    seller.sandbox.put_job(job);
    let answer = seller.complete(&id).await;
    assert_eq!((answer.error().0, answer.error().1), (422, "InvalidInput"));
    assert!(answer.error().2.contains("no active appointment"));

    let long = seller.complete(&"x".repeat(101)).await;
    assert_eq!((long.error().0, long.error().1), (400, "InvalidInput"));
}

#[tokio::test]
async fn a_visit_moved_after_its_fulfilment_needs_a_new_one() {
    let seller = Seller::new().await;
    let (visit, body) = (seller.visit(), seller.whole_body().await);
    assert_eq!(seller.fulfil(&visit, &body).await.status, 204);
    seller.sandbox.reschedule(&visit.job, "2026-03-05T15:00:00Z".parse().unwrap()).unwrap();
    assert_eq!(seller.complete(&visit.job).await.status, 422);
}
