//! Days of faults by seed. Whatever happens on the way: what was saved arrives, once, and nothing else is said.

use doorstep_core::{
    api::{SetPosition, SwitchPosition, Waiting},
    closeout::Step,
    session::{PhotoState, Saved},
};
use doorstep_sandbox::{Fault, FaultKind};
use doorstep_server::connection;
use doorstep_tests::{entropy::Dice, picture, world::World};

/// Seeds of one run: a dozen, many with `cargo xtask test --long`, or as many as `DOORSTEP_SEEDS` says.
fn seeds() -> std::ops::Range<u64> {
    let asked = std::env::var("DOORSTEP_SEEDS").ok().and_then(|text| text.parse().ok());
    let usual = if std::env::var_os("DOORSTEP_LONG").is_some() { 300 } else { 12 };
    0..asked.unwrap_or(usual)
}

#[tokio::test]
async fn a_day_of_faults_loses_nothing_and_sends_nothing_twice() -> anyhow::Result<()> {
    for seed in seeds() {
        day(seed).await.map_err(|e| e.context(format!("seed {seed}")))?;
    }
    Ok(())
}

async fn day(seed: u64) -> anyhow::Result<()> {
    let mut dice = Dice::new(seed);
    let mut world = World::new(1_000 + seed, 8).await?;
    world.worker.intake().await?;
    let mut phone = world.phone("TECHA1").await?;
    phone.try_now().await?;
    let visits: Vec<_> = phone.view().visits.iter().map(|visit| visit.job.appointment).take(2).collect();

    let faults = [FaultKind::LoseReply, FaultKind::FailAfter, FaultKind::FailBefore, FaultKind::Throttle];
    for _ in 0..dice.roll(4) {
        let kind = faults[dice.roll(4) as usize];
        world.sandbox.fault(Fault::new("*", kind, 1 + dice.roll(2) as u32))?;
    }
    let mut taken = Vec::new();
    for (n, visit) in visits.iter().enumerate() {
        let pictures =
            [picture::jpeg((seed * 4) as u32 + n as u32, 64, 48), picture::jpeg(900 + n as u32, 48, 64)];
        for step in [Step::OnMyWay, Step::Arrived, Step::Started] {
            trouble(&mut dice, &mut world, &mut phone).await?;
            phone.step(*visit, step).await?;
        }
        for (shot, picture) in ["after", "detail"].into_iter().zip(&pictures) {
            trouble(&mut dice, &mut world, &mut phone).await?;
            taken.push(phone.take_photo(*visit, shot, picture).await?);
        }
        phone.answer_all(*visit).await?;
        trouble(&mut dice, &mut world, &mut phone).await?;
        phone.step(*visit, Step::Finished).await?;
    }

    phone.faults.offline = false;
    phone.try_now().await?;
    phone.wait_for_tries(200).await?;
    for visit in &visits {
        let shown = phone.visit(*visit)?;
        assert_eq!(shown.state, Saved::Safe, "{:?}", phone.view().sync);
        assert!(shown.photos.iter().all(|photo| photo.state == PhotoState::Safe));
        assert_eq!(shown.photos.len(), 2);
    }
    world.forward_for(1_500).await?;
    for operation in WRITES {
        set(&world, operation, SwitchPosition::Send).await?;
    }
    world.forward_for(600).await?;
    for visit in &visits {
        let job = phone.visit(*visit)?.job.service_job_id.to_string();
        assert_eq!(world.sandbox.completions(&job), 1, "job {job}");
    }
    let attached = world.sandbox.documents().into_iter().filter(|document| !document.attached_to.is_empty());
    assert_eq!(attached.count(), taken.len());
    Ok(())
}

const WRITES: [&str; 3] = [
    "createServiceDocumentUploadDestination",
    "setAppointmentFulfillmentData",
    "completeServiceJobByServiceJobId",
];

async fn set(world: &World, operation: &str, position: SwitchPosition) -> anyhow::Result<()> {
    let wish = SetPosition { position: Some(position), program: None, waiting: Some(Waiting::Send) };
    Ok(connection::set(&world.app, operation, &wish, None).await?.map(drop)?)
}

async fn trouble(
    dice: &mut Dice,
    world: &mut World,
    phone: &mut doorstep_tests::phone::Phone,
) -> anyhow::Result<()> {
    world.clock.advance_ms(60_000);
    // Somebody moves a switch, and what is under way is worked on a little.
    if dice.roll(4) == 0 {
        let positions = [SwitchPosition::Send, SwitchPosition::Observe, SwitchPosition::NotAllowed];
        set(world, WRITES[dice.roll(3) as usize], positions[dice.roll(3) as usize]).await?;
        world.forward().await?;
    }
    match dice.roll(10) {
        0 | 1 => phone.faults.offline = !phone.faults.offline,
        2 => phone.faults.lose_answers += 1 + dice.roll(3) as u32,
        3 => phone.faults.lose_requests += 1,
        4 => phone.faults.break_uploads += 1,
        5 => phone.kill().await?,
        6 => {
            world.restart().await?;
            phone.url = world.url.clone();
        }
        7 => phone.try_now().await?,
        8 => {
            phone.faults.wall_error_ms = dice.roll(7_200_000) as i64 - 3_600_000;
        }
        _ => {}
    }
    Ok(())
}
