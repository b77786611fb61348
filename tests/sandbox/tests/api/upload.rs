//! What the store checks of an upload, besides what `documents` tells.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::TimeDelta;
use doorstep_sandbox::Config;
use md5::{Digest, Md5};
use serde_json::json;

use crate::seller::{Answer, DOCUMENTS, Seller, config};

const MISMATCH: (u16, &str) = (403, "SignatureDoesNotMatch");

#[tokio::test]
async fn every_part_of_the_query_and_the_host_are_signed() {
    let seller = Seller::new().await;
    let proof = seller.prepare(b"picture").await;
    let longer = proof.url.replace("X-Amz-Expires=300", "X-Amz-Expires=900");
    let more = format!("{}&x-id=PutObject", proof.url);
    for url in [longer, more] {
        let put = seller.http.put(url).header("content-type", "image/png").body(proof.ciphertext.clone());
        assert_eq!(Answer::of(put).await.storage_error(), MISMATCH);
    }
    let elsewhere = seller.put_request(&proof).header("host", "localhost");
    assert_eq!(Answer::of(elsewhere).await.storage_error(), MISMATCH);
    let (address, _) = proof.url.split_once("&X-Amz-Signature").unwrap();
    let unsigned = seller.http.put(address).header("content-type", "image/png").body("x");
    assert_eq!(Answer::of(unsigned).await.storage_error(), (403, "AccessDenied"));
    assert_eq!(seller.put(&proof).await.status, 200);
}

#[tokio::test]
async fn an_access_token_has_no_business_at_the_store() {
    let seller = Seller::new().await;
    let proof = seller.prepare(b"picture").await;
    let answer = Answer::of(seller.put_request(&proof).header("x-amz-access-token", &seller.token)).await;
    assert_eq!(answer.storage_error(), (403, "AccessDenied"));
    assert!(answer.text.contains("<HeadersNotSigned>x-amz-access-token</HeadersNotSigned>"));
}

#[tokio::test]
async fn headers_that_come_with_a_destination_are_signed_too() {
    let signed_headers = [("x-amz-server-side-encryption".to_owned(), "AES256".to_owned())].into();
    let seller = Seller::with(Config { signed_headers, ..config() }).await;
    let body = json!({ "contentType": "PNG", "contentLength": 3 });
    let payload = &seller.post(DOCUMENTS, &body).await.body["payload"];
    assert_eq!(payload["headers"], json!({ "x-amz-server-side-encryption": "AES256" }));
    let proof = seller.prepare(b"picture").await;
    assert!(proof.url.contains("SignedHeaders=content-type%3Bhost%3Bx-amz-server-side-encryption"));
    assert_eq!(seller.put(&proof).await.storage_error(), MISMATCH);
    let with = |value: &str| seller.put_request(&proof).header("x-amz-server-side-encryption", value);
    assert_eq!(Answer::of(with("none")).await.storage_error(), MISMATCH);
    assert_eq!(Answer::of(with("AES256")).await.status, 200);
}

#[tokio::test]
async fn the_md5_of_the_bytes_is_checked_when_it_is_sent() {
    let seller = Seller::new().await;
    let proof = seller.prepare(b"picture").await;
    let put = |md5: String| Answer::of(seller.put_request(&proof).header("content-md5", md5));
    let of = |bytes: &[u8]| STANDARD.encode(Md5::digest(bytes));
    assert_eq!(put(of(b"other bytes")).await.storage_error(), (400, "BadDigest"));
    assert_eq!(put("short".into()).await.storage_error(), (400, "InvalidDigest"));
    assert_eq!(seller.sandbox.documents()[0].puts, 0);
    assert_eq!(put(of(&proof.ciphertext)).await.status, 200);
}

#[tokio::test]
async fn an_expired_upload_says_when_it_expired() {
    let seller = Seller::new().await;
    let proof = seller.prepare(b"picture").await;
    seller.sandbox.clock().advance(TimeDelta::seconds(301));
    let answer = seller.put(&proof).await;
    assert_eq!(answer.storage_error(), (403, "AccessDenied"));
    for part in
        ["<X-Amz-Expires>300<", "<Expires>2026-03-02T18:05:00.000Z<", "<ServerTime>2026-03-02T18:05:01.000Z<"]
    {
        assert!(answer.text.contains(part), "{}", answer.text);
    }
}
