//! What Amazon does to a visit while a technician works on it: it is shown as such to everybody, what was recorded is
//! kept, and nothing more is sent without a person.

use anyhow::{Context as _, ensure};
use doorstep_core::{
    api::{CallState, Card, ForwardingState, What},
    closeout::{Rule, Step},
    id::AppointmentId,
    job::NoticeKind,
    session::Saved,
};
use doorstep_tests::{
    phone::Phone,
    picture,
    supervisor::Supervisor,
    world::{Engine, World},
};

const TECHNICIAN: &str = "TECHA1";
const OTHER: &str = "TECHB2";
const HOUR: i64 = 3_600_000;
/// What changes something at Amazon.
const WRITES: [&str; 4] = [
    "createServiceDocumentUploadDestination",
    "uploadDocument",
    "setAppointmentFulfillmentData",
    "completeServiceJobByServiceJobId",
];

fn pictures() -> Vec<Vec<u8>> {
    vec![picture::jpeg(1, 640, 480), picture::jpeg(2, 480, 640)]
}

/// A technician in the middle of the first visit, and a supervisor who watches.
struct Scene {
    world: World,
    phone: Phone,
    supervisor: Supervisor,
    visit: AppointmentId,
    job: String,
}

impl Scene {
    async fn new(engine: Engine, seed: u64) -> anyhow::Result<Self> {
        let world = World::on(engine, seed, 8).await?;
        world.worker.intake().await?;
        let supervisor = world.supervisor().await?;
        let mut phone = world.phone(TECHNICIAN).await?;
        phone.try_now().await?;
        let visit = phone.first_visit()?;
        let job = phone.visit(visit)?.job.service_job_id.to_string();
        Ok(Self { world, phone, supervisor, visit, job })
    }

    async fn begin(&mut self) -> anyhow::Result<()> {
        for step in [Step::OnMyWay, Step::Arrived, Step::Started] {
            self.world.clock.advance_ms(60_000);
            self.phone.step(self.visit, step).await?;
        }
        self.phone.take_photo(self.visit, "after", &picture::jpeg(9, 640, 480)).await?;
        self.phone.try_now().await?;
        ensure!(self.phone.visit(self.visit)?.state == Saved::Safe, "the beginning is safe");
        Ok(())
    }

    /// Amazon did something; the server learns of it, then the phone.
    async fn learn(&mut self) -> anyhow::Result<()> {
        self.world.clock.advance_ms(60_000);
        self.world.worker.intake().await?;
        self.world.worker.read_due().await?;
        self.world.clock.advance_ms(10 * 60_000);
        self.phone.give(doorstep_core::session::Event::Woken).await?;
        self.phone.try_now().await
    }

    async fn finish(&mut self) -> anyhow::Result<()> {
        self.phone.answer_all(self.visit).await?;
        for (shot, picture) in self.phone.visit(self.visit)?.job.policy.shots.iter().zip(&pictures()) {
            self.phone.take_photo(self.visit, &shot.id, picture).await?;
        }
        self.world.clock.advance_ms(60_000);
        self.phone.step(self.visit, Step::Finished).await?;
        self.phone.try_now().await
    }

    fn kinds(&mut self) -> anyhow::Result<Vec<NoticeKind>> {
        let notices = self.phone.visit(self.visit)?.job.standing.notices;
        Ok(notices.into_iter().map(|notice| notice.kind).collect())
    }

    fn rules(&mut self) -> anyhow::Result<Vec<Rule>> {
        Ok(self.phone.visit(self.visit)?.findings.into_iter().map(|finding| finding.rule).collect())
    }

    async fn card(&mut self) -> anyhow::Result<Card> {
        let board = self.world.supervisor().await?.board().await?;
        board
            .cards
            .into_iter()
            .find(|card| card.appointment == self.visit)
            .context("the visit is on the board")
    }

    fn writes(&self) -> usize {
        let record = self.world.sandbox.record();
        record.iter().filter(|one| one.operation.is_some_and(|name| WRITES.contains(&name))).count()
    }

    /// Everything recorded is on the server, and nothing of it went to Amazon.
    async fn assert_kept_and_not_sent(&mut self) -> anyhow::Result<()> {
        let shown = self.phone.visit(self.visit)?;
        assert_eq!(shown.state, Saved::Safe, "{:?}", self.phone.view().sync);
        let taken = shown.closeout.photos.len();
        self.world.forward_for(10).await?;
        self.world.worker.read_due().await?;
        assert_eq!(self.writes(), 0, "{:?}", self.world.sandbox.record());
        let card = self.card().await?;
        assert_eq!((card.photos.len(), card.steps.len()), (taken, shown.closeout.steps.len()));
        for photo in &card.photos {
            assert!(photo.safe);
            self.supervisor.thumbnail(photo.photo).await?;
        }
        Ok(())
    }

