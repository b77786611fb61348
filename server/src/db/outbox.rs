//! Calls to Amazon. A row is written in the transaction of what it reports; it is claimed and committed before
//! the first byte leaves, and settled afterwards. One claim is at most one request.
//!
//! ```text
//! ready ──claim──▶ sent ──▶ done
//!   ▲                │ certainly no effect: ready again, after a pause
//!   │                │ outcome lost, or the lease is over: unknown, until the fence is over
//!   │                ▼
//!   ├──────────── unknown ──▶ done, by reading back        any ──▶ parked: needs a person
//!   └── a person says so ─────────────────────────────────────────────┘
//! ```
//!
//! What is `ready` is claimed only while the switch of its operation says *send* (the view `call_position`); until
//! then it is shown as observed or not allowed. That is no state of the row, so that moving a switch can lose or
//! repeat nothing. An administrator may decide that it is `left`: never sent.
//!
//! A job is a lane: while one of its calls is `sent` or `unknown` no other is claimed, and none before all of
//! smaller rank are done, so a late request can never land after a newer one.

mod claim;
mod enqueue;
mod left;
mod retry;
mod settle;

pub use claim::{Claim, Task};
pub use enqueue::{Ends, NewCall};
pub use left::Ready;
pub use retry::Retry;
pub use settle::{Counts, Settlement};

use super::{Tx, connection::position, id, on};
use doorstep_core::{
    api::{Call, CallKind, CallState, SwitchPosition},
    digest::Sha256,
    id::{AppointmentId, CallId, JobId, PhotoId, SellerId},
    time::Timestamp,
};

const fn kind_name(kind: CallKind) -> &'static str {
    match kind {
        CallKind::Document => "document",
        CallKind::Fulfilment => "fulfilment",
        CallKind::Complete => "complete",
        CallKind::Reschedule => "reschedule",
        CallKind::Assign => "assign",
        CallKind::Cancel => "cancel",
        CallKind::Eta => "eta",
    }
}

/// A visit is reported before it is moved or its job cancelled, and it is moved before somebody is assigned to it.
/// Nothing waits for an expected arrival.
const fn rank(kind: CallKind) -> i64 {
    match kind {
        CallKind::Document => 1,
        CallKind::Fulfilment => 2,
        CallKind::Complete => 3,
        CallKind::Reschedule => 5,
        CallKind::Assign => 6,
        CallKind::Cancel => 7,
        CallKind::Eta => 9,
    }
}

/// Whether only the job's state tells if a lost call took effect: it is read back before it is sent again. The other
/// kinds leave the same state when they are repeated. The SQL of `claim.rs` and `retry.rs` has the same list.
pub(crate) const fn reads_back(kind: CallKind) -> bool {
    matches!(kind, CallKind::Complete | CallKind::Reschedule | CallKind::Cancel)
}

fn kind(name: &str) -> sqlx::Result<CallKind> {
    CallKind::ALL
        .into_iter()
        .find(|kind| kind_name(*kind) == name)
        .ok_or_else(|| sqlx::Error::Decode("outbox.kind holds an unknown kind".into()))
}

/// What is observed or not allowed is `ready` in the database.
const fn state_name(state: CallState) -> &'static str {
    match state {
        CallState::Ready | CallState::Observed | CallState::NotAllowed => "ready",
        CallState::Sent => "sent",
        CallState::Unknown => "unknown",
        CallState::Done => "done",
        CallState::Parked => "parked",
        CallState::Left => "left",
    }
}

const STATES: [CallState; 6] = [
    CallState::Ready,
    CallState::Sent,
    CallState::Unknown,
    CallState::Done,
    CallState::Parked,
    CallState::Left,
];

fn state(name: &str) -> sqlx::Result<CallState> {
    STATES
        .into_iter()
        .find(|state| state_name(*state) == name)
        .ok_or_else(|| sqlx::Error::Decode("outbox.state holds an unknown state".into()))
}

/// The same call always has the same id, so that asking for it twice is one row.
fn call_id(appointment: AppointmentId, kind: CallKind, version: i64, photo: Option<PhotoId>) -> CallId {
    let photo = photo.map(|photo| photo.as_bytes().to_vec()).unwrap_or_default();
    let name =
        [&appointment.as_bytes()[..], kind_name(kind).as_bytes(), b"\0", &version.to_be_bytes(), &photo]
            .concat();
    let mut id = [0; 16];
    id.copy_from_slice(&Sha256::of(&name).as_bytes()[..16]);
    CallId::from_bytes(id)
}

fn photo_id(column: Option<Vec<u8>>) -> sqlx::Result<Option<PhotoId>> {
    column.map(|photo| id(&photo)).transpose()
}

