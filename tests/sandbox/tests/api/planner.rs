//! What a seller does besides carrying jobs out: appointments, people, time.

use doorstep_sandbox::{Job, JobStatus, Resource};
use reqwest::Method;
use serde_json::{Value, json};

use crate::seller::{Answer, JOBS, Seller, Visit};

pub(crate) const US: &str = "marketplaceIds=ATVPDKIKX0DER";
pub(crate) const STORE: &str = "sampletown-store-1";

impl Seller {
    pub(crate) async fn send(&self, method: Method, path: &str, body: &Value) -> Answer {
        Answer::of(self.request(method, path).json(body)).await
    }

    /// The job that nobody has an appointment for: a desk to assemble, 60 minutes.
    pub(crate) fn unscheduled(&self) -> String {
        let waits = |job: &Job| job.service_job_status == JobStatus::PendingSchedule;
        self.sandbox.jobs().into_iter().find(waits).unwrap().service_job_id
    }

    pub(crate) async fn add(&self, job: &str, time: &Value) -> Answer {
        self.send(Method::POST, &format!("{JOBS}/{job}/appointments"), &json!({ "appointmentTime": time }))
            .await
    }

    /// Adds an appointment that must succeed.
    pub(crate) async fn appoint(&self, job: &str, start: &str) -> Visit {
        let answer = self.add(job, &json!({ "startTime": start })).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        Visit { job: job.into(), appointment: answer.body["appointmentId"].as_str().unwrap().into() }
    }

    pub(crate) async fn reschedule(&self, visit: &Visit, time: &Value, reason: &str) -> Answer {
        let path = format!("{JOBS}/{}/appointments/{}", visit.job, visit.appointment);
        let body = json!({ "appointmentTime": time, "rescheduleReasonCode": reason });
        self.send(Method::POST, &path, &body).await
    }

    pub(crate) async fn assign(&self, visit: &Visit, resources: &[&str]) -> Answer {
        let resources: Vec<Value> = resources.iter().map(|id| json!({ "resourceId": id })).collect();
        self.assign_body(visit, &json!({ "resources": resources })).await
    }

    pub(crate) async fn assign_body(&self, visit: &Visit, body: &Value) -> Answer {
        let path = format!("{JOBS}/{}/appointments/{}/resources", visit.job, visit.appointment);
        self.send(Method::PUT, &path, body).await
    }

    pub(crate) async fn cancel(&self, job: &str, reason: &str) -> Answer {
        let path = format!("{JOBS}/{job}/cancellations?cancellationReasonCode={reason}");
        Answer::of(self.request(Method::PUT, &path)).await
    }

    pub(crate) async fn schedule(&self, resource: &str, records: &Value) -> Answer {
        let path = format!("/service/v1/serviceResources/{resource}/schedules?{US}");
        self.send(Method::PUT, &path, &json!({ "schedules": records })).await
    }

    pub(crate) async fn reserve(&self, resource: &str, kind: &str, start: &str, end: &str) -> Answer {
        self.send(
            Method::POST,
            &format!("/service/v1/reservation?{US}"),
            &reservation(resource, kind, start, end),
        )
        .await
    }

    /// `form` is `range` or `fixed`.
    pub(crate) async fn capacity(&self, form: &str, resource: &str, body: &Value) -> Answer {
        self.post(&format!("/service/v1/serviceResources/{resource}/capacity/{form}?{US}"), body).await
    }

    /// The capacities of a resource between two times, by type, as `(start, end, capacity)`.
    pub(crate) async fn ranges(
        &self,
        resource: &str,
        kind: &str,
        start: &str,
        end: &str,
    ) -> Vec<(String, u64)> {
        let body = json!({ "capacityTypes": [kind], "startDateTime": start, "endDateTime": end });
        let answer = self.capacity("range", resource, &body).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        let slots = answer.body["capacities"][0]["slots"].as_array().unwrap().clone();
        let first = slots.first().map(|slot| slot["startDateTime"].clone());
        assert_eq!(first, Some(json!(start)), "without gaps from the start");
        let slot = |slot: &Value| {
            (slot["endDateTime"].as_str().unwrap().to_owned(), slot["capacity"].as_u64().unwrap())
        };
        slots.iter().map(slot).collect()
    }

    pub(crate) fn resource(&self, id: &str) -> Resource {
        self.sandbox.resources().into_iter().find(|resource| resource.resource_id == id).unwrap()
    }

    pub(crate) fn change_resource(&self, id: &str, change: impl FnOnce(&mut Resource)) {
        let mut resource = self.resource(id);
        change(&mut resource);
        self.sandbox.put_resource(resource);
    }

    pub(crate) fn change_job(&self, id: &str, change: impl FnOnce(&mut Job)) {
        let mut job = self.sandbox.job(id).unwrap();
        change(&mut job);
        self.sandbox.put_job(job);
    }
}

pub(crate) fn reservation(resource: &str, kind: &str, start: &str, end: &str) -> Value {
    let availability = json!({ "startTime": start, "endTime": end });
    json!({ "resourceId": resource, "reservation": { "type": kind, "availability": availability } })
}

/// 422 with Amazon's usual code.
pub(crate) fn refused(answer: &Answer, part: &str) {
    assert_eq!((answer.error().0, answer.error().1), (422, "InvalidInput"), "{}", answer.text);
    assert!(answer.error().2.contains(part), "{}", answer.text);
}
