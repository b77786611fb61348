//! How close a client comes to the published rates: callers who never pause, against the sandbox's own buckets, by a
//! clock that both share and that moves to the next caller's turn once everybody waits.

mod turns;

use std::{sync::Arc, time::Duration};

use anyhow::{Context as _, ensure};
use chrono::TimeDelta;
use doorstep_sandbox::{Config, Sandbox, seed};
use doorstep_spapi::{
    Client, Clock as _, Credentials, Endpoint, LoginEndpoint, Settings, operations::Operation,
};
use tokio::task::JoinSet;
use turns::Turns;

use crate::world::MORNING;

/// No caller loses patience.
const PATIENCE: Duration = Duration::from_secs(24 * 3600);

/// What came of one operation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reached {
    /// Requests a second after the burst was spent.
    pub per_second: f64,
    /// The same as a share of the published rate, in percent.
    pub percent: f64,
    /// Requests before that, all at once.
    pub burst: usize,
    /// Requests that the sandbox throttled.
    pub throttled: usize,
}

/// A sandbox that enforces the published rates, and a client that stands in line for them.
#[derive(Debug)]
pub struct Race {
    turns: Arc<Turns>,
    sandbox: Sandbox,
    client: Client,
}

impl Race {
    /// # Errors
    /// The sandbox or the client cannot be set up.
    pub async fn start() -> anyhow::Result<Self> {
        let turns = Turns::from(MORNING.to_utc());
        let amazon_clock = {
            let turns = turns.clone();
            doorstep_sandbox::Clock::following(move || turns.now().timestamp_millis())
        };
        let day = seed::day_around(1, MORNING.to_utc(), seed::technicians(), 4);
        let sandbox = Sandbox::start(Config::new(amazon_clock, day)).await?;
        let known = sandbox.credentials();
        let credentials = Credentials {
            client_id: known.client_id,
            client_secret: known.client_secret.into(),
            refresh_token: known.refresh_token.into(),
        };
        let (endpoint, login) = (Endpoint::parse(sandbox.url())?, LoginEndpoint::parse(sandbox.url())?);
        let settings = Settings { patience: PATIENCE, ..Settings::new(endpoint, login, credentials) };
        let client = Client::new(settings, turns.clone())?;
        Ok(Self { turns, sandbox, client })
    }

    /// Has so many callers call an operation, one call after the other each, for so many seconds after the burst. The
    /// ids in their requests are made up: a refusal counts at its rate like a success.
    ///
    /// # Errors
    /// A request was not sent, or the sandbox did not see it.
    pub async fn run(
        &self,
        operation: &'static Operation,
        callers: usize,
        seconds: u32,
    ) -> anyhow::Result<Reached> {
        let begun = self.turns.now();
        let until = begun + TimeDelta::seconds(seconds.into());
        let mut tasks = JoinSet::new();
        for _ in 0..callers {
            let (client, example) = (self.client.clone(), operation.example());
            tasks.spawn(async move {
                loop {
                    let called =
                        client.call_by_name(operation.name, &example.arguments, example.body.clone());
                    if let Err(error) = called.await
                        && error.not_allowed().is_some()
                    {
                        return error;
                    }
                }
            });
        }
        // Whoever comes back has a request that cannot be sent.
        tokio::select! {
            () = self.turns.take(callers, until) => {}
            refused = tasks.join_next() => {
                let refused = refused.context("there are no callers")??;
                anyhow::bail!("{refused}");
            }
        }
        tasks.shutdown().await;

        let seen: Vec<_> = self.sandbox.record().into_iter().filter(|seen| seen.at >= begun).collect();
        let seen: Vec<_> = seen.iter().filter(|seen| seen.operation == Some(operation.name)).collect();
        ensure!(!seen.is_empty(), "the sandbox saw no {}", operation.name);
        let burst = seen.iter().filter(|seen| seen.at == begun).count();
        let throttled = seen.iter().filter(|seen| seen.status == 429).count();
        let per_second = (seen.len() - burst) as f64 / f64::from(seconds);
        Ok(Reached { per_second, percent: per_second / operation.rate.per_second * 100.0, burst, throttled })
    }
}
