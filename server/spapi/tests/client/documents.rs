//! Destinations and uploads.

use aes::cipher::block_padding::Pkcs7;
use aes::cipher::{BlockModeDecrypt, KeyIvInit};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use doorstep_spapi::{
    Client, ContentMd5, ContentSha256, ContentType, Destination, Effect, Over, Settings, SignedContentType,
    UploadDocument, Verdict,
};
use md5::{Digest as _, Md5};
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt;

use crate::fake::{Fake, Reply, reply};

const KEY: [u8; 32] = *b"a made-up key of thirty-two byte";
const IV: [u8; 16] = *b"a made-up vector";
const PICTURE: &[u8] = b"a picture of a shelf that hangs straight, or at least its bytes";

fn destination(fake: &Fake) -> Value {
    json!({
        "encryptionDetails": {
            "standard": "AES",
            "initializationVector": STANDARD.encode(IV),
            "key": STANDARD.encode(KEY),
        },
        "uploadDestinationId": "amzn1.tortuga.3.made-up<->amzn1.tortuga.1.token.a+b/c==",
        "url": format!("{}/%2FThirtyDays/made-up?X-Amz-Expires=300&X-Amz-Signature=made-up-signature", fake.address),
    })
}

fn wrapped(value: &Value) -> Reply {
    reply(200, &json!({ "payload": value }).to_string())
}

async fn obtained(fake: &Fake, client: &Client, reply: Value) -> Destination {
    fake.push(wrapped(&reply));
    client.create_upload_destination(&UploadDocument::of(ContentType::Jpg, PICTURE)).await.unwrap().value
}

fn decrypted(sealed: &[u8]) -> Vec<u8> {
    cbc::Decryptor::<aes::Aes256>::new(&KEY.into(), &IV.into()).decrypt_padded_vec::<Pkcs7>(sealed).unwrap()
}

#[tokio::test]
async fn a_document_arrives_encrypted_and_with_the_signed_headers_only() {
    let fake = Fake::start().await;
    let client = fake.client();
    let mut reply_body = destination(&fake);
    reply_body["headers"] = json!({ "X-Amz-Meta-Made-Up": "yes" });
    let destination = obtained(&fake, &client, reply_body).await;
    assert_eq!(destination.id().as_str(), "amzn1.tortuga.3.made-up<->amzn1.tortuga.1.token.a+b/c==");

    fake.push(reply(200, ""));
    let hash = client.upload_document(&destination, PICTURE).await.unwrap();

    let asked = fake.asked();
    let body: Value = serde_json::from_slice(&asked[0].body).unwrap();
    assert_eq!(asked[0].path, "/service/v1/documents");
    assert_eq!((&body["contentType"], &body["contentLength"]), (&json!("JPG"), &json!(PICTURE.len())));
    let put = &asked[1];
    assert_eq!((put.method.as_str(), put.path.as_str()), ("PUT", "/%2FThirtyDays/made-up"));
    assert_eq!(put.query, "X-Amz-Expires=300&X-Amz-Signature=made-up-signature");
    assert_eq!((put.header("content-type"), put.header("x-amz-meta-made-up")), ("image/jpg", "yes"));
    assert_eq!((put.header("x-amz-access-token"), put.header("x-amz-date")), ("", ""));
    assert_eq!(put.header("content-length"), ((PICTURE.len() / 16 + 1) * 16).to_string());
    assert_eq!((body.get("contentMD5"), put.header("transfer-encoding")), (None, ""));
    assert_eq!(decrypted(&put.body), PICTURE);
    assert_eq!(hash, ContentSha256::of(&put.body));
    assert_eq!(client.sha256_of_upload(&destination, PICTURE), hash);
}

#[tokio::test]
async fn the_hash_and_the_content_type_follow_the_settings() {
    let fake = Fake::start().await;
    let client = fake.client_with(Settings {
        content_sha256: Over::Plaintext,
        signed_content_type: SignedContentType::Word,
        ..fake.settings()
    });
    let destination = obtained(&fake, &client, destination(&fake)).await;
    fake.push(reply(200, ""));
    assert_eq!(client.upload_document(&destination, PICTURE).await.unwrap(), ContentSha256::of(PICTURE));
    assert_eq!(fake.asked()[1].header("content-type"), "JPG");
}

#[tokio::test]
async fn a_content_type_among_the_destinations_headers_wins() {
    let fake = Fake::start().await;
    let client = fake.client();
    let mut body = destination(&fake);
    body["headers"] = json!({ "Content-Type": "image/pjpeg", "host": "elsewhere.example" });
    let destination = obtained(&fake, &client, body).await;
    fake.push(reply(200, ""));
    client.upload_document(&destination, PICTURE).await.unwrap();
    let put = &fake.asked()[1];
    assert_eq!(put.headers.get_all("content-type").iter().collect::<Vec<_>>(), ["image/pjpeg"]);
    assert_eq!(put.headers.get_all("host").iter().count(), 1);
    assert_ne!(put.header("host"), "elsewhere.example");
}

