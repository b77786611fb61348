//! The switches over HTTP: what is refused, with which code, and who is named in the audit.

use super::browser::Browser;
use crate::engines::Ground;
use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use doorstep_core::api::Role;
use serde_json::{Value, json};

const COMPLETE: &str = "/api/connection/operations/completeServiceJobByServiceJobId";

async fn put(browser: &Browser, path: &str, body: &Value) -> super::browser::Head {
    let request = Request::put(path).header(header::CONTENT_TYPE, "application/json");
    browser.send(request.body(Body::from(body.to_string())).unwrap()).await
}

async fn administrator(ground: &Ground) -> Browser {
    ground.add("Sam Sample", Role::Administrator, &[], &[]).await;
    let mut browser = Browser::of(&ground.app);
    browser.sign_in("Sam Sample", None).await;
    browser
}

#[tokio::test]
async fn a_switch_that_was_moved_is_shown_with_who_moved_it() {
    let ground = Ground::on_sqlite(|_| ()).await;
    let browser = administrator(&ground).await;
    let moved = put(&browser, COMPLETE, &json!({"position": "observe"})).await;
    assert_eq!(moved.status, StatusCode::OK);
    assert_eq!(moved.json().await, json!({"released": 0, "left": 0}));
    let shown = browser.get("/api/connection").await.json().await;
    let line = |name: &str| {
        let lines = shown["operations"].as_array().unwrap();
        lines.iter().find(|line| line["operation"] == name).unwrap().clone()
    };
    assert_eq!(line("completeServiceJobByServiceJobId")["position"], "observe");
    assert_eq!(line("getServiceJobs")["position"], "send");
    assert_eq!(line("getServiceJobs")["writes"], false);
    let change = &shown["changes"][0];
    assert_eq!(change["by"], "Sam Sample");
    assert_eq!(
        (change["what"]["from"].as_str(), change["what"]["to"].as_str()),
        (Some("send"), Some("observe"))
    );
    assert_eq!(browser.get("/api/observed").await.json().await, json!({"requests": [], "more": false}));
}

#[tokio::test]
async fn what_no_switch_can_do_is_refused_with_its_code_and_changes_nothing() {
    let ground = Ground::on_sqlite(|_| ()).await;
    let browser = administrator(&ground).await;
    let before = browser.get("/api/connection").await.json().await;
    let reading = "/api/connection/operations/getServiceJobs";
    let program = json!({"position": "send", "program": "Walls"});
    let nobody = json!({"programs": [{"name": "Walls"}]});
    let twice = json!({"programs": [{"name": "A", "skills": ["x"]}, {"name": "B", "skills": ["x"]}]});
    for (path, body, code, field) in [
        ("/api/connection/operations/makeTea", json!({"position": "send"}), "no_such_operation", None),
        (reading, json!({"position": "observe"}), "read_not_observed", Some("position")),
        (COMPLETE, json!({"position": null}), "position_missing", Some("position")),
        (COMPLETE, program, "no_such_program", Some("program")),
        (COMPLETE, json!({"position": "off"}), "wrong_value", Some("position")),
        (COMPLETE, json!({"position": "send", "force": true}), "unknown_field", Some("force")),
        ("/api/connection/programs", nobody, "programs_do_not_fit", Some("programs")),
        ("/api/connection/programs", twice, "programs_do_not_fit", Some("programs")),
    ] {
        let (_, found, at) = put(&browser, path, &body).await.refusal().await;
        assert_eq!((found.as_str(), at.as_deref()), (code, field), "{path} {body}");
    }
    assert_eq!(browser.get("/api/observed?appointment=short").await.refusal().await.1, "bad_id");
    assert_eq!(browser.get("/api/connection").await.json().await, before);
}
