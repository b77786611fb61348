//! The conformance suite of the database: every test runs on SQLite and on PostgreSQL.
#![allow(clippy::unwrap_used, reason = "a test that panics has failed, which is what it is for")]

mod db {
    mod app;
    mod barred;
    mod closeout;
    mod contention;
    mod day;
    mod deadline;
    #[allow(dead_code, reason = "shared with the tests of what lies above the database")]
    pub(crate) mod engines;
    mod enrolment;
    mod evidence;
    mod expiry;
    mod forward;
    mod import;
    mod intake;
    mod leaving;
    mod notices;
    mod outbox;
    mod phones;
    mod policies;
    mod queues;
    mod reading;
    mod records;
    mod rescue;
    mod sandbox;
    mod sessions;
    mod unlock;
    mod uploads;
    mod users;
    mod watching;
}
