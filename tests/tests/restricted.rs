//! Restricted data tokens, where Amazon asks for them.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use doorstep_sandbox::{Clock, Config, Sandbox, seed};
use doorstep_server::clock::{ManualClock, SpapiClock};
use doorstep_spapi::{
    Client, Credentials, Endpoint, LoginEndpoint, Restricted, RestrictedPath, Settings, Verdict,
    operations::jobs::GET_SERVICE_JOB,
};
use doorstep_tests::world::MORNING;
use std::sync::Arc;

async fn sandbox() -> Sandbox {
    let day = seed::day_around(1, MORNING.to_utc(), seed::technicians(), 4);
    let restricted = [GET_SERVICE_JOB.name.to_owned()].into();
    let config = Config { restricted, ..Config::new(Clock::manual(MORNING.to_utc()), day) };
    Sandbox::start(config).await.unwrap()
}

fn client(sandbox: &Sandbox, restricted: Restricted) -> Client {
    let known = sandbox.credentials();
    let credentials = Credentials {
        client_id: known.client_id,
        client_secret: known.client_secret.into(),
        refresh_token: known.refresh_token.into(),
    };
    let endpoint = Endpoint::parse(sandbox.url()).unwrap();
    let login = LoginEndpoint::parse(sandbox.url()).unwrap();
    let settings = Settings { restricted, ..Settings::new(endpoint, login, credentials) };
    Client::new(settings, Arc::new(SpapiClock(ManualClock::at(MORNING)))).unwrap()
}

#[tokio::test]
async fn a_job_that_takes_a_restricted_token_is_read_with_one_and_denied_without() {
    let sandbox = sandbox().await;
    let job = sandbox.jobs()[0].service_job_id.clone();
    let error =
        client(&sandbox, Restricted::default()).get_service_job(&job.as_str().into()).await.unwrap_err();
    assert!(matches!(error.verdict(), Verdict::GiveUp { .. }) && error.is_about_authorisation(), "{error}");
    for path in [RestrictedPath::Template, RestrictedPath::Concrete] {
        let restricted = Restricted { operations: [GET_SERVICE_JOB.name.to_owned()].into(), path };
        let client = client(&sandbox, restricted);
        for _ in 0..2 {
            let read = client.get_service_job(&job.as_str().into()).await.unwrap().value;
            assert_eq!(read.service_job_id, Some(job.as_str().into()));
        }
    }
    let asked = sandbox.record();
    let tokens = asked.iter().filter(|asked| asked.operation == Some("createRestrictedDataToken")).count();
    assert_eq!(tokens, 2, "one for each client, kept");
}
