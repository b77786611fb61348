//! Login with Amazon.

use doorstep_spapi::{Effect, Verdict};

use crate::fake::{Fake, GRANTED, reply};

const EXPIRED: &str = r#"{"errors":[{"code":"Unauthorized","message":"Access to requested resource is denied.",
    "details":"The access token you provided has expired."}]}"#;

#[tokio::test]
async fn the_refresh_token_is_sent_as_a_form() {
    let (fake, client) = Fake::answering(reply(200, "{}")).await;
    client.complete_service_job(&"J1".into()).await.unwrap();
    let asked = &fake.logins()[0];
    assert!(asked.header("content-type").starts_with("application/x-www-form-urlencoded"));
    assert_eq!(
        String::from_utf8_lossy(&asked.body),
        "grant_type=refresh_token&refresh_token=Atzr%7Cmade-up-refresh-token\
         &client_id=amzn1.application-oa2-client.made-up&client_secret=made-up-client-secret"
    );
}

#[tokio::test]
async fn a_token_is_used_until_a_minute_before_its_end() {
    let fake = Fake::start().await;
    let client = fake.client();
    for (advance, logins) in [(0, 1), (3539, 1), (1, 2)] {
        fake.clock.advance(advance);
        fake.push(reply(200, "{}"));
        client.complete_service_job(&"J1".into()).await.unwrap();
        assert_eq!(fake.logins().len(), logins, "after {advance} s more");
    }
}

#[tokio::test]
async fn callers_at_the_same_time_share_one_login() {
    let fake = Fake::start().await;
    let client = fake.client();
    for _ in 0..8 {
        fake.push(reply(200, "{}"));
    }
    let mut calls = tokio::task::JoinSet::new();
    for _ in 0..8 {
        let client = client.clone();
        calls.spawn(async move { client.complete_service_job(&"J1".into()).await.map(|_| ()) });
    }
    while let Some(outcome) = calls.join_next().await {
        outcome.unwrap().unwrap();
    }
    assert_eq!((fake.logins().len(), fake.asked().len()), (1, 8));
}

#[tokio::test]
async fn callers_at_the_same_time_share_a_failed_login() {
    let fake = Fake::start().await;
    let client = fake.client();
    fake.push_login(reply(400, r#"{"error":"invalid_grant"}"#));
    let mut calls = tokio::task::JoinSet::new();
    for _ in 0..8 {
        let client = client.clone();
        calls.spawn(async move { client.complete_service_job(&"J1".into()).await.unwrap_err().verdict() });
    }
    while let Some(verdict) = calls.join_next().await {
        assert_eq!(verdict.unwrap(), Verdict::GiveUp { code: "invalid_grant".into() });
    }
    assert_eq!((fake.logins().len(), fake.asked().len()), (1, 0));
}

#[tokio::test]
async fn an_authorisation_that_is_gone_wants_a_person_and_an_outage_wants_time() {
    let retry = Verdict::Retry { after: None };
    let give_up = |code: &str| Verdict::GiveUp { code: code.to_owned() };
    for (status, body, verdict) in [
        (
            400,
            r#"{"error":"invalid_grant","error_description":"The request has an invalid grant."}"#,
            give_up("invalid_grant"),
        ),
        (
            401,
            r#"{"error":"invalid_client","error_description":"Client authentication failed"}"#,
            give_up("invalid_client"),
        ),
        (400, r#"{"error":"unauthorized_client"}"#, give_up("unauthorized_client")),
        (403, "<html>", give_up("http_403")),
        (400, r#"{"error":"temporarily_unavailable"}"#, retry.clone()),
        (500, r#"{"error":"server_error"}"#, retry.clone()),
        (503, "", retry.clone()),
        (429, "", retry.clone()),
        (200, "<html>", retry.clone()),
        (200, r#"{"access_token":null,"expires_in":3600}"#, retry),
    ] {
        let fake = Fake::start().await;
        fake.push_login(reply(status, body));
        let error = fake.client().complete_service_job(&"J1".into()).await.unwrap_err();
        assert_eq!((error.verdict(), error.effect()), (verdict, Effect::None), "{status} {body}");
        assert!(fake.asked().is_empty());
    }
}

#[tokio::test]
async fn after_a_failed_login_the_next_call_tries_again() {
    let fake = Fake::start().await;
    fake.push_login(reply(503, ""));
    fake.push(reply(200, "{}"));
    let client = fake.client();
    assert!(client.complete_service_job(&"J1".into()).await.is_err());
    client.complete_service_job(&"J1".into()).await.unwrap();
    assert_eq!(fake.logins().len(), 2);
}

#[tokio::test]
async fn a_token_that_amazon_calls_expired_is_dropped_and_the_call_is_to_be_repeated() {
    let fake = Fake::start().await;
    fake.push(reply(403, EXPIRED));
    fake.push(reply(200, "{}"));
    fake.push_login(reply(200, GRANTED));
    fake.push_login(reply(200, r#"{"access_token":"Atza|made-up-second","expires_in":"3600"}"#));
    let client = fake.client();
    let error = client.complete_service_job(&"J1".into()).await.unwrap_err();
    assert_eq!((error.verdict(), error.effect()), (Verdict::Retry { after: None }, Effect::None));
    client.complete_service_job(&"J1".into()).await.unwrap();
    assert_eq!(fake.asked()[1].header("x-amz-access-token"), "Atza|made-up-second");
}

#[tokio::test]
async fn nothing_that_can_be_printed_holds_a_secret() {
    let fake = Fake::start().await;
    fake.push_login(reply(
        400,
        r#"{"error":"invalid_grant","error_description":"made-up-refresh-token is bad"}"#,
    ));
    let client = fake.client();
    let error = client.complete_service_job(&"J1".into()).await.unwrap_err();
    let printed = format!("{client:?} {:?} {error:?} {error}", fake.settings());
    for secret in ["made-up-client-secret", "made-up-refresh-token", "made-up-access-token"] {
        assert!(!printed.contains(secret), "{printed}");
    }
}