    async fn told(&mut self, notice: NoticeKind) -> anyhow::Result<()> {
        self.supervisor.watch(|s| s.seen.iter().any(|change| change.what == What::Noticed { notice })).await
    }
}

async fn cancelled(engine: Engine) -> anyhow::Result<()> {
    let mut scene = Scene::new(engine, 301).await?;
    scene.begin().await?;
    scene.world.sandbox.cancel(&scene.job)?;
    scene.learn().await?;
    assert_eq!(scene.kinds()?, [NoticeKind::Cancelled]);
    scene.told(NoticeKind::Cancelled).await?;
    // Whoever has no signal and goes on loses nothing either.
    scene.finish().await?;
    assert!(scene.rules()?.contains(&Rule::JobClosed));
    scene.assert_kept_and_not_sent().await?;
    let photo = scene.card().await?.photos[0].photo;
    // A day of expiry runs later it is all still there: its deadline is a month away.
    scene.world.clock.advance_ms(24 * HOUR);
    scene.world.worker.expire().await?;
    let supervisor = scene.world.supervisor().await?;
    supervisor.thumbnail(photo).await.map(drop)
}

#[tokio::test]
async fn a_job_cancelled_during_work_is_shown_kept_and_not_sent_on_sqlite() -> anyhow::Result<()> {
    cancelled(Engine::Sqlite).await
}

#[tokio::test]
async fn a_job_cancelled_during_work_is_shown_kept_and_not_sent_on_postgres() -> anyhow::Result<()> {
    cancelled(Engine::Postgres).await
}

#[tokio::test]
async fn a_visit_moved_during_work_waits_for_a_supervisor_who_can_let_it_count() -> anyhow::Result<()> {
    let mut scene = Scene::new(Engine::Sqlite, 302).await?;
    scene.begin().await?;
    let before = scene.phone.visit(scene.visit)?.job.window;
    let later = before.start.plus_ms(8 * 24 * HOUR);
    scene.world.sandbox.reschedule(&scene.job, later.to_utc())?;
    scene.learn().await?;
    assert_eq!(scene.kinds()?, [NoticeKind::Moved], "it is still on the phone, a week early");
    let shown = scene.phone.visit(scene.visit)?;
    assert_eq!((shown.job.window.start, shown.job.standing.notices[0].before), (later, Some(before)));
    scene.told(NoticeKind::Moved).await?;
    scene.finish().await?;
    assert!(scene.rules()?.contains(&Rule::MovedDuringWork));
    scene.assert_kept_and_not_sent().await?;

    scene.supervisor.accept(scene.visit).await?;
    scene.world.forward().await?;
    // A person said so. Whether Amazon takes a report of work before its visit is Amazon's to say, and then shown.
    let reports = scene.world.sandbox.record();
    let reports = reports.iter().filter(|one| one.operation == Some("setAppointmentFulfillmentData"));
    assert_eq!(reports.count(), 1);
    assert_ne!(scene.card().await?.forwarding.state, ForwardingState::NotStarted);
    scene.supervisor.watch(|s| s.seen.iter().any(|change| change.what == What::Accepted)).await?;
    let again = scene.supervisor.accept(scene.visit).await.unwrap_err().to_string();
    assert!(again.contains("409"), "{again}");
    Ok(())
}

async fn reassigned(engine: Engine) -> anyhow::Result<()> {
    let mut scene = Scene::new(engine, 303).await?;
    // All of it without a signal: the server does not know of any work when Amazon gives the visit away.
    scene.phone.faults.offline = true;
    scene.phone.close_out(scene.visit, &pictures()).await?;
    scene.world.sandbox.assign(&scene.job, &[OTHER])?;
    scene.world.worker.intake().await?;
    scene.phone.faults.offline = false;
    scene.learn().await?;
    let shown = scene.phone.visit(scene.visit)?;
    assert_eq!(scene.phone.view().sync.refused, 0, "what was recorded is taken");
    assert!(shown.job.standing.reassigned && shown.job.buyer.is_none() && shown.job.address.is_none());
    scene.learn().await?;
    assert_eq!(scene.kinds()?, [NoticeKind::Reassigned]);
    assert!(scene.rules()?.contains(&Rule::VisitReassigned));
    scene.told(NoticeKind::Reassigned).await?;
    scene.assert_kept_and_not_sent().await?;

    // Amazon gives it back: then it was theirs after all, and goes out by itself.
    scene.world.sandbox.assign(&scene.job, &[TECHNICIAN])?;
    scene.learn().await?;
    scene.world.forward().await?;
    assert_eq!(scene.world.sandbox.completions(&scene.job), 1);
    Ok(())
}

