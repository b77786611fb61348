use super::*;
use crate::pin::stretch;
use proptest::prelude::*;

const NOON: Timestamp = Timestamp(1_790_000_000_000);
const SMALL: Cost = Cost { memory_kib: 8, passes: 1 };

fn device() -> DeviceId {
    DeviceId::from_bytes([7; 16])
}

fn store_key() -> Key {
    Key::from_bytes([0x2a; 32])
}

fn lease() -> Lease {
    Lease::grant(NOON, 86_400_000, 900_000, NOON)
}

fn stretched(pin: &str) -> Key {
    stretch(pin, &[3; 16], &[4; 32], SMALL).unwrap()
}

fn sealed() -> (KeyFile, Opened) {
    let fresh = std::array::from_fn(|i| i as u8);
    KeyFile::seal(device(), &store_key(), lease(), ([3; 16], SMALL, &stretched("20483917")), &fresh).unwrap()
}

/// As the worker leaves it on the disk.
fn on_disk(file: &KeyFile) -> Vec<u8> {
    [file.write(), file.write()].concat()
}

#[test]
fn the_right_pin_opens_the_store_key_and_no_other_does() {
    let (file, _) = sealed();
    let read = KeyFile::read(&on_disk(&file)).unwrap();
    assert_eq!(read, file);
    let opened = read.open(Secret::Pin(&stretched("20483917"))).unwrap();
    assert!(opened.store_key == store_key());
    assert_eq!(read.open(Secret::Pin(&stretched("20483918"))).unwrap_err(), VaultError::DoesNotOpen);
    assert_eq!(read.open(Secret::Passkey(&stretched("20483917"))).unwrap_err(), VaultError::DoesNotOpen);
}

#[test]
fn neither_key_lies_in_the_file() {
    let (file, Opened { master, store_key }) = sealed();
    let bytes = on_disk(&file);
    for key in [master, store_key, stretched("20483917")] {
        assert!(!bytes.windows(32).any(|window| window == key.expose()));
    }
}

#[test]
fn a_lease_that_somebody_edited_does_not_open() {
    let (file, _) = sealed();
    for change in [
        (|lease: &mut Lease| lease.length_ms *= 2) as fn(&mut Lease),
        |lease| lease.mark = Timestamp(0),
        |lease| lease.run_ms -= 1,
        |lease| lease.idle_ms += 1,
        |lease| lease.granted = lease.granted.plus_ms(1),
    ] {
        let edited = file.changed(|sealed| change(&mut sealed.lease));
        assert_eq!(edited.open(Secret::Pin(&stretched("20483917"))).unwrap_err(), VaultError::DoesNotOpen);
    }
}

#[test]
fn a_lease_is_extended_with_what_an_open_phone_has_in_memory() {
    let (file, opened) = sealed();
    let longer = Lease::grant(NOON.plus_ms(1000), 86_400_000, 900_000, NOON.plus_ms(900));
    let extended = file.leased(&opened.master, longer, [9; 12]).unwrap();
    let again = extended.open(Secret::Pin(&stretched("20483917"))).unwrap();
    assert!(again.store_key == store_key());
    assert!(matches!(&extended.state, State::Sealed(sealed) if sealed.lease == longer));
    assert!(file.leased(&store_key(), longer, [9; 12]).is_err(), "not with another key");
}

