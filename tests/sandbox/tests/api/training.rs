use std::collections::BTreeSet;

use doorstep_sandbox::seed::{self, Day};
use doorstep_sandbox::{BackgroundCheck, Config, Job, JobStatus, OrderStatus, Registration};
use serde_json::{Value, json};

use crate::planner::US;
use crate::seller::{ALL, JOBS, Seller, Visit, afternoon, config};

fn day() -> Day {
    seed::training_day(5, afternoon(), seed::technicians(), 6)
}

async fn seller() -> Seller {
    Seller::with(Config { day: day(), ..config() }).await
}

fn location(job: &Job) -> &Value {
    &job.facts["serviceLocation"]["serviceLocationType"]
}

#[test]
fn a_training_day_has_jobs_in_every_status_and_repeats_with_its_seed() {
    let jobs = day().jobs();
    let statuses: BTreeSet<JobStatus> = jobs.iter().map(|job| job.service_job_status).collect();
    assert_eq!(statuses.len(), 7);
    assert_eq!(jobs, day().jobs());
    let ids: BTreeSet<&str> = jobs.iter().map(|job| job.service_job_id.as_str()).collect();
    assert_eq!(ids.len(), jobs.len());
    assert!(jobs.iter().all(|job| job.last_updated < afternoon()));
}

#[test]
fn a_training_day_has_what_a_seller_meets_besides_the_round() {
    let jobs = day().jobs();
    let preferred =
        |job: &Job| job.facts.get("preferredAppointmentTimes").map(|times| times.as_array().unwrap().len());
    let waiting: Vec<_> = jobs
        .iter()
        .filter(|job| job.service_job_status == JobStatus::PendingSchedule)
        .map(preferred)
        .collect();
    assert_eq!(waiting, [Some(3), None]);
    let unassigned = |job: &&Job| job.active_appointment().is_some_and(|a| a.assigned_technicians.is_empty());
    assert_eq!(jobs.iter().filter(unassigned).count(), 2);
    for place in ["IN_HOME", "IN_STORE", "ONLINE"] {
        assert!(jobs.iter().any(|job| location(job) == place), "{place}");
    }
    let awaited = |job: &&Job| {
        let item = &job.facts["associatedItems"][0];
        let promise = item["itemDelivery"]["itemDeliveryPromise"]["startTime"].as_str().unwrap();
        let visit = job.active_appointment().map(|a| a.appointment_time.start_time);
        item["itemStatus"] == "SHIPPED"
            && visit.is_some_and(|visit| promise.parse::<chrono::DateTime<chrono::Utc>>().unwrap() > visit)
    };
    assert!(jobs.iter().any(|job| awaited(&job)), "a product that arrives after the visit");
    let vehicle = |job: &Job| job.facts["associatedItems"][0]["linkedAssets"][0]["assetType"] == "VEHICLE";
    assert!(jobs.iter().any(vehicle));
}

#[test]
fn a_training_week_has_a_round_on_each_of_seven_days() {
    let jobs = seed::training_week(5, afternoon(), seed::technicians(), 6).jobs();
    let days: BTreeSet<_> = jobs
        .iter()
        .filter(|job| job.service_job_status == JobStatus::NotServiced)
        .filter_map(Job::active_appointment)
        .map(|visit| (visit.appointment_time.start_time - afternoon()).num_days())
        .collect();
    assert!((0..=6).all(|day| days.contains(&day)), "{days:?}");
    assert_eq!(jobs.len() - day().jobs().len(), 6 * (6 + 3));
}

#[tokio::test]
async fn an_order_of_two_jobs_closes_with_the_second() {
    let seller = seller().await;
    let order = seller.sandbox.orders().into_iter().find(|order| order.service_job_ids.len() == 2).unwrap();
    let page = seller.list(&format!("{ALL}&serviceOrderIds={}", order.service_order_id)).await;
    assert_eq!(page.body["payload"]["totalResultSize"], 2);
    let status = || {
        let mut orders = seller.sandbox.orders().into_iter();
        orders.find(|other| other.service_order_id == order.service_order_id).unwrap().status
    };
    for (job, expected) in order.service_job_ids.iter().zip([OrderStatus::Open, OrderStatus::Cancelled]) {
        assert_eq!(seller.cancel(job, "S15").await.status, 200);
        assert_eq!(status(), expected);
    }
}

