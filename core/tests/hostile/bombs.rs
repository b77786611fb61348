//! Few bytes that would become many.

use crate::{
    admit_changes, admit_save,
    chunk::{COMPRESSED_CHANGE, Change, DOCUMENT, chunk, signed, unsigned},
    filled, peak_mib, skeleton,
};
use doorstep_core::document::admit::{MAX_CHANGES, Refusal};
use std::io::Write;

fn deflated(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// A run of one value, or of empty values, as automerge's columns code it.
fn run(length: u64, value: Option<u64>) -> Vec<u8> {
    let mut column = Vec::new();
    match value {
        Some(value) => {
            signed(&mut column, length as i64);
            unsigned(&mut column, value);
        }
        None => {
            signed(&mut column, 0);
            unsigned(&mut column, length);
        }
    }
    column
}

#[test]
fn a_run_of_a_million_million_values_is_refused_in_every_column_before_decoding() {
    let (_, changes) = filled();
    let honest = Change::parse(&changes[0]);
    for at in 0..honest.columns.len() {
        for length in [20_001, 1 << 40, i64::MAX as u64] {
            for value in [None, Some(1)] {
                let mut hostile = honest.clone();
                hostile.columns[at].1 = run(length, value);
                let answer = admit_changes(&skeleton(), vec![hostile.build()]);
                let kind = hostile.columns[at].0 & 7;
                // Value data is plain bytes: their lengths are in the column before.
                if kind != 7 {
                    assert!(matches!(answer, Err(Refusal::Overweight(_))), "column {at}: {answer:?}");
                }
            }
        }
    }
    assert!(peak_mib().is_none_or(|peak| peak < 512));
}

#[test]
fn a_column_that_counts_a_million_million_predecessors_is_refused_before_decoding() {
    let (_, changes) = filled();
    let mut hostile = Change::parse(&changes[3]);
    let group = hostile.columns.iter_mut().find(|(kind, _)| kind & 7 == 0).unwrap();
    group.1 = run(1, Some(1 << 40));
    let answer = admit_changes(&skeleton(), vec![hostile.build()]);
    assert!(matches!(answer, Err(Refusal::Overweight(_))), "{answer:?}");
}

#[test]
fn columns_that_nobody_knows_are_weighed_too() {
    let (_, changes) = filled();
    for kind in 0..8u64 {
        let mut hostile = Change::parse(&changes[0]);
        hostile.columns.push((200 << 4 | kind, run(1 << 40, Some(1))));
        admit_changes(&skeleton(), vec![hostile.build()]).unwrap_err();
    }
}

#[test]
fn compressed_changes_and_compressed_columns_are_refused_before_inflating() {
    let (document, changes) = filled();
    let bomb = chunk(COMPRESSED_CHANGE, &deflated(&vec![0; 16 << 20]));
    assert!(bomb.len() < 128 * 1024);
    assert!(matches!(admit_changes(&skeleton(), vec![bomb]), Err(Refusal::Overweight(_))));

    let mut hostile = Change::parse(&changes[0]);
    let (kind, data) = hostile.columns.last_mut().unwrap();
    *kind |= 8;
    *data = deflated(&vec![0; 16 << 20]);
    assert!(matches!(admit_changes(&skeleton(), vec![hostile.build()]), Err(Refusal::Overweight(_))));

    // The same in a save: the last pair of its operation columns becomes a deflated one.
    let mut data = Vec::new();
    unsigned(&mut data, 0); // actors
    unsigned(&mut data, 0); // heads
    unsigned(&mut data, 0); // change columns
    unsigned(&mut data, 1);
    let bomb = deflated(&vec![0; 16 << 20]);
    unsigned(&mut data, 8 | 2);
    unsigned(&mut data, bomb.len() as u64);
    data.extend(bomb);
    assert!(matches!(admit_save(&skeleton(), chunk(DOCUMENT, &data)), Err(Refusal::Overweight(_))));

    let after = [document.save_for_wire(), changes[0].clone()].concat();
    assert!(matches!(admit_save(&skeleton(), after), Err(Refusal::Overweight(_))));
    assert!(peak_mib().is_none_or(|peak| peak < 512));
}

#[test]
fn lists_that_claim_more_than_there_is_are_refused() {
    for claim in [1u64 << 20, 1 << 40, u64::MAX] {
        let mut data = Vec::new();
        unsigned(&mut data, claim);
        data.extend([0; 64]);
        admit_save(&skeleton(), chunk(DOCUMENT, &data)).unwrap_err();
        admit_changes(&skeleton(), vec![chunk(1, &data)]).unwrap_err();
    }
}

#[test]
fn more_changes_than_an_exchange_may_carry_are_refused() {
    let (_, changes) = filled();
    let answer = admit_changes(&skeleton(), vec![changes[0].clone(); MAX_CHANGES + 1]);
    assert_eq!(answer.unwrap_err(), Refusal::TooMany);
}

#[test]
fn a_change_of_more_than_256_kib_is_refused() {
    let (_, changes) = filled();
    let mut hostile = Change::parse(&changes[0]);
    hostile.message = vec![b'a'; 256 * 1024];
    assert!(matches!(admit_changes(&skeleton(), vec![hostile.build()]), Err(Refusal::Overweight(_))));
}
