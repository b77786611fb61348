//! The one way every request goes: arrive, be struck by a fault, be admitted, take effect, be recorded, be
//! answered.

mod admission;
mod decision;
mod door;
mod response;
mod trickle;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{ConnectInfo, RawPathParams, Request, State as Shared};
use axum::http::request::Parts;
use axum::middleware::from_fn;
use axum::response::Response;
use axum::routing::{MethodRouter, on};
use futures_util::StreamExt;
use tokio::sync::{oneshot, watch};
use url::form_urlencoded;

use decision::Answer;
pub(crate) use door::{Caller, Door};

use crate::clock::Clock;
use crate::control;
use crate::fault::{FaultKind, Strike};
use crate::operation::{Arrival, Call, OPERATIONS, Operation};
use crate::page;
use crate::state::State;

/// The largest document with its padding, and some.
const LARGEST_BODY: usize = 8 << 20;

/// The gate's count once nothing is held any more.
const OPEN_FOR_GOOD: u64 = u64::MAX;

/// What all connections share.
pub(crate) struct Inner {
    state: Mutex<State>,
    pub(crate) clock: Clock,
    /// Counts releases; who hangs waits for the next one.
    gate: watch::Sender<u64>,
    pub(crate) held: AtomicUsize,
    /// Changes whenever something happened, so that a test can wait for it.
    pub(crate) happened: watch::Sender<u64>,
}

impl Inner {
    pub(crate) fn new(state: State, clock: Clock) -> Arc<Self> {
        Arc::new(Self {
            state: Mutex::new(state),
            clock,
            gate: watch::Sender::default(),
            held: AtomicUsize::new(0),
            happened: watch::Sender::default(),
        })
    }

    /// The state as of now: what is due has happened. A panic elsewhere does not take the sandbox down with it,
    /// since the state is whole between statements.
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if state.catch_up(&self.clock) {
            self.tell();
        }
        state
    }

    pub(crate) fn tell(&self) {
        self.happened.send_modify(|count| *count += 1);
    }

    /// Lets go whatever hangs. Returns how many requests that was.
    pub(crate) fn release(&self) -> usize {
        let held = self.held.load(Ordering::SeqCst);
        self.gate.send_modify(|count| *count = count.saturating_add(1));
        held
    }

    /// Lets go whatever hangs, now and from now on.
    pub(crate) fn release_for_good(&self) {
        self.gate.send_replace(OPEN_FOR_GOOD);
    }
}

/// Waits for the next release since the gate was last looked at. Every request holds the gate's other end, so that
/// this ends with a release and not with an error.
async fn released(gate: &mut watch::Receiver<u64>) {
    if *gate.borrow() != OPEN_FOR_GOOD {
        let _released = gate.changed().await;
    }
}

pub(crate) fn router(inner: Arc<Inner>) -> Router {
    let mut paths: BTreeMap<&str, MethodRouter<Arc<Inner>>> = BTreeMap::new();
    for operation in &OPERATIONS {
        let handler = move |inner: Shared<Arc<Inner>>, caller: ConnectInfo<Caller>, request: Request| {
            serve(Some(operation), inner, caller, request)
        };
        let methods = paths.remove(operation.path).unwrap_or_default();
        paths.insert(operation.path, methods.merge(on(operation.method, handler)));
    }
    let mut router = Router::new();
    for (path, methods) in paths {
        router = router.route(path, methods.fallback(unknown));
    }
    let ours = control::routes().merge(page::routes()).layer(from_fn(page::from_here));
    router.fallback(unknown).merge(ours).with_state(inner)
}

async fn unknown(inner: Shared<Arc<Inner>>, caller: ConnectInfo<Caller>, request: Request) -> Response {
    serve(None, inner, caller, request).await
}

async fn serve(
    operation: Option<&'static Operation>,
    Shared(inner): Shared<Arc<Inner>>,
    ConnectInfo(caller): ConnectInfo<Caller>,
    request: Request,
) -> Response {
    let call = Box::new(read(request).await);
    let now = inner.clock.true_now();
    let strike = operation.and_then(|o| inner.state().faults.strike(o, now));
    let answer = match strike {
        Some(strike) if strike.kind.holds() => hold(&inner, operation, call, strike).await,
        _ => Some(inner.settle(operation, call, strike)),
    };
    match answer {
        Some(answer) if strike.is_some_and(|s| s.kind == FaultKind::Trickle) => {
            trickle::slow(answer.response, strike, inner.gate.subscribe()).await
        }
        Some(answer) if !strike.is_some_and(|s| s.kind.cuts()) => answer.response,
        // The connection breaks before a byte of this can be written.
        _ => {
            caller.hang_up();
            Response::new(Body::empty())
        }
    }
}

async fn read(request: Request) -> Call {
    let (mut parts, body) = request.into_parts();
    let parameters = parameters(&mut parts).await;
    let (body, arrival) = arrive(body).await;
    let query_text = parts.uri.query().unwrap_or_default().to_owned();
    Call {
        method: parts.method,
        path: parts.uri.path().to_owned(),
        query: form_urlencoded::parse(query_text.as_bytes()).into_owned().collect(),
        query_text,
        parameters,
        headers: parts.headers,
        body,
        arrival,
    }
}

/// Reads a body to its end even if it is too large to keep: a caller that is still sending would not hear why
/// it was refused.
async fn arrive(body: Body) -> (Bytes, Arrival) {
    let mut chunks = body.into_data_stream();
    let (mut kept, mut arrival) = (Vec::new(), Arrival::Whole);
    while let Some(chunk) = chunks.next().await {
        match chunk {
            Err(_) => return (Bytes::new(), Arrival::Broken),
            Ok(chunk) if kept.len() + chunk.len() <= LARGEST_BODY => kept.extend_from_slice(&chunk),
            Ok(_) => arrival = Arrival::TooLarge,
        }
    }
    (kept.into(), arrival)
}

async fn parameters(parts: &mut Parts) -> BTreeMap<String, String> {
    use axum::extract::FromRequestParts;
    match RawPathParams::from_request_parts(parts, &()).await {
        Ok(found) => found.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
        // A path without parameters, or one that is not UTF-8 and so names nothing we have.
        Err(_) => BTreeMap::new(),
    }
}

/// Holds a request until released, or for as long as the fault says. The work goes on even if the caller gives up: that makes an effect late.
async fn hold(
    inner: &Arc<Inner>,
    operation: Option<&'static Operation>,
    call: Box<Call>,
    strike: Strike,
) -> Option<Answer> {
    let (to_caller, answered) = oneshot::channel();
    let inner = Arc::clone(inner);
    tokio::spawn(async move {
        let mut gate = inner.gate.subscribe();
        let (before, call) = match strike.kind {
            FaultKind::HangAfter => (Some(inner.settle(operation, call, Some(strike))), None),
            _ => (None, Some(call)),
        };
        inner.held.fetch_add(1, Ordering::SeqCst);
        inner.tell();
        match strike.seconds {
            Some(seconds) => tokio::select! {
                () = released(&mut gate) => {}
                () = tokio::time::sleep(Duration::from_secs(seconds.into())) => {}
            },
            None => released(&mut gate).await,
        }
        let answer = before.or_else(|| call.map(|call| inner.settle(operation, call, Some(strike))));
        inner.held.fetch_sub(1, Ordering::SeqCst);
        if let Some(answer) = answer
            && let Err(unheard) = to_caller.send(answer)
        {
            inner.unheard(unheard.sequence);
        }
        inner.tell();
    });
    answered.await.ok()
}
