//! How many tests ran, read from what the test runners print.

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use super::stage::Count;

/// Adds up the `test result:` lines of the test binaries of one cargo.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    passed: u64,
    ignored: u64,
}

impl Tally {
    pub(crate) fn read(&mut self, line: &str) {
        let Some((_, result)) = line.split_once("test result:") else { return };
        for part in result.split([';', '.']) {
            let mut words = part.split_whitespace();
            match (words.next().and_then(|number| number.parse::<u64>().ok()), words.next()) {
                (Some(number), Some("passed")) => self.passed += number,
                (Some(number), Some("ignored")) => self.ignored += number,
                _ => {}
            }
        }
    }

    /// Fails when nothing ran or something was left out.
    pub(crate) fn settle(self) -> Result<Count> {
        if self.passed == 0 {
            bail!("no test ran");
        }
        if self.ignored > 0 {
            bail!("{} tests were ignored", self.ignored);
        }
        Ok(Count { number: self.passed, what: "tests" })
    }
}

/// The part of Playwright's JSON report that counts.
#[derive(Debug, Deserialize)]
struct Report {
    stats: Stats,
}

#[derive(Debug, Deserialize)]
struct Stats {
    expected: u64,
    skipped: u64,
    unexpected: u64,
    flaky: u64,
}

/// What a report of Playwright comes to; a story that needed a second try has failed.
pub(crate) fn stories(report: &str) -> Result<Count> {
    let Report { stats } = serde_json::from_str(report).context("could not read Playwright's report")?;
    if stats.unexpected + stats.flaky + stats.skipped > 0 {
        bail!(
            "{} stories failed, {} were flaky, {} were skipped",
            stats.unexpected,
            stats.flaky,
            stats.skipped
        );
    }
    if stats.expected == 0 {
        bail!("no story ran");
    }
    Ok(Count { number: stats.expected, what: "stories" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_of_several_binaries_add_up() {
        let mut tally = Tally::default();
        for line in [
            "running 3 tests",
            "test result: ok. 3 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s",
            "test result: ok. 12 passed; 0 failed; 0 ignored; 0 filtered out",
        ] {
            tally.read(line);
        }
        assert_eq!(tally.settle().unwrap(), Count { number: 15, what: "tests" });
    }

    #[test]
    fn a_run_without_tests_or_with_ignored_ones_has_failed() {
        assert!(Tally::default().settle().is_err());
        let mut tally = Tally::default();
        tally.read("test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured");
        assert!(tally.settle().is_err());
    }

    #[test]
    fn a_skipped_story_is_a_failure() {
        let report = |skipped| {
            format!(
                r#"{{"stats":{{"startTime":"","duration":1.5,"expected":2,"skipped":{skipped},"unexpected":0,"flaky":0}}}}"#
            )
        };
        assert_eq!(stories(&report(0)).unwrap().number, 2);
        assert!(stories(&report(1)).is_err());
    }
}
