//! The operations: the whole of what the sandbox answers, on one screen.

mod appointment;
mod assignment;
mod availability;
mod cancellation;
mod capacity;
mod completion;
mod destination;
mod fulfilment;
mod job;
mod jobs;
mod login;
pub(crate) mod refusal;
mod reschedule;
mod reservation;
pub(crate) mod restricted;
mod schedule;
mod slots;
mod upload;

use std::collections::BTreeMap;

use axum::body::Bytes;
use axum::http::{HeaderMap, Method, StatusCode};
use axum::routing::MethodFilter;
use chrono::{DateTime, Utc};
use serde_json::Value;

pub(crate) use appointment::slot_taken;
pub(crate) use refusal::Refusal;

use crate::rate::Rate;
use crate::state::State;

/// One operation of Amazon's.
#[derive(Debug)]
pub(crate) struct Operation {
    /// The model's `operationId`.
    pub(crate) name: &'static str,
    pub(crate) method: MethodFilter,
    /// The model's path; the router reads the same `{parameter}` form.
    pub(crate) path: &'static str,
    pub(crate) rate: Option<Rate>,
    pub(crate) shape: Shape,
    pub(crate) access: Access,
    pub(crate) act: Act,
}

/// What an admitted request does. Errors mean that nothing changed.
pub(crate) type Act = fn(&mut State, &Call, DateTime<Utc>) -> Result<Reply, Refusal>;

/// Which door a request comes through, and in which of Amazon's shapes it is refused there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// `{"error": …, "error_description": …}`
    Login,
    /// `{"errors": […]}`
    Enveloped,
    /// `[…]`, with no envelope at all
    BareArray,
    /// S3's XML
    Storage,
}

impl Shape {
    /// Behind the gateway, which asks for an access token and a user agent.
    pub(crate) fn is_gateway(self) -> bool {
        matches!(self, Self::Enveloped | Self::BareArray)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    Read,
    Write,
}

const fn rate(per_second: u32, burst: u32) -> Option<Rate> {
    Some(Rate { per_second, burst })
}

#[rustfmt::skip]
pub(crate) static OPERATIONS: [Operation; 20] = [
    Operation { name: "token", method: MethodFilter::POST, path: "/auth/o2/token",
        rate: None, shape: Shape::Login, access: Access::Write, act: login::token },
    Operation { name: "getServiceJobs", method: MethodFilter::GET, path: "/service/v1/serviceJobs",
        rate: rate(10, 40), shape: Shape::Enveloped, access: Access::Read, act: jobs::list },
    Operation { name: "getServiceJobByServiceJobId", method: MethodFilter::GET, path: "/service/v1/serviceJobs/{serviceJobId}",
        rate: rate(20, 40), shape: Shape::Enveloped, access: Access::Read, act: job::get },
    Operation { name: "completeServiceJobByServiceJobId", method: MethodFilter::PUT, path: "/service/v1/serviceJobs/{serviceJobId}/completions",
        rate: rate(5, 20), shape: Shape::Enveloped, access: Access::Write, act: completion::complete },
    Operation { name: "cancelServiceJobByServiceJobId", method: MethodFilter::PUT, path: "/service/v1/serviceJobs/{serviceJobId}/cancellations",
        rate: rate(5, 20), shape: Shape::Enveloped, access: Access::Write, act: cancellation::cancel },
    Operation { name: "addAppointmentForServiceJobByServiceJobId", method: MethodFilter::POST, path: "/service/v1/serviceJobs/{serviceJobId}/appointments",
        rate: rate(5, 20), shape: Shape::Enveloped, access: Access::Write, act: appointment::add },
    Operation { name: "rescheduleAppointmentForServiceJobByServiceJobId", method: MethodFilter::POST, path: "/service/v1/serviceJobs/{serviceJobId}/appointments/{appointmentId}",
        rate: rate(5, 20), shape: Shape::Enveloped, access: Access::Write, act: reschedule::reschedule },
    Operation { name: "assignAppointmentResources", method: MethodFilter::PUT, path: "/service/v1/serviceJobs/{serviceJobId}/appointments/{appointmentId}/resources",
        rate: rate(1, 2), shape: Shape::Enveloped, access: Access::Write, act: assignment::assign },
    Operation { name: "setAppointmentFulfillmentData", method: MethodFilter::PUT, path: "/service/v1/serviceJobs/{serviceJobId}/appointments/{appointmentId}/fulfillment",
        rate: rate(5, 20), shape: Shape::BareArray, access: Access::Write, act: fulfilment::set },
    Operation { name: "createServiceDocumentUploadDestination", method: MethodFilter::POST, path: "/service/v1/documents",
        rate: rate(5, 20), shape: Shape::Enveloped, access: Access::Write, act: destination::create },
    Operation { name: "getAppointmentSlots", method: MethodFilter::GET, path: "/service/v1/appointmentSlots",
        rate: rate(20, 40), shape: Shape::Enveloped, access: Access::Read, act: slots::of_service },
    // Three m: the name is Amazon's.
    Operation { name: "getAppointmmentSlotsByJobId", method: MethodFilter::GET, path: "/service/v1/serviceJobs/{serviceJobId}/appointmentSlots",
        rate: rate(5, 20), shape: Shape::Enveloped, access: Access::Read, act: slots::of_job },
    Operation { name: "getRangeSlotCapacity", method: MethodFilter::POST, path: "/service/v1/serviceResources/{resourceId}/capacity/range",
        rate: rate(5, 20), shape: Shape::Enveloped, access: Access::Read, act: capacity::ranges },
    Operation { name: "getFixedSlotCapacity", method: MethodFilter::POST, path: "/service/v1/serviceResources/{resourceId}/capacity/fixed",
        rate: rate(5, 20), shape: Shape::Enveloped, access: Access::Read, act: capacity::fixed },
    Operation { name: "updateSchedule", method: MethodFilter::PUT, path: "/service/v1/serviceResources/{resourceId}/schedules",
        rate: rate(5, 20), shape: Shape::Enveloped, access: Access::Write, act: schedule::update },
    Operation { name: "createReservation", method: MethodFilter::POST, path: "/service/v1/reservation",
        rate: rate(5, 20), shape: Shape::Enveloped, access: Access::Write, act: reservation::create },
    Operation { name: "updateReservation", method: MethodFilter::PUT, path: "/service/v1/reservation/{reservationId}",
        rate: rate(5, 20), shape: Shape::Enveloped, access: Access::Write, act: reservation::update },
    Operation { name: "cancelReservation", method: MethodFilter::DELETE, path: "/service/v1/reservation/{reservationId}",
        rate: rate(5, 20), shape: Shape::Enveloped, access: Access::Write, act: reservation::cancel },
    Operation { name: "createRestrictedDataToken", method: MethodFilter::POST, path: "/tokens/2021-03-01/restrictedDataToken",
        rate: rate(1, 10), shape: Shape::Enveloped, access: Access::Write, act: restricted::create },
    // The slash in front of the key is part of the key, encoded, as in Amazon's URLs.
    Operation { name: "uploadDocument", method: MethodFilter::PUT, path: "/%2FThirtyDays/{key}",
        rate: None, shape: Shape::Storage, access: Access::Write, act: upload::put },
];

/// Whether an operation is one that may be set to ask for a restricted data token.
pub(crate) fn is_restrictable(name: &str) -> bool {
    OPERATIONS.iter().any(|o| o.name == name && o.shape.is_gateway() && o.path.starts_with("/service/"))
}

/// How a body came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Arrival {
    Whole,
    TooLarge,
    /// The connection broke, or the bytes were not HTTP.
    Broken,
}

