//! What the office decided of visits, and when jobs could be done, as Amazon said it last.

use super::{Tx, id, on};
use doorstep_core::{
    api::Slot,
    decision::{DecisionState, DeclineReason, OfficeDecision},
    id::{AppointmentId, DecisionId, JobId, RequestId, ResourceId, SellerId, ServiceJobId, UserId},
    reason::Wish,
    time::Timestamp,
};

/// What is decided, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    Declined(DeclineReason),
    Cancel { code: String },
    Reschedule { code: String, start: Timestamp, resources: Vec<ResourceId> },
}

impl Verdict {
    pub const fn is_approval(&self) -> bool {
        !matches!(self, Self::Declined(_))
    }
}

/// A decision as it is written down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredDecision {
    pub decision: DecisionId,
    pub job: JobId,
    pub appointment: AppointmentId,
    pub request: Option<RequestId>,
    pub what: Wish,
    pub verdict: Verdict,
    /// Amazon's id of the visit, once it has been moved.
    pub moved_to: Option<String>,
    pub by: UserId,
    pub at: Timestamp,
}

pub(crate) const fn wish_name(wish: Wish) -> &'static str {
    match wish {
        Wish::Reschedule => "reschedule",
        Wish::Cancel => "cancel",
    }
}

fn wish(name: &str) -> sqlx::Result<Wish> {
    [Wish::Reschedule, Wish::Cancel]
        .into_iter()
        .find(|wish| wish_name(*wish) == name)
        .ok_or_else(|| sqlx::Error::Decode("decision.what holds an unknown wish".into()))
}

fn declined(name: &str) -> sqlx::Result<DeclineReason> {
    DeclineReason::named(name)
        .ok_or_else(|| sqlx::Error::Decode("decision.declined holds an unknown reason".into()))
}

fn incomplete() -> sqlx::Error {
    sqlx::Error::Decode("an approved decision lacks its code or its time".into())
}

/// When a job could be done, as Amazon said it last.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SlotReading {
    pub reading: bool,
    pub tried_at: Option<Timestamp>,
    pub read_at: Option<Timestamp>,
    pub slots: Vec<Slot>,
    pub refusal: Option<String>,
}

/// A job whose slots are to be read, held until its lease is over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SlotRequest {
    pub job: JobId,
    pub service_job: ServiceJobId,
    pub marketplace: String,
    /// This one included.
    pub attempts: i64,
}

