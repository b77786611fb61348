//! The whole path: from a phone with no signal to Amazon's record and the supervisor's screen.

use anyhow::Context as _;
use doorstep_core::{
    api::{CallKind, CallState, ForwardingState, What},
    closeout::Step,
    digest::Sha256,
    pii::Pii,
    session::{Edit, PhotoState, Saved},
    time::Timestamp,
};
use doorstep_sandbox::{Fault, FaultKind};
use doorstep_tests::{
    picture,
    world::{Engine, World},
};

const TECHNICIAN: &str = "TECHA1";

fn pictures() -> Vec<Vec<u8>> {
    vec![picture::jpeg(1, 640, 480), picture::jpeg(2, 480, 640)]
}

async fn a_closeout_reaches_amazon_once(engine: Engine) -> anyhow::Result<()> {
    let world = World::on(engine, 11, 8).await?;
    let intake = world.worker.intake().await?;
    assert!(intake.jobs > 0);
    let mut supervisor = world.supervisor().await?;
    let mut phone = world.phone(TECHNICIAN).await?;
    phone.try_now().await?;
    let visit = phone.first_visit()?;

    // No signal, and the page is opened cold.
    phone.faults.offline = true;
    phone.kill().await?;
    assert!(!phone.visit(visit)?.waiting_for_document);
    let pictures = pictures();
    phone.close_out(visit, &pictures).await?;
    phone
        .edit(visit, Edit::Note { text: Pii::new("Left the spare screws on the shelf.".to_owned()) })
        .await?;
    let shown = phone.visit(visit)?;
    assert!(shown.ready, "{:?}", shown.findings);
    assert_eq!(shown.state, Saved::OnPhone);
    phone.kill().await?;
    assert_eq!(phone.visit(visit)?.closeout, shown.closeout, "a killed page loses nothing");
    assert!(world.sandbox.documents().is_empty());

    phone.faults.offline = false;
    phone.try_now().await?;
    let shown = phone.visit(visit)?;
    assert_eq!(shown.state, Saved::Safe, "{:?}", shown.photos);
    assert!(shown.photos.iter().all(|photo| photo.state == PhotoState::Safe));
    // What was written in the night before counts once, however often it is asked for.
    assert_eq!(phone.view().sync.changes_to_send, 0);

    world.forward().await?;
    let job = shown.job.service_job_id.to_string();
    assert_eq!(world.sandbox.completions(&job), 1);
    let mut sent: Vec<String> = world.sandbox.documents().into_iter().filter_map(|d| d.sha256).collect();
    let mut taken: Vec<String> = pictures.iter().map(|picture| Sha256::of(picture).to_string()).collect();
    sent.sort();
    taken.sort();
    assert_eq!(sent, taken, "Amazon has the pictures that were taken, byte for byte, once each");

    supervisor.watch(|s| s.seen.iter().any(|change| change.what == What::Completed)).await?;
    for step in Step::ALL {
        assert!(supervisor.seen.iter().any(|change| change.what == What::StepRecorded { step }), "{step:?}");
    }
    let card = &supervisor.cards[&visit];
    assert_eq!(card.forwarding.state, ForwardingState::Sent);
    assert!(card.forwarding.calls.iter().all(|call| call.state == CallState::Done && call.attempts >= 1));
    for photo in &card.photos {
        let thumbnail = supervisor.thumbnail(photo.photo).await?;
        let size = image::load_from_memory(&thumbnail)?;
        assert!(size.width().max(size.height()) <= 320);
    }
    let board = supervisor.board().await?;
    assert_eq!(board.up_to, supervisor.last);
    let fresh =
        board.cards.iter().find(|card| card.appointment == visit).context("the card is on the board")?;
    assert_eq!(fresh, card, "the stream leaves the board as a fresh load shows it");
    Ok(())
}

#[tokio::test]
async fn a_closeout_made_with_no_signal_reaches_amazon_once_on_sqlite() -> anyhow::Result<()> {
    a_closeout_reaches_amazon_once(Engine::Sqlite).await
}

#[tokio::test]
async fn a_closeout_made_with_no_signal_reaches_amazon_once_on_postgres() -> anyhow::Result<()> {
    a_closeout_reaches_amazon_once(Engine::Postgres).await
}

