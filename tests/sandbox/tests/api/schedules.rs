use doorstep_sandbox::Rates;
use serde_json::{Value, json};

use crate::planner::US;
use crate::seller::Seller;

/// When the resource is scheduled within a time, as `(until, capacity)` steps.
async fn scheduled(seller: &Seller, start: &str, end: &str) -> Vec<(String, u64)> {
    seller.ranges("RESA1", "SCHEDULED_CAPACITY", start, end).await
}

fn weekly(from: &str, until: &str, days: &[&str]) -> Value {
    json!({
        "startTime": format!("2026-03-09T{from}"),
        "endTime": format!("2026-03-09T{until}"),
        "recurrence": { "endTime": "2026-03-31T23:59:00.00-07", "daysOfWeek": days },
    })
}

async fn updated(seller: &Seller, records: Value) -> Value {
    let answer = seller.schedule("RESA1", &records).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.body
}

#[tokio::test]
async fn a_schedule_replaces_all_of_the_one_before() {
    let seller = Seller::new().await;
    let once = json!([{ "startTime": "2026-03-09T08:00:00Z", "endTime": "2026-03-09T12:00:00Z" }]);
    updated(&seller, once).await;
    assert_eq!(
        scheduled(&seller, "2026-03-09T00:00:00Z", "2026-03-16T00:00:00Z").await,
        [
            ("2026-03-09T08:00:00Z".to_owned(), 0),
            ("2026-03-09T12:00:00Z".to_owned(), 1),
            ("2026-03-16T00:00:00Z".to_owned(), 0),
        ],
        "around the clock no more"
    );
    assert_eq!(seller.resource("RESA1").schedule.len(), 1);
}

#[tokio::test]
async fn a_record_recurs_on_the_days_of_the_week_in_its_own_offset() {
    let seller = Seller::new().await;
    // Ten in the evening at -07 is the next day in UTC.
    updated(&seller, json!([weekly("20:00:00.00-07", "22:00:00.00-07", &["MONDAY", "WEDNESDAY"])])).await;
    assert_eq!(
        scheduled(&seller, "2026-03-10T00:00:00Z", "2026-03-17T00:00:00Z").await,
        [
            ("2026-03-10T03:00:00Z", 0),
            ("2026-03-10T05:00:00Z", 1),
            ("2026-03-12T03:00:00Z", 0),
            ("2026-03-12T05:00:00Z", 1),
            ("2026-03-17T00:00:00Z", 0),
        ]
        .map(|(until, capacity)| (until.to_owned(), capacity))
    );
    let after = scheduled(&seller, "2026-04-01T07:00:00Z", "2026-04-30T00:00:00Z").await;
    assert_eq!(after.len(), 1, "nothing after the recurrence ends");
    assert_eq!(after[0].1, 0);
}

#[tokio::test]
async fn a_record_recurs_on_days_of_the_month_and_every_day_without_a_list() {
    let seller = Seller::new().await;
    let mut record = weekly("08:00:00Z", "09:00:00Z", &[]);
    record["recurrence"] = json!({ "endTime": "2026-04-30T00:00:00Z", "daysOfMonth": [1, 11, 31] });
    updated(&seller, json!([record])).await;
    let found = scheduled(&seller, "2026-03-09T00:00:00Z", "2026-04-13T00:00:00Z").await;
    let ends: Vec<&str> = found.iter().filter(|(_, many)| *many == 1).map(|(end, _)| end.as_str()).collect();
    assert_eq!(
        ends,
        ["2026-03-11T09:00:00Z", "2026-03-31T09:00:00Z", "2026-04-01T09:00:00Z", "2026-04-11T09:00:00Z"]
    );

    record["recurrence"] = json!({ "endTime": "2026-03-12T00:00:00Z" });
    updated(&seller, json!([record])).await;
    let found = scheduled(&seller, "2026-03-09T00:00:00Z", "2026-03-31T00:00:00Z").await;
    assert_eq!(found.iter().filter(|(_, many)| *many == 1).count(), 3);

    // Both lists: the day must be in each.
    record["recurrence"] =
        json!({ "endTime": "2026-05-31T00:00:00Z", "daysOfMonth": [10, 11], "daysOfWeek": ["TUESDAY"] });
    updated(&seller, json!([record])).await;
    let found = scheduled(&seller, "2026-03-09T00:00:00Z", "2026-03-31T00:00:00Z").await;
    assert_eq!(found[1].0, "2026-03-10T09:00:00Z");
    assert_eq!(found.len(), 3);
}

#[tokio::test]
async fn a_record_over_another_one_counts_and_is_warned_about() {
    let seller = Seller::new().await;
    updated(&seller, json!([weekly("08:00:00Z", "12:00:00Z", &["MONDAY"])])).await;
    let later = weekly("14:00:00Z", "16:00:00Z", &["MONDAY"]);
    assert_eq!(updated(&seller, json!([later])).await, json!({}), "no overlap with what was there");
    assert_eq!(updated(&seller, json!([later])).await, json!({}), "the same again");

    let wider = weekly("13:00:00Z", "17:00:00Z", &["MONDAY", "TUESDAY"]);
    let answer = updated(&seller, json!([wider])).await;
    assert_eq!(answer["payload"].as_array().unwrap().len(), 1);
    assert_eq!(answer["payload"][0]["availability"], wider, "as it was sent");
    assert_eq!(answer["payload"][0]["warnings"][0]["code"], "ScheduleOverride");

    let mut two = json!([wider, later]);
    two[1]["capacity"] = json!(3);
    let answer = updated(&seller, two).await;
    assert_eq!(answer["payload"].as_array().unwrap().len(), 1, "the first one is as before");
    assert_eq!(answer["payload"][0]["availability"]["capacity"], 3);
    let steps = scheduled(&seller, "2026-03-09T13:00:00Z", "2026-03-09T17:00:00Z").await;
    let capacities: Vec<u64> = steps.iter().map(|(_, capacity)| *capacity).collect();
    assert_eq!(capacities, [1, 3, 1]);
}

