//! Orders, derived from their jobs: an order is open as long as one of its jobs is.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use crate::job::{Job, JobStatus};

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Order {
    pub service_order_id: String,
    pub status: OrderStatus,
    pub service_job_ids: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum OrderStatus {
    Open,
    /// No job is open any more, and at least one was done.
    Completed,
    /// No job is open any more, and none was done.
    Cancelled,
}

pub(crate) fn orders<'a>(jobs: impl Iterator<Item = &'a Job>) -> Vec<Order> {
    let mut grouped: BTreeMap<&str, Vec<&Job>> = BTreeMap::new();
    for job in jobs {
        if let Some(order) = job.fact("serviceOrderId").and_then(Value::as_str) {
            grouped.entry(order).or_default().push(job);
        }
    }
    let order = |(id, jobs): (&str, Vec<&Job>)| Order {
        service_order_id: id.into(),
        status: status(&jobs),
        service_job_ids: jobs.iter().map(|job| job.service_job_id.clone()).collect(),
    };
    grouped.into_iter().map(order).collect()
}

fn status(jobs: &[&Job]) -> OrderStatus {
    if jobs.iter().any(|job| job.service_job_status.is_open()) {
        OrderStatus::Open
    } else if jobs.iter().any(|job| job.service_job_status == JobStatus::Completed) {
        OrderStatus::Completed
    } else {
        OrderStatus::Cancelled
    }
}
