//! Carries finished closeouts to Amazon, one request per claim: claim → commit → send → settle → commit.
//!
//! Whatever dies in between leaves a row that says `sent`; when its lease is over it becomes `unknown`, and nothing
//! else of that job moves until it is known again. No transaction is open while a request is under way.

mod change;
mod keep;
pub mod observed;
mod outcome;
mod request;

use super::{Worker, expiry::EXPIRED};
use crate::{
    closing,
    db::{
        amazon_document::{self, AmazonDocument},
        outbox::{Claim, Counts, Settlement},
    },
    decisions,
    photo::Image,
};
use anyhow::Context;
use change::{Move, is_before, is_wanted, may_go_again};
use doorstep_core::{
    api::{CallKind, What},
    time::Timestamp,
    vault::{self, Key},
};
use doorstep_spapi::{Answer, Destination, ServiceJobId, job::JobStatus};
use futures_util::future::join_all;
use keep::Keep;
use outcome::{
    Failure, MOST_ATTEMPTS, MOST_MENDS, Timing, after_failure, blames_a_destination, notes, outcome_name,
    pause_ms, told,
};
use request::{Planned, Request};

/// How much longer than a request may take its claim holds: time to settle it.
const SETTLING_MS: i64 = 30_000;
/// So many lanes move at once.
const LANES: usize = 4;

/// What came of one request.
enum Reply {
    /// A destination was made; it has to be kept before it is used.
    Destination(Box<Destination>),
    Uploaded {
        content_sha256: String,
    },
    Accepted {
        request_id: Option<String>,
        /// What Amazon notes about its success.
        notes: Option<String>,
    },
    /// The job's status, read back.
    Status(Option<JobStatus>),
    /// How a visit stands that is to be moved.
    Move(Move),
    /// Amazon has moved a visit.
    Moved {
        /// Amazon's id of it now.
        to: String,
        request_id: Option<String>,
        notes: Option<String>,
    },
    /// The store behind this destination wants it no more.
    DestinationSpent {
        words: String,
    },
    /// Nothing was sent: what was to be sent cannot be read here.
    Unreadable {
        words: String,
    },
    /// Asking before took too long; nothing was sent.
    TooLate,
    Failed(Failure),
}

fn accepted(answer: Answer<()>) -> Reply {
    Reply::Accepted { notes: notes(&answer.warnings), request_id: answer.request_id }
}

impl Worker {
    /// Runs every call that is due, several lanes at a time, and answers how many it ran. It returns when nothing is
    /// due any more; what failed is due later.
    ///
    /// # Errors
    /// The database cannot be reached. A call that Amazon refuses is no error: its row says so.
    pub async fn forward_due(&self) -> anyhow::Result<usize> {
        // Every lane claims for itself and all are polled together: one that waited for the database while another,
        // unpolled, held it would wait for ever.
        let lanes = join_all((0..LANES).map(|_| self.work_off())).await;
        lanes.into_iter().try_fold(0, |ran, lane| Ok(ran + lane?))
    }

    /// Runs one call after another until none is due.
    async fn work_off(&self) -> anyhow::Result<usize> {
        let mut ran = 0;
        while let Some((claim, planned)) = self.claim().await? {
            self.run_call(claim, planned).await?;
            ran += 1;
        }
        Ok(ran)
    }

