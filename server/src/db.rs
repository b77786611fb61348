//! One database, two engines. Every query is written once, in the dialect both share: `$1`, `ON CONFLICT … DO
//! UPDATE`, `RETURNING`, integers as BIGINT, times as milliseconds, ids as 16 bytes.

pub mod amazon_document;
mod closeout;
pub mod connection;
mod crew;
pub mod decision;
pub mod device;
pub mod document;
pub mod enrolment;
pub mod event;
pub mod evidence;
pub mod expiry;
mod extension;
pub mod import;
pub mod intake;
pub mod intake_age;
pub mod job;
pub mod notice;
pub mod order;
pub mod outbox;
pub mod photo;
pub mod policy;
pub mod quarantine;
pub mod queue;
pub mod reading;
pub mod record;
mod report;
pub mod seller;
pub mod session;
pub mod unlock;
pub mod upload;
pub mod user;
pub mod version;

use anyhow::{Context, bail};
use doorstep_core::id::IdError;
use sqlx::{
    postgres::{PgConnectOptions, PgPoolOptions},
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use std::{io, str::FromStr, time::Duration};

/// A database that is open and migrated.
#[derive(Clone, Debug)]
pub enum Db {
    Sqlite { read: sqlx::SqlitePool, write: sqlx::SqlitePool },
    Postgres(sqlx::PgPool),
}

/// A transaction. Dropped without `commit` it leaves nothing behind.
#[derive(Debug)]
pub enum Tx {
    Sqlite(sqlx::Transaction<'static, sqlx::Sqlite>),
    Postgres(sqlx::Transaction<'static, sqlx::Postgres>),
}

/// Runs one expression on whichever engine is behind a `Tx`: `on!(tx, |connection| query.execute(connection))`.
macro_rules! on {
    ($tx:expr, |$connection:ident| $query:expr) => {
        match $tx {
            $crate::db::Tx::Sqlite(tx) => {
                let $connection = &mut **tx;
                $query
            }
            $crate::db::Tx::Postgres(tx) => {
                let $connection = &mut **tx;
                $query
            }
        }
    };
}
pub(crate) use on;

/// An id as a column holds it.
pub(crate) fn id<T: for<'a> TryFrom<&'a [u8], Error = IdError>>(column: &[u8]) -> sqlx::Result<T> {
    T::try_from(column).map_err(|refused| sqlx::Error::Decode(Box::new(refused)))
}

impl Db {
    /// Opens `sqlite://path`, `sqlite::memory:` or `postgres://…` and applies the migrations.
    ///
    /// # Errors
    /// The address is of neither engine, the database cannot be reached, or a migration fails.
    pub async fn open(address: &str) -> anyhow::Result<Self> {
        let db = if address.starts_with("sqlite:") {
            Self::open_sqlite(address).await?
        } else if address.starts_with("postgres:") || address.starts_with("postgresql:") {
            // Commits wait for the disk whatever the server's default is: *safe* means synced.
            let options = PgConnectOptions::from_str(address)?.options([("synchronous_commit", "on")]);
            Self::Postgres(PgPoolOptions::new().max_connections(16).connect_with(options).await?)
        } else {
            bail!("the database address starts with neither sqlite: nor postgres:");
        };
        db.migrate().await.context("applying the migrations")?;
        Ok(db)
    }

    async fn open_sqlite(address: &str) -> anyhow::Result<Self> {
        let options = SqliteConnectOptions::from_str(address)?
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            // FULL syncs the log at every commit: what was answered survives a power cut.
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(10))
            .pragma("secure_delete", "ON");
        let one = SqlitePoolOptions::new().max_connections(1).idle_timeout(None).max_lifetime(None);
        let write = one.connect_with(options.clone()).await?;
        // An in-memory database lives in its one connection.
        let read = if address.contains(":memory:") {
            write.clone()
        } else {
            SqlitePoolOptions::new().max_connections(8).connect_with(options.read_only(true)).await?
        };
        Ok(Self::Sqlite { read, write })
    }

    async fn migrate(&self) -> anyhow::Result<()> {
        match self {
            Self::Sqlite { write, .. } => sqlx::migrate!("../migrations/sqlite").run(write).await?,
            Self::Postgres(pool) => sqlx::migrate!("../migrations/postgres").run(pool).await?,
        }
        Ok(())
    }

    /// Empties SQLite's log into the database, so that no page from before lies in it. False when somebody still
    /// reads from the log. PostgreSQL's log is its administrator's.
    ///
    /// # Errors
    /// The database fails.
    pub async fn empty_log(&self) -> sqlx::Result<bool> {
        match self {
            Self::Sqlite { write, .. } => {
                let (busy, _, _): (i64, i64, i64) =
                    sqlx::query_as("PRAGMA wal_checkpoint(TRUNCATE)").fetch_one(write).await?;
                Ok(busy == 0)
            }
            Self::Postgres(_) => Ok(true),
        }
    }

    /// Begins a transaction that writes. On SQLite it has the only write connection, so it never fails half-way
    /// for a lock; on PostgreSQL it is READ COMMITTED, and rows that decide something are locked by their query.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn write(&self) -> sqlx::Result<Tx> {
        Ok(match self {
            Self::Sqlite { write, .. } => Tx::Sqlite(write.begin_with("BEGIN IMMEDIATE").await?),
            Self::Postgres(pool) => begin(pool, "BEGIN").await?,
        })
    }

    /// Begins a transaction that only reads, from one consistent state.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn read(&self) -> sqlx::Result<Tx> {
        Ok(match self {
            Self::Sqlite { read, .. } => Tx::Sqlite(read.begin().await?),
            Self::Postgres(pool) => begin(pool, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?,
        })
    }
}

/// Begins on a task of its own. A caller may go away before PostgreSQL has answered, a phone that hangs up does it,
/// and sqlx would then give the connection back in a transaction that it does not know of: whoever came next would
/// work in that one. Here the answer is waited for, and a transaction that nobody takes is rolled back.
async fn begin(pool: &sqlx::PgPool, statement: &'static str) -> sqlx::Result<Tx> {
    let pool = pool.clone();
    let begun = tokio::spawn(async move { pool.begin_with(statement).await });
    begun.await.map_err(io::Error::from)?.map(Tx::Postgres)
}

impl Tx {
    /// Commits; when it returns, the change survives a crash and a power cut.
    ///
    /// # Errors
    /// The commit failed, or its outcome is unknown.
    pub async fn commit(self) -> sqlx::Result<()> {
        match self {
            Self::Sqlite(tx) => tx.commit().await,
            Self::Postgres(tx) => tx.commit().await,
        }
    }
}