#[tokio::test]
async fn work_on_a_visit_given_to_somebody_else_is_taken_and_waits_on_sqlite() -> anyhow::Result<()> {
    reassigned(Engine::Sqlite).await
}

#[tokio::test]
async fn work_on_a_visit_given_to_somebody_else_is_taken_and_waits_on_postgres() -> anyhow::Result<()> {
    reassigned(Engine::Postgres).await
}

#[tokio::test]
async fn whoever_never_had_a_visit_brings_nothing_to_it() -> anyhow::Result<()> {
    let mut scene = Scene::new(Engine::Sqlite, 304).await?;
    let mut other = scene.world.phone(OTHER).await?;
    other.try_now().await?;
    let view = other.view();
    assert!(view.visits.iter().all(|visit| visit.job.appointment != scene.visit));
    // Given to the other, begun there, and given back: the first one sees what was recorded.
    scene.world.sandbox.assign(&scene.job, &[OTHER])?;
    scene.learn().await?;
    assert!(scene.phone.visit(scene.visit).is_err(), "nothing was recorded: it is not theirs any more");
    Ok(())
}

#[tokio::test]
async fn a_job_that_vanished_during_work_is_read_by_name_and_then_said_to_be_gone() -> anyhow::Result<()> {
    let mut scene = Scene::new(Engine::Sqlite, 305).await?;
    scene.begin().await?;
    scene.world.sandbox.remove_job(&scene.job);
    scene.learn().await?;
    assert_eq!(scene.kinds()?, [], "an intake that does not show it says nothing");
    let compared = scene.world.worker.compare_due().await?;
    assert_eq!(compared.missed, 1);
    scene.learn().await?;
    assert_eq!(scene.kinds()?, [NoticeKind::Vanished]);
    scene.told(NoticeKind::Vanished).await?;
    scene.finish().await?;
    assert!(scene.rules()?.contains(&Rule::JobVanished));
    scene.assert_kept_and_not_sent().await
}

#[tokio::test]
async fn a_supervisor_has_one_job_read_again_and_sees_that_it_was() -> anyhow::Result<()> {
    let mut scene = Scene::new(Engine::Sqlite, 306).await?;
    let job = scene.card().await?.job;
    scene.supervisor.read_again(job).await?;
    scene.world.worker.read_due().await?;
    scene.supervisor.watch(|s| s.seen.iter().any(|change| change.what == What::ReadAgain)).await?;
    scene.world.sandbox.cancel(&scene.job)?;
    scene.supervisor.read_again(job).await?;
    scene.world.worker.read_due().await?;
    scene.told(NoticeKind::Cancelled).await
}

#[tokio::test]
async fn what_is_handed_over_waits_when_amazon_cancels_before_it_is_sent() -> anyhow::Result<()> {
    let mut scene = Scene::new(Engine::Sqlite, 307).await?;
    scene.phone.close_out(scene.visit, &pictures()).await?;
    scene.phone.try_now().await?;
    assert_eq!(scene.card().await?.forwarding.state, ForwardingState::Sending);
    scene.world.sandbox.cancel(&scene.job)?;
    scene.world.worker.intake().await?;
    scene.world.forward_for(10).await?;
    assert_eq!(scene.writes(), 0);
    let card = scene.card().await?;
    let states: Vec<_> = card.forwarding.calls.iter().map(|call| call.state).collect();
    // The photos wait for a person, and everything after them for the photos.
    use CallState::{Parked, Ready};
    assert_eq!(states, [Parked, Parked, Ready, Ready]);
    Ok(())
}

#[tokio::test]
async fn a_closeout_finished_while_its_job_was_on_hold_goes_out_when_amazon_opens_it() -> anyhow::Result<()> {
    let mut scene = Scene::new(Engine::Sqlite, 308).await?;
    let open = scene.world.sandbox.job(&scene.job).context("the job")?;
    let mut held = open.clone();
    held.service_job_status = doorstep_sandbox::JobStatus::Hold;
    scene.world.sandbox.put_job(held);
    scene.learn().await?;
    scene.phone.close_out(scene.visit, &pictures()).await?;
    scene.phone.try_now().await?;
    scene.assert_kept_and_not_sent().await?;
    scene.world.sandbox.put_job(open);
    scene.learn().await?;
    scene.world.forward().await?;
    assert_eq!(scene.world.sandbox.completions(&scene.job), 1);
    Ok(())
}
