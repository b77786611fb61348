use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::TimeDelta;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::seller::{Answer, DOCUMENTS, Seller};

#[tokio::test]
async fn a_destination_has_a_url_of_300_seconds_and_an_aes_256_key_of_its_own() {
    let seller = Seller::new().await;
    let body =
        json!({ "contentType": "PNG", "contentLength": 1_386_437, "contentMD5": "97WrSKv9ffHkDopCdB32mw==" });
    let (first, second) = (seller.post(DOCUMENTS, &body).await, seller.post(DOCUMENTS, &body).await);
    assert_eq!(first.status, 200);
    let (payload, other) = (&first.body["payload"], &second.body["payload"]);
    let encryption = &payload["encryptionDetails"];
    assert_eq!(encryption["standard"], "AES");
    assert_eq!(STANDARD.decode(encryption["key"].as_str().unwrap()).unwrap().len(), 32);
    assert_eq!(STANDARD.decode(encryption["initializationVector"].as_str().unwrap()).unwrap().len(), 16);
    assert!(payload["uploadDestinationId"].as_str().unwrap().contains("<->"), "an id that needs encoding");
    let url = payload["url"].as_str().unwrap();
    assert!(url.starts_with(seller.sandbox.url()));
    assert!(url.contains("X-Amz-Expires=300") && url.contains("X-Amz-SignedHeaders=content-type%3Bhost"));
    for field in ["uploadDestinationId", "url"] {
        assert_ne!(payload[field], other[field]);
    }
    for field in ["key", "initializationVector"] {
        assert_ne!(encryption[field], other["encryptionDetails"][field]);
    }
}

#[tokio::test]
async fn a_destination_needs_a_type_and_a_length_that_amazon_takes() {
    let seller = Seller::new().await;
    let cases = [
        (json!({}), 400, "[contentType, contentLength]"),
        (json!({ "contentType": "PNG" }), 400, "[contentLength]"),
        (json!({ "contentType": "PNG", "contentLength": 0 }), 400, "[contentLength]"),
        (json!({ "contentType": "PNG", "contentLength": 5_242_881 }), 400, "[contentLength]"),
        (json!({ "contentType": "PNG", "contentLength": 1, "contentMD5": "short" }), 400, "[contentMD5]"),
        (json!([]), 400, "JSON object"),
        (json!({ "contentType": "image/png", "contentLength": 1 }), 422, "'JPEG'"),
    ];
    for (body, status, part) in cases {
        let answer = seller.post(DOCUMENTS, &body).await;
        assert_eq!((answer.error().0, answer.error().1), (status, "InvalidInput"), "{body}");
        assert!(answer.error().2.contains(part), "{body}: {}", answer.error().2);
    }
    let most = json!({ "contentType": "JPEG", "contentLength": 5_242_880 });
    assert_eq!(seller.post(DOCUMENTS, &most).await.status, 200);
    let text = seller.request(reqwest::Method::POST, DOCUMENTS).body("{}");
    let answer = Answer::of(text).await;
    assert_eq!((answer.error().0, answer.error().1), (415, "UnsupportedMediaType"));
}

#[tokio::test]
async fn an_uploaded_document_is_decrypted() {
    let seller = Seller::new().await;
    // Lengths around a block: a whole block more is added when the plaintext fills its last one.
    for length in [1_usize, 15, 16, 17, 100_000] {
        let picture: Vec<u8> = (0..length).map(|i| (i % 251) as u8).collect();
        let proof = seller.upload(&picture).await;
        let document = seller.sandbox.documents().pop().unwrap();
        assert_eq!(document.upload_destination_id, proof.id);
        assert_eq!((document.puts, document.flaw), (1, None));
        assert_eq!(document.sha256, Some(hex::encode(Sha256::digest(&picture))));
        assert_eq!(document.bytes, Some(picture));
        assert_eq!(document.attached_to, []);
    }
}

#[tokio::test]
async fn the_largest_document_fits() {
    let seller = Seller::new().await;
    let proof = seller.upload(&vec![7; 5_242_880]).await;
    assert_eq!(proof.ciphertext.len(), 5_242_896);
    assert_eq!(seller.sandbox.documents()[0].flaw, None);
}

#[tokio::test]
async fn an_upload_may_be_repeated_and_the_last_bytes_count() {
    let seller = Seller::new().await;
    let proof = seller.upload(b"the same picture").await;
    assert_eq!(seller.put(&proof).await.status, 200);
    let document = &seller.sandbox.documents()[0];
    assert_eq!((document.puts, document.bytes.as_deref()), (2, Some(&b"the same picture"[..])));
}