#[tokio::test]
async fn a_destination_survives_a_restart_and_prints_none_of_its_secrets() {
    let fake = Fake::start().await;
    let client = fake.client();
    let destination = obtained(&fake, &client, destination(&fake)).await;
    let kept = serde_json::to_string(&destination).unwrap();
    assert_eq!(serde_json::from_str::<Destination>(&kept).unwrap(), destination);
    let printed = format!("{destination:?}");
    for secret in ["made-up-signature", &STANDARD.encode(KEY), &format!("{KEY:?}"), &format!("{IV:?}")] {
        assert!(!printed.contains(secret), "{printed}");
    }
}

#[tokio::test]
async fn a_destination_is_used_while_more_than_a_minute_is_left() {
    let fake = Fake::start().await;
    let client = fake.client();
    let destination = obtained(&fake, &client, destination(&fake)).await;
    fake.clock.advance(239);
    fake.push(reply(200, ""));
    client.upload_document(&destination, PICTURE).await.unwrap();
    fake.clock.advance(1);
    let error = client.upload_document(&destination, PICTURE).await.unwrap_err();
    assert!(error.needs_new_destination());
    assert_eq!(
        (error.verdict(), error.effect()),
        (Verdict::GiveUp { code: "destination_expired".into() }, Effect::None)
    );
    assert_eq!(fake.asked().len(), 2);
}

#[tokio::test]
async fn the_stores_refusals_are_told_apart_and_quote_nothing() {
    for (status, body, code, renew) in [
        (
            403,
            "<Error><Code>SignatureDoesNotMatch</Code><StringToSign>hidden</StringToSign></Error>",
            Some("SignatureDoesNotMatch"),
            true,
        ),
        (403, "", Some("http_403"), true),
        (400, "<Error><Code>EntityTooLarge</Code></Error>", Some("EntityTooLarge"), false),
        (400, "<Error><Code><b>hidden</b></Code></Error>", Some("http_400"), false),
        (503, "<Error><Code>SlowDown</Code></Error>", None, false),
    ] {
        let fake = Fake::start().await;
        let client = fake.client();
        let destination = obtained(&fake, &client, destination(&fake)).await;
        fake.push(reply(status, body).with("x-amz-request-id", "store-1"));
        let error = client.upload_document(&destination, PICTURE).await.unwrap_err();
        let verdict =
            code.map_or(Verdict::Retry { after: None }, |code| Verdict::GiveUp { code: code.to_owned() });
        assert_eq!((error.verdict(), error.needs_new_destination()), (verdict, renew));
        assert_eq!(error.request_id(), Some("store-1"));
        let printed = format!("{error} {error:?}");
        assert!(!printed.contains("hidden") && !printed.contains("signature"), "{printed}");
    }
}

#[tokio::test]
async fn another_document_than_the_announced_one_is_not_uploaded() {
    let fake = Fake::start().await;
    let client = fake.client();
    let destination = obtained(&fake, &client, destination(&fake)).await;
    let error = client.upload_document(&destination, b"something else").await.unwrap_err();
    assert_eq!(error.not_allowed().unwrap().0, "contentLength");
    assert_eq!(fake.asked().len(), 1);
}

#[tokio::test]
async fn a_key_is_for_the_announced_document_and_for_no_other_of_its_length() {
    let fake = Fake::start().await;
    let client = fake.client();
    let destination = obtained(&fake, &client, destination(&fake)).await;
    let mut other = PICTURE.to_vec();
    other[0] ^= 1;
    let error = client.upload_document(&destination, &other).await.unwrap_err();
    assert_eq!(error.not_allowed().unwrap().0, "document");
    // A stream is found out at its end only, and then its last block is withheld.
    let error = client.upload_stream(destination, std::io::Cursor::new(other)).await.unwrap_err();
    assert_eq!(error.not_allowed().unwrap().0, "document");
    assert!(fake.asked().iter().all(|asked| asked.method != "PUT"), "nothing arrived whole");
}

#[tokio::test]
async fn the_md5_goes_along_where_the_settings_say_so() {
    let fake = Fake::start().await;
    let client = fake.client_with(Settings { content_md5: ContentMd5::OfDocument, ..fake.settings() });
    obtained(&fake, &client, destination(&fake)).await;
    let body: Value = serde_json::from_slice(&fake.asked()[0].body).unwrap();
    assert_eq!(body["contentMD5"], json!(STANDARD.encode(Md5::digest(PICTURE))));
}

/// Reads as slowly and unevenly as a network does.
fn slowly(document: Vec<u8>) -> impl tokio::io::AsyncRead + Unpin + Send + 'static {
    let (mut write, read) = tokio::io::duplex(1000);
    tokio::spawn(async move {
        for (at, piece) in document.chunks(4097).enumerate() {
            let cut = (at * 7) % piece.len();
            for part in [&piece[..cut], &piece[cut..]] {
                if write.write_all(part).await.is_err() {
                    return;
                }
            }
        }
    });
    read
}

