//! Where the switches stand, which program a job is of, what waits for a switch, and who changed what.

mod program;

pub use program::Mark;

use super::{Tx, id, on};
use doorstep_core::{
    api::{ConnectionChange, ConnectionChanged, SwitchPosition, WaitingVisit},
    id::{AppointmentId, JobId, SellerId, ServiceJobId, UserId},
    job::{JobStatus, Window},
    time::Timestamp,
};
/// The program of jobs that are of none.
pub const NO_PROGRAM: &str = "";

/// What is set of one operation: for all programs (`NO_PROGRAM`) or for one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetSwitch {
    pub program: String,
    pub operation: String,
    pub position: SwitchPosition,
}

/// Calls that wait for the switch of an operation, by their program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WaitingCalls {
    pub operation: String,
    pub program: String,
    pub calls: i64,
    pub visits: i64,
}

/// A visit whose calls wait for a switch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Waits {
    pub job: JobId,
    pub appointment: AppointmentId,
    /// The job is still open at Amazon, as far as is known here.
    pub is_open: bool,
}

/// A position as the database writes it.
pub const fn position_name(position: SwitchPosition) -> &'static str {
    match position {
        SwitchPosition::NotAllowed => "not_allowed",
        SwitchPosition::Observe => "observe",
        SwitchPosition::Send => "send",
    }
}

pub(super) fn position(name: &str) -> sqlx::Result<SwitchPosition> {
    [SwitchPosition::NotAllowed, SwitchPosition::Observe, SwitchPosition::Send]
        .into_iter()
        .find(|position| position_name(*position) == name)
        .ok_or_else(|| sqlx::Error::Decode("operation_switch.position holds an unknown position".into()))
}

impl Tx {
    /// Until the commit nobody moves a switch. Before a claim takes its lane, so that a switch that was moved holds
    /// from the next claim on.
    pub async fn hold_switches(&mut self) -> sqlx::Result<()> {
        if let Self::Postgres(tx) = self {
            sqlx::query("LOCK TABLE operation_switch IN ROW SHARE MODE").execute(&mut **tx).await?;
        }
        Ok(())
    }

    /// Waits for the claims under way and lets no other begin until the commit.
    pub async fn lock_switches(&mut self) -> sqlx::Result<()> {
        if let Self::Postgres(tx) = self {
            sqlx::query("LOCK TABLE operation_switch IN EXCLUSIVE MODE").execute(&mut **tx).await?;
        }
        Ok(())
    }

    /// Everything that was ever set.
    pub async fn switches(&mut self, seller: SellerId) -> sqlx::Result<Vec<SetSwitch>> {
        let rows: Vec<(String, String, String)> = on!(self, |c| {
            sqlx::query_as(
                "SELECT program, operation, position FROM operation_switch WHERE seller_id = $1 \
                 ORDER BY operation, program",
            )
            .bind(seller.as_bytes().as_slice())
            .fetch_all(c)
            .await
        })?;
        rows.into_iter()
            .map(|(program, operation, at)| Ok(SetSwitch { program, operation, position: position(&at)? }))
            .collect()
    }

