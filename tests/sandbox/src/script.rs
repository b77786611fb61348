//! A script: faults and events in one file, the same for the same seed.

use serde::{Deserialize, Serialize};

use crate::event::{Event, UnfitEvent};
use crate::fault::{Fault, UnfitFault};

/// What goes wrong and what happens. `README.md` documents it as JSON.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Script {
    /// Decides which requests a fault with a probability befalls; the day's seed if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seed: Option<u64>,
    #[serde(default)]
    pub faults: Vec<Fault>,
    #[serde(default)]
    pub events: Vec<Event>,
}

/// Why none of a script was taken. Lines count from 1.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnfitScript {
    #[error("fault {line}: {why}")]
    Fault { line: usize, why: UnfitFault },
    #[error("event {line}: {why}")]
    Event { line: usize, why: UnfitEvent },
}
