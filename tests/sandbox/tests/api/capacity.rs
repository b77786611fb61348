use serde_json::{Value, json};

use crate::planner::US;
use crate::seller::Seller;

const RANGE: &str = "range";
const FIXED: &str = "fixed";

/// A resource that works from eight to noon on one day, and nobody booked it yet.
async fn with_a_morning(capacity: u64) -> Seller {
    let seller = Seller::new().await;
    let shift = json!([{
        "startTime": "2026-03-05T08:00:00Z",
        "endTime": "2026-03-05T12:00:00Z",
        "capacity": capacity,
    }]);
    assert_eq!(seller.schedule("RESA1", &shift).await.status, 200);
    seller
}

fn steps(pairs: &[(&str, u64)]) -> Vec<(String, u64)> {
    pairs.iter().map(|(until, capacity)| (format!("2026-03-05T{until}:00Z"), *capacity)).collect()
}

async fn morning(seller: &Seller, kind: &str) -> Vec<(String, u64)> {
    seller.ranges("RESA1", kind, "2026-03-05T07:00:00Z", "2026-03-05T13:00:00Z").await
}

#[tokio::test]
async fn scheduled_capacity_is_what_the_schedule_says_and_zero_elsewhere() {
    let seller = with_a_morning(2).await;
    let expected = steps(&[("08:00", 0), ("12:00", 2), ("13:00", 0)]);
    assert_eq!(morning(&seller, "SCHEDULED_CAPACITY").await, expected);
    assert_eq!(morning(&seller, "AVAILABLE_CAPACITY").await, expected);
    assert_eq!(morning(&seller, "RESERVED_CAPACITY").await, steps(&[("13:00", 0)]));
    assert_eq!(morning(&seller, "ENCUMBERED_CAPACITY").await, steps(&[("13:00", 0)]));
}

#[tokio::test]
async fn a_break_is_reserved_and_no_longer_available() {
    let seller = with_a_morning(1).await;
    seller.reserve("RESA1", "BREAK", "2026-03-05T10:00:00Z", "2026-03-05T10:30:00Z").await;
    assert_eq!(
        morning(&seller, "RESERVED_CAPACITY").await,
        steps(&[("10:00", 0), ("10:30", 1), ("13:00", 0)])
    );
    assert_eq!(
        morning(&seller, "AVAILABLE_CAPACITY").await,
        steps(&[("08:00", 0), ("10:00", 1), ("10:30", 0), ("12:00", 1), ("13:00", 0)])
    );
    assert_eq!(
        morning(&seller, "SCHEDULED_CAPACITY").await,
        steps(&[("08:00", 0), ("12:00", 1), ("13:00", 0)])
    );
}

#[tokio::test]
async fn an_assigned_visit_encumbers_until_it_is_moved_cancelled_or_done() {
    let seller = with_a_morning(2).await;
    let job = seller.unscheduled();
    let visit = seller.appoint(&job, "2026-03-05T09:00:00Z").await;
    let free = steps(&[("13:00", 0)]);
    assert_eq!(morning(&seller, "ENCUMBERED_CAPACITY").await, free, "nobody is assigned yet");
    seller.assign(&visit, &["RESA1"]).await;
    let busy = steps(&[("09:00", 0), ("10:00", 1), ("13:00", 0)]);
    assert_eq!(morning(&seller, "ENCUMBERED_CAPACITY").await, busy);
    assert_eq!(
        morning(&seller, "AVAILABLE_CAPACITY").await,
        steps(&[("08:00", 0), ("09:00", 2), ("10:00", 1), ("12:00", 2), ("13:00", 0)])
    );
    seller.reschedule(&visit, &json!({ "startTime": "2026-03-06T09:00:00Z" }), "RS6").await;
    assert_eq!(morning(&seller, "ENCUMBERED_CAPACITY").await, free);
    seller.sandbox.assign(&job, &["TECHA1"]).unwrap();
    let day_after = async || {
        seller.ranges("RESA1", "ENCUMBERED_CAPACITY", "2026-03-06T09:00:00Z", "2026-03-06T10:00:00Z").await[0]
            .1
    };
    assert_eq!(day_after().await, 1);
    seller.cancel(&job, "S1").await;
    assert_eq!(day_after().await, 0);
}

