//! The sealed format's golden vectors (`core/tests/golden/vault.json`) in the browser: through the core's door, and
//! with WebCrypto, which seals photos in the same format.

#![expect(clippy::unwrap_used, reason = "clippy does not know these functions for tests")]

use doorstep_wasm::{associated_data, open, seal};
use js_sys::{Function, Promise, Uint8Array};
use serde::Deserialize;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

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
    let run = |direction: &str| {
        let body = format!(
            "return crypto.subtle.importKey('raw', key, 'AES-GCM', false, ['{direction}']).then((key) =>
               crypto.subtle.{direction}({{ name: 'AES-GCM', iv: nonce, additionalData: place }}, key, text))"
        );
        Function::new_with_args("key, nonce, place, text", &body)
    };
    let (encrypt, decrypt) = (run("encrypt"), run("decrypt"));
    for Vector { name, key, nonce, place, plain, sealed } in vectors() {
        let array = |bytes: &[u8]| JsValue::from(Uint8Array::from(bytes));
        let (version, rest) = (bytes(&sealed)[0], bytes(&sealed)[1..].to_vec());
        assert_eq!((version, &rest[..12]), (1, &bytes(&nonce)[..]), "{name}");
        for (crypt, from, to) in
            [(&decrypt, rest[12..].to_vec(), bytes(&plain)), (&encrypt, bytes(&plain), rest[12..].to_vec())]
        {
            let (key, place) = (array(&bytes(&key)), array(&associated_data(&place)));
            let asked =
                crypt.call4(&JsValue::NULL, &key, &array(&rest[..12]), &place, &array(&from)).unwrap();
            let made = JsFuture::from(asked.unchecked_into::<Promise>()).await.unwrap();
            assert_eq!(Uint8Array::new(&made).to_vec(), to, "{name}");
        }
    }
}
