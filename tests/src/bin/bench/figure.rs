//! A line that `cargo xtask bench` reads.

use serde::Serialize;
use std::io::Write as _;

#[derive(Debug, Serialize)]
pub(crate) struct Figure {
    pub(crate) name: &'static str,
    pub(crate) value: f64,
    pub(crate) unit: &'static str,
    pub(crate) limit: f64,
    pub(crate) better: Better,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Better {
    Lower,
    Higher,
}

impl Figure {
    pub(crate) fn at_most(name: &'static str, value: u64, unit: &'static str, limit: u64) -> Self {
        Self { name, value: value as f64, unit, limit: limit as f64, better: Better::Lower }
    }

    pub(crate) fn print(&self) -> anyhow::Result<()> {
        Ok(writeln!(std::io::stdout(), "{}", serde_json::to_string(self)?)?)
    }
}
