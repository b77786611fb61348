//! The sealed format's golden vectors (`core/tests/golden/vault.json`) in the browser: through the core's door, and
//! with WebCrypto, which seals photos in the same format.

#![expect(clippy::unwrap_used, reason = "clippy does not know these functions for tests")]

use doorstep_wasm::{associated_data, open, seal};
use js_sys::{Array, Promise, Uint8Array};
use serde::Deserialize;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::{AesGcmParams, CryptoKey};

wasm_bindgen_test_configure!(run_in_browser);

const ON_FILE: &str = include_str!("../../core/tests/golden/vault.json");

/// Bytes as hex digits.
#[derive(Deserialize)]
struct Vector {
    name: String,
    key: String,
    nonce: String,
    place: String,
    plain: String,
    sealed: String,
}

fn vectors() -> Vec<Vector> {
    let vectors: Vec<Vector> = serde_json::from_str(ON_FILE).unwrap();
    assert!(vectors.len() >= 4);
    vectors
}

fn bytes(digits: &str) -> Vec<u8> {
    let pairs = (0..digits.len()).step_by(2).map(|at| &digits[at..at + 2]);
    pairs.map(|pair| u8::from_str_radix(pair, 16).unwrap()).collect()
}

#[wasm_bindgen_test]
fn golden_vectors_open_and_are_made_again_in_the_browser() {
    for Vector { name, key, nonce, place, plain, sealed } in vectors() {
        let key = || JsValue::from_str(&key);
        assert_eq!(open(key(), &place, &bytes(&sealed)).unwrap(), bytes(&plain), "{name}");
        assert_eq!(seal(key(), &place, &bytes(&nonce), &bytes(&plain)).unwrap(), bytes(&sealed), "{name}");
    }
}

#[wasm_bindgen_test]
async fn golden_vectors_open_and_are_made_again_with_webcrypto() {
    let subtle = web_sys::window().unwrap().crypto().unwrap().subtle();
    for Vector { name, key, nonce, place, plain, sealed } in vectors() {
        let (version, rest) = (bytes(&sealed)[0], bytes(&sealed)[1..].to_vec());
        assert_eq!((version, &rest[..12]), (1, &bytes(&nonce)[..]), "{name}");
        let how = AesGcmParams::new("AES-GCM", &Uint8Array::from(&rest[..12]));
        how.set_additional_data(&Uint8Array::from(&associated_data(&place)[..]));
        let uses = Array::of2(&"encrypt".into(), &"decrypt".into());
        let raw = Uint8Array::from(&bytes(&key)[..]);
        let key = subtle.import_key_with_str("raw", &raw, "AES-GCM", false, &uses).unwrap();
        let key: CryptoKey = made(key).await.unchecked_into();
        let text = bytes(&plain);
        let ciphertext = subtle.encrypt_with_object_and_u8_array(&how, &key, &text).unwrap();
        assert_eq!(Uint8Array::new(&made(ciphertext).await).to_vec(), rest[12..], "{name}");
        let text = rest[12..].to_vec();
        let opened = subtle.decrypt_with_object_and_u8_array(&how, &key, &text).unwrap();
        assert_eq!(Uint8Array::new(&made(opened).await).to_vec(), bytes(&plain), "{name}");
    }
}

async fn made(promise: Promise) -> JsValue {
    JsFuture::from(promise).await.unwrap()
}
