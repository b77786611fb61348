use std::collections::BTreeSet;

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::seller::{ALL, JOBS, Seller, zulu};

fn ids(body: &Value) -> Vec<String> {
    let jobs = body["payload"]["jobs"].as_array().unwrap();
    jobs.iter().map(|job| job["serviceJobId"].as_str().unwrap().to_owned()).collect()
}

fn encode(token: &Value) -> String {
    url::form_urlencoded::byte_serialize(token.as_str().unwrap().as_bytes()).collect()
}

#[tokio::test]
async fn pages_hold_every_job_once() {
    let seller = Seller::new().await;
    let mut seen = Vec::new();
    let mut query = format!("{ALL}&pageSize=4");
    loop {
        let page = seller.list(&query).await;
        assert_eq!(page.status, 200);
        assert_eq!(page.body["payload"]["totalResultSize"], 14);
        seen.extend(ids(&page.body));
        match &page.body["payload"]["nextPageToken"] {
            Value::Null => break,
            token => query = format!("{ALL}&pageSize=4&pageToken={}", encode(token)),
        }
    }
    assert_eq!(seen.len(), 14);
    assert_eq!(seen.iter().collect::<BTreeSet<_>>().len(), 14);
}

#[tokio::test]
async fn the_previous_page_token_leads_back() {
    let seller = Seller::new().await;
    let first = seller.list(&format!("{ALL}&pageSize=5")).await;
    assert!(first.body["payload"]["previousPageToken"].is_null());
    let next = encode(&first.body["payload"]["nextPageToken"]);
    let second = seller.list(&format!("{ALL}&pageSize=5&pageToken={next}")).await;
    let back = encode(&second.body["payload"]["previousPageToken"]);
    let again = seller.list(&format!("{ALL}&pageSize=5&pageToken={back}")).await;
    assert_eq!(ids(&again.body), ids(&first.body));
}

#[tokio::test]
async fn a_query_the_model_does_not_allow_is_invalid_input() {
    let seller = Seller::new().await;
    seller.sandbox.set_rates(doorstep_sandbox::Rates::Off);
    let token = encode(&seller.list(&format!("{ALL}&pageSize=5")).await.body["payload"]["nextPageToken"]);
    let cases = [
        ("createdAfter=2020-01-01", "marketplaceIds"),
        ("createdAfter=2020-01-01&marketplaceIds=ATVPDKIKX0DER,A1F83G8C2ARO7P", "marketplaceIds"),
        ("marketplaceIds=ATVPDKIKX0DER", "createdAfter"),
        (&format!("{ALL}&lastUpdatedAfter=2020-01-01"), "lastUpdatedAfter"),
        ("marketplaceIds=ATVPDKIKX0DER&createdAfter=yesterday", "createdAfter"),
        (&format!("{ALL}&pageSize=0"), "pageSize"),
        (&format!("{ALL}&pageSize=21"), "pageSize"),
        (&format!("{ALL}&pageSize=few"), "pageSize"),
        (&format!("{ALL}&serviceJobStatus=DONE"), "serviceJobStatus"),
        (&format!("{ALL}&sortField=NAME"), "sortField"),
        (&format!("{ALL}&sortOrder=UP"), "sortOrder"),
        (&format!("{ALL}&pageToken=made-up"), "pageToken"),
        (&format!("{ALL}&sortOrder=DESC&pageToken={token}"), "pageToken"),
        (&format!("{ALL}&asins={}", vec!["B0TESTSV01"; 21].join(",")), "asins"),
        (&format!("{ALL}&asins=SHORT"), "asins"),
        (&format!("{ALL}&asins="), "asins"),
        (&format!("{ALL}&serviceOrderIds=113_1"), "serviceOrderIds"),
        (&format!("{ALL}&productOrderIds=order"), "productOrderIds"),
        (&format!("{ALL}&trackingIds=a_b"), "trackingIds"),
        (&format!("{ALL}&requiredSkills={}", "S".repeat(51)), "requiredSkills"),
        (&format!("{ALL}&requiredSkills={}", vec!["S"; 21].join(",")), "requiredSkills"),
        (&format!("{ALL}&storeIds={}", "S".repeat(101)), "storeIds"),
        (&format!("{ALL}&storeIds={}", vec!["S"; 51].join(",")), "storeIds"),
        (&format!("{ALL}&serviceJobStatus="), "serviceJobStatus"),
        (&format!("{ALL}&createdBefore=never"), "createdBefore"),
        (&format!("{ALL}&lastUpdatedBefore=never"), "lastUpdatedBefore"),
        (&format!("{ALL}&scheduleStartDate=never"), "scheduleStartDate"),
        (&format!("{ALL}&scheduleStartDate=2026-03-03&scheduleEndDate=2026-03-02"), "scheduleEndDate"),
    ];
    for (query, parameter) in cases {
        let answer = seller.list(query).await;
        let (status, code, message) = answer.error();
        assert_eq!((status, code), (400, "InvalidInput"), "{query}");
        assert!(message.contains(parameter), "{query}: {message}");
    }
}

