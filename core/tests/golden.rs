//! Golden bytes of everything that is stored or sent. What must be equal is compared; what is compressed, and may be
//! compressed better one day, must read back.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use doorstep_core::{
    closeout::{Answer, Closeout, RecordFacts, RecordKind, Step},
    digest::Sha256,
    document::{
        Actor, Document, Put,
        admit::{self, Incoming},
    },
    evidence::{EvidenceDay, EvidenceKey, POINT_BYTES, PublicKey},
    id::{AppointmentId, DeviceId, EpochId, EvidenceKeyId, PhotoId, RecordId},
    photo::{MediaType, PhotoFacts},
    pii::Pii,
    record::{Content, Position, Signature},
    time::{Moment, Reading, ServerSeen, Timestamp},
    vault::{self, Key},
    wire::{self, DocumentDown, DocumentUp, HeadsDigest, Known, Outcome, RecordUp, SyncReply, SyncRequest},
};
use serde_json::{Value, json};
use std::path::PathBuf;

#[path = "golden/store.rs"]
mod store;

const VISIT: AppointmentId = AppointmentId::from_bytes([0xa1; 16]);
const DEVICE: DeviceId = DeviceId::from_bytes([7; 16]);

/// What the file holds; `made` where it is new and asked for.
fn golden(name: &str, made: &str) -> String {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name);
    if !path.exists() && std::env::var_os("DOORSTEP_GOLDEN").is_some_and(|wish| wish == "write") {
        std::fs::write(&path, format!("{}\n", made.trim_end())).unwrap();
    }
    std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{name}: {e}")).trim_end().to_owned()
}

fn golden_bytes(name: &str, made: &[u8]) -> Vec<u8> {
    hex::decode(golden(name, &hex::encode(made))).unwrap()
}

fn golden_json(name: &str, made: &Value) -> Value {
    serde_json::from_str(&golden(name, &serde_json::to_string_pretty(made).unwrap())).unwrap()
}

fn moment(n: u64) -> Moment {
    let wall = Timestamp(1_790_000_000_000 + n as i64 * 60_000);
    let seen = ServerSeen { server: wall.plus_ms(-900), wall, monotonic_ms: Some(n * 60_000) };
    Moment { epoch: EpochId::from_bytes([1; 8]), monotonic_ms: n * 60_000, wall, seen: Some(seen) }
}

fn facts() -> PhotoFacts {
    PhotoFacts {
        shot: "after".to_owned(),
        sha256: Sha256::of(b"a picture"),
        size: 412_345,
        width: 2048,
        height: 1536,
        media: MediaType::Jpeg,
        taken: Moment { seen: None, ..moment(3) },
    }
}

fn filled() -> (Document, Vec<Vec<u8>>) {
    let mut document = Document::skeleton(VISIT).unwrap();
    let photo = PhotoId::from_bytes([0x33; 16]);
    let position = RecordFacts { kind: RecordKind::Position, length: 0, step: Some(Step::Arrived) };
    let note = RecordFacts { kind: RecordKind::Note, length: 41, step: None };
    let edits = [
        vec![Put::Step(Step::OnMyWay, moment(1))],
        vec![Put::Record(RecordId::from_bytes([0x44; 16]), position), Put::Step(Step::Arrived, moment(2))],
        vec![Put::Answer("work_done".to_owned(), Answer::Yes)],
        vec![Put::Answer("tested".to_owned(), Answer::NotApplicable)],
        vec![Put::Photo(photo, facts())],
        vec![Put::RemovePhoto(photo)],
        vec![Put::Record(RecordId::from_bytes([0x55; 16]), note)],
    ];
    let actor = Actor { device: DEVICE, epoch: EpochId::from_bytes([1; 8]) };
    let changes = edits.iter().map(|puts| document.edit(actor, puts).unwrap().unwrap().bytes).collect();
    (document, changes)
}

#[test]
fn a_skeleton_is_byte_for_byte_the_same_for_good() {
    let made = Document::skeleton(VISIT).unwrap();
    let golden = golden_bytes("skeleton.v1.hex", &made.save());
    assert_eq!(hex::encode(made.save()), hex::encode(&golden));
    assert_eq!(Document::load(&golden).unwrap().heads(), made.heads());
}

#[test]
fn an_edit_makes_the_same_change_for_good() {
    let (_, changes) = filled();
    let golden = golden_json("changes.v1.json", &json!(changes.iter().map(hex::encode).collect::<Vec<_>>()));
    assert_eq!(json!(changes.iter().map(hex::encode).collect::<Vec<_>>()), golden);
    let admitted =
        admit::admit(&Document::skeleton(VISIT).unwrap(), DEVICE, &Incoming::Changes(changes)).unwrap();
    assert_eq!(admitted.closeout, filled().0.read().unwrap());
}

#[test]
fn a_saved_document_loads_and_says_what_it_said() {
    let (document, _) = filled();
    for (name, made) in
        [("document.v1.hex", document.save()), ("document-sent.v1.hex", document.save_for_wire())]
    {
        let loaded = Document::load(&golden_bytes(name, &made)).unwrap();
        assert_eq!(loaded.heads(), document.heads());
        assert_eq!(loaded.read().unwrap(), document.read().unwrap());
    }
    let closeout = serde_json::to_value(document.read().unwrap()).unwrap();
    let on_file = golden_json("closeout.v1.json", &closeout);
    assert_eq!(serde_json::from_value::<Closeout>(on_file).unwrap(), document.read().unwrap());
}

