use super::browser::Browser;
use crate::engines::{Ground, HOUR, MORNING, PASSWORD};
use axum::{
    body::Body,
    http::{Method, Request, StatusCode, header},
};
use doorstep_core::api::Role;
use serde_json::{Value, json};

#[tokio::test]
async fn a_technician_gets_a_device_and_keeps_it() {
    let ground = Ground::on_sqlite(|_| ()).await;
    let robin = ground.add("Robin Sample", Role::Technician, &["T1"], &[]).await;
    ground.add("Kim Sample", Role::Technician, &["T2"], &[]).await;
    let mut browser = Browser::of(&ground.app);
    let first = browser.sign_in("Robin Sample", None).await;
    assert_eq!(first["user"], robin.to_string());
    assert_eq!((&first["role"], &first["serverTime"]), (&json!("technician"), &json!(MORNING.0)));
    assert_eq!(first["device"]["storeKey"].as_str().unwrap().len(), 64);
    // The cookie alone is given no key.
    let me = browser.get("/api/me").await.json().await;
    let mut expected = first.clone();
    expected["device"] = Value::Null;
    assert_eq!(me, expected);

    let device = first["device"]["id"].as_str();
    let again = browser.another().sign_in("Robin Sample", device).await;
    assert_eq!(again["device"], first["device"]);
    let other = browser.another().sign_in("Kim Sample", device).await;
    assert_ne!(other["device"]["id"], first["device"]["id"]);
    assert_ne!(other["device"]["storeKey"], first["device"]["storeKey"]);
}

#[tokio::test]
async fn a_supervisor_gets_no_device() {
    let ground = Ground::on_sqlite(|_| ()).await;
    ground.add("Kim Sample", Role::Supervisor, &[], &[]).await;
    let signed_in = Browser::of(&ground.app).sign_in("Kim Sample", None).await;
    assert_eq!(signed_in["device"], Value::Null);
}

#[tokio::test]
async fn the_cookie_is_out_of_reach_of_scripts_and_other_sites() {
    for public_https in [false, true] {
        let ground = Ground::on_sqlite(|settings| settings.public_https = public_https).await;
        ground.add("Robin Sample", Role::Technician, &[], &[]).await;
        let browser = Browser::of(&ground.app);
        let answer =
            browser.post("/api/sign-in", &json!({"name": "Robin Sample", "password": PASSWORD})).await;
        let cookie = answer.header("set-cookie");
        for part in ["HttpOnly", "SameSite=Strict", "Path=/", "Max-Age=50400"] {
            assert!(cookie.contains(part), "{cookie}");
        }
        assert_eq!(cookie.contains("Secure"), public_https, "{cookie}");
        assert_eq!(answer.header("strict-transport-security").is_empty(), !public_https);
    }
}

#[tokio::test]
async fn an_unknown_name_and_a_wrong_password_get_the_same_answer() {
    let ground = Ground::on_sqlite(|_| ()).await;
    ground.add("Robin Sample", Role::Technician, &[], &[]).await;
    let browser = Browser::of(&ground.app);
    let wrong =
        browser.post("/api/sign-in", &json!({"name": "Robin Sample", "password": "another one"})).await;
    let unknown = browser.post("/api/sign-in", &json!({"name": "Nobody Sample", "password": PASSWORD})).await;
    assert_eq!((wrong.status, unknown.status), (StatusCode::UNAUTHORIZED, StatusCode::UNAUTHORIZED));
    let wrong = wrong.json().await;
    assert_eq!(wrong["code"], "name_or_password_wrong");
    assert_eq!(wrong, unknown.json().await);
}

#[tokio::test]
async fn guessing_is_slowed_down_and_the_right_password_waits_too() {
    let ground = Ground::on_sqlite(|_| ()).await;
    ground.add("Robin Sample", Role::Technician, &[], &[]).await;
    let mut browser = Browser::of(&ground.app);
    let wrong = json!({"name": "Robin Sample", "password": "another one"});
    for _ in 0..10 {
        assert_eq!(browser.post("/api/sign-in", &wrong).await.status, StatusCode::UNAUTHORIZED);
    }
    let right = json!({"name": "Robin Sample", "password": PASSWORD});
    let refused = browser.post("/api/sign-in", &right).await;
    let after: i64 = refused.header("retry-after").parse().unwrap();
    assert_eq!((refused.refusal().await.1.as_str(), after), ("too_many_attempts", 901));
    ground.clock.advance_ms(after * 1000);
    browser.sign_in("Robin Sample", None).await;
}

#[tokio::test]
async fn a_session_ends_by_itself() {
    let ground = Ground::on_sqlite(|_| ()).await;
    ground.add("Robin Sample", Role::Technician, &[], &[]).await;
    let mut browser = Browser::of(&ground.app);
    browser.sign_in("Robin Sample", None).await;
    ground.clock.advance_ms(14 * HOUR - 1);
    assert_eq!(browser.get("/api/day").await.status, StatusCode::OK);
    ground.clock.advance_ms(1);
    assert_eq!(browser.get("/api/day").await.refusal().await.1, "signed_out");
}

#[tokio::test]
async fn another_site_cannot_make_a_browser_act() {
    let ground = Ground::on_sqlite(|_| ()).await;
    ground.add("Robin Sample", Role::Technician, &[], &[]).await;
    let mut browser = Browser::of(&ground.app);
    browser.sign_in("Robin Sample", None).await;
    let sign_out = |origin: &str| {
        Request::builder()
            .method(Method::POST)
            .uri("/api/sign-out")
            .header(header::ORIGIN, origin)
            .body(Body::empty())
    };
    let refused = browser.send(sign_out("https://other.example").unwrap()).await;
    assert_eq!(refused.refusal().await, (403, "other_site".to_owned(), Some("origin".to_owned())));
    assert_eq!(browser.send(sign_out("http://127.0.0.1:8080").unwrap()).await.status, StatusCode::NO_CONTENT);
}
