use doorstep_sandbox::{Offering, SchedulingType};
use serde_json::{Value, json};

use crate::planner::{STORE, US};
use crate::seller::{Answer, JOBS, Seller};

/// An hour at a desk, booked in real time.
const DESK: &str = "B0TESTSV04";
/// Two hours with a dishwasher, not booked in real time.
const DISHWASHER: &str = "B0TESTSV03";

async fn slots(seller: &Seller, asin: &str, start: &str, end: &str) -> Answer {
    let query = format!("asin={asin}&storeId={STORE}&{US}&startTime={start}&endTime={end}");
    seller.get(&format!("/service/v1/appointmentSlots?{query}")).await
}

/// Hour and capacity of each slot on the fifth of March.
async fn on_the_fifth(seller: &Seller, asin: &str) -> Vec<(String, u64)> {
    let answer = slots(seller, asin, "2026-03-05T08:00:00Z", "2026-03-05T12:00:00Z").await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let found = answer.body["payload"]["appointmentSlots"].as_array().unwrap().clone();
    let slot = |slot: &Value| {
        (slot["startTime"].as_str().unwrap()[11..13].to_owned(), slot["capacity"].as_u64().unwrap())
    };
    found.iter().map(slot).collect()
}

fn hours(pairs: &[(&str, u64)]) -> Vec<(String, u64)> {
    pairs.iter().map(|(hour, capacity)| ((*hour).to_owned(), *capacity)).collect()
}

#[tokio::test]
async fn slots_are_windows_of_the_services_length_with_how_many_could_go() {
    let seller = Seller::new().await;
    let answer = slots(&seller, DESK, "2026-03-05T08:00:00Z", "2026-03-05T10:00:00Z").await;
    let slot = |start: &str, end: &str| json!({ "startTime": start, "endTime": end, "capacity": 2 });
    let expected = json!({ "payload": {
        "startTime": "2026-03-05T08:00:00Z",
        "endTime": "2026-03-05T10:00:00Z",
        "schedulingType": "REAL_TIME_SCHEDULING",
        "appointmentSlots": [
            slot("2026-03-05T08:00:00Z", "2026-03-05T09:00:00Z"),
            slot("2026-03-05T09:00:00Z", "2026-03-05T10:00:00Z"),
        ],
    }});
    assert_eq!((answer.status, answer.body), (200, expected));
}

#[tokio::test]
async fn what_is_reserved_or_appointed_vanishes_from_the_slots() {
    let seller = Seller::new().await;
    seller.reserve("RESA1", "BREAK", "2026-03-05T09:30:00Z", "2026-03-05T10:30:00Z").await;
    let visit = seller.appoint(&seller.unscheduled(), "2026-03-05T11:00:00Z").await;
    let expected = hours(&[("08", 2), ("09", 1), ("10", 1), ("11", 1)]);
    assert_eq!(
        on_the_fifth(&seller, DESK).await,
        expected,
        "an appointment counts before anyone is assigned"
    );
    seller.assign(&visit, &["RESB2"]).await;
    assert_eq!(on_the_fifth(&seller, DESK).await, expected, "and once when somebody is");
    seller.cancel(&visit.job, "S1").await;
    assert_eq!(on_the_fifth(&seller, DESK).await, hours(&[("08", 2), ("09", 1), ("10", 1), ("11", 2)]));
}

#[tokio::test]
async fn only_resources_that_may_do_the_work_count() {
    let seller = Seller::new().await;
    seller.change_resource("RESA1", |resource| {
        resource.skills.remove("FURNITURE_ASSEMBLY");
    });
    assert_eq!(on_the_fifth(&seller, DESK).await[0].1, 1);
    seller.change_resource("RESB2", |resource| resource.stores.clear());
    assert_eq!(on_the_fifth(&seller, DESK).await, [], "nobody");
    assert_eq!(on_the_fifth(&seller, "B0TESTSV02").await[0].1, 1, "but a television");
}

#[tokio::test]
async fn hours_in_which_nobody_works_have_no_slot_and_full_hours_have_one_of_zero() {
    let seller = Seller::new().await;
    for resource in ["RESA1", "RESB2"] {
        let shift = json!([{ "startTime": "2026-03-05T09:00:00Z", "endTime": "2026-03-05T11:00:00Z" }]);
        seller.schedule(resource, &shift).await;
        seller.reserve(resource, "TRAINING", "2026-03-05T10:00:00Z", "2026-03-05T11:00:00Z").await;
    }
    assert_eq!(on_the_fifth(&seller, DESK).await, hours(&[("09", 2), ("10", 0)]));
}

#[tokio::test]
async fn without_real_time_scheduling_slots_are_working_hours() {
    let seller = Seller::new().await;
    for resource in ["RESA1", "RESB2"] {
        seller.reserve(resource, "VACATION", "2026-03-05T00:00:00Z", "2026-03-06T00:00:00Z").await;
    }
    assert_eq!(on_the_fifth(&seller, DISHWASHER).await, hours(&[("08", 2), ("10", 2)]));
    let answer = slots(&seller, DISHWASHER, "2026-03-05T08:00:00Z", "2026-03-05T12:00:00Z").await;
    assert_eq!(answer.body["payload"]["schedulingType"], "NON_REAL_TIME_SCHEDULING");
}

