//! Why a request is refused, and how each door says so.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::Shape;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) status: StatusCode,
    pub(crate) code: String,
    pub(crate) message: String,
    pub(crate) details: String,
    /// `x-amzn-ErrorType`, which the gateway sends and the service behind it does not.
    pub(crate) error_type: Option<&'static str>,
}

impl Refusal {
    pub(crate) fn new(status: StatusCode, code: &str, message: impl Into<String>) -> Self {
        Self { status, code: code.into(), message: message.into(), details: String::new(), error_type: None }
    }

    /// Nearly every refusal of the Services API has this code.
    pub(crate) fn input(status: StatusCode, message: impl Into<String>) -> Self {
        Self::new(status, "InvalidInput", message)
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
        let error = json!({ "code": self.code, "message": self.message, "details": self.details });
        match shape {
            Shape::Enveloped => Rendered::Json(json!({ "errors": [error] })),
            Shape::BareArray => Rendered::Json(json!([error])),
            Shape::Login => Rendered::Json(json!({ "error": self.code, "error_description": self.message })),
            Shape::Storage => Rendered::Xml(format!(
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>{}</Code><Message>{}</Message>\
                 <RequestId>{request_id}</RequestId><HostId>sandbox</HostId></Error>",
                self.code, self.message
            )),
        }
    }
}

pub(crate) enum Rendered {
    Json(Value),
    Xml(String),
}
