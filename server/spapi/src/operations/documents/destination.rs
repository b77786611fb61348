//! Where one document goes, and under which key.

use std::collections::BTreeMap;
use std::str::FromStr;

use base64::Engine;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use chrono::{DateTime, TimeDelta, Utc};
use reqwest::header::{HeaderName, HeaderValue};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use url::Url;

use super::{ContentType, UploadDocument};
use crate::cipher::{IV_LENGTH, KEY_LENGTH};
use crate::endpoint::is_confidential;
use crate::id::UploadDestinationId;
use crate::lenient;
use crate::redacted::Secret;

/// How long Amazon's presigned addresses last when they do not say so themselves.
const LIFETIME: TimeDelta = TimeDelta::seconds(300);
/// A destination with less time left than this is not used: the upload itself takes time.
const MARGIN: TimeDelta = TimeDelta::seconds(60);

/// A place for one document. It holds the key, so it is kept sealed; its JSON is stable.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Destination {
    id: UploadDestinationId,
    url: Secret<String>,
    key: Secret<[u8; KEY_LENGTH]>,
    iv: Secret<[u8; IV_LENGTH]>,
    headers: Secret<BTreeMap<String, String>>,
    content_type: ContentType,
    content_length: u64,
    expires_at: DateTime<Utc>,
    /// The MD5 of the document it is for, where it was known beforehand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    document_md5: Option<String>,
}

impl Destination {
    /// What fulfilment data calls the document.
    pub fn id(&self) -> &UploadDestinationId {
        &self.id
    }

    /// What kind of document it is for.
    pub fn content_type(&self) -> &ContentType {
        &self.content_type
    }

    /// How long a document it is for, in bytes before encryption.
    pub fn content_length(&self) -> u64 {
        self.content_length
    }

    /// When the presigned address runs out, by the clock of the client that asked for it.
    pub fn expires_at(&self) -> DateTime<Utc> {
        self.expires_at
    }

    /// Whether an upload that begins now has time enough.
    pub fn is_usable_at(&self, now: DateTime<Utc>) -> bool {
        self.expires_at - now > MARGIN
    }

    pub(super) fn document_md5(&self) -> Option<&str> {
        self.document_md5.as_deref()
    }

    pub(super) fn into_id(self) -> UploadDestinationId {
        self.id
    }

    pub(super) fn url(&self) -> &str {
        self.url.expose()
    }

    pub(super) fn key(&self) -> &[u8; KEY_LENGTH] {
        self.key.expose()
    }

    pub(super) fn iv(&self) -> &[u8; IV_LENGTH] {
        self.iv.expose()
    }

    pub(super) fn headers(&self) -> &BTreeMap<String, String> {
        self.headers.expose()
    }

    /// Reads Amazon's reply; the refusal is the field that does not fit.
    pub(super) fn read(
        value: Value,
        document: &UploadDocument,
        received_at: DateTime<Utc>,
    ) -> Result<Self, String> {
        let reply: Reply = lenient::typed(value)?;
        if !reply.encryption_details.standard.expose().eq_ignore_ascii_case("AES") {
            return Err("encryptionDetails.standard".to_owned());
        }
        let url = Url::parse(reply.url.expose()).ok().filter(is_confidential).ok_or("url")?;
        let mut headers = BTreeMap::new();
        for (name, value) in reply.headers.unwrap_or_default().into_inner() {
            let value = match value {
                Value::String(text) => text,
                Value::Number(number) => number.to_string(),
                _ => return Err("headers".to_owned()),
            };
            if HeaderName::from_str(&name).is_err() || HeaderValue::from_str(&value).is_err() {
                return Err("headers".to_owned());
            }
            headers.insert(name.to_ascii_lowercase(), value);
        }
        Ok(Self {
            id: reply.upload_destination_id,
            key: bytes(&reply.encryption_details.key).ok_or("encryptionDetails.key")?,
            iv: bytes(&reply.encryption_details.initialization_vector)
                .ok_or("encryptionDetails.initializationVector")?,
            headers: headers.into(),
            content_type: document.content_type.clone(),
            content_length: document.content_length,
            document_md5: document.known_md5.clone(),
            // Amazon's clock may differ from ours, so its date in the address is not used, only the span.
            expires_at: received_at + lifetime(&url),
            url: reply.url,
        })
    }
}

/// The field of Amazon's reply that does not fit, whatever document it is for.
pub(super) fn misfits(value: Option<Value>) -> Vec<String> {
    let document = UploadDocument::of_length(ContentType::Png, 1);
    let read = |value| Destination::read(value, &document, DateTime::UNIX_EPOCH);
    value.ok_or_else(|| "payload".to_owned()).and_then(read).err().into_iter().collect()
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Reply {
    upload_destination_id: UploadDestinationId,
    url: Secret<String>,
    encryption_details: EncryptionDetails,
    headers: Option<Secret<BTreeMap<String, Value>>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct EncryptionDetails {
    standard: Secret<String>,
    initialization_vector: Secret<String>,
    key: Secret<String>,
}

fn bytes<const N: usize>(text: &Secret<String>) -> Option<Secret<[u8; N]>> {
    const LENIENT: GeneralPurpose = GeneralPurpose::new(
        &alphabet::STANDARD,
        GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
    );
    let bytes = LENIENT.decode(text.expose().trim()).ok()?;
    Some(Secret::new(bytes.try_into().ok()?))
}

fn lifetime(url: &Url) -> TimeDelta {
    url.query_pairs()
        .find(|(name, _)| name.eq_ignore_ascii_case("X-Amz-Expires"))
        .and_then(|(_, seconds)| seconds.parse::<u32>().ok())
        .map_or(LIFETIME, |seconds| TimeDelta::seconds(i64::from(seconds.min(7 * 24 * 3600))))
}
