//! The upload itself: no operation of the API, but a request to the store behind it.

use std::future::Future;
use std::io;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use md5::{Digest as _, Md5};
use tokio::io::AsyncRead;

use super::sealing::{self, Broken};
use super::{ContentSha256, Destination, UploadDocument};
use crate::cipher;
use crate::client::{Client, Over, SignedContentType, Upload};
use crate::error::{Cause, Error};
use crate::operations::Repeat;
use crate::operations::fulfillment::FulfillmentDocument;

/// Name of the upload in errors. It has no rate.
const UPLOAD: &str = "uploadDocument";
/// So many destinations one document is tried at. Another one is only asked for when one has run out.
const MOST_DESTINATIONS: usize = 3;

fn failed(cause: Cause) -> Error {
    Error::new(UPLOAD, Repeat::Safe, cause)
}

fn not_allowed(field: &str, why: String) -> Error {
    failed(Cause::NotAllowed { field: field.to_owned(), why })
}

impl Client {
    /// Encrypts a document and puts it where its destination says. Returns what `setAppointmentFulfillmentData`
    /// wants to know of it. The same bytes may be put again while the destination lasts, and no others ever: its key
    /// is for one document. See [`Error::needs_new_destination`].
    pub async fn upload_document(
        &self,
        destination: &Destination,
        document: &[u8],
    ) -> Result<ContentSha256, Error> {
        if document.len() as u64 != destination.content_length() {
            return Err(another_length(destination));
        }
        if destination.document_md5().is_some_and(|md5| md5 != STANDARD.encode(Md5::digest(document))) {
            return Err(another_document());
        }
        self.upload(destination, io::Cursor::new(document.to_vec())).await
    }

    /// The same for a document that is read as it is sent: it takes a fixed amount of memory, however long it is.
    /// The destination is used up, since its key has met this document.
    pub async fn upload_stream<R: AsyncRead + Unpin + Send + 'static>(
        &self,
        destination: Destination,
        document: R,
    ) -> Result<FulfillmentDocument, Error> {
        let content_sha256 = self.upload(&destination, document).await?;
        Ok(FulfillmentDocument {
            upload_destination_id: Some(destination.into_id()),
            content_sha256: Some(content_sha256),
        })
    }

    /// Asks for a destination and uploads a document there; should the destination run out before the upload has
    /// begun, or the store call it expired, to another one with another key. `open` begins to read the document.
    /// Whoever has to survive a crash in between keeps destinations itself and calls the parts.
    pub async fn upload_renewing<R, Opening>(
        &self,
        document: &UploadDocument,
        mut open: impl FnMut() -> Opening,
    ) -> Result<FulfillmentDocument, Error>
    where
        R: AsyncRead + Unpin + Send + 'static,
        Opening: Future<Output = io::Result<R>>,
    {
        let mut tried = 1;
        loop {
            let destination = self.create_upload_destination(document).await?.value;
            let reader = open().await.map_err(|failure| failed(Cause::Document(failure.to_string())))?;
            match self.upload_stream(destination, reader).await {
                Err(error) if error.needs_new_destination() && tried < MOST_DESTINATIONS => tried += 1,
                outcome => return outcome,
            }
        }
    }

    /// The hash that an upload of this document to this destination returns: for whoever finds, after a
    /// crash, that the upload was done and its hash was not kept.
    pub fn sha256_of_upload(&self, destination: &Destination, document: &[u8]) -> ContentSha256 {
        match self.hashed_over() {
            Over::Ciphertext => {
                ContentSha256::of(&cipher::encrypt(destination.key(), destination.iv(), document))
            }
            Over::Plaintext => ContentSha256::of(document),
        }
    }

    async fn upload<R: AsyncRead + Unpin + Send + 'static>(
        &self,
        destination: &Destination,
        document: R,
    ) -> Result<ContentSha256, Error> {
        if !destination.is_usable_at(self.now()) {
            return Err(failed(Cause::DestinationSpent));
        }
        let content_type = match self.signed_content_type() {
            SignedContentType::Mime => destination.content_type().mime(),
            SignedContentType::Word => destination.content_type().as_str(),
        };
        let (pieces, mut told) = sealing::seal(destination, document, self.hashed_over());
        let upload = Upload {
            url: destination.url(),
            headers: destination.headers(),
            content_type,
            length: cipher::sealed_length(destination.content_length()),
            body: reqwest::Body::wrap_stream(pieces),
        };
        let sent = self.put(upload).await;
        match (told.try_recv(), sent) {
            (Ok(Err(Broken::Length)), _) => Err(another_length(destination)),
            (Ok(Err(Broken::Another)), _) => Err(another_document()),
            (Ok(Err(Broken::Unreadable(why))), _) => Err(failed(Cause::Document(why))),
            (_, Err((cause, request_id))) => Err(failed(cause).with_request_id(request_id)),
            (Ok(Ok(hash)), Ok(())) => Ok(hash),
            // The store was content before it had it all.
            (Err(_), Ok(())) => {
                Err(failed(Cause::Lost("the store answered before the document was sent".to_owned())))
            }
        }
    }
}

fn another_length(destination: &Destination) -> Error {
    not_allowed(
        "contentLength",
        format!("is not {}, which the destination was made for", destination.content_length()),
    )
}

fn another_document() -> Error {
    not_allowed("document", "is another than the destination was made for".to_owned())
}
