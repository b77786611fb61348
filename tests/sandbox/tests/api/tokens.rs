use chrono::TimeDelta;
use doorstep_sandbox::{Config, Fault, FaultKind, Sandbox};
use serde_json::{Value, json};

use crate::seller::{ALL, Answer, JOBS, Seller, config};

const TOKENS: &str = "/tokens/2021-03-01/restrictedDataToken";

async fn restricted_to(seller: &Seller, resources: Value) -> Answer {
    seller.post(TOKENS, &json!({ "restrictedResources": resources })).await
}

async fn token_for(seller: &Seller, method: &str, path: &str) -> String {
    let answer = restricted_to(seller, json!([{ "method": method, "path": path }])).await;
    assert_eq!((answer.status, &answer.body["expiresIn"]), (200, &json!(3600)));
    answer.body["restrictedDataToken"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_restricted_token_opens_its_own_method_and_path_for_an_hour() {
    let mut seller = Seller::new().await;
    let jobs: Vec<String> = seller.sandbox.jobs().into_iter().map(|job| job.service_job_id).collect();
    let path = |at: usize| format!("{JOBS}/{}", jobs[at]);
    let specific = token_for(&seller, "GET", &path(0)).await;
    assert!(specific.starts_with("Atz.sprdt|"));
    let generic = token_for(&seller, "GET", &format!("{JOBS}/{{serviceJobId}}")).await;

    seller.token = specific;
    assert_eq!(seller.get(&path(0)).await.status, 200);
    for other in [path(1), format!("{}/", path(0)), format!("{JOBS}?{ALL}")] {
        let answer = seller.get(&other).await;
        assert_eq!((answer.error().0, answer.error().1), (403, "Unauthorized"), "{other}");
    }
    assert_eq!(seller.complete(&jobs[0]).await.status, 403, "another method");
    seller.token = generic;
    assert_eq!((seller.get(&path(0)).await.status, seller.get(&path(1)).await.status), (200, 200));
    seller.sandbox.clock().advance(TimeDelta::seconds(3600));
    assert!(seller.get(&path(0)).await.details().contains("expired"));
}

#[tokio::test]
async fn an_operation_can_be_set_to_take_a_restricted_token_only() {
    let restricted = ["getServiceJobs".to_owned()].into();
    let mut seller = Seller::with(Config { restricted, ..config() }).await;
    let usual = seller.list(ALL).await;
    assert_eq!((usual.error().0, usual.error().1), (403, "Unauthorized"));
    assert!(usual.details().contains("restricted"));
    assert_eq!(seller.get(&format!("{JOBS}/{}", seller.visit().job)).await.status, 200);
    seller.token = token_for(&seller, "GET", JOBS).await;
    assert_eq!(seller.list(ALL).await.status, 200);
    seller.sandbox.fault(Fault::new("*", FaultKind::ExpiredToken, 1)).unwrap();
    assert!(seller.list(ALL).await.details().contains("expired"));

    for name in ["token", "getJobs", "createRestrictedDataToken"] {
        let config = Config { restricted: [name.to_owned()].into(), ..config() };
        assert_eq!(Sandbox::start(config).await.unwrap_err().kind(), std::io::ErrorKind::InvalidInput);
    }
}

#[tokio::test]
async fn paths_of_other_apis_and_a_target_application_are_taken_as_in_amazons_examples() {
    let seller = Seller::new().await;
    for path in ["/orders/v0/orders/{orderId}/address", "/orders/v0/orders/943-12-123434/address"] {
        let body = json!({
            "targetApplication": "amzn1.sellerapps.app.target-application",
            "restrictedResources": [{ "method": "GET", "path": path, "dataElements": ["buyerInfo"] }],
        });
        assert_eq!(seller.post(TOKENS, &body).await.status, 200);
    }
}

#[tokio::test]
async fn a_request_for_a_restricted_token_names_resources_that_exist() {
    let seller = Seller::new().await;
    let get = |path: &str| json!({ "method": "GET", "path": path });
    let many: Vec<Value> = (0..51).map(|_| get(JOBS)).collect();
    let cases = [
        (json!(null), "InvalidRequest"),
        (json!(get(JOBS)), "InvalidRequest"),
        (json!([]), "InvalidRequest"),
        (json!([{ "method": "", "path": JOBS }]), "InvalidRequest"),
        (json!([{ "method": "PATCH", "path": JOBS }]), "InvalidRequest"),
        (json!([{ "method": "GET" }]), "InvalidRequest"),
        (json!(many), "InvalidRequest"),
        (json!([get(JOBS), get("/service/v1/jobs")]), "InvalidInput"),
        (json!([{ "method": "DELETE", "path": JOBS }]), "InvalidInput"),
    ];
    for (resources, code) in cases {
        let answer = restricted_to(&seller, resources.clone()).await;
        assert_eq!((answer.error().0, answer.error().1), (400, code), "{resources}");
        seller.sandbox.clock().advance(TimeDelta::seconds(1));
    }
    assert_eq!(restricted_to(&seller, json!(&many[..50])).await.status, 200);
}

#[tokio::test]
async fn restricted_tokens_are_given_out_once_a_second_after_a_burst_of_ten() {
    let seller = Seller::new().await;
    let ask = async || restricted_to(&seller, json!([{ "method": "GET", "path": JOBS }])).await.status;
    for _ in 0..10 {
        assert_eq!(ask().await, 200);
    }
    assert_eq!(ask().await, 429);
    seller.sandbox.clock().advance(TimeDelta::seconds(1));
    assert_eq!((ask().await, ask().await), (200, 429));
}

#[tokio::test]
async fn a_restricted_token_buys_no_further_one() {
    let mut seller = Seller::new().await;
    seller.token = token_for(&seller, "GET", JOBS).await;
    assert_eq!(restricted_to(&seller, json!([{ "method": "GET", "path": JOBS }])).await.status, 403);
}
