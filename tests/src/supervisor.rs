//! Somebody at the console, without a browser: the board, and the stream that keeps it current.

use crate::{phone::cookie_of, world::PASSWORD};
use anyhow::{Context as _, ensure};
use doorstep_core::{
    api::{Board, Card, Change, Choice, FieldVersions, Versions},
    id::{AppointmentId, JobId, PhotoId},
};
use futures_util::StreamExt as _;
use reqwest::{Client, Response, StatusCode, header};
use std::collections::BTreeMap;

#[derive(Debug)]
pub struct Supervisor {
    http: Client,
    url: String,
    cookie: String,
    /// The last event seen.
    pub last: i64,
    pub cards: BTreeMap<AppointmentId, Card>,
    pub seen: Vec<Change>,
}

impl Supervisor {
    /// Signs in and loads the board.
    pub async fn sign_in(url: &str) -> anyhow::Result<Self> {
        let http = Client::new();
        let body = serde_json::json!({ "name": "supervisor", "password": PASSWORD });
        let answer = http.post(format!("{url}/api/sign-in")).json(&body).send().await?;
        let cookie = cookie_of(&answer)?;
        let mut supervisor =
            Self { http, url: url.to_owned(), cookie, last: 0, cards: BTreeMap::new(), seen: Vec::new() };
        let board = supervisor.board().await?;
        supervisor.last = board.up_to;
        supervisor.cards = board.cards.into_iter().map(|card| (card.appointment, card)).collect();
        Ok(supervisor)
    }

    pub async fn board(&self) -> anyhow::Result<Board> {
        Ok(self.get("/api/board").await?.error_for_status()?.json().await?)
    }

    pub async fn thumbnail(&self, photo: PhotoId) -> anyhow::Result<Vec<u8>> {
        let answer = self.get(&format!("/api/photos/{photo}/thumbnail")).await?.error_for_status()?;
        Ok(answer.bytes().await?.to_vec())
    }

    /// Opens the stream after the last event seen, reads until `done`, and breaks it off.
    pub async fn watch(&mut self, done: impl Fn(&Self) -> bool) -> anyhow::Result<()> {
        if done(self) {
            return Ok(());
        }
        let request = self.http.get(format!("{}/api/events", self.url)).header(header::COOKIE, &self.cookie);
        let answer = request.header("last-event-id", self.last.to_string()).send().await?;
        let mut stream = answer.error_for_status()?.bytes_stream();
        let mut text = String::new();
        while let Some(bytes) = stream.next().await {
            text.push_str(std::str::from_utf8(&bytes?)?);
            while let Some((message, rest)) = text.split_once("\n\n") {
                self.take(message)?;
                text = rest.to_owned();
                if done(self) {
                    return Ok(());
                }
            }
        }
        anyhow::bail!("the stream ended")
    }

    fn take(&mut self, message: &str) -> anyhow::Result<()> {
        // That a phone said something is another matter than what happened to visits.
        if message.lines().any(|line| line == "event: phones") {
            return Ok(());
        }
        let Some(data) = message.lines().find_map(|line| line.strip_prefix("data:")) else { return Ok(()) };
        let change: Change = serde_json::from_str(data.trim()).context("an event of the stream")?;
        ensure!(change.id == self.last + 1, "event {} came after {}", change.id, self.last);
        self.last = change.id;
        self.cards.insert(change.card.appointment, change.card.clone());
        self.seen.push(change);
        Ok(())
    }

    /// Has a job read from Amazon again.
    pub async fn read_again(&self, job: JobId) -> anyhow::Result<()> {
        self.post(&format!("/api/jobs/{job}/read-again")).await
    }

    /// Says that what was recorded of a visit counts.
    pub async fn accept(&self, visit: AppointmentId) -> anyhow::Result<()> {
        self.post(&format!("/api/visits/{visit}/accept")).await
    }

    /// What two phones recorded differently of a visit.
    pub async fn versions(&self, visit: AppointmentId) -> anyhow::Result<Vec<FieldVersions>> {
        let answer = self.get(&format!("/api/visits/{visit}/versions")).await?.error_for_status()?;
        Ok(answer.json::<Versions>().await?.fields)
    }

    /// Says which value of a field counts. The answer's status.
    pub async fn choose(&self, visit: AppointmentId, choice: &Choice) -> anyhow::Result<StatusCode> {
        let request = self.http.post(format!("{}/api/visits/{visit}/versions", self.url)).json(choice);
        Ok(request.header(header::COOKIE, &self.cookie).send().await?.status())
    }

    async fn post(&self, path: &str) -> anyhow::Result<()> {
        let request = self.http.post(format!("{}{path}", self.url)).header(header::COOKIE, &self.cookie);
        request.send().await?.error_for_status()?;
        Ok(())
    }

    async fn get(&self, path: &str) -> anyhow::Result<Response> {
        Ok(self.http.get(format!("{}{path}", self.url)).header(header::COOKIE, &self.cookie).send().await?)
    }
}
