//! One server, one Amazon, one clock.

use crate::{
    administrator::Administrator,
    entropy::Seeded,
    phone::{Faults, Phone},
    supervisor::Supervisor,
};
use anyhow::Context as _;
use doorstep_core::{api::Role, pii::Pii, time::Timestamp};
use doorstep_sandbox::{Config, Rates, Sandbox, Technician, seed};
use doorstep_server::{
    app::App,
    clock::{Clock as _, ManualClock},
    connection, http,
    settings::Settings,
    users::{self, NewUser},
    work::{self, Worker},
};
use std::{path::Path, sync::Arc};
use tempfile::TempDir;
use tokio::{net::TcpListener, sync::watch, task::JoinHandle};

/// 21 September 2026, 14:13:20 UTC: a day of work has begun.
pub const MORNING: Timestamp = Timestamp(1_790_000_000_000);
pub const PASSWORD: &str = "correct-horse-battery";

/// Which database the server uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

pub struct World {
    pub clock: Arc<ManualClock>,
    pub sandbox: Sandbox,
    pub app: App,
    pub worker: Worker,
    pub url: String,
    seed: u64,
    starts: u64,
    has_administrator: bool,
    data: TempDir,
    database: Option<String>,
    stop: watch::Sender<bool>,
    serving: Option<JoinHandle<anyhow::Result<()>>>,
}

impl World {
    /// A world on SQLite with `jobs` jobs around the morning, and everybody's accounts.
    pub async fn new(seed: u64, jobs: usize) -> anyhow::Result<Self> {
        Self::on(Engine::Sqlite, seed, jobs).await
    }

    pub async fn on(engine: Engine, seed: u64, jobs: usize) -> anyhow::Result<Self> {
        Self::with_technicians(engine, seed, jobs, seed::technicians()).await
    }

    /// `jobs` for the first technician, half as many for each of the others.
    pub async fn with_technicians(
        engine: Engine,
        seed: u64,
        jobs: usize,
        technicians: Vec<Technician>,
    ) -> anyhow::Result<Self> {
        let clock = ManualClock::at(MORNING);
        let amazon_clock = {
            let clock = clock.clone();
            doorstep_sandbox::Clock::following(move || clock.now().0)
        };
        let day = seed::day_around(seed, MORNING.to_utc(), technicians.clone(), jobs);
        let config = Config { rates: Rates::Off, ..Config::new(amazon_clock, day) };
        let sandbox = Sandbox::start(config).await?;
        let data = tempfile::tempdir()?;
        let database = match engine {
            Engine::Sqlite => None,
            Engine::Postgres => Some(new_postgres_database(seed).await?),
        };
        let app = open(&sandbox, data.path(), database.as_deref(), &clock, seed).await?;
        connection::allow_all_writes(&app).await?;
        let (url, stop, serving) = serve(&app).await?;
        let worker = worker(&app)?;
        let mut world = Self {
            clock,
            sandbox,
            app,
            worker,
            url,
            seed,
            starts: 0,
            has_administrator: false,
            data,
            database,
            stop,
            serving: Some(serving),
        };
        world.add_people(&technicians).await?;
        Ok(world)
    }

    /// Technicians as the sandbox knows them, named by their technician ids, and one supervisor.
    async fn add_people(&mut self, technicians: &[Technician]) -> anyhow::Result<()> {
        for technician in technicians {
            self.add(&technician.id, Role::Technician, &[&technician.id], &[&technician.resource_id]).await?;
        }
        self.add("supervisor", Role::Supervisor, &[], &[]).await
    }

    async fn add(
        &self,
        name: &str,
        role: Role,
        technician: &[&str],
        resource: &[&str],
    ) -> anyhow::Result<()> {
        let owned = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect();
        let new = NewUser {
            name: name.to_owned(),
            role,
            password: Pii::new(PASSWORD.to_owned()),
            technician_ids: owned(technician),
            resource_ids: owned(resource),
        };
        users::add(&self.app, new).await.map(drop)
    }

    /// A phone in the hands of a technician who has signed in and has the day.
    pub async fn phone(&self, technician: &str) -> anyhow::Result<Phone> {
        Phone::sign_in(self, technician, self.seed, Faults::default()).await
    }

    /// The same, with a page of the version before facts.
    pub async fn phone_of_before(&self, technician: &str) -> anyhow::Result<Phone> {
        let faults = Faults { reads_no_facts: true, ..Faults::default() };
        Phone::sign_in(self, technician, self.seed, faults).await
    }

