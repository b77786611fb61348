use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::TimeDelta;
use doorstep_sandbox::Clock;
use reqwest::Method;
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::seller::{ALL, Answer, Seller};

#[tokio::test]
async fn the_record_tells_what_was_asked_and_what_came_of_it() {
    let seller = Seller::new().await;
    seller.list("marketplaceIds=X").await;
    let record = seller.look("record").await;
    assert_eq!((record.status, &record.body["held"]), (200, &json!(0)));
    let last = &record.body["requests"][1];
    assert_eq!(last["sequence"], 2);
    assert_eq!(last["at"], "2026-03-02T18:00:00.000Z");
    assert_eq!((&last["method"], &last["path"]), (&json!("GET"), &json!("/service/v1/serviceJobs")));
    assert_eq!((&last["query"], &last["operation"]), (&json!("marketplaceIds=X"), &json!("getServiceJobs")));
    assert_eq!(
        (&last["status"], &last["tookEffect"], &last["answered"]),
        (&json!(400), &json!(false), &json!(true))
    );
    assert_eq!(record.body["requests"].as_array().unwrap().len(), 2, "looking is not recorded");
}

#[tokio::test]
async fn jobs_documents_and_fulfilments_can_be_looked_at() {
    let seller = Seller::new().await;
    let (visit, body) = (seller.visit(), seller.whole_body().await);
    assert_eq!(seller.look(&format!("fulfilment/{}", visit.appointment)).await.status, 404);
    seller.fulfil(&visit, &body).await;
    seller.complete(&visit.job).await;

    let jobs = seller.look("jobs").await;
    let all = jobs.body["jobs"].as_array().unwrap();
    let done = all.iter().find(|j| j["job"]["serviceJobId"] == visit.job.as_str()).unwrap();
    assert_eq!((&done["completions"], &done["job"]["serviceJobStatus"]), (&json!(1), &json!("COMPLETED")));
    assert_eq!(done["lastUpdated"], "2026-03-02T18:00:00.000Z");

    let documents = seller.look("documents").await;
    let document = &documents.body["documents"][0];
    let picture = b"a picture of a finished bed";
    assert_eq!(document["sha256"], hex::encode(Sha256::digest(picture)));
    assert_eq!(document["attachedTo"][0]["appointmentId"], visit.appointment);
    let raw = Answer::of(seller.http.get(document["url"].as_str().unwrap())).await;
    assert_eq!(
        (raw.headers["content-type"].to_str().unwrap(), raw.text.as_bytes()),
        ("image/png", &picture[..])
    );
    assert_eq!(seller.look("documents/unknown").await.status, 404);

    let fulfilment = seller.look(&format!("fulfilment/{}", visit.appointment)).await;
    assert_eq!((&fulfilment.body["body"], &fulfilment.body["times"]), (&body, &json!(1)));
    assert_eq!(fulfilment.body["serviceJobId"], visit.job);
}

#[tokio::test]
async fn faults_are_scripted_and_released_over_http() {
    let seller = Seller::new().await;
    let fault = json!({ "operation": "getServiceJobs", "kind": "throttle", "times": 2 });
    assert_eq!(seller.control("faults", &fault).await.status, 201);
    assert_eq!(seller.list(ALL).await.status, 429);
    assert_eq!(seller.look("faults").await.body["faults"][0]["times"], 1);
    let cleared = Answer::of(seller.http.request(Method::DELETE, seller.url("/_sandbox/faults"))).await;
    assert_eq!(cleared.status, 204);
    assert_eq!(seller.list(ALL).await.status, 200);
    assert_eq!(seller.control("release", &json!({})).await.body, json!({ "released": 0 }));
    for bad in [
        json!({ "operation": "getJobs", "kind": "throttle" }),
        json!({ "operation": "getServiceJobs", "kind": "melt" }),
        json!({ "operation": "getServiceJobs", "kind": "throttle", "tims": 3 }),
    ] {
        let answer = seller.control("faults", &bad).await;
        assert_eq!(answer.status, 400, "{bad}");
        assert!(answer.body["message"].is_string());
    }
}

