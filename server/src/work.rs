//! The worker: takes jobs in, forwards closeouts and erases what has expired. The only part that talks to Amazon.

mod closeout;
pub mod comparison;
pub mod expiry;
pub mod forward;
pub mod intake;
pub mod reading;
pub mod slots;

use crate::{
    app::App,
    clock::{Clock, SpapiClock},
    connection,
    settings::Settings,
};
use anyhow::Context as _;
use doorstep_core::api::SwitchPosition;
use doorstep_spapi::{Client, Credentials, operations::Operation};
use intake::Confirmation;
use std::{collections::HashMap, fmt, sync::Arc, time::Duration};
use tokio::sync::{Mutex, watch};

/// One worker. Its steps, `intake`, `compare_due`, `read_due`, `read_slots`, `forward_due`, `expire` and `settle_unclosed`, never wait; only `run` does.
pub struct Worker {
    pub app: App,
    pub amazon: Client,
    /// Where intakes that Amazon made wait go on, by marketplace.
    unfinished: Mutex<HashMap<String, intake::Unfinished>>,
}

impl fmt::Debug for Worker {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Worker")
    }
}

impl Worker {
    pub fn new(app: App, amazon: Client) -> Self {
        Self { app, amazon, unfinished: Mutex::default() }
    }

    /// Whether the switch of a read lets it be sent.
    async fn may_read(&self, operation: &Operation) -> anyhow::Result<bool> {
        let mut tx = self.app.db.read().await?;
        let position = connection::position(&mut tx, self.app.seller, operation).await?;
        Ok(position == SwitchPosition::Send)
    }

    /// Works until `stop` turns true or its sender is gone. A step that has begun is finished.
    pub async fn run(self, stop: watch::Receiver<bool>) {
        tokio::join!(
            self.keep_taking_in(stop.clone()),
            self.keep_reading(stop.clone()),
            self.keep_forwarding(stop.clone()),
            self.keep_confirming(stop.clone()),
            self.keep_expiring(stop.clone()),
            self.keep_watching_the_secret(stop)
        );
    }

    async fn keep_taking_in(&self, mut stop: watch::Receiver<bool>) {
        loop {
            let pause = match self.intake_due().await {
                Ok(next) => milliseconds(next.since(self.app.clock.now()).max(0)).max(SHORTEST_PAUSE),
                Err(error) => {
                    tracing::error!(error = format!("{error:#}"), "intake failed");
                    milliseconds(self.app.settings.intake_every_ms)
                }
            };
            if let Err(error) = self.compare_due().await {
                tracing::error!(error = format!("{error:#}"), "comparing with Amazon failed");
            }
            if waited(&mut stop, pause).await == Next::Stop {
                return;
            }
        }
    }

    async fn keep_reading(&self, mut stop: watch::Receiver<bool>) {
        let mut bell = self.app.bell.listen();
        loop {
            bell.mark_unchanged();
            if let Err(error) = self.read_due().await {
                tracing::error!(error = format!("{error:#}"), "reading jobs again failed");
            }
            if let Err(error) = self.read_slots().await {
                tracing::error!(error = format!("{error:#}"), "reading slots failed");
            }
            tokio::select! {
                next = waited(&mut stop, LOOK_AGAIN) => if next == Next::Stop { return },
                rung = bell.changed() => if rung.is_err() { return },
            }
        }
    }

    async fn keep_confirming(&self, mut stop: watch::Receiver<bool>) {
        loop {
            let pause = match self.confirm_imported().await {
                Ok(run) => {
                    if run != Confirmation::default() {
                        tracing::info!(
                            confirmed = run.confirmed,
                            refused = run.refused,
                            denied = run.denied,
                            "imported jobs"
                        );
                    }
                    if run.more { SHORTEST_PAUSE } else { run.paused.unwrap_or_default().max(CONFIRM_EVERY) }
                }
                Err(error) => {
                    tracing::error!(error = format!("{error:#}"), "reading imported jobs failed");
                    CONFIRM_EVERY
                }
            };
            if waited(&mut stop, pause).await == Next::Stop {
                return;
            }
        }
    }