#[tokio::test]
async fn an_expired_destination_takes_nothing() {
    let seller = Seller::new().await;
    let proof = seller.prepare(b"late").await;
    seller.sandbox.clock().advance(TimeDelta::seconds(300));
    let answer = seller.put(&proof).await;
    assert_eq!(answer.storage_error(), (403, "AccessDenied"));
    assert!(answer.text.contains("expired"));
    assert_eq!(seller.sandbox.documents()[0].puts, 0);
}

#[tokio::test]
async fn a_destination_works_until_its_last_second() {
    let seller = Seller::new().await;
    let proof = seller.prepare(b"in time").await;
    seller.sandbox.clock().advance(TimeDelta::seconds(299));
    assert_eq!(seller.put(&proof).await.status, 200);
}

#[tokio::test]
async fn an_upload_with_another_signature_type_or_verb_is_refused_as_s3_does() {
    let seller = Seller::new().await;
    let proof = seller.prepare(b"picture").await;
    let put = |url: &str| seller.http.put(url).body(proof.ciphertext.clone());
    let typed = |url: &str| put(url).header("content-type", "image/png");
    let mismatch = (403, "SignatureDoesNotMatch");
    assert_eq!(Answer::of(put(&proof.url)).await.storage_error(), mismatch, "no content type");
    let other_type = put(&proof.url).header("content-type", "PNG");
    assert_eq!(Answer::of(other_type).await.storage_error(), mismatch, "another content type");
    let forged = proof.url.replace("X-Amz-Signature=", "X-Amz-Signature=0");
    assert_eq!(Answer::of(typed(&forged)).await.storage_error(), mismatch, "another signature");
    let elsewhere = proof.url.replace("TSANDBOX", "TELSEWHERE");
    assert_eq!(Answer::of(typed(&elsewhere)).await.storage_error(), mismatch, "another key");
    let chunked = reqwest::Body::wrap_stream(one_chunk(proof.ciphertext.clone()));
    let chunked = seller.http.put(&proof.url).header("content-type", "image/png").body(chunked);
    assert_eq!(Answer::of(chunked).await.storage_error(), (501, "NotImplemented"));
    let huge = seller.http.put(&proof.url).header("content-type", "image/png").body(vec![0; 9 << 20]);
    assert_eq!(Answer::of(huge).await.storage_error(), (400, "EntityTooLarge"));
    assert_eq!(seller.sandbox.effects("uploadDocument"), 0);
}

/// One chunk without a known length.
fn one_chunk(
    bytes: Vec<u8>,
) -> impl futures_util::Stream<Item = Result<Vec<u8>, std::io::Error>> + Send + 'static {
    futures_util::stream::iter([Ok(bytes)])
}

#[tokio::test]
async fn an_upload_that_breaks_off_stores_nothing() {
    let seller = Seller::new().await;
    let proof = seller.prepare(b"a picture that is longer than what arrives").await;
    let address = seller.sandbox.url().strip_prefix("http://").unwrap();
    let path = proof.url.strip_prefix(seller.sandbox.url()).unwrap();
    let mut line = TcpStream::connect(address).await.unwrap();
    let head = format!(
        "PUT {path} HTTP/1.1\r\nhost: {address}\r\ncontent-type: image/png\r\ncontent-length: 48\r\n\r\n"
    );
    line.write_all(head.as_bytes()).await.unwrap();
    line.write_all(&proof.ciphertext[..16]).await.unwrap();
    line.shutdown().await.unwrap();
    let mut answer = String::new();
    line.read_to_string(&mut answer).await.unwrap();
    assert!(answer.is_empty() || answer.contains("IncompleteBody"), "{answer}");
    assert_eq!(seller.sandbox.documents()[0].puts, 0);
    assert_eq!(seller.put(&proof).await.status, 200, "the whole of it may still come");
}

#[tokio::test]
async fn the_seed_decides_ids_and_keys() {
    let (one, two) = (Seller::new().await, Seller::new().await);
    let body = json!({ "contentType": "PNG", "contentLength": 5 });
    let payload = async |seller: &Seller| -> Value {
        let answer = seller.post(DOCUMENTS, &body).await;
        let payload = &answer.body["payload"];
        json!([payload["uploadDestinationId"], payload["encryptionDetails"]])
    };
    assert_eq!(payload(&one).await, payload(&two).await);
}
