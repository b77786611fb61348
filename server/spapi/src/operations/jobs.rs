//! Service jobs: find them, read one, complete or cancel one.

mod query;

use reqwest::Method;
use serde_json::Value;

pub use query::{Query, Since, SortField, SortOrder};

use super::{Operation, Parameter, Rate, Repeat, no_misfits};
use crate::answer::Answer;
use crate::call::Draft;
use crate::client::Client;
use crate::error::Error;
use crate::id::ServiceJobId;
use crate::job::{Appointment, JobStatus, ServiceJob};
use crate::lenient;
use crate::schema::{Pattern, Schema};

/// `getServiceJobs`.
pub const GET_SERVICE_JOBS: Operation = Operation {
    name: "getServiceJobs",
    method: Method::GET,
    path: "/service/v1/serviceJobs",
    rate: Rate { per_second: 10.0, burst: 40.0 },
    repeat: Repeat::Read,
    parameters: query::PARAMETERS,
    body: None,
    misfits: page_misfits,
};

/// `getServiceJobByServiceJobId`.
pub const GET_SERVICE_JOB: Operation = Operation {
    name: "getServiceJobByServiceJobId",
    method: Method::GET,
    path: "/service/v1/serviceJobs/{serviceJobId}",
    rate: Rate { per_second: 20.0, burst: 40.0 },
    repeat: Repeat::Read,
    parameters: &[JOB],
    body: None,
    misfits: job_misfits,
};

/// `cancelServiceJobByServiceJobId`. A lost answer is settled by the job's status: CANCELLED or not.
pub const CANCEL_SERVICE_JOB: Operation = Operation {
    name: "cancelServiceJobByServiceJobId",
    method: Method::PUT,
    path: "/service/v1/serviceJobs/{serviceJobId}/cancellations",
    rate: Rate::USUAL,
    repeat: Repeat::ReadBack,
    parameters: &[
        JOB,
        Parameter::required(
            "cancellationReasonCode",
            &Schema::Text {
                shortest: 1,
                longest: 100,
                pattern: Some(Pattern {
                    expression: "^[A-Z0-9_]*$",
                    fits: |text| {
                        text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_')
                    },
                    words: "capitals, digits and underscores",
                }),
            },
        ),
    ],
    body: None,
    misfits: no_misfits,
};

/// `completeServiceJobByServiceJobId`. A lost answer is settled by the job's status: COMPLETED or not.
pub const COMPLETE_SERVICE_JOB: Operation = Operation {
    name: "completeServiceJobByServiceJobId",
    method: Method::PUT,
    path: "/service/v1/serviceJobs/{serviceJobId}/completions",
    rate: Rate::USUAL,
    repeat: Repeat::ReadBack,
    parameters: &[JOB],
    body: None,
    misfits: no_misfits,
};

pub(super) const JOB: Parameter = Parameter::path("serviceJobId");

/// What of a visit tells whether it was moved.
const VISIT_FIELDS: [&str; 4] =
    ["appointmentId", "appointmentStatus", "appointmentTime", "rescheduledAppointmentId"];

/// Where a job stands, and its visits.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct JobVisits {
    /// `serviceJobStatus`.
    pub status: Option<JobStatus>,
    /// `appointments`: ids, status and times alone.
    pub visits: Vec<Appointment>,
}

/// One page of `getServiceJobs`. Pages are no snapshot: a job may come twice, so go by its id.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct JobPage {
    /// How many jobs the query has in all.
    pub total_result_size: Option<u64>,
    /// The token of the next page; none on the last.
    pub next_page_token: Option<String>,
    /// The token of the page before.
    pub previous_page_token: Option<String>,
    /// The jobs.
    pub jobs: Vec<ServiceJob>,
    /// Jobs that do not fit the model. They hide no other job, and they are not lost silently.
    pub unreadable: Vec<UnreadableJob>,
}

/// A job that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnreadableJob {
    /// Its place on the page, from 0.
    pub at: usize,
    /// Which job, if that much could be read.
    pub service_job_id: Option<ServiceJobId>,
    /// The path of the field that does not fit, such as `appointments[0].appointmentTime.startTime`.
    pub field: String,
}

impl Client {
    /// `getServiceJobs`: one page of jobs, in one marketplace.
    pub async fn get_service_jobs(&self, query: &Query) -> Result<Answer<JobPage>, Error> {
        self.perform(query.draft(), page).await
    }

    /// `getServiceJobByServiceJobId`: one job whole.
    pub async fn get_service_job(&self, id: &ServiceJobId) -> Result<Answer<ServiceJob>, Error> {
        self.perform(Draft::of(&GET_SERVICE_JOB).with("serviceJobId", id.as_str()), job).await
    }

    /// `getServiceJobByServiceJobId`, of which only the status is read: buyer and address are not even parsed, so that
    /// whoever asks after the buyer's data has expired does not have it again.
    pub async fn get_service_job_status(
        &self,
        id: &ServiceJobId,
    ) -> Result<Answer<Option<JobStatus>>, Error> {
        self.perform(Draft::of(&GET_SERVICE_JOB).with("serviceJobId", id.as_str()), status).await
    }

    /// `getServiceJobByServiceJobId`, of which only the status and the visits are read, without their technicians'
    /// names: what tells whether a visit was moved.
    pub async fn get_service_job_visits(&self, id: &ServiceJobId) -> Result<Answer<JobVisits>, Error> {
        self.perform(Draft::of(&GET_SERVICE_JOB).with("serviceJobId", id.as_str()), visits).await
    }

