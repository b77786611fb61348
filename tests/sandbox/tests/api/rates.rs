use chrono::TimeDelta;
use reqwest::Method;
use serde_json::json;

use crate::seller::{Answer, Seller};

/// Operation, verb, path, requests per second, burst, as Amazon publishes them.
#[rustfmt::skip]
const OPERATIONS: [(&str, Method, &str, u32, u32); 17] = [
    ("getServiceJobByServiceJobId", Method::GET, "serviceJobs/nobody", 20, 40),
    ("cancelServiceJobByServiceJobId", Method::PUT, "serviceJobs/nobody/cancellations", 5, 20),
    ("completeServiceJobByServiceJobId", Method::PUT, "serviceJobs/nobody/completions", 5, 20),
    ("getServiceJobs", Method::GET, "serviceJobs", 10, 40),
    ("addAppointmentForServiceJobByServiceJobId", Method::POST, "serviceJobs/nobody/appointments", 5, 20),
    ("rescheduleAppointmentForServiceJobByServiceJobId", Method::POST, "serviceJobs/nobody/appointments/none", 5, 20),
    ("assignAppointmentResources", Method::PUT, "serviceJobs/nobody/appointments/none/resources", 1, 2),
    ("setAppointmentFulfillmentData", Method::PUT, "serviceJobs/nobody/appointments/none/fulfillment", 5, 20),
    ("getRangeSlotCapacity", Method::POST, "serviceResources/nobody/capacity/range", 5, 20),
    ("getFixedSlotCapacity", Method::POST, "serviceResources/nobody/capacity/fixed", 5, 20),
    ("updateSchedule", Method::PUT, "serviceResources/nobody/schedules", 5, 20),
    ("createReservation", Method::POST, "reservation", 5, 20),
    ("updateReservation", Method::PUT, "reservation/none", 5, 20),
    ("cancelReservation", Method::DELETE, "reservation/none", 5, 20),
    ("getAppointmmentSlotsByJobId", Method::GET, "serviceJobs/nobody/appointmentSlots", 5, 20),
    ("getAppointmentSlots", Method::GET, "appointmentSlots", 20, 40),
    ("createServiceDocumentUploadDestination", Method::POST, "documents", 5, 20),
];

#[tokio::test]
async fn every_operation_has_its_published_rate_and_counts_before_it_reads_the_input() {
    let seller = Seller::new().await;
    for (operation, method, path, rate, burst) in OPERATIONS {
        let nonsense = || {
            let request = seller.request(method.clone(), &format!("/service/v1/{path}"));
            Answer::of(if method == Method::GET { request } else { request.json(&json!({ "no": "sense" })) })
        };
        for _ in 0..burst {
            let status = nonsense().await.status;
            assert!((400..=422).contains(&status), "{operation}: {status}");
        }
        let throttled = nonsense().await;
        assert_eq!(throttled.status, 429, "{operation}");
        assert!(throttled.text.contains("QuotaExceeded"));
        assert_eq!(throttled.body.is_array(), operation == "setAppointmentFulfillmentData");
        seller.sandbox.clock().advance(TimeDelta::milliseconds(i64::from(1000 / rate)));
        assert_ne!(nonsense().await.status, 429, "{operation}: a token every {rate}th of a second");
        assert_eq!(nonsense().await.status, 429, "{operation}: and not two");
        assert_eq!(seller.sandbox.record().pop().unwrap().operation, Some(operation));
        assert_eq!(seller.sandbox.effects(operation), 0);
    }
}
