//! Restricted data tokens.

use doorstep_spapi::tokens::{RestrictedDataTokenRequest, RestrictedMethod, RestrictedResource};
use doorstep_spapi::{Client, Effect, Restricted, RestrictedPath, Settings, SettingsError, Verdict};
use serde_json::{Value, json};

use crate::fake::{Fake, Reply, TOKEN, reply};

const TOKENS: &str = "/tokens/2021-03-01/restrictedDataToken";
const JOB: &str = r#"{"payload":{"serviceJobId":"J1"}}"#;

fn granted(token: &str) -> Reply {
    reply(200, &json!({ "restrictedDataToken": token, "expiresIn": 3600 }).to_string())
}

fn client(fake: &Fake, path: RestrictedPath) -> Client {
    let operations = ["getServiceJobByServiceJobId".to_owned()].into();
    fake.client_with(Settings { restricted: Restricted { operations, path }, ..fake.settings() })
}

#[tokio::test]
async fn a_token_is_created_with_the_login_and_the_models_body() {
    let (fake, client) = Fake::answering(granted("Atz.sprdt|made-up")).await;
    let request = RestrictedDataTokenRequest {
        target_application: Some("amzn1.sellerapps.app.made-up".into()),
        restricted_resources: vec![RestrictedResource {
            method: RestrictedMethod::Get,
            path: "/service/v1/serviceJobs/{serviceJobId}".into(),
            data_elements: vec!["buyerInfo".into()],
        }],
    };
    let token = client.create_restricted_data_token(&request).await.unwrap().value;
    assert_eq!(
        (token.restricted_data_token.expose().as_str(), token.expires_in),
        ("Atz.sprdt|made-up", 3600)
    );
    assert!(!format!("{token:?}").contains("made-up"));
    let asked = &fake.asked()[0];
    assert_eq!((asked.method.as_str(), asked.path.as_str()), ("POST", TOKENS));
    assert_eq!(asked.header("x-amz-access-token"), TOKEN);
    let body: Value = serde_json::from_slice(&asked.body).unwrap();
    assert_eq!(
        body,
        json!({
            "targetApplication": "amzn1.sellerapps.app.made-up",
            "restrictedResources": [{
                "method": "GET",
                "path": "/service/v1/serviceJobs/{serviceJobId}",
                "dataElements": ["buyerInfo"],
            }],
        })
    );
    for resources in [0, 51] {
        let restricted_resources = vec![request.restricted_resources[0].clone(); resources];
        let wrong = RestrictedDataTokenRequest { restricted_resources, ..request.clone() };
        let error = client.create_restricted_data_token(&wrong).await.unwrap_err();
        assert_eq!(error.not_allowed().unwrap().0, "restrictedResources");
    }
}

#[tokio::test]
async fn an_operation_that_the_settings_name_sends_one_token_for_all_jobs_or_one_for_each() {
    for (path, fetched, asked_for) in [
        (RestrictedPath::Template, 1, "/service/v1/serviceJobs/{serviceJobId}"),
        (RestrictedPath::Concrete, 2, "/service/v1/serviceJobs/J1"),
    ] {
        let fake = Fake::start().await;
        let client = client(&fake, path);
        fake.push(granted("Atz.sprdt|first"));
        fake.push(reply(200, JOB));
        client.get_service_job(&"J1".into()).await.unwrap();
        if fetched == 2 {
            fake.push(granted("Atz.sprdt|second"));
        }
        for _ in 0..2 {
            fake.push(reply(200, JOB));
        }
        client.get_service_job(&"J2".into()).await.unwrap();
        client.get_service_job(&"J1".into()).await.unwrap();
        let asked = fake.asked();
        let tokens: Vec<_> = asked.iter().filter(|asked| asked.path == TOKENS).collect();
        assert_eq!((tokens.len(), asked.len()), (fetched, fetched + 3));
        let body: Value = serde_json::from_slice(&tokens[0].body).unwrap();
        assert_eq!(body["restrictedResources"], json!([{ "method": "GET", "path": asked_for }]));
        assert_eq!(asked[1].header("x-amz-access-token"), "Atz.sprdt|first");
        assert_eq!(asked.last().unwrap().header("x-amz-access-token"), "Atz.sprdt|first");
        assert!(tokens.iter().all(|asked| asked.header("x-amz-access-token") == TOKEN));
        // Other operations keep the login's token.
        fake.push(reply(200, "{}"));
        client.complete_service_job(&"J1".into()).await.unwrap();
        assert_eq!(fake.asked().last().unwrap().header("x-amz-access-token"), TOKEN);
    }
}