#[tokio::test]
async fn a_record_that_cannot_be_is_refused_under_200_and_nothing_changes() {
    let seller = Seller::new().await;
    seller.sandbox.set_rates(Rates::Off);
    let before = seller.resource("RESA1").schedule;
    let good = weekly("08:00:00Z", "12:00:00Z", &["MONDAY"]);
    let cases = [
        (json!({ "startTime": "soon", "endTime": "2026-03-09T12:00:00Z" }), "ISO"),
        (json!({ "startTime": "2026-03-09T12:00:00Z", "endTime": "2026-03-09T12:00:00Z" }), "after"),
        (json!({ "startTime": "2026-03-09T12:00:00Z", "endTime": "2026-03-09T12:04:00Z" }), "5 minutes"),
        (
            json!({ "startTime": "2026-03-09T12:00:00Z", "endTime": "2026-03-09T13:00:00Z",
                    "recurrence": { "endTime": "2026-03-08T12:00:00Z" } }),
            "recurrence",
        ),
        (
            json!({ "startTime": "2026-03-09T12:00:00Z", "endTime": "2026-03-11T13:00:00Z",
                    "recurrence": { "endTime": "2026-04-08T12:00:00Z" } }),
            "within a day",
        ),
    ];
    for (bad, part) in cases {
        let answer = updated(&seller, json!([good, bad])).await;
        assert!(answer.get("errors").is_none());
        assert_eq!(answer["payload"].as_array().unwrap().len(), 1, "{bad}");
        assert_eq!(answer["payload"][0]["availability"], bad);
        assert_eq!(answer["payload"][0]["errors"][0]["code"], "InvalidInput");
        let message = answer["payload"][0]["errors"][0]["message"].as_str().unwrap();
        assert!(message.contains(part), "{message}");
    }
    assert_eq!(seller.resource("RESA1").schedule, before);
    assert_eq!(seller.sandbox.effects("updateSchedule"), 0);
}

#[tokio::test]
async fn the_shortest_slot_is_longer_in_some_marketplaces() {
    let seller = Seller::new().await;
    let record = json!([{ "startTime": "2026-03-09T12:00:00Z", "endTime": "2026-03-09T12:20:00Z" }]);
    assert!(updated(&seller, record.clone()).await.to_string().contains("ScheduleOverride"));
    for marketplace in ["A1F83G8C2ARO7P", "A1PA6795UKMFR9"] {
        let path = format!("/service/v1/serviceResources/RESA1/schedules?marketplaceIds={marketplace}");
        let answer = seller.send(reqwest::Method::PUT, &path, &json!({ "schedules": record })).await;
        assert!(answer.body["payload"][0]["errors"][0]["message"].as_str().unwrap().contains("30 minutes"));
    }
}

#[tokio::test]
async fn an_unknown_resource_is_an_error_under_200() {
    let seller = Seller::new().await;
    let answer = seller.schedule("nobody", &json!([weekly("08:00:00Z", "12:00:00Z", &[])])).await;
    assert_eq!((answer.error().0, answer.error().1), (200, "InvalidInput"));
    assert!(answer.error().2.contains("[resourceId]"));
    assert_eq!(seller.sandbox.effects("updateSchedule"), 0);
}

#[tokio::test]
async fn a_schedule_that_is_not_one_is_400_and_it_cannot_be_cleared() {
    let seller = Seller::new().await;
    seller.sandbox.set_rates(Rates::Off);
    let with = |name: &str, value: Value| {
        let mut record = weekly("08:00:00Z", "12:00:00Z", &["MONDAY"]);
        record[name] = value;
        json!([record])
    };
    let cases = [
        (json!([]), "schedules"),
        (json!({}), "schedules"),
        (json!(["always"]), "availability"),
        (with("startTime", json!(8)), "startTime"),
        (with("endTime", Value::Null), "endTime"),
        (with("capacity", json!(0)), "capacity"),
        (with("recurrence", json!({ "daysOfWeek": ["MONDAY"] })), "recurrence.endTime"),
        (with("recurrence", json!({ "endTime": "2026-04-01", "daysOfWeek": ["MON"] })), "daysOfWeek"),
        (with("recurrence", json!({ "endTime": "2026-04-01", "daysOfMonth": [32] })), "daysOfMonth"),
    ];
    for (records, name) in cases {
        let answer = seller.schedule("RESA1", &records).await;
        assert_eq!((answer.error().0, answer.error().1), (400, "InvalidInput"), "{records}");
        assert!(answer.error().2.contains(name), "{records}: {}", answer.text);
    }
    let path = "/service/v1/serviceResources/RESA1/schedules";
    let nowhere = seller.send(reqwest::Method::PUT, path, &json!({ "schedules": [] })).await;
    assert!(nowhere.error().2.contains("marketplaceIds"));
    let two = format!("{path}?{US},A1F83G8C2ARO7P");
    let two = seller.send(reqwest::Method::PUT, &two, &json!({ "schedules": [] })).await;
    assert!(two.error().2.contains("marketplaceIds"));
}
