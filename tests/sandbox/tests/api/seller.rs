//! A seller's client, as bare as can be, and the sandbox it talks to.

use aes::cipher::block_padding::Pkcs7;
use aes::cipher::{BlockModeEncrypt, KeyIvInit};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use doorstep_sandbox::{Clock, Config, Job, Sandbox, seed};
use reqwest::header::HeaderMap;
use reqwest::{Client, Method, RequestBuilder};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

pub(crate) const JOBS: &str = "/service/v1/serviceJobs";
pub(crate) const DOCUMENTS: &str = "/service/v1/documents";
pub(crate) const ALL: &str = "marketplaceIds=ATVPDKIKX0DER&createdAfter=2020-01-01T00:00:00Z";

pub(crate) struct Seller {
    pub(crate) sandbox: Sandbox,
    pub(crate) http: Client,
    pub(crate) token: String,
}

#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
    pub(crate) body: Value,
}

impl Answer {
    pub(crate) async fn of(request: RequestBuilder) -> Self {
        let response = request.send().await.unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let text = response.text().await.unwrap();
        let body = serde_json::from_str(&text).unwrap_or_default();
        Self { status, headers, text, body }
    }

    /// Status, code and message of the first error in Amazon's usual envelope.
    pub(crate) fn error(&self) -> (u16, &str, &str) {
        let error = &self.body["errors"][0];
        (self.status, error["code"].as_str().unwrap(), error["message"].as_str().unwrap())
    }

    pub(crate) fn details(&self) -> &str {
        self.body["errors"][0]["details"].as_str().unwrap()
    }

    /// The same for an operation whose errors have no envelope.
    pub(crate) fn bare_error(&self) -> (u16, &str, &str) {
        let error = &self.body[0];
        (self.status, error["code"].as_str().unwrap(), error["message"].as_str().unwrap())
    }

    /// Status and `Code` of S3's XML.
    pub(crate) fn storage_error(&self) -> (u16, &str) {
        assert_eq!(self.headers["content-type"], "application/xml");
        let (_, rest) = self.text.split_once("<Code>").unwrap();
        (self.status, rest.split_once("</Code>").unwrap().0)
    }
}

/// An upload destination and the document made for it.
#[derive(Clone, Debug)]
pub(crate) struct Proof {
    pub(crate) id: String,
    pub(crate) url: String,
    pub(crate) ciphertext: Vec<u8>,
    pub(crate) plaintext: Vec<u8>,
}

impl Proof {
    /// `{uploadDestinationId, contentSha256}` with the hash over the ciphertext.
    pub(crate) fn reference(&self) -> Value {
        let sha = STANDARD.encode(Sha256::digest(&self.ciphertext));
        json!({ "uploadDestinationId": self.id, "contentSha256": sha })
    }
}

pub(crate) fn afternoon() -> DateTime<Utc> {
    "2026-03-02T18:00:00Z".parse().unwrap()
}

pub(crate) fn config() -> Config {
    let date = NaiveDate::from_ymd_opt(2026, 3, 2).unwrap();
    Config::new(Clock::manual(afternoon()), seed::day(7, date, seed::technicians(), 8))
}

impl Seller {
    pub(crate) async fn new() -> Self {
        Self::with(config()).await
    }

    pub(crate) async fn with(config: Config) -> Self {
        let sandbox = Sandbox::start(config).await.unwrap();
        let http =
            Client::builder().user_agent("SandboxTest/1.0 (Language=Rust)").no_proxy().build().unwrap();
        let mut seller = Self { sandbox, http, token: String::new() };
        seller.sign_in().await;
        seller
    }

    pub(crate) async fn sign_in(&mut self) {
        let credentials = self.sandbox.credentials();
        let form = [
            ("grant_type", "refresh_token"),
            ("client_id", &credentials.client_id),
            ("client_secret", &credentials.client_secret),
            ("refresh_token", &credentials.refresh_token),
        ];
        let answer = self.login(&form).await;
        self.token = answer.body["access_token"].as_str().unwrap().to_owned();
    }