impl Tx {
    /// Whether something that somebody decided about a job is on its way to Amazon. Asked with the lane locked, so that
    /// a decision and a closeout do not miss each other.
    pub async fn has_open_decision(&mut self, seller: SellerId, job: JobId) -> sqlx::Result<bool> {
        self.lock_lane(seller, job).await?;
        let (calls,): (i64,) = on!(self, |c| {
            sqlx::query_as(
                "SELECT COUNT(*) FROM outbox WHERE seller_id = $1 AND job_id = $2
                   AND kind IN ('reschedule', 'cancel') AND state IN ('ready', 'sent', 'unknown')",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(job.as_bytes().as_slice())
            .fetch_one(c)
            .await
        })?;
        Ok(calls > 0)
    }

    /// Whether the job is being completed, or is: nothing else is to happen to it.
    pub async fn is_being_completed(&mut self, seller: SellerId, job: JobId) -> sqlx::Result<bool> {
        let (calls,): (i64,) = on!(self, |c| {
            sqlx::query_as(
                "SELECT COUNT(*) FROM outbox c JOIN call_position p ON p.outbox_id = c.outbox_id
                 WHERE c.seller_id = $1 AND c.job_id = $2 AND c.kind = 'complete'
                   AND (c.state IN ('sent', 'unknown', 'done') OR (c.state = 'ready' AND p.position = 'send'))",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(job.as_bytes().as_slice())
            .fetch_one(c)
            .await
        })?;
        Ok(calls > 0)
    }

    /// When the next call may be claimed, or a lease ends. `None` when nothing is under way.
    pub async fn next_call_due(&mut self, seller: SellerId) -> sqlx::Result<Option<Timestamp>> {
        let (due,): (Option<i64>,) = on!(self, |c| {
            sqlx::query_as(
                "SELECT MIN(c.due_at) FROM outbox c JOIN call_position p ON p.outbox_id = c.outbox_id
                 WHERE c.seller_id = $1
                   AND (p.position = 'send' OR c.state = 'sent' OR (c.state = 'unknown' AND c.kind IN ('complete', 'reschedule', 'cancel')))
                   AND (c.state IN ('sent', 'unknown') OR (c.state = 'ready' AND NOT EXISTS (
                     SELECT 1 FROM outbox o WHERE o.seller_id = c.seller_id AND o.job_id = c.job_id
                       AND (o.state IN ('sent', 'unknown')
                         OR (o.state NOT IN ('done', 'left') AND o.rank < c.rank)))))",
            )
            .bind(seller.as_bytes().as_slice())
            .fetch_one(c)
            .await
        })?;
        Ok(due.map(Timestamp))
    }

    /// The visits whose closeout is on its way to Amazon or stuck there. What waits for a switch is neither.
    pub async fn visits_with_open_calls(&mut self, seller: SellerId) -> sqlx::Result<Vec<AppointmentId>> {
        let rows: Vec<(Vec<u8>,)> = on!(self, |c| {
            sqlx::query_as(
                "SELECT DISTINCT c.appointment_id FROM outbox c JOIN call_position p ON p.outbox_id = c.outbox_id
                 WHERE c.seller_id = $1
                   AND (c.state IN ('sent', 'unknown', 'parked') OR (c.state = 'ready' AND p.position = 'send'))",
            )
            .bind(seller.as_bytes().as_slice())
            .fetch_all(c)
            .await
        })?;
        rows.into_iter().map(|(appointment,)| id(&appointment)).collect()
    }

    /// The calls of a visit in the order they are made, as a supervisor sees them.
    pub async fn calls_of(
        &mut self,
        seller: SellerId,
        appointment: AppointmentId,
    ) -> sqlx::Result<Vec<Call>> {
        type Row = (Vec<u8>, String, String, i64, i64, Option<String>, String);
        let rows: Vec<Row> = on!(self, |c| {
            sqlx::query_as(
                "SELECT c.outbox_id, c.kind, c.state, c.attempts, c.due_at, c.reason, p.position
                 FROM outbox c JOIN call_position p ON p.outbox_id = c.outbox_id
                 WHERE c.seller_id = $1 AND c.appointment_id = $2 ORDER BY c.rank, c.photo_id",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(appointment.as_bytes().as_slice())
            .fetch_all(c)
            .await
        })?;
        rows.into_iter()
            .map(|(call, kind_of, state_of, attempts, due_at, reason, at)| {
                let (kind, at) = (kind(&kind_of)?, position(&at)?);
                let state = match (state(&state_of)?, at) {
                    (CallState::Ready, SwitchPosition::Observe) => CallState::Observed,
                    (CallState::Ready, SwitchPosition::NotAllowed) => CallState::NotAllowed,
                    (state, _) => state,
                };
                let is_sent = at == SwitchPosition::Send || reads_back(kind);
                let waits = state == CallState::Ready || (state == CallState::Unknown && is_sent);
                Ok(Call {
                    id: id(&call)?,
                    kind,
                    state,
                    attempts: u32::try_from(attempts).unwrap_or(0),
                    next_try: waits.then_some(Timestamp(due_at)),
                    reason,
                })
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_has_one_id_and_no_other_call_has_it() {
        let (one, two) = (AppointmentId::from_bytes([1; 16]), AppointmentId::from_bytes([2; 16]));
        let photos = [None, Some(PhotoId::from_bytes([3; 16])), Some(PhotoId::from_bytes([4; 16]))];
        let mut seen = std::collections::BTreeSet::new();
        for appointment in [one, two] {
            for kind in CallKind::ALL {
                for version in [1, 2] {
                    for photo in photos {
                        assert!(seen.insert(call_id(appointment, kind, version, photo)));
                        assert!(!seen.insert(call_id(appointment, kind, version, photo)));
                    }
                }
            }
        }
    }

    #[test]
    fn every_name_in_the_database_reads_back() {
        for value in CallKind::ALL {
            assert_eq!(kind(kind_name(value)).unwrap(), value);
        }
        for value in STATES {
            assert_eq!(state(state_name(value)).unwrap(), value);
        }
        assert!(kind("other").is_err() && state("other").is_err());
    }
}
