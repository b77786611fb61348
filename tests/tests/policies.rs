//! What visits are held to, while it changes: phone and server hold each visit to the same policy at every moment.

use doorstep_core::{
    api::{PolicyScope, PreviewPolicy, WritePolicy},
    closeout::{Answer, Policy, Question, Rule, Step},
    id::AppointmentId,
    session::Event,
    time::Timestamp,
};
use doorstep_tests::{
    administrator::Administrator,
    phone::Phone,
    picture,
    world::{Engine, World},
};

const TECHNICIAN: &str = "TECHA1";

/// The policy of a visit with one more question that nobody can leave without.
fn stricter(policy: &Policy) -> Policy {
    let mut policy = policy.clone();
    policy.questions.push(Question {
        id: "water_off".to_owned(),
        text: "The water is on again".to_owned(),
        accepts: vec![Answer::Yes],
        ..Question::default()
    });
    policy
}

async fn publish(world: &mut World, policy: Policy, after: u32) -> anyhow::Result<u32> {
    let wish = WritePolicy {
        scope: PolicyScope::default(),
        applies_from: Timestamp(0),
        after,
        policy: Some(policy),
    };
    let administrator: Administrator = world.administrator().await?;
    administrator.publish(&wish).await?.map_err(anyhow::Error::msg)
}

/// Time goes on until the phone looks for a new day.
async fn look_again(world: &World, phone: &mut Phone) -> anyhow::Result<()> {
    world.clock.advance_ms(10 * 60_000);
    phone.give(Event::Woken).await?;
    phone.try_now().await
}

fn asks(phone: &mut Phone, visit: AppointmentId) -> anyhow::Result<bool> {
    Ok(phone.visit(visit)?.job.policy.questions.iter().any(|question| question.id == "water_off"))
}

/// What the server has to say against a visit's closeout that is not on the phone's list, and the reverse.
async fn agree(world: &World, phone: &mut Phone, visit: AppointmentId) -> anyhow::Result<()> {
    let board = world.supervisor().await?.board().await?;
    let card = board.cards.into_iter().find(|card| card.appointment == visit).expect("it is on the board");
    let rules = |findings: &[doorstep_core::closeout::Finding]| {
        findings.iter().map(|finding| (finding.rule, finding.field.clone())).collect::<Vec<_>>()
    };
    assert_eq!(rules(&card.findings), rules(&phone.visit(visit)?.findings));
    Ok(())
}

async fn changed_in_the_middle_of_the_day(engine: Engine) -> anyhow::Result<()> {
    let mut world = World::on(engine, 901, 8).await?;
    world.worker.intake().await?;
    let mut phone = world.phone(TECHNICIAN).await?;
    phone.try_now().await?;
    let visits: Vec<_> = phone.view().visits.into_iter().map(|visit| visit.job.appointment).collect();
    let [known, unheard, later] = visits[..3] else { anyhow::bail!("three visits") };
    let policy = phone.visit(later)?.job.policy;

    // One visit is begun and the server knows; another is begun where there is no signal.
    phone.step(known, Step::Arrived).await?;
    phone.try_now().await?;
    phone.faults.offline = true;
    world.clock.advance_ms(60_000);
    phone.step(unheard, Step::Arrived).await?;
    world.clock.advance_ms(60_000);
    assert_eq!(publish(&mut world, stricter(&policy), 0).await?, 1);

    // The day comes first, then what was recorded.
    phone.faults.offline = false;
    look_again(&world, &mut phone).await?;
    assert!(asks(&mut phone, later)?, "a visit that is not begun is held to the new one");
    for begun in [known, unheard] {
        assert!(!asks(&mut phone, begun)?, "a visit that is begun keeps its own");
        agree(&world, &mut phone, begun).await?;
    }
    agree(&world, &mut phone, later).await?;

    // Another version changes none of them back and forth, and a killed page remembers.
    assert_eq!(publish(&mut world, policy.clone(), 1).await?, 2);
    phone.kill().await?;
    look_again(&world, &mut phone).await?;
    assert!(!asks(&mut phone, later)? && !asks(&mut phone, unheard)?);
    assert_eq!(publish(&mut world, stricter(&policy), 2).await?, 3);
    look_again(&world, &mut phone).await?;
    assert!(asks(&mut phone, later)? && !asks(&mut phone, unheard)?);

    // Both closeouts reach Amazon, each held to its own.
    let pictures = [picture::jpeg(1, 640, 480), picture::jpeg(2, 480, 640)];
    for visit in [unheard, later] {
        let asked = asks(&mut phone, visit)?;
        phone.close_out(visit, &pictures).await?;
        assert_eq!(phone.visit(visit)?.closeout.answers.contains_key("water_off"), asked);
        phone.try_now().await?;
        world.forward().await?;
        let job = phone.visit(visit)?.job.service_job_id.to_string();
        assert_eq!(world.sandbox.completions(&job), 1);
    }
    Ok(())
}

