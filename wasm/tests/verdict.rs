//! The verdict in the browser is the server's, byte for byte. `core/tests/verdict.rs` makes the file and holds the
//! native build to it.

#![expect(clippy::unwrap_used, reason = "clippy does not know these functions for tests")]

use doorstep_core::{
    closeout::{Closeout, Finding, check},
    job::Job,
};
use serde::{Deserialize, Serialize};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

const ON_FILE: &str = include_str!("../../core/tests/verdicts.jsonl");

#[derive(Serialize, Deserialize)]
struct Case {
    job: Job,
    closeout: Closeout,
    findings: Vec<Finding>,
}

#[wasm_bindgen_test]
fn the_browser_finds_what_the_server_finds_byte_for_byte() {
    let mut lines = 0;
    for line in ON_FILE.lines() {
        let mut case: Case = serde_json::from_str(line).unwrap();
        case.findings = check(&case.job, &case.closeout);
        lines += 1;
        assert_eq!(serde_json::to_string(&case).unwrap(), line, "line {lines}");
    }
    assert!(lines >= 40);
}
