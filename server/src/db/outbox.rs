//! Calls to Amazon. A row is written in the transaction of what it reports; it is claimed and committed before
//! the first byte leaves, and settled afterwards. One claim is at most one request.
//!
//! ```text
//! ready ──claim──▶ sent ──▶ done
//!   ▲                │ certainly no effect: ready again, after a pause
//!   │                │ outcome lost, or the lease is over: unknown, until the fence is over
//!   │                ▼
//!   └──────────── unknown ──▶ done, by reading back        any ──▶ parked: needs a person
//! ```
//!
//! A job is a lane: while one of its calls is `sent` or `unknown` no other is claimed, and none before all of
//! smaller rank are done, so a late request can never land after a newer one.

use super::{Tx, id, on, photo::sha256};
use doorstep_core::{
    api::{Call, CallKind, CallState},
    digest::Sha256,
    id::{AppointmentId, JobId, PhotoId, SellerId},
    time::Timestamp,
};

/// The desired state that the first closeout of a visit reports. A correction would be version 2.
const FIRST_VERSION: i64 = 1;

/// Names a row of the outbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CallId([u8; 16]);

impl CallId {
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }
}

/// What a worker does with a call it claimed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Task {
    /// Send the request. The row says `sent`.
    Send,
    /// Ask Amazon whether an earlier request took effect. The row stays `unknown`.
    ReadBack,
}

/// A call that one worker holds until its lease is over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    pub id: CallId,
    pub task: Task,
    pub job: JobId,
    pub appointment: AppointmentId,
    pub kind: CallKind,
    /// The photo of a document.
    pub photo: Option<PhotoId>,
    /// Attempts so far, this one included. Settling names it, so that an answer which comes after the lease, when
    /// another worker has taken over, changes nothing.
    pub attempts: i64,
    /// When this attempt, or the one to be read back, was sent.
    pub sent_at: Timestamp,
    /// When the outcome of an attempt was first lost: Amazon may have its effect.
    pub lost_at: Option<Timestamp>,
    /// Of the body of the attempt before this one.
    pub body_hash: Option<Sha256>,
    /// Why it was not done before.
    pub reason: Option<String>,
}

/// How a claimed call ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Settlement {
    Done {
        request_id: Option<String>,
        reason: Option<&'static str>,
    },
    /// Nothing happened at Amazon, or what happened may happen again: try again at `due_at`.
    Again {
        due_at: Timestamp,
        counts: Counts,
        reason: Option<String>,
    },
    /// Amazon may have the effect, or get it yet: read back at `due_at`.
    Lost {
        due_at: Timestamp,
        reason: Option<String>,
    },
    /// The request had no effect, but an earlier one may have had: read back at `due_at`.
    Doubtful {
        due_at: Timestamp,
        reason: Option<String>,
    },
    /// Needs a person. `lost_at` when Amazon may have the effect all the same.
    Parked {
        reason: String,
        lost_at: Option<Timestamp>,
    },
}

/// Whether an attempt brings a call nearer to being parked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counts {
    Yes,
    /// It did a part of the work, or was only asked to wait.
    No,
}

pub(crate) const fn kind_name(kind: CallKind) -> &'static str {
    match kind {
        CallKind::Document => "document",
        CallKind::Fulfilment => "fulfilment",
        CallKind::Complete => "complete",
    }
}

const fn rank(kind: CallKind) -> i64 {
    match kind {
        CallKind::Document => 1,
        CallKind::Fulfilment => 2,
        CallKind::Complete => 3,
    }
}

fn kind(name: &str) -> sqlx::Result<CallKind> {
    [CallKind::Document, CallKind::Fulfilment, CallKind::Complete]
        .into_iter()
        .find(|kind| kind_name(*kind) == name)
        .ok_or_else(|| sqlx::Error::Decode("outbox.kind holds an unknown kind".into()))
}

const fn state_name(state: CallState) -> &'static str {
    match state {
        CallState::Ready => "ready",
        CallState::Sent => "sent",
        CallState::Unknown => "unknown",
        CallState::Done => "done",
        CallState::Parked => "parked",
    }
}

