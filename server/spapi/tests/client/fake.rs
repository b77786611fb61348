//! A fake of Amazon on loopback: answers in the order they were scripted, and keeps every request.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, Method, Response, StatusCode, Uri};
use chrono::{DateTime, TimeDelta, Utc};
use doorstep_spapi::{Client, Clock, Credentials, Endpoint, LoginEndpoint, Settings, Sleep};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

pub(crate) const TOKEN: &str = "Atza|made-up-access-token";
pub(crate) const GRANTED: &str =
    r#"{"access_token":"Atza|made-up-access-token","token_type":"bearer","expires_in":3600}"#;

/// A request as it arrived.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) method: Method,
    pub(crate) path: String,
    pub(crate) query: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Asked {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

/// An answer to be given.
#[derive(Clone)]
pub(crate) struct Reply {
    status: u16,
    headers: Vec<(&'static str, String)>,
    body: String,
}

pub(crate) fn reply(status: u16, body: &str) -> Reply {
    Reply { status, headers: vec![("x-amzn-RequestId", "request-1".to_owned())], body: body.to_owned() }
}

impl Reply {
    pub(crate) fn with(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }
}

#[derive(Default)]
struct Script {
    replies: VecDeque<Reply>,
    logins: VecDeque<Reply>,
    asked: Vec<Asked>,
    login_asked: Vec<Asked>,
}

/// A clock that moves when told, and then wakes who sleeps by it.
pub(crate) struct ManualClock(watch::Sender<DateTime<Utc>>);

impl Clock for ManualClock {
    fn now(&self) -> DateTime<Utc> {
        *self.0.borrow()
    }

    fn sleep(&self, span: Duration) -> Sleep<'_> {
        let mut moved = self.0.subscribe();
        let until = *moved.borrow() + span;
        Box::pin(async move {
            moved.wait_for(|now| *now >= until).await.unwrap();
        })
    }
}

impl ManualClock {
    pub(crate) fn advance(&self, seconds: i64) {
        self.0.send_modify(|now| *now += TimeDelta::seconds(seconds));
    }
}

pub(crate) struct Fake {
    pub(crate) address: String,
    pub(crate) clock: Arc<ManualClock>,
    script: Arc<Mutex<Script>>,
    server: JoinHandle<()>,
}

impl Drop for Fake {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl Fake {
    pub(crate) async fn start() -> Self {
        let script = Arc::<Mutex<Script>>::default();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let app = Router::new().fallback(answer).with_state(script.clone());
        let server = tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        let start = DateTime::from_timestamp(1_772_712_000, 0).unwrap();
        Self { address, clock: Arc::new(ManualClock(watch::Sender::new(start))), script, server }
    }

    /// A fake with one answer scripted, and a client that asks it.
    pub(crate) async fn answering(answer: Reply) -> (Self, Client) {
        let fake = Self::start().await;
        fake.push(answer);
        let client = fake.client();
        (fake, client)
    }

    pub(crate) fn push(&self, reply: Reply) {
        self.script.lock().unwrap().replies.push_back(reply);
    }

    pub(crate) fn push_login(&self, reply: Reply) {
        self.script.lock().unwrap().logins.push_back(reply);
    }

    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.script.lock().unwrap().asked.clone()
    }

    pub(crate) fn logins(&self) -> Vec<Asked> {
        self.script.lock().unwrap().login_asked.clone()
    }

    pub(crate) fn settings(&self) -> Settings {
        Settings::new(
            Endpoint::parse(&self.address).unwrap(),
            LoginEndpoint::parse(&self.address).unwrap(),
            credentials(),
        )
    }

    pub(crate) fn client(&self) -> Client {
        self.client_with(self.settings())
    }

    pub(crate) fn client_with(&self, settings: Settings) -> Client {
        Client::new(settings, self.clock.clone()).unwrap()
    }
}

pub(crate) fn credentials() -> Credentials {
    Credentials {
        client_id: "amzn1.application-oa2-client.made-up".to_owned(),
        client_secret: "made-up-client-secret".into(),
        refresh_token: "Atzr|made-up-refresh-token".into(),
    }
}

async fn answer(
    State(script): State<Arc<Mutex<Script>>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response<Body> {
    let (path, query) = (uri.path().to_owned(), uri.query().unwrap_or_default().to_owned());
    let asked = Asked { method, path, query, headers, body: body.to_vec() };
    let mut script = script.lock().unwrap();
    let reply = if asked.path == "/auth/o2/token" {
        script.login_asked.push(asked);
        script.logins.pop_front().unwrap_or_else(|| reply(200, GRANTED))
    } else {
        script.asked.push(asked);
        script.replies.pop_front().unwrap_or_else(|| reply(599, "nothing is scripted"))
    };
    let mut response = Response::builder().status(StatusCode::from_u16(reply.status).unwrap());
    for (name, value) in reply.headers {
        response = response.header(name, value);
    }
    let body = if reply.status == 204 { Body::empty() } else { Body::from(reply.body) };
    response.body(body).unwrap()
}
