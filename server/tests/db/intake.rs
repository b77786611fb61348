//! Intake against a stand-in that answers the pages a test gives it.

use super::{
    day::job,
    engines::{DAY, Ground, HOUR, MORNING, amazon, on_both_engines},
};
use axum::{
    Json, Router,
    extract::{Query, State},
    http::StatusCode,
    response::IntoResponse,
    routing::{get, post},
};
use doorstep_core::{api::What, id::AppointmentId, job::NoticeKind, time::Timestamp};
use doorstep_server::{
    db::{Tx, job::Visit},
    settings::Settings,
    work::{
        Worker,
        intake::{End, Intake},
    },
};
use serde_json::{Value, json};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

/// Amazon, as far as intake sees it: each answer is given once, in order.
#[derive(Clone, Default)]
pub(crate) struct Amazon {
    pub(crate) answers: Arc<Mutex<Vec<(StatusCode, Value)>>>,
    pub(crate) queries: Arc<Mutex<Vec<HashMap<String, String>>>>,
}

impl Amazon {
    async fn start(self) -> String {
        let router = Router::new()
            .route(
                "/auth/o2/token",
                post(async || Json(json!({"access_token": "Atza|made-up", "expires_in": 3600}))),
            )
            .route("/service/v1/serviceJobs", get(Self::jobs))
            .route("/service/v1/serviceJobs/{job}", get(Self::jobs))
            .with_state(self);
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await });
        address
    }

    async fn jobs(
        State(amazon): State<Self>,
        Query(query): Query<HashMap<String, String>>,
    ) -> impl IntoResponse {
        amazon.queries.lock().unwrap().push(query);
        let (status, body) = amazon.answers.lock().unwrap().remove(0);
        (status, Json(body))
    }

    pub(crate) fn page(jobs: &[Value], next: Option<&str>) -> (StatusCode, Value) {
        (StatusCode::OK, json!({"payload": {"jobs": jobs, "nextPageToken": next}}))
    }
}

/// A worker whose Amazon gives these answers.
pub(crate) async fn worker(ground: &Ground, answers: Vec<(StatusCode, Value)>) -> (Worker, Amazon) {
    let fake = Amazon { answers: Arc::new(Mutex::new(answers)), ..Amazon::default() };
    let address = fake.clone().start().await;
    let mut app = ground.app.clone();
    app.settings = Arc::new(Settings {
        spapi_endpoint: Some(address.clone()),
        lwa_endpoint: Some(address),
        ..Settings::clone(&app.settings)
    });
    let client = amazon(&app);
    (Worker::new(app, client), fake)
}

/// One whole intake of one page.
pub(crate) async fn take_in(ground: &Ground, jobs: &[Value]) -> Intake {
    let (worker, _) = worker(ground, vec![Amazon::page(jobs, None)]).await;
    worker.intake().await.unwrap()
}

pub(crate) async fn visits(ground: &Ground) -> Vec<Visit> {
    let mut tx = ground.app.db.read().await.unwrap();
    let seller = ground.app.seller;
    let mut visits = Vec::new();
    for visit in tx.board_appointments(seller, Timestamp(0), Timestamp(i64::MAX)).await.unwrap() {
        visits.push(tx.visit(seller, visit).await.unwrap().unwrap());
    }
    visits
}

pub(crate) async fn events(ground: &Ground) -> Vec<(AppointmentId, What)> {
    let mut tx = ground.app.db.read().await.unwrap();
    let events = tx.events_after(ground.app.seller, 0, 1000).await.unwrap();
    events.into_iter().map(|event| (event.appointment, event.what)).collect()
}

/// Every column of a job and its visits, so that "nothing changed" is not a matter of what a test thinks of.
async fn changed_at(tx: &mut Tx, service_job: &str) -> i64 {
    let sql = "SELECT changed_at FROM service_job WHERE service_job_id = $1";
    let (at,): (i64,) = match tx {
        Tx::Sqlite(tx) => sqlx::query_as(sql).bind(service_job).fetch_one(&mut **tx).await.unwrap(),
        Tx::Postgres(tx) => sqlx::query_as(sql).bind(service_job).fetch_one(&mut **tx).await.unwrap(),
    };
    at
}

