//! A request in the making: its parameters by Amazon's names and its body, checked against the model and written
//! in one place for all operations, however they are called.

mod by_name;

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;

use crate::answer::{Answer, payload};
use crate::client::{Client, PageTokenEncoding, Request};
use crate::error::Error;
use crate::operations::{Operation, Parameter, Place};
use crate::schema::{Refusal, Schema};
use crate::{time, uri};

/// A request that is not checked yet.
#[derive(Debug)]
pub(crate) struct Draft {
    operation: &'static Operation,
    arguments: Vec<(&'static str, Vec<String>)>,
    body: Option<Body>,
}

/// A body as JSON, which is checked, and as the bytes that are sent.
struct Body {
    value: Value,
    bytes: Vec<u8>,
}

/// Bodies may hold what belongs to a person.
impl std::fmt::Debug for Body {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Body({} bytes)", self.bytes.len())
    }
}

impl Draft {
    pub(crate) fn of(operation: &'static Operation) -> Self {
        Self { operation, arguments: Vec::new(), body: None }
    }

    /// Sets a parameter with one value.
    pub(crate) fn with(self, name: &'static str, value: impl Into<String>) -> Self {
        self.list(name, [value])
    }

    /// The same where it may be absent.
    pub(crate) fn maybe(self, name: &'static str, value: Option<impl Into<String>>) -> Self {
        self.list(name, value)
    }

    /// A time that may be absent.
    pub(crate) fn time(self, name: &'static str, value: Option<DateTime<Utc>>) -> Self {
        self.list(name, value.map(time::format))
    }

    /// Sets a parameter with several values; none at all is none.
    pub(crate) fn list(
        mut self,
        name: &'static str,
        values: impl IntoIterator<Item = impl Into<String>>,
    ) -> Self {
        debug_assert!(self.operation.parameter(name).is_some(), "{name} is no parameter of the operation");
        let values: Vec<String> = values.into_iter().map(Into::into).collect();
        if !values.is_empty() {
            self.arguments.push((name, values));
        }
        self
    }

    /// Sets the body.
    pub(crate) fn body(mut self, body: &impl Serialize) -> Self {
        let value = serde_json::to_value(body);
        let bytes = serde_json::to_vec(body);
        let value = value.expect("a struct of strings, numbers and lists is always JSON");
        let bytes = bytes.expect("a struct of strings, numbers and lists is always JSON");
        self.body = Some(Body { value, bytes });
        self
    }

    /// Checks everything against the model and writes it down.
    pub(crate) fn finish(self, tokens: PageTokenEncoding) -> Result<Request, Error> {
        let Self { operation, arguments, body } = self;
        let refuse = |Refusal { field, why }| operation.not_allowed(&field, why);
        let mut path = operation.path.to_owned();
        let mut query = Vec::new();
        for parameter in operation.parameters {
            let values = arguments.iter().find(|(name, _)| *name == parameter.name);
            let Some((_, values)) = values else {
                if parameter.required {
                    return Err(operation.not_allowed(parameter.name, "is missing"));
                }
                continue;
            };
            parameter.check(values).map_err(refuse)?;
            let written: Vec<_> = values.iter().map(|value| parameter.written(value, tokens)).collect();
            // Lists are one parameter with commas, which stay as they are.
            let written = written.join(",");
            match parameter.place {
                Place::Path => path = path.replace(&format!("{{{}}}", parameter.name), &written),
                Place::Query => query.push(format!("{}={written}", parameter.name)),
            }
        }
        let body = match (&operation.body, body) {
            (Some(shape), Some(body)) => {
                shape.schema.check(&body.value, "").map_err(refuse)?;
                Some(body.bytes)
            }
            (Some(_), None) => return Err(operation.not_allowed("body", "is missing")),
            (None, Some(_)) => {
                return Err(operation.not_allowed("body", "is nothing that this operation takes"));
            }
            (None, None) => None,
        };
        Ok(Request { operation, path, query: query.join("&"), body })
    }
}

impl Operation {
    /// The path with those of these parameters filled in that belong there, each as one encoded segment of 1 to 100
    /// characters. For whoever shows a request without sending it.
    ///
    /// # Errors
    /// A parameter of the path is missing, empty, too long, or no identifier; the error names it.
    pub fn path_with(&self, parameters: &[(&str, &str)]) -> Result<String, Error> {
        let mut path = self.path.to_owned();
        for parameter in self.parameters.iter().filter(|parameter| parameter.place == Place::Path) {
            let Some((name, value)) = parameters.iter().find(|(name, _)| *name == parameter.name) else {
                return Err(self.not_allowed(parameter.name, "is missing"));
            };
            let refuse = |Refusal { field, why }| self.not_allowed(&field, why);
            parameter.check(&[(*value).to_owned()]).map_err(refuse)?;
            path = path.replace(&format!("{{{name}}}"), &uri::encode(value));
        }
        Ok(path)
    }
}