#[test]
fn a_passkey_opens_the_same_store_beside_the_pin() {
    let (file, opened) = sealed();
    let prf = Key::from_bytes([5; 32]);
    let both = file.with_passkey(&opened.master, b"credential", ([6; 32], &prf), [8; 12]).unwrap();
    let read = KeyFile::read(&on_disk(&both)).unwrap();
    assert_eq!(read.passkey(), Some((&b"credential"[..], &[6; 32])));
    assert!(read.open(Secret::Passkey(&prf)).unwrap().store_key == store_key());
    assert!(read.open(Secret::Pin(&stretched("20483917"))).is_ok());
    assert!(read.open(Secret::Passkey(&stretched("20483917"))).is_err());
    for length in [0, MOST_CREDENTIAL_BYTES + 1] {
        let refused = file.with_passkey(&opened.master, &vec![1; length], ([6; 32], &prf), [8; 12]);
        assert_eq!(refused.unwrap_err(), VaultError::TooLarge);
    }
    let alone = read.without_passkey();
    assert_eq!(alone.passkey(), None);
    assert!(alone.open(Secret::Passkey(&prf)).is_err());
    assert!(alone.open(Secret::Pin(&stretched("20483917"))).is_ok());
    assert!(!alone.write().windows(61).any(|bytes| on_disk(&both)[252..313] == *bytes), "its wrap is gone");
    let largest = file.with_passkey(&opened.master, &[1; 512], ([6; 32], &prf), [8; 12]).unwrap();
    assert_eq!(KeyFile::read(&on_disk(&largest)), Some(largest));
}

#[test]
fn wrong_ones_wait_longer_and_longer_and_a_clock_set_back_waits_no_longer_than_that() {
    let (mut file, _) = sealed();
    let mut waits = Vec::new();
    for _ in 0..MOST_WRONG {
        file = file.trying(NOON);
        waits.push(file.wait_ms(NOON) / 1000);
    }
    assert_eq!(waits, [0, 0, 5, 15, 30, 60, 120, 300, 600, 600]);
    assert_eq!(file.wait_ms(NOON.plus_ms(599_999)), 1);
    assert_eq!(file.wait_ms(NOON.plus_ms(-86_400_000)), 600_000);
    assert_eq!(file.forgiven().wait_ms(NOON), 0);
    assert!(matches!(&file.state, State::Sealed(sealed) if sealed.wrong == MOST_WRONG));
}

#[test]
fn nothing_of_a_wrap_is_left_after_a_wipe_and_it_says_why() {
    let (file, opened) = sealed();
    for why in Wipe::ALL {
        let wiped = file.wiped(why);
        let bytes = on_disk(&wiped);
        let read = KeyFile::read(&bytes).unwrap();
        assert_eq!(read.state, State::Wiped(why));
        assert!(read.open(Secret::Pin(&stretched("20483917"))).is_err());
        assert!(read.leased(&opened.master, lease(), [9; 12]).is_err());
        assert!(bytes[25..DIGEST_AT].iter().all(|byte| *byte == 0));
    }
}

#[test]
fn a_phone_that_dies_while_it_writes_has_the_state_before_or_after() {
    let (file, _) = sealed();
    let (before, after) = (on_disk(&file), file.trying(NOON));
    let slot = after.write();
    let first = after.first_half() as usize * SLOT_BYTES;
    assert_ne!(after.first_half(), file.first_half());
    for torn in 0..=SLOT_BYTES {
        let mut disk = before.clone();
        disk[first..first + torn].copy_from_slice(&slot[..torn]);
        let read = KeyFile::read(&disk).unwrap();
        assert_eq!(read, if torn == SLOT_BYTES { after.clone() } else { file.clone() }, "{torn} bytes");
        disk[first..first + SLOT_BYTES].copy_from_slice(&slot);
        let second = SLOT_BYTES - first;
        disk[second..second + torn].copy_from_slice(&slot[..torn]);
        assert_eq!(KeyFile::read(&disk).unwrap(), after);
    }
}

proptest! {
    #[test]
    fn no_bytes_make_reading_stop(bytes in prop::collection::vec(any::<u8>(), 0..2 * FILE_BYTES)) {
        prop_assert_eq!(KeyFile::read(&bytes), None);
    }

    /// With a digest that fits: whatever somebody writes there, it reads or does not.
    #[test]
    fn no_slot_that_is_whole_makes_reading_stop(at in 0usize..DIGEST_AT, byte in any::<u8>()) {
        let mut slot = sealed().0.write();
        slot[at] = byte;
        let digest = Sha256::of(&slot[..DIGEST_AT]);
        slot[DIGEST_AT..].copy_from_slice(digest.as_bytes());
        if let Some(file) = KeyFile::read(&[slot, slot].concat()) {
            prop_assert_eq!(file.write()[..25].to_vec(), slot[..25].to_vec());
        }
    }
}