#[tokio::test]
async fn a_replayed_page_changes_nothing() {
    on_both_engines(async |ground| {
        let jobs = [job("one", 0, "ACTIVE", &["T1"]), job("two", 1, "ACTIVE", &["T2"])];
        let first = take_in(&ground, &jobs).await;
        assert_eq!((first.jobs, first.taken_in, first.changed), (2, 2, 2));
        let (before, told) = (visits(&ground).await, events(&ground).await);
        assert_eq!(
            told.iter().map(|(_, what)| what).collect::<Vec<_>>(),
            [&What::JobTakenIn, &What::JobTakenIn]
        );

        ground.clock.advance_ms(1000);
        let again = take_in(&ground, &jobs).await;
        assert_eq!((again.jobs, again.taken_in, again.changed), (2, 0, 0));
        assert_eq!(format!("{before:?}"), format!("{:?}", visits(&ground).await));
        assert_eq!(events(&ground).await, told);
        let mut tx = ground.app.db.read().await.unwrap();
        assert_eq!(changed_at(&mut tx, "one").await, MORNING.0);
    })
    .await;
}

#[tokio::test]
async fn the_cursor_moves_after_the_last_page_to_the_start_of_the_run() {
    on_both_engines(async |ground| {
        let page = |name: &str, next| Amazon::page(&[job(name, 0, "ACTIVE", &["T1"])], next);
        let answers =
            vec![page("one", Some("t1")), page("two", Some("t2")), page("three", None), page("three", None)];
        let (worker, fake) = worker(&ground, answers).await;
        let intake = worker.intake().await.unwrap();
        assert_eq!((intake.pages, intake.jobs, intake.end), (3, 3, End::Complete));
        ground.clock.advance_ms(HOUR);
        worker.intake().await.unwrap();

        let queries = fake.queries.lock().unwrap().clone();
        let since: Vec<_> = queries.iter().map(|query| query["lastUpdatedAfter"].clone()).collect();
        let first = MORNING.plus_ms(-30 * DAY).to_rfc3339();
        let second = MORNING.plus_ms(-300_000).to_rfc3339();
        assert_eq!(since, [first.clone(), first.clone(), first, second]);
        let tokens: Vec<_> = queries.iter().map(|query| query.get("pageToken").map(String::as_str)).collect();
        assert_eq!(tokens, [None, Some("t1"), Some("t2"), None]);
        assert!(queries.iter().all(|query| query["pageSize"] == "20"));
    })
    .await;
}

#[tokio::test]
async fn an_intake_that_amazon_throttles_goes_on_where_it_stopped() {
    on_both_engines(async |ground| {
        let busy = (
            StatusCode::TOO_MANY_REQUESTS,
            json!({"errors": [{"code": "QuotaExceeded", "message": "Busy"}]}),
        );
        let page = |name: &str, next| Amazon::page(&[job(name, 0, "ACTIVE", &["T1"])], next);
        let (worker, fake) = worker(&ground, vec![page("one", Some("t1")), busy, page("two", None)]).await;
        let first = worker.intake().await.unwrap();
        assert!(matches!(first.end, End::Paused { .. }), "{first:?}");
        assert_eq!(visits(&ground).await.len(), 1);
        ground.clock.advance_ms(60_000);
        let second = worker.intake().await.unwrap();
        assert_eq!((second.pages, second.end), (1, End::Complete));
        assert_eq!(visits(&ground).await.len(), 2);
        let token = fake.queries.lock().unwrap().last().unwrap()["pageToken"].clone();
        assert_eq!(token, "t1");
        let mut tx = ground.app.db.read().await.unwrap();
        let cursor = tx.intake_cursor(ground.app.seller, "ATVPDKIKX0DER").await.unwrap();
        assert_eq!(cursor, Some(MORNING), "the time the whole run began");
    })
    .await;
}

