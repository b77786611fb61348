//! Closeouts by chance, and a digest of what is said of them on file, so that the browser's build can be held to the
//! same verdict (`wasm/tests/verdict.rs` makes the same cases and reads the same file).

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "verdict/cases.rs"]
mod cases;

use cases::{BLOCK, BLOCKS, case, digest};
use doorstep_core::closeout::{Rule, Severity};
use std::collections::{BTreeMap, BTreeSet};

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/verdicts.txt");
const TABLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/RULES.md");

/// `DOORSTEP_GOLDEN=write` writes the file anew, after a rule was changed on purpose.
#[test]
fn closeouts_by_chance_get_the_findings_on_file() {
    let made: String = (0..BLOCKS).map(|block| format!("{}\n", digest(block))).collect();
    if std::env::var("DOORSTEP_GOLDEN").is_ok_and(|value| value == "write") {
        std::fs::write(FILE, &made).unwrap();
    }
    let on_file = std::fs::read_to_string(FILE).unwrap();
    for (n, (made, on_file)) in made.lines().zip(on_file.lines()).enumerate() {
        assert_eq!(made, on_file, "block {n}");
    }
    assert_eq!(made.len(), on_file.len());
}

#[test]
fn every_rule_is_among_them_and_so_is_a_closeout_that_is_complete() {
    let findings: Vec<_> = (0..BLOCK * BLOCKS).map(|seed| case(seed).findings).collect();
    let rules: BTreeSet<Rule> = findings.iter().flatten().map(|finding| finding.rule).collect();
    let lacking: Vec<_> = Rule::ALL.into_iter().filter(|rule| !rules.contains(rule)).collect();
    assert_eq!(lacking, []);
    assert!(findings.iter().any(Vec::is_empty));
}

#[test]
fn each_rule_has_one_row_in_the_table_with_its_severity() {
    let table = std::fs::read_to_string(TABLE).unwrap();
    let rows: Vec<(&str, &str)> = table
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split_once("` | "))
        .filter_map(|(rule, rest)| Some((rule, rest.split_once(" | ")?.0)))
        .collect();
    // Cases by chance raise every rule: what they are raised with is what the table has to say.
    let mut severities = BTreeMap::new();
    for finding in (0..BLOCK * BLOCKS).flat_map(|seed| case(seed).findings) {
        severities.insert(finding.rule, finding.severity);
    }
    for rule in Rule::ALL {
        let name = serde_json::to_value(rule).unwrap();
        let said: Vec<_> = rows.iter().filter(|(row, _)| Some(*row) == name.as_str()).collect();
        let severity = match severities[&rule] {
            Severity::Stop => "stops",
            Severity::Warn => "warns",
        };
        assert_eq!(said.iter().map(|(_, severity)| *severity).collect::<Vec<_>>(), [severity], "{rule:?}");
    }
    assert_eq!(rows.len(), Rule::ALL.len());
}
