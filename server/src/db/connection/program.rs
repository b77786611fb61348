//! Which program a job is of.

use super::position;
use crate::db::{Tx, id, on};
use doorstep_core::{
    api::{Program, SwitchPosition},
    id::{AppointmentId, CallId, JobId, SellerId},
};
use std::collections::BTreeMap;

/// A fact of a job that names its program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mark {
    // In the order in which they decide.
    Asin,
    Skill,
    Store,
}

const MARKS: [Mark; 3] = [Mark::Asin, Mark::Skill, Mark::Store];

const fn mark_name(mark: Mark) -> &'static str {
    match mark {
        Mark::Asin => "asin",
        Mark::Skill => "skill",
        Mark::Store => "store",
    }
}

impl Tx {
    /// The jobs with calls that are not sent yet, by id.
    pub async fn jobs_with_ready_calls(&mut self, seller: SellerId) -> sqlx::Result<Vec<JobId>> {
        let rows: Vec<(Vec<u8>,)> = on!(self, |c| {
            sqlx::query_as(
                "SELECT DISTINCT job_id FROM outbox WHERE seller_id = $1 AND state = 'ready' ORDER BY job_id",
            )
            .bind(seller.as_bytes().as_slice())
            .fetch_all(c)
            .await
        })?;
        rows.iter().map(|(job,)| id(job)).collect()
    }

    /// The calls that are ready and that their switch holds back, or lets go, each with its visit.
    pub async fn ready_calls(
        &mut self,
        seller: SellerId,
        is_held: bool,
    ) -> sqlx::Result<BTreeMap<CallId, AppointmentId>> {
        let rows: Vec<(Vec<u8>, Vec<u8>, String)> = on!(self, |c| {
            sqlx::query_as(
                "SELECT c.outbox_id, c.appointment_id, p.position FROM outbox c
                 JOIN call_position p ON p.outbox_id = c.outbox_id
                 WHERE c.seller_id = $1 AND c.state = 'ready'",
            )
            .bind(seller.as_bytes().as_slice())
            .fetch_all(c)
            .await
        })?;
        let mut calls = BTreeMap::new();
        for (call, appointment, at) in rows {
            if (position(&at)? != SwitchPosition::Send) == is_held {
                calls.insert(id(&call)?, id(&appointment)?);
            }
        }
        Ok(calls)
    }

    /// Says which program the calls of a job are under, but for those that are done.
    pub async fn set_call_program(
        &mut self,
        seller: SellerId,
        job: JobId,
        program: &str,
    ) -> sqlx::Result<()> {
        self.lock_lane(seller, job).await?;
        on!(self, |c| {
            sqlx::query(
                "UPDATE outbox SET program = $3 WHERE seller_id = $1 AND job_id = $2 AND state <> 'done'",
            )
            .bind(seller.as_bytes().as_slice())
            .bind(job.as_bytes().as_slice())
            .bind(program)
            .execute(c)
            .await
            .map(|_| ())
        })
    }

    /// The programs by name, each with its marks.
    pub async fn programs(&mut self, seller: SellerId) -> sqlx::Result<Vec<Program>> {
        let mut programs: BTreeMap<String, Program> = BTreeMap::new();
        for (mark, value, name) in self.program_marks(seller).await? {
            let program = programs.entry(name.clone()).or_insert_with(|| Program {
                name,
                asins: Vec::new(),
                skills: Vec::new(),
                stores: Vec::new(),
            });
            match mark {
                Mark::Asin => program.asins.push(value),
                Mark::Skill => program.skills.push(value),
                Mark::Store => program.stores.push(value),
            }
        }
        Ok(programs.into_values().collect())
    }

    /// Every mark with its value and the program it means, those that decide first before the others.
    pub async fn program_marks(&mut self, seller: SellerId) -> sqlx::Result<Vec<(Mark, String, String)>> {
        let rows: Vec<(String, String, String)> = on!(self, |c| {
            sqlx::query_as(
                "SELECT kind, value, program FROM program_mark WHERE seller_id = $1 ORDER BY kind, value",
            )
            .bind(seller.as_bytes().as_slice())
            .fetch_all(c)
            .await
        })?;
        rows.into_iter()
            .map(|(kind, value, program)| {
                let mark = MARKS.into_iter().find(|mark| mark_name(*mark) == kind);
                let mark = mark
                    .ok_or_else(|| sqlx::Error::Decode("program_mark.kind holds an unknown kind".into()))?;
                Ok((mark, value, program))
            })
            .collect()
    }

    /// Puts these programs in place of those before, and takes back the switches of programs that are gone.
    pub async fn set_programs(&mut self, seller: SellerId, programs: &[Program]) -> sqlx::Result<()> {
        on!(self, |c| {
            sqlx::query("DELETE FROM program_mark WHERE seller_id = $1")
                .bind(seller.as_bytes().as_slice())
                .execute(c)
                .await
                .map(|_| ())
        })?;
        for program in programs {
            let values = [
                (Mark::Asin, &program.asins),
                (Mark::Skill, &program.skills),
                (Mark::Store, &program.stores),
            ];
            for (mark, values) in values {
                for value in values {
                    self.insert_mark(seller, mark, value, &program.name).await?;
                }
            }
        }
        on!(self, |c| {
            sqlx::query(
                "DELETE FROM operation_switch WHERE seller_id = $1 AND program <> '' \
                 AND program NOT IN (SELECT m.program FROM program_mark m WHERE m.seller_id = $1)",
            )
            .bind(seller.as_bytes().as_slice())
            .execute(c)
            .await
            .map(|_| ())
        })
    }

    async fn insert_mark(
        &mut self,
        seller: SellerId,
        mark: Mark,
        value: &str,
        program: &str,
    ) -> sqlx::Result<()> {
        on!(self, |c| {
            sqlx::query("INSERT INTO program_mark (seller_id, kind, value, program) VALUES ($1, $2, $3, $4)")
                .bind(seller.as_bytes().as_slice())
                .bind(mark_name(mark))
                .bind(value)
                .bind(program)
                .execute(c)
                .await
                .map(|_| ())
        })
    }
}
