//! A line that `cargo xtask bench` reads.

use serde::Serialize;
use serde_json::Number;
use std::io::Write as _;

#[derive(Debug, Serialize)]
pub(crate) struct Figure {
    pub(crate) name: &'static str,
    pub(crate) value: Number,
    pub(crate) unit: &'static str,
    pub(crate) limit: Number,
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
        Self { name, value: value.into(), unit, limit: limit.into(), better: Better::Lower }
    }

    pub(crate) fn print(&self) -> anyhow::Result<()> {
        Ok(writeln!(std::io::stdout(), "{}", serde_json::to_string(self)?)?)
    }
}
