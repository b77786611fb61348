//! The conformance suite of the database: every test runs on SQLite and on PostgreSQL.
#![allow(clippy::unwrap_used, reason = "a test that panics has failed, which is what it is for")]

mod db {
    mod app;
    mod day;
    pub(crate) mod engines;
    mod intake;
    mod sessions;
    mod users;
}