    async fn keep_expiring(&self, mut stop: watch::Receiver<bool>) {
        loop {
            match self.expire().await {
                Ok(expiry) if expiry == expiry::Expiry::default() => {}
                Ok(expiry) => tracing::info!(
                    jobs = expiry.jobs,
                    photos = expiry.photos,
                    uploads = expiry.uploads,
                    sessions = expiry.sessions,
                    evidence_keys = expiry.evidence_keys,
                    stuck = expiry.stuck,
                    log_kept = expiry.log_kept,
                    "expired"
                ),
                Err(error) => tracing::error!(error = format!("{error:#}"), "expiry failed"),
            }
            // After what has expired: of that nothing is handed over any more.
            if let Err(error) = self.settle_unclosed().await {
                tracing::error!(error = format!("{error:#}"), "closeouts that wait cannot be looked through");
            }
            if waited(&mut stop, EXPIRE_EVERY).await == Next::Stop {
                return;
            }
        }
    }

    /// Says daily that the client secret has to be rotated soon: a forgotten one stops everything at once.
    async fn keep_watching_the_secret(&self, mut stop: watch::Receiver<bool>) {
        loop {
            if let Some(advice) = self.amazon.secret_health().advice() {
                tracing::warn!(%advice, "the client secret ages");
            }
            if waited(&mut stop, WATCH_SECRET_EVERY).await == Next::Stop {
                return;
            }
        }
    }

    async fn keep_forwarding(&self, mut stop: watch::Receiver<bool>) {
        let mut bell = self.app.bell.listen();
        loop {
            // What rings from here on is not missed.
            bell.mark_unchanged();
            let ran = self.forward_due().await.unwrap_or_else(|error| {
                tracing::error!(error = format!("{error:#}"), "forwarding failed");
                0
            });
            if *stop.borrow() {
                return;
            }
            if ran > 0 {
                continue;
            }
            // The bell of another process does not ring here, and a call becomes due by time alone: look again
            // every second.
            tokio::select! {
                next = waited(&mut stop, LOOK_AGAIN) => if next == Next::Stop { return },
                rung = bell.changed() => if rung.is_err() { return },
            }
        }
    }
}

/// The client of the Services API that the settings describe.
///
/// # Errors
/// A setting is missing or no address; its name is given.
pub fn client(settings: &Settings, clock: Arc<dyn Clock>) -> anyhow::Result<Client> {
    let credentials = Credentials {
        client_id: settings.lwa_client_id.clone().context("DOORSTEP_LWA_CLIENT_ID is not set")?,
        client_secret: settings.lwa_client_secret.clone().context("DOORSTEP_LWA_CLIENT_SECRET is not set")?,
        refresh_token: settings.lwa_refresh_token.clone().context("DOORSTEP_LWA_REFRESH_TOKEN is not set")?,
    };
    let timeout = Duration::from_millis(u64::try_from(settings.amazon_timeout_ms)?);
    let (endpoint, login) = (settings.endpoint()?, settings.login_endpoint()?);
    // No patience: a call over the rate stays in the outbox, which may not sleep inside a claim.
    let client =
        doorstep_spapi::Settings { timeout, ..doorstep_spapi::Settings::new(endpoint, login, credentials) };
    Ok(Client::new(settings.amazon.apply(client), Arc::new(SpapiClock(clock)))?)
}

/// Deadlines are counted in days.
const EXPIRE_EVERY: Duration = Duration::from_secs(600);
const WATCH_SECRET_EVERY: Duration = Duration::from_secs(24 * 3600);
/// Mostly there is nothing to ask for, and finding that out is one look into an index.
const CONFIRM_EVERY: Duration = Duration::from_secs(5);
const LOOK_AGAIN: Duration = Duration::from_secs(1);
const SHORTEST_PAUSE: Duration = Duration::from_millis(100);

#[derive(PartialEq)]
enum Next {
    Step,
    Stop,
}

/// Waits for as long as `pause`, or until the worker is to stop.
async fn waited(stop: &mut watch::Receiver<bool>, pause: Duration) -> Next {
    tokio::select! {
        () = tokio::time::sleep(pause) => Next::Step,
        _ = stop.wait_for(|stop| *stop) => Next::Stop,
    }
}

fn milliseconds(ms: i64) -> Duration {
    Duration::from_millis(u64::try_from(ms).unwrap_or_default())
}
