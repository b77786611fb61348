//! The one way every request goes: arrive, be struck by a fault, be admitted, take effect, be recorded, be
//! answered.

mod admission;
mod door;
mod response;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{ConnectInfo, RawPathParams, Request, State as Shared};
use axum::http::request::Parts;
use axum::response::Response;
use axum::routing::{MethodRouter, on};
use futures_util::StreamExt;
use tokio::sync::{oneshot, watch};
use url::form_urlencoded;

pub(crate) use door::{Caller, Door};

use crate::clock::Clock;
use crate::control;
use crate::fault::FaultKind;
use crate::operation::{Access, Arrival, Call, OPERATIONS, Operation, Refusal, Shape};
use crate::record::Exchange;
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

    /// A panic elsewhere does not take the sandbox down with it: the state is whole between statements.
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
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

    async fn wait_at_gate(&self, mut gate: watch::Receiver<u64>) {
        if *gate.borrow_and_update() != OPEN_FOR_GOOD {
            // The sender lives in `self`, so this ends with a release and not with an error.
            let _released = gate.changed().await;
        }
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
    router.fallback(unknown).merge(control::routes()).with_state(inner)
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
    let fault = operation.and_then(|o| inner.state().script.strike(o.name, o.shape));
    let answer = match fault {
        Some(fault) if fault.holds() => hold(&inner, operation, call, fault).await,
        _ => Some(inner.settle(operation, &call, fault)),
    };
    match answer {
        Some(answer) if fault != Some(FaultKind::LoseReply) => answer.response,
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

/// Holds a request until released. The work goes on even if the caller gives up: that makes an effect late.
async fn hold(
    inner: &Arc<Inner>,
    operation: Option<&'static Operation>,
    call: Box<Call>,
    fault: FaultKind,
) -> Option<Answer> {
    let (to_caller, answered) = oneshot::channel();
    let inner = Arc::clone(inner);
    tokio::spawn(async move {
        let gate = inner.gate.subscribe();
        let before = (fault == FaultKind::HangAfter).then(|| inner.settle(operation, &call, Some(fault)));
        inner.held.fetch_add(1, Ordering::SeqCst);
        inner.tell();
        inner.wait_at_gate(gate).await;
        let answer = before.unwrap_or_else(|| inner.settle(operation, &call, Some(fault)));
        inner.held.fetch_sub(1, Ordering::SeqCst);
        if let Err(unheard) = to_caller.send(answer) {
            inner.unheard(unheard.sequence);
        }
        inner.tell();
    });
    answered.await.ok()
}

struct Answer {
    sequence: u64,
    response: Response,
}

impl Inner {
    /// Decides a request, writes it down, and makes its answer.
    fn settle(&self, operation: Option<&'static Operation>, call: &Call, fault: Option<FaultKind>) -> Answer {
        let now = self.clock.now();
        let mut state = self.state();
        let shape = operation.map_or(Shape::Enveloped, |o| o.shape);
        let outcome = match operation {
            None => Err(Refusal::denied("No operation has this method and path.")),
            Some(operation) => admission::before_effect(&mut state, operation, call, now, fault)
                .and_then(|()| (operation.act)(&mut state, call, now)),
        };
        let took_effect = outcome.is_ok() && operation.is_some_and(|o| o.access == Access::Write);
        let outcome =
            if fault == Some(FaultKind::FailAfter) { Err(Refusal::internal(shape)) } else { outcome };

        let request_id = state.dice.uuid("request");
        let sequence = state.record.last().map_or(1, |last| last.sequence + 1);
        let status = outcome.as_ref().map_or_else(|refusal| refusal.status, |reply| reply.status);
        state.record.push(Exchange {
            sequence,
            at: now,
            method: call.method.to_string(),
            path: call.path.clone(),
            query: call.query_text.clone(),
            operation: operation.map(|o| o.name),
            status: status.as_u16(),
            took_effect,
            answered: fault != Some(FaultKind::LoseReply),
            fault,
            request_id: request_id.clone(),
        });
        drop(state);
        tracing::info!(%sequence, method = %call.method, path = %call.path, status = status.as_u16(), took_effect, ?fault);
        self.tell();
        Answer { sequence, response: response::write(operation, outcome, &request_id) }
    }

    fn unheard(&self, sequence: u64) {
        if let Some(exchange) = self.state().record.iter_mut().find(|e| e.sequence == sequence) {
            exchange.answered = false;
        }
    }
}