    /// `cancelServiceJobByServiceJobId`: gives the job up, for a reason out of Amazon's table for the marketplace.
    /// Cancelling the only active job of an order cancels the order.
    pub async fn cancel_service_job(&self, id: &ServiceJobId, reason: &str) -> Result<Answer<()>, Error> {
        let draft = Draft::of(&CANCEL_SERVICE_JOB).with("serviceJobId", id.as_str());
        self.perform_plainly(draft.with("cancellationReasonCode", reason)).await
    }

    /// `completeServiceJobByServiceJobId`: says that the job is done. Only after its documents and fulfilment
    /// data are in, since neither can be changed any more.
    pub async fn complete_service_job(&self, id: &ServiceJobId) -> Result<Answer<()>, Error> {
        self.perform_plainly(Draft::of(&COMPLETE_SERVICE_JOB).with("serviceJobId", id.as_str())).await
    }
}

fn status(value: Value) -> Result<Option<JobStatus>, String> {
    match value {
        Value::Object(mut fields) => match fields.remove("serviceJobStatus") {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(status)) => Ok(Some(JobStatus::from(status.as_str()))),
            Some(_) => Err("serviceJobStatus".to_owned()),
        },
        _ => Err("serviceJobStatus".to_owned()),
    }
}

fn visits(mut value: Value) -> Result<JobVisits, String> {
    let visits = match value.get_mut("appointments").map(Value::take) {
        Some(Value::Array(visits)) => visits,
        Some(Value::Null) | None => Vec::new(),
        Some(_) => return Err("appointments".to_owned()),
    };
    let visits = visits.into_iter().map(|mut visit| {
        if let Value::Object(fields) = &mut visit {
            fields.retain(|name, _| VISIT_FIELDS.contains(&name.as_str()));
        }
        lenient::typed(visit)
    });
    let visits = visits.collect::<Result<_, String>>().map_err(|field| format!("appointments.{field}"))?;
    Ok(JobVisits { status: status(value)?, visits })
}

fn job(mut value: Value) -> Result<ServiceJob, String> {
    // Serde refuses a field that comes under both of its names.
    if let Value::Object(fields) = &mut value
        && fields.contains_key("serviceJobProvider")
    {
        fields.remove("serviceProvider");
    }
    lenient::typed(value)
}

fn job_misfits(value: Option<Value>) -> Vec<String> {
    value.ok_or_else(|| "payload".to_owned()).and_then(job).err().into_iter().collect()
}

fn page_misfits(value: Option<Value>) -> Vec<String> {
    match value.ok_or_else(|| "payload".to_owned()).and_then(page) {
        Ok(page) => {
            page.unreadable.into_iter().map(|job| format!("jobs[{}].{}", job.at, job.field)).collect()
        }
        Err(field) => vec![field],
    }
}

fn page(mut value: Value) -> Result<JobPage, String> {
    let token = |name: &str| {
        value.get(name).and_then(Value::as_str).filter(|token| !token.is_empty()).map(str::to_owned)
    };
    let mut page = JobPage {
        total_result_size: value.get("totalResultSize").and_then(Value::as_u64),
        next_page_token: token("nextPageToken"),
        previous_page_token: token("previousPageToken"),
        ..JobPage::default()
    };
    let jobs = match value.get_mut("jobs").map(Value::take) {
        Some(Value::Array(jobs)) => jobs,
        Some(Value::Null) | None if value.is_object() => Vec::new(),
        _ => return Err("jobs".to_owned()),
    };
    for (at, value) in jobs.into_iter().enumerate() {
        let service_job_id = value.get("serviceJobId").and_then(Value::as_str).map(ServiceJobId::from);
        match job(value) {
            Ok(job) => page.jobs.push(job),
            Err(field) => page.unreadable.push(UnreadableJob { at, service_job_id, field }),
        }
    }
    Ok(page)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn of_a_jobs_visits_nobody_is_read() {
        let read = visits(json!({ "serviceJobStatus": "NOT_SERVICED", "buyer": 7, "appointments": [{
            "appointmentId": "A-1", "appointmentStatus": "CANCELLED", "rescheduledAppointmentId": "A-2",
            "assignedTechnicians": [{ "technicianId": "T", "name": "Robin Sample" }], "poa": "whatever",
        }] }))
        .unwrap();
        assert_eq!(read.status, Some(JobStatus::NotServiced));
        assert_eq!(read.visits[0].rescheduled_appointment_id.as_ref().unwrap().as_str(), "A-2");
        assert!(read.visits[0].assigned_technicians.is_empty());
        assert_eq!(visits(json!({})).unwrap(), JobVisits::default());
        assert_eq!(
            visits(json!({ "appointments": [{ "appointmentId": [] }] })).unwrap_err(),
            "appointments.appointmentId"
        );
    }

    #[test]
    fn the_status_is_read_whatever_else_the_job_holds() {
        let odd = json!({ "serviceJobStatus": "HOLD", "buyer": 7, "serviceLocation": ["no place"] });
        assert_eq!(status(odd).unwrap(), Some(JobStatus::Hold));
        assert_eq!(status(json!({ "buyer": { "name": "Test Buyer 07" } })).unwrap(), None);
        assert_eq!(status(json!({ "serviceJobStatus": 7 })).unwrap_err(), "serviceJobStatus");
        assert_eq!(status(json!([])).unwrap_err(), "serviceJobStatus");
    }
}