#[tokio::test]
async fn a_restricted_token_is_used_until_a_minute_before_its_end_or_until_amazon_calls_it_expired() {
    let fake = Fake::start().await;
    let client = client(&fake, RestrictedPath::Template);
    let fetches = || fake.asked().iter().filter(|asked| asked.path == TOKENS).count();
    fake.push(granted("Atz.sprdt|first"));
    for (advance, fetched) in [(0, 1), (3539, 1)] {
        fake.clock.advance(advance);
        fake.push(reply(200, JOB));
        client.get_service_job(&"J1".into()).await.unwrap();
        assert_eq!(fetches(), fetched);
    }
    fake.clock.advance(1);
    fake.push(granted("Atz.sprdt|second"));
    let expired = r#"{"errors":[{"code":"Unauthorized","message":"Access to requested resource is denied.",
        "details":"The access token you provided has expired."}]}"#;
    fake.push(reply(403, expired));
    let error = client.get_service_job(&"J1".into()).await.unwrap_err();
    assert_eq!(error.verdict(), Verdict::Retry { after: None });
    fake.push(granted("Atz.sprdt|third"));
    fake.push(reply(200, JOB));
    client.get_service_job(&"J1".into()).await.unwrap();
    assert_eq!(
        (fetches(), fake.asked().last().unwrap().header("x-amz-access-token")),
        (3, "Atz.sprdt|third")
    );
}

#[tokio::test]
async fn callers_at_the_same_time_share_one_restricted_token() {
    let fake = Fake::start().await;
    let client = client(&fake, RestrictedPath::Template);
    fake.push(granted("Atz.sprdt|made-up"));
    for _ in 0..8 {
        fake.push(reply(200, JOB));
    }
    let mut calls = tokio::task::JoinSet::new();
    for _ in 0..8 {
        let client = client.clone();
        calls.spawn(async move { client.get_service_job(&"J1".into()).await.map(|_| ()) });
    }
    while let Some(outcome) = calls.join_next().await {
        outcome.unwrap().unwrap();
    }
    assert_eq!(fake.asked().len(), 9);
}

#[tokio::test]
async fn without_a_restricted_token_nothing_is_sent_and_the_words_say_why() {
    let refused = r#"{"errors":[{"code":"InvalidInput",
        "message":"Application do not have access to some or all requested resource"}]}"#;
    let fake = Fake::start().await;
    let client = client(&fake, RestrictedPath::Template);
    fake.push(reply(400, refused));
    let error = client.get_service_job(&"J1".into()).await.unwrap_err();
    assert_eq!(
        (error.verdict(), error.effect()),
        (Verdict::GiveUp { code: "InvalidInput".into() }, Effect::None)
    );
    assert_eq!((error.operation(), error.request_id()), ("getServiceJobByServiceJobId", Some("request-1")));
    assert_eq!(error.remarks()[0].code, "InvalidInput");
    assert!(error.advice().unwrap().contains("restricted data token"));
    assert_eq!(fake.asked().len(), 1);

    // Denied although there was one: its path may not be the request's.
    fake.push(granted("Atz.sprdt|made-up"));
    fake.push(reply(403, r#"{"errors":[{"code":"Unauthorized","message":"Access is denied."}]}"#));
    let error = client.get_service_job(&"J1".into()).await.unwrap_err();
    assert!(error.advice().unwrap().contains("path"), "{error}");
}

#[tokio::test]
async fn an_operation_that_does_not_exist_is_refused_as_a_setting() {
    let fake = Fake::start().await;
    let restricted = Restricted { operations: ["getJobs".to_owned()].into(), ..Restricted::default() };
    let refused = Client::new(Settings { restricted, ..fake.settings() }, fake.clock.clone()).unwrap_err();
    assert!(matches!(refused, SettingsError::UnknownOperation(name) if name == "getJobs"));
}