#[tokio::test]
async fn a_policy_changed_in_the_middle_of_the_day_holds_for_visits_that_are_not_begun() -> anyhow::Result<()>
{
    changed_in_the_middle_of_the_day(Engine::Sqlite).await
}

#[tokio::test]
async fn a_policy_changed_in_the_middle_of_the_day_holds_for_visits_that_are_not_begun_on_postgres()
-> anyhow::Result<()> {
    changed_in_the_middle_of_the_day(Engine::Postgres).await
}

#[tokio::test]
async fn a_visit_begun_after_an_answer_was_lost_is_held_to_what_the_phone_had() -> anyhow::Result<()> {
    let mut world = World::new(902, 4).await?;
    world.worker.intake().await?;
    let mut phone = world.phone(TECHNICIAN).await?;
    phone.try_now().await?;
    let visit = phone.first_visit()?;
    let policy = phone.visit(visit)?.job.policy;
    assert_eq!(publish(&mut world, stricter(&policy), 0).await?, 1);
    // The server has told it, and the phone has not heard.
    world.clock.advance_ms(10 * 60_000);
    phone.faults.lose_answers = 1;
    phone.give(Event::Woken).await?;
    phone.faults.offline = true;
    assert!(!asks(&mut phone, visit)?);
    phone.step(visit, Step::Arrived).await?;
    phone.faults.offline = false;
    look_again(&world, &mut phone).await?;
    assert!(!asks(&mut phone, visit)?);
    agree(&world, &mut phone, visit).await
}

#[tokio::test]
async fn a_preview_says_whom_a_policy_would_meet_and_changes_nothing() -> anyhow::Result<()> {
    let mut world = World::new(903, 4).await?;
    world.worker.intake().await?;
    let mut phone = world.phone(TECHNICIAN).await?;
    phone.try_now().await?;
    let visit = phone.first_visit()?;
    let (skills, policy) = (phone.visit(visit)?.job.skills, phone.visit(visit)?.job.policy);
    phone.step(visit, Step::Arrived).await?;
    phone.try_now().await?;
    let scope = PolicyScope { skill: skills.first().cloned(), ..PolicyScope::default() };
    let wish = PreviewPolicy { scope, applies_from: Timestamp(0), policy: stricter(&policy) };
    let preview = world.administrator().await?.preview(&wish).await?;
    assert_eq!(preview.flaws, []);
    let missing = preview.findings.iter().filter(|finding| finding.rule == Rule::AnswerMissing).count();
    assert_eq!(missing, policy.questions.len() + 1);
    for told in preview.visits {
        let of_skill = match phone.visit(told.appointment) {
            Ok(shown) => shown.job.skills == skills,
            Err(_) => continue,
        };
        assert_eq!(told.begun, told.appointment == visit);
        assert_eq!(told.affected, of_skill && !told.begun);
    }
    look_again(&world, &mut phone).await?;
    assert!(
        phone.view().visits.iter().all(|shown| shown.job.policy.questions.len() == policy.questions.len())
    );
    Ok(())
}
