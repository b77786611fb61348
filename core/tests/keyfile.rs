//! Golden bytes of the phone's key file and of what opens it (`tests/web/stories/vault.spec.ts` holds the browser to them).

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use doorstep_core::{
    id::DeviceId,
    keyfile::{KeyFile, Secret, Wipe},
    lease::{Lease, Verdict},
    pin::{Cost, derive, stretch},
    time::Timestamp,
    vault::Key,
};
use serde_json::{Value, json};
use std::path::PathBuf;

const PIN: &str = "20483917";
const SALT: [u8; 16] = [3; 16];
const DEVICE_SECRET: [u8; 32] = [4; 32];
const NOON: Timestamp = Timestamp(1_790_000_000_000);

fn golden(made: &Value) -> Value {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden/keyfile.v1.json");
    if !path.exists() && std::env::var_os("DOORSTEP_GOLDEN").is_some_and(|wish| wish == "write") {
        std::fs::write(&path, format!("{}\n", serde_json::to_string_pretty(made).unwrap())).unwrap();
    }
    serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap()
}

#[test]
fn the_key_file_and_what_opens_it_stay_as_they_are() {
    let cost = Cost { memory_kib: 64, passes: 2 };
    let store_key = Key::from_bytes([0x2a; 32]);
    let secret = stretch(PIN, &SALT, &DEVICE_SECRET, cost).unwrap();
    let lease = Lease::grant(NOON.plus_ms(-900), 86_400_000, 900_000, NOON);
    let fresh = std::array::from_fn(|i| i as u8);
    let device = DeviceId::from_bytes([7; 16]);
    let (file, opened) = KeyFile::seal(device, &store_key, lease, (SALT, cost, &secret), &fresh).unwrap();
    let prf = Key::from_bytes([5; 32]);
    let file = file.with_passkey(&opened.master, b"credential", ([6; 32], &prf), [8; 12]).unwrap();
    let made = json!({
        "pin": PIN,
        "salt": hex::encode(SALT),
        "deviceSecret": hex::encode(DEVICE_SECRET),
        "memoryKib": cost.memory_kib,
        "passes": cost.passes,
        "stretched": secret,
        "pinKey": derive(&secret, "doorstep pin"),
        "passkeySecret": prf,
        "master": opened.master,
        "storeKey": store_key,
        "lease": hex::encode(lease.to_bytes()),
        "wall": NOON,
        "slot": hex::encode(file.write()),
        "wiped": hex::encode(file.wiped(Wipe::LeaseEnded).write()),
    });
    assert_eq!(golden(&made), made);
}

#[test]
fn the_key_file_on_record_opens() {
    let on_record = golden(&Value::Null);
    let bytes = |name: &str| hex::decode(on_record[name].as_str().unwrap()).unwrap();
    let file = KeyFile::read(&[bytes("slot"), bytes("slot")].concat()).unwrap();
    let secret = stretch(PIN, &SALT, &DEVICE_SECRET, Cost { memory_kib: 64, passes: 2 }).unwrap();
    for opened in [
        file.open(Secret::Pin(&secret)).unwrap(),
        file.open(Secret::Passkey(&Key::from_bytes([5; 32]))).unwrap(),
    ] {
        assert_eq!(opened.store_key.expose().as_slice(), bytes("storeKey"));
    }
    let lease = Lease::from_bytes(bytes("lease")[..].try_into().unwrap());
    assert_eq!(lease.verdict(NOON, 0), Verdict::Open { left_ms: 86_400_000 });
}
