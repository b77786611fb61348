//! What Amazon does to a visit while somebody works on it, and after its buyer's data has expired.

use super::{
    day::job,
    engines::{DAY, Ground, HOUR, MORNING, on_both_engines, on_both_engines_with},
    intake::{Amazon, events, take_in, visits, worker},
};
use axum::http::StatusCode;
use doorstep_core::{
    api::{IntakeAge, Role, What},
    id::AppointmentId,
    job::{ArrivalState, Notice, NoticeKind, Window},
    time::Timestamp,
};
use doorstep_server::{db::Tx, work::expiry::Expiry};
use serde_json::{Value, json};

async fn notices(ground: &Ground, visit: AppointmentId) -> Vec<Notice> {
    ground.app.db.read().await.unwrap().notices(ground.app.seller, visit).await.unwrap()
}

async fn kinds(ground: &Ground, visit: AppointmentId) -> Vec<NoticeKind> {
    notices(ground, visit).await.into_iter().map(|notice| notice.kind).collect()
}

fn with(mut job: Value, pointer: &str, value: Value) -> Value {
    *job.pointer_mut(pointer).unwrap() = value;
    job
}

fn absent() -> (StatusCode, Value) {
    let words = json!({"errors": [{"code": "InvalidInput", "message": "No job exist with the given id"}]});
    (StatusCode::UNPROCESSABLE_ENTITY, words)
}

#[tokio::test]
async fn what_amazon_does_to_a_visit_is_noted_as_long_as_it_holds() {
    on_both_engines(async |ground| {
        let one = job("one", 0, "ACTIVE", &["T1"]);
        take_in(&ground, std::slice::from_ref(&one)).await;
        let visit = visits(&ground).await[0].appointment;
        assert_eq!(notices(&ground, visit).await, []);

        ground.clock.advance_ms(HOUR);
        let cancelled = with(one.clone(), "/serviceJobStatus", json!("CANCELLED"));
        take_in(&ground, &[cancelled]).await;
        let noted = notices(&ground, visit).await;
        assert_eq!((noted[0].kind, noted[0].at), (NoticeKind::Cancelled, MORNING.plus_ms(HOUR)));
        take_in(&ground, std::slice::from_ref(&one)).await;
        assert_eq!(kinds(&ground, visit).await, []);

        take_in(&ground, &[job("one", 26, "ACTIVE", &["T1"])]).await;
        let before = Window { start: MORNING, end: MORNING.plus_ms(HOUR) };
        assert_eq!(notices(&ground, visit).await[0].before, Some(before));
        // Moved again within the day: it was to be this morning all the same, and the office sees it there.
        ground.clock.advance_ms(HOUR);
        take_in(&ground, &[job("one", 260, "ACTIVE", &["T1"])]).await;
        let noted = notices(&ground, visit).await;
        assert_eq!((noted.len(), noted[0].before), (1, Some(before)));
        let mut tx = ground.app.db.read().await.unwrap();
        let board = tx.board_appointments(ground.app.seller, MORNING, MORNING.plus_ms(DAY)).await.unwrap();
        assert_eq!(board, [visit]);
        drop(tx);
        take_in(&ground, std::slice::from_ref(&one)).await;
        assert_eq!(kinds(&ground, visit).await, [], "it is back where it was");

        take_in(&ground, &[job("one", 0, "CANCELLED", &["T1"])]).await;
        assert_eq!(kinds(&ground, visit).await, [NoticeKind::CalledOff]);
        take_in(&ground, std::slice::from_ref(&one)).await;
        assert_eq!(kinds(&ground, visit).await, []);
        let other = with(one, "/appointments/0/appointmentId", json!("other"));
        let two = json!([
            other["appointments"][0],
            with(other.clone(), "/appointments/0/appointmentId", json!("third"))["appointments"][0]
        ]);
        take_in(&ground, &[with(other, "/appointments", two)]).await;
        assert_eq!(kinds(&ground, visit).await, [NoticeKind::CalledOff], "shown with other visits only");
    })
    .await;
}

