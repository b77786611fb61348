use reqwest::Method;
use serde_json::json;

use crate::seller::{ALL, Answer, Seller};

#[tokio::test]
async fn the_page_is_whole_says_what_it_is_and_loads_nothing_from_elsewhere() {
    let seller = Seller::new().await;
    let page = Answer::of(seller.http.get(seller.url("/"))).await;
    assert_eq!(
        (page.status, page.headers["content-type"].to_str().unwrap()),
        (200, "text/html; charset=utf-8")
    );
    let policy = page.headers["content-security-policy"].to_str().unwrap();
    assert!(policy.starts_with("default-src 'none'; script-src 'self'") && !policy.contains("unsafe"));
    assert!(page.text.contains("Everyone in it is made up"));
    let quoted: Vec<&str> = page.text.split('"').filter(|part| part.starts_with('/')).collect();
    assert_eq!(quoted.len(), 3, "icon, style and script");
    for path in quoted.into_iter().chain(["/_page/jobs.js", "/_page/lists.js", "/_page/words.js"]) {
        let part = Answer::of(seller.http.get(seller.url(path))).await;
        assert_eq!(part.status, 200, "{path}");
        assert_eq!(part.headers["x-content-type-options"], "nosniff");
        let elsewhere = part.text.replace("http://www.w3.org/2000/svg", "");
        assert!(!elsewhere.contains("://"), "{path} names another address");
    }
    assert_eq!(seller.sandbox.record().len(), 1, "only the sign-in of the test itself is on the record");
}

#[tokio::test]
async fn a_page_of_another_site_cannot_steer_the_sandbox() {
    let seller = Seller::new().await;
    let from = |name: &str, value: &str| {
        seller.http.post(seller.url("/_sandbox/reset")).header(name, value).body("{}")
    };
    assert_eq!(Answer::of(from("origin", "http://elsewhere.example")).await.status, 403);
    assert_eq!(Answer::of(from("origin", "null")).await.status, 403);
    assert_eq!(Answer::of(from("host", "elsewhere.example")).await.status, 403);
    assert_eq!(Answer::of(from("origin", seller.sandbox.url())).await.status, 204);
    let other_name = from("host", "localhost:9000").header("origin", "http://localhost:9000");
    assert_eq!(Answer::of(other_name).await.status, 204);
}

#[tokio::test]
async fn the_overview_has_what_the_page_shows_and_nothing_when_nothing_changed() {
    let seller = Seller::new().await;
    let (visit, body) = (seller.visit(), seller.whole_body().await);
    seller.fulfil(&visit, &body).await;
    seller.complete(&visit.job).await;
    let seen = seller.look("overview").await.body;
    assert_eq!((&seen["found"], &seen["statuses"]["COMPLETED"]), (&json!(14), &json!(1)));
    assert_eq!(
        (&seen["requests"][0]["operation"], &seen["requestCount"]),
        (&json!("completeServiceJobByServiceJobId"), &json!(5))
    );
    assert_eq!(seen["documents"][0]["attachedTo"], visit.job);
    let rows = seen["jobs"].as_array().unwrap();
    let done = rows.iter().find(|row| row["serviceJobId"] == visit.job.as_str()).unwrap();
    assert_eq!((&done["completions"], &done["said"]["documents"]), (&json!(1), &json!(1)));
    assert!(done["buyer"].as_str().unwrap().starts_with("Test Buyer"));

    let again = format!("overview?revision={}", seen["revision"]);
    assert_eq!(seller.look(&again).await.status, 204);
    seller.list(ALL).await;
    assert_eq!(seller.look(&again).await.status, 200);
}

#[tokio::test]
async fn whatever_is_done_at_the_page_is_news_to_it() {
    let seller = Seller::new().await;
    let job = seller.visit().job;
    for (path, body) in [
        ("faults", json!({ "operation": "token", "kind": "hang" })),
        ("clock", json!({ "advanceMs": 1 })),
        ("changes", json!({ "kind": "touch", "serviceJobId": job })),
        ("changes", json!({ "kind": "touch", "serviceJobId": job, "afterSeconds": 9 })),
        ("script", json!({ "events": [{ "kind": "skew", "seconds": 1 }] })),
        ("reset", json!({})),
    ] {
        let known = seller.look("overview").await.body["revision"].take();
        assert!(seller.control(path, &body).await.status < 300, "{path} {body}");
        let news = seller.look(&format!("overview?revision={known}")).await;
        assert_eq!(news.status, 200, "{path} {body}");
    }
}

#[tokio::test]
async fn the_overview_finds_jobs_by_what_a_person_knows_of_them() {
    let seller = Seller::new().await;
    let found = async |text: &str| seller.look(&format!("overview?find={text}")).await.body["found"].take();
    assert_eq!(found("KIM").await, 4);
    assert_eq!(found("1%20example%20street").await, 2, "number 1 and number 11");
    assert_eq!(found("pending").await, 1);
    assert_eq!(found(&seller.visit().job).await, 1);
    assert_eq!(found("nothing%20like%20it").await, 0);
}

#[tokio::test]
async fn the_forms_are_offered_what_fits() {
    let seller = Seller::new().await;
    let choices = seller.look("choices").await.body;
    assert_eq!(choices["scenarios"], json!(["day", "week", "no-shows", "five-thousand"]));
    for kind in choices["kinds"].as_array().unwrap() {
        for operation in kind["operations"].as_array().unwrap() {
            let fault = json!({ "kind": kind["kind"], "operation": operation });
            assert_eq!(seller.control("faults", &fault).await.status, 201, "{fault}");
        }
    }
    let posted = Answer::of(seller.http.request(Method::POST, seller.url("/"))).await;
    assert_ne!(posted.status, 200);
}

#[tokio::test]
async fn resources_and_reservations_can_be_looked_at() {
    let seller = Seller::new().await;
    let seen = seller.look("resources").await.body;
    assert_eq!(seen["resources"][0]["resourceId"], "RESA1");
    assert!(seen["reservations"].is_array());
}