/// A request, taken apart.
#[derive(Debug)]
pub(crate) struct Call {
    pub(crate) method: Method,
    pub(crate) path: String,
    pub(crate) query_text: String,
    pub(crate) query: Vec<(String, String)>,
    pub(crate) parameters: BTreeMap<String, String>,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    pub(crate) arrival: Arrival,
}

impl Call {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    pub(crate) fn parameter(&self, name: &str) -> &str {
        self.parameters.get(name).map_or("", String::as_str)
    }

    /// A query parameter with one value.
    pub(crate) fn one(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// A list in the query: comma-separated, as the model says, or repeated.
    pub(crate) fn list(&self, name: &str) -> Option<Vec<&str>> {
        let values: Vec<&str> = self
            .query
            .iter()
            .filter(|(key, _)| key == name)
            .flat_map(|(_, value)| value.split(','))
            .filter(|value| !value.is_empty())
            .collect();
        (!values.is_empty()).then_some(values)
    }

    /// The path parameter, if it is as long as the model allows.
    pub(crate) fn id(&self, name: &str) -> Result<&str, Refusal> {
        let id = self.parameter(name);
        if is_id(id) { Ok(id) } else { Err(Refusal::missing(&[name])) }
    }

    /// Several of them; a refusal names all that are wrong.
    pub(crate) fn ids<const N: usize>(&self, names: [&'static str; N]) -> Result<[&str; N], Refusal> {
        let wrong: Vec<&str> = names.into_iter().filter(|name| !is_id(self.parameter(name))).collect();
        if wrong.is_empty() {
            Ok(names.map(|name| self.parameter(name)))
        } else {
            Err(Refusal::missing(&wrong))
        }
    }

    /// The one marketplace, which the query names in the plural.
    pub(crate) fn marketplace(&self) -> Option<&str> {
        match self.list("marketplaceIds")?[..] {
            [one] => Some(one),
            _ => None,
        }
    }

    pub(crate) fn json(&self) -> Result<Value, Refusal> {
        let media_type = self.header("content-type").unwrap_or_default();
        if !media_type.to_ascii_lowercase().starts_with("application/json") {
            return Err(Refusal::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "UnsupportedMediaType",
                "The body must be application/json",
            ));
        }
        match serde_json::from_slice(&self.body) {
            Ok(value @ Value::Object(_)) => Ok(value),
            _ => Err(Refusal::input(StatusCode::BAD_REQUEST, "The body is not a JSON object")),
        }
    }
}

fn is_id(text: &str) -> bool {
    (1..=100).contains(&text.len())
}

/// What an operation answers when it succeeds.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) body: Option<Value>,
}

impl Reply {
    pub(crate) fn json(body: Value) -> Self {
        Self { status: StatusCode::OK, body: Some(body) }
    }

    pub(crate) fn empty(status: StatusCode) -> Self {
        Self { status, body: None }
    }
}
