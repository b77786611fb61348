//! What the server logs, down to the finest level, names no buyer and holds no secret.
#![allow(clippy::unwrap_used, reason = "a test that panics has failed, which is what it is for")]

#[allow(dead_code, reason = "shared with the tests of the HTTP API")]
#[path = "http/browser.rs"]
mod browser;
#[allow(dead_code, reason = "shared with the suite of the database")]
#[path = "db/engines.rs"]
mod engines;

use browser::Browser;
use doorstep_core::{api::Role, time::Timestamp};
use doorstep_sandbox::{Clock, Config, Credentials, Sandbox, seed};
use doorstep_server::{clock::Clock as _, http::problem::Refusal, work::Worker};
use engines::{Ground, MORNING, PASSWORD, amazon};
use serde_json::{Value, json};
use std::{
    io::{self, Write},
    sync::{Arc, Mutex},
};

/// All that was logged.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Every text in what Amazon says about a buyer and the place.
fn texts(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::String(text) => found.push(text.clone()),
        Value::Array(items) => items.iter().for_each(|item| texts(item, found)),
        Value::Object(fields) => fields.values().for_each(|field| texts(field, found)),
        _ => {}
    }
}

#[tokio::test]
async fn no_buyer_and_no_secret_is_in_the_log() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt().json().with_max_level(tracing::Level::TRACE);
    let subscriber = subscriber.with_writer(move || writer.clone()).finish();
    tracing::subscriber::set_global_default(subscriber).unwrap();

    let ground = Ground::on_sqlite(|_| ()).await;
    let clock = ground.clock.clone();
    let mut config = Config::new(
        Clock::following(move || clock.now().0),
        seed::day_around(7, MORNING.to_utc(), seed::technicians(), 6),
    );
    config.credentials = Credentials {
        client_id: ground.app.settings.lwa_client_id.clone().unwrap(),
        client_secret: ground.app.settings.lwa_client_secret.clone().unwrap().into_inner(),
        refresh_token: ground.app.settings.lwa_refresh_token.clone().unwrap().into_inner(),
    };
    let sandbox = Sandbox::start(config).await.unwrap();
    let mut planted = Vec::new();
    for job in sandbox.jobs() {
        for part in ["buyer", "serviceLocation"] {
            texts(job.facts.get(part).unwrap_or(&Value::Null), &mut planted);
        }
    }
    // Words of the model, and what is as short as a state's name, say nothing about anybody.
    planted.retain(|text| text.len() > 4 && !text.contains("IN_"));
    assert!(planted.iter().any(|text| text.starts_with("Test Buyer")), "{planted:?}");

    let mut app = ground.app.clone();
    let mut settings = doorstep_server::settings::Settings::clone(&app.settings);
    settings.spapi_endpoint = Some(sandbox.url().to_owned());
    settings.lwa_endpoint = Some(sandbox.url().to_owned());
    app.settings = Arc::new(settings);
    ground.add("Robin Sample", Role::Technician, &["TECHA1"], &["RESA1"]).await;
    let client = amazon(&app);
    let worker = Worker::new(app.clone(), client);
    assert_eq!(worker.intake().await.unwrap().jobs, 11);
    sandbox.touch(&sandbox.jobs()[0].service_job_id).unwrap();
    worker.intake().await.unwrap();

    let mut browser = Browser::of(&app);
    let wrong = json!({"name": "Robin Sample", "password": "a wrong password"});
    browser.post("/api/sign-in", &wrong).await;
    let signed_in = browser.sign_in("Robin Sample", None).await;
    let day = browser.get("/api/day").await.json().await;
    assert!(day["jobs"].as_array().unwrap().iter().any(|job| job["buyer"]["name"].is_string()));
    // What is sealed and does not open any more is the error that stands closest to the data.
    let visit =
        app.db.read().await.unwrap().board_appointments(app.seller, Timestamp(0), Timestamp(i64::MAX)).await;
    let wrong_root = doorstep_server::seal::RootKey::new(doorstep_core::vault::Key::from_bytes([9; 32]));
    let mut tx = app.db.read().await.unwrap();
    let error = tx.load_job(&wrong_root, app.seller, visit.unwrap()[0]).await.unwrap_err();
    assert_eq!(Refusal::from(error).problem().code, "internal");

    planted.extend([
        PASSWORD.to_owned(),
        "a wrong password".to_owned(),
        signed_in["device"]["storeKey"].as_str().unwrap().to_owned(),
        browser.cookie.clone().unwrap().split_once('=').unwrap().1.to_owned(),
        app.settings.lwa_client_secret.clone().unwrap().into_inner(),
        app.settings.lwa_refresh_token.clone().unwrap().into_inner(),
    ]);
    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    for word in ["getServiceJobs", "unwrapping the key", "/api/day"] {
        assert!(log.contains(word), "the log was not captured: {word} is missing");
    }
    for text in planted {
        let line = log.lines().find(|line| line.contains(&text));
        assert!(line.is_none(), "{text:?} is in the log: {line:?}");
    }
}
