//! The document's PUT to the presigned URL, refused the way S3 refuses.

use axum::http::StatusCode;
use chrono::{DateTime, Utc};

use super::{Call, Refusal, Reply};
use crate::state::State;

pub(super) fn put(state: &mut State, call: &Call, now: DateTime<Utc>) -> Result<Reply, Refusal> {
    let destination = state
        .destinations
        .get_mut(call.parameter("key"))
        .filter(|d| call.one("X-Amz-Signature") == Some(&d.signature))
        .ok_or_else(unsigned)?;
    if now >= destination.expires_at {
        return Err(Refusal::new(StatusCode::FORBIDDEN, "AccessDenied", "Request has expired"));
    }
    if call.header("content-type") != Some(destination.signed_type) {
        return Err(unsigned());
    }
    if call.headers.contains_key("transfer-encoding") {
        return Err(Refusal::new(
            StatusCode::NOT_IMPLEMENTED,
            "NotImplemented",
            "Transfer-Encoding is not supported for this upload",
        ));
    }
    if !call.headers.contains_key("content-length") {
        return Err(Refusal::new(
            StatusCode::LENGTH_REQUIRED,
            "MissingContentLength",
            "The upload needs a Content-Length header",
        ));
    }
    destination.put(call.body.to_vec());
    Ok(Reply::empty(StatusCode::OK))
}

fn unsigned() -> Refusal {
    Refusal::new(
        StatusCode::FORBIDDEN,
        "SignatureDoesNotMatch",
        "The signature was made for another verb, key, host or content type.",
    )
}
