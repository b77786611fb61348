//! Talking HTTP: what a failure of the transport means, and reading no more than is wanted.

use std::error::Error as _;
use std::time::Duration;

use chrono::{DateTime, Utc};
use reqwest::header::{HeaderMap, RETRY_AFTER};

use crate::error::Cause;

/// A longer pause than this is not taken from a header.
const LONGEST_PAUSE: Duration = Duration::from_secs(3600);

/// Sorts a failure: without a connection nothing was sent; after that nobody knows.
pub(crate) fn cause(failure: &reqwest::Error) -> Cause {
    // A request that could not even be built was not sent either.
    if failure.is_connect() || failure.is_builder() {
        Cause::Unreachable(describe(failure))
    } else {
        Cause::Lost(describe(failure))
    }
}

/// The innermost words of a failure. The outer ones hold the address, and presigned addresses are secrets.
pub(crate) fn describe(failure: &reqwest::Error) -> String {
    let mut innermost = match failure.source() {
        Some(source) => source,
        None if failure.is_timeout() => return "timed out".to_owned(),
        None => return "the exchange failed".to_owned(),
    };
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    innermost.to_string()
}

/// Reads a body up to a limit.
pub(crate) async fn body(mut response: reqwest::Response, limit: usize) -> Result<Vec<u8>, String> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|failure| describe(&failure))? {
        if body.len() + chunk.len() > limit {
            return Err(format!("the answer is longer than {limit} bytes"));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// `Retry-After`, in seconds or as a date. Amazon has not been seen to send it.
pub(crate) fn retry_after(headers: &HeaderMap, now: DateTime<Utc>) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    let pause = match text.parse() {
        Ok(seconds) => Duration::from_secs(seconds),
        Err(_) => (DateTime::parse_from_rfc2822(text).ok()?.to_utc() - now).to_std().unwrap_or_default(),
    };
    Some(pause.min(LONGEST_PAUSE))
}

/// A header as text, if it is text.
pub(crate) fn header(headers: &HeaderMap, name: &str) -> Option<String> {
    Some(headers.get(name)?.to_str().ok()?.to_owned())
}