#[tokio::test]
async fn filters_select_by_what_the_job_says() {
    let seller = Seller::new().await;
    let one = seller.visit().job;
    let job = seller.sandbox.job(&one).unwrap();
    let order = job.facts["serviceOrderId"].as_str().unwrap();
    let product = job.facts["productOrderIds"][0].as_str().unwrap();
    let tracking = job.facts["trackingIds"][0].as_str().unwrap();
    for filter in [
        format!("serviceOrderIds={order}"),
        format!("productOrderIds={product},113-0000000-0000000"),
        format!("trackingIds=TEST0&trackingIds={tracking}"),
    ] {
        assert_eq!(
            ids(&seller.list(&format!("{ALL}&{filter}")).await.body),
            std::slice::from_ref(&one),
            "{filter}"
        );
    }
    let count = async |filter: &str| ids(&seller.list(&format!("{ALL}&{filter}")).await.body).len();
    assert_eq!(count("serviceJobStatus=PENDING_SCHEDULE").await, 1);
    assert_eq!(count("serviceJobStatus=PENDING_SCHEDULE,NOT_SERVICED").await, 14);
    assert_eq!(count("serviceJobStatus=COMPLETED").await, 0);
    assert_eq!(count("requiredSkills=TV_MOUNTING").await, 2);
    assert_eq!(count("asins=B0TESTSV02").await, 2);
    assert_eq!(count("storeIds=elsewhere").await, 0);
    assert_eq!(count("scheduleStartDate=2026-03-02&scheduleEndDate=2026-03-03").await, 13);
    assert_eq!(count("scheduleStartDate=2026-03-03T12:00:00").await, 0);
    assert_eq!(count("createdBefore=2020-01-02").await, 0);
    assert_eq!(count("lastUpdatedBefore=2020-01-02").await, 0);
    assert_eq!(count("createdBefore=2026-03-02&lastUpdatedBefore=2026-03-02").await, 14);
    let elsewhere = seller.list("marketplaceIds=A1F83G8C2ARO7P&createdAfter=2020-01-01").await;
    assert_eq!(elsewhere.body["payload"]["totalResultSize"], 0);
    assert_eq!(ids(&elsewhere.body).len(), 0);
}

#[tokio::test]
async fn descending_is_ascending_backwards() {
    let seller = Seller::new().await;
    for field in ["JOB_DATE", "JOB_STATUS"] {
        let up = ids(&seller.list(&format!("{ALL}&sortField={field}")).await.body);
        let mut down = ids(&seller.list(&format!("{ALL}&sortField={field}&sortOrder=DESC")).await.body);
        down.reverse();
        assert_eq!(up, down);
    }
}

#[tokio::test]
async fn last_updated_after_finds_what_changed_since_and_nothing_else() {
    let seller = Seller::new().await;
    let cancelled = seller.visit().job;
    let since =
        format!("marketplaceIds=ATVPDKIKX0DER&lastUpdatedAfter={}", zulu(seller.sandbox.clock().now()));
    assert_eq!(ids(&seller.list(&since).await.body).len(), 0);
    seller.sandbox.clock().advance(TimeDelta::minutes(5));
    seller.sandbox.cancel(&cancelled).unwrap();
    let page = seller.list(&since).await;
    assert_eq!(ids(&page.body), [cancelled]);
    assert_eq!(page.body["payload"]["jobs"][0]["serviceJobStatus"], "CANCELLED");
    assert_eq!(page.body["payload"]["jobs"][0]["appointments"][0]["appointmentStatus"], "CANCELLED");
}

