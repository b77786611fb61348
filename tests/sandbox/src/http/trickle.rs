//! An answer that comes a byte at a time.

use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::{HeaderValue, header};
use axum::response::Response;
use futures_util::StreamExt;
use futures_util::stream;
use tokio::sync::watch;

use super::released;
use crate::fault::Strike;

/// The same answer, slowly; once the gate opens, what is left of it comes at once.
pub(super) async fn slow(response: Response, strike: Option<Strike>, gate: watch::Receiver<u64>) -> Response {
    let every = Duration::from_secs(strike.and_then(|s| s.seconds).unwrap_or(1).into());
    let (mut head, body) = response.into_parts();
    let mut whole = Vec::new();
    let mut chunks = body.into_data_stream();
    while let Some(Ok(chunk)) = chunks.next().await {
        whole.extend_from_slice(&chunk);
    }
    head.headers.insert(header::CONTENT_LENGTH, HeaderValue::from(whole.len()));
    Response::from_parts(head, Body::from_stream(drip(whole.into(), every, gate)))
}

fn drip(
    whole: Bytes,
    every: Duration,
    gate: watch::Receiver<u64>,
) -> impl stream::Stream<Item = Result<Bytes, std::convert::Infallible>> {
    stream::unfold((whole, gate, true), move |(mut rest, mut gate, first)| async move {
        if rest.is_empty() {
            return None;
        }
        let released = !first
            && tokio::select! {
                () = released(&mut gate) => true,
                () = tokio::time::sleep(every) => false,
            };
        let piece = if released { rest.split_to(rest.len()) } else { rest.split_to(1) };
        Some((Ok(piece), (rest, gate, false)))
    })
}
