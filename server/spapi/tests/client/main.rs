//! The client against a fake of Amazon that answers what it is told and writes down what it was asked.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod answers;
mod documents;
mod every_operation;
mod fake;
mod job;
mod login;
mod published;
mod rates;
mod requests;
mod sandbox;
mod tokens;
mod transport;
mod typed;
