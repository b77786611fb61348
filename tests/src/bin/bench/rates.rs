//! `bench spapi`: how close the client of the Services API comes to the published rates.
//!
//! | Figure | Meaning |
//! | --- | --- |
//! | `spapi_rate_reached_percent` | of the published rate, by the operation that comes least close; the burst is not counted |
//! | `spapi_throttled` | requests that the sandbox answered with 429, of all operations |
//!
//! HTTP is real; time is the sandbox's and the client's alike, and no machine is too slow for it.

use crate::figure::{Better, Figure};
use anyhow::Context as _;
use doorstep_spapi::operations;
use doorstep_tests::rates::Race;
use serde_json::Number;

const CALLERS: usize = 10;
const SECONDS: u32 = 60;

pub(crate) async fn measure() -> anyhow::Result<Vec<Figure>> {
    let race = Race::start().await?;
    let (mut worst, mut throttled) = (f64::INFINITY, 0);
    eprintln!(
        "{:48} {:>9} {:>7} {:>6} {:>6} {:>4}",
        "operation", "published", "reached", "%", "burst", "429"
    );
    for operation in operations::ALL {
        let reached = race.run(operation, CALLERS, SECONDS).await?;
        eprintln!(
            "{:48} {:>7}/s {:>5.2}/s {:>6.1} {:>6} {:>4}",
            operation.name,
            operation.rate.per_second,
            reached.per_second,
            reached.percent,
            reached.burst,
            reached.throttled
        );
        worst = worst.min(reached.percent);
        throttled += reached.throttled as u64;
    }
    let worst = Number::from_f64((worst * 10.0).floor() / 10.0).context("there are no operations")?;
    Ok(vec![
        Figure {
            name: "spapi_rate_reached_percent",
            value: worst,
            unit: "%",
            limit: 98.into(),
            better: Better::Higher,
        },
        Figure::at_most("spapi_throttled", throttled, "requests", 0),
    ])
}
