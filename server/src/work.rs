//! The worker: takes jobs in and forwards closeouts. The only part that talks to Amazon.

pub mod intake;

use crate::app::App;
use doorstep_spapi::Client;
use std::fmt;
use tokio::sync::Mutex;

/// One worker. Its steps, [`Worker::intake`] and `forward_due`, never wait; only `run` does.
pub struct Worker {
    pub app: App,
    pub amazon: Client,
    /// Where an intake that Amazon made wait goes on.
    unfinished: Mutex<Option<intake::Unfinished>>,
}

impl fmt::Debug for Worker {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Worker")
    }
}

impl Worker {
    pub fn new(app: App, amazon: Client) -> Self {
        Self { app, amazon, unfinished: Mutex::default() }
    }
}
