//! Intake against the sandbox, which is written from Amazon's model and knows nothing of ours.

use super::engines::{Ground, HOUR, MORNING, amazon, on_both_engines};
use doorstep_core::{api::Role, id::AppointmentId, time::Timestamp};
use doorstep_sandbox::{Clock, Config, Credentials, Job, Sandbox, seed};
use doorstep_server::{
    clock::Clock as _,
    db::job::Visit,
    settings::Settings,
    work::{Worker, intake::End},
};
use std::{collections::BTreeMap, sync::Arc};

/// A sandbox with a day of `jobs` visits of the first technician and half as many of the second, and a worker on it.
async fn day(ground: &Ground, jobs: usize) -> (Sandbox, Worker) {
    let clock = ground.clock.clone();
    let day = seed::day_around(7, MORNING.to_utc(), seed::technicians(), jobs);
    let mut config = Config::new(Clock::following(move || clock.now().0), day);
    let mut settings = Settings::clone(&ground.app.settings);
    config.credentials = Credentials {
        client_id: settings.lwa_client_id.clone().unwrap(),
        client_secret: settings.lwa_client_secret.clone().unwrap().into_inner(),
        refresh_token: settings.lwa_refresh_token.clone().unwrap().into_inner(),
    };
    let sandbox = Sandbox::start(config).await.unwrap();
    settings.spapi_endpoint = Some(sandbox.url().to_owned());
    settings.lwa_endpoint = Some(sandbox.url().to_owned());
    let mut app = ground.app.clone();
    app.settings = Arc::new(settings);
    let client = amazon(&app);
    (sandbox, Worker::new(app, client))
}

/// By Amazon's job id: a job of the seeded day has one visit.
async fn visits(ground: &Ground) -> BTreeMap<String, Visit> {
    let (mut tx, seller) = (ground.app.db.read().await.unwrap(), ground.app.seller);
    let mut visits = BTreeMap::new();
    for visit in tx.board_appointments(seller, Timestamp(0), Timestamp(i64::MAX)).await.unwrap() {
        let visit = tx.visit(seller, visit).await.unwrap().unwrap();
        assert!(visits.insert(visit.service_job.as_str().to_owned(), visit).is_none());
    }
    visits
}

async fn assignees(ground: &Ground, visit: AppointmentId) -> Vec<(String, bool)> {
    let assignees = ground.app.db.read().await.unwrap().assignees(ground.app.seller, visit).await.unwrap();
    assignees.into_iter().map(|who| (who.name, who.linked)).collect()
}

#[tokio::test]
async fn a_day_of_several_pages_arrives_whole() {
    on_both_engines(async |ground| {
        let (sandbox, worker) = day(&ground, 30).await;
        let robin = ground.add("Robin Sample", Role::Technician, &["TECHA1"], &["RESA1"]).await;
        let intake = worker.intake().await.unwrap();
        assert_eq!((intake.pages, intake.jobs, intake.taken_in, intake.unreadable), (3, 47, 46, 0));
        assert_eq!(intake.end, End::Complete);

        let visits = visits(&ground).await;
        let sent: BTreeMap<String, Job> =
            sandbox.jobs().into_iter().map(|job| (job.service_job_id.clone(), job)).collect();
        for (name, visit) in &visits {
            let sent = &sent[name].appointments[0];
            assert_eq!(visit.amazon_appointment.as_str(), sent.appointment_id);
            assert_eq!(visit.window.start, sent.appointment_time.start_time.into());
            assert_eq!(visit.window.end, sent.appointment_time.end_time().into());
        }
        let (from, to) = ground.app.settings.day_around(MORNING);
        let mut tx = ground.app.db.read().await.unwrap();
        assert_eq!(tx.day_of(ground.app.seller, robin, from, to).await.unwrap().len(), 30);
        drop(tx);

        let again = worker.intake().await.unwrap();
        assert_eq!((again.taken_in, again.changed), (0, 0));
    })
    .await;
}

#[tokio::test]
async fn what_happens_to_a_visit_at_amazon_happens_here() {
    on_both_engines(async |ground| {
        let (sandbox, worker) = day(&ground, 4).await;
        ground.add("Robin Sample", Role::Technician, &["TECHA1"], &["RESA1"]).await;
        worker.intake().await.unwrap();
        let before = visits(&ground).await;
        let jobs = sandbox.jobs();
        let of_robin: Vec<&str> = jobs
            .iter()
            .filter(|job| {
                job.appointments.iter().any(|visit| visit.assigned_technicians[0].technician_id == "TECHA1")
            })
            .map(|job| job.service_job_id.as_str())
            .collect();
        let [moved, cancelled, reassigned, touched] = of_robin[..] else { panic!("{of_robin:?}") };
        assert_eq!(
            assignees(&ground, before[reassigned].appointment).await,
            [("Robin Sample".to_owned(), true)]
        );

        ground.clock.advance_ms(60_000);
        let later = MORNING.plus_ms(26 * HOUR);
        let new_id = sandbox.reschedule(moved, later.to_utc()).unwrap();
        sandbox.cancel(cancelled).unwrap();
        sandbox.assign(reassigned, &[seed::STRANGER]).unwrap();
        sandbox.touch(touched).unwrap();
        let intake = worker.intake().await.unwrap();
        assert_eq!((intake.taken_in, intake.changed), (0, 3));

        let after = visits(&ground).await;
        assert_eq!(after.len(), before.len());
        let same = |name: &str| after[name].appointment == before[name].appointment;
        assert!(before.keys().all(|name| same(name)));
        assert_eq!(after[moved].amazon_appointment.as_str(), new_id);
        assert_ne!(before[moved].amazon_appointment.as_str(), new_id);
        assert_eq!((after[moved].window.start, after[moved].is_active()), (later, true));
        assert_eq!(after[cancelled].status.as_str(), "CANCELLED");
        let stranger = vec![(seed::STRANGER.to_owned(), false)];
        assert_eq!(assignees(&ground, after[reassigned].appointment).await, stranger);
    })
    .await;
}