#[tokio::test]
async fn a_job_that_amazon_does_not_have_any_more_says_so_until_it_is_back() {
    on_both_engines(async |ground| {
        let (app, seller) = (&ground.app, ground.app.seller);
        let one = job("one", 0, "ACTIVE", &["T1"]);
        take_in(&ground, std::slice::from_ref(&one)).await;
        let visit = visits(&ground).await.remove(0);
        let ask = async || {
            let mut tx = app.db.write().await.unwrap();
            let now = ground.app.clock.now();
            assert!(tx.ask_to_read(seller, visit.job, None, now, now).await.unwrap());
            // Asked twice is read once.
            assert!(tx.ask_to_read(seller, visit.job, None, now.plus_ms(5), now).await.unwrap());
            tx.commit().await.unwrap();
        };
        let busy = (StatusCode::SERVICE_UNAVAILABLE, json!({"errors": []}));
        let (worker, fake) = worker(&ground, vec![busy, absent()]).await;
        ask().await;
        assert_eq!(worker.read_due().await.unwrap(), 1);
        assert_eq!(kinds(&ground, visit.appointment).await, [], "an outage says nothing about the job");
        assert_eq!(worker.read_due().await.unwrap(), 0, "not at once");
        ground.clock.advance_ms(60_000);
        assert_eq!(worker.read_due().await.unwrap(), 1);
        assert_eq!(kinds(&ground, visit.appointment).await, [NoticeKind::Vanished]);
        let told = events(&ground).await;
        assert_eq!(told.last().unwrap().1, What::Noticed { notice: NoticeKind::Vanished });
        ground.clock.advance_ms(60_000);
        assert_eq!(worker.read_due().await.unwrap(), 0);

        // Whoever asks about it is told, though there is nothing new.
        let user = ground.add("Alex Sample", Role::Supervisor, &[], &[]).await;
        fake.answers.lock().unwrap().push(absent());
        let mut tx = app.db.write().await.unwrap();
        let now = ground.app.clock.now();
        assert!(tx.ask_to_read(seller, visit.job, Some(user), now, now).await.unwrap());
        tx.commit().await.unwrap();
        worker.read_due().await.unwrap();
        assert_eq!(events(&ground).await.last().unwrap().1, What::ReadRefused);

        fake.answers.lock().unwrap().push((StatusCode::OK, json!({ "payload": one })));
        ask().await;
        worker.read_due().await.unwrap();
        assert_eq!(kinds(&ground, visit.appointment).await, []);
        assert_eq!(events(&ground).await.last().unwrap().1, What::JobChanged);
    })
    .await;
}

