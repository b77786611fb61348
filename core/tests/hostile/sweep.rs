//! Each byte of honest changes and of an honest save, mutated, with the checksum repaired.

use crate::{admit_changes, admit_save, assert_sound, chunk::repair, filled, peak_mib, skeleton};
use doorstep_core::document::{
    Document,
    admit::{Admitted, Refusal},
};

/// All values of every byte with `DOORSTEP_LONG`, a few of each otherwise.
fn mutations(byte: u8) -> Vec<u8> {
    if std::env::var_os("DOORSTEP_LONG").is_some() {
        return (0..=255).filter(|mutated| *mutated != byte).collect();
    }
    let mut some = vec![byte ^ 1, byte ^ 0x80, byte.wrapping_add(1), 0, 0x7f, 0xff];
    some.sort_unstable();
    some.dedup();
    some.retain(|mutated| *mutated != byte);
    some
}

/// Returns how many were tried and how many were admitted.
fn sweep(bytes: &[u8], admit: impl Fn(Vec<u8>) -> Result<Admitted, Refusal>) -> (usize, usize) {
    let (mut tried, mut admitted) = (0, 0);
    for at in 8..bytes.len() {
        for mutated in mutations(bytes[at]) {
            let mut hostile = bytes.to_vec();
            hostile[at] = mutated;
            tried += 1;
            if let Ok(taken) = admit(repair(&hostile)) {
                assert_sound(&taken);
                admitted += 1;
            }
        }
    }
    (tried, admitted)
}

fn assert_bounded() {
    if let Some(peak) = peak_mib() {
        assert!(peak < 512, "{peak} MiB");
    }
}

#[test]
fn a_change_with_any_byte_mutated_is_refused_or_harmless() {
    let (_, changes) = filled();
    let mut before = skeleton();
    for change in changes {
        let (tried, admitted) = sweep(&change, |hostile| admit_changes(&before, vec![hostile]));
        assert!(tried > change.len() && admitted < tried / 2, "{admitted} of {tried}");
        before.apply_own(&[change]).unwrap();
    }
    assert_bounded();
}

#[test]
fn a_save_with_any_byte_mutated_is_refused_or_harmless() {
    let (document, changes) = filled();
    let save = document.save_for_wire();
    let mut half = skeleton();
    half.apply_own(&changes[..3]).unwrap();
    let (tried, admitted) = sweep(&save, |hostile| {
        let whole = admit_save(&skeleton(), hostile.clone());
        if let Ok(taken) = admit_save(&half, hostile) {
            assert_sound(&taken);
        }
        whole
    });
    assert!(admitted < tried / 4, "{admitted} of {tried}");
    assert_bounded();
}

#[test]
fn a_change_cut_short_or_lengthened_is_refused() {
    let (_, changes) = filled();
    let before = skeleton();
    for end in 0..changes[0].len() {
        admit_changes(&before, vec![changes[0][..end].to_vec()]).unwrap_err();
        admit_changes(&before, vec![repair(&changes[0][..end])]).unwrap_err();
    }
    let two = [&changes[0][..], &changes[1]].concat();
    admit_changes(&before, vec![two]).unwrap_err();
}

#[test]
fn honest_changes_and_an_honest_save_say_the_same() {
    let (document, changes) = filled();
    let by_changes = admit_changes(&skeleton(), changes.clone()).unwrap();
    let by_save = admit_save(&skeleton(), document.save_for_wire()).unwrap();
    assert_eq!(by_changes.closeout, by_save.closeout);
    assert_eq!(by_changes.new, by_save.new);
    assert_eq!(by_changes.new.len(), changes.len());
    assert_eq!(by_save.document.heads(), document.heads());
    assert_sound(&by_save);
    let again = admit_changes(&Document::load(&by_save.saved).unwrap(), changes).unwrap();
    assert!(again.new.is_empty());
}
