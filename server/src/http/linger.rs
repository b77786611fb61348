//! Bodies that are answered before they were read. A connection that is closed with bytes of a body still on their way
//! is reset, and a reset may overtake the answer: the caller would take a refusal for a broken link, and try again.

use super::uploads::is_slice;
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
/// How long of a photo's slice. Its sender asks how far the photo is after a broken link as well, so the answer may be lost, and
/// over a bad link each byte that is read for nothing costs more than asking: a browser sends a slice whose connection
/// broke once more by itself, which is refused because its beginning has arrived.
const LIMIT_OF_SLICES: Duration = Duration::from_millis(150);

/// Reads every body to its end, or to a limit, whatever became of its request.
pub(super) async fn hear_out(request: Request, next: Next) -> Response {
    if request.body().is_end_stream() {
        return next.run(request).await;
    }
    let asks_first = request.headers().contains_key(header::EXPECT);
    let limit = if is_slice(request.headers()) { LIMIT_OF_SLICES } else { LIMIT };
    let heard_out =
        |body: Body| HeardOut { body: Some(body.into_data_stream()), limit, asks_first, polled: false };
    next.run(request.map(|body| Body::from_stream(heard_out(body)))).await
}

/// A body until it has ended.
struct HeardOut {
    body: Option<BodyDataStream>,
    limit: Duration,
    /// Whoever sends it wants to be told to go on (`Expect: 100-continue`), which the first poll does.
    asks_first: bool,
    polled: bool,
}

impl Stream for HeardOut {
    type Item = Result<Bytes, axum::Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.polled = true;
        let Some(body) = &mut self.body else { return Poll::Ready(None) };
        let polled = body.poll_next_unpin(context);
        if matches!(polled, Poll::Ready(None | Some(Err(_)))) {
            self.body = None;
        }
        polled
    }
}

impl Drop for HeardOut {
    fn drop(&mut self) {
        // Whoever asked and was not told to go on is answered instead, and sends nothing then.
        if self.asks_first && !self.polled {
            return;
        }
        // Outside a runtime there is no connection either.
        if let (Some(body), Ok(runtime)) = (self.body.take(), Handle::try_current()) {
            runtime.spawn(tokio::time::timeout(self.limit, read_out(body)));
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
