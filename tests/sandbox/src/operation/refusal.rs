//! Why a request is refused, and how each door says so.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::Shape;
use crate::state::UnknownJob;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) status: StatusCode,
    pub(crate) code: String,
    pub(crate) message: String,
    /// From the storage: more elements of its XML.
    pub(crate) details: String,
    /// `x-amzn-ErrorType`, which the gateway sends and the service behind it does not.
    pub(crate) error_type: Option<&'static str>,
    /// The whole body, where it is more than this one error or something else.
    body: Option<Box<Value>>,
}

impl Refusal {
    pub(crate) fn new(status: StatusCode, code: &str, message: impl Into<String>) -> Self {
        Self {
            status,
            code: code.into(),
            message: message.into(),
            details: String::new(),
            error_type: None,
            body: None,
        }
    }

    /// Nearly every refusal of the Services API has this code.
    pub(crate) fn input(status: StatusCode, message: impl Into<String>) -> Self {
        Self::new(status, "InvalidInput", message)
    }

    pub(crate) fn with_details(self, details: &str) -> Self {
        Self { details: details.into(), ..self }
    }

    /// 400 that names the parameters.
    pub(crate) fn missing(names: &[&str]) -> Self {
        let names = names.join(", ");
        Self::input(StatusCode::BAD_REQUEST, format!("Missing or invalid request parameters: [{names}]"))
    }

    /// 422: well-formed, and against the rules.
    pub(crate) fn rule(message: impl Into<String>) -> Self {
        Self::input(StatusCode::UNPROCESSABLE_ENTITY, message)
    }

    /// 403 from the service: the job is another seller's.
    pub(crate) fn foreign() -> Self {
        Self::new(StatusCode::FORBIDDEN, "UnauthorizedAction", "This job belongs to another seller.")
    }

    /// Refused under HTTP 200, as schedules and reservations do it.
    pub(crate) fn within_ok(message: impl Into<String>) -> Self {
        Self::input(StatusCode::OK, message)
    }

    /// 400 in the words of the capacity operations, which put what is wrong into the details.
    pub(crate) fn query(wrong: &[String]) -> Self {
        let details = format!("Received the following errors: [{}]", wrong.join(", "));
        Self { details, ..Self::input(StatusCode::BAD_REQUEST, "The query is invalid") }
    }

    /// 422 with all that is wrong, each under its own code.
    pub(crate) fn all_of(wrong: &[(&'static str, String)]) -> Option<Self> {
        let (code, message) = wrong.first()?;
        let error = |(code, message): &(&str, String)| error(code, message, "");
        let errors: Vec<Value> = wrong.iter().map(error).collect();
        let first = Self::new(StatusCode::UNPROCESSABLE_ENTITY, code, message);
        Some(first.saying(json!({ "errors": errors })))
    }

    /// The same with another body.
    pub(crate) fn saying(self, body: Value) -> Self {
        Self { body: Some(Box::new(body)), ..self }
    }

    /// 403 from the gateway; `details` says what about the token.
    pub(crate) fn denied(details: &str) -> Self {
        Self {
            details: details.into(),
            error_type: Some("AccessDeniedException"),
            ..Self::new(StatusCode::FORBIDDEN, "Unauthorized", "Access to requested resource is denied.")
        }
    }

    pub(crate) fn throttled(shape: Shape) -> Self {
        match shape {
            Shape::Storage => {
                Self::new(StatusCode::SERVICE_UNAVAILABLE, "SlowDown", "Reduce your request rate.")
            }
            Shape::Login => {
                Self::new(StatusCode::TOO_MANY_REQUESTS, "temporarily_unavailable", "Too many requests")
            }
            Shape::Enveloped | Shape::BareArray => Self {
                error_type: Some("TooManyRequestsException"),
                ..Self::new(
                    StatusCode::TOO_MANY_REQUESTS,
                    "QuotaExceeded",
                    "The quota for this operation is used up.",
                )
            },
        }
    }

    pub(crate) fn internal(shape: Shape) -> Self {
        let code = match shape {
            Shape::Storage => "InternalError",
            Shape::Login => "server_error",
            Shape::Enveloped | Shape::BareArray => "InternalFailure",
        };
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, code, "Something failed on this side. Try again.")
    }

    /// The body, in the shape of the door.
    pub(crate) fn render(&self, shape: Shape, request_id: &str) -> Rendered {
        if let Some(body) = &self.body {
            return Rendered::Json(Value::clone(body));
        }
        let error = error(&self.code, &self.message, &self.details);
        match shape {
            Shape::Enveloped => Rendered::Json(json!({ "errors": [error] })),
            Shape::BareArray => Rendered::Json(json!([error])),
            Shape::Login => Rendered::Json(json!({ "error": self.code, "error_description": self.message })),
            Shape::Storage => Rendered::Xml(format!(
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>{}</Code><Message>{}</Message>\
                 {}<RequestId>{request_id}</RequestId><HostId>sandbox</HostId></Error>",
                self.code, self.message, self.details
            )),
        }
    }
}

fn error(code: &str, message: &str, details: &str) -> Value {
    json!({ "code": code, "message": message, "details": details })
}

/// What was checked before and is gone all the same.
impl From<UnknownJob> for Refusal {
    fn from(unknown: UnknownJob) -> Self {
        Self::rule(unknown.to_string())
    }
}

pub(crate) enum Rendered {
    Json(Value),
    Xml(String),
}
