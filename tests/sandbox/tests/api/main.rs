//! Every rule of the sandbox, over real HTTP.

#![expect(
    clippy::unwrap_used,
    reason = "a test's own surprise is a panic, also outside its #[test] function"
)]

mod command;
mod completion;
mod control;
mod day;
mod documents;
mod faults;
mod fulfilment;
mod gateway;
mod jobs;
mod login;
mod script;
mod seller;
mod tokens;
mod upload;
