//! Service jobs: find them, read one, complete one.

mod query;

use reqwest::Method;
use serde_json::Value;

pub use query::{Query, Since, Sort, SortField, SortOrder};

use super::{Operation, Rate, Repeat};
use crate::answer::Answer;
use crate::client::{Client, Request};
use crate::error::Error;
use crate::id::ServiceJobId;
use crate::job::ServiceJob;
use crate::lenient;

/// `getServiceJobs`.
pub const GET_SERVICE_JOBS: Operation = Operation {
    name: "getServiceJobs",
    method: Method::GET,
    path: "/service/v1/serviceJobs",
    rate: Rate { per_second: 10.0, burst: 40.0 },
    repeat: Repeat::Read,
};

/// `getServiceJobByServiceJobId`.
pub const GET_SERVICE_JOB: Operation = Operation {
    name: "getServiceJobByServiceJobId",
    method: Method::GET,
    path: "/service/v1/serviceJobs/{serviceJobId}",
    rate: Rate { per_second: 20.0, burst: 40.0 },
    repeat: Repeat::Read,
};

/// `completeServiceJobByServiceJobId`. A lost answer is settled by the job's status: COMPLETED or not.
pub const COMPLETE_SERVICE_JOB: Operation = Operation {
    name: "completeServiceJobByServiceJobId",
    method: Method::PUT,
    path: "/service/v1/serviceJobs/{serviceJobId}/completions",
    rate: Rate { per_second: 5.0, burst: 20.0 },
    repeat: Repeat::ReadBack,
};

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
    /// Which job, if that much could be read.
    pub service_job_id: Option<ServiceJobId>,
    /// The path of the field that does not fit, such as `appointments[0].appointmentTime.startTime`.
    pub field: String,
}

impl Client {
    /// `getServiceJobs`: one page of jobs, in one marketplace.
    pub async fn get_service_jobs(&self, query: &Query) -> Result<Answer<JobPage>, Error> {
        let operation = &GET_SERVICE_JOBS;
        let query = query
            .encoded(self.page_token_encoding())
            .map_err(|(field, why)| operation.not_allowed(field, why))?;
        let answer =
            self.call(Request { operation, path: operation.path.to_owned(), query, body: None }).await?;
        self.value_of(operation, answer, page)
    }

    /// `getServiceJobByServiceJobId`: one job whole.
    pub async fn get_service_job(&self, id: &ServiceJobId) -> Result<Answer<ServiceJob>, Error> {
        let operation = &GET_SERVICE_JOB;
        let path = operation.path_with(&[("serviceJobId", id.as_str())])?;
        let answer = self.call(Request { operation, path, query: String::new(), body: None }).await?;
        self.value_of(operation, answer, job)
    }

    /// `completeServiceJobByServiceJobId`: says that the job is done. Only after its documents and fulfilment
    /// data are in, since neither can be changed any more.
    pub async fn complete_service_job(&self, id: &ServiceJobId) -> Result<Answer<()>, Error> {
        let operation = &COMPLETE_SERVICE_JOB;
        let path = operation.path_with(&[("serviceJobId", id.as_str())])?;
        let answer = self.call(Request { operation, path, query: String::new(), body: None }).await?;
        answer.try_map(|_| Ok(()))
    }
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
    for value in jobs {
        let service_job_id = value.get("serviceJobId").and_then(Value::as_str).map(ServiceJobId::from);
        match job(value) {
            Ok(job) => page.jobs.push(job),
            Err(field) => page.unreadable.push(UnreadableJob { service_job_id, field }),
        }
    }
    Ok(page)
}