    pub async fn supervisor(&self) -> anyhow::Result<Supervisor> {
        Supervisor::sign_in(&self.url).await
    }

    /// The administrator, who is added the first time somebody asks.
    pub async fn administrator(&mut self) -> anyhow::Result<Administrator> {
        if !self.has_administrator {
            self.add("administrator", Role::Administrator, &[], &[]).await?;
            self.has_administrator = true;
        }
        Administrator::sign_in(&self.url).await
    }

    /// Runs the outbox until nothing is due any more, now.
    pub async fn forward(&self) -> anyhow::Result<usize> {
        let mut ran = 0;
        loop {
            match self.worker.forward_due().await? {
                0 => return Ok(ran),
                some => ran += some,
            }
        }
    }

    /// Runs the outbox while time goes on, second by second, until everything is done or `seconds` are over.
    pub async fn forward_for(&self, seconds: i64) -> anyhow::Result<()> {
        for _ in 0..seconds {
            self.forward().await?;
            self.clock.advance_ms(1_000);
        }
        Ok(())
    }

    /// The server dies where it stands and starts again on the same data.
    pub async fn restart(&mut self) -> anyhow::Result<()> {
        if let Some(serving) = self.serving.take() {
            serving.abort();
            // Aborted is what it is to be; anything else would be news.
            match serving.await {
                Err(aborted) if aborted.is_cancelled() => {}
                other => other.context("the server had stopped by itself")??,
            }
        }
        self.starts += 1;
        let seed = self.seed.wrapping_mul(1_000_003).wrapping_add(self.starts);
        self.app = open(&self.sandbox, self.data.path(), self.database.as_deref(), &self.clock, seed).await?;
        self.worker = worker(&self.app)?;
        let (url, stop, serving) = serve(&self.app).await?;
        (self.url, self.stop, self.serving) = (url, stop, Some(serving));
        Ok(())
    }

    pub fn data(&self) -> &Path {
        self.data.path()
    }

    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }
}

impl Drop for World {
    fn drop(&mut self) {
        self.stop.send_replace(true);
        if let Some(serving) = self.serving.take() {
            serving.abort();
        }
    }
}

impl std::fmt::Debug for World {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "World(seed {})", self.seed)
    }
}

async fn open(
    sandbox: &Sandbox,
    data: &Path,
    database: Option<&str>,
    clock: &Arc<ManualClock>,
    seed: u64,
) -> anyhow::Result<App> {
    let credentials = sandbox.credentials();
    let mut settings = Settings::for_tests(data, sandbox.url());
    settings.lwa_endpoint = Some(format!("{}/auth/o2/token", sandbox.url()));
    settings.lwa_client_id = Some(credentials.client_id);
    settings.lwa_client_secret = Some(credentials.client_secret.as_str().into());
    settings.lwa_refresh_token = Some(credentials.refresh_token.as_str().into());
    settings.database_url = database.map(Into::into);
    App::open(settings, clock.clone(), Arc::new(Seeded::new(seed))).await
}

fn worker(app: &App) -> anyhow::Result<Worker> {
    let amazon = work::client(&app.settings, app.clock.clone())?;
    Ok(Worker::new(app.clone(), amazon))
}

type Serving = (String, watch::Sender<bool>, JoinHandle<anyhow::Result<()>>);

async fn serve(app: &App) -> anyhow::Result<Serving> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}", listener.local_addr()?);
    let (stop, stopped) = watch::channel(false);
    let serving = tokio::spawn(http::serve(app.clone(), listener, stopped));
    Ok((url, stop, serving))
}

/// An empty database of its own on the test server.
async fn new_postgres_database(seed: u64) -> anyhow::Result<String> {
    use sqlx::{AssertSqlSafe, Connection as _, PgConnection, postgres::PgConnectOptions};
    let address = std::env::var("DOORSTEP_TEST_POSTGRES")
        .context("set DOORSTEP_TEST_POSTGRES to a postgres:// address; cargo xtask test does")?;
    let options: PgConnectOptions = address.parse()?;
    let name = format!("world_{}_{seed}", std::process::id());
    let mut connection = PgConnection::connect_with(&options).await?;
    // The name is made of numbers above.
    sqlx::query(AssertSqlSafe(format!("DROP DATABASE IF EXISTS {name}"))).execute(&mut connection).await?;
    sqlx::query(AssertSqlSafe(format!("CREATE DATABASE {name}"))).execute(&mut connection).await?;
    connection.close().await?;
    let (server, _) = address.rsplit_once('/').context("the address names no database")?;
    Ok(format!("{server}/{name}"))
}
