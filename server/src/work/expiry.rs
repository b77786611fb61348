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
    /// Erases everything whose deadline has come, by the app's clock. What fails keeps nothing else from its end.
    ///
    /// # Errors
    /// Some of it failed; the log names each. What could be erased is erased all the same.
    pub async fn expire(&self) -> anyhow::Result<Expiry> {
        let app = &self.app;
        let now = app.clock.now();
        let mut expiry = Expiry::default();
        let mut failed = Failed::default();

        if let Some(sessions) = failed.note("sessions", self.expire_sessions(now).await) {
            expiry.sessions = sessions;
        }
        if let Some(destruction) = failed.note("evidence keys", evidence::destroy_due(app).await) {
            expiry.evidence_keys = destruction.certified;
        }
        let jobs = failed.note("jobs", self.expired_jobs(now).await);
        for job in jobs.unwrap_or_default() {
            let erased = failed.note("a job", self.erase_job(job, now).await);
            expiry.jobs += u32::from(erased == Some(true));
        }
        failed.note("refused changes", self.erase_strays(now).await);
        let photos = failed.note("photos", self.expired_photos(now).await);
        for photo in photos.unwrap_or_default() {
            failed.note("a photo", self.expire_photo(photo, now, &mut expiry).await);
        }
        let uploads = failed.note("uploads", self.expired_uploads(now).await);
        for photo in uploads.unwrap_or_default() {
            failed.note("an upload", self.expire_upload(photo, &mut expiry).await);
        }
        failed.note("files of uploads", self.expire_files(&mut expiry).await);
        // The log keeps pages as they were before; only an empty one keeps nothing.
        if let Some(empty) = failed.note("the log", app.db.empty_log().await.map_err(Into::into)) {
            expiry.log_kept = !empty;
        }
        failed.end(expiry)
    }

    async fn expire_sessions(&self, now: Timestamp) -> anyhow::Result<u64> {
        let app = &self.app;
        let mut tx = app.db.write().await?;
        let sessions = tx.delete_expired_sessions(app.seller, now).await?;
        tx.delete_expired_import_reports(app.seller, now).await?;
        tx.commit().await?;
        Ok(sessions)
    }

    async fn expired_jobs(&self, now: Timestamp) -> anyhow::Result<Vec<JobId>> {
        Ok(self.app.db.read().await?.expired_jobs(self.app.seller, now).await?)
    }

    async fn expired_photos(&self, now: Timestamp) -> anyhow::Result<Vec<PhotoId>> {
        Ok(self.app.db.read().await?.expired_photos(self.app.seller, now).await?)
    }

    async fn expired_uploads(&self, now: Timestamp) -> anyhow::Result<Vec<PhotoId>> {
        Ok(self.app.db.read().await?.expired_uploads(self.app.seller, now).await?)
    }

    async fn erase_strays(&self, now: Timestamp) -> anyhow::Result<()> {
        let app = &self.app;
        let kept_for = app.settings.retention_deadline(now).since(now);
        let mut tx = app.db.write().await?;
        tx.erase_strays(app.seller, now.plus_ms(-kept_for)).await?;
        Ok(tx.commit().await?)
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

    async fn expire_photo(&self, photo: PhotoId, now: Timestamp, expiry: &mut Expiry) -> anyhow::Result<()> {
        if stays(photo, self.delete_images(photo).await) {
            expiry.stuck += 1;
            return Ok(());
        }
        let mut tx = self.app.db.write().await?;
        tx.note_erased(self.app.seller, photo, now).await?;
        tx.commit().await?;
        expiry.photos += 1;
        Ok(())
    }

    async fn expire_upload(&self, photo: PhotoId, expiry: &mut Expiry) -> anyhow::Result<()> {
        let app = &self.app;
        // The files go while the row is locked: whoever announces the photo again finds neither.
        let mut tx = app.db.write().await?;
        if !tx.delete_upload(app.seller, photo).await? {
            return Ok(());
        }
        let mut gone = app.blobs.delete_upload(&photo.to_string()).await;
        // A crash may have left the images of an upload that was all but finished.
        if gone.is_ok() && tx.load_photo(app.seller, photo).await?.is_none() {
            gone = self.delete_images(photo).await;
        }
        if stays(photo, gone) {
            expiry.stuck += 1;
            return Ok(());
        }
        tx.commit().await?;
        expiry.uploads += 1;
        Ok(())
    }

    /// Files of uploads that nobody knows.
    async fn expire_files(&self, expiry: &mut Expiry) -> anyhow::Result<()> {
        let app = &self.app;
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

/// What went wrong in one run.
#[derive(Default)]
struct Failed(Vec<anyhow::Error>);

impl Failed {
    /// What a step brought; a failure is said and kept, and the next step goes on.
    fn note<T>(&mut self, step: &str, done: anyhow::Result<T>) -> Option<T> {
        let error = match done {
            Ok(done) => return Some(done),
            Err(error) => error,
        };
        tracing::error!(
            step,
            error = format!("{error:#}"),
            "something whose time is over could not be erased"
        );
        self.0.push(error.context(format!("erasing {step}")));
        None
    }

    fn end(self, expiry: Expiry) -> anyhow::Result<Expiry> {
        let count = self.0.len();
        match self.0.into_iter().next() {
            None => Ok(expiry),
            Some(first) => {
                Err(first.context(format!("{count} steps failed; the others were done: {expiry:?}")))
            }
        }
    }
}

/// Whether a file could not be deleted, which is its own trouble: the others go all the same.
fn stays(photo: PhotoId, deleted: std::io::Result<()>) -> bool {
    if let Err(error) = &deleted {
        tracing::error!(%photo, %error, "a file whose time is over cannot be deleted");
    }
    deleted.is_err()
}
