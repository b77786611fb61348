//! The HTTP API through its router: roles, sign-in, refusals, the web pages and their headers.
#![allow(clippy::unwrap_used, reason = "a test that panics has failed, which is what it is for")]

#[allow(dead_code, reason = "shared with the suite of the database")]
#[path = "db/engines.rs"]
mod engines;

mod http {
    pub(crate) mod browser;
    mod connection;
    mod imports;
    mod pages;
    mod refusals;
    mod roles;
    mod sign_in;
}