#[tokio::test]
async fn a_document_is_read_encrypted_and_hashed_as_it_is_sent() {
    let picture: Vec<u8> = (0..300_001u32).map(|at| (at * 31 % 251) as u8).collect();
    for over in [Over::Ciphertext, Over::Plaintext] {
        let fake = Fake::start().await;
        let client = fake.client_with(Settings { content_sha256: over, ..fake.settings() });
        fake.push(wrapped(&destination(&fake)));
        fake.push(reply(200, ""));
        let document = UploadDocument::of(ContentType::Jpg, &picture);
        let sent = client.upload_renewing(&document, || async { Ok(slowly(picture.clone())) }).await.unwrap();
        let put = &fake.asked()[1];
        assert_eq!(put.header("content-length"), "300016");
        assert_eq!(decrypted(&put.body), picture);
        let hashed = if over == Over::Ciphertext { &put.body } else { &picture };
        assert_eq!(sent.content_sha256, Some(ContentSha256::of(hashed)));
        assert_eq!(
            sent.upload_destination_id.unwrap().as_str(),
            "amzn1.tortuga.3.made-up<->amzn1.tortuga.1.token.a+b/c=="
        );
    }
}

#[tokio::test]
async fn a_document_that_ends_early_goes_on_too_long_or_breaks_is_not_uploaded() {
    let fake = Fake::start().await;
    let client = fake.client();
    let announced = UploadDocument::of_length(ContentType::Jpg, 70_000);
    for length in [0, 69_999, 70_001, 200_000] {
        fake.push(wrapped(&destination(&fake)));
        let opened = || async { Ok(slowly(vec![7; length])) };
        let error = client.upload_renewing(&announced, opened).await.unwrap_err();
        assert_eq!(error.not_allowed().unwrap().0, "contentLength", "{length}");
    }
    fake.push(wrapped(&destination(&fake)));
    let broken = || async { Err::<std::io::Cursor<Vec<u8>>, _>(std::io::Error::other("the disk is gone")) };
    let error = client.upload_renewing(&announced, broken).await.unwrap_err();
    assert_eq!(
        (error.verdict(), error.effect()),
        (Verdict::GiveUp { code: "unreadable_document".into() }, Effect::None)
    );
    assert!(fake.asked().iter().all(|asked| asked.method != "PUT"));
}

#[tokio::test]
async fn a_destination_that_ran_out_while_the_document_was_opened_is_replaced() {
    let fake = Fake::start().await;
    let client = fake.client();
    let announced = UploadDocument::of(ContentType::Jpg, PICTURE);
    for _ in 0..2 {
        fake.push(wrapped(&destination(&fake)));
    }
    fake.push(reply(200, ""));
    let slow = std::cell::Cell::new(true);
    let sent = client.upload_renewing(&announced, || {
        if slow.replace(false) {
            fake.clock.advance(241);
        }
        async { Ok(std::io::Cursor::new(PICTURE.to_vec())) }
    });
    sent.await.unwrap();
    let methods: Vec<_> = fake.asked().iter().map(|asked| asked.method.to_string()).collect();
    assert_eq!(methods, ["POST", "POST", "PUT"]);

    // A store that refuses every destination is not asked for ever.
    for _ in 0..3 {
        fake.push(wrapped(&destination(&fake)));
        fake.push(reply(403, "<Error><Code>ExpiredToken</Code></Error>"));
    }
    let opened = || async { Ok(std::io::Cursor::new(PICTURE.to_vec())) };
    assert!(client.upload_renewing(&announced, opened).await.unwrap_err().needs_new_destination());
    assert_eq!(fake.asked().len(), 3 + 6);
}

#[tokio::test]
async fn a_destination_that_cannot_be_used_is_no_destination() {
    let fake = Fake::start().await;
    let client = fake.client();
    let spoilt = |path: &str, value: Value| {
        let mut body = destination(&fake);
        *body.pointer_mut(path).unwrap() = value;
        body
    };
    for (body, field) in [
        (spoilt("/encryptionDetails/standard", json!("ROT13")), "encryptionDetails.standard"),
        (spoilt("/encryptionDetails/key", json!("c2hvcnQ=")), "encryptionDetails.key"),
        (
            spoilt("/encryptionDetails/initializationVector", json!("%")),
            "encryptionDetails.initializationVector",
        ),
        (spoilt("/url", json!("http://store.example/made-up")), "url"),
        (spoilt("/uploadDestinationId", Value::Null), "uploadDestinationId"),
        (spoilt("/encryptionDetails", json!({ "key": 1 })), "encryptionDetails.key"),
    ] {
        fake.push(wrapped(&body));
        let asked = client.create_upload_destination(&UploadDocument::of(ContentType::Png, PICTURE)).await;
        let error = asked.unwrap_err();
        assert!(error.to_string().contains(&format!("cannot be read at {field}")), "{error}");
        assert_eq!(error.verdict(), Verdict::Retry { after: None }, "an unused destination has no effect");
    }
    // The guide shows the reply without its wrapper.
    fake.push(reply(200, &destination(&fake).to_string()));
    client.create_upload_destination(&UploadDocument::of(ContentType::Png, PICTURE)).await.unwrap();
}