#[tokio::test]
async fn every_lost_reply_of_amazon_ends_in_one_completion() -> anyhow::Result<()> {
    let operations = [
        "createServiceDocumentUploadDestination",
        "uploadDocument",
        "setAppointmentFulfillmentData",
        "completeServiceJobByServiceJobId",
    ];
    for (n, operation) in operations.into_iter().enumerate() {
        for (m, kind) in
            [FaultKind::LoseReply, FaultKind::FailAfter, FaultKind::FailBefore].into_iter().enumerate()
        {
            let world = World::new(100 + (n * 10 + m) as u64, 8).await?;
            world.worker.intake().await?;
            let mut phone = world.phone(TECHNICIAN).await?;
            phone.try_now().await?;
            let visit = phone.first_visit()?;
            world.sandbox.fault(Fault::new(operation, kind, 1))?;
            phone.close_out(visit, &pictures()).await?;
            assert_eq!(phone.visit(visit)?.state, Saved::Safe);
            world.forward_for(400).await?;
            let job = phone.visit(visit)?.job.service_job_id.to_string();
            assert_eq!(world.sandbox.completions(&job), 1, "{operation} {kind:?}");
            let attached = world
                .sandbox
                .documents()
                .into_iter()
                .filter(|document| !document.attached_to.is_empty())
                .count();
            assert_eq!(attached, 2, "{operation} {kind:?}: no photo twice, none lost");
        }
    }
    Ok(())
}

#[tokio::test]
async fn a_server_that_dies_while_it_forwards_sends_nothing_twice() -> anyhow::Result<()> {
    let mut world = World::new(31, 8).await?;
    world.worker.intake().await?;
    let mut phone = world.phone(TECHNICIAN).await?;
    phone.try_now().await?;
    let visit = phone.first_visit()?;
    phone.close_out(visit, &pictures()).await?;
    let job = phone.visit(visit)?.job.service_job_id.to_string();
    // After each single call the server dies; calls under way are cut off in the middle.
    for _ in 0..40 {
        let cut = tokio::time::timeout(std::time::Duration::from_millis(3), world.worker.forward_due()).await;
        drop(cut);
        world.restart().await?;
        world.clock.advance_ms(200_000);
        if world.sandbox.completions(&job) > 0 {
            break;
        }
    }
    world.forward_for(400).await?;
    assert_eq!(world.sandbox.completions(&job), 1);
    assert_eq!(world.sandbox.documents().iter().filter(|d| !d.attached_to.is_empty()).count(), 2);
    let card = world.supervisor().await?.cards.remove(&visit).unwrap();
    assert_eq!(card.forwarding.state, ForwardingState::Sent);
    Ok(())
}

#[tokio::test]
async fn answers_lost_on_the_way_to_the_phone_change_nothing() -> anyhow::Result<()> {
    let world = World::new(41, 8).await?;
    world.worker.intake().await?;
    let mut phone = world.phone(TECHNICIAN).await?;
    phone.try_now().await?;
    let visit = phone.first_visit()?;
    phone.faults.offline = true;
    let photos = phone.close_out(visit, &pictures()).await?;
    phone.faults.offline = false;
    phone.faults.lose_answers = 6;
    phone.faults.break_uploads = 3;
    phone.try_now().await?;
    phone.wait_for_tries(40).await?;
    let shown = phone.visit(visit)?;
    assert_eq!(shown.state, Saved::Safe, "{:?}", phone.view().sync);
    assert_eq!(photos.len(), 2);
    world.forward().await?;
    assert_eq!(world.sandbox.completions(shown.job.service_job_id.as_str()), 1);
    assert_eq!(world.sandbox.documents().len(), 2);
    Ok(())
}

#[tokio::test]
async fn a_tab_killed_between_capture_and_save_keeps_the_photo() -> anyhow::Result<()> {
    let world = World::new(51, 8).await?;
    world.worker.intake().await?;
    let mut phone = world.phone(TECHNICIAN).await?;
    phone.try_now().await?;
    let visit = phone.first_visit()?;
    phone.faults.offline = true;
    phone.store_photo(visit, "after", &pictures()[0])?;
    phone.kill().await?;
    assert_eq!(phone.visit(visit)?.photos.len(), 1);
    phone.kill().await?;
    assert_eq!(phone.visit(visit)?.photos.len(), 1, "it joins once");
    Ok(())
}

/// When the work ended, as Amazon was told of a job's only visit.
fn end_told(world: &World, job: &str) -> anyhow::Result<Timestamp> {
    let job = world.sandbox.job(job).context("Amazon's job")?;
    let body = world.sandbox.fulfilment(&job.appointments[0].appointment_id).context("a fulfilment")?.body;
    let end = body["fulfillmentTime"]["endTime"].as_str().context("an end")?;
    Ok(chrono::DateTime::parse_from_rfc3339(end)?.to_utc().into())
}