    /// Sets a switch; `None` takes the line back.
    pub async fn set_switch(
        &mut self,
        seller: SellerId,
        program: &str,
        operation: &str,
        position: Option<SwitchPosition>,
        now: Timestamp,
    ) -> sqlx::Result<()> {
        let Some(position) = position else {
            return on!(self, |c| {
                sqlx::query(
                    "DELETE FROM operation_switch WHERE seller_id = $1 AND program = $2 AND operation = $3",
                )
                .bind(seller.as_bytes().as_slice())
                .bind(program)
                .bind(operation)
                .execute(c)
                .await
                .map(|_| ())
            });
        };
        on!(self, |c| {
            sqlx::query(
                "INSERT INTO operation_switch (seller_id, program, operation, position, changed_at) \
                 VALUES ($1, $2, $3, $4, $5) ON CONFLICT (seller_id, program, operation) \
                 DO UPDATE SET position = excluded.position, changed_at = excluded.changed_at",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(program)
            .bind(operation)
            .bind(position_name(position))
            .bind(now.0)
            .execute(c)
            .await
            .map(|_| ())
        })
    }

    /// How many calls wait for a switch, by operation and program.
    pub async fn waiting_calls(&mut self, seller: SellerId) -> sqlx::Result<Vec<WaitingCalls>> {
        let rows: Vec<(String, String, i64, i64)> = on!(self, |c| {
            sqlx::query_as(
                "SELECT c.operation, c.program, COUNT(*), COUNT(DISTINCT c.appointment_id) \
                 FROM outbox c JOIN call_position p ON p.outbox_id = c.outbox_id \
                 WHERE c.seller_id = $1 AND c.state = 'ready' AND p.position <> 'send' \
                 GROUP BY c.operation, c.program ORDER BY c.operation, c.program",
            )
            .bind(seller.as_bytes().as_slice())
            .fetch_all(c)
            .await
        })?;
        let waiting =
            |(operation, program, calls, visits)| WaitingCalls { operation, program, calls, visits };
        Ok(rows.into_iter().map(waiting).collect())
    }

    /// The visits with calls of an operation that are ready and not sent, by their program, in the order of their
    /// lanes' ids.
    pub async fn visits_waiting_for(
        &mut self,
        seller: SellerId,
        operation: &str,
    ) -> sqlx::Result<Vec<(Waits, String)>> {
        let rows: Vec<(Vec<u8>, Vec<u8>, String, String)> = on!(self, |c| {
            sqlx::query_as(
                "SELECT DISTINCT c.job_id, c.appointment_id, c.program, j.status FROM outbox c \
                 JOIN service_job j ON j.job_id = c.job_id AND j.seller_id = c.seller_id \
                 WHERE c.seller_id = $1 AND c.operation = $2 AND c.state = 'ready' \
                 ORDER BY c.job_id, c.appointment_id",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(operation)
            .fetch_all(c)
            .await
        })?;
        rows.into_iter()
            .map(|(job, appointment, program, status)| {
                let is_open = JobStatus::from(status) == JobStatus::NotServiced;
                Ok((Waits { job: id(&job)?, appointment: id(&appointment)?, is_open }, program))
            })
            .collect()
    }

    /// The visits with calls that wait for a switch, oldest first, `most` of them.
    pub async fn waiting_visits(&mut self, seller: SellerId, most: i64) -> sqlx::Result<Vec<WaitingVisit>> {
        type Row = (Vec<u8>, String, String, String, i64, i64, String, String, i64);
        let rows: Vec<Row> = on!(self, |c| {
            sqlx::query_as(
                "SELECT a.appointment_id, j.service_job_id, j.title, j.status, a.starts_at, a.ends_at, j.time_zone, \
                   w.program, w.calls \
                 FROM (SELECT c.appointment_id, MAX(c.program) AS program, COUNT(*) AS calls \
                   FROM outbox c JOIN call_position p ON p.outbox_id = c.outbox_id \
                   WHERE c.seller_id = $1 AND c.state = 'ready' AND p.position <> 'send' \
                   GROUP BY c.appointment_id) w \
                 JOIN appointment a ON a.appointment_id = w.appointment_id \
                 JOIN service_job j ON j.job_id = a.job_id AND j.seller_id = a.seller_id \
                 WHERE a.seller_id = $1 ORDER BY a.starts_at, a.appointment_id LIMIT $2",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(most)
            .fetch_all(c)
            .await
        })?;
        rows.into_iter()
            .map(|(appointment, service_job, title, status, starts, ends, time_zone, program, calls)| {
                Ok(WaitingVisit {
                    appointment: id(&appointment)?,
                    service_job_id: ServiceJobId::new(service_job),
                    title,
                    status: JobStatus::from(status),
                    window: Window { start: Timestamp(starts), end: Timestamp(ends) },
                    time_zone,
                    program: (program != NO_PROGRAM).then_some(program),
                    calls: u32::try_from(calls).unwrap_or(u32::MAX),
                })
            })
            .collect()
    }

    /// Writes a line of the audit. The caller has locked the switches.
    pub async fn record_connection_change(
        &mut self,
        seller: SellerId,
        by: Option<UserId>,
        what: &ConnectionChanged,
        now: Timestamp,
    ) -> sqlx::Result<()> {
        let what = serde_json::to_string(what).map_err(|refused| sqlx::Error::Encode(Box::new(refused)))?;
        on!(self, |c| {
            sqlx::query(
                "INSERT INTO connection_change (seller_id, change_id, at, user_id, what) \
                 SELECT $1, COALESCE(MAX(change_id), 0) + 1, $2, $3, $4 \
                 FROM connection_change WHERE seller_id = $1",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(now.0)
            .bind(by.as_ref().map(|by| by.as_bytes().as_slice()))
            .bind(what)
            .execute(c)
            .await
            .map(|_| ())
        })
    }

    /// The last lines of the audit, newest first.
    pub async fn connection_changes(
        &mut self,
        seller: SellerId,
        most: i64,
    ) -> sqlx::Result<Vec<ConnectionChange>> {
        let rows: Vec<(i64, i64, Option<String>, String)> = on!(self, |c| {
            sqlx::query_as(
                "SELECT h.change_id, h.at, u.name, h.what FROM connection_change h \
                 LEFT JOIN user_account u ON u.user_id = h.user_id \
                 WHERE h.seller_id = $1 ORDER BY h.change_id DESC LIMIT $2",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(most)
            .fetch_all(c)
            .await
        })?;
        rows.into_iter()
            .map(|(change, at, by, what)| {
                let what =
                    serde_json::from_str(&what).map_err(|refused| sqlx::Error::Decode(Box::new(refused)))?;
                Ok(ConnectionChange { id: change, at: Timestamp(at), by, what })
            })
            .collect()
    }

    /// When the seller's jobs were last taken in whole.
    pub async fn last_intake(&mut self, seller: SellerId) -> sqlx::Result<Option<Timestamp>> {
        let (at,): (Option<i64>,) = on!(self, |c| {
            sqlx::query_as("SELECT MAX(completed_at) FROM intake_cursor WHERE seller_id = $1")
                .bind(seller.as_bytes().as_slice())
                .fetch_one(c)
                .await
        })?;
        Ok(at.map(Timestamp))
    }
}
