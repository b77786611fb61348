//! The Doorstep server. `App` holds what every part needs; `http` answers phones and supervisors; `work` is the
//! only part that talks to Amazon; `db` is the only part that knows SQL.

pub mod app;
pub mod blobs;
pub mod card;
pub mod clock;
pub mod closing;
pub mod connection;
pub mod db;
pub mod decisions;
pub mod entropy;
pub mod evidence;
pub mod http;
pub mod import;
pub mod photo;
pub mod policies;
pub mod queue;
pub mod seal;
pub mod service_job;
pub mod settings;
pub mod spapi;
pub mod thumbnail;
pub mod users;
pub mod work;