impl Tx {
    pub async fn put_decision(&mut self, seller: SellerId, new: &StoredDecision) -> sqlx::Result<()> {
        let (declined, code, start, resources) = match &new.verdict {
            Verdict::Declined(reason) => (Some(reason.name()), None, None, None),
            Verdict::Cancel { code } => (None, Some(code), None, None),
            Verdict::Reschedule { code, start, resources } => {
                (None, Some(code), Some(start.0), Some(resources))
            }
        };
        let resources = json(&resources.map_or_else(Vec::new, |resources| resources.iter().collect()))?;
        on!(self, |c| {
            sqlx::query(
                "INSERT INTO decision (decision_id, seller_id, job_id, appointment_id, request_id, what, declined, code,
                                       starts_at, resources, moved_to, decided_by, decided_at)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
            )
            .bind(new.decision.as_bytes().as_slice())
            .bind(seller.as_bytes().as_slice())
            .bind(new.job.as_bytes().as_slice())
            .bind(new.appointment.as_bytes().as_slice())
            .bind(new.request.as_ref().map(|request| request.as_bytes().as_slice()))
            .bind(wish_name(new.what))
            .bind(declined)
            .bind(code)
            .bind(start)
            .bind(resources)
            .bind(new.moved_to.as_deref())
            .bind(new.by.as_bytes().as_slice())
            .bind(new.at.0)
            .execute(c)
            .await
            .map(|_| ())
        })
    }

    pub async fn decision(
        &mut self,
        seller: SellerId,
        decision: DecisionId,
    ) -> sqlx::Result<Option<StoredDecision>> {
        type Row = (
            Vec<u8>,
            Vec<u8>,
            Option<Vec<u8>>,
            String,
            Option<String>,
            Option<String>,
            Option<i64>,
            String,
            Option<String>,
            Vec<u8>,
            i64,
        );
        let row: Option<Row> = on!(self, |c| {
            sqlx::query_as(
                "SELECT job_id, appointment_id, request_id, what, declined, code, starts_at, resources, moved_to,
                   decided_by, decided_at FROM decision WHERE seller_id = $1 AND decision_id = $2",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(decision.as_bytes().as_slice())
            .fetch_optional(c)
            .await?
        });
        let Some((job, appointment, request, what, no, code, start, resources, moved_to, by, at)) = row
        else {
            return Ok(None);
        };
        let what = wish(&what)?;
        let verdict = match (what, no, code, start) {
            (_, Some(no), ..) => Verdict::Declined(declined(&no)?),
            (Wish::Cancel, None, Some(code), _) => Verdict::Cancel { code },
            (Wish::Reschedule, None, Some(code), Some(start)) => {
                Verdict::Reschedule { code, start: Timestamp(start), resources: list(&resources)? }
            }
            _ => return Err(incomplete()),
        };
        Ok(Some(StoredDecision {
            decision,
            job: id(&job)?,
            appointment: id(&appointment)?,
            request: request.map(|request| id(&request)).transpose()?,
            what,
            verdict,
            moved_to,
            by: id(&by)?,
            at: Timestamp(at),
        }))
    }

    /// The decisions about a visit and about its job, oldest first, each with how far it is.
    pub async fn decisions_of(
        &mut self,
        seller: SellerId,
        appointment: AppointmentId,
    ) -> sqlx::Result<Vec<OfficeDecision>> {
        type Row = (Option<Vec<u8>>, String, Option<String>, Option<i64>, i64, Option<String>);
        // A job's cancellation concerns every visit of it.
        let rows: Vec<Row> = on!(self, |c| {
            sqlx::query_as(
                "SELECT d.request_id, d.what, d.declined, d.starts_at, d.decided_at, o.state
                 FROM appointment a JOIN decision d ON d.seller_id = a.seller_id AND d.job_id = a.job_id
                   AND (d.appointment_id = a.appointment_id OR (d.what = 'cancel' AND d.declined IS NULL))
                 LEFT JOIN outbox o ON o.decision_id = d.decision_id AND o.kind IN ('reschedule', 'cancel')
                 WHERE a.seller_id = $1 AND a.appointment_id = $2 ORDER BY d.decided_at, d.decision_id",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(appointment.as_bytes().as_slice())
            .fetch_all(c)
            .await?
        });
        rows.into_iter()
            .map(|(request, what, no, start, at, state)| {
                let reason = no.as_deref().map(declined).transpose()?;
                let state = match (reason, state.as_deref()) {
                    (Some(_), _) => DecisionState::Declined,
                    (None, Some("done")) => DecisionState::Done,
                    (None, Some("parked")) => DecisionState::Stuck,
                    (None, Some("left") | None) => DecisionState::Dropped,
                    (None, Some(_)) => DecisionState::Approved,
                };
                Ok(OfficeDecision {
                    request: request.map(|request| id(&request)).transpose()?,
                    what: wish(&what)?,
                    state,
                    reason,
                    start: start.map(Timestamp),
                    at: Timestamp(at),
                })
            })
            .collect()
    }

    /// How many decisions a job has had. Counted with its lane locked, so that no two are the same one.
    pub async fn count_decisions(&mut self, seller: SellerId, job: JobId) -> sqlx::Result<i64> {
        self.lock_lane(seller, job).await?;
        let (count,): (i64,) = on!(self, |c| {
            sqlx::query_as("SELECT COUNT(*) FROM decision WHERE seller_id = $1 AND job_id = $2")
                .bind(seller.as_bytes().as_slice())
                .bind(job.as_bytes().as_slice())
                .fetch_one(c)
                .await?
        });
        Ok(count)
    }

    /// Notes the id that Amazon gave a visit when it moved it.
    pub async fn note_moved(&mut self, seller: SellerId, decision: DecisionId, to: &str) -> sqlx::Result<()> {
        on!(self, |c| {
            sqlx::query("UPDATE decision SET moved_to = $3 WHERE seller_id = $1 AND decision_id = $2")
                .bind(seller.as_bytes().as_slice())
                .bind(decision.as_bytes().as_slice())
                .bind(to)
                .execute(c)
                .await
                .map(|_| ())
        })
    }

    pub async fn slot_reading(&mut self, seller: SellerId, job: JobId) -> sqlx::Result<SlotReading> {
        type Row = (Option<i64>, Option<i64>, Option<i64>, String, Option<String>);
        let row: Option<Row> = on!(self, |c| {
            sqlx::query_as(
                "SELECT due_at, tried_at, read_at, slots, refusal FROM slot_reading
                 WHERE seller_id = $1 AND job_id = $2",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(job.as_bytes().as_slice())
            .fetch_optional(c)
            .await?
        });
        let Some((due_at, tried_at, read_at, slots, refusal)) = row else {
            return Ok(SlotReading::default());
        };
        Ok(SlotReading {
            reading: due_at.is_some(),
            tried_at: tried_at.map(Timestamp),
            read_at: read_at.map(Timestamp),
            slots: list(&slots)?,
            refusal,
        })
    }

    /// Has the slots of a job read, unless that is under way.
    pub async fn ask_for_slots(&mut self, seller: SellerId, job: JobId, now: Timestamp) -> sqlx::Result<()> {
        on!(self, |c| {
            sqlx::query(
                "INSERT INTO slot_reading (job_id, seller_id, due_at) VALUES ($2, $1, $3)
                 ON CONFLICT (job_id) DO UPDATE SET due_at = excluded.due_at, attempts = 0
                 WHERE slot_reading.due_at IS NULL",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(job.as_bytes().as_slice())
            .bind(now.0)
            .execute(c)
            .await
            .map(|_| ())
        })
    }

    /// Takes the request for slots that is due first and holds it for `lease_ms`. Commit before anything is sent.
    pub async fn claim_slots(
        &mut self,
        seller: SellerId,
        now: Timestamp,
        lease_ms: i64,
    ) -> sqlx::Result<Option<SlotRequest>> {
        let row: Option<(Vec<u8>, i64)> = on!(self, |c| {
            sqlx::query_as(
                "UPDATE slot_reading SET due_at = $2 + $3, attempts = attempts + 1
                 WHERE seller_id = $1 AND due_at <= $2 AND job_id = (
                   SELECT job_id FROM slot_reading WHERE seller_id = $1 AND due_at <= $2
                   ORDER BY due_at, job_id LIMIT 1)
                 RETURNING job_id, attempts",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(now.0)
            .bind(lease_ms)
            .fetch_optional(c)
            .await?
        });
        let Some((job, attempts)) = row else { return Ok(None) };
        let (service_job, marketplace): (String, String) = on!(self, |c| {
            sqlx::query_as(
                "SELECT service_job_id, marketplace_id FROM service_job WHERE seller_id = $1 AND job_id = $2",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(job.as_slice())
            .fetch_one(c)
            .await?
        });
        let service_job = ServiceJobId::new(service_job);
        Ok(Some(SlotRequest { job: id(&job)?, service_job, marketplace, attempts }))
    }

    /// Asks once more at `due_at`.
    pub async fn ask_for_slots_at(
        &mut self,
        seller: SellerId,
        job: JobId,
        due_at: Timestamp,
    ) -> sqlx::Result<()> {
        on!(self, |c| {
            sqlx::query("UPDATE slot_reading SET due_at = $3 WHERE seller_id = $1 AND job_id = $2")
                .bind(seller.as_bytes().as_slice())
                .bind(job.as_bytes().as_slice())
                .bind(due_at.0)
                .execute(c)
                .await
                .map(|_| ())
        })
    }

    /// Keeps what Amazon said of a job's slots, or why it did not; then those it named before stay.
    pub async fn put_slots(
        &mut self,
        seller: SellerId,
        job: JobId,
        said: Result<&[Slot], &str>,
        now: Timestamp,
    ) -> sqlx::Result<()> {
        let (slots, read_at, refusal) = match said {
            Ok(slots) => (Some(json(&slots)?), Some(now.0), None),
            Err(refusal) => (None, None, Some(refusal)),
        };
        on!(self, |c| {
            sqlx::query(
                "UPDATE slot_reading SET due_at = NULL, attempts = 0, refusal = $5, tried_at = $6,
                   slots = COALESCE($3, slots), read_at = COALESCE($4, read_at)
                 WHERE seller_id = $1 AND job_id = $2",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(job.as_bytes().as_slice())
            .bind(slots)
            .bind(read_at)
            .bind(refusal)
            .bind(now.0)
            .execute(c)
            .await
            .map(|_| ())
        })
    }
}

fn json<T: serde::Serialize + ?Sized>(value: &T) -> sqlx::Result<String> {
    serde_json::to_string(value).map_err(|refused| sqlx::Error::Encode(Box::new(refused)))
}

fn list<T: serde::de::DeserializeOwned>(text: &str) -> sqlx::Result<Vec<T>> {
    serde_json::from_str(text).map_err(|refused| sqlx::Error::Decode(Box::new(refused)))
}
