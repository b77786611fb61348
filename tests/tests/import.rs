//! A seller whom Amazon does not let use the Services API yet: jobs come from a file, technicians do them, and once
//! Amazon allows it everything goes its way.

use anyhow::Context as _;
use doorstep_core::{
    api::{ForwardingState, ImportColumns, What},
    session::Saved,
};
use doorstep_sandbox::{Fault, FaultKind};
use doorstep_server::import::{self, Mode};
use doorstep_tests::{
    picture,
    world::{Engine, World},
};
use std::io::Cursor;

const TECHNICIAN: &str = "TECHA1";

async fn a_job_from_a_file_is_done_and_sent_once_amazon_allows_it(engine: Engine) -> anyhow::Result<()> {
    let world = World::on(engine, 31, 4).await?;
    let jobs = world.sandbox.jobs();
    let job = jobs
        .iter()
        .find(|job| {
            job.appointments.iter().any(|visit| {
                visit.appointment_status == doorstep_sandbox::AppointmentStatus::Active
                    && visit.assigned_technicians.iter().any(|who| who.technician_id == TECHNICIAN)
            })
        })
        .context("a visit of the technician")?;
    let visit = &job.appointments[0];
    // The file has the time of the visit and another work.
    let file = format!(
        "Job ID,Work,Start,Duration,Technician,Customer name\n{},Something,{},60,{TECHNICIAN},Test Buyer 07\n",
        job.service_job_id,
        visit.appointment_time.start_time.to_rfc3339()
    );
    let columns: ImportColumns = serde_json::from_str(r#"{"title": ["work"]}"#)?;
    let report =
        import::run(&world.app, &mut Cursor::new(file.as_bytes()), &columns, None, Mode::TakeIn).await?;
    assert_eq!((report.taken_in, report.bad), (1, 0), "{report:?}");

    let mut supervisor = world.supervisor().await?;
    let mut phone = world.phone(TECHNICIAN).await?;
    phone.try_now().await?;
    let appointment = phone.first_visit()?;
    let shown = phone.visit(appointment)?;
    assert_eq!(shown.job.service_job_id.as_str(), job.service_job_id);
    assert!(shown.job.standing.imported);
    assert_eq!(shown.job.title, "Something");

    // The technician does the job; all of it is safe, and Amazon hears nothing.
    phone.close_out(appointment, &[picture::jpeg(1, 640, 480), picture::jpeg(2, 480, 640)]).await?;
    phone.try_now().await?;
    assert_eq!(phone.visit(appointment)?.state, Saved::Safe);
    world.forward().await?;
    assert!(world.sandbox.record().is_empty(), "{:?}", world.sandbox.record());

    world.sandbox.fault(Fault::new("getServiceJobByServiceJobId", FaultKind::MissingRole, 1))?;
    let run = world.worker.confirm_imported().await?;
    assert!(run.denied && run.confirmed == 0, "{run:?}");
    world.forward().await?;
    assert_eq!(world.sandbox.completions(&job.service_job_id), 0);

    world.clock.advance_ms(3_600_000);
    let run = world.worker.confirm_imported().await?;
    assert_eq!(run.confirmed, 1, "{run:?}");
    world.forward().await?;
    let cards = world.supervisor().await?.cards;
    assert_eq!(world.sandbox.completions(&job.service_job_id), 1, "{:?}", cards[&appointment]);
    assert_eq!(world.sandbox.documents().len(), 2);

    supervisor.watch(|s| s.seen.iter().any(|change| change.what == What::Completed)).await?;
    assert!(supervisor.seen.iter().any(|change| change.what == What::JobConfirmed));
    let card = &supervisor.cards[&appointment];
    assert!(!card.standing.imported && card.forwarding.state == ForwardingState::Sent);
    assert_ne!(card.title, "Something", "Amazon's facts have taken the place of the file's");
    Ok(())
}

#[tokio::test]
async fn a_job_from_a_file_is_done_and_sent_once_amazon_allows_it_on_sqlite() -> anyhow::Result<()> {
    a_job_from_a_file_is_done_and_sent_once_amazon_allows_it(Engine::Sqlite).await
}

#[tokio::test]
async fn a_job_from_a_file_is_done_and_sent_once_amazon_allows_it_on_postgres() -> anyhow::Result<()> {
    a_job_from_a_file_is_done_and_sent_once_amazon_allows_it(Engine::Postgres).await
}
