//! The document's PUT to the presigned URL, refused the way S3 refuses.

use axum::http::StatusCode;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};
use md5::{Digest, Md5};

use super::{Call, Refusal, Reply};
use crate::clock::stamp;
use crate::state::{Destination, State};

pub(super) fn put(state: &mut State, call: &Call, now: DateTime<Utc>) -> Result<Reply, Refusal> {
    if call.one("X-Amz-Signature").is_none() {
        return Err(Refusal::new(StatusCode::FORBIDDEN, "AccessDenied", "Access Denied"));
    }
    let host = state.host().to_owned();
    let destination = state.destinations.get_mut(call.parameter("key")).ok_or_else(mismatch)?;
    check_query(destination, call)?;
    if now >= destination.expires_at {
        return Err(expired(destination, now));
    }
    check_headers(destination, call, &host)?;
    check_framing(call)?;
    check_md5(call)?;
    destination.put(call.body.to_vec());
    Ok(Reply::empty(StatusCode::OK))
}

/// Every part of the query is signed, in whatever order it comes.
fn check_query(destination: &Destination, call: &Call) -> Result<(), Refusal> {
    let signed = url::form_urlencoded::parse(destination.signed_query.as_bytes()).into_owned();
    let (mut signed, mut sent): (Vec<_>, Vec<_>) = (signed.collect(), call.query.clone());
    signed.sort();
    sent.sort();
    if signed == sent { Ok(()) } else { Err(mismatch()) }
}

fn check_headers(destination: &Destination, call: &Call, host: &str) -> Result<(), Refusal> {
    let signed = [("content-type", destination.signed_type), ("host", host)].into_iter();
    let more = destination.signed_headers.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    for (name, value) in signed.chain(more) {
        if call.header(name) != Some(value) {
            return Err(mismatch());
        }
    }
    let unsigned: Vec<&str> = call
        .headers
        .keys()
        .map(|name| name.as_str())
        .filter(|name| name.starts_with("x-amz-") && !destination.signed_headers.contains_key(*name))
        .collect();
    if unsigned.is_empty() {
        return Ok(());
    }
    let refusal = Refusal::new(
        StatusCode::FORBIDDEN,
        "AccessDenied",
        "There were headers present in the request which were not signed",
    );
    Err(refusal.with_details(&format!("<HeadersNotSigned>{}</HeadersNotSigned>", unsigned.join(", "))))
}

fn check_framing(call: &Call) -> Result<(), Refusal> {
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
    Ok(())
}

/// `Content-MD5`, when it is sent, is over the bytes as they travel.
fn check_md5(call: &Call) -> Result<(), Refusal> {
    if !call.headers.contains_key("content-md5") {
        return Ok(());
    }
    let said = call.header("content-md5").and_then(|text| STANDARD.decode(text).ok());
    match said {
        Some(said) if said.len() == 16 => {
            if said == Md5::digest(&call.body).as_slice() {
                return Ok(());
            }
            Err(Refusal::new(
                StatusCode::BAD_REQUEST,
                "BadDigest",
                "The Content-MD5 you specified did not match what was received.",
            ))
        }
        _ => Err(Refusal::new(
            StatusCode::BAD_REQUEST,
            "InvalidDigest",
            "The Content-MD5 you specified is not valid.",
        )),
    }
}

fn expired(destination: &Destination, now: DateTime<Utc>) -> Refusal {
    let details = format!(
        "<X-Amz-Expires>{}</X-Amz-Expires><Expires>{}</Expires><ServerTime>{}</ServerTime>",
        Destination::LIFETIME.num_seconds(),
        stamp(destination.expires_at),
        stamp(now),
    );
    Refusal::new(StatusCode::FORBIDDEN, "AccessDenied", "Request has expired").with_details(&details)
}

fn mismatch() -> Refusal {
    Refusal::new(
        StatusCode::FORBIDDEN,
        "SignatureDoesNotMatch",
        "The signature was made for another verb, key, host, query or header.",
    )
}