#[tokio::test]
async fn what_is_taken_twice_is_not_less_than_nothing() {
    let seller = with_a_morning(1).await;
    for _ in 0..2 {
        seller.reserve("RESA1", "TRAINING", "2026-03-05T08:00:00Z", "2026-03-05T12:00:00Z").await;
    }
    assert_eq!(morning(&seller, "AVAILABLE_CAPACITY").await, steps(&[("13:00", 0)]));
    assert_eq!(morning(&seller, "RESERVED_CAPACITY").await[1].1, 2);
}

#[tokio::test]
async fn fixed_slots_say_only_what_was_asked_for() {
    let seller = with_a_morning(1).await;
    seller.reserve("RESA1", "BREAK", "2026-03-05T08:10:00Z", "2026-03-05T08:20:00Z").await;
    let body = json!({
        "capacityTypes": ["RESERVED_CAPACITY", "SCHEDULED_CAPACITY"],
        "startDateTime": "2026-03-05T07:30:00Z",
        "endDateTime": "2026-03-05T09:00:00Z",
        "slotDuration": 30,
    });
    let answer = seller.capacity(FIXED, "RESA1", &body).await;
    let slot = |start: &str, scheduled: u64, reserved: u64| json!({ "startDateTime": start, "scheduledCapacity": scheduled, "reservedCapacity": reserved });
    let expected = json!({
        "resourceId": "RESA1",
        "slotDuration": 30,
        "capacities": [
            slot("2026-03-05T07:30:00Z", 0, 0),
            slot("2026-03-05T08:00:00Z", 1, 1),
            slot("2026-03-05T08:30:00Z", 1, 0),
        ],
    });
    assert_eq!((answer.status, answer.body), (200, expected));
}

#[tokio::test]
async fn scheduled_capacity_is_what_an_unspecific_query_means() {
    let seller = with_a_morning(1).await;
    let body = json!({ "startDateTime": "2026-03-05T08:00:00Z", "endDateTime": "2026-03-05T09:00:00Z" });
    let range = seller.capacity(RANGE, "RESA1", &body).await;
    assert_eq!(range.body["capacities"].as_array().unwrap().len(), 1);
    assert_eq!(range.body["capacities"][0]["capacityType"], "SCHEDULED_CAPACITY");
    let fixed = seller.capacity(FIXED, "RESA1", &body).await;
    assert_eq!(
        fixed.body["capacities"],
        json!([{ "startDateTime": "2026-03-05T08:00:00Z", "scheduledCapacity": 1 }])
    );
    assert_eq!(fixed.body["slotDuration"], 60);
}

#[tokio::test]
async fn capacities_come_in_amazons_order_whatever_was_asked_first() {
    let seller = with_a_morning(1).await;
    let body = json!({
        "capacityTypes": ["RESERVED_CAPACITY", "AVAILABLE_CAPACITY"],
        "startDateTime": "2026-03-05T08:00:00Z",
        "endDateTime": "2026-03-05T09:00:00Z",
    });
    let answer = seller.capacity(RANGE, "RESA1", &body).await;
    let kinds: Vec<_> = (0..2).map(|i| answer.body["capacities"][i]["capacityType"].clone()).collect();
    assert_eq!(kinds, ["AVAILABLE_CAPACITY", "RESERVED_CAPACITY"]);
}

