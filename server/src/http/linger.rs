//! Bodies that are answered before they were read. A connection that is closed with bytes of a body still on their way
//! is reset, and a reset may overtake the answer: the caller would take a refusal for a broken link, and try again.

use axum::{
    body::{Body, BodyDataStream, Bytes, HttpBody as _},
    extract::Request,
    http::header,
    middleware::Next,
    response::Response,
};
use futures_util::{Stream, StreamExt as _};
use std::{
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};
use tokio::runtime::Handle;

/// How long what is left of a body is read for nothing. Whoever is not through by then is told by the reset.
const LIMIT: Duration = Duration::from_secs(10);
/// And how much of it: the longest body that is taken.
const MOST_BYTES: usize = 64 * 1024 * 1024;

/// Reads every body to its end, or to a limit, whatever became of its request.
pub(super) async fn hear_out(request: Request, next: Next) -> Response {
    // Whoever asks before sending is answered instead, and sends nothing then.
    if request.body().is_end_stream() || request.headers().contains_key(header::EXPECT) {
        return next.run(request).await;
    }
    next.run(request.map(|body| Body::from_stream(HeardOut(Some(body.into_data_stream()))))).await
}

/// A body until it has ended.
struct HeardOut(Option<BodyDataStream>);

impl Stream for HeardOut {
    type Item = Result<Bytes, axum::Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let Some(body) = &mut self.0 else { return Poll::Ready(None) };
        let polled = body.poll_next_unpin(context);
        if matches!(polled, Poll::Ready(None | Some(Err(_)))) {
            self.0 = None;
        }
        polled
    }
}

impl Drop for HeardOut {
    fn drop(&mut self) {
        // Outside a runtime there is no connection either.
        if let (Some(body), Ok(runtime)) = (self.0.take(), Handle::try_current()) {
            runtime.spawn(tokio::time::timeout(LIMIT, read_out(body)));
        }
    }
}

async fn read_out(mut body: BodyDataStream) {
    let mut read = 0;
    while read < MOST_BYTES
        && let Some(Ok(bytes)) = body.next().await
    {
        read += bytes.len();
    }
}
