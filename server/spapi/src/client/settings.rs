//! The choices that a client is made with.

use std::time::Duration;

use chrono::NaiveDate;

use crate::endpoint::{Endpoint, LoginEndpoint};
use crate::login::Credentials;
use crate::operations::Operation;
use crate::tokens::{CREATE_RESTRICTED_DATA_TOKEN, Restricted};

/// How a client behaves. What nobody outside Amazon can settle is a choice here.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where the API is.
    pub endpoint: Endpoint,
    /// Where Login with Amazon is.
    pub lwa_endpoint: LoginEndpoint,
    /// The seller's authorisation.
    pub credentials: Credentials,
    /// Where restricted data tokens are asked for; without it at `endpoint`, and for Amazon's sandbox at the production
    /// endpoint of the same region.
    pub tokens_endpoint: Option<Endpoint>,
    /// Which operations send a restricted data token.
    pub restricted: Restricted,
    /// When the client secret was issued, if anybody knows.
    pub secret_issued: Option<NaiveDate>,
    /// How long a call may take in all, fetching a token included.
    pub timeout: Duration,
    /// How long a call may stand in line for its operation's rate. That time comes before the timeout. With none, a
    /// call over the rate is refused at once with the time of its turn, which suits a caller with a queue of its own.
    pub patience: Duration,
    /// What `contentSha256` is the hash of.
    pub content_sha256: Over,
    /// Whether `contentMD5` of a document is sent.
    pub content_md5: ContentMd5,
    /// What the upload's `Content-Type` says.
    pub signed_content_type: SignedContentType,
    /// Whether page tokens are percent-encoded.
    pub page_tokens: PageTokenEncoding,
}

/// What `contentSha256` is the hash of: the model says "the file content", the guide's code hashes what was
/// uploaded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Over {
    /// The encrypted bytes, as the guide's code does it.
    #[default]
    Ciphertext,
    /// The document itself.
    Plaintext,
}

/// Whether `contentMD5`, which is optional, is sent when a destination is asked for. The model calls it the hash "of the
/// content to be submitted", which is the ciphertext; its key comes only with the reply, so nobody can know that one.
/// An MD5 can thus only cost an upload.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ContentMd5 {
    /// It is left out, unless a document brings its own.
    #[default]
    Omitted,
    /// That of the document itself.
    OfDocument,
}

/// What the upload's `Content-Type` says, unless the destination names its own: it has to be what Amazon
/// signed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SignedContentType {
    /// The MIME type, `image/png`.
    #[default]
    Mime,
    /// The model's word, `PNG`.
    Word,
}

/// Whether page tokens are percent-encoded: those in Amazon's examples look encoded already.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PageTokenEncoding {
    /// Like every other parameter.
    #[default]
    Encoded,
    /// They go out as they came in.
    AsReceived,
}

impl Settings {
    /// The default choices: no restricted data tokens, 30 seconds, no patience, hash over the ciphertext, no MD5, MIME type,
    /// encoded page tokens.
    pub fn new(endpoint: Endpoint, lwa_endpoint: LoginEndpoint, credentials: Credentials) -> Self {
        Self {
            endpoint,
            lwa_endpoint,
            credentials,
            tokens_endpoint: None,
            restricted: Restricted::default(),
            secret_issued: None,
            timeout: Duration::from_secs(30),
            patience: Duration::ZERO,
            content_sha256: Over::default(),
            content_md5: ContentMd5::default(),
            signed_content_type: SignedContentType::default(),
            page_tokens: PageTokenEncoding::default(),
        }
    }
}

impl Settings {
    pub(super) fn endpoint_of(&self, operation: &Operation) -> Endpoint {
        if operation.name != CREATE_RESTRICTED_DATA_TOKEN.name {
            return self.endpoint.clone();
        }
        self.tokens_endpoint.clone().unwrap_or_else(|| self.endpoint.beyond_sandbox())
    }
}