#[tokio::test]
async fn a_wrong_clock_is_said_and_amazon_gets_the_right_time() -> anyhow::Result<()> {
    for wall_error_ms in [-3 * 3_600_000, 3 * 3_600_000] {
        let world = World::new(61, 8).await?;
        world.worker.intake().await?;
        let mut phone = world.phone(TECHNICIAN).await?;
        phone.faults.wall_error_ms = wall_error_ms;
        phone.try_now().await?;
        let visit = phone.first_visit()?;
        phone.faults.offline = true;
        phone.close_out(visit, &pictures()).await?;
        let finished = world.now();
        world.clock.advance_ms(3_600_000);
        phone.faults.offline = false;
        phone.try_now().await?;
        assert_eq!(phone.view().sync.clock_off_minutes, Some(wall_error_ms / 60_000));
        world.forward().await?;
        let end = end_told(&world, phone.visit(visit)?.job.service_job_id.as_str())?;
        assert!(finished.since(end).abs() <= 1_000, "{end:?} for {finished:?}");
    }
    Ok(())
}

#[tokio::test]
async fn a_closeout_that_arrives_long_after_the_visit_is_judged_by_its_own_times() -> anyhow::Result<()> {
    let world = World::new(63, 8).await?;
    world.worker.intake().await?;
    let mut phone = world.phone(TECHNICIAN).await?;
    phone.try_now().await?;
    let visit = phone.first_visit()?;
    phone.faults.offline = true;
    phone.close_out(visit, &pictures()).await?;
    let told = phone.visit(visit)?;
    assert!(told.ready, "{:?}", told.findings);
    let finished = world.now();
    world.clock.advance_ms(9 * 3_600_000);
    assert!(told.job.window.end < world.now(), "the visit was over long before");
    phone.faults.offline = false;
    phone.try_now().await?;
    let supervisor = world.supervisor().await?;
    let board = supervisor.board().await?;
    let card =
        board.cards.iter().find(|card| card.appointment == visit).context("the card is on the board")?;
    assert_eq!(card.findings, told.findings, "the way it took is no fault of the work");

    world.forward().await?;
    assert_eq!(world.sandbox.completions(told.job.service_job_id.as_str()), 1);
    let end = end_told(&world, told.job.service_job_id.as_str())?;
    assert!(finished.since(end).abs() <= 1_000, "{end:?} for {finished:?}");
    Ok(())
}

#[tokio::test]
async fn a_full_disk_is_said_and_nothing_counts_as_saved() -> anyhow::Result<()> {
    let world = World::new(71, 8).await?;
    world.worker.intake().await?;
    let mut phone = world.phone(TECHNICIAN).await?;
    phone.try_now().await?;
    let visit = phone.first_visit()?;
    phone.faults.offline = true;
    phone.faults.fail_writes = 1;
    phone.step(visit, Step::OnMyWay).await?;
    assert_eq!(phone.visit(visit)?.state, Saved::NotSaved);
    phone.step(visit, Step::Arrived).await?;
    assert_eq!(phone.visit(visit)?.state, Saved::OnPhone);
    phone.kill().await?;
    assert_eq!(phone.visit(visit)?.closeout.steps.len(), 2);
    Ok(())
}

#[tokio::test]
async fn a_page_of_jobs_taken_in_again_changes_nothing() -> anyhow::Result<()> {
    let world = World::new(81, 30).await?;
    let first = world.worker.intake().await?;
    let board = world.supervisor().await?.board().await?;
    let second = world.worker.intake().await?;
    assert!(first.taken_in > 20 && second.taken_in == 0 && second.changed == 0);
    assert_eq!(world.supervisor().await?.board().await?.up_to, board.up_to);
    assert!(board.cards.iter().any(|card| card.technicians.iter().any(|t| !t.linked)), "unlinked is shown");
    Ok(())
}

#[tokio::test]
async fn a_refused_call_is_parked_and_shown() -> anyhow::Result<()> {
    let world = World::new(91, 8).await?;
    world.worker.intake().await?;
    let mut phone = world.phone(TECHNICIAN).await?;
    phone.try_now().await?;
    let visit = phone.first_visit()?;
    // The buyer cancels at Amazon while the technician has no signal.
    phone.faults.offline = true;
    phone.close_out(visit, &pictures()).await?;
    let job = phone.visit(visit)?.job.service_job_id.to_string();
    world.sandbox.cancel(&job)?;
    phone.faults.offline = false;
    phone.try_now().await?;
    world.forward_for(60).await?;
    assert_eq!(world.sandbox.completions(&job), 0);
    let mut supervisor = world.supervisor().await?;
    let card = supervisor.cards.remove(&visit).unwrap();
    assert_eq!(card.forwarding.state, ForwardingState::Parked);
    let parked = card.forwarding.calls.iter().find(|call| call.state == CallState::Parked).unwrap();
    assert_eq!(parked.kind, CallKind::Fulfilment);
    assert!(parked.reason.as_ref().is_some_and(|reason| !reason.is_empty()));
    Ok(())
}
