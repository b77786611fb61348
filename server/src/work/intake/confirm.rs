//! Reading from Amazon what came from a file, as soon as Amazon allows it: then its facts take the place of the file's,
//! and what technicians finished meanwhile may be sent.

use super::{
    job::{self, Outcome},
    told,
};
use crate::{closing, connection, work::Worker};
use doorstep_core::{
    api::SwitchPosition,
    id::{JobId, ServiceJobId},
    time::Timestamp,
};
use doorstep_spapi::{Error, Remark, ServiceJob, Verdict, operations::jobs::GET_SERVICE_JOB};
use std::time::Duration;

/// Asked for in one run; the client keeps the rate.
const MOST: i64 = 40;
/// When Amazon lets us read no job at all, it is asked again after this.
const DENIED_MS: i64 = 15 * 60_000;
/// When it does not give one job, it is asked for that again after this.
const REFUSED_MS: i64 = 24 * 3_600_000;
/// For a line on a screen.
const LONGEST_REASON: usize = 300;

/// What one run did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Confirmation {
    /// Jobs that Amazon gave.
    pub confirmed: u32,
    /// Jobs that Amazon did not give, each with its reason.
    pub refused: u32,
    /// Amazon lets us read no job yet.
    pub denied: bool,
    /// Amazon makes us wait.
    pub paused: Option<Duration>,
    /// There may be more to ask for at once.
    pub more: bool,
}

/// What a refusal is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Refusal {
    /// Whoever asks: any other job would be refused as well.
    Everything,
    ThisJob,
    /// Neither: it passes.
    Nothing,
}

impl Worker {
    /// Asks Amazon for jobs that came from a file, the oldest first, and settles what waited for the answer.
    ///
    /// # Errors
    /// The database fails. What was committed before is kept.
    pub async fn confirm_imported(&self) -> anyhow::Result<Confirmation> {
        if !self.may_read(&GET_SERVICE_JOB).await? {
            return Ok(Confirmation::default());
        }
        let app = &self.app;
        // Also what a run before, or intake, confirmed and a crash left unsettled.
        self.settle_confirmed().await?;
        let mut run = Confirmation::default();
        let mut tx = app.db.read().await?;
        if connection::position(&mut tx, app.seller, &GET_SERVICE_JOB).await? == SwitchPosition::NotAllowed {
            return Ok(run);
        }
        let due = tx.imported_due(app.seller, app.clock.now(), MOST).await?;
        drop(tx);
        run.more = i64::try_from(due.len()).is_ok_and(|asked| asked == MOST);
        for (job, service_job) in due {
            let asked = doorstep_spapi::ServiceJobId::from(service_job.as_str());
            match self.amazon.get_service_job(&asked).await {
                Ok(answer) => self.take_in_confirmed(job, &service_job, &answer.value, &mut run).await?,
                Err(error) => {
                    let now = app.clock.now();
                    match about(&error) {
                        Refusal::Nothing => {
                            if let Verdict::Retry { after } = error.verdict() {
                                run.paused = Some(after.unwrap_or_default());
                            }
                            break;
                        }
                        Refusal::Everything => {
                            tracing::info!(%error, "Amazon does not let imported jobs be read yet");
                            run.denied = true;
                            let mut tx = app.db.write().await?;
                            tx.postpone_imported(app.seller, DENIED, now, now.plus_ms(DENIED_MS)).await?;
                            tx.commit().await?;
                            break;
                        }
                        Refusal::ThisJob => self.refuse(job, &words(&error), now, &mut run).await?,
                    }
                }
            }
        }
        run.more &= !run.denied && run.paused.is_none();
        self.settle_confirmed().await?;
        Ok(run)
    }