#[test]
fn a_request_and_a_reply_read_as_what_was_sent() {
    let (document, changes) = filled();
    let record = RecordId::from_bytes([0x55; 16]);
    let note = Content::Note(Pii::new("The gate sticks.".to_owned()));
    let sealed = note.seal(&Key::from_bytes([3; 32]), record).unwrap();
    let up = |incoming| DocumentUp {
        appointment: VISIT,
        known: HeadsDigest::of(&Document::skeleton(VISIT).unwrap().heads()),
        incoming,
        records: vec![RecordUp::new(record, &sealed).unwrap()],
    };
    let request = SyncRequest {
        epoch: EpochId::from_bytes([1; 8]),
        reading: Reading { monotonic_ms: 90_000, wall: Timestamp(1_790_000_000_000) },
        digest: wire::digest_of([(&VISIT, &document.heads()[..])]),
        known: Some(vec![Known { appointment: VISIT, heads: HeadsDigest::of(&document.heads()) }]),
        documents: vec![
            up(Some(Incoming::Changes(changes))),
            up(Some(Incoming::Save(document.save_for_wire()))),
            up(None),
        ],
    };
    let sent = golden_bytes("request.v1.hex", &wire::encode(&request).unwrap());
    assert_eq!(wire::decode::<SyncRequest>(&sent).unwrap(), request);
    let down = |outcome, save| DocumentDown { appointment: VISIT, outcome, save };
    let reply = SyncReply {
        server_time: Timestamp(1_790_000_000_500),
        digest: request.digest,
        list_wanted: true,
        documents: vec![
            down(Outcome::Taken, None),
            down(Outcome::Refused("change_out_of_sequence".to_owned()), Some(document.save_for_wire())),
        ],
        refused_records: vec![(record, "record_too_large".to_owned())],
    };
    let sent = golden_bytes("reply.v1.hex", &wire::encode(&reply).unwrap());
    assert_eq!(wire::decode::<SyncReply>(&sent).unwrap(), reply);
}

#[test]
fn sealed_values_are_the_same_bytes_for_good_and_open() {
    let photo = format!("photo/{}", PhotoId::from_bytes([0x33; 16]));
    let all_bytes: Vec<u8> = (0..=255).collect();
    let values = [
        ("nothing", "seen", [0; 32], [0; 12], &b""[..]),
        ("a few bytes", "job/1", [7; 32], [9; 12], b"made up"),
        ("a photo", &photo, [0xab; 32], [0xcd; 12], &all_bytes),
        ("a place beyond ASCII", "tür/ä", [1; 32], [2; 12], "Grüße".as_bytes()),
    ];
    let made = values.map(|(name, place, key, nonce, plain)| {
        let sealed = vault::seal(&Key::from_bytes(key), place, nonce, plain).unwrap();
        json!({
            "name": name,
            "key": hex::encode(key),
            "place": place,
            "nonce": hex::encode(nonce),
            "plain": hex::encode(plain),
            "sealed": hex::encode(sealed),
        })
    });
    let golden = golden_json("vault.json", &json!(made));
    assert_eq!(json!(made), golden);
    for vector in golden.as_array().unwrap() {
        let bytes = |field: &str| hex::decode(vector[field].as_str().unwrap()).unwrap();
        let key: Key = serde_json::from_value(vector["key"].clone()).unwrap();
        let place = vector["place"].as_str().unwrap();
        assert_eq!(vault::open(&key, place, &bytes("sealed")).unwrap(), bytes("plain"));
    }
}

#[test]
fn sealed_records_open_to_what_was_said() {
    let (key, id) = (Key::from_bytes([3; 32]), RecordId::from_bytes([0x44; 16]));
    let contents = [
        Content::Position(Pii::new(Position { latitude: -33.9, longitude: 151.123_457, accuracy: 12.0 })),
        Content::Note(Pii::new("The gate sticks.".to_owned())),
        Content::Note(Pii::new("The gate sticks, and so does the door behind the gate. ".repeat(20))),
    ];
    let made: Vec<String> =
        contents.iter().map(|content| hex::encode(content.seal(&key, id).unwrap())).collect();
    let golden = golden_json("records.v1.json", &json!(made));
    for (sealed, content) in golden.as_array().unwrap().iter().zip(&contents) {
        let sealed = hex::decode(sealed.as_str().unwrap()).unwrap();
        assert_eq!(&Content::open(&key, id, &sealed).unwrap(), content);
    }
    let strokes = vec![vec![1_000, 2_000, 1_400, 1_900, 9_999, 0], vec![5_000, 5_000]];
    let signature = Signature { signer: "Sam Sample".to_owned(), strokes };
    let later = [
        Content::Signature(Pii::new(signature)),
        Content::Serial(Pii::new("SN-0001".to_owned())),
        Content::Caption(Pii::new("Left of the stud".to_owned())),
    ];
    let made: Vec<String> =
        later.iter().map(|content| hex::encode(content.seal(&key, id).unwrap())).collect();
    assert_eq!(golden_json("records.v2.json", &json!(made)), json!(made));
}

/// The golden key of `server/tests/golden/evidence.v2.json`.
fn evidence_key() -> EvidenceKey {
    let public = "04fe8c19ce0905191ebc298a9245792531f26f0cece2460639e8bc39cb7f706a82\
                  6a779b4cf969b8a0e539c7f62fb3d30ad6aa8f80e30f1d128aafd68a2ce72ea0";
    let public: [u8; POINT_BYTES] = hex::decode(public).unwrap().try_into().unwrap();
    let id = EvidenceKeyId::try_from(&Sha256::of(&public).as_bytes()[..16]).unwrap();
    EvidenceKey { day: EvidenceDay(20_747), id, public: PublicKey::from_bytes(public) }
}
