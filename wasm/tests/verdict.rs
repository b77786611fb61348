//! The verdict in the browser is the server's, byte for byte: both make the same cases from the same seeds, and
//! `core/tests/verdict.rs` holds the native build to the digests on file.

#![expect(clippy::unwrap_used, reason = "clippy does not know these functions for tests")]

#[path = "../../core/tests/verdict/cases.rs"]
mod cases;

use cases::{BLOCKS, digest};
use doorstep_core::{closeout::check, job::Job};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

const ON_FILE: &str = include_str!("../../core/tests/verdicts.txt");

#[wasm_bindgen_test]
fn the_browser_finds_what_the_server_finds_byte_for_byte() {
    let found: Vec<String> = (0..BLOCKS).map(|block| digest(block).to_string()).collect();
    let on_file: Vec<&str> = ON_FILE.lines().collect();
    assert_eq!(found, on_file);
}

#[wasm_bindgen_test]
fn what_went_through_json_gets_the_same_verdict() {
    for seed in 0..40 {
        let case = cases::case(seed);
        let text = serde_json::to_string(&case.job).unwrap();
        let job: Job = serde_json::from_str(&text).unwrap();
        assert_eq!(check(&job, &case.closeout), case.findings);
    }
}