#[tokio::test]
async fn a_comparison_finds_what_an_update_that_was_lost_had_hidden() {
    on_both_engines(async |ground| {
        let seller = ground.app.seller;
        let page = |jobs: &[Value]| Amazon::page(jobs, None);
        let (one, two) = (job("one", 0, "ACTIVE", &["T1"]), job("two", 1, "ACTIVE", &["T1"]));
        let late = job("late", 2, "ACTIVE", &["T1"]);
        let answers = vec![page(&[one.clone(), two.clone()]), page(&[one, late]), absent()];
        let (worker, fake) = worker(&ground, answers).await;
        worker.intake().await.unwrap();
        let compared = worker.compare_due().await.unwrap();
        assert_eq!((compared.changed, compared.missed), (1, 1));
        assert_eq!(worker.compare_due().await.unwrap(), Default::default(), "once an hour");
        assert_eq!(worker.read_due().await.unwrap(), 1);
        let shown = visits(&ground).await;
        let names: Vec<_> = shown.iter().map(|visit| visit.service_job.as_str()).collect();
        assert_eq!(names, ["one", "two", "late"]);
        assert_eq!(kinds(&ground, shown[1].appointment).await, [NoticeKind::Vanished]);
        let queries = fake.queries.lock().unwrap().clone();
        assert_eq!(queries[1]["scheduleStartDate"], MORNING.plus_ms(-2 * DAY).to_rfc3339());
        assert_eq!(queries[1]["scheduleEndDate"], MORNING.plus_ms(2 * DAY).to_rfc3339());

        // A day later nothing of it was seen: the open jobs are asked for by their status, then by name.
        ground.clock.advance_ms(DAY + 2 * HOUR);
        fake.answers.lock().unwrap().extend([page(&[]), page(&[]), page(&[])]);
        worker.intake().await.unwrap();
        assert_eq!(worker.compare_due().await.unwrap().missed, 2);
        let queries = fake.queries.lock().unwrap().clone();
        let statuses = &queries.last().unwrap()["serviceJobStatus"];
        assert_eq!(statuses, "NOT_SERVICED,PENDING_SCHEDULE,HOLD,NOT_FULFILLABLE,PAYMENT_DECLINED");
        let mut tx = ground.app.db.write().await.unwrap();
        assert!(tx.claim_read(seller, ground.app.clock.now(), 1).await.unwrap().is_some());
    })
    .await;
}

#[tokio::test]
async fn every_marketplace_has_its_own_cursor_and_its_own_troubles() {
    let two = |settings: &mut doorstep_server::settings::Settings| {
        settings.marketplace_id = "ATVPDKIKX0DER, A2EUQ1WTGCTBG2".to_owned();
    };
    on_both_engines_with(two, async |ground| {
        let refused = (StatusCode::FORBIDDEN, json!({"errors": [{"code": "Unauthorized", "message": "No"}]}));
        let page = |name: &str| Amazon::page(&[job(name, 0, "ACTIVE", &["T1"])], None);
        let answers = vec![refused.clone(), page("two"), refused, page("one"), page("two")];
        let (worker, fake) = worker(&ground, answers).await;
        let age = async |n: usize| -> IntakeAge {
            let marketplace = worker.app.settings.marketplaces()[n].clone();
            let mut tx = worker.app.db.read().await.unwrap();
            tx.intake_progress(worker.app.seller, marketplace.as_str()).await.unwrap().age
        };
        let next = worker.intake_due().await.unwrap();
        let every = worker.app.settings.intake_every_ms;
        assert!((every / 2..=every).contains(&next.since(MORNING)), "half of a pause is left to chance");
        let (first, second) = (age(0).await, age(1).await);
        assert_eq!((first.as_of, first.failing_since), (None, Some(MORNING)));
        assert!(first.reason.unwrap().contains("403"));
        assert_eq!((second.as_of, second.failing_since, second.reason), (Some(MORNING), None, None));
        assert_eq!(worker.intake_due().await.unwrap(), next, "nobody is asked before their time");
        assert_eq!(fake.queries.lock().unwrap().len(), 2);

        ground.clock.advance_ms(next.since(MORNING));
        let later = worker.intake_due().await.unwrap();
        assert_eq!(age(0).await.failing_since, Some(MORNING), "since the first failure");
        assert!(later.since(next) <= every);
        // Whoever asks at once is not held back, and a success ends the troubles.
        let intake = worker.intake().await.unwrap();
        assert_eq!((intake.pages, intake.taken_in), (2, 1));
        let first = age(0).await;
        assert_eq!((first.failing_since, first.reason), (None, None));
        let marketplaces: Vec<_> =
            fake.queries.lock().unwrap().iter().map(|query| query["marketplaceIds"].clone()).collect();
        let (us, ca) = ("ATVPDKIKX0DER", "A2EUQ1WTGCTBG2");
        assert_eq!(marketplaces, [us, ca, us, us, ca]);
    })
    .await;
}