    async fn take_in_confirmed(
        &self,
        job: JobId,
        asked: &ServiceJobId,
        sent: &ServiceJob,
        run: &mut Confirmation,
    ) -> anyhow::Result<()> {
        let app = &self.app;
        let now = app.clock.now();
        if sent.service_job_id.as_ref().map(|id| id.as_str()) != Some(asked.as_str()) {
            return self.refuse(job, "Amazon answered with another job.", now, run).await;
        }
        let mut tx = app.db.write().await?;
        tx.lock_intake(app.seller).await?;
        let outcome = job::take_in(app, &mut tx, sent, now).await?;
        let Outcome::Changed(events) = outcome else {
            tx.commit().await?;
            run.confirmed += 1;
            return Ok(());
        };
        for (visit, what) in &events {
            tx.record_event(app.seller, *visit, what, now).await?;
        }
        tx.commit().await?;
        run.confirmed += 1;
        told(app, events).await;
        Ok(())
    }

    async fn refuse(
        &self,
        job: JobId,
        reason: &str,
        now: Timestamp,
        run: &mut Confirmation,
    ) -> anyhow::Result<()> {
        let app = &self.app;
        let mut tx = app.db.write().await?;
        tx.note_import_refusal(app.seller, job, reason, now, now.plus_ms(REFUSED_MS)).await?;
        tx.commit().await?;
        run.refused += 1;
        Ok(())
    }

    /// What was finished before Amazon had confirmed its job may be sent from now on. A transaction per job: intake,
    /// which confirms as well, must not lock a document after it has locked the seller's row.
    async fn settle_confirmed(&self) -> anyhow::Result<()> {
        let app = &self.app;
        loop {
            let jobs = app.db.read().await?.confirmed_imports(app.seller).await?;
            if jobs.is_empty() {
                return Ok(());
            }
            for job in jobs {
                let now = app.clock.now();
                let mut tx = app.db.write().await?;
                let mut visits: Vec<_> =
                    tx.visits_of(app.seller, job).await?.into_iter().map(|visit| visit.appointment).collect();
                visits.sort_unstable();
                tx.lock_documents(app.seller, &visits).await?;
                for visit in visits {
                    closing::settle(app, &mut tx, app.seller, visit, now).await?;
                }
                tx.forget_import(app.seller, job).await?;
                tx.commit().await?;
            }
            app.bell.ring();
        }
    }
}

const DENIED: &str = "Amazon does not let this account read jobs yet.";

fn about(error: &Error) -> Refusal {
    match error.verdict() {
        Verdict::Retry { .. } | Verdict::ReadBack => Refusal::Nothing,
        // An id that the model does not allow is refused here, before Amazon could.
        Verdict::GiveUp { .. } if error.not_allowed().is_some() => Refusal::ThisJob,
        Verdict::GiveUp { code } => about_code(&code),
    }
}

/// The gateway and Login with Amazon speak of whoever asks; the Services API of the job.
fn about_code(code: &str) -> Refusal {
    const WHOEVER: [&str; 9] = [
        "Unauthorized",
        "AccessDenied",
        "MissingAuthenticationToken",
        "http_401",
        "http_403",
        "access_denied",
        "invalid_client",
        "invalid_grant",
        "unauthorized_client",
    ];
    if WHOEVER.contains(&code) { Refusal::Everything } else { Refusal::ThisJob }
}

/// Amazon's words. We sent an id, so that is all they can quote.
fn words(error: &Error) -> String {
    let said = |remark: &Remark| {
        if remark.message.is_empty() { remark.code.clone() } else { remark.message.clone() }
    };
    let said: Vec<String> = error.remarks().iter().take(3).map(said).collect();
    let words = if said.is_empty() {
        format!("Amazon did not give this job: {error}")
    } else {
        format!("Amazon refused: {}", said.join("; "))
    };
    words.chars().take(LONGEST_REASON).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_role_is_about_everything_and_an_unknown_job_about_itself() {
        for code in ["Unauthorized", "http_403", "invalid_grant"] {
            assert_eq!(about_code(code), Refusal::Everything, "{code}");
        }
        for code in ["UnauthorizedAction", "InvalidInput", "NotFound", "http_404", "unreadable_answer"] {
            assert_eq!(about_code(code), Refusal::ThisJob, "{code}");
        }
    }
}
