//! The client: one seller's authorisation, one endpoint, one call at a time per request.

mod held;
mod settings;
pub(crate) mod transport;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use chrono::{DateTime, Utc};
use reqwest::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderValue};
use serde_json::Value;

use crate::answer::{Answer, Content, payload};
use crate::clock::Clock;
use crate::endpoint::SettingsError;
use crate::error::{Cause, Error, LoginFailure};
use crate::login::{Login, SecretHealth};
use crate::operations::{self, Operation, Rate};
use crate::pace::{Leave, Pace, Queue};
use crate::tokens::Tokens;

pub use settings::{ContentMd5, Over, PageTokenEncoding, Settings, SignedContentType};

/// Twenty jobs a page are far below this; what is longer is not an answer.
const LONGEST_ANSWER: usize = 4 * 1024 * 1024;
/// The store's refusals are short XML.
const LONGEST_UPLOAD_ANSWER: usize = 64 * 1024;
/// Without a connection after this time there was none: a failure that is known to have changed nothing.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// Amazon closes idle connections; a request into one that is closing is a lost answer for nothing.
const IDLE_TIMEOUT: Duration = Duration::from_secs(15);

/// A client of the Services API for one seller. Clones share the token and the rates.
#[derive(Clone)]
pub struct Client {
    parts: Arc<Parts>,
    patience: Duration,
}

struct Parts {
    settings: Settings,
    http: reqwest::Client,
    clock: Arc<dyn Clock>,
    login: Login,
    tokens: Tokens,
    pace: Pace,
}

/// A request ready to be sent.
#[cfg_attr(test, derive(Debug))]
pub(crate) struct Request {
    pub(crate) operation: &'static Operation,
    pub(crate) path: String,
    pub(crate) query: String,
    pub(crate) body: Option<Vec<u8>>,
}

/// A document on its way to the store.
pub(crate) struct Upload<'a> {
    pub(crate) url: &'a str,
    pub(crate) headers: &'a BTreeMap<String, String>,
    pub(crate) content_type: &'a str,
    pub(crate) length: u64,
    pub(crate) body: reqwest::Body,
}

impl Client {
    /// Sets a client up. Nothing is sent.
    pub fn new(settings: Settings, clock: Arc<dyn Clock>) -> Result<Self, SettingsError> {
        let mut restricted = settings.restricted.operations.iter();
        if let Some(unknown) =
            restricted.find(|name| !operations::ALL.iter().any(|known| known.name == **name))
        {
            return Err(SettingsError::UnknownOperation(unknown.clone()));
        }
        let agent = concat!("Doorstep/", env!("CARGO_PKG_VERSION"), " (Language=Rust; Platform=").to_owned();
        let mut http = reqwest::Client::builder()
            .user_agent(agent + std::env::consts::OS + ")")
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .referer(false)
            .connect_timeout(CONNECT_TIMEOUT.min(settings.timeout))
            .pool_idle_timeout(IDLE_TIMEOUT);
        if settings.endpoint.is_plain() && settings.lwa_endpoint.is_plain() {
            // Nothing leaves this machine, so it needs neither proxy nor CA certificates.
            http = http.no_proxy().tls_certs_only([]);
        }
        let for_all = settings.endpoint.is_amazons_sandbox().then_some(Rate::AMAZONS_SANDBOX);
        let patience = settings.patience;
        let parts = Parts {
            http: http.build().map_err(SettingsError::Http)?,
            clock,
            login: Login::new(settings.lwa_endpoint.clone(), settings.credentials.clone()),
            tokens: Tokens::default(),
            pace: Pace::new(for_all),
            settings,
        };
        Ok(Self { parts: Arc::new(parts), patience })
    }

    /// The same client with another patience; token, rates and line are shared with this one.
    pub fn with_patience(&self, patience: Duration) -> Self {
        Self { patience, ..self.clone() }
    }

    /// Who stands in line for an operation: `assignAppointmentResources`, at one a second, can make people wait.
    pub fn queue(&self, operation: &Operation) -> Queue {
        self.parts.pace.queue(operation, &*self.parts.clock)
    }

