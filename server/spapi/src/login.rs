//! Login with Amazon: an access token for a refresh token.
//!
//! The token is kept until a minute before it runs out. Callers that find none share one request for it, and
//! share its failure as well: a seller whose authorisation was withdrawn is not asked about by every worker.

mod secret;

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};

use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;
use tokio::sync::Mutex;

use crate::answer::Remark;
use crate::client::transport;
use crate::clock::Clock;
use crate::endpoint::LoginEndpoint;
use crate::error::LoginFailure;
use crate::lenient;
use crate::redacted::Secret;

pub use secret::SecretHealth;

/// So long before its end a token is not used any more.
const MARGIN: TimeDelta = TimeDelta::seconds(60);
/// A token's life is an hour; a figure beyond a day is not believed.
const LONGEST_LIFE: u32 = 24 * 3600;
/// Tokens are at most 2 KiB each; an answer longer than this is none.
const LONGEST_ANSWER: usize = 64 * 1024;

/// What Login with Amazon knows a seller's authorisation by.
#[derive(Clone, Debug)]
pub struct Credentials {
    /// The application.
    pub client_id: String,
    /// The application's secret, to be rotated every 180 days.
    pub client_secret: Secret<String>,
    /// The seller's authorisation.
    pub refresh_token: Secret<String>,
}

pub(crate) struct Login {
    endpoint: LoginEndpoint,
    credentials: Credentials,
    state: Mutex<State>,
    /// How many requests have been finished: tells a caller whether one finished while it waited.
    finished: AtomicU64,
}

#[derive(Default)]
struct State {
    token: Option<Token>,
    failure: Option<LoginFailure>,
}

/// A token and its time.
#[derive(Clone, Debug)]
pub(crate) struct Token {
    pub(crate) text: Secret<String>,
    use_until: DateTime<Utc>,
}

impl Token {
    /// The life counts from before the question was asked: the way takes time too.
    pub(crate) fn granted(text: Secret<String>, expires_in: u32, asked_at: DateTime<Utc>) -> Self {
        let life = TimeDelta::seconds(i64::from(expires_in.min(LONGEST_LIFE)));
        Self { text, use_until: asked_at + life - MARGIN }
    }

    pub(crate) fn is_usable_at(&self, now: DateTime<Utc>) -> bool {
        now < self.use_until
    }
}

#[derive(Deserialize)]
struct Granted {
    access_token: Secret<String>,
    #[serde(deserialize_with = "lenient::integer")]
    expires_in: u32,
}

#[derive(Deserialize)]
struct Refused {
    error: String,
    error_description: Option<String>,
}

impl Login {
    pub(crate) fn new(endpoint: LoginEndpoint, credentials: Credentials) -> Self {
        Self { endpoint, credentials, state: Mutex::default(), finished: AtomicU64::new(0) }
    }

    /// The access token, fetched if need be.
    pub(crate) async fn token(
        &self,
        http: &reqwest::Client,
        clock: &dyn Clock,
    ) -> Result<Secret<String>, LoginFailure> {
        let finished = self.finished.load(Ordering::Acquire);
        let mut state = self.state.lock().await;
        if let Some(token) = state.token.as_ref().filter(|token| token.is_usable_at(clock.now())) {
            return Ok(token.text.clone());
        }
        if let Some(failure) =
            state.failure.as_ref().filter(|_| finished != self.finished.load(Ordering::Acquire))
        {
            return Err(failure.clone());
        }
        let fetched = self.fetch(http, clock).await;
        self.finished.fetch_add(1, Ordering::AcqRel);
        match fetched {
            Ok(token) => {
                let text = token.text.clone();
                *state = State { token: Some(token), failure: None };
                Ok(text)
            }
            Err(failure) => {
                *state = State { token: None, failure: Some(failure.clone()) };
                Err(failure)
            }
        }
    }

    /// Drops a token that Amazon called expired, unless it has been replaced already.
    pub(crate) async fn drop_token(&self, used: &Secret<String>) {
        let mut state = self.state.lock().await;
        if state.token.as_ref().is_some_and(|token| token.text == *used) {
            state.token = None;
        }
    }

    async fn fetch(&self, http: &reqwest::Client, clock: &dyn Clock) -> Result<Token, LoginFailure> {
        let form = [
            ("grant_type", "refresh_token"),
            ("refresh_token", self.credentials.refresh_token.expose().as_str()),
            ("client_id", self.credentials.client_id.as_str()),
            ("client_secret", self.credentials.client_secret.expose().as_str()),
        ];
        let asked_at = clock.now();
        let unreachable = |why: String| LoginFailure::Unreachable(why);
        let request = http.post(self.endpoint.as_str()).form(&form);
        let response = request.send().await.map_err(|failure| unreachable(transport::describe(&failure)))?;
        let status = response.status().as_u16();
        let body = transport::body(response, LONGEST_ANSWER).await.map_err(unreachable)?;
        tracing::debug!(status, "asked Login with Amazon for a token");
        if !(200..300).contains(&status) {
            let refused = serde_json::from_slice::<Refused>(&body).ok();
            let (code, message) = refused.map_or_else(
                || (format!("http_{status}"), String::new()),
                |refused| (refused.error, refused.error_description.unwrap_or_default()),
            );
            return Err(LoginFailure::Refused { status, remark: Remark { code, message, details: None } });
        }
        let granted: Granted =
            serde_json::from_slice(&body).map_err(|_| unreachable("the answer holds no token".to_owned()))?;
        Ok(Token::granted(granted.access_token, granted.expires_in, asked_at))
    }
}

impl fmt::Debug for Login {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Login").field("endpoint", &self.endpoint).finish_non_exhaustive()
    }
}
