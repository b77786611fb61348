//! Who was there and when: two technicians on one visit, times that are corrected, and phones of the version before.

use anyhow::Context as _;
use doorstep_core::{
    api::What,
    closeout::{CorrectionReason, RecordKind, SecondVisitReason, Step},
    id::{AppointmentId, UserId},
    pii::Pii,
    record::Position,
    session::{Edit, Saved},
    time::Timestamp,
};
use doorstep_tests::{
    phone::Phone,
    picture,
    world::{Engine, World},
};
use serde_json::{Value, json};

const ROBIN: &str = "TECHA1";
const KIM: &str = "TECHB2";
const MINUTE: i64 = 60_000;

/// A world with a visit of Robin's, and of Kim's too where both are assigned.
async fn visit_of(
    engine: Engine,
    seed: u64,
    both: bool,
) -> anyhow::Result<(World, Phone, AppointmentId, String)> {
    let world = World::on(engine, seed, 8).await?;
    world.worker.intake().await?;
    let mut phone = world.phone(ROBIN).await?;
    phone.try_now().await?;
    let visit = phone.first_visit()?;
    let job = phone.visit(visit)?.job.service_job_id.to_string();
    if both {
        world.sandbox.assign(&job, &[ROBIN, KIM])?;
        world.clock.advance_ms(MINUTE);
        world.worker.intake().await?;
        phone.try_now().await?;
    }
    Ok((world, phone, visit, job))
}

fn told_amazon(world: &World, job: &str) -> anyhow::Result<Value> {
    let job = world.sandbox.job(job).context("the job")?;
    let visit = job.appointments.first().context("a visit")?;
    Ok(world.sandbox.fulfilment(&visit.appointment_id).context("a fulfilment")?.body)
}

/// As Amazon gets it: whole seconds.
fn second(at: Timestamp) -> String {
    Timestamp(at.0 - at.0.rem_euclid(1000)).to_rfc3339()
}

fn me(phone: &mut Phone, visit: AppointmentId) -> anyhow::Result<UserId> {
    phone.visit(visit)?.job.me.context("the phone knows whose it is")
}

async fn prove(phone: &mut Phone, visit: AppointmentId) -> anyhow::Result<()> {
    phone.answer_all(visit).await?;
    for (shot, n) in phone.visit(visit)?.job.policy.shots.iter().zip(1..) {
        phone.take_photo(visit, &shot.id, &picture::jpeg(n, 640, 480)).await?;
    }
    Ok(())
}

async fn two_phones(engine: Engine) -> anyhow::Result<()> {
    let (world, mut robin, visit, job) = visit_of(engine, 401, true).await?;
    let mut kim = world.phone(KIM).await?;
    kim.try_now().await?;
    assert_eq!(robin.visit(visit)?.present.len(), 2);
    robin.faults.offline = true;
    kim.faults.offline = true;
    for step in [Step::OnMyWay, Step::Arrived, Step::Started] {
        world.clock.advance_ms(5 * MINUTE);
        robin.step(visit, step).await?;
        world.clock.advance_ms(MINUTE);
        kim.step(visit, step).await?;
    }
    // Robin began a minute before Kim.
    let began = world.now().plus_ms(-MINUTE);
    prove(&mut robin, visit).await?;
    world.clock.advance_ms(30 * MINUTE);
    robin.step(visit, Step::Finished).await?;
    world.clock.advance_ms(7 * MINUTE);
    kim.step(visit, Step::Finished).await?;
    let ended = world.now();

    for phone in [&mut kim, &mut robin] {
        world.clock.advance_ms(MINUTE);
        phone.faults.offline = false;
        phone.try_now().await?;
    }
    let closeout = robin.visit(visit)?.closeout;
    assert_eq!(closeout.conflicts, Vec::<String>::new(), "neither undoes the other's");
    let mine = &closeout.crew_steps[&me(&mut robin, visit)?];
    assert_eq!((closeout.crew_steps.len(), mine.len()), (2, 4));
    world.forward().await?;
    assert_eq!(world.sandbox.completions(&job), 1);
    let told = told_amazon(&world, &job)?;
    assert_eq!(told["appointmentResources"], json!([{ "resourceId": "RESA1" }, { "resourceId": "RESB2" }]));
    assert_eq!(told["fulfillmentTime"], json!({ "startTime": second(began), "endTime": second(ended) }));
    Ok(())
}

#[tokio::test]
async fn two_technicians_with_two_phones_close_one_job_on_sqlite() -> anyhow::Result<()> {
    two_phones(Engine::Sqlite).await
}

#[tokio::test]
async fn two_technicians_with_two_phones_close_one_job_on_postgres() -> anyhow::Result<()> {
    two_phones(Engine::Postgres).await
}