#[tokio::test]
async fn pages_of_35_days_join_without_gap_and_their_token_is_encoded_already() {
    let seller = Seller::new().await;
    let body = json!({ "startDateTime": "2026-03-05T00:00:00Z", "endDateTime": "2026-06-03T00:00:00Z" });
    for form in [RANGE, FIXED] {
        let path = |token: &str| {
            format!("/service/v1/serviceResources/RESA1/capacity/{form}?{US}&nextPageToken={token}")
        };
        let first = seller.capacity(form, "RESA1", &body).await;
        let token = first.body["nextPageToken"].as_str().unwrap().to_owned();
        assert!(token.ends_with("%3D"), "{token}");
        // As it is, and encoded once more: nobody can say which one Amazon wants.
        let raw = seller.post(&path(&token), &body).await;
        let encoded = seller.post(&path(&token.replace('%', "%25")), &body).await;
        assert_eq!(raw.body, encoded.body);
        let last_token = raw.body["nextPageToken"].as_str().unwrap().to_owned();
        let last = seller.post(&path(&last_token), &body).await;
        assert!(last.body.get("nextPageToken").is_none());
        if form == RANGE {
            let end = |page: &Value| {
                page["capacities"][0]["slots"].as_array().unwrap().last().unwrap()["endDateTime"].clone()
            };
            let start = |page: &Value| page["capacities"][0]["slots"][0]["startDateTime"].clone();
            assert_eq!(end(&first.body), "2026-04-09T00:00:00Z");
            assert_eq!(end(&first.body), start(&raw.body));
            assert_eq!(end(&raw.body), start(&last.body));
            assert_eq!(end(&last.body), "2026-06-03T00:00:00Z");
        } else {
            let count = |page: &Value| page["capacities"].as_array().unwrap().len();
            assert_eq!(count(&first.body) + count(&raw.body) + count(&last.body), 90 * 24);
        }
    }
}

#[tokio::test]
async fn a_bad_query_is_400_with_all_that_is_wrong_in_the_details() {
    let seller = Seller::new().await;
    seller.sandbox.set_rates(doorstep_sandbox::Rates::Off);
    let good = json!({ "startDateTime": "2026-03-05T08:00:00Z", "endDateTime": "2026-03-05T09:00:00Z" });
    let with = |name: &str, value: Value| {
        let mut body = good.clone();
        body[name] = value;
        body
    };
    let cases = [
        ("RESA1", with("startDateTime", json!("2026-0")), "startDateTime is not a valid ISO"),
        ("RESA1", with("endDateTime", json!(7)), "endDateTime is not a valid ISO"),
        ("RESA1", with("endDateTime", Value::Null), "[endDateTime]"),
        ("RESA1", with("endDateTime", json!("2026-03-05T08:00:00Z")), "endDateTime should be after"),
        ("RESA1", with("slotDuration", json!(400)), "multiple of 5"),
        ("RESA1", with("slotDuration", json!(0)), "multiple of 5"),
        ("RESA1", with("slotDuration", json!(31)), "multiple of 5"),
        ("RESA1", with("capacityTypes", json!(["FREE"])), "[capacityTypes]"),
        ("RESA1", with("capacityTypes", json!([])), "[capacityTypes]"),
        ("nobody", good.clone(), "[resourceId]"),
        ("nobody", json!({}), "[resourceId, startDateTime, endDateTime]"),
    ];
    for form in [RANGE, FIXED] {
        for (resource, body, part) in &cases {
            let answer = seller.capacity(form, resource, body).await;
            assert_eq!((answer.error().0, answer.error().1), (400, "InvalidInput"), "{body}");
            assert!(answer.details().contains(part), "{body}: {}", answer.text);
        }
        let path = format!("/service/v1/serviceResources/RESA1/capacity/{form}");
        assert!(seller.post(&path, &good).await.details().contains("[marketplaceIds]"));
        let foreign = seller.post(&format!("{path}?{US}&nextPageToken=made-up"), &good).await;
        assert!(foreign.details().contains("[nextPageToken]"));
        let array = seller.post(&format!("{path}?{US}"), &json!([])).await;
        assert!(array.details().contains("JSON object"));
    }
}
