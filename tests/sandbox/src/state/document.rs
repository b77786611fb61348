//! Upload destinations and what was put there.

use std::collections::BTreeMap;

use aes::cipher::block_padding::Pkcs7;
use aes::cipher::{BlockModeDecrypt, KeyIvInit};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, TimeDelta, Utc};
use md5::Md5;
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::Fulfilment;
use crate::clock;
use crate::config::ContentHash;

/// Where one document may be put, encrypted with a key of its own.
#[derive(Debug)]
pub(crate) struct Destination {
    /// Counts from 0, in the order of making.
    pub(crate) number: usize,
    pub(crate) id: String,
    pub(crate) key: String,
    /// The URL's query, all of which is signed.
    pub(crate) signed_query: String,
    /// What the signature covers besides content type and host.
    pub(crate) signed_headers: BTreeMap<String, String>,
    pub(crate) cipher_key: [u8; 32],
    pub(crate) iv: [u8; 16],
    /// As in the request: `JPG`, `PNG` …
    pub(crate) content_type: String,
    /// The MIME type that the URL's signature covers.
    pub(crate) signed_type: &'static str,
    /// Of the plaintext.
    pub(crate) content_length: u64,
    pub(crate) content_md5: Option<String>,
    pub(crate) created_at: DateTime<Utc>,
    pub(crate) expires_at: DateTime<Utc>,
    pub(crate) puts: u32,
    /// A fault says that malware is found in it.
    pub(crate) infected: bool,
    pub(crate) ciphertext: Option<Vec<u8>>,
    pub(crate) plaintext: Option<Vec<u8>>,
}

impl Destination {
    /// Amazon's 300 seconds.
    pub(crate) const LIFETIME: TimeDelta = TimeDelta::seconds(300);

    /// The length on the wire: PKCS#7 always adds at least one byte.
    pub(crate) fn padded_length(&self) -> u64 {
        (self.content_length / 16 + 1) * 16
    }

    /// Stores what was put, over anything put before.
    pub(crate) fn put(&mut self, ciphertext: Vec<u8>) {
        self.plaintext = cbc::Decryptor::<aes::Aes256>::new(&self.cipher_key.into(), &self.iv.into())
            .decrypt_padded_vec::<Pkcs7>(&ciphertext)
            .ok();
        self.ciphertext = Some(ciphertext);
        self.puts += 1;
    }

    /// What Amazon would find wrong when the document is attached. S3 checks none of this at the upload: the
    /// URL signs only content type and host.
    pub(crate) fn flaw(&self, now: DateTime<Utc>) -> Option<&'static str> {
        let Some(ciphertext) = &self.ciphertext else {
            return Some(if now >= self.expires_at {
                "The upload destination expired before a document was uploaded"
            } else {
                "No document was uploaded to the upload destination"
            });
        };
        if ciphertext.len() as u64 != self.padded_length() {
            return Some("Document failed to meet content length restrictions");
        }
        let Some(plaintext) = &self.plaintext else {
            return Some("Document could not be decrypted with the key of its upload destination");
        };
        if plaintext.len() as u64 != self.content_length {
            return Some("Document failed to meet content length restrictions");
        }
        let fits = |bytes: &[u8], md5: &str| STANDARD.encode(Md5::digest(bytes)) == md5;
        if sniff(plaintext).is_some_and(|found| found != self.kind()) {
            return Some("Document failed to meet content type restrictions");
        }
        if self.infected || contains(plaintext, TEST_VIRUS) {
            return Some("Document failed to meet malware check");
        }
        match &self.content_md5 {
            Some(md5) if !fits(plaintext, md5) && !fits(ciphertext, md5) => {
                Some("Document failed to meet sanity check: its MD5 differs")
            }
            _ => None,
        }
    }

    /// JPG and JPEG are one kind.
    fn kind(&self) -> &str {
        match self.content_type.as_str() {
            "JPEG" => "JPG",
            other => other,
        }
    }

    /// Base64 of the SHA-256 over the ciphertext or the plaintext.
    pub(crate) fn sha256(&self, over: ContentHash) -> Option<String> {
        let bytes = match over {
            ContentHash::Ciphertext => self.ciphertext.as_ref(),
            ContentHash::Plaintext => self.plaintext.as_ref(),
        };
        bytes.map(|bytes| STANDARD.encode(Sha256::digest(bytes)))
    }

    pub(crate) fn document(
        &self,
        fulfilments: &BTreeMap<String, Fulfilment>,
        now: DateTime<Utc>,
    ) -> Document {
        let attached = fulfilments.values().filter(|f| f.names_document(&self.id)).map(|f| Attachment {
            service_job_id: f.service_job_id.clone(),
            appointment_id: f.appointment_id.clone(),
        });
        Document {
            upload_destination_id: self.id.clone(),
            key: self.key.clone(),
            content_type: self.content_type.clone(),
            media_type: self.signed_type,
            content_length: self.content_length,
            created_at: self.created_at,
            expires_at: self.expires_at,
            puts: self.puts,
            sha256: self.plaintext.as_ref().map(|bytes| hex::encode(Sha256::digest(bytes))),
            flaw: self.flaw(now),
            attached_to: attached.collect(),
            bytes: self.plaintext.clone(),
        }
    }
}

/// What the content is, if its first bytes tell.
fn sniff(bytes: &[u8]) -> Option<&'static str> {
    const SIGNATURES: [(&[u8], &str); 6] = [
        (b"\x89PNG\r\n\x1a\n", "PNG"),
        (b"\xff\xd8\xff", "JPG"),
        (b"GIF8", "GIF"),
        (b"%PDF-", "PDF"),
        (b"II*\0", "TIFF"),
        (b"MM\0*", "TIFF"),
    ];
    SIGNATURES.into_iter().find(|(signature, _)| bytes.starts_with(signature)).map(|(_, kind)| kind)
}

/// A part of the EICAR test file, which every scanner takes for malware by agreement. The whole of it would
/// have scanners take this source for malware too.
const TEST_VIRUS: &[u8] = b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE";

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

/// An upload destination as a test or a demo looks at it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Document {
    pub upload_destination_id: String,
    /// Names it in control paths: unlike the id it needs no encoding.
    pub key: String,
    /// As asked for: `JPG`, `PNG` …
    pub content_type: String,
    /// The MIME type that the upload had to carry.
    pub media_type: &'static str,
    /// The announced length of the plaintext.
    pub content_length: u64,
    #[serde(serialize_with = "clock::serialize")]
    pub created_at: DateTime<Utc>,
    #[serde(serialize_with = "clock::serialize")]
    pub expires_at: DateTime<Utc>,
    /// How many uploads were stored; 0 means that nothing was uploaded yet.
    pub puts: u32,
    /// Hexadecimal SHA-256 of the plaintext; none when there is no document or it does not decrypt.
    pub sha256: Option<String>,
    /// Why it could not be attached as it is now.
    pub flaw: Option<&'static str>,
    /// The appointments whose last fulfilment body names it.
    pub attached_to: Vec<Attachment>,
    /// The plaintext.
    #[serde(skip)]
    pub bytes: Option<Vec<u8>>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Attachment {
    pub service_job_id: String,
    pub appointment_id: String,
}
