//! The domain of Doorstep: jobs, closeouts and their verdict, the closeout document, the sealed store of the
//! phone and the session that keeps phone and server in step.
//!
//! Pure: no IO, no clock, no randomness, no async. Whatever it needs from the world comes in as an argument, so
//! the same code gives the same verdict natively on the server and as WASM on the phone.

pub mod api;
pub mod closeout;
pub mod decision;
pub mod digest;
pub mod document;
pub mod evidence;
pub mod id;
pub mod job;
pub mod keyfile;
pub mod lease;
pub mod photo;
pub mod pii;
pub mod pin;
mod raw;
pub mod reason;
pub mod record;
pub mod rescue;
pub mod session;
pub mod time;
pub mod unlock;
pub mod vault;
pub mod wire;