#[tokio::test]
async fn a_store_with_bays_has_as_many_slots_as_bays() {
    let seller = Seller::new().await;
    let asin = "B0TESTSV99";
    seller.sandbox.offer(Offering {
        marketplace_id: "ATVPDKIKX0DER".into(),
        store_id: STORE.into(),
        asin: asin.into(),
        scheduling_type: SchedulingType::RealTimeScheduling,
        minutes: 60,
        required_skills: vec!["BALANCING".into()],
        location_type: "IN_STORE".into(),
    });
    let shift =
        json!([{ "startTime": "2026-03-05T08:00:00Z", "endTime": "2026-03-05T12:00:00Z", "capacity": 20 }]);
    seller.schedule("RESA1", &shift).await;
    seller.change_resource("RESA1", |resource| {
        resource.skills.insert("BALANCING".into());
    });
    assert_eq!(on_the_fifth(&seller, asin).await[0], ("08".to_owned(), 20));
}

#[tokio::test]
async fn the_slots_of_a_job_are_those_of_its_service() {
    let seller = Seller::new().await;
    let job = seller.unscheduled();
    let range = "startTime=2026-03-05T08:00:00Z&endTime=2026-03-05T12:00:00Z";
    let by_job = seller.get(&format!("{JOBS}/{job}/appointmentSlots?{US}&{range}")).await;
    let by_service = slots(&seller, DESK, "2026-03-05T08:00:00Z", "2026-03-05T12:00:00Z").await;
    assert_eq!((by_job.status, &by_job.body), (200, &by_service.body));
    let unknown = seller.get(&format!("{JOBS}/nobody/appointmentSlots?{US}")).await;
    assert_eq!((unknown.error().0, unknown.error().1), (422, "InvalidInput"));
    seller.change_job(&job, |job| {
        job.facts.insert("storeId".into(), json!("elsewhere"));
    });
    let unconfigured = seller.get(&format!("{JOBS}/{job}/appointmentSlots?{US}")).await;
    assert_eq!((unconfigured.error().0, unconfigured.error().1), (422, "InvalidInput"));
}

#[tokio::test]
async fn slots_begin_now_and_reach_two_weeks_when_nobody_says() {
    let seller = Seller::new().await;
    let answer = seller.get(&format!("/service/v1/appointmentSlots?asin={DESK}&storeId={STORE}&{US}")).await;
    let payload = &answer.body["payload"];
    assert_eq!(payload["startTime"], "2026-03-02T18:00:00Z");
    assert_eq!(payload["endTime"], "2026-03-16T18:00:00Z");
    let found = payload["appointmentSlots"].as_array().unwrap();
    assert_eq!(found.len(), 14 * 24);
    assert_eq!(found[0]["startTime"], "2026-03-02T18:00:00Z");
    let past = slots(&seller, DESK, "2026-03-01T00:00:00Z", "2026-03-02T19:00:00Z").await;
    let found = past.body["payload"]["appointmentSlots"].as_array().unwrap().len();
    assert_eq!(found, 1, "nothing in the past can be booked");
}

#[tokio::test]
async fn a_range_has_two_ends_in_order_and_at_most_90_days() {
    let seller = Seller::new().await;
    let job = seller.unscheduled();
    let cases = [
        ("endTime=20-26-03-04T01:00:00Z", "End Time is not a valid ISO"),
        ("startTime=soon&endTime=2026-03-06T00:00:00Z", "Start Time is not a valid ISO"),
        ("startTime=2026-03-06T05:00:00Z&endTime=2026-03-06T02:00:00Z", "should be after"),
        ("startTime=2026-03-06T00:00:00Z&endTime=2026-06-04T00:00:01Z", "90 days"),
        ("startTime=2026-03-06T00:00:00Z", "[endTime]"),
        ("endTime=2026-03-06T00:00:00Z", "[startTime]"),
    ];
    for path in [
        format!("/service/v1/appointmentSlots?asin={DESK}&storeId={STORE}&{US}"),
        format!("{JOBS}/{job}/appointmentSlots?{US}"),
    ] {
        for (range, part) in cases {
            let answer = seller.get(&format!("{path}&{range}")).await;
            assert_eq!((answer.error().0, answer.error().1), (400, "InvalidInput"), "{range}");
            assert!(answer.error().2.contains(part), "{range}: {}", answer.text);
        }
    }
    let ninety = slots(&seller, DESK, "2026-03-06T00:00:00Z", "2026-06-04T00:00:00Z").await;
    assert_eq!(ninety.body["payload"]["appointmentSlots"].as_array().unwrap().len(), 90 * 24);
}

#[tokio::test]
async fn a_service_a_store_and_one_marketplace_are_required() {
    let seller = Seller::new().await;
    let answer = seller.get("/service/v1/appointmentSlots").await;
    assert_eq!((answer.error().0, answer.error().1), (400, "InvalidInput"));
    assert!(answer.error().2.contains("[asin, storeId, marketplaceIds]"));
    let unknown =
        seller.get(&format!("/service/v1/appointmentSlots?asin=B0NOTHING0&storeId={STORE}&{US}")).await;
    assert_eq!((unknown.error().0, unknown.error().1), (422, "InvalidInput"));
    let job = seller.unscheduled();
    let nowhere = seller.get(&format!("{JOBS}/{job}/appointmentSlots")).await;
    assert!(nowhere.error().2.contains("[marketplaceIds]"));
}