#[tokio::test]
async fn jobs_of_one_order_know_each_other_until_they_end() {
    on_both_engines(async |ground| {
        let (app, seller) = (&ground.app, ground.app.seller);
        let of_order = |name: &str, hours| {
            let mut job = job(name, hours, "ACTIVE", &["T1"]);
            job["serviceOrderId"] = "111-222".into();
            job
        };
        let (one, old) = (of_order("one", 0), of_order("old", 48));
        let answers = vec![
            Amazon::page(std::slice::from_ref(&one), None),
            Amazon::page(&[one, old.clone()], None),
            Amazon::page(&[], None),
        ];
        let (worker, fake) = worker(&ground, answers).await;
        worker.intake().await.unwrap();
        assert_eq!(worker.compare_due().await.unwrap().changed, 1, "older than intake had reached");
        assert_eq!(fake.queries.lock().unwrap()[1]["serviceOrderIds"], "111-222");
        let visit = visits(&ground).await.remove(0);
        let mut tx = app.db.read().await.unwrap();
        let siblings =
            tx.load_job(&app.root_key, seller, visit.appointment).await.unwrap().unwrap().standing.siblings;
        let names: Vec<_> = siblings.iter().map(|other| other.service_job_id.as_str()).collect();
        assert_eq!(names, ["old"]);
        assert_eq!(siblings[0].window.unwrap().start, MORNING.plus_ms(48 * HOUR));
        assert_eq!(tx.unread_orders(seller, "ATVPDKIKX0DER", 20).await.unwrap().len(), 0);
        drop(tx);

        let told = events(&ground).await.len();
        take_in(&ground, &[with(old, "/serviceJobStatus", json!("CANCELLED"))]).await;
        let mut tx = app.db.read().await.unwrap();
        assert_eq!(tx.siblings(seller, visit.job).await.unwrap(), []);
        drop(tx);
        // The one that is left is the last of its order, and its card says so.
        let new = events(&ground).await.split_off(told);
        assert!(new.contains(&(visit.appointment, What::JobChanged)), "{new:?}");
    })
    .await;
}

#[tokio::test]
async fn arrival_and_preferred_times_come_with_the_job() {
    on_both_engines(async |ground| {
        let mut awaited = job("one", 0, "ACTIVE", &["T1"]);
        let wish = MORNING.plus_ms(3 * HOUR);
        awaited["associatedItems"][0]["itemStatus"] = "SHIPPED".into();
        awaited["preferredAppointmentTimes"] =
            json!([{"startTime": wish.to_rfc3339(), "durationInMinutes": 60}]);
        take_in(&ground, &[awaited]).await;
        let visit = visits(&ground).await[0].appointment;
        let mut tx = ground.app.db.read().await.unwrap();
        let job = tx.load_job(&ground.app.root_key, ground.app.seller, visit).await.unwrap().unwrap();
        assert_eq!(job.standing.arrival.unwrap().state, ArrivalState::Awaited);
        assert_eq!(job.standing.preferred, [Window { start: wish, end: wish.plus_ms(HOUR) }]);
        let card = doorstep_server::card::load(&ground.app, &mut tx, visit).await.unwrap().unwrap();
        assert_eq!(card.standing, job.standing);
    })
    .await;
}