#[tokio::test]
async fn some_resources_may_not_be_sent_and_the_answer_says_why() {
    let seller = seller().await;
    seller.sandbox.set_rates(doorstep_sandbox::Rates::Off);
    let unassigned = |job: &Job| job.active_appointment().is_some_and(|a| a.assigned_technicians.is_empty());
    let job = seller.sandbox.jobs().into_iter().find(unassigned).unwrap();
    let visit = Visit {
        appointment: job.active_appointment().unwrap().appointment_id.clone(),
        job: job.service_job_id,
    };
    for (resource, code) in [
        ("RESC3", "RESOURCES_BACKGROUND_CHECK_INCOMPLETE"),
        ("RESE5", "RESOURCES_NOT_AVAILABLE_IN_LOCATION"),
        ("RESX9", "RESOURCES_NOT_REGISTERED_UNDER_MERCHANT"),
        ("RESBAYS2", "RESOURCES_MISMATCHED_SERVICE_LOCATION_TYPE"),
    ] {
        let answer = seller.assign(&visit, &[resource]).await;
        assert_eq!(answer.status, 422);
        assert!(answer.text.contains(code), "{resource}: {}", answer.text);
    }
    let resources = seller.sandbox.resources();
    assert!(resources.iter().any(|r| r.background_check == BackgroundCheck::Incomplete));
    assert!(resources.iter().any(|r| r.registration == Registration::NotRegistered));
    assert!(!seller.sandbox.reservations().is_empty(), "breaks and a leave");
}

#[tokio::test]
async fn a_job_waiting_for_a_time_is_scheduled_and_assigned_from_its_slots() {
    let seller = seller().await;
    let job = seller.unscheduled();
    let slots = seller.get(&format!("{JOBS}/{job}/appointmentSlots?{US}")).await;
    let slots = slots.body["payload"]["appointmentSlots"].as_array().unwrap().clone();
    let free = slots.iter().find(|slot| slot["capacity"].as_u64().unwrap() > 0).unwrap();
    let visit = seller.appoint(&job, free["startTime"].as_str().unwrap()).await;
    for resource in ["RESA1", "RESB2"] {
        let answer = seller.assign(&visit, &[resource]).await;
        if (answer.status, &answer.body) == (200, &json!({})) {
            return;
        }
    }
    panic!("a free slot has a technician for it");
}

#[tokio::test]
async fn starting_over_brings_schedules_and_reservations_back() {
    let seller = seller().await;
    let (resources, reservations) = (seller.sandbox.resources(), seller.sandbox.reservations());
    let shift = json!([{ "startTime": "2026-03-09T08:00:00Z", "endTime": "2026-03-09T12:00:00Z" }]);
    seller.schedule("RESA1", &shift).await;
    seller.reserve("RESA1", "BREAK", "2026-03-09T08:00:00Z", "2026-03-09T09:00:00Z").await;
    assert_ne!(seller.sandbox.resources(), resources);
    seller.sandbox.reset(None);
    assert_eq!(seller.sandbox.resources(), resources);
    assert_eq!(seller.sandbox.reservations(), reservations);
}

#[tokio::test]
async fn ranges_and_slots_tell_the_same_and_available_is_what_is_left() {
    let seller = seller().await;
    let kinds = ["SCHEDULED_CAPACITY", "AVAILABLE_CAPACITY", "ENCUMBERED_CAPACITY", "RESERVED_CAPACITY"];
    for resource in ["RESA1", "RESB2", "RESBAYS2"] {
        let body = json!({
            "capacityTypes": kinds,
            "startDateTime": "2026-03-01T00:00:00Z",
            "endDateTime": "2026-03-20T00:00:00Z",
            "slotDuration": 15,
        });
        let ranges = seller.capacity("range", resource, &body).await.body;
        let fixed = seller.capacity("fixed", resource, &body).await.body;
        let slots = fixed["capacities"].as_array().unwrap();
        assert_eq!(slots.len(), 19 * 24 * 4);
        let mut seen = [0; 4];
        for slot in slots {
            let at = slot["startDateTime"].as_str().unwrap();
            let levels = [0, 1, 2, 3].map(|kind| {
                let slots = ranges["capacities"][kind]["slots"].as_array().unwrap();
                let here = |slot: &&Value| {
                    slot["startDateTime"].as_str().unwrap() <= at
                        && at < slot["endDateTime"].as_str().unwrap()
                };
                slots.iter().find(here).unwrap()["capacity"].as_u64().unwrap()
            });
            let fields = ["scheduledCapacity", "availableCapacity", "encumberedCapacity", "reservedCapacity"];
            assert_eq!(levels, fields.map(|field| slot[field].as_u64().unwrap()), "{resource} at {at}");
            let [scheduled, available, encumbered, reserved] = levels;
            assert_eq!(available, scheduled.saturating_sub(encumbered + reserved), "{resource} at {at}");
            for (seen, level) in seen.iter_mut().zip(levels) {
                *seen += level;
            }
        }
        assert!(seen[..3].iter().all(|sum| *sum > 0), "{resource}: {seen:?}");
        assert_eq!(seen[3] > 0, resource != "RESBAYS2", "{resource}: {seen:?}");
    }
}
