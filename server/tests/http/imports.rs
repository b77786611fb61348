//! Files that an administrator sends.

use super::browser::Browser;
use crate::engines::Ground;
use axum::{
    body::Body,
    http::{Method, Request, StatusCode, header},
};
use doorstep_core::api::Role;
use serde_json::{Value, json};

const FILE: &str = "Auftrag;Ort\nJ1;Sampletown\n;Sampletown\n";

async fn browsers() -> (Ground, Browser, Browser) {
    let ground = Ground::on_sqlite(|_| ()).await;
    ground.add("Ada Sample", Role::Administrator, &[], &[]).await;
    ground.add("Alex Sample", Role::Supervisor, &[], &[]).await;
    let (mut administrator, mut supervisor) = (Browser::of(&ground.app), Browser::of(&ground.app));
    administrator.sign_in("Ada Sample", None).await;
    supervisor.sign_in("Alex Sample", None).await;
    (ground, administrator, supervisor)
}

fn file(path: &str, kind: &str, body: impl Into<Body>) -> Request<Body> {
    Request::post(path).header(header::CONTENT_TYPE, kind).body(body.into()).unwrap()
}

async fn import(browser: &Browser, path: &str) -> Value {
    let answer = browser.send(file(path, "text/csv; charset=utf-8", FILE)).await;
    assert_eq!(answer.status, StatusCode::OK);
    answer.json().await
}

#[tokio::test]
async fn a_file_is_tried_mapped_and_taken_in() {
    let (_ground, administrator, supervisor) = browsers().await;
    let report = import(&administrator, "/api/imports?preview=1").await;
    assert!(report["stopped"].is_string() && report["rows"] == 0, "{report}");
    assert_eq!(report["ignored"], json!(["Auftrag", "Ort"]));

    let columns = json!({"service_job_id": ["auftrag"], "city": ["ort"]});
    let request = Request::put("/api/imports/columns").header(header::CONTENT_TYPE, "application/json");
    let answer = administrator.send(request.body(Body::from(columns.to_string())).unwrap()).await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT);

    let report = import(&administrator, "/api/imports?preview=1").await;
    assert_eq!((&report["takenIn"], &report["bad"], &report["import"]), (&json!(1), &json!(1), &Value::Null));
    let seen = supervisor.get("/api/imports").await.json().await;
    assert_eq!((&seen["reports"], &seen["waiting"]), (&json!([]), &json!(0)));

    let report = import(&administrator, "/api/imports").await;
    assert_eq!((&report["takenIn"], &report["by"]), (&json!(1), &json!("Ada Sample")));
    assert_eq!(report["flaws"][0]["line"], 3);
    let seen = supervisor.get("/api/imports").await.json().await;
    assert_eq!((&seen["reports"][0], &seen["waiting"], &seen["columns"]), (&report, &json!(1), &columns));
    let queue = supervisor.get("/api/queues/imported").await.json().await;
    assert_eq!(queue["jobs"][0]["serviceJobId"], "J1");
}

#[tokio::test]
async fn what_is_no_csv_or_too_much_is_refused() {
    let (_ground, administrator, supervisor) = browsers().await;
    let (status, code, _) =
        administrator.send(file("/api/imports", "text/plain", FILE)).await.refusal().await;
    assert_eq!((status, code.as_str()), (415, "not_csv"));
    let large = vec![b'x'; 5 * 1024 * 1024 + 1];
    let (status, code, _) = administrator.send(file("/api/imports", "text/csv", large)).await.refusal().await;
    assert_eq!((status, code.as_str()), (413, "too_large"));
    let (status, code, _) = supervisor.send(file("/api/imports", "text/csv", FILE)).await.refusal().await;
    assert_eq!((status, code.as_str()), (403, "not_your_role"));
    let answer = administrator.request(Method::PUT, "/api/imports/columns").await;
    assert_eq!(answer.refusal().await.1, "not_json");
    let names = json!({"city": vec!["x"; 21]}).to_string();
    let request = Request::put("/api/imports/columns").header(header::CONTENT_TYPE, "application/json");
    let answer = administrator.send(request.body(Body::from(names)).unwrap()).await;
    assert_eq!(answer.refusal().await.1, "too_many_names");
}
