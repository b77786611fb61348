use doorstep_sandbox::{AppointmentStatus, Job, JobStatus, OrderStatus};
use reqwest::Method;
use serde_json::json;

use crate::planner::refused;
use crate::seller::{Answer, JOBS, Seller};

fn status_of_order(seller: &Seller, job: &Job) -> OrderStatus {
    let id = job.facts["serviceOrderId"].as_str().unwrap();
    seller.sandbox.orders().into_iter().find(|order| order.service_order_id == id).unwrap().status
}

#[tokio::test]
async fn a_cancelled_job_has_a_cancelled_appointment() {
    let seller = Seller::new().await;
    let visit = seller.visit();
    let answer = seller.cancel(&visit.job, "S3").await;
    assert_eq!((answer.status, &answer.body), (200, &json!({})));
    let job = seller.sandbox.job(&visit.job).unwrap();
    assert_eq!(job.service_job_status, JobStatus::Cancelled);
    assert_eq!(job.appointments[0].appointment_status, AppointmentStatus::Cancelled);
    assert_eq!(job.last_updated, seller.sandbox.clock().now());
    refused(&seller.cancel(&visit.job, "S3").await, "jobStatus CANCELLED cannot be cancelled");
}

#[tokio::test]
async fn every_open_job_may_be_cancelled_and_no_closed_one() {
    let seller = Seller::new().await;
    let job = seller.unscheduled();
    for status in [
        JobStatus::PendingSchedule,
        JobStatus::NotServiced,
        JobStatus::Hold,
        JobStatus::PaymentDeclined,
        JobStatus::NotFulfillable,
    ] {
        seller.change_job(&job, |job| job.service_job_status = status);
        assert_eq!(seller.cancel(&job, "S1").await.status, 200, "{}", status.name());
    }
    seller.change_job(&job, |job| job.service_job_status = JobStatus::Completed);
    refused(&seller.cancel(&job, "S1").await, "jobStatus COMPLETED cannot be cancelled");
}

#[tokio::test]
async fn a_missing_or_malformed_reason_or_id_is_invalid_input() {
    let seller = Seller::new().await;
    let job = seller.visit().job;
    for reason in ["", "s1", "S-1", &"S".repeat(101)] {
        let answer = seller.cancel(&job, reason).await;
        assert_eq!((answer.error().0, answer.error().1), (400, "InvalidInput"), "{reason}");
        assert!(answer.error().2.contains("[cancellationReasonCode]"));
    }
    let none = Answer::of(seller.request(Method::PUT, &format!("{JOBS}/{job}/cancellations"))).await;
    assert_eq!(none.error().0, 400);
    let both = seller.cancel(&"x".repeat(101), "").await;
    assert!(both.error().2.contains("[serviceJobId, cancellationReasonCode]"));
}

#[tokio::test]
async fn only_a_known_job_of_the_seller_is_cancelled() {
    let seller = Seller::new().await;
    refused(&seller.cancel("nobody", "S1").await, "not found");
    let job = seller.visit().job;
    seller.change_job(&job, |job| {
        job.facts.insert("seller".into(), json!({ "sellerId": "A1ANOTHERSELLER" }));
    });
    let answer = seller.cancel(&job, "S1").await;
    assert_eq!((answer.error().0, answer.error().1), (403, "UnauthorizedAction"));
}

#[tokio::test]
async fn an_order_closes_with_its_last_open_job() {
    let seller = Seller::new().await;
    let (visit, body) = (seller.visit(), seller.whole_body().await);
    let sibling = seller.unscheduled();
    let first = seller.sandbox.job(&visit.job).unwrap();
    let order = first.facts["serviceOrderId"].clone();
    seller.change_job(&sibling, |job| {
        job.facts.insert("serviceOrderId".into(), order);
    });
    assert_eq!(status_of_order(&seller, &first), OrderStatus::Open);
    seller.fulfil(&visit, &body).await;
    seller.complete(&visit.job).await;
    assert_eq!(status_of_order(&seller, &first), OrderStatus::Open, "one job is still to be scheduled");
    seller.cancel(&sibling, "S1").await;
    assert_eq!(status_of_order(&seller, &first), OrderStatus::Completed);

    let alone = seller.sandbox.job(&seller.visit().job).unwrap();
    seller.cancel(&alone.service_job_id, "S1").await;
    assert_eq!(status_of_order(&seller, &alone), OrderStatus::Cancelled);
    let orders = seller.look("orders").await.body["orders"].as_array().unwrap().clone();
    assert_eq!(orders.len(), seller.sandbox.orders().len());
    let closed = orders.iter().find(|order| order["serviceJobIds"][0] == alone.service_job_id).unwrap();
    assert_eq!(closed["status"], "CANCELLED");
}
