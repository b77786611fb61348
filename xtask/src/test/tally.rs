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

/// Stories of one run that may be run again because their browser crashed. WebKitGTK's does so in one of some 200.
const MOST_CRASHES: u64 = 2;

/// What a report of Playwright comes to. A story is run again only after its browser crashed (`engines/either.ts`), and that
/// is said.
pub(crate) fn stories(report: &str) -> Result<Count> {
    let Report { stats } = serde_json::from_str(report).context("could not read Playwright's report")?;
    let Stats { expected, skipped, unexpected, flaky: crashed } = stats;
    if unexpected + skipped > 0 {
        bail!("{unexpected} stories failed, {skipped} were skipped");
    }
    if crashed > MOST_CRASHES {
        bail!("the browser crashed in {crashed} stories");
    }
    if expected == 0 {
        bail!("no story ran");
    }
    if crashed > 0 {
        println!("{crashed} of the stories ran again: the browser had crashed in them");
    }
    Ok(Count { number: expected + crashed, what: "stories" })
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

    fn report(skipped: u64, flaky: u64) -> String {
        format!(
            r#"{{"stats":{{"startTime":"","duration":1.5,"expected":2,"skipped":{skipped},"unexpected":0,"flaky":{flaky}}}}}"#
        )
    }

    #[test]
    fn a_skipped_story_is_a_failure() {
        assert_eq!(stories(&report(0, 0)).unwrap().number, 2);
        assert!(stories(&report(1, 0)).is_err());
    }

    #[test]
    fn stories_whose_browser_crashed_count_unless_there_are_many() {
        assert_eq!(stories(&report(0, MOST_CRASHES)).unwrap().number, 2 + MOST_CRASHES);
        assert!(stories(&report(0, MOST_CRASHES + 1)).is_err());
    }
}