impl Parameter {
    fn check(&self, values: &[String]) -> Result<(), Refusal> {
        let (of, fewest, most) = match self.schema {
            Schema::List { of, fewest, most } => (*of, *fewest, *most),
            _ => (self.schema, 1, 1),
        };
        if values.len() > most || values.len() < fewest {
            return Err(Refusal::new(self.name, format!("has {} values, more than {most}", values.len())));
        }
        for value in values {
            if self.required && value.is_empty() && matches!(self.place, Place::Query) {
                return Err(Refusal::new(self.name, "is missing"));
            }
            // As a path segment these two would name another operation.
            if matches!(self.place, Place::Path) && matches!(value.as_str(), "." | "..") {
                return Err(Refusal::new(self.name, "is not an identifier"));
            }
            if matches!(self.schema, Schema::List { .. }) && value.contains(',') {
                return Err(Refusal::new(self.name, "has a value with a comma, which parts the values"));
            }
            of.check_text(value, self.name)?;
        }
        Ok(())
    }

    fn written(&self, value: &str, tokens: PageTokenEncoding) -> String {
        match (self.schema, tokens) {
            (Schema::PageToken, PageTokenEncoding::AsReceived) => uri::keep_encoded(value),
            (schema, _) => uri::encode(&schema.written(value)),
        }
    }
}

impl Client {
    /// Sends a draft and reads the value that its answer has.
    pub(crate) async fn perform<T>(
        &self,
        draft: Draft,
        read: fn(Value) -> Result<T, String>,
    ) -> Result<Answer<T>, Error> {
        let operation = draft.operation;
        let answer = self.call(draft.finish(self.page_token_encoding())?).await?;
        self.value_of(operation, answer, read)
    }

    /// The same where Amazon may have nothing to say.
    pub(crate) async fn perform_maybe<T>(
        &self,
        draft: Draft,
        read: fn(Value) -> Result<T, String>,
    ) -> Result<Answer<Option<T>>, Error> {
        let operation = draft.operation;
        let answer = self.call(draft.finish(self.page_token_encoding())?).await?;
        let is_empty = payload(answer.value.clone()).is_none();
        if is_empty {
            Ok(answer.map(|_| None))
        } else {
            Ok(self.value_of(operation, answer, read)?.map(Some))
        }
    }

    /// Sends a draft whose success is all there is to say.
    pub(crate) async fn perform_plainly(&self, draft: Draft) -> Result<Answer<()>, Error> {
        self.call(draft.finish(self.page_token_encoding())?).await?.try_map(|_| Ok(()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operations::jobs::{CANCEL_SERVICE_JOB, GET_SERVICE_JOB, GET_SERVICE_JOBS};

    fn field(draft: Draft) -> String {
        draft.finish(PageTokenEncoding::Encoded).unwrap_err().not_allowed().unwrap().0.to_owned()
    }

    #[test]
    fn an_identifier_stays_one_segment_of_the_path() {
        let draft = |id: &str| Draft::of(&GET_SERVICE_JOB).with("serviceJobId", id);
        let path = draft("a/b?c#d<->e={serviceJobId}").finish(PageTokenEncoding::Encoded).unwrap().path;
        assert_eq!(path, "/service/v1/serviceJobs/a%2Fb%3Fc%23d%3C-%3Ee%3D%7BserviceJobId%7D");
        for odd in ["", ".", "..", &"x".repeat(101)] {
            assert_eq!(field(draft(odd)), "serviceJobId", "{odd}");
        }
    }

    #[test]
    fn what_is_required_is_asked_for_and_a_body_goes_where_one_is_taken() {
        assert_eq!(field(Draft::of(&GET_SERVICE_JOB)), "serviceJobId");
        assert_eq!(field(Draft::of(&GET_SERVICE_JOBS).with("marketplaceIds", "")), "marketplaceIds");
        assert_eq!(field(Draft::of(&GET_SERVICE_JOBS).list("marketplaceIds", ["A", "B"])), "marketplaceIds");
        let job = || Draft::of(&CANCEL_SERVICE_JOB).with("serviceJobId", "J1");
        assert_eq!(field(job()), "cancellationReasonCode");
        assert_eq!(field(job().with("cancellationReasonCode", "v1")), "cancellationReasonCode");
        assert_eq!(field(job().with("cancellationReasonCode", "V1").body(&())), "body");
    }
}
