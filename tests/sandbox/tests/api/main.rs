//! Every rule of the sandbox, over real HTTP.

#![expect(
    clippy::unwrap_used,
    reason = "a test's own surprise is a panic, also outside its #[test] function"
)]

mod appointments;
mod assignment;
mod cancellation;
mod capacity;
mod command;
mod completion;
mod control;
mod day;
mod documents;
mod examples;
mod faults;
mod fulfilment;
mod gateway;
mod jobs;
mod login;
mod page;
mod planner;
mod rates;
mod reasons;
mod reservations;
mod scenario;
mod schedules;
mod script;
mod seller;
mod slots;
mod tokens;
mod training;
mod upload;
