use chrono::TimeDelta;
use doorstep_sandbox::{Change, Config, Event, Fault, FaultKind, Job, JobStatus, Script};
use reqwest::Method;
use serde_json::{Value, json};

use crate::seller::{ALL, Answer, Seller, config};

async fn following(script: Value) -> Seller {
    let script: Script = serde_json::from_value(script).unwrap();
    Seller::with(Config { script, ..config() }).await
}

async fn told(seller: &Seller, times: usize) -> Vec<u16> {
    let mut told = Vec::new();
    for _ in 0..times {
        told.push(seller.list(ALL).await.status);
    }
    told
}

#[tokio::test]
async fn the_same_seed_gives_the_same_faults_and_another_seed_others() {
    let script = |seed: u64| {
        json!({ "seed": seed, "faults": [
            { "operation": "getServiceJobs", "kind": "throttle", "probability": 0.3 },
            { "operation": "getServiceJobs", "kind": "failBefore", "probability": 0.2 },
        ]})
    };
    let first = told(&following(script(1)).await, 30).await;
    assert_eq!(first, told(&following(script(1)).await, 30).await);
    assert_ne!(first, told(&following(script(2)).await, 30).await);
    for status in [200, 429, 500] {
        assert!(first.contains(&status), "{first:?}");
    }
}

#[tokio::test]
async fn a_chance_may_be_limited_in_number() {
    let seller = following(json!({ "faults": [
        { "operation": "*", "kind": "failBefore", "probability": 1.0, "times": 2 },
    ]}))
    .await;
    assert_eq!(told(&seller, 3).await, [500, 500, 200]);
}

#[tokio::test]
async fn a_fault_strikes_within_its_time_only() {
    let seller = following(json!({ "faults": [
        { "operation": "*", "kind": "failBefore", "afterSeconds": 60, "forSeconds": 30 },
        { "operation": "*", "kind": "throttle", "at": "2026-03-02T18:05:00Z" },
    ]}))
    .await;
    let clock = seller.sandbox.clock().clone();
    let mut seen = told(&seller, 1).await;
    for seconds in [60, 29, 1, 210] {
        clock.advance(TimeDelta::seconds(seconds));
        seen.extend(told(&seller, 2).await);
    }
    assert_eq!(seen, [200, 500, 500, 500, 500, 200, 200, 429, 200]);
    assert_eq!(seller.sandbox.pending_faults(), []);
}

fn starts(seller: &Seller) -> Vec<(chrono::DateTime<chrono::Utc>, Job)> {
    let mut visits: Vec<_> = seller.sandbox.jobs();
    visits.retain(|job| job.active_appointment().is_some());
    let mut visits: Vec<_> = visits
        .into_iter()
        .map(|job| (job.active_appointment().unwrap().appointment_time.start_time, job))
        .collect();
    visits.sort_by_key(|(start, _)| *start);
    visits
}

#[tokio::test]
async fn customers_cancel_and_reschedule_at_their_time() {
    let before = starts(&Seller::new().await);
    let seller = following(json!({ "events": [
        { "kind": "cancel", "visit": 2, "at": "2026-03-02T18:10:00Z" },
        { "kind": "reschedule", "serviceJobId": before[2].1.service_job_id, "byMinutes": 90, "afterSeconds": 300 },
        { "kind": "absent", "visit": 4, "afterSeconds": 30 },
    ]}))
    .await;
    let clock = seller.sandbox.clock().clone();
    assert_eq!(seller.sandbox.events().len(), 3);
    clock.advance(TimeDelta::minutes(5));
    let moved = seller.sandbox.job(&before[2].1.service_job_id).unwrap();
    let start = moved.active_appointment().unwrap().appointment_time.start_time;
    assert_eq!(start, before[2].0 + TimeDelta::minutes(90));
    assert_eq!(moved.last_updated, clock.now());
    clock.advance(TimeDelta::minutes(30));
    let cancelled = seller.sandbox.job(&before[1].1.service_job_id).unwrap();
    assert_eq!(cancelled.service_job_status, JobStatus::Cancelled);
    assert_eq!(
        cancelled.last_updated,
        "2026-03-02T18:10:00Z".parse::<chrono::DateTime<chrono::Utc>>().unwrap()
    );
    assert_eq!((seller.sandbox.events().len(), seller.sandbox.happenings().len()), (0, 3));
    let script = seller.look("script").await;
    assert_eq!(script.body["happened"][2]["kind"], "cancel");
    assert_eq!(script.body["happened"][0]["serviceJobId"], before[3].1.service_job_id);
}