#[tokio::test]
async fn the_clock_is_moved_over_http() {
    let seller = Seller::new().await;
    let moved = seller.control("clock", &json!({ "advanceMs": 90_000 })).await;
    let shows =
        |now: &str, stopped: bool, skew: i32| json!({ "now": now, "stopped": stopped, "skewSeconds": skew });
    assert_eq!(moved.body, shows("2026-03-02T18:01:30.000Z", false, 0));
    assert_eq!(seller.look("clock").await.body, moved.body);
    assert_eq!(seller.control("clock", &json!({ "advance": 1 })).await.status, 400);
    for far in [
        json!({ "advanceMs": i64::MAX }),
        json!({ "advanceMs": i64::MIN }),
        json!({ "to": "9999-01-01T00:00:00Z" }),
    ] {
        assert_eq!(seller.control("clock", &far).await.status, 400, "{far}");
    }
    let put = seller.control("clock", &json!({ "to": "2026-03-02T20:00:00Z", "skewSeconds": -90 })).await;
    assert_eq!(put.body, shows("2026-03-02T19:58:30.000Z", false, -90));
    let stopped = seller.control("clock", &json!({ "stopped": true, "advanceMs": 1000 })).await;
    assert_eq!(stopped.body, shows("2026-03-02T19:58:31.000Z", true, -90));
}

#[tokio::test]
async fn a_stopped_clock_stands_until_it_runs_again() {
    let (ticks, source) = ticking();
    let clock = Clock::following(source);
    let seconds = || clock.now().timestamp();
    ticks.store(10_000, Ordering::SeqCst);
    assert_eq!(seconds(), 10);
    clock.stop();
    ticks.store(60_000, Ordering::SeqCst);
    assert_eq!((seconds(), clock.is_stopped()), (10, true));
    clock.advance(TimeDelta::seconds(5));
    assert_eq!(seconds(), 15);
    clock.run();
    ticks.store(61_000, Ordering::SeqCst);
    assert_eq!((seconds(), clock.is_stopped()), (16, false));
}

/// A clock's source, and what moves it.
fn ticking() -> (Arc<AtomicI64>, impl Fn() -> i64 + Send + Sync + 'static) {
    let ticks = Arc::new(AtomicI64::new(0));
    let source = Arc::clone(&ticks);
    (ticks, move || source.load(Ordering::SeqCst))
}

#[tokio::test]
async fn customers_change_jobs_over_http() {
    let seller = Seller::new().await;
    let visit = seller.visit();
    let change = |kind: &str| json!({ "kind": kind, "serviceJobId": visit.job });
    let mut moved = change("reschedule");
    moved["startTime"] = json!("2026-03-03T15:00:00Z");
    let answer = seller.control("changes", &moved).await;
    let job = seller.sandbox.job(&visit.job).unwrap();
    assert_eq!(answer.body["appointmentId"], job.active_appointment().unwrap().appointment_id);
    let mut assigned = change("assign");
    assigned["technicianIds"] = json!(["TECHB2"]);
    assert_eq!(seller.control("changes", &assigned).await.status, 200);
    assert_eq!(seller.control("changes", &change("touch")).await.status, 200);
    assert_eq!(seller.control("changes", &change("cancel")).await.status, 200);
    assert_eq!(seller.control("changes", &assigned).await.status, 404, "no active appointment is left");
    assert_eq!(seller.control("changes", &change("explode")).await.status, 400);
}

#[tokio::test]
async fn a_reset_forgets_what_happened_and_may_lay_another_day() {
    let seller = Seller::new().await;
    let before = seller.sandbox.jobs();
    seller.sandbox.cancel(&seller.visit().job).unwrap();
    assert_eq!(seller.control("reset", &json!({})).await.status, 204);
    assert_eq!(seller.sandbox.jobs(), before);
    assert_eq!(seller.sandbox.record(), []);
    assert_eq!(seller.list(ALL).await.status, 403, "access tokens are forgotten too");

    let other = json!({ "seed": 8, "day": "2026-04-01", "jobs": 2 });
    assert_eq!(seller.control("reset", &other).await.status, 204);
    assert_eq!(seller.sandbox.jobs().len(), 5);
    assert_eq!(seller.control("reset", &json!({ "day": "someday" })).await.status, 400);
    let bare = Answer::of(seller.http.post(seller.url("/_sandbox/reset"))).await;
    assert_eq!(bare.status, 204);
}