    /// When `forward_due` next has something to do; `None` when nothing is under way.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn next_call_due(&self) -> anyhow::Result<Option<Timestamp>> {
        Ok(self.app.db.read().await?.next_call_due(self.app.seller).await?)
    }

    /// Claims a call and plans its request, in one transaction that is committed before anything is sent.
    async fn claim(&self) -> anyhow::Result<Option<(Claim, Planned)>> {
        let app = &self.app;
        let now = app.clock.now();
        let mut tx = app.db.write().await?;
        let expired = tx.expire_leases(app.seller, now, app.settings.fence_ms).await?;
        // Committed by itself: it holds rows of lanes that it has not locked.
        tx.commit().await?;
        if expired > 0 {
            tracing::warn!(calls = expired, "a worker died during calls to Amazon; they are read back");
        }
        let mut tx = app.db.write().await?;
        let lease_ms = app.settings.amazon_timeout_ms.saturating_add(SETTLING_MS);
        let Some(claim) = tx.claim_call(app.seller, now, lease_ms).await? else { return Ok(None) };
        let planned = request::plan(app, &mut tx, &claim).await?;
        if let Planned::Send { hash, .. } = &planned {
            tx.note_body(app.seller, &claim, *hash).await?;
        }
        tx.commit().await?;
        Ok(Some((claim, planned)))
    }

    async fn run_call(&self, claim: Claim, planned: Planned) -> anyhow::Result<()> {
        let reply = match planned {
            Planned::Send { request, .. } => self.send(request, claim.sent_at).await,
            // Nothing leaves: settling parks it, since the same plan would come out again.
            Planned::Refuse { reason } => {
                return self.settle(&claim, None, Settlement::Parked { reason, lost_at: None }).await;
            }
        };
        self.settle_reply(&claim, reply).await
    }

    /// Sends one request, once; before a completion Amazon is asked whether the job is still open.
    async fn send(&self, request: Request, claimed: Timestamp) -> Reply {
        match request {
            Request::MakeDestination { document } => {
                match self.amazon.create_upload_destination(&document).await {
                    Ok(answer) => Reply::Destination(Box::new(answer.value)),
                    Err(error) => Reply::Failed(Failure::from(&error)),
                }
            }
            Request::Upload { destination, photo, key } => {
                let picture = match Image::Picture.open(&self.app.blobs, &key, photo).await {
                    Ok(picture) => picture,
                    Err(error) => {
                        tracing::error!(%photo, error = format!("{error:#}"), "a safe photo cannot be read");
                        return Reply::Unreadable {
                            words: "The photo cannot be read from the server's disk.".to_owned(),
                        };
                    }
                };
                match self.amazon.upload_document(&destination, &picture).await {
                    Ok(hash) => Reply::Uploaded { content_sha256: hash.as_str().to_owned() },
                    Err(error) if error.needs_new_destination() => {
                        Reply::DestinationSpent { words: Failure::from(&error).words }
                    }
                    Err(error) => Reply::Failed(Failure::from(&error)),
                }
            }
            Request::Fulfil { job, appointment, data } => {
                match self.amazon.set_fulfillment_data(&job, &appointment, &data).await {
                    Ok(answer) => accepted(answer),
                    Err(error) => Reply::Failed(Failure::from(&error)),
                }
            }
            Request::Complete { job } => self.complete(&job, claimed).await,
            // Only the status is read: the rest is buyer data, which may have expired here.
            Request::ReadStatus { job } => self.read_status(&job).await,
            Request::Cancel { job, code } => self.cancel(&job, &code, claimed).await,
            Request::Reschedule { job, from, to } => self.reschedule(&job, &from, &to, claimed).await,
            Request::ReadMove { job, from, start } => self.read_move(&job, &from, start).await,
            Request::Assign { job, appointment, resources } => {
                match self.amazon.assign_appointment_resources(&job, &appointment, &resources).await {
                    Ok(answer) => accepted(answer),
                    Err(error) => Reply::Failed(Failure::from(&error)),
                }
            }
        }
    }

    /// The claim holds for one request and the time to settle it; a slow answer to a question has used that up.
    fn is_late(&self, claimed: Timestamp) -> bool {
        self.app.clock.now().since(claimed) > SETTLING_MS / 2
    }

    /// Completes a job that Amazon still shows as open. A job that was cancelled meanwhile, or that somebody completed
    /// in Amazon's own app, is not sent a completion at all.
    async fn complete(&self, job: &ServiceJobId, claimed: Timestamp) -> Reply {
        match self.read_status(job).await {
            Reply::Status(Some(JobStatus::NotServiced)) => {}
            other => return other,
        }
        if self.is_late(claimed) {
            return Reply::TooLate;
        }
        match self.amazon.complete_service_job(job).await {
            Ok(answer) => accepted(answer),
            Err(error) => Reply::Failed(Failure::from(&error)),
        }
    }

    async fn read_status(&self, job: &ServiceJobId) -> Reply {
        match self.amazon.get_service_job_status(job).await {
            Ok(answer) => Reply::Status(answer.value),
            Err(error) => Reply::Failed(Failure::from(&error)),
        }
    }

    async fn settle_reply(&self, claim: &Claim, reply: Reply) -> anyhow::Result<()> {
        let now = self.app.clock.now();
        let pause_ms = pause_ms(claim.attempts, &*self.app.entropy);
        let timing = Timing { now, fence_ms: self.app.settings.fence_ms, pause_ms };
        let again = |counts, reason| Settlement::Again { due_at: now, counts, reason };
        let parked = |reason| Settlement::Parked { reason, lost_at: None };
        match reply {
            Reply::Destination(destination) => {
                self.settle(claim, Some(Keep::Destination(destination)), again(Counts::No, None)).await
            }
            Reply::Uploaded { content_sha256 } => {
                let done = Settlement::Done { request_id: None, reason: None };
                self.settle(claim, Some(Keep::Upload { content_sha256 }), done).await
            }
            Reply::Accepted { request_id, notes } => {
                self.settle(claim, None, Settlement::Done { request_id, reason: notes }).await
            }
            Reply::Status(Some(status)) if is_wanted(claim.kind, &status) => {
                let reason = Some("read back".to_owned());
                self.settle(claim, None, Settlement::Done { request_id: None, reason }).await
            }
            Reply::Status(Some(status)) if is_before(claim.kind, &status) && may_go_again(claim) => {
                let again =
                    Settlement::Again { due_at: now.plus_ms(pause_ms), counts: Counts::Yes, reason: None };
                self.settle(claim, None, again).await
            }
            Reply::Moved { to, request_id, notes } => {
                let done = Settlement::Done { request_id, reason: notes };
                self.settle(claim, Some(Keep::Moved { to }), done).await
            }
            Reply::Move(Move::Moved { to }) => {
                let done = Settlement::Done { request_id: None, reason: Some("read back".to_owned()) };
                self.settle(claim, Some(Keep::Moved { to }), done).await
            }
            Reply::Move(Move::NotYet) if may_go_again(claim) => {
                let again =
                    Settlement::Again { due_at: now.plus_ms(pause_ms), counts: Counts::Yes, reason: None };
                self.settle(claim, None, again).await
            }
            Reply::Move(standing) => {
                let shown = match standing {
                    Move::Other { words } => words,
                    _ => "Amazon shows the visit where it was.".to_owned(),
                };
                let words: Vec<&str> = claim.reason.iter().map(String::as_str).chain([&*shown]).collect();
                self.settle(claim, None, parked(words.join(" "))).await
            }
            Reply::Status(Some(status)) => {
                // What Amazon said when it refused tells more than the status.
                let said = claim.reason.iter().map(String::as_str);
                let shown = format!("Amazon shows the job as {status}.");
                let words: Vec<&str> = said.chain([shown.as_str()]).collect();
                self.settle(claim, None, parked(words.join(" "))).await
            }
            Reply::Status(None) => {
                self.settle(claim, None, parked("Amazon shows the job without a status.".to_owned())).await
            }
            Reply::TooLate => {
                let again =
                    Settlement::Again { due_at: now.plus_ms(pause_ms), counts: Counts::Yes, reason: None };
                self.settle(claim, None, again).await
            }
            // After a pause: a store that refuses every destination is not asked for the next one at once.
            Reply::DestinationSpent { words } if claim.attempts < MOST_ATTEMPTS => {
                let due_at = now.plus_ms(pause_ms);
                let again = Settlement::Again { due_at, counts: Counts::Yes, reason: Some(words) };
                self.settle(claim, Some(Keep::NoDestination), again).await
            }
            Reply::DestinationSpent { words } | Reply::Unreadable { words } => {
                self.settle(claim, None, parked(words)).await
            }
            Reply::Failed(failure) => {
                // Refused for a document that is not there: new destinations mend it, but only if Amazon cannot know
                // the old ones from an earlier attempt.
                let mends = claim.kind == CallKind::Fulfilment
                    && claim.lost_at.is_none()
                    && claim.attempts < MOST_MENDS
                    && failure.is_certain_refusal()
                    && blames_a_destination(&failure.words);
                if mends {
                    let again = again(Counts::Yes, Some(failure.words));
                    return self.settle(claim, Some(Keep::NoDocuments), again).await;
                }
                self.settle(claim, None, after_failure(claim, failure, timing)).await
            }
        }
    }

    /// Writes down how a call ended, with what has to be kept of it and what supervisors are told, in one
    /// transaction.
    async fn settle(&self, claim: &Claim, keep: Option<Keep>, settlement: Settlement) -> anyhow::Result<()> {
        let app = &self.app;
        let now = app.clock.now();
        let mut tx = app.db.write().await?;
        let key = tx.job_key(&app.root_key, app.seller, claim.job).await?;
        let (keep, settlement) = match (keep, &key) {
            // The key went with the buyer's data while the request was under way: nothing more is to be sent.
            (Some(Keep::Destination(_)), None) => {
                (None, Settlement::Parked { reason: EXPIRED.to_owned(), lost_at: None })
            }
            (keep, _) => (keep, settlement),
        };
        if !tx.settle_call(app.seller, claim, &settlement, now).await? {
            tracing::warn!(kind = ?claim.kind, "an answer came after its lease; another worker has taken over");
            return Ok(());
        }
        if claim.kind == CallKind::Cancel && matches!(settlement, Settlement::Parked { .. }) {
            decisions::resume_reports(app, &mut tx, claim.job, now).await?;
        }
        match keep {
            Some(Keep::Destination(destination)) => {
                let photo = claim.photo.context("a document without a photo")?;
                let (row, _) =
                    tx.load_photo(app.seller, photo).await?.context("a document whose photo is gone")?;
                let key: &Key = key.as_ref().context("the job's key has expired")?;
                let plain = serde_json::to_vec(&*destination)?;
                let document = AmazonDocument {
                    photo,
                    upload_destination_id: destination.id().as_str().to_owned(),
                    sealed: vault::seal(key, &amazon_document::place(photo), app.entropy.bytes(), &plain)?,
                    url_deadline: destination.expires_at().into(),
                    content_sha256: None,
                    expires_at: row.expires_at,
                };
                tx.put_amazon_document(app.seller, &document).await?;
            }
            Some(Keep::Upload { content_sha256 }) => {
                let photo = claim.photo.context("a document without a photo")?;
                tx.note_uploaded(app.seller, photo, &content_sha256, now).await?;
            }
            Some(Keep::NoDestination) => {
                let photo = claim.photo.context("a document without a photo")?;
                tx.delete_amazon_document(app.seller, photo).await?;
            }
            Some(Keep::Moved { to }) => self.keep_move(&mut tx, claim, &to, now).await?,
            Some(Keep::NoDocuments) => tx.repeat_documents(app.seller, claim.appointment, now).await?,
            None => {}
        }
        // Amazon did not take it for what the job is by now: what that is, intake finds out.
        let refused = matches!(settlement, Settlement::Parked { .. } | Settlement::Doubtful { .. });
        let told = told(claim, &settlement);
        let changed =
            matches!(told, Some(What::Rescheduled | What::TechniciansAssigned | What::JobCancelled));
        if changed || (refused && !matches!(claim.kind, CallKind::Document | CallKind::Eta)) {
            tx.ask_to_read(app.seller, claim.job, None, now, now).await?;
        }
        if let Some(what) = told {
            match what {
                What::Completed => tx.note_status(app.seller, claim.job, "COMPLETED", now).await?,
                What::JobCancelled => tx.note_status(app.seller, claim.job, "CANCELLED", now).await?,
                _ => {}
            }
            tx.record_event(app.seller, claim.appointment, &what, now).await?;
        }
        tx.commit().await?;
        tracing::info!(kind = ?claim.kind, task = ?claim.task, attempts = claim.attempts, outcome = outcome_name(&settlement), "call settled");
        let decided = matches!(claim.kind, CallKind::Reschedule | CallKind::Cancel);
        if decided && matches!(settlement, Settlement::Parked { .. }) {
            // A closeout waited for what was decided, and that does not come.
            let mut tx = app.db.write().await?;
            tx.lock_documents(app.seller, &[claim.appointment]).await?;
            closing::settle(app, &mut tx, app.seller, claim.appointment, now).await?;
            tx.commit().await?;
        }
        app.bell.ring();
        Ok(())
    }
}
