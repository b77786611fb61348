use std::collections::BTreeSet;

use chrono::TimeDelta;
use doorstep_sandbox::{Change, Config, JobStatus, Rates, Scenario};
use serde_json::json;

use crate::seller::{ALL, Seller, config};

async fn playing(scenario: Scenario) -> Seller {
    Seller::with(Config { scenario: Some(scenario), rates: Rates::Off, ..config() }).await
}

#[tokio::test]
async fn a_day_has_jobs_in_every_state_and_a_week_has_visits_on_seven_days() {
    let day = playing(Scenario::Day).await;
    let statuses: BTreeSet<&str> =
        day.sandbox.jobs().iter().map(|job| job.service_job_status.name()).collect();
    assert_eq!(statuses.len(), 7);
    assert_eq!(day.sandbox.events(), []);
    let week = playing(Scenario::Week).await;
    let days: BTreeSet<_> = week
        .sandbox
        .jobs()
        .iter()
        .filter_map(|job| Some(job.active_appointment()?.appointment_time.start_time - TimeDelta::hours(16)))
        .map(|start| start.date_naive())
        .collect();
    assert!(days.len() >= 7, "{days:?}");
    assert!(week.sandbox.jobs().len() > 3 * day.sandbox.jobs().len());
}

#[tokio::test]
async fn in_a_storm_of_no_shows_customers_are_out_cancel_and_move_their_visits() {
    let (one, two) = (playing(Scenario::NoShows).await, playing(Scenario::NoShows).await);
    assert_eq!(one.sandbox.events(), two.sandbox.events(), "the same seed, the same storm");
    let now = one.sandbox.clock().now();
    assert!(one.sandbox.events().iter().all(|event| event.at.unwrap() > now));
    one.sandbox.clock().advance(TimeDelta::hours(36));
    let happened = one.sandbox.happenings();
    let count = |is: fn(&Change) -> bool| happened.iter().filter(|it| is(&it.change)).count();
    assert!(count(|c| matches!(c, Change::Absent { .. })) > 0);
    assert!(count(|c| matches!(c, Change::Reschedule { .. })) > 0);
    let cancelled = count(|c| matches!(c, Change::Cancel { .. }));
    assert!(cancelled > 0);
    assert!(happened.iter().all(|it| it.refused.is_none()));
    let gone = one.sandbox.jobs().iter().filter(|j| j.service_job_status == JobStatus::Cancelled).count();
    assert!(gone >= cancelled);
}

#[tokio::test]
async fn all_pages_of_five_thousand_jobs_list_each_job_once() {
    let seller = playing(Scenario::FiveThousand).await;
    let mut ids = BTreeSet::new();
    let (mut query, mut pages) = (ALL.to_owned(), 0);
    loop {
        let payload = seller.list(&query).await.body["payload"].take();
        pages += 1;
        for job in payload["jobs"].as_array().unwrap() {
            assert!(ids.insert(job["serviceJobId"].as_str().unwrap().to_owned()));
        }
        let Some(next) = payload["nextPageToken"].as_str() else { break };
        query = format!("{ALL}&pageToken={}", next.replace('+', "%2B").replace('=', "%3D"));
    }
    assert!(ids.len() >= 5000, "{}", ids.len());
    assert_eq!(pages, ids.len().div_ceil(20));
    assert_eq!(seller.look("overview").await.body["jobs"].as_array().unwrap().len(), 100);
}

#[tokio::test]
async fn a_scenario_is_started_over_or_another_one_played_over_http() {
    let seller = playing(Scenario::Day).await;
    let before = seller.sandbox.jobs();
    seller.sandbox.cancel(&seller.visit().job).unwrap();
    seller.sandbox.clock().skew(TimeDelta::seconds(60));
    assert_eq!(seller.control("reset", &json!({})).await.status, 204);
    assert_eq!(seller.sandbox.jobs(), before);
    assert_eq!(seller.sandbox.clock().skewed_by(), TimeDelta::zero());
    assert_eq!(seller.look("overview").await.body["scenario"], "day");

    assert_eq!(seller.control("reset", &json!({ "scenario": "no-shows" })).await.status, 204);
    assert_ne!(seller.sandbox.events(), []);
    assert_eq!(seller.look("overview").await.body["scenario"], "no-shows");
    let both = json!({ "scenario": "day", "day": "today" });
    assert_eq!(seller.control("reset", &both).await.status, 400);
    assert_eq!(seller.control("reset", &json!({ "scenario": "flood" })).await.status, 400);
    assert_eq!(seller.control("reset", &json!({ "day": "2026-04-01", "jobs": 2 })).await.status, 204);
    assert_eq!(seller.look("overview").await.body["scenario"], json!(null));
}
