//! createServiceDocumentUploadDestination: a URL to put one document to, and the key to encrypt it with.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use url::form_urlencoded;

use super::{Call, Refusal, Reply};
use crate::state::{Destination, State};

/// Bytes of plaintext.
const LARGEST: u64 = 5_242_880;

/// The model's content types and the MIME types its documentation gives them.
const TYPES: [(&str, &str); 6] = [
    ("TIFF", "image/tiff"),
    ("JPG", "image/jpg"),
    ("PNG", "image/png"),
    ("JPEG", "image/jpeg"),
    ("GIF", "image/gif"),
    ("PDF", "application/pdf"),
];

pub(super) fn create(state: &mut State, call: &Call, now: DateTime<Utc>) -> Result<Reply, Refusal> {
    let body = call.json()?;
    let content_type = body["contentType"].as_str();
    let content_length = body["contentLength"].as_u64().filter(|length| (1..=LARGEST).contains(length));
    let content_md5 = match &body["contentMD5"] {
        Value::Null => Ok(None),
        Value::String(md5) if STANDARD.decode(md5).is_ok_and(|bytes| bytes.len() == 16) => {
            Ok(Some(md5.clone()))
        }
        _ => Err("contentMD5"),
    };
    let (Some(content_type), Some(content_length), Ok(content_md5)) =
        (content_type, content_length, &content_md5)
    else {
        let wrong = [
            content_type.is_none().then_some("contentType"),
            content_length.is_none().then_some("contentLength"),
            content_md5.err(),
        ];
        return Err(Refusal::missing(&wrong.into_iter().flatten().collect::<Vec<_>>()));
    };
    let Some((name, signed_type)) = TYPES.into_iter().find(|(name, _)| *name == content_type) else {
        let names = TYPES.map(|(name, _)| format!("'{name}'")).join(", ");
        return Err(Refusal::rule(format!("contentType parameter is invalid. Use one of [{names}]")));
    };

    let key = format!("amzn1.tortuga.3.{}.TSANDBOX", state.dice.uuid("destination"));
    let token = STANDARD.encode(state.dice.sixteen("destination token"));
    let destination = Destination {
        number: state.destinations.len(),
        id: format!("{key}<->amzn1.tortuga.1.token.{token}"),
        key: key.clone(),
        signed_query: signed_query(state, now),
        signed_headers: state.signed_headers.clone(),
        cipher_key: state.dice.bytes("cipher key"),
        iv: state.dice.sixteen("iv"),
        content_type: name.into(),
        signed_type,
        content_length,
        content_md5: content_md5.clone(),
        created_at: now,
        expires_at: now + Destination::LIFETIME,
        puts: 0,
        infected: false,
        ciphertext: None,
        plaintext: None,
    };
    let mut reply = json!({ "payload": {
        "uploadDestinationId": destination.id,
        "url": format!("{}/%2FThirtyDays/{}?{}", state.base_url, destination.key, destination.signed_query),
        "encryptionDetails": {
            "standard": "AES",
            "key": STANDARD.encode(destination.cipher_key),
            "initializationVector": STANDARD.encode(destination.iv),
        },
    }});
    if !destination.signed_headers.is_empty() {
        reply["payload"]["headers"] = json!(destination.signed_headers);
    }
    state.destinations.insert(key, destination);
    Ok(Reply::json(reply))
}

fn signed_query(state: &mut State, now: DateTime<Utc>) -> String {
    let signature = hex::encode(state.dice.bytes("signature"));
    let mut names: Vec<&str> = state.signed_headers.keys().map(String::as_str).collect();
    names.extend(["content-type", "host"]);
    names.sort_unstable();
    form_urlencoded::Serializer::new(String::new())
        .append_pair("X-Amz-Algorithm", "AWS4-HMAC-SHA256")
        .append_pair("X-Amz-Date", &now.format("%Y%m%dT%H%M%SZ").to_string())
        .append_pair("X-Amz-SignedHeaders", &names.join(";"))
        .append_pair("X-Amz-Expires", &Destination::LIFETIME.num_seconds().to_string())
        .append_pair(
            "X-Amz-Credential",
            &format!("SANDBOX/{}/us-west-2/s3/aws4_request", now.format("%Y%m%d")),
        )
        .append_pair("X-Amz-Signature", &signature)
        .finish()
}
