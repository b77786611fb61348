//! A new connection, from the day nothing is sent to the day all of it is.

use anyhow::Context as _;
use doorstep_core::{
    api::{ForwardingState, SwitchPosition, Waiting},
    session::Saved,
};
use doorstep_tests::{picture, world::World};

const TECHNICIAN: &str = "TECHA1";
const WRITES: [&str; 3] = [
    "createServiceDocumentUploadDestination",
    "setAppointmentFulfillmentData",
    "completeServiceJobByServiceJobId",
];

fn pictures(n: u32) -> Vec<Vec<u8>> {
    vec![picture::jpeg(n, 64, 48), picture::jpeg(n + 1, 48, 64)]
}

/// What Amazon was asked that would change something there.
fn writes(world: &World) -> Vec<&'static str> {
    let record = world.sandbox.record();
    let asked = record.iter().filter_map(|exchange| exchange.operation);
    asked.filter(|operation| !operation.starts_with("get") && *operation != "token").collect()
}

#[tokio::test]
async fn a_new_connection_observes_and_is_switched_on_operation_by_operation() -> anyhow::Result<()> {
    let mut world = World::new(51, 8).await?;
    let administrator = world.administrator().await?;
    for operation in WRITES {
        let set = administrator.set(operation, SwitchPosition::Observe, None).await?;
        assert_eq!(set, Ok(()));
    }
    world.worker.intake().await?;
    let mut phone = world.phone(TECHNICIAN).await?;
    phone.try_now().await?;
    let visits: Vec<_> = phone.view().visits.iter().map(|visit| visit.job.appointment).take(2).collect();
    for (n, visit) in visits.iter().enumerate() {
        phone.close_out(*visit, &pictures(10 * n as u32)).await?;
        let shown = phone.visit(*visit)?;
        assert_eq!((shown.state, shown.closing), (Saved::Safe, SwitchPosition::Observe));
    }
    world.forward_for(60).await?;
    world.restart().await?;
    world.forward_for(600).await?;
    assert_eq!(writes(&world), [""; 0], "intake and nothing else");
    for visit in &visits {
        let visit = *visit;
        let seen = |s: &doorstep_tests::supervisor::Supervisor| {
            s.cards[&visit].forwarding.state == ForwardingState::Observed
        };
        world.supervisor().await?.watch(seen).await?;
    }

    let administrator = world.administrator().await?;
    let shown = administrator.connection().await?;
    assert_eq!(shown.waiting.len(), 2);
    let all = administrator.observed(visits[0]).await?.requests;
    assert_eq!(all.len(), 4);
    let job = phone.visit(visits[0])?.job;
    let text = serde_json::to_string(&all)?;
    let buyer = job.buyer.context("the phone knows the buyer")?;
    let address = job.address.context("the phone knows the address")?;
    for personal in [Some(&buyer.name), buyer.phone.as_ref(), address.lines.first()].into_iter().flatten() {
        assert!(!text.contains(personal.expose().as_str()), "no buyer data in what a supervisor sees");
    }

    let refused = administrator.set(WRITES[0], SwitchPosition::Send, None).await?;
    assert_eq!(refused, Err("calls_wait".to_owned()));
    let mut asked = Vec::new();
    for operation in WRITES {
        let set = administrator.set(operation, SwitchPosition::Send, Some(Waiting::Send)).await?;
        assert_eq!(set, Ok(()));
        world.forward_for(5).await?;
        asked = writes(&world);
        let reached = |name: &str| asked.iter().filter(|one| **one == name).count();
        assert!(reached(operation) > 0, "{operation}");
    }
    let count = |name: &str| asked.iter().filter(|one| **one == name).count();
    assert_eq!(WRITES.map(count), [4, 2, 2]);
    for visit in &visits {
        let job = phone.visit(*visit)?.job.service_job_id.to_string();
        assert_eq!(world.sandbox.completions(&job), 1);
    }
    world.restart().await?;
    world.forward_for(400).await?;
    assert_eq!(writes(&world), asked, "nothing is sent a second time");
    let board = world.supervisor().await?;
    for visit in &visits {
        assert_eq!(board.cards[visit].forwarding.state, ForwardingState::Sent);
    }
    let by = world
        .administrator()
        .await?
        .connection()
        .await?
        .changes
        .into_iter()
        .next()
        .and_then(|change| change.by);
    assert_eq!(by.as_deref(), Some("administrator"));
    Ok(())
}

#[tokio::test]
async fn where_closing_is_not_allowed_the_phone_says_so_and_everything_is_kept() -> anyhow::Result<()> {
    let mut world = World::new(52, 8).await?;
    let administrator = world.administrator().await?;
    for operation in WRITES {
        let set = administrator.set(operation, SwitchPosition::NotAllowed, None).await?;
        assert_eq!(set, Ok(()));
    }
    world.worker.intake().await?;
    let mut phone = world.phone(TECHNICIAN).await?;
    phone.try_now().await?;
    let visit = phone.first_visit()?;
    phone.faults.offline = true;
    phone.kill().await?;
    assert_eq!(phone.visit(visit)?.closing, SwitchPosition::NotAllowed, "known without a signal");
    phone.faults.offline = false;
    phone.close_out(visit, &pictures(1)).await?;
    phone.try_now().await?;
    assert_eq!(phone.visit(visit)?.state, Saved::Safe);
    world.forward_for(600).await?;
    assert_eq!(writes(&world), [""; 0]);
    let card = world.supervisor().await?.cards.remove(&visit).context("the card")?;
    assert_eq!(card.forwarding.state, ForwardingState::Kept);
    assert!(card.photos.len() == 2 && card.photos.iter().all(|photo| photo.safe));
    world.restart().await?;
    Ok(())
}