#[tokio::test]
async fn a_job_that_never_got_a_visit_expires_after_its_days() {
    let ten = |settings: &mut doorstep_server::settings::Settings| settings.unappointed_days = 10;
    on_both_engines_with(ten, async |ground| {
        let mut waiting = job("one", 0, "ACTIVE", &[]);
        waiting["serviceJobStatus"] = "PENDING_SCHEDULE".into();
        waiting["appointments"] = json!([]);
        take_in(&ground, &[waiting.clone(), job("two", 0, "ACTIVE", &["T1"])]).await;
        let mut tx = ground.app.db.read().await.unwrap();
        let deadline = async |tx: &mut Tx, name: &str| {
            tx.stored_job(ground.app.seller, name).await.unwrap().unwrap().expires_at
        };
        assert_eq!(deadline(&mut tx, "one").await, MORNING.plus_ms(8 * DAY), "made two days before");
        assert_eq!(deadline(&mut tx, "two").await, MORNING.plus_ms(HOUR + 30 * DAY));
        drop(tx);

        let (worker, _) = worker(&ground, vec![]).await;
        ground.clock.advance_ms(8 * DAY);
        assert_eq!(worker.expire().await.unwrap(), Expiry { jobs: 1, ..Expiry::default() });

        // First scheduled after its deadline: the visit is there, and the buyer's data is not.
        let scheduled = job("one", 9 * 24, "ACTIVE", &["T1"]);
        take_in(&ground, std::slice::from_ref(&scheduled)).await;
        let shown = visits(&ground).await;
        let visit = shown.iter().find(|visit| visit.service_job.as_str() == "one").unwrap();
        assert_eq!(kinds(&ground, visit.appointment).await, [NoticeKind::AfterDeadline]);
        let end = MORNING.plus_ms(9 * DAY + HOUR);
        assert_eq!(visit.expires_at, end.plus_ms(30 * DAY));
        assert_no_buyer(&ground, visit.appointment).await;
        // Whatever comes later: still none.
        take_in(&ground, &[with(scheduled, "/buyer/phone", json!("555-0199"))]).await;
        assert_no_buyer(&ground, visit.appointment).await;
        // What was recorded of it has a deadline of its own.
        ground.clock.advance_ms(35 * DAY);
        assert_eq!(worker.expire().await.unwrap().jobs, 2);
    })
    .await;
}

async fn assert_no_buyer(ground: &Ground, visit: AppointmentId) {
    let mut tx = ground.app.db.read().await.unwrap();
    let job = tx.load_job(&ground.app.root_key, ground.app.seller, visit).await.unwrap().unwrap();
    assert!(job.buyer.is_none() && job.address.is_none() && job.standing.buyer_expired);
    let stored = tx.stored_job(ground.app.seller, job.service_job_id.as_str()).await.unwrap().unwrap();
    assert_eq!(stored.sealed, None);
}

#[tokio::test]
async fn a_tombstone_outlives_the_row_of_its_job() {
    on_both_engines(async |ground| {
        take_in(&ground, &[job("one", 0, "ACTIVE", &["T1"])]).await;
        ground.clock.advance_ms(31 * DAY);
        let (worker, _) = worker(&ground, vec![]).await;
        worker.expire().await.unwrap();
        let mut tx = ground.app.db.write().await.unwrap();
        for table in ["assignment", "document_change", "document", "event", "appointment", "service_job"] {
            let sql = sqlx::AssertSqlSafe(format!("DELETE FROM {table}"));
            match &mut tx {
                Tx::Sqlite(tx) => drop(sqlx::query(sql).execute(&mut **tx).await.unwrap()),
                Tx::Postgres(tx) => drop(sqlx::query(sql).execute(&mut **tx).await.unwrap()),
            }
        }
        tx.commit().await.unwrap();

        let mut open = job("one", 0, "ACTIVE", &["T1"]);
        open["serviceJobStatus"] = "HOLD".into();
        let intake = take_in(&ground, &[open]).await;
        assert_eq!((intake.jobs, intake.changed), (1, 0));
        assert_eq!(visits(&ground).await.len(), 0);

        take_in(&ground, &[job("one", 32 * 24, "ACTIVE", &["T1"])]).await;
        let visit = visits(&ground).await.remove(0);
        assert_eq!(kinds(&ground, visit.appointment).await, [NoticeKind::AfterDeadline]);
        assert_no_buyer(&ground, visit.appointment).await;
        let far = (Timestamp(0), Timestamp(i64::MAX));
        let mut tx = ground.app.db.read().await.unwrap();
        assert_eq!(
            tx.board_appointments(ground.app.seller, far.0, far.1).await.unwrap(),
            [visit.appointment]
        );
    })
    .await;
}
