//! Documents: ask for a destination, encrypt, upload.

mod destination;
mod sealing;
mod upload;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use md5::Md5;
use reqwest::Method;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

pub use destination::Destination;

use super::{Body, Operation, Rate, Repeat};
use crate::answer::Answer;
use crate::call::Draft;
use crate::client::{Client, ContentMd5};
use crate::error::Error;
use crate::lenient;
use crate::open_enum::open_enum;
use crate::schema::{Field, Pattern, Schema};

/// `createServiceDocumentUploadDestination`. Each call makes another destination, and one that is never used
/// has no effect, so it may be repeated freely.
pub const CREATE_UPLOAD_DESTINATION: Operation = Operation {
    name: "createServiceDocumentUploadDestination",
    method: Method::POST,
    path: "/service/v1/documents",
    rate: Rate::USUAL,
    repeat: Repeat::Safe,
    parameters: &[],
    body: Some(Body::of::<UploadDocument>(&Schema::Object(&[
        Field::required("contentType", &Schema::Choice(ContentType::WORDS)),
        Field::required(
            "contentLength",
            &Schema::Number { least: Some(1), most: Some(UploadDocument::LONGEST as i64), multiple_of: None },
        ),
        Field::optional("contentMD5", &Schema::pattern(MD5)),
    ]))),
    misfits: destination::misfits,
};

/// The model's pattern lets a backslash through, which is no base64, and Amazon's to refuse.
const MD5: Pattern = Pattern {
    expression: r"^[A-Za-z0-9\\+/]{22}={2}$",
    fits: |text| {
        text.len() == 24
            && text.strip_suffix("==").is_some_and(|text| {
                text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'\\' | b'+' | b'/'))
            })
    },
    words: "16 bytes in base64",
};

open_enum! {
    /// `contentType` of a document. The model's words, not MIME.
    ContentType {
        /// image/tiff
        Tiff = "TIFF",
        /// image/jpg, as the model has it.
        Jpg = "JPG",
        /// image/png
        Png = "PNG",
        /// image/jpeg
        Jpeg = "JPEG",
        /// image/gif
        Gif = "GIF",
        /// application/pdf
        Pdf = "PDF",
    }
}

impl ContentType {
    /// The MIME type that the model's documentation gives for the word.
    pub fn mime(&self) -> &str {
        match self {
            ContentType::Tiff => "image/tiff",
            ContentType::Jpg => "image/jpg",
            ContentType::Png => "image/png",
            ContentType::Jpeg => "image/jpeg",
            ContentType::Gif => "image/gif",
            ContentType::Pdf => "application/pdf",
            ContentType::Other(text) => text,
        }
    }
}

/// The body of `createServiceDocumentUploadDestination`: what is going to be uploaded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UploadDocument {
    content_type: ContentType,
    #[serde(deserialize_with = "lenient::integer")]
    content_length: u64,
    #[serde(rename = "contentMD5", default, skip_serializing_if = "Option::is_none")]
    content_md5: Option<String>,
    /// The MD5 of the document in base64, known whether it is sent or not.
    #[serde(skip)]
    known_md5: Option<String>,
}

impl UploadDocument {
    /// The longest document that Amazon takes, in bytes before encryption.
    pub const LONGEST: u64 = 5_242_880;

    /// Describes a document by its own bytes. The destination is then for this document and takes no other. Its
    /// MD5 is sent as [`ContentMd5`] has it.
    pub fn of(content_type: ContentType, document: &[u8]) -> Self {
        let known_md5 = Some(STANDARD.encode(Md5::digest(document)));
        Self { known_md5, ..Self::of_length(content_type, document.len() as u64) }
    }

    /// Describes a document by its length in bytes alone, before encryption.
    pub fn of_length(content_type: ContentType, content_length: u64) -> Self {
        Self { content_type, content_length, content_md5: None, known_md5: None }
    }

    /// Adds an MD5 in base64 that was made elsewhere. It is sent whatever the settings say.
    pub fn with_md5(self, base64: impl Into<String>) -> Self {
        Self { content_md5: Some(base64.into()), ..self }
    }
}

/// `contentSha256` of a document, in base64.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ContentSha256(String);

impl ContentSha256 {
    /// Hashes bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self::from_digest(&Sha256::digest(bytes))
    }

    fn from_digest(digest: &[u8]) -> Self {
        Self(STANDARD.encode(digest))
    }

    /// The hash in base64.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Client {
    /// `createServiceDocumentUploadDestination`: a place for one document, and the key to encrypt it with.
    /// Keep the destination before uploading: after a crash the same bytes may go to the same place.
    pub async fn create_upload_destination(
        &self,
        document: &UploadDocument,
    ) -> Result<Answer<Destination>, Error> {
        let operation = &CREATE_UPLOAD_DESTINATION;
        let mut announced = document.clone();
        if self.content_md5() == ContentMd5::OfDocument && announced.content_md5.is_none() {
            announced.content_md5 = document.known_md5.clone();
        }
        let draft = Draft::of(operation).body(&announced);
        let answer = self.call(draft.finish(self.page_token_encoding())?).await?;
        let received_at = self.now();
        self.value_of(operation, answer, |value| Destination::read(value, document, received_at))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_is_described_by_its_plaintext() {
        let document = UploadDocument::of(ContentType::Png, b"abc");
        assert_eq!(document.known_md5.as_deref(), Some("kAFQmDzST7DWlj99KOF/cg=="));
        let body = serde_json::to_string(&document).unwrap();
        assert_eq!(body, r#"{"contentType":"PNG","contentLength":3}"#);
        let body = serde_json::to_string(&document.with_md5("kAFQmDzST7DWlj99KOF/cg==")).unwrap();
        assert_eq!(
            body,
            r#"{"contentType":"PNG","contentLength":3,"contentMD5":"kAFQmDzST7DWlj99KOF/cg=="}"#
        );
        let body = serde_json::to_string(&UploadDocument::of_length(ContentType::Jpeg, 9)).unwrap();
        assert_eq!(body, r#"{"contentType":"JPEG","contentLength":9}"#);
    }
}