fn state(name: &str) -> sqlx::Result<CallState> {
    [CallState::Ready, CallState::Sent, CallState::Unknown, CallState::Done, CallState::Parked]
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
    CallId(id)
}

fn photo_id(column: Option<Vec<u8>>) -> sqlx::Result<Option<PhotoId>> {
    column.map(|photo| id(&photo)).transpose()
}

impl Tx {
    /// Puts all calls of a closeout into the outbox: one per photo, the fulfilment, the completion. Repeating it
    /// changes nothing.
    pub async fn enqueue_closeout(
        &mut self,
        seller: SellerId,
        job: JobId,
        appointment: AppointmentId,
        photos: &[PhotoId],
        now: Timestamp,
    ) -> sqlx::Result<()> {
        let documents = photos.iter().map(|photo| (CallKind::Document, Some(*photo)));
        for (kind, photo) in documents.chain([(CallKind::Fulfilment, None), (CallKind::Complete, None)]) {
            let CallId(call) = call_id(appointment, kind, FIRST_VERSION, photo);
            on!(self, |c| {
                sqlx::query(
                    "INSERT INTO outbox (outbox_id, seller_id, job_id, appointment_id, kind, rank, photo_id,
                                         desired_version, state, due_at, created_at)
                     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'ready', $9, $9) ON CONFLICT DO NOTHING",
                )
                .bind(call.as_slice())
                .bind(seller.as_bytes().as_slice())
                .bind(job.as_bytes().as_slice())
                .bind(appointment.as_bytes().as_slice())
                .bind(kind_name(kind))
                .bind(rank(kind))
                .bind(photo.as_ref().map(|photo| photo.as_bytes().as_slice()))
                .bind(FIRST_VERSION)
                .bind(now.0)
                .execute(c)
                .await
                .map(|done| done.rows_affected())
            })?;
        }
        Ok(())
    }

    /// Turns attempts whose lease is over into `unknown`: the worker that made them died, and nobody knows how far
    /// it came. In a transaction of its own, so that it waits for no lane while it holds rows.
    pub async fn expire_leases(
        &mut self,
        seller: SellerId,
        now: Timestamp,
        fence_ms: i64,
    ) -> sqlx::Result<u64> {
        on!(self, |c| {
            sqlx::query(
                "UPDATE outbox SET state = 'unknown', lost_at = COALESCE(lost_at, sent_at), due_at = sent_at + $3
                 WHERE seller_id = $1 AND state = 'sent' AND due_at <= $2",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(now.0)
            .bind(fence_ms)
            .execute(c)
            .await
            .map(|done| done.rows_affected())
        })
    }

    /// Claims one call that is due, until `now + lease_ms`. Commit before anything is sent.
    ///
    /// A completion whose outcome is unknown is read back; the other kinds are safe to repeat once the fence is
    /// over, so they are claimed to be sent again.
    pub async fn claim_call(
        &mut self,
        seller: SellerId,
        now: Timestamp,
        lease_ms: i64,
    ) -> sqlx::Result<Option<Claim>> {
        while let Some((call, job)) = self.due_call(seller, now).await? {
            // Another worker may have claimed in this lane since it was looked at. The lane is locked by now, so
            // this look is the last word.
            if let Some(claim) = self.take_call(seller, call, job, now, lease_ms).await? {
                return Ok(Some(claim));
            }
        }
        Ok(None)
    }

    /// A call that looks due, with its lane locked for this transaction. On SQLite the writer is alone anyway.
    async fn due_call(&mut self, seller: SellerId, now: Timestamp) -> sqlx::Result<Option<(CallId, JobId)>> {
        let row: Option<(Vec<u8>, Vec<u8>)> = match self {
            Self::Sqlite(tx) => {
                sqlx::query_as(
                    "SELECT c.outbox_id, c.job_id FROM outbox c
                     WHERE c.seller_id = $1 AND c.due_at <= $2
                       AND (c.state = 'unknown' OR (c.state = 'ready' AND NOT EXISTS (
                         SELECT 1 FROM outbox o WHERE o.job_id = c.job_id
                           AND (o.state IN ('sent', 'unknown') OR (o.state <> 'done' AND o.rank < c.rank)))))
                     ORDER BY c.due_at, c.rank, c.outbox_id LIMIT 1",
                )
                .bind(seller.as_bytes().as_slice())
                .bind(now.0)
                .fetch_optional(&mut **tx)
                .await?
            }
            // SKIP LOCKED: who holds the lane is claiming or settling in it, and there are other lanes.
            Self::Postgres(tx) => {
                sqlx::query_as(
                    "SELECT c.outbox_id, c.job_id FROM outbox c JOIN service_job j ON j.job_id = c.job_id
                     WHERE c.seller_id = $1 AND c.due_at <= $2
                       AND (c.state = 'unknown' OR (c.state = 'ready' AND NOT EXISTS (
                         SELECT 1 FROM outbox o WHERE o.job_id = c.job_id
                           AND (o.state IN ('sent', 'unknown') OR (o.state <> 'done' AND o.rank < c.rank)))))
                     ORDER BY c.due_at, c.rank, c.outbox_id LIMIT 1
                     FOR NO KEY UPDATE OF j SKIP LOCKED",
                )
                .bind(seller.as_bytes().as_slice())
                .bind(now.0)
                .fetch_optional(&mut **tx)
                .await?
            }
        };
        row.map(|(call, job)| {
            let call =
                call.try_into().map_err(|_| sqlx::Error::Decode("outbox.outbox_id takes 16 bytes".into()))?;
            Ok((CallId(call), id(&job)?))
        })
        .transpose()
    }

    async fn take_call(
        &mut self,
        seller: SellerId,
        CallId(call): CallId,
        job: JobId,
        now: Timestamp,
        lease_ms: i64,
    ) -> sqlx::Result<Option<Claim>> {
        type Row = (
            Vec<u8>,
            String,
            String,
            Option<Vec<u8>>,
            i64,
            Option<i64>,
            Option<i64>,
            Option<Vec<u8>>,
            Option<String>,
        );
        let row: Option<Row> = on!(self, |c| {
            sqlx::query_as(
                "UPDATE outbox SET attempts = attempts + 1, due_at = $3 + $4,
                   sent_at = CASE WHEN state = 'unknown' AND kind = 'complete' THEN sent_at ELSE $3 END,
                   state = CASE WHEN state = 'unknown' AND kind = 'complete' THEN 'unknown' ELSE 'sent' END
                 WHERE seller_id = $1 AND outbox_id = $2 AND due_at <= $3
                   AND (state = 'unknown' OR (state = 'ready' AND NOT EXISTS (
                     SELECT 1 FROM outbox o WHERE o.job_id = outbox.job_id
                       AND (o.state IN ('sent', 'unknown') OR (o.state <> 'done' AND o.rank < outbox.rank)))))
                 RETURNING appointment_id, kind, state, photo_id, attempts, sent_at, lost_at, body_hash, reason",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(call.as_slice())
            .bind(now.0)
            .bind(lease_ms)
            .fetch_optional(c)
            .await
        })?;
        let Some((appointment, kind_of, state_of, photo, attempts, sent_at, lost_at, body_hash, reason)) =
            row
        else {
            return Ok(None);
        };
        Ok(Some(Claim {
            id: CallId(call),
            task: if state(&state_of)? == CallState::Sent { Task::Send } else { Task::ReadBack },
            job,
            appointment: id(&appointment)?,
            kind: kind(&kind_of)?,
            photo: photo_id(photo)?,
            attempts,
            sent_at: Timestamp(sent_at.unwrap_or(now.0)),
            lost_at: lost_at.map(Timestamp),
            body_hash: body_hash.map(|hash| sha256(&hash)).transpose()?,
            reason,
        }))
    }

    /// Notes what is about to be sent, in the transaction of its claim.
    pub async fn note_body(&mut self, seller: SellerId, claim: &Claim, hash: Sha256) -> sqlx::Result<()> {
        on!(self, |c| {
            sqlx::query("UPDATE outbox SET body_hash = $3 WHERE seller_id = $1 AND outbox_id = $2")
                .bind(seller.as_bytes().as_slice())
                .bind(claim.id.0.as_slice())
                .bind(hash.as_bytes().as_slice())
                .execute(c)
                .await
                .map(|_| ())
        })
    }

    /// Writes down how a claimed call ended. False when the lease was over and somebody else has claimed it since:
    /// then theirs is the word, and nothing is changed.
    pub async fn settle_call(
        &mut self,
        seller: SellerId,
        claim: &Claim,
        settlement: &Settlement,
        now: Timestamp,
    ) -> sqlx::Result<bool> {
        self.lock_lane(seller, claim.job).await?;
        let (next, due_at, uncounted, lost_at, done_at) = match settlement {
            Settlement::Done { .. } => (CallState::Done, now, 0, None, Some(now)),
            Settlement::Again { due_at, counts, .. } => {
                (CallState::Ready, *due_at, i64::from(*counts == Counts::No), None, None)
            }
            Settlement::Lost { due_at, .. } => (CallState::Unknown, *due_at, 0, Some(claim.sent_at), None),
            Settlement::Doubtful { due_at, .. } => (CallState::Unknown, *due_at, 0, None, None),
            Settlement::Parked { lost_at, .. } => (CallState::Parked, now, 0, *lost_at, None),
        };
        let (request_id, reason) = match settlement {
            Settlement::Done { request_id, reason } => (request_id.as_deref(), *reason),
            Settlement::Again { reason, .. }
            | Settlement::Lost { reason, .. }
            | Settlement::Doubtful { reason, .. } => (None, reason.as_deref()),
            Settlement::Parked { reason, .. } => (None, Some(reason.as_str())),
        };
        let rows = on!(self, |c| {
            sqlx::query(
                "UPDATE outbox SET state = $4, due_at = $5, attempts = attempts - $6,
                   lost_at = COALESCE(lost_at, $7), done_at = $8, request_id = COALESCE($9, request_id),
                   reason = CASE WHEN $4 = 'done' THEN $10 ELSE COALESCE($10, reason) END
                 WHERE seller_id = $1 AND outbox_id = $2 AND attempts = $3 AND state IN ('sent', 'unknown')",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(claim.id.0.as_slice())
            .bind(claim.attempts)
            .bind(state_name(next))
            .bind(due_at.0)
            .bind(uncounted)
            .bind(lost_at.map(|at| at.0))
            .bind(done_at.map(|at| at.0))
            .bind(request_id)
            .bind(reason)
            .execute(c)
            .await
            .map(|done| done.rows_affected())
        })?;
        Ok(rows == 1)
    }

    /// Locks the lane of a job until the commit, before any of its rows: claims lock in the same order.
    async fn lock_lane(&mut self, seller: SellerId, job: JobId) -> sqlx::Result<()> {
        match self {
            Self::Sqlite(_) => Ok(()),
            Self::Postgres(tx) => sqlx::query(
                "SELECT 1 FROM service_job WHERE seller_id = $1 AND job_id = $2 FOR NO KEY UPDATE",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(job.as_bytes().as_slice())
            .execute(&mut **tx)
            .await
            .map(|_| ()),
        }
    }

    /// Sends a visit's documents again to new destinations. Only for a fulfilment that certainly took no effect;
    /// see `fulfilment_may_be_known`.
    pub async fn repeat_documents(
        &mut self,
        seller: SellerId,
        appointment: AppointmentId,
        now: Timestamp,
    ) -> sqlx::Result<()> {
        on!(self, |c| {
            sqlx::query(
                "UPDATE outbox SET state = 'ready', due_at = $3, done_at = NULL
                 WHERE seller_id = $1 AND appointment_id = $2 AND kind = 'document' AND state = 'done'",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(appointment.as_bytes().as_slice())
            .bind(now.0)
            .execute(c)
            .await
            .map(|_| ())
        })?;
        on!(self, |c| {
            sqlx::query(
                "DELETE FROM amazon_document WHERE seller_id = $1
                   AND photo_id IN (SELECT photo_id FROM outbox WHERE seller_id = $1 AND appointment_id = $2)",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(appointment.as_bytes().as_slice())
            .execute(c)
            .await
            .map(|_| ())
        })
    }

    /// Whether Amazon may know a visit's documents by their destinations: then none gets another one, since nobody
    /// outside Amazon knows whether a second fulfilment replaces documents or adds to them.
    pub async fn fulfilment_may_be_known(
        &mut self,
        seller: SellerId,
        appointment: AppointmentId,
    ) -> sqlx::Result<bool> {
        let (calls,): (i64,) = on!(self, |c| {
            sqlx::query_as(
                "SELECT COUNT(*) FROM outbox WHERE seller_id = $1 AND appointment_id = $2 AND kind = 'fulfilment'
                   AND (state IN ('sent', 'unknown', 'done') OR lost_at IS NOT NULL)",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(appointment.as_bytes().as_slice())
            .fetch_one(c)
            .await
        })?;
        Ok(calls > 0)
    }

    /// Notes that Amazon has a job as completed, before the next intake says so.
    pub async fn note_completed(&mut self, seller: SellerId, job: JobId, now: Timestamp) -> sqlx::Result<()> {
        on!(self, |c| {
            sqlx::query(
                "UPDATE service_job SET status = 'COMPLETED', changed_at = $3 WHERE seller_id = $1 AND job_id = $2",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(job.as_bytes().as_slice())
            .bind(now.0)
            .execute(c)
            .await
            .map(|_| ())
        })
    }

    /// When the next call may be claimed, or a lease ends. `None` when nothing is under way.
    pub async fn next_call_due(&mut self, seller: SellerId) -> sqlx::Result<Option<Timestamp>> {
        let (due,): (Option<i64>,) = on!(self, |c| {
            sqlx::query_as(
                "SELECT MIN(c.due_at) FROM outbox c
                 WHERE c.seller_id = $1
                   AND (c.state IN ('sent', 'unknown') OR (c.state = 'ready' AND NOT EXISTS (
                     SELECT 1 FROM outbox o WHERE o.job_id = c.job_id
                       AND (o.state IN ('sent', 'unknown') OR (o.state <> 'done' AND o.rank < c.rank)))))",
            )
            .bind(seller.as_bytes().as_slice())
            .fetch_one(c)
            .await
        })?;
        Ok(due.map(Timestamp))
    }

    /// The visits whose closeout is on its way to Amazon or stuck there.
    pub async fn visits_with_open_calls(&mut self, seller: SellerId) -> sqlx::Result<Vec<AppointmentId>> {
        let rows: Vec<(Vec<u8>,)> = on!(self, |c| {
            sqlx::query_as(
                "SELECT DISTINCT appointment_id FROM outbox WHERE seller_id = $1 AND state <> 'done'",
            )
            .bind(seller.as_bytes().as_slice())
            .fetch_all(c)
            .await
        })?;
        rows.into_iter().map(|(appointment,)| id(&appointment)).collect()
    }

    /// The calls of a visit in the order they are made, as a supervisor sees them.
    pub async fn calls_of(&mut self, appointment: AppointmentId) -> sqlx::Result<Vec<Call>> {
        let rows: Vec<(String, String, i64, i64, Option<String>)> = on!(self, |c| {
            sqlx::query_as(
                "SELECT kind, state, attempts, due_at, reason FROM outbox
                 WHERE appointment_id = $1 ORDER BY rank, photo_id",
            )
            .bind(appointment.as_bytes().as_slice())
            .fetch_all(c)
            .await
        })?;
        let call =
            |(kind_of, state_of, attempts, due_at, reason): (String, String, i64, i64, Option<String>)| {
                let state = state(&state_of)?;
                let waits = matches!(state, CallState::Ready | CallState::Unknown);
                Ok(Call {
                    kind: kind(&kind_of)?,
                    state,
                    attempts: u32::try_from(attempts).unwrap_or(0),
                    next_try: waits.then_some(Timestamp(due_at)),
                    reason,
                })
            };
        rows.into_iter().map(call).collect()
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
            for kind in [CallKind::Document, CallKind::Fulfilment, CallKind::Complete] {
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
        for value in [CallKind::Document, CallKind::Fulfilment, CallKind::Complete] {
            assert_eq!(kind(kind_name(value)).unwrap(), value);
        }
        for value in
            [CallState::Ready, CallState::Sent, CallState::Unknown, CallState::Done, CallState::Parked]
        {
            assert_eq!(state(state_name(value)).unwrap(), value);
        }
        assert!(kind("other").is_err() && state("other").is_err());
    }
}
