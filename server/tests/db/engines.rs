//! Runs a test on SQLite and on PostgreSQL, each with an empty database, a clock that stands still and randomness
//! that is the same every time.

use doorstep_core::{api::Role, id::UserId, pii::Pii, time::Timestamp};
use doorstep_server::{
    app::App,
    clock::{ManualClock, SpapiClock},
    connection,
    entropy::{Entropy, SystemEntropy},
    settings::Settings,
    users::{self, NewUser},
};
use doorstep_spapi::{Client, Credentials};
use sqlx::{Connection as _, Executor as _, PgConnection};
use std::{
    path::Path,
    sync::{Arc, Mutex},
    time::Duration,
};
use tempfile::TempDir;

/// 2026-03-05 15:00 UTC, a Thursday morning in Los Angeles.
pub(crate) const MORNING: Timestamp = Timestamp(1_772_722_800_000);
pub(crate) const HOUR: i64 = 3_600_000;
pub(crate) const DAY: i64 = 24 * HOUR;
/// Everybody's.
pub(crate) const PASSWORD: &str = "plainly made up";

/// One engine with an app on it.
pub(crate) struct Ground {
    pub(crate) app: App,
    pub(crate) clock: Arc<ManualClock>,
    _data: TempDir,
}

/// Runs `test` on both engines. The last line printed names the engine that failed.
pub(crate) async fn on_both_engines(test: impl AsyncFn(Ground)) {
    on_both_engines_with(|_| (), test).await;
}

/// The same with settings of the test's own.
pub(crate) async fn on_both_engines_with(set: impl Fn(&mut Settings), test: impl AsyncFn(Ground)) {
    println!("engine: SQLite");
    test(Ground::open(None, &set).await).await;
    println!("engine: PostgreSQL");
    let address = std::env::var("DOORSTEP_TEST_POSTGRES").unwrap_or_else(|_| {
        panic!("set DOORSTEP_TEST_POSTGRES to the postgres:// address of a database that tests may fill")
    });
    let name = format!("test_{}", hex::encode((&SystemEntropy as &dyn Entropy).bytes::<8>()));
    let mut connection = PgConnection::connect(&address).await.unwrap();
    connection.execute(sqlx::AssertSqlSafe(format!("CREATE SCHEMA {name}"))).await.unwrap();
    let separator = if address.contains('?') { '&' } else { '?' };
    let database = format!("{address}{separator}options[search_path]={name}");
    test(Ground::open(Some(database), &set).await).await;
    connection.execute(sqlx::AssertSqlSafe(format!("DROP SCHEMA {name} CASCADE"))).await.unwrap();
}

impl Ground {
    /// An app on SQLite alone, for tests of what lies above the database.
    pub(crate) async fn on_sqlite(set: impl Fn(&mut Settings)) -> Self {
        Self::open(None, &set).await
    }

    async fn open(database: Option<String>, set: &impl Fn(&mut Settings)) -> Self {
        let data = TempDir::new().unwrap();
        let mut settings = settings(data.path());
        settings.database_url = database.map(Into::into);
        set(&mut settings);
        let clock = ManualClock::at(MORNING);
        let app = App::open(settings, clock.clone(), Arc::new(Seeded::default())).await.unwrap();
        // As a connection that has been switched on; what is new only observes.
        connection::allow_all_writes(&app).await.unwrap();
        Self { app, clock, _data: data }
    }

    pub(crate) async fn add(
        &self,
        name: &str,
        role: Role,
        technician_ids: &[&str],
        resource_ids: &[&str],
    ) -> UserId {
        let ids = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect();
        let new = NewUser {
            name: name.to_owned(),
            role,
            password: Pii::new(PASSWORD.to_owned()),
            technician_ids: ids(technician_ids),
            resource_ids: ids(resource_ids),
        };
        users::add(&self.app, new).await.unwrap()
    }
}

fn settings(data: &Path) -> Settings {
    // Nobody listens there; tests that need Amazon set a sandbox.
    Settings::for_tests(data, "http://127.0.0.1:9")
}

/// A client of whatever the settings name as Amazon, on the app's clock.
pub(crate) fn amazon(app: &App) -> Client {
    let settings = &app.settings;
    let credentials = Credentials {
        client_id: settings.lwa_client_id.clone().unwrap(),
        client_secret: settings.lwa_client_secret.clone().unwrap(),
        refresh_token: settings.lwa_refresh_token.clone().unwrap(),
    };
    let timeout = Duration::from_millis(settings.amazon_timeout_ms as u64);
    let settings = doorstep_spapi::Settings {
        timeout,
        ..doorstep_spapi::Settings::new(
            settings.endpoint().unwrap(),
            settings.login_endpoint().unwrap(),
            credentials,
        )
    };
    Client::new(settings, Arc::new(SpapiClock(app.clock.clone()))).unwrap()
}

/// SplitMix64: not secret, and the same in every run.
#[derive(Debug, Default)]
pub(crate) struct Seeded(Mutex<u64>);

impl Entropy for Seeded {
    fn fill(&self, bytes: &mut [u8]) {
        let mut state = self.0.lock().unwrap();
        for chunk in bytes.chunks_mut(8) {
            *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut mixed = *state;
            mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            let mixed = (mixed ^ (mixed >> 31)).to_le_bytes();
            chunk.copy_from_slice(&mixed[..chunk.len()]);
        }
    }
}
