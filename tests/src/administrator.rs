//! Somebody who sets the server up, without a browser.

use crate::{phone::cookie_of, world::PASSWORD};
use doorstep_core::{
    api::{
        Connection, Observed, PolicyPreview, PolicyWritten, PreviewPolicy, Problem, SetPosition,
        SwitchPosition, Waiting, WritePolicy,
    },
    id::AppointmentId,
};
use reqwest::{Client, Response, header};

#[derive(Debug)]
pub struct Administrator {
    http: Client,
    url: String,
    cookie: String,
}

impl Administrator {
    pub(crate) async fn sign_in(url: &str) -> anyhow::Result<Self> {
        let http = Client::new();
        let body = serde_json::json!({ "name": "administrator", "password": PASSWORD });
        let answer = http.post(format!("{url}/api/sign-in")).json(&body).send().await?;
        let cookie = cookie_of(&answer)?;
        Ok(Self { http, url: url.to_owned(), cookie })
    }

    pub async fn connection(&self) -> anyhow::Result<Connection> {
        Ok(self.get("/api/connection").await?.error_for_status()?.json().await?)
    }

    pub async fn observed(&self, visit: AppointmentId) -> anyhow::Result<Observed> {
        let path = format!("/api/observed?appointment={visit}");
        Ok(self.get(&path).await?.error_for_status()?.json().await?)
    }

    /// Moves a switch; the code of the problem when the server refuses.
    pub async fn set(
        &self,
        operation: &str,
        position: SwitchPosition,
        waiting: Option<Waiting>,
    ) -> anyhow::Result<Result<(), String>> {
        let wish = SetPosition { position: Some(position), program: None, waiting };
        let request = self.http.put(format!("{}/api/connection/operations/{operation}", self.url));
        let answer = request.header(header::COOKIE, &self.cookie).json(&wish).send().await?;
        if answer.status().is_success() {
            return Ok(Ok(()));
        }
        Ok(Err(answer.json::<Problem>().await?.code))
    }

    /// Publishes a policy and answers its version; the code of the problem when the server refuses.
    pub async fn publish(&self, wish: &WritePolicy) -> anyhow::Result<Result<u32, String>> {
        let answer = self.post("/api/policies").json(wish).send().await?;
        if answer.status().is_success() {
            return Ok(Ok(answer.json::<PolicyWritten>().await?.version));
        }
        Ok(Err(answer.json::<Problem>().await?.code))
    }

    pub async fn preview(&self, wish: &PreviewPolicy) -> anyhow::Result<PolicyPreview> {
        Ok(self.post("/api/policies/preview").json(wish).send().await?.error_for_status()?.json().await?)
    }

    fn post(&self, path: &str) -> reqwest::RequestBuilder {
        self.http.post(format!("{}{path}", self.url)).header(header::COOKIE, &self.cookie)
    }

    async fn get(&self, path: &str) -> anyhow::Result<Response> {
        Ok(self.http.get(format!("{}{path}", self.url)).header(header::COOKIE, &self.cookie).send().await?)
    }
}
