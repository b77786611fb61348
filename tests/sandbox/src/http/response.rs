//! The answer on the wire, with Amazon's headers.

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use chrono::{DateTime, Utc};

use crate::operation::refusal::Rendered;
use crate::operation::{Operation, Refusal, Reply, Shape};

pub(super) fn write(
    operation: Option<&'static Operation>,
    outcome: Result<Reply, Refusal>,
    request_id: &str,
    now: DateTime<Utc>,
) -> Response {
    let shape = operation.map_or(Shape::Enveloped, |o| o.shape);
    let error_type = outcome.as_ref().err().and_then(|refusal| refusal.error_type);
    let (status, media_type, body) = match outcome {
        Ok(Reply { status, body: None }) => (status, None, String::new()),
        Ok(Reply { status, body: Some(body) }) => (status, Some("application/json"), body.to_string()),
        Err(refusal) => match refusal.render(shape, request_id) {
            Rendered::Json(body) => (refusal.status, Some("application/json"), body.to_string()),
            Rendered::Xml(body) => (refusal.status, Some("application/xml"), body),
        },
    };
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    let mut say = |name: &'static str, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            response.headers_mut().insert(name, value);
        }
    };
    say(header::DATE.as_str(), &now.format("%a, %d %b %Y %H:%M:%S GMT").to_string());
    if let Some(media_type) = media_type {
        say(header::CONTENT_TYPE.as_str(), media_type);
    }
    say(if shape == Shape::Storage { "x-amz-request-id" } else { "x-amzn-requestid" }, request_id);
    // Amazon sends the rate when a request was served, and not when it was throttled or turned away.
    let served = status.is_success() || matches!(status, StatusCode::BAD_REQUEST | StatusCode::NOT_FOUND);
    if let Some(rate) = operation.and_then(|o| o.rate).filter(|_| served) {
        say("x-amzn-ratelimit-limit", &format!("{}.0", rate.per_second));
    }
    if let Some(error_type) = error_type {
        say("x-amzn-errortype", error_type);
    }
    response
}