#[tokio::test]
async fn products_arrive_and_the_clock_goes_wrong_by_script() {
    let seller = following(json!({ "events": [
        { "kind": "skew", "seconds": -600, "afterSeconds": 10 },
        { "kind": "skew", "seconds": 0, "afterSeconds": 20 },
    ]}))
    .await;
    let clock = seller.sandbox.clock().clone();
    let shipped = |job: &Job| job.facts["associatedItems"][0]["itemStatus"] == "SHIPPED";
    let job = seller.sandbox.jobs().into_iter().find(shipped).unwrap();
    let deliver = json!({ "kind": "deliver", "serviceJobId": job.service_job_id });
    assert_eq!(seller.control("changes", &deliver).await.status, 200);
    assert!(!shipped(&seller.sandbox.job(&job.service_job_id).unwrap()));

    clock.advance(TimeDelta::seconds(10));
    assert_eq!(seller.look("clock").await.body["skewSeconds"], -600);
    clock.advance(TimeDelta::seconds(10));
    assert_eq!(seller.look("clock").await.body["skewSeconds"], 0);
}

#[tokio::test]
async fn a_script_is_taken_whole_or_not_at_all() {
    let seller = Seller::new().await;
    let fault = json!({ "operation": "token", "kind": "throttle" });
    let event = json!({ "kind": "cancel", "visit": 1, "afterSeconds": 60 });
    let good = json!({ "faults": [fault], "events": [event] });
    let taken = seller.control("script", &good).await;
    assert_eq!((taken.status, taken.body), (201, json!({ "faults": 1, "events": 1 })));
    for (bad, what) in [
        (
            json!({ "faults": [fault], "events": [{ "kind": "cancel", "visit": 99 }] }),
            "event 1: there is no visit 99",
        ),
        (json!({ "events": [event, { "kind": "cancel", "serviceJobId": "nobody" }] }), "event 2: "),
        (json!({ "events": [{ "kind": "reschedule", "visit": 1 }] }), "startTime or byMinutes"),
        (json!({ "events": [{ "kind": "cancel", "visit": 1, "when": 3 }] }), "when"),
        (json!({ "faults": [{ "operation": "*", "kind": "throttle", "probability": 1.5 }] }), "fault 1: "),
        (json!({ "faults": [{ "operation": "token", "kind": "staleRead" }] }), "does not apply"),
        (
            json!({ "events": [{ "kind": "touch", "visit": 1, "at": "9999-01-01T00:00:00Z" }] }),
            "between the years",
        ),
        (json!({ "fault": [] }), "unknown field"),
    ] {
        let answer = seller.control("script", &bad).await;
        assert_eq!(answer.status, 400, "{bad}");
        assert!(answer.body["message"].as_str().unwrap().contains(what), "{}", answer.body);
    }
    let pending = seller.look("script").await.body;
    assert_eq!(
        (pending["faults"].as_array().unwrap().len(), pending["events"].as_array().unwrap().len()),
        (1, 1)
    );
    let cleared = Answer::of(seller.http.request(Method::DELETE, seller.url("/_sandbox/script"))).await;
    assert_eq!(cleared.status, 204);
    assert_eq!((seller.sandbox.pending_faults(), seller.sandbox.events()), (vec![], vec![]));
}

#[tokio::test]
async fn a_change_over_http_may_wait_for_its_time() {
    let seller = Seller::new().await;
    let job = seller.visit().job;
    let later = json!({ "kind": "cancel", "serviceJobId": job, "afterSeconds": 60 });
    let answer = seller.control("changes", &later).await;
    assert_eq!((answer.status, answer.body), (202, json!({ "at": "2026-03-02T18:01:00.000Z" })));
    seller.sandbox.clock().advance(TimeDelta::seconds(60));
    assert_eq!(seller.sandbox.job(&job).unwrap().service_job_status, JobStatus::Cancelled);
}

#[tokio::test]
async fn a_script_made_in_rust_reads_back_from_its_json() {
    let at = "2026-03-02T18:10:00Z".parse().unwrap();
    let script = Script {
        seed: Some(3),
        faults: vec![Fault::new("token", FaultKind::Trickle, 2).seconds(1).after(1)],
        events: vec![Event::at(at, Change::Cancel { service_job_id: "job".into() })],
    };
    let text = serde_json::to_string(&script).unwrap();
    assert_eq!(serde_json::from_str::<Script>(&text).unwrap(), script);
}

#[tokio::test]
async fn the_script_in_the_readme_is_one_that_is_taken() {
    let (_, rest) = include_str!("../../README.md").split_once("```json").unwrap();
    let (text, _) = rest.split_once("```").unwrap();
    let script: Script = serde_json::from_str(text).unwrap();
    let seller = Seller::with(Config { script: script.clone(), ..config() }).await;
    assert_eq!(seller.sandbox.pending_faults().len(), script.faults.len());
    assert_eq!(seller.sandbox.events().len() + seller.sandbox.happenings().len(), script.events.len());
}

#[tokio::test]
async fn a_visit_that_would_move_out_of_all_time_stays_where_it_is() {
    let seller = Seller::new().await;
    let job = seller.visit().job;
    for minutes in [i64::MAX, i64::MIN, 10_000_000_000] {
        let far = json!({ "kind": "reschedule", "serviceJobId": job, "byMinutes": minutes });
        assert_eq!(seller.control("changes", &far).await.status, 400, "{minutes}");
    }
    assert_eq!(seller.sandbox.job(&job).unwrap().appointments.len(), 1);
}
