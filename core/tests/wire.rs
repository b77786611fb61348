//! What comes over the wire may be anything.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use doorstep_core::{
    digest::Sha256,
    document::admit::Incoming,
    id::{AppointmentId, EpochId, RecordId},
    time::{Reading, Timestamp},
    wire::{
        self, DocumentUp, HeadsDigest, MAX_INFLATED_BYTES, MAX_MESSAGE_BYTES, RecordUp, SyncReply,
        SyncRequest, WireError,
    },
};
use proptest::prelude::*;
use std::io::Write;

/// The most memory this process ever had, in MiB, where the system says.
fn peak_mib() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM"))?;
    Some(line.split_whitespace().nth(1)?.parse::<u64>().ok()? / 1024)
}

fn assert_bounded() {
    assert!(peak_mib().is_none_or(|peak| peak < 160), "{:?} MiB", peak_mib());
}

fn message(plain: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::DeflateEncoder::new(vec![wire::VERSION], flate2::Compression::best());
    encoder.write_all(plain).unwrap();
    encoder.finish().unwrap()
}

fn request(documents: Vec<DocumentUp>) -> SyncRequest {
    SyncRequest {
        epoch: EpochId::from_bytes([1; 8]),
        reading: Reading { monotonic_ms: 5, wall: Timestamp(1_790_000_000_000) },
        digest: Sha256::of(b"digest"),
        known: None,
        documents,
    }
}

fn document(incoming: Option<Incoming>, records: Vec<RecordUp>) -> DocumentUp {
    DocumentUp {
        appointment: AppointmentId::from_bytes([2; 16]),
        known: HeadsDigest::of(&[]),
        incoming,
        records,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_decode_or_are_refused(
        bytes in prop::collection::vec(any::<u8>(), 0..400), version in 0..3u8, deflate: bool,
    ) {
        let bytes = if deflate { message(&bytes) } else { [&[version][..], &bytes].concat() };
        // Whatever it is, it is an answer; a panic would fail the test.
        let _: Result<SyncRequest, _> = wire::decode(&bytes);
        let _: Result<SyncReply, _> = wire::decode(&bytes);
        let _: Result<Incoming, _> = wire::decode(&bytes);
    }

    #[test]
    fn a_message_with_a_byte_changed_decodes_or_is_refused(at in 0..10_000usize, mask in 1..=255u8) {
        let record = RecordUp { record: RecordId::from_bytes([9; 16]), body: vec![7; 40] };
        let sent = request(vec![document(Some(Incoming::Changes(vec![vec![3; 90]; 3])), vec![record])]);
        let plain = wire::encode(&sent).unwrap();
        let mut hostile = plain.clone();
        let at = at % hostile.len();
        hostile[at] ^= mask;
        if let Ok(read) = wire::decode::<SyncRequest>(&hostile) {
            wire::encode(&read).unwrap();
        }
        prop_assert_eq!(wire::decode::<SyncRequest>(&plain).unwrap(), sent);
    }

    #[test]
    fn a_request_comes_back_as_it_was(
        changes in prop::collection::vec(prop::collection::vec(any::<u8>(), 10..60), 0..5),
        save in prop::collection::vec(any::<u8>(), 0..60),
        body in prop::collection::vec(any::<u8>(), 0..60),
    ) {
        let record = RecordUp { record: RecordId::from_bytes([9; 16]), body };
        let sent = request(vec![
            document(Some(Incoming::Changes(changes)), vec![record]),
            document(Some(Incoming::Save(save)), vec![]),
            document(None, vec![]),
        ]);
        prop_assert_eq!(wire::decode::<SyncRequest>(&wire::encode(&sent).unwrap()).unwrap(), sent);
    }
}

#[test]
fn a_message_that_inflates_beyond_the_limit_is_refused_without_inflating_it() {
    let mut encoder = flate2::write::DeflateEncoder::new(vec![wire::VERSION], flate2::Compression::best());
    (0..256).for_each(|_| encoder.write_all(&[0; 1 << 20]).unwrap());
    let bomb = encoder.finish().unwrap();
    assert!(bomb.len() < MAX_MESSAGE_BYTES);
    assert!(matches!(wire::decode::<SyncRequest>(&bomb), Err(WireError::TooLarge)));
    let exactly = message(&vec![0; MAX_INFLATED_BYTES + 1]);
    assert!(matches!(wire::decode::<SyncReply>(&exactly), Err(WireError::TooLarge)));
    let long = vec![wire::VERSION; MAX_MESSAGE_BYTES + 1];
    assert!(matches!(wire::decode::<SyncReply>(&long), Err(WireError::TooLarge)));
    assert_bounded();
}

#[test]
fn lists_of_nothing_do_not_become_memory() {
    // Eight million changes of no bytes would be 192 MB of empty vectors.
    let mut plain = vec![0];
    postcard_length(&mut plain, 8_000_000);
    plain.resize(MAX_INFLATED_BYTES - 10, 0);
    assert!(matches!(wire::decode::<Incoming>(&message(&plain)), Err(WireError::Damaged(_))));
    // Many of the shortest that may be.
    let many = Incoming::Changes(vec![vec![0; 10]; wire::MAX_ITEMS + 1]);
    assert!(matches!(wire::decode::<Incoming>(&wire::encode(&many).unwrap()), Err(WireError::Damaged(_))));
    let documents = request(vec![document(None, vec![]); wire::MAX_ITEMS + 1]);
    assert!(matches!(
        wire::decode::<SyncRequest>(&wire::encode(&documents).unwrap()),
        Err(WireError::Damaged(_))
    ));
    let most = request(vec![document(None, vec![]); wire::MAX_ITEMS]);
    assert_eq!(wire::decode::<SyncRequest>(&wire::encode(&most).unwrap()).unwrap(), most);
    assert_bounded();
}

#[test]
fn a_length_beyond_what_follows_is_refused_without_room_for_it() {
    for claim in [1u64 << 20, 1 << 32, u64::MAX] {
        for kind in [0, 1] {
            let mut plain = vec![kind];
            postcard_length(&mut plain, claim);
            plain.extend([10; 40]);
            assert!(matches!(wire::decode::<Incoming>(&message(&plain)), Err(WireError::Damaged(_))));
        }
    }
    assert_bounded();
}

#[test]
fn bytes_after_a_message_are_refused() {
    let plain = [&[1, 2, 8, 8][..], b"more"].concat();
    assert!(matches!(wire::decode::<Incoming>(&message(&plain)), Err(WireError::Damaged(_))));
    assert!(matches!(wire::decode::<Incoming>(&[]), Err(WireError::Damaged(_))));
    assert!(matches!(wire::decode::<Incoming>(&[2, 0]), Err(WireError::UnknownVersion(2))));
}

fn postcard_length(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}
