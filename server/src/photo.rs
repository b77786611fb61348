//! What lies on disk of a safe photo: its picture and its thumbnail, each sealed under the job's key.

use crate::{blobs::Blobs, entropy::Entropy};
use anyhow::Context as _;
use doorstep_core::{
    id::PhotoId,
    vault::{self, Key},
};

/// One of the two images.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Image {
    /// As it was taken and as Amazon gets it.
    Picture,
    /// A small JPEG for the board.
    Thumbnail,
}

impl Image {
    const fn name(self) -> &'static str {
        match self {
            Self::Picture => "picture",
            Self::Thumbnail => "thumbnail",
        }
    }

    /// The name of its blob.
    pub fn blob(self, photo: PhotoId) -> String {
        format!("{photo}.{}", self.name())
    }

    /// The place it is sealed for.
    pub fn place(self, photo: PhotoId) -> String {
        match self {
            Self::Picture => format!("photo/{photo}"),
            Self::Thumbnail => format!("thumbnail/{photo}"),
        }
    }

    /// Seals an image for its place.
    ///
    /// # Errors
    /// The image is larger than AES-GCM takes, which no photo is.
    pub fn seal(
        self,
        key: &Key,
        photo: PhotoId,
        plain: &[u8],
        entropy: &dyn Entropy,
    ) -> anyhow::Result<Vec<u8>> {
        Ok(vault::seal(key, &self.place(photo), entropy.bytes(), plain)?)
    }

    /// Reads and opens an image.
    ///
    /// # Errors
    /// The disk refuses, the blob is gone, or it does not open.
    pub async fn open(self, blobs: &Blobs, key: &Key, photo: PhotoId) -> anyhow::Result<Vec<u8>> {
        let sealed = blobs.get(&self.blob(photo)).await?.context("the blob is gone")?;
        Ok(vault::open(key, &self.place(photo), &sealed)?)
    }
}
