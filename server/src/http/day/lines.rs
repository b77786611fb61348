//! The day line by line: first the digests of its policies and visits, then each of them that the phone does not hold,
//! then the rest. What arrived before a link broke need not come again, and what did not change does not come at all.

use anyhow::Context as _;
use axum::http::{HeaderMap, HeaderName, header};
use doorstep_core::{api::Day, digest::Sha256};
use serde::Serialize;
use std::collections::BTreeSet;

const TYPE: &str = "application/x-ndjson";
/// The digests of what the phone holds as it was told, with commas between them.
const HELD: HeaderName = HeaderName::from_static("doorstep-holds");
/// Enough letters of a SHA-256 to tell what one phone holds apart.
const DIGEST_LETTERS: usize = 16;

/// A client of the version before does not ask.
pub(super) fn are_wanted(headers: &HeaderMap) -> bool {
    headers.get(header::ACCEPT).is_some_and(|accept| accept == TYPE)
}

/// What is no digest is held by nobody.
pub(super) fn held(headers: &HeaderMap) -> BTreeSet<String> {
    let texts = headers.get_all(HELD).iter().filter_map(|value| value.to_str().ok());
    texts.flat_map(|text| text.split(',')).map(str::to_owned).collect()
}

/// What the pieces of a day are, in order.
#[derive(Default, Serialize)]
struct Digests {
    policies: Vec<String>,
    jobs: Vec<String>,
}

pub(super) fn of(
    mut day: Day,
    held: &BTreeSet<String>,
) -> anyhow::Result<([(HeaderName, &'static str); 1], String)> {
    let mut lines = vec![String::new()];
    let mut digest_of = |line: String| {
        let mut digest = Sha256::of(line.as_bytes()).to_string();
        digest.truncate(DIGEST_LETTERS);
        if !held.contains(&digest) {
            lines.push(line);
        }
        digest
    };
    let mut digests = Digests::default();
    for signed in std::mem::take(&mut day.policies) {
        digests.policies.push(digest_of(serde_json::to_string(&signed).context("writing a policy")?));
    }
    for job in std::mem::take(&mut day.jobs) {
        let mut job = serde_json::to_value(&job).context("writing a visit")?;
        // What it is held to has come, once for all who share it.
        if let Some(fields) = job.as_object_mut() {
            fields.remove("policy");
        }
        digests.jobs.push(digest_of(job.to_string()));
    }
    lines[0] = serde_json::to_string(&digests).context("writing digests")?;
    lines.push(serde_json::to_string(&day).context("writing the rest of a day")?);
    // A line without its end is half a line.
    lines.push(String::new());
    Ok(([(header::CONTENT_TYPE, TYPE)], lines.join("\n")))
}
