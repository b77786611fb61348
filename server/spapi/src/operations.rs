//! The operations, one file per group. Each is a constant with all that Amazon publishes about it; a new
//! one is a constant in its group's file, a line in [`ALL`] and a method on [`Client`](crate::Client).

pub mod documents;
pub mod fulfillment;
pub mod jobs;

use reqwest::Method;

use crate::error::{Cause, Error};
use crate::uri;

/// One operation of the Services API.
#[derive(Clone, Debug, PartialEq)]
pub struct Operation {
    /// Amazon's name of it.
    pub name: &'static str,
    /// The HTTP method.
    pub method: Method,
    /// The path, with its parameters in braces.
    pub path: &'static str,
    /// The published rate, per seller.
    pub rate: Rate,
    /// What is to be done when the answer is lost.
    pub repeat: Repeat,
}

/// A token bucket's measures.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rate {
    /// Requests per second in the long run.
    pub per_second: f64,
    /// Requests at once.
    pub burst: f64,
}

impl Rate {
    /// What every operation has at Amazon's sandbox endpoints.
    pub const AMAZONS_SANDBOX: Rate = Rate { per_second: 5.0, burst: 15.0 };
}

/// Whether a request may be sent a second time when nobody knows what became of the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repeat {
    /// It changes nothing.
    Read,
    /// The same request twice leaves the same state as once.
    Safe,
    /// Only the job's state tells.
    ReadBack,
}

/// Every operation that this crate knows.
pub const ALL: &[&Operation] = &[
    &jobs::GET_SERVICE_JOBS,
    &jobs::GET_SERVICE_JOB,
    &jobs::COMPLETE_SERVICE_JOB,
    &fulfillment::SET_APPOINTMENT_FULFILLMENT_DATA,
    &documents::CREATE_UPLOAD_DESTINATION,
];

impl Operation {
    pub(crate) fn failed(&self, cause: Cause) -> Error {
        Error::new(self.name, self.repeat, cause)
    }

    pub(crate) fn not_allowed(&self, field: &str, why: impl Into<String>) -> Error {
        self.failed(Cause::NotAllowed { field: field.to_owned(), why: why.into() })
    }

    /// The path with its parameters filled in, each as one encoded segment of 1 to 100 characters.
    ///
    /// # Errors
    /// A parameter is empty, too long, or no identifier; the error names it.
    pub fn path_with(&self, parameters: &[(&str, &str)]) -> Result<String, Error> {
        let mut path = self.path.to_owned();
        for (name, value) in parameters {
            if value.is_empty() || value.chars().count() > 100 {
                return Err(self.not_allowed(name, "has to have 1 to 100 characters"));
            }
            // As a path segment these two would name another operation.
            if matches!(*value, "." | "..") {
                return Err(self.not_allowed(name, "is not an identifier"));
            }
            path = path.replace(&format!("{{{name}}}"), &uri::encode(value));
        }
        Ok(path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identifier_stays_one_segment_of_the_path() {
        let path = |id: &str| jobs::GET_SERVICE_JOB.path_with(&[("serviceJobId", id)]);
        assert_eq!(path("a/b?c#d<->e=").unwrap(), "/service/v1/serviceJobs/a%2Fb%3Fc%23d%3C-%3Ee%3D");
        for odd in ["", ".", "..", &"x".repeat(101)] {
            assert_eq!(path(odd).unwrap_err().not_allowed().unwrap().0, "serviceJobId", "{odd}");
        }
    }

    #[test]
    fn the_registry_names_each_operation_once_with_a_rate_it_can_keep() {
        for operation in ALL {
            assert_eq!(ALL.iter().filter(|other| other.name == operation.name).count(), 1);
            assert!(operation.rate.burst >= operation.rate.per_second && operation.rate.per_second > 0.0);
            assert_eq!(operation.repeat == Repeat::Read, operation.method == Method::GET);
        }
    }
}
