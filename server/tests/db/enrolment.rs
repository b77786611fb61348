//! Phones by a code from the office.

use super::{
    closeout::{Person, Reply, ask, get, post_json, sign_in},
    engines::{Ground, HOUR, PASSWORD, on_both_engines, on_both_engines_with},
    phones::phones,
};
use axum::{Router, body::Body, http::Method};
use doorstep_core::{
    api::{EnrolmentCode, Phones, Role},
    id::{DeviceId, UserId},
};
use doorstep_server::{http, settings::Enrolment};
use serde_json::{Value, json};

fn nobody() -> Person {
    Person { device: DeviceId::from_bytes([0; 16]), cookie: String::new() }
}

async fn user(router: &Router, lee: &Person, name: &str) -> UserId {
    let listed: Phones = serde_json::from_slice(&get(router, lee, "/api/devices").await.body).unwrap();
    listed.technicians.into_iter().find(|one| one.name == name).unwrap().user
}

async fn code(router: &Router, lee: &Person, user: UserId, name: &str) -> String {
    let answer = post_json(router, lee, "/api/devices/codes", &json!({"user": user, "name": name})).await;
    let made: EnrolmentCode = serde_json::from_slice(&answer.body).unwrap();
    made.code.expose().clone()
}

async fn enrol(router: &Router, code: &str, devices: &[DeviceId]) -> Reply {
    post_json(router, &nobody(), "/api/enrol", &json!({"code": code, "devices": devices})).await
}

async fn with_password(router: &Router, name: &str, device: Option<DeviceId>) -> Reply {
    let body = json!({"name": name, "password": PASSWORD, "device": device});
    post_json(router, &nobody(), "/api/sign-in", &body).await
}

/// Whoever an answer signed in.
fn person(answer: &Reply) -> Person {
    assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
    let cookie = answer.header("set-cookie").split(';').next().unwrap().to_owned();
    Person { device: answer.json()["device"]["id"].as_str().unwrap().parse().unwrap(), cookie }
}

#[tokio::test]
async fn a_code_makes_one_phone_once_within_a_quarter_of_an_hour() {
    on_both_engines(async |ground| {
        sign_in(&ground, "Robin Sample", Role::Technician, &["T1"], &[]).await;
        let lee = sign_in(&ground, "Lee Sample", Role::Supervisor, &[], &[]).await;
        let router = http::router(ground.app.clone());
        let robin = user(&router, &lee, "Robin Sample").await;

        let first = code(&router, &lee, robin, "Blue phone").await;
        let typed = format!("{}-{}", first[..4].to_lowercase(), &first[4..]);
        // Two at once: one of them is the phone.
        let answers = tokio::join!(enrol(&router, &typed, &[]), enrol(&router, &first, &[]));
        let (taken, refused) = if answers.0.status == 200 { answers } else { (answers.1, answers.0) };
        assert_eq!(refused.refusal(), (403, "code_wrong".to_owned()));
        assert_eq!(
            (&taken.json()["name"], &taken.json()["role"]),
            (&json!("Robin Sample"), &json!("technician"))
        );
        let blue = person(&taken);
        assert_eq!(get(&router, &blue, "/api/day").await.status, 200);
        let named = |phones: Vec<doorstep_core::api::Phone>| {
            phones
                .into_iter()
                .filter(|one| one.name == "Blue phone")
                .map(|one| one.device)
                .collect::<Vec<_>>()
        };
        assert_eq!(named(phones(&router, &lee).await), [blue.device]);

        // The same browser stays the phone it was, so that what waits on it stays readable.
        let again = code(&router, &lee, robin, "Blue phone").await;
        let devices = [DeviceId::from_bytes([7; 16]), blue.device];
        let same = enrol(&router, &again, &devices).await;
        assert_eq!(same.json()["device"], taken.json()["device"]);

        let late = code(&router, &lee, robin, "").await;
        ground.clock.advance_ms(15 * 60_000);
        assert_eq!(enrol(&router, &late, &[]).await.refusal().1, "code_wrong");
    })
    .await;
}

#[tokio::test]
async fn codes_are_for_technicians_whose_account_is_open_and_are_guessed_slowly() {
    on_both_engines(async |ground| {
        let robin = ground.add("Robin Sample", Role::Technician, &["T1"], &[]).await;
        let lee = sign_in(&ground, "Lee Sample", Role::Supervisor, &[], &[]).await;
        let office = ground.add("Sam Sample", Role::Administrator, &[], &[]).await;
        let router = http::router(ground.app.clone());
        let ask_for = async |user: UserId| {
            post_json(&router, &lee, "/api/devices/codes", &json!({"user": user, "name": ""})).await
        };
        assert_eq!(ask_for(office).await.refusal().1, "no_such_technician");
        let open = code(&router, &lee, robin, "").await;
        let path = format!("/api/technicians/{robin}/account");
        let body = Body::from(json!({"enabled": false}).to_string());
        let headers = [("content-type", "application/json")];
        assert_eq!(ask(&router, &lee, Method::PUT, &path, &headers, body).await.status, 204);
        assert_eq!(ask_for(robin).await.refusal().1, "no_such_technician");
        assert_eq!(enrol(&router, &open, &[]).await.refusal().1, "code_wrong");

        for _ in 0..9 {
            assert_eq!(enrol(&router, "ACDEFGHJ", &[]).await.refusal().1, "code_wrong");
        }
        assert_eq!(enrol(&router, "ACDEFGHJ", &[]).await.refusal(), (429, "too_many_attempts".to_owned()));
        ground.clock.advance_ms(HOUR);
        assert_eq!(enrol(&router, "ACDEFGHJ", &[]).await.refusal().1, "code_wrong");
    })
    .await;
}

#[tokio::test]
async fn where_enrolment_is_required_a_password_opens_only_a_phone_that_is_known() {
    on_both_engines_with(
        |settings| settings.enrolment = Enrolment::Required,
        async |ground: Ground| {
            let robin = ground.add("Robin Sample", Role::Technician, &["T1"], &[]).await;
            let lee = sign_in(&ground, "Lee Sample", Role::Supervisor, &[], &[]).await;
            let router = http::router(ground.app.clone());
            let refused = with_password(&router, "Robin Sample", None).await;
            assert_eq!(refused.refusal(), (403, "enrolment_needed".to_owned()));
            let phone = person(&enrol(&router, &code(&router, &lee, robin, "").await, &[]).await);
            let known = with_password(&router, "Robin Sample", Some(phone.device)).await;
            assert_eq!(person(&known).device, phone.device);
            // The office needs no phone.
            assert_eq!(with_password(&router, "Lee Sample", None).await.json()["device"], Value::Null);
        },
    )
    .await;
}