#[tokio::test]
async fn a_page_token_that_comes_twice_ends_the_run_without_moving_the_cursor() {
    on_both_engines(async |ground| {
        let page = |next| Amazon::page(&[job("one", 0, "ACTIVE", &["T1"])], next);
        let (worker, _) = worker(&ground, vec![page(Some("t1")), page(Some("t1"))]).await;
        let refusal = worker.intake().await.unwrap_err().to_string();
        assert!(refusal.contains("same page token"), "{refusal}");
        let mut tx = ground.app.db.read().await.unwrap();
        assert_eq!(tx.intake_cursor(ground.app.seller, "ATVPDKIKX0DER").await.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn a_job_that_cannot_be_read_hides_no_other() {
    on_both_engines(async |ground| {
        let mut odd = job("odd", 0, "ACTIVE", &["T1"]);
        odd["appointments"][0]["appointmentTime"]["startTime"] = "soon".into();
        let mut nameless = job("nameless", 0, "ACTIVE", &["T1"]);
        nameless["serviceJobId"] = Value::Null;
        let mut bare = job("without a visit", 0, "ACTIVE", &[]);
        bare["appointments"] = Value::Null;
        let intake = take_in(&ground, &[odd, nameless, bare, job("one", 0, "ACTIVE", &["T1"])]).await;
        assert_eq!((intake.unreadable, intake.taken_in, intake.changed), (2, 1, 2));
        assert_eq!(visits(&ground).await.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_rescheduled_visit_keeps_our_id_and_takes_amazons_new_one() {
    on_both_engines(async |ground| {
        take_in(&ground, &[job("one", 0, "ACTIVE", &["T1"])]).await;
        let before = visits(&ground).await.remove(0);

        let mut moved = job("one", 5, "ACTIVE", &["T2"]);
        moved["appointments"][0]["appointmentId"] = "one_2".into();
        let mut old = job("one", 0, "CANCELLED", &["T1"])["appointments"][0].clone();
        old["rescheduledAppointmentId"] = "one_2".into();
        moved["appointments"].as_array_mut().unwrap().insert(0, old);
        for _ in 0..2 {
            take_in(&ground, std::slice::from_ref(&moved)).await;
            let after = visits(&ground).await;
            assert_eq!(after.len(), 1);
            assert_eq!(after[0].appointment, before.appointment);
            assert_eq!(after[0].amazon_appointment.as_str(), "one_2");
            assert_eq!(after[0].window.start, MORNING.plus_ms(5 * HOUR));
            assert!(after[0].is_active());
            assert_eq!(after[0].expires_at, MORNING.plus_ms(6 * HOUR + 30 * DAY));
        }
        let told = events(&ground).await;
        let moved = What::Noticed { notice: NoticeKind::Moved };
        assert_eq!(told, [(before.appointment, What::JobTakenIn), (before.appointment, moved)]);
        let mut tx = ground.app.db.read().await.unwrap();
        assert_eq!(tx.assigned(ground.app.seller, before.appointment).await.unwrap(), ["T2"]);
    })
    .await;
}

#[tokio::test]
async fn a_visit_that_vanished_while_one_came_is_the_same_visit() {
    on_both_engines(async |ground| {
        take_in(&ground, &[job("one", 0, "ACTIVE", &["T1"])]).await;
        let before = visits(&ground).await.remove(0);
        let mut moved = job("one", 5, "ACTIVE", &["T1"]);
        moved["appointments"][0]["appointmentId"] = "one_2".into();
        take_in(&ground, &[moved]).await;
        let after = visits(&ground).await;
        assert_eq!((after.len(), after[0].appointment), (1, before.appointment));
    })
    .await;
}

#[tokio::test]
async fn what_a_person_sees_is_told_and_nothing_else() {
    on_both_engines(async |ground| {
        let one = job("one", 0, "ACTIVE", &["T1"]);
        take_in(&ground, std::slice::from_ref(&one)).await;
        let visit = visits(&ground).await[0].appointment;
        let noticed = |notice| Some(What::Noticed { notice });
        let changes: [(&str, Value, Option<What>); 5] = [
            ("/trackingIds", json!(["TEST1"]), None),
            ("/buyer/phone", json!("555-0108"), Some(What::JobChanged)),
            ("/scopeOfWork/title", json!("Mount two televisions"), Some(What::JobChanged)),
            ("/appointments/0/appointmentTime/durationInMinutes", json!(90), noticed(NoticeKind::Moved)),
            ("/serviceJobStatus", json!("CANCELLED"), noticed(NoticeKind::Cancelled)),
        ];
        let mut changed = one;
        changed["trackingIds"] = json!([]);
        for (field, value, told) in changes {
            let before = events(&ground).await.len();
            *changed.pointer_mut(field).unwrap() = value;
            let intake = take_in(&ground, std::slice::from_ref(&changed)).await;
            assert_eq!(intake.changed, 1, "{field}");
            let new = events(&ground).await.split_off(before);
            assert_eq!(new, told.map(|what| (visit, what)).into_iter().collect::<Vec<_>>(), "{field}");
        }
    })
    .await;
}

#[tokio::test]
async fn buyer_data_whose_time_is_over_is_not_taken_in_and_never_comes_back() {
    on_both_engines(async |ground| {
        let (app, seller) = (&ground.app, ground.app.seller);
        take_in(&ground, &[job("late", -31 * 24, "COMPLETED", &["T1"]), job("one", 0, "ACTIVE", &["T1"])])
            .await;
        let visits_before = visits(&ground).await;
        let (late, one) = (visits_before[0].clone(), visits_before[1].clone());
        assert_eq!(late.wrapped_key, None);
        assert!(one.wrapped_key.is_some());

        ground.clock.advance_ms(31 * DAY);
        let mut held = job("one", 0, "ACTIVE", &["T1"]);
        held["serviceJobStatus"] = "HOLD".into();
        take_in(&ground, &[held]).await;
        let mut tx = app.db.read().await.unwrap();
        let after = tx.visit(seller, one.appointment).await.unwrap().unwrap();
        assert_eq!((after.status.as_str(), after.wrapped_key), ("HOLD", None));
        assert!(after.buyer_expired);
        assert_eq!(after.expires_at, one.expires_at);
        assert!(tx.load_job(&app.root_key, seller, one.appointment).await.unwrap().is_none());
        assert_eq!(tx.job_key(&app.root_key, seller, one.job).await.unwrap(), None);
        let sealed = tx.stored_job(seller, "one").await.unwrap().unwrap().sealed;
        assert_eq!(sealed, None);
    })
    .await;
}

#[tokio::test]
async fn the_whole_job_is_sealed_and_its_columns_name_nobody() {
    on_both_engines(async |ground| {
        let (app, seller) = (&ground.app, ground.app.seller);
        take_in(&ground, &[job("one", 0, "ACTIVE", &["T1"])]).await;
        let mut tx = app.db.read().await.unwrap();
        let stored = tx.stored_job(seller, "one").await.unwrap().unwrap();
        let sealed = stored.sealed.unwrap();
        assert!(!sealed.windows(5).any(|bytes| bytes == b"Buyer"));
        let key = tx.job_key(&app.root_key, seller, stored.job).await.unwrap().unwrap();
        let place = doorstep_server::seal::job_place(stored.job);
        let json = doorstep_core::vault::open(&key, &place, &sealed).unwrap();
        let json: Value = serde_json::from_slice(&json).unwrap();
        assert_eq!(json, job("one", 0, "ACTIVE", &["T1"]), "fields that the model does not know included");
    })
    .await;
}
