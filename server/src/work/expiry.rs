//! No buyer data outlives its deadline: keys, sealed data, pictures and unfinished uploads whose time is over go.
//!
//! Every step looks for what is left and can be repeated, so a crash, or something that arrives late, is mended by the
//! next run. A job's key goes first: from then on whatever of it is still on disk opens for nobody.

use super::Worker;
use crate::{evidence, photo::Image, seal};
use doorstep_core::{
    api::What,
    id::{JobId, PhotoId},
    time::Timestamp,
};
use std::collections::HashSet;

/// Why a call is parked whose visit has expired.
pub(super) const EXPIRED: &str = "The buyer's data has expired.";

/// What one run erased.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Expiry {
    pub jobs: u32,
    pub photos: u32,
    /// Uploads that were not finished, and files nobody knows.
    pub uploads: u32,
    pub sessions: u64,
    /// Keys of evidence, destroyed and certified.
    pub evidence_keys: u32,
    /// Files the disk did not let go; the log names them, and the next run tries again.
    pub stuck: u32,
    /// The database's log still holds pages from before; the next run tries again.
    pub log_kept: bool,
}

impl Worker {
    /// Erases everything whose deadline has come, by the app's clock.
    ///
    /// # Errors
    /// The database fails. What was erased before stays erased.
    pub async fn expire(&self) -> anyhow::Result<Expiry> {
        let app = &self.app;
        let now = app.clock.now();
        let mut expiry = Expiry::default();

        let mut tx = app.db.write().await?;
        expiry.sessions = tx.delete_expired_sessions(app.seller, now).await?;
        tx.delete_expired_import_reports(app.seller, now).await?;
        tx.commit().await?;

        expiry.evidence_keys = evidence::destroy_due(app).await?.certified;
        let jobs = app.db.read().await?.expired_jobs(app.seller, now).await?;
        for job in jobs {
            expiry.jobs += u32::from(self.erase_job(job, now).await?);
        }
        let photos = app.db.read().await?.expired_photos(app.seller, now).await?;
        for photo in photos {
            if stays(photo, self.delete_images(photo).await) {
                expiry.stuck += 1;
                continue;
            }
            let mut tx = app.db.write().await?;
            tx.note_erased(app.seller, photo, now).await?;
            tx.commit().await?;
            expiry.photos += 1;
        }
        self.expire_uploads(now, &mut expiry).await?;
        // The log keeps pages as they were before; only an empty one keeps nothing.
        expiry.log_kept = !app.db.empty_log().await?;
        Ok(expiry)
    }

    /// One job, one transaction: whoever else locks several jobs (intake) is never waited for with one in hand.
    async fn erase_job(&self, job: JobId, now: Timestamp) -> anyhow::Result<bool> {
        let app = &self.app;
        let mut tx = app.db.write().await?;
        let mut parked = tx.park_calls(app.seller, job, EXPIRED, now).await?;
        if !tx.erase_job(app.seller, job, now).await? {
            return Ok(false);
        }
        if let Some((service_job, deadline)) = tx.buried(app.seller, job).await? {
            tx.bury(app.seller, seal::tombstone(&app.root_key, &service_job).as_bytes(), deadline).await?;
        }
        parked.dedup();
        for (appointment, call) in &parked {
            tx.record_event(app.seller, *appointment, &What::CallParked { call: *call }, now).await?;
        }
        tx.commit().await?;
        if !parked.is_empty() {
            tracing::error!(%job, calls = parked.len(), "buyer data expired before the closeout was sent");
            app.bell.ring();
        }
        Ok(true)
    }

    async fn expire_uploads(&self, now: Timestamp, expiry: &mut Expiry) -> anyhow::Result<()> {
        let app = &self.app;
        let uploads = app.db.read().await?.expired_uploads(app.seller, now).await?;
        for photo in uploads {
            // The files go while the row is locked: whoever announces the photo again finds neither.
            let mut tx = app.db.write().await?;
            if !tx.delete_upload(app.seller, photo).await? {
                continue;
            }
            let mut gone = app.blobs.delete_upload(&photo.to_string()).await;
            // A crash may have left the images of an upload that was all but finished.
            if gone.is_ok() && tx.load_photo(app.seller, photo).await?.is_none() {
                gone = self.delete_images(photo).await;
            }
            if stays(photo, gone) {
                expiry.stuck += 1;
                continue;
            }
            tx.commit().await?;
            expiry.uploads += 1;
        }
        // Files first, rows after: a file is made after its row, so one without a row is of an upload that is over.
        let files = app.blobs.uploads().await?;
        let rows: HashSet<PhotoId> = app.db.read().await?.uploads(app.seller).await?.into_iter().collect();
        for file in files {
            if let Ok(photo) = file.parse::<PhotoId>()
                && !rows.contains(&photo)
            {
                let stuck = stays(photo, app.blobs.delete_upload(&file).await);
                expiry.stuck += u32::from(stuck);
                expiry.uploads += u32::from(!stuck);
            }
        }
        Ok(())
    }

    async fn delete_images(&self, photo: PhotoId) -> std::io::Result<()> {
        for image in [Image::Picture, Image::Thumbnail] {
            self.app.blobs.delete(&image.blob(photo)).await?;
        }
        Ok(())
    }
}

/// Whether a file could not be deleted, which is its own trouble: the others go all the same.
fn stays(photo: PhotoId, deleted: std::io::Result<()>) -> bool {
    if let Err(error) = &deleted {
        tracing::error!(%photo, %error, "a file whose time is over cannot be deleted");
    }
    deleted.is_err()
}
