//! The operations, one file per group. Each is a constant with all that Amazon publishes about it; a new
//! one is a constant in its group's file, a line in [`ALL`] and a method on [`Client`](crate::Client).

pub mod appointments;
pub mod capacity;
pub mod documents;
mod example;
pub mod fulfillment;
pub mod jobs;
#[cfg(test)]
mod published;
pub mod reservations;
pub mod resources;
pub mod schedules;
pub mod slots;

pub use example::Example;

use reqwest::Method;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use crate::error::{Cause, Error};
use crate::lenient;
use crate::schema::Schema;

/// One operation of the Services API.
#[derive(Debug)]
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
    /// What goes into the path and the query, in the model's order.
    pub parameters: &'static [Parameter],
    /// What goes into the body.
    pub(crate) body: Option<Body>,
    /// The fields of an answer that do not fit the model.
    pub(crate) misfits: fn(Option<Value>) -> Vec<String>,
}

/// A parameter of an operation.
#[derive(Debug)]
pub struct Parameter {
    /// Amazon's name of it.
    pub name: &'static str,
    /// Where it goes.
    pub place: Place,
    /// Whether the model wants it in every request.
    pub required: bool,
    pub(crate) schema: &'static Schema,
}

/// Where a parameter goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Into the path, as one segment.
    Path,
    /// Into the query.
    Query,
}

/// The body of an operation.
#[derive(Debug)]
pub(crate) struct Body {
    pub(crate) schema: &'static Schema,
    /// Reads a body into its type and writes it as that has it; the refusal is the field that does not fit.
    pub(crate) retype: fn(Value) -> Result<Vec<u8>, String>,
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
    /// What most operations have.
    pub(crate) const USUAL: Rate = Rate { per_second: 5.0, burst: 20.0 };
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

/// Every operation of the Services API v1.
pub const ALL: &[&Operation] = &[
    &jobs::GET_SERVICE_JOBS,
    &jobs::GET_SERVICE_JOB,
    &jobs::CANCEL_SERVICE_JOB,
    &jobs::COMPLETE_SERVICE_JOB,
    &appointments::ADD_APPOINTMENT,
    &appointments::RESCHEDULE_APPOINTMENT,
    &resources::ASSIGN_APPOINTMENT_RESOURCES,
    &fulfillment::SET_APPOINTMENT_FULFILLMENT_DATA,
    &slots::GET_APPOINTMENT_SLOTS,
    &slots::GET_APPOINTMENT_SLOTS_BY_JOB,
    &capacity::GET_RANGE_SLOT_CAPACITY,
    &capacity::GET_FIXED_SLOT_CAPACITY,
    &schedules::UPDATE_SCHEDULE,
    &reservations::CREATE_RESERVATION,
    &reservations::UPDATE_RESERVATION,
    &reservations::CANCEL_RESERVATION,
    &documents::CREATE_UPLOAD_DESTINATION,
];

/// The operation of this name.
pub fn named(name: &str) -> Option<&'static Operation> {
    ALL.iter().copied().find(|operation| operation.name == name)
}

impl Operation {
    /// Whether a request has a body, which then is required.
    pub fn has_body(&self) -> bool {
        self.body.is_some()
    }

    pub(crate) fn parameter(&self, name: &str) -> Option<&'static Parameter> {
        self.parameters.iter().find(|parameter| parameter.name == name)
    }

    pub(crate) fn failed(&self, cause: Cause) -> Error {
        Error::new(self.name, self.repeat, cause)
    }

    pub(crate) fn not_allowed(&self, field: &str, why: impl Into<String>) -> Error {
        self.failed(Cause::NotAllowed { field: field.to_owned(), why: why.into() })
    }
}

impl Parameter {
    /// Whether several values may be given, which go out with commas between them.
    pub fn takes_several(&self) -> bool {
        matches!(self.schema, Schema::List { most, .. } if *most > 1)
    }

    /// An identifier in the path.
    pub(crate) const fn path(name: &'static str) -> Self {
        Self { name, place: Place::Path, required: true, schema: &Schema::IDENTIFIER }
    }

    pub(crate) const fn required(name: &'static str, schema: &'static Schema) -> Self {
        Self { name, place: Place::Query, required: true, schema }
    }

    pub(crate) const fn optional(name: &'static str, schema: &'static Schema) -> Self {
        Self { name, place: Place::Query, required: false, schema }
    }

    /// `marketplaceIds`, of which Amazon takes one per call despite the name.
    pub(crate) const MARKETPLACE: Parameter =
        Self::required("marketplaceIds", &Schema::List { of: &Schema::TEXT, fewest: 0, most: 1 });
}

impl Body {
    pub(crate) const fn of<T: DeserializeOwned + Serialize>(schema: &'static Schema) -> Self {
        Self {
            schema,
            retype: |value| {
                let typed: T = lenient::typed(value)?;
                serde_json::to_vec(&typed).map_err(|_| "body".to_owned())
            },
        }
    }
}

/// For operations whose success is all there is to say.
pub(crate) fn no_misfits(_: Option<Value>) -> Vec<String> {
    Vec::new()
}

/// For operations whose answer is a `T`.
pub(crate) fn misfits_of<T: DeserializeOwned>(value: Option<Value>) -> Vec<String> {
    match value.map(lenient::typed::<T>) {
        Some(Ok(_)) => Vec::new(),
        Some(Err(field)) => vec![field],
        None => vec!["payload".to_owned()],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_registry_names_each_operation_once_with_a_rate_it_can_keep() {
        assert_eq!(ALL.len(), 17);
        for operation in ALL {
            assert_eq!(ALL.iter().filter(|other| other.name == operation.name).count(), 1);
            assert!(operation.rate.burst >= operation.rate.per_second && operation.rate.per_second > 0.0);
            assert_eq!(named(operation.name).unwrap().path, operation.path);
        }
        assert!(named("getAppointmentSlotsByJobId").is_none(), "Amazon's name has three m");
    }

    #[test]
    fn the_published_rates_are_the_models() {
        for operation in ALL {
            let expected = match operation.name {
                "getServiceJobByServiceJobId" | "getAppointmentSlots" => (20.0, 40.0),
                "getServiceJobs" => (10.0, 40.0),
                "assignAppointmentResources" => (1.0, 2.0),
                _ => (5.0, 20.0),
            };
            assert_eq!((operation.rate.per_second, operation.rate.burst), expected, "{}", operation.name);
        }
    }

    #[test]
    fn what_reads_is_a_get_or_asks_for_capacity() {
        for operation in ALL {
            let reads = operation.method == Method::GET || operation.path.contains("/capacity/");
            assert_eq!(operation.repeat == Repeat::Read, reads, "{}", operation.name);
        }
    }

    #[test]
    fn every_parameter_of_the_path_is_in_the_path() {
        for operation in ALL {
            let named = operation.parameters.iter().filter(|parameter| parameter.place == Place::Path);
            assert_eq!(operation.path.matches('{').count(), named.clone().count(), "{}", operation.name);
            for parameter in named {
                assert!(parameter.required && operation.path.contains(&format!("{{{}}}", parameter.name)));
            }
        }
    }
}