    /// How old the client secret is, and what that means.
    pub fn secret_health(&self) -> SecretHealth {
        SecretHealth::at(self.parts.settings.secret_issued, self.now())
    }

    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.parts.clock.now()
    }

    pub(crate) fn hashed_over(&self) -> Over {
        self.parts.settings.content_sha256
    }

    pub(crate) fn content_md5(&self) -> ContentMd5 {
        self.parts.settings.content_md5
    }

    pub(crate) fn signed_content_type(&self) -> SignedContentType {
        self.parts.settings.signed_content_type
    }

    pub(crate) fn page_token_encoding(&self) -> PageTokenEncoding {
        self.parts.settings.page_tokens
    }

    /// Sends one request, once, and sorts its answer. The value is the body whole.
    pub(crate) async fn call(&self, request: Request) -> Result<Answer<Value>, Error> {
        let operation = request.operation;
        let outcome = self.call_in_turn(request).await;
        if let Err(error) = &outcome {
            if let Cause::Refused { status: 429, after, .. } = error.cause() {
                self.parts.pace.throttled(operation, &*self.parts.clock, *after);
            }
            tracing::debug!(operation = operation.name, %error, "a call failed");
        }
        outcome
    }

    /// Login, rate, request. The login comes first: whoever has leave sends at once, so that no leave of now arrives
    /// together with that of later.
    async fn call_in_turn(&self, request: Request) -> Result<Answer<Value>, Error> {
        let operation = request.operation;
        let Parts { settings, clock, pace, .. } = &*self.parts;
        let too_slow = || operation.failed(Cause::Login(LoginFailure::Unreachable("timed out".to_owned())));
        // One limit for login and request together, so that a caller knows when the request cannot be under way any
        // more. Standing in line has its own.
        let begun = tokio::time::Instant::now();
        match tokio::time::timeout(settings.timeout, self.token(operation, &request.path)).await {
            Ok(token) => token?,
            Err(_) => return Err(too_slow()),
        };
        let left = settings.timeout.saturating_sub(begun.elapsed());
        let leave = pace
            .leave(operation, &**clock, self.patience)
            .await
            .map_err(|after| operation.failed(Cause::Paced { after }))?;
        let is_sent = AtomicBool::new(false);
        match tokio::time::timeout(left, self.exchange(request, leave, &is_sent)).await {
            Ok(outcome) => outcome,
            Err(_) if is_sent.load(Ordering::Relaxed) => {
                Err(operation.failed(Cause::Lost("timed out".to_owned())))
            }
            Err(_) => Err(too_slow()),
        }
    }

    async fn exchange(
        &self,
        request: Request,
        leave: Leave<'_>,
        is_sent: &AtomicBool,
    ) -> Result<Answer<Value>, Error> {
        let Request { operation, path, query, body } = request;
        let Parts { settings, http, clock, pace, .. } = &*self.parts;
        // Known already, unless it ran out in line.
        let token = self.token(operation, &path).await?;
        let mut secret = HeaderValue::from_str(token.text.expose()).map_err(|_| {
            operation.failed(Cause::Login(LoginFailure::Unreachable("the token is not a header".to_owned())))
        })?;
        secret.set_sensitive(true);

        let separator = if query.is_empty() { "" } else { "?" };
        let mut sent = http
            .request(
                operation.method.clone(),
                format!("{}{path}{separator}{query}", settings.endpoint_of(operation).as_str()),
            )
            .header("x-amz-access-token", secret)
            .header("x-amz-date", clock.now().format("%Y%m%dT%H%M%SZ").to_string());
        if let Some(body) = body {
            sent = sent.header(CONTENT_TYPE, "application/json").body(body);
        }
        leave.spend();
        is_sent.store(true, Ordering::Relaxed);
        let response = sent.send().await.map_err(|failure| {
            let cause = transport::cause(&failure);
            if let Cause::Unreachable(_) = cause {
                pace.give_back(operation, &**clock);
            }
            operation.failed(cause)
        })?;

        let status = response.status().as_u16();
        let headers = response.headers();
        let request_id = transport::header(headers, "x-amzn-requestid");
        let after = transport::retry_after(headers, clock.now());
        if let Some(rate) =
            transport::header(headers, "x-amzn-ratelimit-limit").and_then(|text| text.trim().parse().ok())
        {
            pace.learn(operation, &**clock, rate);
        }
        let failed = |cause| {
            let error = operation.failed(cause).with_request_id(request_id.clone());
            if token.is_restricted() { error.with_restricted_token() } else { error }
        };
        let is_success = (200..300).contains(&status);
        let body = match transport::body(response, LONGEST_ANSWER).await {
            Ok(body) => body,
            // The status is enough to know that it was refused.
            Err(_) if !is_success => Vec::new(),
            Err(why) => return Err(failed(Cause::Lost(why))),
        };
        let restricted = token.is_restricted();
        tracing::debug!(operation = operation.name, status, request_id, restricted, "Amazon answered");
        if !is_success {
            let (remarks, said) = Content::of_refusal(&body);
            let error = failed(Cause::Refused { status, remarks, after }).with_said(said);
            if error.is_expired_token() {
                self.drop_token(&token).await;
            }
            return Err(error);
        }
        // What comes with 204 is not looked at: it has no content, whatever the model says.
        let body = if status == 204 { &[][..] } else { &body };
        let content = Content::of_success(body)
            .map_err(|_| failed(Cause::Unreadable { status, at: "the body".to_owned() }))?;
        if !content.errors.is_empty() {
            let refused = Cause::Refused { status, remarks: content.errors, after };
            return Err(failed(refused).with_said(content.said));
        }
        Ok(Answer { value: content.whole, warnings: content.warnings, request_id })
    }

    /// Types the value of an operation that has one; an answer without is no answer.
    pub(crate) fn value_of<T>(
        &self,
        operation: &'static Operation,
        answer: Answer<Value>,
        read: impl FnOnce(Value) -> Result<T, String>,
    ) -> Result<Answer<T>, Error> {
        let request_id = answer.request_id.clone();
        answer.try_map(|value| {
            let read = payload(value).ok_or_else(|| "payload".to_owned()).and_then(read);
            read.map_err(|at| {
                operation.failed(Cause::Unreadable { status: 200, at }).with_request_id(request_id)
            })
        })
    }

    /// Puts a document into the store: no token, and exactly the headers that were signed. A failure comes
    /// with the store's name for the request.
    pub(crate) async fn put(&self, upload: Upload<'_>) -> Result<(), (Cause, Option<String>)> {
        let Upload { url, headers, content_type, length, body } = upload;
        let mut request = self.parts.http.put(url).header(CONTENT_LENGTH, length).body(body);
        if !headers.contains_key(CONTENT_TYPE.as_str()) {
            request = request.header(CONTENT_TYPE, content_type);
        }
        for (name, value) in headers {
            // These two follow from the address and the body.
            if !matches!(name.as_str(), "host" | "content-length") {
                request = request.header(name, value);
            }
        }
        let exchange = async {
            let response = request.send().await.map_err(|failure| (transport::cause(&failure), None))?;
            let status = response.status().as_u16();
            if (200..300).contains(&status) {
                return Ok(());
            }
            let request_id = transport::header(response.headers(), "x-amz-request-id");
            let body = transport::body(response, LONGEST_UPLOAD_ANSWER).await.unwrap_or_default();
            Err((Cause::UploadRefused { status, code: code_in_xml(&body) }, request_id))
        };
        match tokio::time::timeout(self.parts.settings.timeout, exchange).await {
            Ok(outcome) => outcome,
            Err(_) => Err((Cause::Lost("timed out".to_owned()), None)),
        }
    }
}

/// The code of a refusal of the store, and nothing else of it: the rest repeats what was signed.
fn code_in_xml(body: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(body);
    let (_, rest) = text.split_once("<Code>")?;
    let (code, _) = rest.split_once("</Code>")?;
    (!code.is_empty() && code.len() <= 64 && code.bytes().all(|byte| byte.is_ascii_alphanumeric()))
        .then(|| code.to_owned())
}

impl fmt::Debug for Client {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Client").field("settings", &self.parts.settings).finish_non_exhaustive()
    }
}
