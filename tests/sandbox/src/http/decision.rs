//! What becomes of a request: refused, struck, or taking effect; and its line in the record.

use axum::http::StatusCode;
use axum::response::Response;
use chrono::{DateTime, Utc};
use serde_json::json;

use super::{Inner, admission, response};
use crate::fault::{FaultKind, Strike};
use crate::operation::{Access, Call, Operation, Refusal, Reply, Shape};
use crate::record::Exchange;
use crate::state::{Due, State};

pub(super) struct Answer {
    pub(super) sequence: u64,
    pub(super) response: Response,
}

/// A request decided.
struct Decision {
    outcome: Result<Reply, Refusal>,
    took_effect: bool,
    /// It takes effect at its time, although the caller is told otherwise.
    late: bool,
}

impl From<Result<Reply, Refusal>> for Decision {
    fn from(outcome: Result<Reply, Refusal>) -> Self {
        Self { outcome, took_effect: false, late: false }
    }
}

impl Inner {
    /// Decides a request, writes it down, and makes its answer.
    pub(super) fn settle(
        &self,
        operation: Option<&'static Operation>,
        call: Box<Call>,
        strike: Option<Strike>,
    ) -> Answer {
        let mut state = self.state();
        let now = self.clock.now();
        let Decision { outcome, took_effect, late } = match operation {
            None => Err(Refusal::denied("No operation has this method and path.")).into(),
            Some(operation) => decide(&mut state, operation, &call, now, strike),
        };
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
            effect_at: None,
            answered: !strike.is_some_and(|s| s.kind.cuts()),
            fault: strike.map(|s| s.kind),
            request_id: request_id.clone(),
        });
        tracing::info!(%sequence, method = %call.method, path = %call.path, status = status.as_u16(), took_effect, ?strike);
        if let (Some(operation), Some(strike), true) = (operation, strike, late) {
            let due = self.clock.true_now() + strike.lateness();
            state.expect(due, Due::Effect { sequence, operation, call });
        }
        drop(state);
        self.tell();
        Answer { sequence, response: response::write(operation, outcome, &request_id, now) }
    }

    pub(super) fn unheard(&self, sequence: u64) {
        if let Some(exchange) = self.state().record.iter_mut().find(|e| e.sequence == sequence) {
            exchange.answered = false;
        }
    }
}

fn decide(
    state: &mut State,
    operation: &Operation,
    call: &Call,
    now: DateTime<Utc>,
    strike: Option<Strike>,
) -> Decision {
    let fault = strike.map(|s| s.kind);
    if let Err(refusal) = admission::before_effect(state, operation, call, now, fault) {
        return Err(refusal).into();
    }
    match fault {
        Some(FaultKind::FailLate | FaultKind::LoseLate) => {
            return Decision { late: true, ..Err(Refusal::internal(operation.shape)).into() };
        }
        Some(FaultKind::OkWithErrors) => return Ok(with_errors(operation.shape)).into(),
        Some(FaultKind::StaleRead) => return state.stale(|state| (operation.act)(state, call, now)).into(),
        _ => {}
    }
    let was = state.subject(call);
    let outcome = (operation.act)(state, call, now);
    let took_effect = outcome.is_ok() && operation.access == Access::Write;
    if took_effect {
        state.remember(was);
    }
    match fault {
        Some(FaultKind::FailAfter) => {
            Decision { took_effect, ..Err(Refusal::internal(operation.shape)).into() }
        }
        _ => Decision { outcome, took_effect, late: false },
    }
}

/// A refusal that comes as a success: some of Amazon's operations do that.
fn with_errors(shape: Shape) -> Reply {
    let errors = json!([{
        "code": "InternalFailure",
        "message": "Something failed on this side, and nothing was done.",
        "details": "",
    }]);
    let body = if shape == Shape::BareArray { errors } else { json!({ "errors": errors }) };
    Reply { status: StatusCode::OK, body: Some(body) }
}
