use chrono::TimeDelta;
use doorstep_sandbox::{Clock, Config, Rates, Sandbox};
use reqwest::Method;
use serde_json::json;

use crate::seller::{ALL, Answer, DOCUMENTS, JOBS, Seller, config};

#[tokio::test]
async fn a_request_without_a_known_access_token_is_denied() {
    let seller = Seller::new().await;
    let url = seller.url(&format!("{JOBS}?{ALL}"));
    let missing = Answer::of(seller.http.get(&url)).await;
    assert_eq!((missing.error().0, missing.error().1), (403, "Unauthorized"));
    assert!(missing.details().contains("missing"));
    assert_eq!(missing.headers["x-amzn-errortype"], "AccessDeniedException");
    assert!(!missing.headers.contains_key("x-amzn-ratelimit-limit"));

    let unknown = Answer::of(seller.http.get(&url).header("x-amz-access-token", "Atza|made-up")).await;
    assert_eq!((unknown.error().0, unknown.error().1), (403, "Unauthorized"));
    assert!(unknown.details().contains("invalid"));
}

#[tokio::test]
async fn the_operation_with_bare_errors_is_denied_in_a_bare_array_too() {
    let mut seller = Seller::new().await;
    seller.token = "Atza|made-up".into();
    let answer = seller.fulfil(&seller.visit(), &json!({})).await;
    assert_eq!((answer.bare_error().0, answer.bare_error().1), (403, "Unauthorized"));
}

#[tokio::test]
async fn a_user_agent_is_required_and_at_most_500_characters_long() {
    let seller = Seller::new().await;
    let anonymous = reqwest::Client::builder().no_proxy().build().unwrap();
    let request =
        || anonymous.get(seller.url(&format!("{JOBS}?{ALL}"))).header("x-amz-access-token", &seller.token);
    let missing = Answer::of(request()).await;
    assert_eq!((missing.error().0, missing.error().1), (400, "InvalidInput"));
    let long = Answer::of(request().header("user-agent", "x".repeat(501))).await;
    assert_eq!((long.error().0, long.error().1), (400, "InvalidInput"));
    let fits = Answer::of(request().header("user-agent", "x".repeat(500))).await;
    assert_eq!(fits.status, 200);
}

#[tokio::test]
async fn a_path_that_is_not_amazons_is_denied() {
    let seller = Seller::new().await;
    for path in ["/service/v1/serviceJobs/", "/service/v1/jobs", "/services/v1/documents"] {
        let answer = seller.get(path).await;
        assert_eq!((answer.error().0, answer.error().1), (403, "Unauthorized"), "{path}");
    }
    let wrong_method = Answer::of(seller.request(Method::DELETE, JOBS)).await;
    assert_eq!((wrong_method.error().0, wrong_method.error().1), (403, "Unauthorized"));
    let last = seller.sandbox.record().pop().unwrap();
    assert_eq!((last.operation, last.status, last.took_effect), (None, 403, false));
}

#[tokio::test]
async fn every_answer_has_its_own_request_id_and_served_ones_the_rate() {
    let seller = Seller::new().await;
    let (first, second) = (seller.list(ALL).await, seller.list("").await);
    assert_ne!(first.headers["x-amzn-requestid"], second.headers["x-amzn-requestid"]);
    assert_eq!((first.status, &first.headers["x-amzn-ratelimit-limit"]), (200, &"10.0".parse().unwrap()));
    assert_eq!((second.status, &second.headers["x-amzn-ratelimit-limit"]), (400, &"10.0".parse().unwrap()));
    let recorded = seller.sandbox.record().pop().unwrap().request_id;
    assert_eq!(second.headers["x-amzn-requestid"], recorded.as_str());
}

#[tokio::test]
async fn a_burst_beyond_the_published_one_is_throttled_until_the_bucket_refills() {
    let seller = Seller::new().await;
    let body = json!({ "contentType": "PNG", "contentLength": 1 });
    for _ in 0..20 {
        assert_eq!(seller.post(DOCUMENTS, &body).await.status, 200);
    }
    let throttled = seller.post(DOCUMENTS, &body).await;
    assert_eq!((throttled.error().0, throttled.error().1), (429, "QuotaExceeded"));
    assert_eq!(throttled.headers["x-amzn-errortype"], "TooManyRequestsException");
    assert!(!throttled.headers.contains_key("x-amzn-ratelimit-limit"));
    assert_eq!(seller.list(ALL).await.status, 200, "each operation has its own bucket");

    seller.sandbox.clock().advance(TimeDelta::milliseconds(200));
    assert_eq!(seller.post(DOCUMENTS, &body).await.status, 200);
    assert_eq!(seller.post(DOCUMENTS, &body).await.status, 429);
    assert_eq!(seller.sandbox.effects("createServiceDocumentUploadDestination"), 21);
}

#[tokio::test]
async fn throttling_can_be_switched_off() {
    let seller = Seller::with(Config { rates: Rates::Off, ..config() }).await;
    for _ in 0..50 {
        assert_eq!(seller.list(ALL).await.status, 200);
    }
}

#[tokio::test]
async fn only_loopback_is_listened_on() {
    let open = Config { listen: "0.0.0.0:0".parse().unwrap(), ..config() };
    assert_eq!(Sandbox::start(open).await.unwrap_err().kind(), std::io::ErrorKind::InvalidInput);
}

#[tokio::test]
async fn a_clock_that_follows_another_can_still_be_moved() {
    let clock = Clock::following(|| 1_000);
    clock.advance(TimeDelta::milliseconds(500));
    assert_eq!(clock.now().timestamp_millis(), 1_500);
    clock.set("2026-03-02T00:00:00Z".parse().unwrap());
    assert_eq!(clock.now().to_rfc3339(), "2026-03-02T00:00:00+00:00");
}

#[tokio::test]
async fn stopping_ends_the_listener_even_with_idle_connections_open() {
    let seller = Seller::new().await;
    let url = seller.sandbox.url().to_owned();
    seller.sandbox.stop().await.unwrap();
    let refused = seller.http.get(url).send().await.unwrap_err();
    assert!(refused.is_connect());
}