#[tokio::test]
async fn a_corrected_time_and_a_colleague_reach_amazon_and_the_board_with_the_reason() -> anyhow::Result<()> {
    let (world, mut phone, visit, job) = visit_of(Engine::Sqlite, 402, false).await?;
    let mut supervisor = world.supervisor().await?;
    phone.faults.offline = true;
    phone.step(visit, Step::Arrived).await?;
    world.clock.advance_ms(30 * MINUTE);
    phone.step(visit, Step::Started).await?;
    let tapped = world.now();
    let said = tapped.plus_ms(-20 * MINUTE);
    phone
        .edit(visit, Edit::Correct { step: Step::Started, at: said, reason: CorrectionReason::ForgotToTap })
        .await?;
    // Kim came along, without a phone; a pause shortens nothing.
    let kim = phone.visit(visit)?.job.crew.into_iter().find(|member| member.name == KIM).context("Kim")?;
    assert!(kim.linked && !kim.assigned);
    phone.edit(visit, Edit::Crew { user: kim.user, was_there: true }).await?;
    // A second tap begins no second pause and records no place of one.
    for _ in 0..2 {
        let position = Position { latitude: -1.5, longitude: 2.5, accuracy: 40.0 };
        phone.edit(visit, Edit::Pause { position: Some(Pii::new(position)) }).await?;
    }
    let closeout = phone.visit(visit)?.closeout;
    let others = closeout.records.values().filter(|facts| facts.step.is_none());
    let kinds: Vec<_> = others.map(|facts| facts.kind).collect();
    assert_eq!((closeout.pauses.len(), kinds), (1, vec![RecordKind::Position]));
    world.clock.advance_ms(10 * MINUTE);
    phone.edit(visit, Edit::GoOn).await?;
    phone.edit(visit, Edit::Eta { earliest: said, latest: tapped }).await?;
    prove(&mut phone, visit).await?;
    phone.step(visit, Step::Finished).await?;
    let ended = world.now();
    let shown = phone.visit(visit)?;
    assert!(shown.ready, "{:?}", shown.findings);
    phone.kill().await?;
    assert_eq!(phone.visit(visit)?.closeout, shown.closeout, "a killed page loses nothing of it");
    phone.faults.offline = false;
    phone.try_now().await?;
    assert_eq!(phone.visit(visit)?.state, Saved::Safe);

    world.forward().await?;
    assert_eq!(world.sandbox.completions(&job), 1);
    let told = told_amazon(&world, &job)?;
    assert_eq!(told["fulfillmentTime"], json!({ "startTime": second(said), "endTime": second(ended) }));
    assert_eq!(told["appointmentResources"], json!([{ "resourceId": "RESA1" }, { "resourceId": "RESB2" }]));
    let corrected = What::StepCorrected { step: Step::Started };
    supervisor.watch(|s| s.seen.iter().any(|change| change.what == corrected)).await?;
    supervisor.watch(|s| s.seen.iter().any(|change| change.what == What::Completed)).await?;
    let card = &supervisor.cards[&visit];
    let started = card.steps.iter().find(|done| done.step == Step::Started).context("started")?;
    let how = started.corrected.context("it was corrected")?;
    assert_eq!((started.at, how.reason, how.tapped), (said, CorrectionReason::ForgotToTap, tapped));
    let names: Vec<&str> = card.present.iter().map(|who| who.name.as_str()).collect();
    assert_eq!(names, [ROBIN, KIM]);
    assert_eq!(card.eta.map(|eta| (eta.earliest, eta.latest)), Some((said, tapped)));
    Ok(())
}

#[tokio::test]
async fn a_visit_that_needs_a_second_one_does_not_complete_the_job() -> anyhow::Result<()> {
    let (world, mut phone, visit, job) = visit_of(Engine::Sqlite, 403, false).await?;
    for step in [Step::Arrived, Step::Started] {
        phone.step(visit, step).await?;
        world.clock.advance_ms(MINUTE);
    }
    phone.edit(visit, Edit::SecondVisit { reason: SecondVisitReason::PartsMissing }).await?;
    phone.step(visit, Step::Finished).await?;
    phone.try_now().await?;
    let shown = phone.visit(visit)?;
    assert!(shown.ready, "no proof of work is asked: {:?}", shown.findings);
    world.forward().await?;
    assert_eq!(world.sandbox.completions(&job), 0);
    Ok(())
}

async fn old_and_new(engine: Engine) -> anyhow::Result<()> {
    let world = World::on(engine, 404, 8).await?;
    world.worker.intake().await?;
    let mut old = world.phone_of_before(ROBIN).await?;
    old.try_now().await?;
    let visit = old.first_visit()?;
    old.step(visit, Step::Arrived).await?;
    old.try_now().await?;
    let shown = old.visit(visit)?;
    assert!(!shown.closeout.takes_facts && shown.state == Saved::Safe);

    // A phone that reads facts makes the server find room, once; what was recorded stays.
    let mut new = world.phone(ROBIN).await?;
    new.try_now().await?;
    let shown = new.visit(visit)?;
    assert!(shown.closeout.takes_facts && shown.closeout.steps.contains_key(&Step::Arrived));
    assert_eq!(shown.state, Saved::Safe);
    new.edit(visit, Edit::Pause { position: None }).await?;
    new.try_now().await?;

    // The page is updated, with something that it had recorded before.
    old.faults.offline = true;
    old.step(visit, Step::Started).await?;
    old.faults.offline = false;
    old.faults.reads_no_facts = false;
    for phone in [&mut old, &mut new] {
        world.clock.advance_ms(10 * MINUTE);
        phone.give(doorstep_core::session::Event::Woken).await?;
        phone.try_now().await?;
    }
    let (one, other) = (old.visit(visit)?, new.visit(visit)?);
    assert_eq!(one.closeout, other.closeout);
    assert_eq!((one.closeout.pauses.len(), one.closeout.steps.len()), (1, 2));
    assert_eq!((one.state, other.state), (Saved::Safe, Saved::Safe));
    Ok(())
}

#[tokio::test]
async fn a_document_gets_room_for_facts_once_a_phone_can_read_it_on_sqlite() -> anyhow::Result<()> {
    old_and_new(Engine::Sqlite).await
}

#[tokio::test]
async fn a_document_gets_room_for_facts_once_a_phone_can_read_it_on_postgres() -> anyhow::Result<()> {
    old_and_new(Engine::Postgres).await
}
