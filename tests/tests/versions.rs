//! Two phones record one visit without a signal: nothing is overwritten in silence, and a supervisor says what counts.

use anyhow::Context as _;
use doorstep_core::{
    api::{Choice, What},
    closeout::{Answer, Rule, Step},
    session::{Edit, Event},
};
use doorstep_tests::{
    picture,
    supervisor::Supervisor,
    world::{Engine, World},
};
use reqwest::StatusCode;

const TECHNICIAN: &str = "TECHA1";

async fn two_values(engine: Engine) -> anyhow::Result<()> {
    let world = World::on(engine, 77, 8).await?;
    world.worker.intake().await?;
    let mut supervisor = world.supervisor().await?;
    let (mut first, mut second) = (world.phone(TECHNICIAN).await?, world.phone(TECHNICIAN).await?);
    first.try_now().await?;
    second.try_now().await?;
    let visit = first.first_visit()?;

    // Both without a signal: one starts a quarter of an hour after the other, and they disagree about the test.
    for (phone, tested) in [(&mut first, Answer::Yes), (&mut second, Answer::No)] {
        phone.faults.offline = true;
        phone.step(visit, Step::OnMyWay).await?;
        phone.step(visit, Step::Arrived).await?;
        phone.step(visit, Step::Started).await?;
        phone.edit(visit, Edit::Answer { question: "tested".to_owned(), answer: tested }).await?;
        world.clock.advance_ms(15 * 60_000);
    }
    for phone in [&mut first, &mut second] {
        phone.faults.offline = false;
        phone.try_now().await?;
    }

    let fields = supervisor.versions(visit).await?;
    let names: Vec<&str> = fields.iter().map(|one| one.field.as_str()).collect();
    assert_eq!(names, ["steps.on_my_way", "steps.arrived", "steps.started", "answers.tested"]);
    let started = &fields[2].versions;
    assert_eq!(started.len(), 2);
    assert!(started.iter().all(|version| version.technician.is_some() && version.answer.is_none()));
    let at = |i: usize| started[i].step.as_ref().map(|step| step.at).context("a step");
    let apart = at(0)?.since(at(1)?).abs();
    assert!((14 * 60_000..=16 * 60_000).contains(&apart), "{apart}");

    // Whichever of two values counts, the board hears of both.
    let differ = |field: &str| What::VersionsDiffer { field: field.to_owned() };
    let told =
        |s: &Supervisor| names.iter().all(|name| s.seen.iter().any(|change| change.what == differ(name)));
    supervisor.watch(told).await?;

    // The values that do not count yet are chosen, and whoever asks again is too late.
    let choices =
        fields.iter().map(|one| Choice { field: one.field.clone(), change: one.versions[0].change });
    for choice in choices {
        assert_eq!(supervisor.choose(visit, &choice).await?, StatusCode::NO_CONTENT);
        assert_eq!(supervisor.choose(visit, &choice).await?, StatusCode::CONFLICT);
    }
    assert!(supervisor.versions(visit).await?.is_empty());
    let chosen = What::VersionChosen { field: "steps.started".to_owned() };
    supervisor.watch(|s| s.seen.iter().any(|change| change.what == chosen)).await?;
    let card = supervisor.cards[&visit].clone();
    assert!(card.findings.iter().all(|finding| finding.rule != Rule::Conflict), "{:?}", card.findings);
    let shown = card.steps.iter().find(|step| step.step == Step::Started).context("started")?;
    assert_eq!(Some(shown), started[0].step.as_ref(), "as sure of its time as before it was chosen");

    // Both phones follow, and the closeout goes to Amazon with the chosen start.
    for phone in [&mut first, &mut second] {
        world.clock.advance_ms(10 * 60_000);
        phone.give(Event::Woken).await?;
        phone.try_now().await?;
        let visit = phone.visit(visit)?;
        assert!(visit.closeout.conflicts.is_empty());
        assert_eq!(visit.closeout.answers.get("tested"), fields[3].versions[0].answer.as_ref());
    }
    first.answer_all(visit).await?;
    for (shot, n) in first.visit(visit)?.job.policy.shots.iter().zip(1..) {
        first.take_photo(visit, &shot.id, &picture::jpeg(n, 640, 480)).await?;
    }
    first.step(visit, Step::Finished).await?;
    first.try_now().await?;
    let again = Choice { field: "steps.started".to_owned(), change: started[1].change };
    assert_eq!(supervisor.choose(visit, &again).await?, StatusCode::CONFLICT);
    world.forward().await?;
    let job = first.visit(visit)?.job.service_job_id.to_string();
    assert_eq!(world.sandbox.completions(&job), 1);
    Ok(())
}

#[tokio::test]
async fn two_phones_that_disagree_are_settled_by_a_supervisor_on_sqlite() -> anyhow::Result<()> {
    two_values(Engine::Sqlite).await
}

#[tokio::test]
async fn two_phones_that_disagree_are_settled_by_a_supervisor_on_postgres() -> anyhow::Result<()> {
    two_values(Engine::Postgres).await
}