    pub(crate) async fn login(&self, form: &[(&str, &str)]) -> Answer {
        Answer::of(self.http.post(self.url("/auth/o2/token")).form(form)).await
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.sandbox.url())
    }

    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, self.url(path)).header("x-amz-access-token", &self.token)
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        Answer::of(self.request(Method::GET, path)).await
    }

    pub(crate) async fn list(&self, query: &str) -> Answer {
        self.get(&format!("{JOBS}?{query}")).await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Answer {
        Answer::of(self.request(Method::POST, path).json(body)).await
    }

    pub(crate) async fn control(&self, path: &str, body: &Value) -> Answer {
        Answer::of(self.http.post(self.url(&format!("/_sandbox/{path}"))).json(body)).await
    }

    pub(crate) async fn look(&self, path: &str) -> Answer {
        Answer::of(self.http.get(self.url(&format!("/_sandbox/{path}")))).await
    }

    /// A job that a technician of the seller is to go to.
    pub(crate) fn visit(&self) -> Visit {
        let goes = |job: &Job| {
            job.active_appointment().is_some_and(|a| a.assigned_technicians[0].technician_id == "TECHA1")
        };
        let job = self.sandbox.jobs().into_iter().find(goes).unwrap();
        let appointment = job.active_appointment().unwrap().appointment_id.clone();
        Visit { job: job.service_job_id, appointment }
    }

    pub(crate) fn fulfil_request(&self, visit: &Visit, body: &Value) -> RequestBuilder {
        let path = format!("{JOBS}/{}/appointments/{}/fulfillment", visit.job, visit.appointment);
        self.request(Method::PUT, &path).json(body)
    }

    pub(crate) async fn fulfil(&self, visit: &Visit, body: &Value) -> Answer {
        Answer::of(self.fulfil_request(visit, body)).await
    }

    pub(crate) fn complete_request(&self, job: &str) -> RequestBuilder {
        self.request(Method::PUT, &format!("{JOBS}/{job}/completions"))
    }

    pub(crate) async fn complete(&self, job: &str) -> Answer {
        Answer::of(self.complete_request(job)).await
    }

    /// A destination for `plaintext` as PNG, nothing uploaded yet.
    pub(crate) async fn prepare(&self, plaintext: &[u8]) -> Proof {
        let answer =
            self.post(DOCUMENTS, &json!({ "contentType": "PNG", "contentLength": plaintext.len() })).await;
        let payload = &answer.body["payload"];
        let decode =
            |field: &str| STANDARD.decode(payload["encryptionDetails"][field].as_str().unwrap()).unwrap();
        let ciphertext =
            cbc::Encryptor::<aes::Aes256>::new_from_slices(&decode("key"), &decode("initializationVector"))
                .unwrap()
                .encrypt_padded_vec::<Pkcs7>(plaintext);
        Proof {
            id: payload["uploadDestinationId"].as_str().unwrap().into(),
            url: payload["url"].as_str().unwrap().into(),
            ciphertext,
            plaintext: plaintext.to_vec(),
        }
    }

    pub(crate) fn put_request(&self, proof: &Proof) -> RequestBuilder {
        self.http.put(&proof.url).header("content-type", "image/png").body(proof.ciphertext.clone())
    }

    pub(crate) async fn put(&self, proof: &Proof) -> Answer {
        Answer::of(self.put_request(proof)).await
    }

    /// Uploads a document all the way.
    pub(crate) async fn upload(&self, plaintext: &[u8]) -> Proof {
        let proof = self.prepare(plaintext).await;
        assert_eq!(self.put(&proof).await.status, 200);
        proof
    }

    /// All three parts of a fulfilment body.
    pub(crate) async fn whole_body(&self) -> Value {
        let proof = self.upload(b"a picture of a finished bed").await;
        json!({
            "fulfillmentTime": self.past_hour(),
            "appointmentResources": [{ "resourceId": "RESA1" }],
            "fulfillmentDocuments": [proof.reference()],
        })
    }

    pub(crate) fn past_hour(&self) -> Value {
        let now = self.sandbox.clock().now();
        json!({ "startTime": zulu(now - TimeDelta::hours(1)), "endTime": zulu(now) })
    }
}

pub(crate) struct Visit {
    pub(crate) job: String,
    pub(crate) appointment: String,
}

pub(crate) fn zulu(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%dT%H:%M:%SZ").to_string()
}