#[tokio::test]
async fn one_job_is_read_whole_by_its_id() {
    let seller = Seller::new().await;
    let visit = seller.visit();
    let answer = seller.get(&format!("{JOBS}/{}", visit.job)).await;
    assert_eq!(answer.status, 200);
    let job = &answer.body["payload"];
    assert_eq!(job["serviceJobId"], visit.job);
    assert_eq!(job["serviceJobStatus"], "NOT_SERVICED");
    assert_eq!(job["marketplaceId"], "ATVPDKIKX0DER");
    assert_eq!(job["appointments"][0]["appointmentId"], visit.appointment);
    assert_eq!(job["appointments"][0]["assignedTechnicians"][0]["technicianId"], "TECHA1");
    assert!(job["appointments"][0]["appointmentTime"]["durationInMinutes"].is_u64());
    assert!(job["createTime"].as_str().unwrap().ends_with('Z'));
    assert!(job["serviceType"].is_string(), "a field that the model does not have");
    assert!(job.get("lastUpdated").is_none(), "Amazon does not send it");
}

#[tokio::test]
async fn a_job_that_is_not_there_is_422_and_an_impossible_id_400() {
    let seller = Seller::new().await;
    let absent = seller.get(&format!("{JOBS}/nobody")).await;
    assert_eq!((absent.error().0, absent.error().1), (422, "InvalidInput"));
    assert!(absent.error().2.contains("nobody"));
    let long = seller.get(&format!("{JOBS}/{}", "x".repeat(101))).await;
    // Amazon's 400 of this operation names no error.
    assert_eq!((long.status, &long.body), (400, &json!({ "payload": {} })));
}

#[tokio::test]
async fn a_rescheduled_visit_has_a_new_appointment_that_the_old_one_names() {
    let seller = Seller::new().await;
    let visit = seller.visit();
    let start = "2026-03-04T15:00:00Z".parse().unwrap();
    let new_id = seller.sandbox.reschedule(&visit.job, start).unwrap();
    let job = &seller.get(&format!("{JOBS}/{}", visit.job)).await.body["payload"];
    let (old, new) = (&job["appointments"][0], &job["appointments"][1]);
    assert_eq!(
        (&old["appointmentStatus"], &old["rescheduledAppointmentId"]),
        (&"CANCELLED".into(), &new_id.clone().into())
    );
    assert_eq!((&new["appointmentStatus"], &new["appointmentId"]), (&"ACTIVE".into(), &new_id.into()));
    assert_eq!(new["appointmentTime"]["startTime"], "2026-03-04T15:00:00.000Z");
    seller.sandbox.assign(&visit.job, &["TECHB2", "TECHNEW"]).unwrap();
    let job = &seller.get(&format!("{JOBS}/{}", visit.job)).await.body["payload"];
    assert_eq!(job["appointments"][1]["assignedTechnicians"][0]["name"], "Kim Sample");
    assert_eq!(job["appointments"][1]["assignedTechnicians"][1]["technicianId"], "TECHNEW");
}

#[tokio::test]
async fn schedule_dates_look_at_visits_that_stand_and_not_at_cancelled_ones() {
    let seller = Seller::new().await;
    let (visit, body) = (seller.visit(), seller.whole_body().await);
    let count = async |filter: &str| ids(&seller.list(&format!("{ALL}&{filter}")).await.body).len();
    let today = "scheduleStartDate=2026-03-02&scheduleEndDate=2026-03-03";
    seller.fulfil(&visit, &body).await;
    seller.complete(&visit.job).await;
    assert_eq!(count(today).await, 13, "a visit that is over took place");
    seller.sandbox.cancel(&seller.visit().job).unwrap();
    assert_eq!(count(today).await, 12);
    seller.sandbox.reschedule(&seller.visit().job, "2026-03-09T15:00:00Z".parse().unwrap()).unwrap();
    assert_eq!(count(today).await, 11);
}

#[tokio::test]
async fn another_sellers_jobs_are_not_listed() {
    let seller = Seller::new().await;
    let mut job = seller.sandbox.job(&seller.visit().job).unwrap();
    job.facts.insert("seller".into(), json!({ "sellerId": "A1ANOTHERSELLER" }));
    seller.sandbox.put_job(job);
    assert_eq!(seller.list(ALL).await.body["payload"]["totalResultSize"], 13);
}
