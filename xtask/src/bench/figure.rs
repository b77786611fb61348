//! One measured figure and its limit.

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};
use serde_json::Number;

#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Figure {
    pub(crate) name: String,
    pub(crate) value: Number,
    pub(crate) unit: String,
    /// Absent for a figure that is only watched.
    pub(crate) limit: Option<Number>,
    pub(crate) better: Better,
}

/// Which side of the limit is the right one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Better {
    Lower,
    Higher,
}

impl Figure {
    pub(crate) fn bytes(name: &str, value: u64, limit: u64) -> Self {
        Self {
            name: name.to_owned(),
            value: value.into(),
            unit: "B".to_owned(),
            limit: Some(limit.into()),
            better: Better::Lower,
        }
    }

    /// The figure in a line of output; nothing when the line is no JSON object.
    pub(crate) fn read(line: &str) -> Result<Option<Self>> {
        let line = line.trim();
        if !line.starts_with('{') {
            return Ok(None);
        }
        let figure: Self =
            serde_json::from_str(line).with_context(|| format!("this is not a figure: {line}"))?;
        if figure.name.is_empty() || figure.unit.is_empty() {
            bail!("a figure needs a name and a unit: {line}");
        }
        Ok(Some(figure))
    }

    pub(crate) fn line(&self) -> Result<String> {
        Ok(serde_json::to_string(self)?)
    }

    pub(crate) fn is_within_limit(&self) -> bool {
        let Some(limit) = self.limit.as_ref().and_then(Number::as_f64) else { return true };
        self.value.as_f64().is_some_and(|value| match self.better {
            Better::Lower => value <= limit,
            Better::Higher => value >= limit,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: &str = r#"{"name":"wasm brotli","value":412345,"unit":"B","limit":420000,"better":"lower"}"#;

    #[test]
    fn a_figure_is_printed_as_it_was_read() {
        assert_eq!(Figure::read(LINE).unwrap().unwrap().line().unwrap(), LINE);
    }

    #[test]
    fn other_output_is_no_figure_and_a_malformed_figure_is_refused() {
        assert_eq!(Figure::read("Running 1 test using 1 worker").unwrap(), None);
        for bad in [
            r#"{"name":"x","value":"1","unit":"B","limit":1,"better":"lower"}"#,
            r#"{"name":"x","value":1,"unit":"B","limit":1,"better":"smaller"}"#,
            r#"{"name":"","value":1,"unit":"B","limit":1,"better":"lower"}"#,
            r#"{"name":"x","value":1,"unit":"B","limit":1,"better":"lower","note":"x"}"#,
        ] {
            assert!(Figure::read(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn the_limit_itself_is_allowed_on_both_sides() {
        let figure = |value: f64, better| Figure {
            value: Number::from_f64(value).unwrap(),
            better,
            ..Figure::bytes("x", 0, 10)
        };
        assert!(figure(10.0, Better::Lower).is_within_limit());
        assert!(!figure(10.5, Better::Lower).is_within_limit());
        assert!(figure(10.0, Better::Higher).is_within_limit());
        assert!(!figure(9.5, Better::Higher).is_within_limit());
        assert!(Figure { limit: None, ..Figure::bytes("x", 99, 0) }.is_within_limit());
    }
}
