//! A document on its way to the store: read, counted, hashed and encrypted in one pass, a piece at a time.

use std::io;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use futures_util::stream::{self, Stream};
use md5::Md5;
use sha2::{Digest, Sha256};
use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::sync::oneshot;

use super::{ContentSha256, Destination};
use crate::cipher::Encryption;
use crate::client::Over;

/// Read and sent at a time. Twice this is all the memory that a document takes.
const PIECE: usize = 64 * 1024;

/// Why a document was not sent to its end.
#[derive(Debug)]
pub(super) enum Broken {
    /// It could not be read.
    Unreadable(String),
    /// It is shorter or longer than was announced.
    Length,
    /// It is another one than was announced, so the key is not for it.
    Another,
}

/// What is known once the last byte has gone out, or could not.
pub(super) type Sealed = Result<ContentSha256, Broken>;

struct Sealing<R> {
    document: R,
    encryption: Encryption,
    over: Over,
    sha256: Sha256,
    md5: Md5,
    /// The MD5 of the document that was announced, in base64.
    announced: Option<String>,
    left: u64,
    tell: oneshot::Sender<Sealed>,
}

/// The encrypted bytes, and where their hash is told once they are all out.
pub(super) fn seal<R: AsyncRead + Unpin + Send + 'static>(
    destination: &Destination,
    document: R,
    over: Over,
) -> (impl Stream<Item = io::Result<Vec<u8>>> + Send + 'static, oneshot::Receiver<Sealed>) {
    let (tell, told) = oneshot::channel();
    let sealing = Sealing {
        document,
        encryption: Encryption::new(destination.key(), destination.iv()),
        over,
        sha256: Sha256::new(),
        md5: Md5::new(),
        announced: destination.document_md5().map(str::to_owned),
        left: destination.content_length(),
        tell,
    };
    let pieces = stream::try_unfold(Some(sealing), |sealing| async {
        match sealing {
            Some(sealing) => sealing.next().await.map(Some),
            None => Ok(None),
        }
    });
    (pieces, told)
}

impl<R: AsyncRead + Unpin> Sealing<R> {
    /// The next piece, and what is left to do after it.
    async fn next(mut self) -> io::Result<(Vec<u8>, Option<Self>)> {
        let mut piece = vec![0; PIECE];
        let length = match self.document.read(&mut piece).await {
            Ok(length) => length,
            Err(failure) => return self.break_off(Broken::Unreadable(failure.to_string())),
        };
        piece.truncate(length);
        let Some(left) = self.left.checked_sub(length as u64) else { return self.break_off(Broken::Length) };
        self.left = left;
        let mut sealed = Vec::with_capacity(length + 16);
        if length > 0 {
            self.md5.update(&piece);
            self.encryption.add(&piece, &mut sealed);
            self.hash(&piece, &sealed);
            // The stream may have no empty piece, so that a short one waits for the next.
            return if sealed.is_empty() { Box::pin(self.next()).await } else { Ok((sealed, Some(self))) };
        }
        if self.left > 0 {
            return self.break_off(Broken::Length);
        }
        let md5 = STANDARD.encode(std::mem::take(&mut self.md5).finalize());
        if self.announced.as_ref().is_some_and(|announced| *announced != md5) {
            // Without its last block the store keeps nothing of it.
            return self.break_off(Broken::Another);
        }
        let Self { encryption, over, mut sha256, tell, .. } = self;
        encryption.finish(&mut sealed);
        if over == Over::Ciphertext {
            sha256.update(&sealed);
        }
        // Nobody listens any more when the upload was given up.
        let _unheard = tell.send(Ok(ContentSha256::from_digest(&sha256.finalize())));
        Ok((sealed, None))
    }

    fn hash(&mut self, plain: &[u8], sealed: &[u8]) {
        match self.over {
            Over::Ciphertext => self.sha256.update(sealed),
            Over::Plaintext => self.sha256.update(plain),
        }
    }

    fn break_off<T>(self, broken: Broken) -> io::Result<T> {
        let _unheard = self.tell.send(Err(broken));
        Err(io::Error::other("the document was broken off"))
    }
}
